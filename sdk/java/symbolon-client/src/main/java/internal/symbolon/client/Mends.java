package internal.symbolon.client;

import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What somebody has to do about an error, in the words of all languages. */
final class Mends {
  private static final int MAX_CAUSES = 10;

  /** Of what another side sent, some transports show all. */
  private static final int MAX_CHARACTERS = 300;

  private static final Pattern LINE_END = Pattern.compile("\\R");

  private static final String PORT =
      "See that address is the port of gRPC, and that both sides speak TLS or neither";

  private static final String CLOSED =
      "The other side hung up. Where that comes each time, see that address is the port of gRPC, and"
          + " that both sides speak TLS or neither. A server also closes hundreds of connections of"
          + " one address: make one verifier and keep it";

  private Mends() {}

  /**
   * The end of a call as all languages tell it. Where the connection is what failed, gRPC for Java
   * has other codes, which would say that no repetition helps.
   */
  static Status tidied(Status told) {
    boolean isHungUp = told.getCode() == Status.Code.UNKNOWN && isClosed(told);
    boolean isNoGrpc = told.getCode() == Status.Code.INTERNAL && isNoGrpc(told);
    return isHungUp || isNoGrpc
        ? Status.UNAVAILABLE.withDescription(told.getDescription()).withCause(told.getCause())
        : told;
  }

  /** First what to mend, where that is known, and then what was said. */
  static String of(Status status, String reason) {
    String said = saidOf(status);
    String mend = mendOf(status, reason);
    if (mend.isEmpty() || said.isEmpty()) {
      return mend + said;
    }
    return mend + " (" + said + ")";
  }

  private static String mendOf(Status status, String reason) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED -> "Give a clientId and a clientSecret that are good";
      case PERMISSION_DENIED ->
          "Give the client the role that the call needs (INTROSPECT to check tokens)";
      case UNIMPLEMENTED -> "Bring the server to the version of this package";
      // With a reason it is of a server, so that the connection is good.
      case UNAVAILABLE, INTERNAL, UNKNOWN -> reason.isEmpty() ? ofConnection(status) : "";
      default -> "";
    };
  }

  /** By what the transport threw: its texts are not ours, and each transport has others. */
  private static String ofConnection(Status status) {
    if (isClosed(status)) {
      return CLOSED;
    }
    for (Throwable cause : causesOf(status)) {
      String name = cause.getClass().getSimpleName();
      String text = String.valueOf(cause.getMessage());
      if (text.contains("unable to find valid certification path")
          || name.equals("CertPathValidatorException")) {
        return "rootCertificates lacks the authority of the server's certificate";
      }
      if (name.equals("CertificateException")) {
        return "The server's certificate is not one of the host that address names";
      }
      if (name.equals("NotSslRecordException")) {
        return "The server speaks without TLS: on a safe network give plaintext";
      }
      if (name.equals("Http2Exception") || text.contains("ALPN")) {
        return PORT;
      }
      if (name.equals("UnknownHostException")) {
        return "No such host as address names is known";
      }
      if (name.equals("ConnectException") || text.startsWith("Connection refused")) {
        return "Nobody listens at address";
      }
    }
    return "";
  }

  /** What gRPC says of a connection is as good as nothing: its cause says more. */
  private static String saidOf(Status status) {
    String said = firstLineOf(status.getDescription());
    List<Throwable> causes = causesOf(status);
    if (status.getCode() == Status.Code.UNAVAILABLE && !causes.isEmpty()) {
      String cause = firstLineOf(causes.get(causes.size() - 1).getMessage());
      if (!said.contains(cause)) {
        said += (said.isEmpty() ? "" : ": ") + cause;
      }
    }
    return said;
  }

  /** What follows is of a transport's inside. */
  private static String firstLineOf(String text) {
    String line = text == null ? "" : LINE_END.split(text, 2)[0];
    return line.length() > MAX_CHARACTERS ? line.substring(0, MAX_CHARACTERS) + "…" : line;
  }

  private static List<Throwable> causesOf(Status status) {
    List<Throwable> causes = new ArrayList<>();
    Throwable cause = status.getCause();
    while (cause != null && causes.size() < MAX_CAUSES) {
      causes.add(cause);
      cause = cause.getCause();
    }
    return causes;
  }

  /** Whether the other side hung up, before the connection was set up or later. */
  private static boolean isClosed(Status status) {
    return status.getCause() instanceof ClosedChannelException
        || String.valueOf(status.getDescription()).startsWith("Network closed");
  }

  /** Whether the other side speaks something else: no stream of it alone is wrong. */
  private static boolean isNoGrpc(Status status) {
    return causesOf(status).stream()
        .anyMatch(cause -> cause.getClass().getSimpleName().equals("Http2Exception"));
  }
}
