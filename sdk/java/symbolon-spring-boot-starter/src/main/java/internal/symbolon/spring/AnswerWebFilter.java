package internal.symbolon.spring;

import internal.symbolon.client.SymbolonException;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** What {@link AnswerFilter} does, in WebFlux. */
@Order(AnswerWebFilter.ORDER)
final class AnswerWebFilter implements WebFilter {
  /** Around Spring Security, and within what measures requests. */
  static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpResponse response = exchange.getResponse();
    HttpHeaders headers = exchange.getRequest().getHeaders();
    if (headers.getOrDefault(HttpHeaders.AUTHORIZATION, List.of()).size() > 1) {
      response.setStatusCode(HttpStatus.BAD_REQUEST);
      response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, Challenges.TWO_HEADERS);
      return response.setComplete();
    }
    return chain
        .filter(exchange)
        .onErrorResume(AuthenticationServiceException.class, failed -> answer(response, failed));
  }

  private static Mono<Void> answer(
      ServerHttpResponse response, AuthenticationServiceException failed) {
    SymbolonException error = Introspections.checkError(failed);
    if (error == null || !response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE)) {
      return Mono.error(failed);
    }
    response.getHeaders().set(HttpHeaders.RETRY_AFTER, Introspections.retryAfter(error));
    return response.setComplete();
  }
}
