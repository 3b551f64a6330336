package internal.symbolon.server;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate that is its own authority, made by the keytool of this JDK. */
record Certificate(byte[] pem, byte[] key) {
  private static final char[] PASSWORD = "of-a-test".toCharArray();

  /** {@code name}: as keytool has it, such as {@code ip:127.0.0.1}. */
  static Certificate of(String name) throws Exception {
    Path store = Files.createTempDirectory("symbolon-java").resolve("store.p12");
    try {
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "test",
                  "-dname",
                  "CN=test",
                  "-keyalg",
                  "EC",
                  "-ext",
                  "san=" + name,
                  "-validity",
                  "2",
                  "-storepass",
                  new String(PASSWORD),
                  "-keystore",
                  store.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
      KeyStore made = KeyStore.getInstance("PKCS12");
      try (InputStream stream = Files.newInputStream(store)) {
        made.load(stream, PASSWORD);
      }
      return new Certificate(
          pem("CERTIFICATE", made.getCertificate("test").getEncoded()),
          pem("PRIVATE KEY", made.getKey("test", PASSWORD).getEncoded()));
    } finally {
      Files.deleteIfExists(store);
      Files.delete(store.getParent());
    }
  }

  private static byte[] pem(String kind, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, text, kind)
        .getBytes(StandardCharsets.US_ASCII);
  }

  ServerCredentials credentials() throws Exception {
    return TlsServerCredentials.create(
        new ByteArrayInputStream(pem), new ByteArrayInputStream(key));
  }
}
