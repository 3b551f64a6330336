package internal.symbolon.spring;

import internal.symbolon.client.SymbolonException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers what Spring Security leaves open, around all its chains.
 *
 * <p>When nothing is known of a token, Spring Security throws on. The container would then ask for
 * the page of errors, which needs a token as any page does, and answer 401: a client would throw a
 * good token away. Here it is 503.
 *
 * <p>Of two headers it would read the first, and what is in front of the application maybe the
 * other.
 */
final class AnswerFilter extends OncePerRequestFilter {
  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION)).size() > 1) {
      response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, Challenges.TWO_HEADERS);
      return;
    }
    try {
      chain.doFilter(request, response);
    } catch (AuthenticationServiceException failed) {
      SymbolonException error = Introspections.checkError(failed);
      if (error == null || response.isCommitted()) {
        throw failed;
      }
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      response.setHeader(HttpHeaders.RETRY_AFTER, Introspections.retryAfter(error));
    }
  }
}
