package internal.symbolon.client;

import java.util.concurrent.CompletableFuture;

/** One refresh, for all that wait for it. */
final class Flight {
  /** The new access token, or a {@link SymbolonException}. */
  final CompletableFuture<String> result = new CompletableFuture<>();

  private Thread thread;
  private boolean isGivenUp;

  /** In the calling thread, which gets interrupted when the flight is given up. */
  synchronized boolean begin() {
    thread = Thread.currentThread();
    return !isGivenUp;
  }

  /** No interrupt comes from here on. */
  synchronized void end() {
    thread = null;
    Thread.interrupted();
  }

  /** Its answer is not wanted any more. */
  synchronized void giveUp() {
    isGivenUp = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
