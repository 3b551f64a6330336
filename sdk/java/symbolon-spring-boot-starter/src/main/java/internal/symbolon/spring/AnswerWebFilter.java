package internal.symbolon.spring;

import internal.symbolon.client.SymbolonException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** What {@link AnswerFilter} does, in WebFlux, where Spring Security does not tell a scope. */
@Order(AnswerWebFilter.ORDER)
final class AnswerWebFilter implements WebFilter {
  private static final String FINAL = AnswerWebFilter.class.getName() + ".final";

  /** Around Spring Security, and within what measures requests. */
  static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpResponse response = exchange.getResponse();
    List<String> sent =
        exchange.getRequest().getHeaders().getOrDefault(HttpHeaders.AUTHORIZATION, List.of());
    Optional<List<String>> shown = Authorizations.shown(sent);
    if (shown.isEmpty()) {
      response.setStatusCode(HttpStatus.BAD_REQUEST);
      response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, Authorizations.INVALID_REQUEST);
      response.getHeaders().setCacheControl("no-store");
      return response.setComplete();
    }
    boolean isAsSent = shown.get().equals(sent);
    AtomicBoolean isFinal = new AtomicBoolean();
    response.beforeCommit(
        () -> {
          if (isFinal.get()) {
            response.getHeaders().remove(HttpHeaders.WWW_AUTHENTICATE);
          }
          return Mono.empty();
        });
    return chain
        .filter(isAsSent ? exchange : shownAs(exchange, shown.get()))
        .contextWrite(context -> context.put(FINAL, isFinal))
        .onErrorResume(AuthenticationServiceException.class, failed -> answer(response, failed))
        .onErrorResume(OAuth2IntrospectionException.class, failed -> answer(response, failed));
  }

  /** Somebody is not allowed, and no scope would help: the answer has no challenge. */
  static void denied(ContextView context) {
    context.<AtomicBoolean>getOrEmpty(FINAL).ifPresent(isFinal -> isFinal.set(true));
  }

  private static ServerWebExchange shownAs(ServerWebExchange exchange, List<String> headers) {
    return exchange
        .mutate()
        .request(
            request ->
                request.headers(
                    all -> {
                      all.remove(HttpHeaders.AUTHORIZATION);
                      headers.forEach(header -> all.add(HttpHeaders.AUTHORIZATION, header));
                    }))
        .build();
  }

  private static Mono<Void> answer(ServerHttpResponse response, RuntimeException failed) {
    SymbolonException error = Introspections.checkError(failed);
    if (error == null || !response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE)) {
      return Mono.error(failed);
    }
    response.getHeaders().set(HttpHeaders.RETRY_AFTER, Introspections.retryAfter(error));
    response.getHeaders().setCacheControl("no-store");
    return response.setComplete();
  }
}
