package internal.symbolon.client;

import io.grpc.Context;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Waits of sign-ins for their users. A sign-out ends them, and so do the thread and the app. */
final class Waits {
  private final LoginState state;
  private final Clock clock;
  private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();

  Waits(LoginState state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /** Null: it did not come in time. {@code signOutsBefore}: when the sign-in began. */
  <A> A await(CompletableFuture<A> future, long nanos, long signOutsBefore) {
    Context context = Context.current();
    Context.CancellationListener cancelled =
        ended -> future.completeExceptionally(givenUp(ended.cancellationCause()));
    underWay.add(future);
    context.addListener(cancelled, Runnable::run);
    try {
      // What ended before this was under way was not told to it.
      state.requireOpen();
      state.requireNotSignedOutSince(signOutsBefore);
      clock.await(future, nanos);
      return future.isDone() ? future.get() : null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw givenUp(interrupted);
    } catch (ExecutionException failed) {
      throw SymbolonException.of(failed);
    } finally {
      context.removeListener(cancelled);
      underWay.remove(future);
    }
  }

  private static SymbolonException givenUp(Throwable cause) {
    return SymbolonException.of(
        Status.Code.CANCELLED, "", "The sign-in was given up before the user had decided", cause);
  }

  /** All of them, once it can be seen why. */
  void giveUp() {
    for (CompletableFuture<?> each : underWay) {
      SymbolonException why = state.isClosed() ? LoginState.closed() : LoginState.signedOutSince();
      each.completeExceptionally(why);
    }
  }
}
