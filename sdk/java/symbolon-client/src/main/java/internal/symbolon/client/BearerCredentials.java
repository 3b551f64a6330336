package internal.symbolon.client;

import io.grpc.CallCredentials;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Executor;

/** Attaches the token of the moment to each call. It never blocks the thread that makes it. */
final class BearerCredentials extends CallCredentials {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Renewals renewals;
  private final boolean isPlaintext;
  private volatile String sent;

  BearerCredentials(Renewals renewals, boolean isPlaintext) {
    this.renewals = renewals;
    this.isPlaintext = isPlaintext;
  }

  /** The token that the newest call got, or null. */
  String sent() {
    return sent;
  }

  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    String token;
    try {
      requireSafe(call);
      token = renewals.atOnce();
      if (token == null) {
        renewals
            .next()
            .whenComplete(
                (next, error) -> Workers.run(executor, () -> finish(applier, next, error)));
        return;
      }
    } catch (RuntimeException | Error error) {
      applier.fail(statusOf(error));
      return;
    }
    apply(applier, token);
  }

  private void finish(MetadataApplier applier, String token, Throwable error) {
    if (error == null) {
      apply(applier, token);
    } else {
      applier.fail(statusOf(error));
    }
  }

  private void apply(MetadataApplier applier, String token) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    sent = token;
    applier.apply(headers);
  }

  private static Status statusOf(Throwable error) {
    SymbolonException known = SymbolonException.of("The token can't be had", error);
    return known.code().toStatus().withDescription(known.getMessage()).withCause(known);
  }

  private void requireSafe(RequestInfo call) {
    boolean isSafe =
        isPlaintext
            || call.getSecurityLevel() == SecurityLevel.PRIVACY_AND_INTEGRITY
            || isLocal(call.getTransportAttrs().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    if (!isSafe) {
      throw new SymbolonException(
          Status.Code.UNAUTHENTICATED,
          "a token is not sent without TLS, unless plaintext is asked for");
    }
  }

  /** Also a socket that has a path. */
  private static boolean isLocal(SocketAddress remote) {
    if (remote instanceof InetSocketAddress) {
      InetSocketAddress address = (InetSocketAddress) remote;
      return !address.isUnresolved() && address.getAddress().isLoopbackAddress();
    }
    return remote != null && remote.getClass().getSimpleName().contains("DomainSocketAddress");
  }

  @Override
  public String toString() {
    return "BearerCredentials";
  }
}
