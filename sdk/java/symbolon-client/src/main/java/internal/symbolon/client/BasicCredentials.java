package internal.symbolon.client;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Executor;

/** Names and proves a client with each call (RFC 6749 section 2.3.1). It never blocks. */
final class BasicCredentials extends CallCredentials {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final String clientId;
  private final boolean plaintext;
  private volatile String header;

  /** Without a secret, which is null, it is a public client that only names itself. */
  BasicCredentials(String clientId, String clientSecret, boolean plaintext) {
    this.clientId = clientId;
    this.plaintext = plaintext;
    header = headerOf(clientId, clientSecret == null ? "" : clientSecret);
  }

  /** For calls from now on. */
  void use(String clientSecret) {
    header = headerOf(clientId, Checks.line("clientSecret", clientSecret));
  }

  private static String headerOf(String clientId, String clientSecret) {
    // Form-encoded: a secret may have a colon in it.
    String pair = encoded(clientId) + ":" + encoded(clientSecret);
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static String encoded(String text) {
    try {
      // With the name of the charset, for Android's newer one came with API level 33.
      return URLEncoder.encode(text, "UTF-8");
    } catch (UnsupportedEncodingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    if (!plaintext && call.getSecurityLevel() != SecurityLevel.PRIVACY_AND_INTEGRITY) {
      String message = "the client's secret is not sent without TLS, unless plaintext is asked for";
      applier.fail(Status.FAILED_PRECONDITION.withDescription(message));
      return;
    }
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, header);
    applier.apply(headers);
  }

  @Override
  public String toString() {
    return "BasicCredentials[clientId=" + clientId + "]";
  }
}
