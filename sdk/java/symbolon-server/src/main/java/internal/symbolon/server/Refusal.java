package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The server takes no calls of this client. For a moment no check asks again: each would be
 * refused, and they may be thousands a second.
 */
record Refusal(SymbolonException error, long nanos) {
  private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Codes that say that somebody has to mend something first. */
  private static final Set<Status.Code> HOPELESS =
      Set.of(Status.Code.UNAUTHENTICATED, Status.Code.PERMISSION_DENIED, Status.Code.UNIMPLEMENTED);

  static boolean isHopeless(Status.Code code) {
    return HOPELESS.contains(code);
  }

  boolean isCurrent() {
    return System.nanoTime() - nanos < REFUSED_NANOS;
  }
}
