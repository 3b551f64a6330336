package internal.symbolon.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The clocks of this machine, as a test sets them. */
final class ManualClock implements Clock {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong millis = new AtomicLong();

  /** Both. */
  void pass(Duration span) {
    nanos.addAndGet(span.toNanos());
    millis.addAndGet(span.toMillis());
  }

  void leap(Duration ofWall) {
    millis.addAndGet(ofWall.toMillis());
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
