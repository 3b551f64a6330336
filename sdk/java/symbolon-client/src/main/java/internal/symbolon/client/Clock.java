package internal.symbolon.client;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The clocks of an app, which agree with no server's. */
interface Clock {
  /** That of this machine. */
  Clock SYSTEM =
      new Clock() {
        @Override
        public long monotonicNanos() {
          return System.nanoTime();
        }

        @Override
        public long wallMillis() {
          return System.currentTimeMillis();
        }
      };

  /** Never goes back, and has no beginning that means something. */
  long monotonicNanos();

  /** Waits until it is done, for so long at most. How it ends is not told. */
  default void await(Future<?> future, long nanos) throws InterruptedException {
    try {
      future.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException | CancellationException over) {
      // Who waits looks at it.
    }
  }

  /** Since 1970, as far as this machine knows. It outlives a restart. */
  long wallMillis();
}
