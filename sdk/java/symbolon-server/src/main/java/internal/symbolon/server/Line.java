package internal.symbolon.server;

import internal.symbolon.client.SymbolonChannel;
import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Backoff;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** One channel to the server, which makes no connections in a hurry when none of them lasts. */
final class Line {
  /** A connection that lasted for less was no good. */
  private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final SymbolonChannel channel;
  private long readySince;
  private boolean isReady;
  private int bad;
  private long notBefore = System.nanoTime();

  Line(SymbolonChannel channel) {
    this.channel = channel;
    look();
  }

  /** Connectivity is told once, so one asks again each time. */
  private synchronized void look() {
    ConnectivityState state = channel.state();
    long now = System.nanoTime();
    if (state == ConnectivityState.READY && !isReady) {
      isReady = true;
      readySince = now;
    } else if (state != ConnectivityState.READY && isReady) {
      isReady = false;
      bad = now - readySince < GOOD_NANOS ? bad + 1 : 0;
      double waitMs =
          bad == 0
              ? 0
              : Backoff.waitMs(bad - 1, false, 0, ThreadLocalRandom.current().nextDouble());
      notBefore = now + (long) (waitMs * 1_000_000);
    }
    if (state != ConnectivityState.SHUTDOWN) {
      channel.notifyWhenStateChanged(state, this::look);
    }
  }

  /** Whether what is sent now leaves now. */
  boolean isConnected() {
    return channel.state() == ConnectivityState.READY;
  }

  /** Throws while connections wait, as if nobody listened. */
  SymbolonChannel channel() {
    boolean mustWait;
    synchronized (this) {
      mustWait = !isReady && System.nanoTime() - notBefore < 0;
    }
    if (mustWait && !isConnected()) {
      throw new SymbolonException(
          Status.Code.UNAVAILABLE,
          "connections end as soon as they are set up. See that address is the port of gRPC, that"
              + " both sides speak TLS or neither, and that the certificate is good. Or there are"
              + " hundreds of verifiers: make one verifier and keep it");
    }
    return channel;
  }

  void useClientSecret(String clientSecret) {
    channel.useClientSecret(clientSecret);
  }

  /** Takes no more calls. It ends with the last of those that are under way. */
  void retire() {
    channel.retire();
  }

  /** Ends now, whatever it was about to set up. */
  void cut() {
    channel.cut();
  }
}
