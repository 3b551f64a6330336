package internal.symbolon.client;

import io.grpc.Status;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** What leads a browser to the pages of the server (RFC 6749 section 4.1.1, RFC 7636). */
final class Codes {
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[::1\\]");

  private Codes() {}

  static BegunCode begin(Issues issues, String issuer, String redirectUri) {
    requireIssuer(issuer);
    requireRedirectUri(redirectUri);
    String state = secret();
    String verifier = secret();
    StringBuilder url = new StringBuilder(issuer.replaceFirst("/+$", ""));
    url.append("/oauth2/authorize?response_type=code");
    add(url, "client_id", issues.clientId());
    add(url, "redirect_uri", redirectUri);
    add(url, "scope", String.join(" ", issues.scopes()));
    add(url, "state", state);
    add(url, "code_challenge", challengeOf(verifier));
    add(url, "code_challenge_method", "S256");
    add(url, "resource", issues.resource());
    return new BegunCode(url.toString(), state, verifier, redirectUri, issuer);
  }

  private static void add(StringBuilder url, String name, String value) {
    if (!value.isEmpty()) {
      try {
        url.append('&').append(name).append('=').append(URLEncoder.encode(value, "UTF-8"));
      } catch (UnsupportedEncodingException never) {
        throw new IllegalStateException(never);
      }
    }
  }

  private static String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return base64(bytes);
  }

  private static String challengeOf(String verifier) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return base64(digest.digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException none) {
      throw SymbolonException.of("The sign-in can't be begun", none);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static void requireIssuer(String issuer) {
    URI uri = uriOf(Checks.line("issuer", issuer));
    String host = uri == null || uri.getHost() == null ? "" : uri.getHost();
    boolean isSafe =
        uri != null
            && !host.isEmpty()
            && ("https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme()) && LOOPBACK.matcher(host).matches()));
    Checks.require(
        isSafe && uri.getRawUserInfo() == null && !issuer.contains("?") && !issuer.contains("#"),
        "issuer must be such as https://login.example.com/t/shop: https, or http on this machine,"
            + " without a query and a fragment");
  }

  private static void requireRedirectUri(String redirectUri) {
    URI uri = uriOf(Checks.line("redirectUri", redirectUri));
    Checks.require(
        uri != null && uri.getScheme() != null && !redirectUri.contains("#"),
        "redirectUri must be one that the client is registered with");
  }

  /** Null: it is none. */
  static URI uriOf(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException none) {
      return null;
    }
  }

  /** Nobody knows what became of something that is good once. */
  static SymbolonException lost(String reason, SymbolonException cause) {
    return SymbolonException.of(
        Status.Code.UNAVAILABLE,
        reason,
        "The answer was lost, and the code is good once: sign in again",
        cause);
  }
}
