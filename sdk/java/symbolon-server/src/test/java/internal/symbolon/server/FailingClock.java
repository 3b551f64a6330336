package internal.symbolon.server;

import internal.symbolon.server.core.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/** The clocks of this machine, and errors of the kind that is caught by nobody while it fails. */
final class FailingClock implements Clock {
  final AtomicInteger failures = new AtomicInteger();
  volatile boolean fails;

  @Override
  public long monotonicNanos() {
    fail();
    return SYSTEM.monotonicNanos();
  }

  @Override
  public long wallMillis() {
    fail();
    return SYSTEM.wallMillis();
  }

  private void fail() {
    if (fails) {
      failures.incrementAndGet();
      throw new OutOfMemoryError("as the test has it");
    }
  }
}
