package internal.symbolon.spring;

import internal.symbolon.server.Caller;
import internal.symbolon.server.Verifier;
import java.util.Optional;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;

/** Checks tokens for Spring Security, from the memory of a verifier wherever it can. */
public final class SymbolonIntrospector implements OpaqueTokenIntrospector {
  private final Verifier verifier;
  private final String audience;

  /**
   * An introspector of a verifier's tenant.
   *
   * @param verifier who made it closes it
   */
  public SymbolonIntrospector(Verifier verifier) {
    this(verifier, "");
  }

  /**
   * The same of a service that is one resource server (RFC 8707).
   *
   * @param verifier who made it closes it
   * @param audience its id: a token that is not for it alone is not live here. Empty: any token
   */
  public SymbolonIntrospector(Verifier verifier, String audience) {
    this.verifier = verifier;
    this.audience = audience;
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
    return Introspections.principal(found, audience);
  }
}
