package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import io.grpc.Status;
import java.util.List;
import java.util.regex.Pattern;

/** What options of the interceptor and the filter may be: both end up in a header. */
final class Rules {
  /** RFC 6749 section 3.3. */
  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");

  private static final Pattern REALM = Pattern.compile("[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]+");

  private static final Pattern METHOD = Pattern.compile("/?[^/\\s]+/[^/\\s]+");

  private Rules() {}

  static List<String> scopes(String... scopes) {
    for (String scope : scopes) {
      boolean isGood = scope != null && SCOPE.matcher(scope).matches();
      require(isGood, "a scope must be a text without spaces, quotes and backslashes");
    }
    return List.of(scopes);
  }

  static String audience(String id) {
    require(id != null && !id.isEmpty(), "audience must be the id of a resource server");
    return id;
  }

  static String realm(String realm) {
    boolean isGood = realm != null && REALM.matcher(realm).matches();
    require(isGood, "realm must be a text without quotes and backslashes");
    return realm;
  }

  /** Without the slash that it has on the wire, as grpc-java names it. */
  static String method(String name) {
    boolean isGood = name != null && METHOD.matcher(name).matches();
    require(isGood, "a method must be named as package.Service/Method");
    return name.startsWith("/") ? name.substring(1) : name;
  }

  static void require(boolean isGood, String message) {
    if (!isGood) {
      throw new SymbolonException(Status.Code.INVALID_ARGUMENT, message);
    }
  }
}
