package internal.symbolon.server;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps what is said of a call until it is known who answers it, and then tells it in its order,
 * never two things at once. The handler of a call that was cancelled before is never begun.
 */
final class PendingListener<Q> extends ServerCall.Listener<Q> {
  private static final System.Logger LOGGER =
      System.getLogger(PendingListener.class.getPackageName());

  private final Deque<Consumer<ServerCall.Listener<Q>>> waiting = new ArrayDeque<>();

  /** Set once nothing waits any more: from then on everything goes through. */
  private volatile ServerCall.Listener<Q> open;

  private final ServerCall<Q, ?> call;
  private boolean isCancelled;

  PendingListener(ServerCall<Q, ?> call) {
    this.call = call;
  }

  /** {@code decide} begins the handler, or ends the call. */
  void start(Supplier<ServerCall.Listener<Q>> decide) {
    synchronized (this) {
      if (isCancelled) {
        waiting.clear();
        open = new ServerCall.Listener<>() {};
        return;
      }
    }
    ServerCall.Listener<Q> listener = new ServerCall.Listener<>() {};
    try {
      listener = decide.get();
      tellAll(listener);
    } catch (RuntimeException | Error error) {
      // In this thread nobody else ends the call of a handler that throws.
      synchronized (this) {
        waiting.clear();
        open = listener;
      }
      end(error);
    }
  }

  private void tellAll(ServerCall.Listener<Q> listener) {
    while (true) {
      Consumer<ServerCall.Listener<Q>> next;
      synchronized (this) {
        next = waiting.poll();
        if (next == null) {
          open = listener;
          return;
        }
      }
      next.accept(listener);
    }
  }

  /** As gRPC does it. */
  private void end(Throwable error) {
    String message = "Application error processing RPC";
    try {
      call.close(Status.UNKNOWN.withDescription(message).withCause(error), new Metadata());
    } catch (IllegalStateException ended) {
      // The handler had ended it before it threw.
      error.addSuppressed(ended);
    }
    LOGGER.log(System.Logger.Level.WARNING, "a handler threw", error);
  }

  private void tell(Consumer<ServerCall.Listener<Q>> event) {
    ServerCall.Listener<Q> listener = open;
    if (listener == null) {
      synchronized (this) {
        if (open == null) {
          waiting.add(event);
          return;
        }
        listener = open;
      }
    }
    event.accept(listener);
  }

  @Override
  public void onMessage(Q message) {
    tell(listener -> listener.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    tell(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    synchronized (this) {
      isCancelled = true;
    }
    tell(ServerCall.Listener::onCancel);
  }

  @Override
  public void onComplete() {
    tell(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    tell(ServerCall.Listener::onReady);
  }
}
