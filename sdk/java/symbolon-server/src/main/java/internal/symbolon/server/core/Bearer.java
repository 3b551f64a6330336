package internal.symbolon.server.core;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request has of a token in its {@code authorization} headers (RFC 6750 section 2.1).
 *
 * @param token null where there is none
 * @param isMalformed whether there are two headers, or one that is of this scheme and has no token
 */
public record Bearer(String token, boolean isMalformed) {
  private static final Bearer MISSING = new Bearer(null, false);
  private static final Bearer MALFORMED = new Bearer(null, true);

  /** A scheme is a token of RFC 9110 section 5.6.2. */
  private static final Pattern SCHEME =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+)(.*)", Pattern.DOTALL);

  private static final Pattern B64TOKEN = Pattern.compile(" +([A-Za-z0-9._~+/-]+=*)");

  /** Either a token or why there is none. */
  public static Bearer of(List<String> headers) {
    if (headers.isEmpty()) {
      return MISSING;
    }
    if (headers.size() > 1) {
      return MALFORMED;
    }
    Matcher scheme = SCHEME.matcher(stripped(headers.get(0)));
    if (!scheme.matches() || !isBearer(scheme.group(1))) {
      return MISSING;
    }
    Matcher token = B64TOKEN.matcher(scheme.group(2));
    return token.matches() ? new Bearer(token.group(1), false) : MALFORMED;
  }

  /** In any case of ASCII alone. */
  private static boolean isBearer(String scheme) {
    return scheme.length() == "bearer".length() && scheme.equalsIgnoreCase("bearer");
  }

  /** White space around a header is not a part of it (RFC 9110 section 5.5). */
  private static String stripped(String header) {
    int begin = 0;
    int end = header.length();
    while (begin < end && isSpace(header.charAt(begin))) {
      begin += 1;
    }
    while (end > begin && isSpace(header.charAt(end - 1))) {
      end -= 1;
    }
    return header.substring(begin, end);
  }

  private static boolean isSpace(char character) {
    return character == ' ' || character == '\t';
  }

  /** A token must not get into a log. */
  @Override
  public String toString() {
    return "Bearer[isMalformed=" + isMalformed + "]";
  }
}
