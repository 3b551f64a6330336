package internal.symbolon.client;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions, and not for times. */
final class Eventually {
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(45);

  private Eventually() {}

  static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static void eventually(String what, BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > MAX_NANOS) {
        throw new AssertionError("never came: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
