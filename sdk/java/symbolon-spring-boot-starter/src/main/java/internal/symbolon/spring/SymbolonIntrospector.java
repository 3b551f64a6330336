package internal.symbolon.spring;

import internal.symbolon.server.Caller;
import internal.symbolon.server.Verifier;
import java.util.Optional;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;

/** Checks tokens for Spring Security, from the memory of a verifier wherever it can. */
public final class SymbolonIntrospector implements OpaqueTokenIntrospector {
  private final Verifier verifier;

  /**
   * An introspector of a verifier's tenant.
   *
   * @param verifier who made it closes it
   */
  public SymbolonIntrospector(Verifier verifier) {
    this.verifier = verifier;
  }

  /**
   * Whom the token stands for.
   *
   * @param token as the client sent it
   * @return a {@link CallerPrincipal}
   * @throws
   *     org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException
   *     when it is not live
   * @throws
   *     org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionException
   *     when nothing is known of it. Answer 503 then, and not 401
   */
  @Override
  public OAuth2AuthenticatedPrincipal introspect(String token) {
    Optional<Caller> found;
    try {
      found = verifier.check(token);
    } catch (RuntimeException error) {
      throw Introspections.unknown(error);
    }
    return Introspections.principal(found);
  }
}
