package internal.symbolon.spring;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.Caller;
import java.time.Duration;
import java.util.Optional;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionException;

/** What a check comes to in the words of Spring Security. */
final class Introspections {
  private Introspections() {}

  /** {@code audience}: empty for tokens of any (RFC 9700 section 2.3). */
  static OAuth2AuthenticatedPrincipal principal(Optional<Caller> found, String audience) {
    return new CallerPrincipal(
        found
            .filter(caller -> audience.isEmpty() || audience.equals(caller.audience()))
            .orElseThrow(() -> new BadOpaqueTokenException("The token is not live")));
  }

  /**
   * Nothing is known of the token. Spring Security makes an AuthenticationServiceException of it,
   * and never an invalid token.
   */
  static OAuth2IntrospectionException unknown(Throwable cause) {
    SymbolonException error = SymbolonException.of("The token can't be checked", cause);
    return new OAuth2IntrospectionException(error.getMessage(), error);
  }

  /**
   * The error of a check that an error of Spring Security comes of.
   *
   * @return null when it comes of something else
   */
  static SymbolonException checkError(Throwable error) {
    Throwable cause = error;
    while (cause != null && !(cause instanceof OAuth2IntrospectionException)) {
      cause = cause.getCause();
    }
    return cause != null && cause.getCause() instanceof SymbolonException found ? found : null;
  }

  /** In whole seconds, at least one (RFC 9110 section 10.2.3). */
  static String retryAfter(SymbolonException error) {
    Duration wait = error.retryAfter().orElse(Duration.ZERO);
    return Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
  }
}
