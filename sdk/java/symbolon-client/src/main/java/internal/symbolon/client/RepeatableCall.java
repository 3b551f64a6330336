package internal.symbolon.client;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.InputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/** A unary call that is made once more when the service refused its token. */
final class RepeatableCall<Q, A> extends ClientCall<Q, A> {
  private final Login login;
  private final MethodDescriptor<Q, A> method;
  private final CallOptions options;
  private final Channel next;
  private final Executor executor;

  /** The second call is of the same one, with its deadline and those who may cancel it. */
  private final Context context = Context.current();

  /** Ends the call while neither the first nor the second one is under way. */
  private final Context.CancellationListener givenUp;

  private BearerCredentials credentials;
  private ClientCall<Q, A> call;
  private Listener<A> listener;
  private Metadata headers;
  private Q message;
  private int requested;
  private Boolean isCompressed;
  private Future<?> deadline;
  private boolean isHalfClosed;
  private boolean isBetween;
  private boolean isSecond;

  RepeatableCall(Login login, MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    this.login = login;
    this.method = method;
    this.options = options;
    this.next = next;
    // Where the call has none, its listener hears from the channel's.
    executor = options.getExecutor() == null ? Workers.POOL : options.getExecutor();
    givenUp =
        cancelled -> {
          Status status = Status.CANCELLED;
          if (cancelled.getDeadline() != null && cancelled.getDeadline().isExpired()) {
            status = Status.DEADLINE_EXCEEDED;
          }
          endBetween(status.withCause(cancelled.cancellationCause()), new Metadata());
        };
    call = made();
  }

  private ClientCall<Q, A> made() {
    credentials = login.bearer();
    return next.newCall(method, options.withCallCredentials(credentials));
  }

  @Override
  public void start(Listener<A> responses, Metadata sent) {
    listener = responses;
    headers = sent;
    call.start(new Responses(), copyOf(sent));
  }

  private static Metadata copyOf(Metadata metadata) {
    Metadata copy = new Metadata();
    copy.merge(metadata);
    return copy;
  }

  @Override
  public synchronized void request(int count) {
    requested = (int) Math.min(Integer.MAX_VALUE, (long) requested + count);
    if (!isBetween) {
      call.request(count);
    }
  }

  @Override
  public void cancel(String text, Throwable cause) {
    if (!endBetween(Status.CANCELLED.withDescription(text).withCause(cause), new Metadata())) {
      current().cancel(text, cause);
    }
  }

  @Override
  public synchronized void halfClose() {
    isHalfClosed = true;
    if (!isBetween) {
      call.halfClose();
    }
  }

  @Override
  public synchronized void sendMessage(Q sent) {
    message = sent;
    if (!isBetween) {
      call.sendMessage(sent);
    }
  }

  @Override
  public boolean isReady() {
    return current().isReady();
  }

  @Override
  public synchronized void setMessageCompression(boolean enabled) {
    isCompressed = enabled;
    if (!isBetween) {
      call.setMessageCompression(enabled);
    }
  }

  @Override
  public Attributes getAttributes() {
    return current().getAttributes();
  }

  private synchronized ClientCall<Q, A> current() {
    return call;
  }

  /** Whether there was a call between its first and its second time, which is over now. */
  private boolean endBetween(Status status, Metadata trailers) {
    synchronized (this) {
      if (!isBetween) {
        return false;
      }
      isBetween = false;
    }
    letGo();
    Workers.run(executor, context.wrap(() -> listener.onClose(status, trailers)));
    return true;
  }

  private void letGo() {
    context.removeListener(givenUp);
    Future<?> timer;
    synchronized (this) {
      timer = deadline;
      deadline = null;
    }
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /** Asks whether there is another token. The thread that calls does not wait. */
  private void ask(String token, Status status, Metadata trailers) {
    Deadline last = options.getDeadline();
    if (last != null) {
      Runnable late =
          () ->
              endBetween(
                  Status.DEADLINE_EXCEEDED.withDescription(
                      "the deadline passed while the token was renewed"),
                  new Metadata());
      Future<?> timer = last.runOnExpiration(late, Workers.TIMER);
      synchronized (this) {
        deadline = timer;
      }
    }
    context.addListener(givenUp, Runnable::run);
    login
        .refusedAsync(token)
        .whenComplete(
            (hasAnother, error) -> {
              if (error == null && hasAnother) {
                repeat();
              } else {
                endBetween(status, trailers);
              }
            });
  }

  /** One step, so that what its user does meanwhile comes after what was done before. */
  private void repeat() {
    synchronized (this) {
      if (!isBetween) {
        return;
      }
      Context before = context.attach();
      try {
        call = made();
        call.start(new Responses(), copyOf(headers));
      } finally {
        context.detach(before);
      }
      isBetween = false;
      if (requested > 0) {
        call.request(requested);
      }
      if (isCompressed != null) {
        call.setMessageCompression(isCompressed);
      }
      if (message != null) {
        call.sendMessage(message);
      }
      if (isHalfClosed) {
        call.halfClose();
      }
    }
    letGo();
  }

  /** Of the first call, and then of the second. */
  private final class Responses extends Listener<A> {
    private final BearerCredentials of = credentials;
    private Metadata first;
    private boolean isAnswered;

    @Override
    public void onHeaders(Metadata received) {
      // Until it is known that there is no second call, which has headers of its own.
      first = received;
    }

    private void tellHeaders() {
      Metadata told = first;
      first = null;
      if (told != null) {
        listener.onHeaders(told);
      }
    }

    @Override
    public void onMessage(A answer) {
      isAnswered = true;
      tellHeaders();
      listener.onMessage(answer);
    }

    @Override
    public void onReady() {
      listener.onReady();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      String token = of.sent();
      if (status.getCode() == Status.Code.UNAUTHENTICATED && token != null && mayRepeat()) {
        ask(token, status, trailers);
        return;
      }
      tellHeaders();
      listener.onClose(status, trailers);
    }

    private boolean mayRepeat() {
      synchronized (RepeatableCall.this) {
        boolean may = !isAnswered && !isSecond && !(message instanceof InputStream);
        isBetween = may;
        isSecond = isSecond || may;
        return may;
      }
    }
  }
}
