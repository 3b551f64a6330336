package internal.symbolon.client;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractBlockingStub;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The calls of a login. Those that are under way end when it is closed. */
final class LoginCalls implements AutoCloseable {
  private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Channel channel;

  /** Null: the channel is its user's. */
  private final SymbolonChannel own;

  private final Clock clock;
  private final long limitNanos;
  private final Set<Context.CancellableContext> underWay = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  LoginCalls(Channel channel, SymbolonChannel own, Clock clock, long limitNanos) {
    this.channel = channel;
    this.own = own;
    this.clock = clock;
    this.limitNanos = limitNanos;
  }

  long limitNanos() {
    return limitNanos;
  }

  /** {@code doing}: what fails, as in "The login can't be refreshed". */
  <S extends AbstractBlockingStub<S>, A> Sent<A> once(
      String doing, Function<Channel, S> stub, Function<S, A> call) {
    return send(doing, stub, call, limitNanos);
  }

  /** The same request again where its answer was lost, which the server must be able to take. */
  <S extends AbstractBlockingStub<S>, A> Sent<A> repeated(
      String doing, Function<Channel, S> stub, Function<S, A> call, long limit) {
    long begunNanos = System.nanoTime();
    long sentNanos = clock.monotonicNanos();
    long sentMs = clock.wallMillis();
    long wait = FIRST_WAIT_NANOS;
    SymbolonException before = null;
    while (true) {
      long left = limit - (System.nanoTime() - begunNanos);
      try {
        // What was made, was perhaps made by the first call.
        return new Sent<>(send(doing, stub, call, Math.max(1, left)).answer, sentNanos, sentMs);
      } catch (SymbolonException error) {
        // That the time is over says less than why it was not enough.
        boolean saysLess = before != null && error.code() == Status.Code.DEADLINE_EXCEEDED;
        before = saysLess ? before : error;
        long asked = error.retryAfter().map(LoginCalls::nanosOf).orElse(0L);
        long next = Math.max(wait, asked);
        if (!isLost(error)) {
          throw error;
        }
        if (System.nanoTime() - begunNanos + next >= limit) {
          throw before;
        }
        pause(next, error);
      }
      wait = Math.min(2 * wait, MAX_WAIT_NANOS);
    }
  }

  /** Whether nobody knows what the server did. */
  static boolean isLost(SymbolonException error) {
    return switch (error.code()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> true;
      // What gRPC says of a line that broke: no server gave a reason.
      case CANCELLED, INTERNAL, UNKNOWN -> error.reason().isEmpty();
      default -> false;
    };
  }

  static long nanosOf(java.time.Duration span) {
    return span.compareTo(java.time.Duration.ofDays(1)) > 0
        ? TimeUnit.DAYS.toNanos(1)
        : span.toNanos();
  }

  /** Throws the error when the thread is interrupted. */
  private void pause(long nanos, SymbolonException error) {
    try {
      if (sleep(nanos)) {
        throw LoginState.closed();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw error;
    }
  }

  /** Whether who made a call gave it up, so that it was not lost on its way. */
  boolean isGivenUp() {
    return closed.getCount() == 0
        || Thread.currentThread().isInterrupted()
        || Context.current().isCancelled();
  }

  /** Whether it was closed meanwhile. */
  boolean sleep(long nanos) throws InterruptedException {
    return closed.await(nanos, TimeUnit.NANOSECONDS);
  }

  private <S extends AbstractBlockingStub<S>, A> Sent<A> send(
      String doing, Function<Channel, S> stub, Function<S, A> call, long nanos) {
    Context.CancellableContext context = Context.current().withCancellation();
    underWay.add(context);
    if (closed.getCount() == 0) {
      context.cancel(null);
    }
    Context before = context.attach();
    long sentNanos = clock.monotonicNanos();
    long sentMs = clock.wallMillis();
    try {
      S ready = stub.apply(channel).withDeadlineAfter(nanos, TimeUnit.NANOSECONDS);
      return new Sent<>(call.apply(ready), sentNanos, sentMs);
    } catch (StatusRuntimeException error) {
      throw closed.getCount() == 0 ? LoginState.closed() : SymbolonException.of(doing, error);
    } finally {
      context.detach(before);
      underWay.remove(context);
      context.cancel(null);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    underWay.forEach(context -> context.cancel(null));
    if (own != null) {
      own.close();
    }
  }
}
