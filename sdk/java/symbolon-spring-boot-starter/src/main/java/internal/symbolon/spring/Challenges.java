package internal.symbolon.spring;

/** What WWW-Authenticate says (RFC 6750 section 3). */
final class Challenges {
  static final String TWO_HEADERS =
      "Bearer error=\"invalid_request\", error_description=\"Send one authorization header\"";

  private Challenges() {}
}
