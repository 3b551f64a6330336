package internal.symbolon.spring;

import internal.symbolon.client.SymbolonException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.context.ApplicationListener;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authorization.event.AuthorizationDeniedEvent;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers what Spring Security leaves open, around all its chains.
 *
 * <p>When nothing is known of a token, Spring Security throws on. The container would then ask for
 * the page of errors, which needs a token as any page does, and answer 401: a client would throw a
 * good token away. Here it is 503.
 *
 * <p>Headers that are malformed are 400, and Spring Security is shown the others as it reads them.
 * A challenge for a scope names the scope.
 */
final class AnswerFilter extends OncePerRequestFilter {
  private static final String SCOPE = AnswerFilter.class.getName() + ".scope";

  /** Why somebody is not allowed, where no scope would help. */
  static final String FINAL = AnswerFilter.class.getName() + ".final";

  private static final String INSUFFICIENT = "error=\"insufficient_scope\"";

  /** Is told by Spring Security what a request was denied for. */
  static final class Listener implements ApplicationListener<AuthorizationDeniedEvent<?>> {
    @Override
    public void onApplicationEvent(AuthorizationDeniedEvent<?> event) {
      if (event.getObject() instanceof HttpServletRequest request) {
        request.setAttribute(SCOPE, DeniedScopes.of(event));
      }
    }
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    List<String> sent = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
    Optional<List<String>> shown = Authorizations.shown(sent);
    if (shown.isEmpty()) {
      response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, Authorizations.INVALID_REQUEST);
      response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
      return;
    }
    boolean isAsSent = shown.get().equals(sent);
    try {
      chain.doFilter(
          isAsSent ? request : new ShownRequest(request, shown.get()),
          new AnsweredResponse(request, response));
    } catch (ServletException | RuntimeException failed) {
      // Also what a permission failed with behind the chains.
      SymbolonException error = Introspections.checkError(failed);
      if (error == null || response.isCommitted()) {
        throw failed;
      }
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      response.setHeader(HttpHeaders.RETRY_AFTER, Introspections.retryAfter(error));
      response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
      return;
    }
    String challenge = response.getHeader(HttpHeaders.WWW_AUTHENTICATE);
    boolean lacksScope =
        response.getStatus() == HttpServletResponse.SC_FORBIDDEN
            && challenge != null
            && challenge.contains(INSUFFICIENT)
            && !challenge.contains(" scope=\"");
    if (lacksScope && !response.isCommitted()) {
      String told = DeniedScopes.challenge(challenge, request.getAttribute(SCOPE));
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, told);
    }
  }
}
