package internal.symbolon.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Writes what the store could not take: beside calls, less often after each failure. */
final class LateSaves {
  private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LoginState state;
  private final SharedStore store;
  private final Events events;
  private final Clock clock;

  private boolean isUnderWay;
  private long waitNanos;
  private long notBeforeNanos;

  LateSaves(LoginState state, SharedStore store, Events events, Clock clock) {
    this.state = state;
    this.store = store;
    this.events = events;
    this.clock = clock;
  }

  /** Never blocks. */
  void beside(Held held) {
    if (store.isUnsaved(held.record) && begins()) {
      try {
        Workers.POOL.execute(this::attempt);
      } catch (RuntimeException | Error noThread) {
        ended(false);
      }
    }
  }

  private synchronized boolean begins() {
    boolean isDue = waitNanos == 0 || clock.monotonicNanos() - notBeforeNanos >= 0;
    boolean begins = isDue && !isUnderWay;
    isUnderWay = isUnderWay || begins;
    return begins;
  }

  private synchronized void ended(boolean isSaved) {
    isUnderWay = false;
    if (isSaved) {
      waitNanos = 0;
    } else {
      waitNanos = waitNanos == 0 ? FIRST_WAIT_NANOS : Math.min(2 * waitNanos, MAX_WAIT_NANOS);
      notBeforeNanos = clock.monotonicNanos() + waitNanos;
    }
  }

  private void attempt() {
    boolean isSaved = false;
    try {
      isSaved = isSaved();
    } finally {
      ended(isSaved);
      events.tell();
    }
  }

  private boolean isSaved() {
    Store.Lock lock;
    try {
      lock = store.lock();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } catch (SymbolonException busy) {
      return false;
    }
    try {
      Held held = state.last();
      if (held == null || !store.isUnsaved(held.record)) {
        return true;
      }
      SharedStore.Look look = store.look(held.record);
      if (look.seen != SharedStore.Seen.UNCHANGED) {
        // The next refresh sees what became of it.
        return false;
      }
      store.save(held.record, look.record);
      return !store.isUnsaved(held.record);
    } finally {
      lock.close();
    }
  }

  /** Once more before the end, for so long at most. */
  void last(long nanos) {
    Held held = state.last();
    if (held == null || !store.isUnsaved(held.record)) {
      return;
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    Workers.run(
        Workers.POOL,
        () -> {
          try {
            attempt();
          } finally {
            done.complete(null);
          }
        });
    Workers.await(done, nanos);
  }
}
