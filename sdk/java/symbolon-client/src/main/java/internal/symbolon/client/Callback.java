package internal.symbolon.client;

import io.grpc.Status;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** What a browser brought back from the pages of the server (RFC 6749 section 4.1.2). */
final class Callback {
  private static final int MAX_TOLD = 200;

  /** Null: it can't be read. */
  private final String path;

  private final List<String[]> parameters = new ArrayList<>();
  private boolean isReadable = true;

  /** Whether it is of a sign-in. */
  enum Match {
    /** It is. */
    OURS,
    /** It is of another page. */
    OTHER_PATH,
    /** It is of another sign-in, or made up. */
    OTHER_STATE
  }

  /** {@code url}: whole, or what comes after the host. */
  Callback(String url) {
    int hash = url.indexOf('#');
    String plain = hash < 0 ? url : url.substring(0, hash);
    int mark = plain.indexOf('?');
    path = pathOf(mark < 0 ? plain : plain.substring(0, mark));
    if (mark >= 0) {
      read(plain.substring(mark + 1));
    }
  }

  private static String pathOf(String url) {
    try {
      String path = url.startsWith("/") ? url : new URI(url).getRawPath();
      return path == null || path.isEmpty() ? "/" : path;
    } catch (URISyntaxException unreadable) {
      return null;
    }
  }

  private void read(String query) {
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      try {
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.add(new String[] {decoded(name), decoded(value)});
      } catch (IllegalArgumentException unreadable) {
        isReadable = false;
      }
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, "UTF-8");
    } catch (UnsupportedEncodingException never) {
      throw new IllegalStateException(never);
    }
  }

  private List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (String[] parameter : parameters) {
      if (parameter[0].equals(name)) {
        values.add(parameter[1]);
      }
    }
    return values;
  }

  /** The state comes first: what has another one says nothing of this sign-in. */
  Match match(BegunCode begun) {
    String wanted = pathOf(begun.redirectUri().replaceFirst("[?#].*", ""));
    if (path == null || !path.equals(wanted)) {
      return Match.OTHER_PATH;
    }
    List<String> states = all("state");
    boolean isOurs = isReadable && states.size() == 1 && isSame(states.get(0), begun.state());
    return isOurs ? Match.OURS : Match.OTHER_STATE;
  }

  /** In a time that does not tell how much of it is right. */
  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** Of one that is {@link Match#OURS}. Throws where there is none in it. */
  String code(BegunCode begun) {
    List<String> issuers = all("iss");
    if (issuers.size() != 1 || !issuers.get(0).equals(begun.issuer())) {
      // RFC 9207 section 2.4: the code may be for another server, and must not be sent to this one.
      throw refused("the callback has not the iss of issuer: begin the sign-in again");
    }
    List<String> codes = all("code");
    List<String> errors = all("error");
    if (codes.size() + errors.size() != 1) {
      throw refused("the callback must have one code or one error: begin the sign-in again");
    }
    if (!errors.isEmpty()) {
      throw told(errors.get(0), all("error_description"));
    }
    if (codes.get(0).isEmpty()) {
      throw refused("the callback must have one code or one error: begin the sign-in again");
    }
    return codes.get(0);
  }

  /** Throws where it is none of this sign-in. */
  String requireCode(BegunCode begun) {
    Match match = match(begun);
    if (match != Match.OURS) {
      String what = match == Match.OTHER_PATH ? "path" : "state";
      throw refused(
          "the " + what + " of the callback is not the one of this sign-in: begin it again");
    }
    return code(begun);
  }

  /** The user said no, or the server did (RFC 6749 section 4.1.2.1). */
  private static SymbolonException told(String error, List<String> descriptions) {
    if (error.equals("access_denied")) {
      return SymbolonException.of(
          Status.Code.PERMISSION_DENIED, "ACCESS_DENIED", "the user denied it", null);
    }
    String description = descriptions.isEmpty() ? "" : printable(descriptions.get(0));
    String more = description.isEmpty() ? "" : ": " + description;
    return refused("the server refused the sign-in: " + printable(error) + more);
  }

  /** It comes out of a URL, which anybody may have written. */
  private static String printable(String text) {
    String some = text.length() > MAX_TOLD ? text.substring(0, MAX_TOLD) : text;
    return some.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static SymbolonException refused(String message) {
    return new SymbolonException(Status.Code.FAILED_PRECONDITION, message);
  }
}
