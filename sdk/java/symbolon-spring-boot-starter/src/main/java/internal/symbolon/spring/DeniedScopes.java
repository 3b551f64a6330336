package internal.symbolon.spring;

import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.event.AuthorizationDeniedEvent;
import org.springframework.security.core.GrantedAuthority;

/**
 * Which scope a request lacks, for the challenge. Spring Security tells it by events, where a rule
 * of a chain wants one authority; what method security wants it does not tell.
 */
final class DeniedScopes {
  private static final String PREFIX = "SCOPE_";

  private DeniedScopes() {}

  /** Empty where it is not told, or where one of several would do. */
  static String of(AuthorizationDeniedEvent<?> event) {
    if (event.getAuthorizationResult() instanceof AuthorityAuthorizationDecision decision
        && decision.getAuthorities().size() == 1) {
      GrantedAuthority wanted = decision.getAuthorities().iterator().next();
      String name = String.valueOf(wanted.getAuthority());
      return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
    }
    return "";
  }

  /** The same challenge, with the scope where it is known (RFC 6750 section 3). */
  static String challenge(String challenge, Object scope) {
    boolean isTold = scope instanceof String text && !text.isEmpty();
    return isTold ? challenge + ", scope=\"" + scope + '"' : challenge;
  }
}
