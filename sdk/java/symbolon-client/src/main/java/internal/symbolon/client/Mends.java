package internal.symbolon.client;

import io.grpc.Status;
import java.nio.channels.ClosedChannelException;

/** What to do about a connection that can't be made. */
final class Mends {
  private static final int MAX_CAUSES = 10;

  private Mends() {}

  private static final String CLOSED =
      ". Where that comes each time, see that address is the port of gRPC, and that both sides speak"
          + " TLS or neither. A server also closes hundreds of connections of one address: make one"
          + " verifier and keep it";

  /** By what the transport threw: its texts are not ours, and each transport has others. */
  static String ofConnection(Status status) {
    if (isClosed(status)) {
      return CLOSED;
    }
    Throwable cause = status.getCause();
    for (int index = 0; cause != null && index < MAX_CAUSES; index++) {
      String name = cause.getClass().getSimpleName();
      String text = String.valueOf(cause.getMessage());
      if (text.contains("unable to find valid certification path")
          || name.equals("CertPathValidatorException")) {
        return ". rootCertificates lacks the authority of the server's certificate";
      }
      if (name.equals("CertificateException")) {
        return ". The server's certificate is not one of the host that address names";
      }
      if (name.equals("NotSslRecordException")) {
        return ". The server speaks without TLS: on a safe network give plaintext";
      }
      if (name.equals("Http2Exception")) {
        return ". See that address is the port of gRPC, and that both sides speak TLS or neither";
      }
      if (name.equals("UnknownHostException")) {
        return ". No such host as address names is known";
      }
      if (name.equals("ConnectException") || text.startsWith("Connection refused")) {
        return ". Nobody listens at address";
      }
      cause = cause.getCause();
    }
    return "";
  }

  /** Whether the other side hung up, before the connection was set up or later. */
  static boolean isClosed(Status status) {
    return status.getCause() instanceof ClosedChannelException
        || String.valueOf(status.getDescription()).startsWith("Network closed");
  }
}
