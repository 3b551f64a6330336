package internal.symbolon.server;

import internal.symbolon.server.core.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The clocks of this machine, as a test sets them. */
final class ShiftedClock implements Clock {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong millis = new AtomicLong();

  void shift(long monotonicMillis, long wallMillis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(monotonicMillis));
    millis.addAndGet(wallMillis);
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime() + nanos.get();
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis() + millis.get();
  }
}
