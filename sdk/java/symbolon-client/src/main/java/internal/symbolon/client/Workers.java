package internal.symbolon.client;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads that keep no process alive, and end when they have nothing to do. */
final class Workers {
  private static final int IDLE_SECONDS = 10;

  /** Without a limit, for each of them may wait for a server. A login needs one or two. */
  static final Executor POOL =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          daemons("symbolon-login"));

  /** For deadlines alone: whatever it runs is quick. */
  static final ScheduledThreadPoolExecutor TIMER = timer();

  private Workers() {}

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, daemons("symbolon-timer"));
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** In another thread, or in this one where no other can be had. */
  static void run(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RuntimeException | Error none) {
      task.run();
    }
  }

  /** For so long at most, also in a thread that is interrupted. How it ends is not told. */
  static void await(Future<?> future, long nanos) {
    long endNanos = System.nanoTime() + nanos;
    boolean isInterrupted = false;
    while (!future.isDone()) {
      try {
        future.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException interrupted) {
        isInterrupted = true;
      } catch (TimeoutException over) {
        break;
      } catch (ExecutionException | CancellationException failed) {
        // Its own users hear of it.
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
