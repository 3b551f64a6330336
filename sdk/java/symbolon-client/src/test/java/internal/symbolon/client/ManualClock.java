package internal.symbolon.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The clocks of this machine, as a test sets them. */
final class ManualClock implements Clock {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong millis = new AtomicLong();

  /** Whether waits are over at once, and both clocks are set as if they had been. */
  volatile boolean isQuick;

  /** How long they were, in milliseconds. */
  final List<Long> waits = new CopyOnWriteArrayList<>();

  /** Both. */
  void pass(Duration span) {
    nanos.addAndGet(span.toNanos());
    millis.addAndGet(span.toMillis());
  }

  @Override
  public void await(Future<?> future, long span) throws InterruptedException {
    waits.add(TimeUnit.NANOSECONDS.toMillis(span));
    if (isQuick) {
      pass(Duration.ofNanos(span));
    } else {
      Clock.super.await(future, span);
    }
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
