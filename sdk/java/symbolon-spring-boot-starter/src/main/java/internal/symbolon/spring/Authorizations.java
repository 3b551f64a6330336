package internal.symbolon.spring;

import internal.symbolon.server.core.Bearer;
import java.util.List;
import java.util.Optional;

/**
 * What Spring Security is shown of the authorization headers of a request. It reads the first of
 * two, says invalid_token of what can't be a token, takes one space and no more before it, and
 * takes every scheme for Bearer whose name begins so.
 */
final class Authorizations {
  /** What WWW-Authenticate says of headers that are malformed (RFC 6750 section 3.1). */
  static final String INVALID_REQUEST =
      "Bearer error=\"invalid_request\","
          + " error_description=\"Send one authorization header, with one bearer token\"";

  private static final String SCHEME = "Bearer";

  private Authorizations() {}

  /** The headers as they are where Spring Security reads them rightly. Empty: refuse them. */
  static Optional<List<String>> shown(List<String> headers) {
    Bearer bearer = Bearer.of(headers);
    if (bearer.isMalformed()) {
      return Optional.empty();
    }
    if (bearer.token() != null) {
      return Optional.of(List.of(SCHEME + " " + bearer.token()));
    }
    boolean isTakenForBearer =
        headers.stream().anyMatch(it -> it.regionMatches(true, 0, SCHEME, 0, SCHEME.length()));
    return Optional.of(isTakenForBearer ? List.of() : headers);
  }
}
