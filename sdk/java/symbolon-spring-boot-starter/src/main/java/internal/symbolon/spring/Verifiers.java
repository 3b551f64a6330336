package internal.symbolon.spring;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.Verifier;
import internal.symbolon.server.VerifierBuilder;
import java.io.IOException;
import java.util.Map;

/** Makes the verifier that the properties tell of. */
final class Verifiers {
  /** What the verifier calls its options, and what they are called here. */
  private static final Map<String, String> NAMES =
      Map.of(
          "address", "symbolon.address",
          "clientId", "symbolon.client-id",
          "clientSecret", "symbolon.client-secret",
          "rootCertificates", "symbolon.root-certificates",
          "plaintext", "symbolon.plaintext",
          "timeout", "symbolon.timeout",
          "maxEntries", "symbolon.max-entries");

  private Verifiers() {}

  static Verifier of(SymbolonProperties properties) {
    String address = present("symbolon.address", properties.address());
    String clientId = present("symbolon.client-id", properties.clientId());
    String clientSecret = present("symbolon.client-secret", properties.clientSecret());
    byte[] roots = roots(properties);
    try {
      VerifierBuilder builder = Verifier.builder(address, clientId, clientSecret);
      if (roots != null) {
        builder.rootCertificates(roots);
      }
      if (properties.plaintext() != null) {
        builder.plaintext(properties.plaintext());
      }
      if (properties.timeout() != null) {
        builder.timeout(properties.timeout());
      }
      if (properties.maxEntries() != null) {
        builder.maxEntries(properties.maxEntries());
      }
      return builder.build();
    } catch (SymbolonException refused) {
      throw new PropertyException(inProperties(refused.getMessage()), refused);
    }
  }

  private static String present(String name, String value) {
    if (value == null || value.isBlank()) {
      throw new PropertyException(name + " is missing", null);
    }
    return value;
  }

  private static byte[] roots(SymbolonProperties properties) {
    if (properties.rootCertificates() == null) {
      return null;
    }
    try {
      return properties.rootCertificates().getContentAsByteArray();
    } catch (IOException unreadable) {
      String message = "symbolon.root-certificates can't be read: " + unreadable.getMessage();
      throw new PropertyException(message, unreadable);
    }
  }

  private static String inProperties(String message) {
    String told = message;
    for (Map.Entry<String, String> name : NAMES.entrySet()) {
      told = told.replaceAll("(?<![\\w.])" + name.getKey() + "(?!\\w)", name.getValue());
    }
    return told;
  }
}
