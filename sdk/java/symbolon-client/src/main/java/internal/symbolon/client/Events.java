package internal.symbolon.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** Tells of events one after the other, without a lock held. */
final class Events {
  private final Consumer<LoginEvent> listener;
  private final Queue<LoginEvent> waiting = new ArrayDeque<>();
  private boolean isTelling;

  Events(Consumer<LoginEvent> listener) {
    this.listener = listener;
  }

  /** Is called where things happen, perhaps within a lock. {@link #tell} follows without one. */
  synchronized void add(LoginEvent event) {
    waiting.add(event);
  }

  /** In the calling thread, unless another one is at it, or this one further up. */
  void tell() {
    for (LoginEvent event = next(false); event != null; event = next(true)) {
      try {
        listener.accept(event);
      } catch (Throwable ignored) {
        // What a listener throws must not become an error of a call.
      }
    }
  }

  private synchronized LoginEvent next(boolean isMine) {
    if (isTelling && !isMine) {
      return null;
    }
    LoginEvent event = waiting.poll();
    isTelling = event != null;
    return event;
  }

  synchronized boolean isIdle() {
    return waiting.isEmpty() && !isTelling;
  }
}
