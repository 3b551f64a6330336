package internal.symbolon.server;

import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps what is said of a call until it is known who answers it, and then tells it in its order,
 * never two things at once. The handler of a call that was cancelled before is never begun.
 *
 * <p>A service that chose in which threads its handlers run must not get others. gRPC tells nobody
 * its executor, but brings what is asked for in it: so a call of one request asks for that request
 * when it is let in, and is begun by what comes. A stream of requests may want to hear something
 * first, and is begun in a thread of its own.
 */
final class PendingListener<Q, A> extends ServerCall.Listener<Q> {
  private static final System.Logger LOGGER =
      System.getLogger(PendingListener.class.getPackageName());

  private final Deque<Consumer<ServerCall.Listener<Q>>> waiting = new ArrayDeque<>();
  private final ServerCall<Q, A> call;

  /** Set once nothing waits any more: from then on everything goes through. */
  private volatile ServerCall.Listener<Q> open;

  /** What the next thing that is said begins. Null: nothing, or it is begun. */
  private Function<ServerCall<Q, A>, ServerCall.Listener<Q>> next;

  private boolean isBegun;
  private boolean isHalfClosed;

  PendingListener(ServerCall<Q, A> call) {
    this.call = call;
  }

  /** {@code admits} ends a call that is not let in. {@code handler} begins one that is. */
  void decided(BooleanSupplier admits, Function<ServerCall<Q, A>, ServerCall.Listener<Q>> handler) {
    try {
      if (open != null || !admits.getAsBoolean()) {
        leave();
      } else if (awaitsRequest(handler)) {
        call.request(1);
      } else {
        Threads.run(Threads.STREAMS, () -> begin(handler));
      }
    } catch (RuntimeException | Error error) {
      leave();
      end(error);
    }
  }

  /** Whether something is still to come of the client, in the executor of the server. */
  private synchronized boolean awaitsRequest(
      Function<ServerCall<Q, A>, ServerCall.Listener<Q>> handler) {
    // Who ended a call without its request sends nothing more.
    if (isHalfClosed || !call.getMethodDescriptor().getType().clientSendsOneMessage()) {
      return false;
    }
    next = handler;
    return true;
  }

  /** Nobody is told any more. */
  private synchronized void leave() {
    waiting.clear();
    next = null;
    open = new ServerCall.Listener<>() {};
  }

  private void begin(Function<ServerCall<Q, A>, ServerCall.Listener<Q>> handler) {
    synchronized (this) {
      if (open != null) {
        return;
      }
      isBegun = true;
    }
    try {
      tellAll(started(handler, call));
    } catch (RuntimeException | Error error) {
      // In this thread nobody else ends the call of a handler that throws.
      leave();
      end(error);
    }
  }

  /** One that is refused behind the guard has the status that it is refused with, as in gRPC. */
  private ServerCall.Listener<Q> started(
      Function<ServerCall<Q, A>, ServerCall.Listener<Q>> handler, ServerCall<Q, A> begun) {
    try {
      return handler.apply(begun);
    } catch (RuntimeException | Error error) {
      leave();
      end(error, Status.fromThrowable(error));
      return open;
    }
  }

  private void tellAll(ServerCall.Listener<Q> listener) {
    while (true) {
      Consumer<ServerCall.Listener<Q>> event;
      synchronized (this) {
        event = waiting.poll();
        if (event == null) {
          open = listener;
          return;
        }
      }
      event.accept(listener);
    }
  }

  /** As gRPC does it. */
  private void end(Throwable error) {
    String message = "Application error processing RPC";
    end(error, Status.UNKNOWN.withDescription(message).withCause(error));
  }

  private void end(Throwable error, Status status) {
    try {
      call.close(status, new Metadata());
    } catch (IllegalStateException ended) {
      // The handler had ended it before it threw.
      error.addSuppressed(ended);
    }
    LOGGER.log(System.Logger.Level.WARNING, "a handler threw", error);
  }

  private void tell(Consumer<ServerCall.Listener<Q>> event) {
    ServerCall.Listener<Q> listener = open;
    if (listener == null) {
      Function<ServerCall<Q, A>, ServerCall.Listener<Q>> handler;
      synchronized (this) {
        listener = open;
        handler = next;
        next = null;
        if (listener == null && handler == null) {
          waiting.add(event);
          return;
        }
      }
      if (handler != null) {
        listener = beginHere(handler);
      }
    }
    event.accept(listener);
  }

  /** In the executor of the server, which says one thing at a time and ends a call that throws. */
  private ServerCall.Listener<Q> beginHere(
      Function<ServerCall<Q, A>, ServerCall.Listener<Q>> handler) {
    ServerCall.Listener<Q> listener;
    synchronized (this) {
      isBegun = true;
    }
    try {
      listener = started(handler, new Asked<>(call));
      tellAll(listener);
    } catch (RuntimeException | Error error) {
      leave();
      throw error;
    }
    return listener;
  }

  @Override
  public void onMessage(Q message) {
    tell(listener -> listener.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    synchronized (this) {
      isHalfClosed = true;
    }
    tell(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    boolean isTold;
    synchronized (this) {
      isTold = isBegun;
      if (!isTold) {
        leave();
      }
    }
    if (isTold) {
      tell(ServerCall.Listener::onCancel);
    }
  }

  @Override
  public void onComplete() {
    tell(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    tell(ServerCall.Listener::onReady);
  }

  /** A call whose first request was asked for already. */
  private static final class Asked<Q, A>
      extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
    private final AtomicBoolean isCounted = new AtomicBoolean();

    Asked(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void request(int count) {
      int more = count > 0 && isCounted.compareAndSet(false, true) ? count - 1 : count;
      if (more != 0) {
        super.request(more);
      }
    }
  }
}
