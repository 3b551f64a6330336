package internal.symbolon.client;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with an option is told when it is given. No value is shown but numbers. */
final class Checks {
  private static final String ADDRESS_FORM =
      "address must be host:port of the server, such as 127.0.0.1:50051";

  private static final int MAX_PORT = 65_535;

  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** With a port, for gRPC takes 443 where there is none. A path of a socket has none. */
  private static final Pattern ADDRESS =
      Pattern.compile("\\S+:(\\d{1,5})|unix:\\S+", CASE_INSENSITIVE);

  private static final Pattern WITHOUT_PORT =
      Pattern.compile("(?:[^:/\\s]+|\\[[^]/\\s]+\\]):?|\\w+:///?[^:/\\s]+");

  private static final Pattern SCHEME =
      Pattern.compile("([a-z][a-z0-9+.-]*)://.*", CASE_INSENSITIVE);

  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(?:dns:(?:///)?)?(?:localhost|127(?:\\.(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}|\\[::1\\])"
              + ":\\d+|unix:.*");

  private Checks() {}

  static void require(boolean isGood, String message) {
    if (!isGood) {
      throw new SymbolonException(Status.Code.INVALID_ARGUMENT, message);
    }
  }

  /** A text that can be sent as UTF-8. */
  static String text(String name, String text) {
    boolean isGood =
        text != null && !text.isEmpty() && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    require(isGood, name + " must be a text that is not empty");
    return text;
  }

  /** A text that has no line break, as one has that is read from a file with all that it holds. */
  static String line(String name, String text) {
    text(name, text);
    boolean isGood = text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
    require(isGood, name + " has a line break: leave it out, also where a file ends with one");
    return text;
  }

  static String address(String address) {
    text("address", address);
    Matcher url = SCHEME.matcher(address);
    // Each scheme that gRPC knows is an address, and no other is.
    require(!url.matches() || isKnown(url.group(1)), ADDRESS_FORM + ", and not a URL");
    require(!WITHOUT_PORT.matcher(address).matches(), ADDRESS_FORM + ": its port is missing");
    Matcher form = ADDRESS.matcher(address);
    require(form.matches() && isPort(form.group(1)), ADDRESS_FORM);
    return address;
  }

  /** Null: the path of a socket. */
  private static boolean isPort(String digits) {
    return digits == null || (Integer.parseInt(digits) > 0 && Integer.parseInt(digits) <= MAX_PORT);
  }

  private static boolean isKnown(String scheme) {
    NameResolverRegistry registry = NameResolverRegistry.getDefaultRegistry();
    return registry.getProviderForScheme(scheme.toLowerCase(Locale.ROOT)) != null;
  }

  /** A text of which gRPC can make nothing, such as one of a scheme without its slashes. */
  static SymbolonException noAddress() {
    return new SymbolonException(Status.Code.INVALID_ARGUMENT, ADDRESS_FORM);
  }

  static boolean isLoopback(String address) {
    return LOOPBACK.matcher(address).matches();
  }

  static byte[] certificates(byte[] pem) {
    String message = "rootCertificates must be certificates in PEM, and not the name of a file";
    require(pem != null, message);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      boolean isGood = !factory.generateCertificates(new ByteArrayInputStream(pem)).isEmpty();
      require(isGood && isPem(pem), message);
    } catch (CertificateException unreadable) {
      throw new SymbolonException(Status.Code.INVALID_ARGUMENT, message);
    }
    return pem.clone();
  }

  private static boolean isPem(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----");
  }

  static Duration timeout(Duration timeout) {
    boolean isGood =
        timeout != null
            && timeout.compareTo(Duration.ofMillis(1)) >= 0
            && timeout.compareTo(LONGEST) <= 0;
    require(isGood, "timeout must be from 1 ms to 60 s");
    return timeout;
  }
}
