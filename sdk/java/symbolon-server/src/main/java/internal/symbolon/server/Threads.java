package internal.symbolon.server;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that keep no process alive. */
final class Threads {
  private static final int IDLE_SECONDS = 10;

  /** As many as a service's own calls need at once. Beyond them it waits. */
  private static final int LATER = Math.max(16, 2 * Runtime.getRuntime().availableProcessors());

  /** So many wait for other checks at most, and yet the pool goes on. */
  private static final int MAX_LATER = LATER + 256;

  /**
   * Begins the handlers of streams of requests that were let in after a miss. It has no limit, as
   * gRPC's own executor: a handler may block where it is begun, and must hold up no other.
   */
  static final Executor STREAMS = Executors.newCachedThreadPool(daemons("symbolon-stream"));

  private Threads() {}

  /** In another thread, or in this one where no other can be had. */
  static void run(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RuntimeException | Error none) {
      task.run();
    }
  }

  /**
   * What is hung on a verifier's checks goes on in one of these. They have a limit: who sends
   * tokens that nobody knows must not make threads without end. One that waits for another check
   * gives its place up meanwhile, so that checks which wait for each other end.
   */
  static ForkJoinPool later() {
    return new ForkJoinPool(
        LATER,
        Later::new,
        null,
        true,
        LATER,
        MAX_LATER,
        LATER,
        pool -> true,
        IDLE_SECONDS,
        TimeUnit.SECONDS);
  }

  private static final class Later extends ForkJoinWorkerThread {
    Later(ForkJoinPool pool) {
      super(pool);
      setName("symbolon-later");
    }
  }

  /** At most so many threads, which end when they have nothing to do. */
  static ThreadPoolExecutor pool(String name, int threads) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemons(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
