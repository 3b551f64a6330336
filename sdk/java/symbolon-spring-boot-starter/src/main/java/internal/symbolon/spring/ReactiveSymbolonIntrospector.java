package internal.symbolon.spring;

import internal.symbolon.server.Verifier;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import reactor.core.publisher.Mono;

/** Checks tokens for Spring Security in WebFlux, and blocks no thread. */
public final class ReactiveSymbolonIntrospector implements ReactiveOpaqueTokenIntrospector {
  private final Verifier verifier;
  private final String audience;

  /**
   * An introspector of a verifier's tenant.
   *
   * @param verifier who made it closes it
   */
  public ReactiveSymbolonIntrospector(Verifier verifier) {
    this(verifier, "");
  }

  /**
   * The same of a service that is one resource server (RFC 8707).
   *
   * @param verifier who made it closes it
   * @param audience its id: a token that is not for it alone is not live here. Empty: any token
   */
  public ReactiveSymbolonIntrospector(Verifier verifier, String audience) {
    this.verifier = verifier;
    this.audience = audience;
  }

  /**
   * Whom the token stands for. Fails as {@link SymbolonIntrospector#introspect} does.
   *
   * @param token as the client sent it
   * @return a {@link CallerPrincipal}
   */
  @Override
  public Mono<OAuth2AuthenticatedPrincipal> introspect(String token) {
    return Mono.fromCompletionStage(() -> verifier.checkAsync(token))
        .onErrorMap(Introspections::unknown)
        .map(found -> Introspections.principal(found, audience));
  }
}
