package internal.symbolon.spring;

import internal.symbolon.server.Verifier;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import reactor.core.publisher.Mono;

/** Checks tokens for Spring Security in WebFlux, and blocks no thread. */
public final class ReactiveSymbolonIntrospector implements ReactiveOpaqueTokenIntrospector {
  private final Verifier verifier;

  /**
   * An introspector of a verifier's tenant.
   *
   * @param verifier who made it closes it
   */
  public ReactiveSymbolonIntrospector(Verifier verifier) {
    this.verifier = verifier;
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
        .map(Introspections::principal);
  }
}
