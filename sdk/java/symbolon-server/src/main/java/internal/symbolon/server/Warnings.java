package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a service is told that listens to no ends of watches itself. Without it a wrong secret would
 * be seen by callers alone, as 503.
 */
final class Warnings implements Verifier.WatchEndListener {
  /** One that lasts is told again after this, and not at each try. */
  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final System.Logger LOGGER = System.getLogger(Verifier.class.getName());

  private final LongSupplier nanoTime;
  private final Map<String, Long> told = new HashMap<>();

  Warnings() {
    this(System::nanoTime);
  }

  /** With another clock, in tests. */
  Warnings(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void watchEnded(SymbolonException error, Duration retryIn) {
    long now = nanoTime.getAsLong();
    // So there are never more of them than watches that end in a minute.
    told.values().removeIf(time -> now - time >= SILENCE_NANOS);
    if (told.putIfAbsent(error.code() + " " + error.reason(), now) == null) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          error.getMessage() + ". Until it begins again, each check is a call");
    }
  }
}
