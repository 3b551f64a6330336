package internal.symbolon.server;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that keep no process alive. */
final class Threads {
  private static final int IDLE_SECONDS = 10;

  /**
   * What is hung on a check goes on here when its answer has come. Who sends tokens that nobody
   * knows must not make threads without end.
   */
  static final ThreadPoolExecutor LATER =
      pool("symbolon-later", Math.max(16, 2 * Runtime.getRuntime().availableProcessors()));

  private Threads() {}

  /** In another thread, or in this one where no other can be had. */
  static void later(Runnable task) {
    try {
      LATER.execute(task);
    } catch (RuntimeException | Error none) {
      task.run();
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
