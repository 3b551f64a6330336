package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Asks;
import internal.symbolon.server.core.Clock;
import internal.symbolon.server.core.Entry;
import internal.symbolon.server.core.VerifierState;
import internal.symbolon.v1.BatchIntrospectResponse;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Tells whether tokens are live, from memory wherever it can. A token that was revoked is denied
 * within milliseconds, and after one second at most, whatever becomes of the network: a verifier
 * that hears nothing asks the server at each check.
 *
 * <p>Make one for each tenant that a process serves, keep it, and close it in the end. It is for
 * any number of threads, platform or virtual ones, and keeps no process alive.
 */
public final class Verifier implements AutoCloseable {
  /** A check has failed by then, with more than this to say. It is for what nobody foresaw. */
  private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Far more than can end within the deadline of a call. */
  private static final int MAX_KILLED = 10_000;

  /** What a token can look like. Anything else is not live, and nobody need be asked. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,120}");

  private final VerifierState<Caller> state;
  private final Asks<Caller> asks;
  private final Connection connection;
  private final Watch watch;
  final ScheduledThreadPoolExecutor executor;

  /** One thread, so that ends are told in their order. */
  final ThreadPoolExecutor listeners = Threads.pool("symbolon-listener", 1);

  /** What is hung on checks goes on here. */
  private final ForkJoinPool later = Threads.later();

  /** Tells of what all of those had no time for. */
  private final ThreadPoolExecutor latest = Threads.pool("symbolon-latest", 1);

  private final long limitNanos;
  private final String name;
  private volatile boolean isClosed;
  private volatile Refusal refusal;

  /** How many there were: what is sent with one says nothing of the next. */
  private final AtomicInteger secrets = new AtomicInteger();

  /** Is told when the watch ends and is begun again. Until then checks ask the server. */
  @FunctionalInterface
  public interface WatchEndListener {
    /**
     * Log it.
     *
     * @param error what ended the watch
     * @param retryIn when it is begun again
     */
    void watchEnded(SymbolonException error, Duration retryIn);
  }

  /** {@code clock}: another one in tests. */
  Verifier(VerifierBuilder builder, Clock clock) {
    connection = new Connection(builder::channel);
    state = new VerifierState<>(clock, builder.maxEntries(), MAX_KILLED);
    asks = new Asks<>(state);
    limitNanos = builder.timeout().toNanos() + SLACK_NANOS;
    name = builder.toString();
    executor = new ScheduledThreadPoolExecutor(1, Threads.daemons("symbolon-verifier"));
    executor.setRemoveOnCancelPolicy(true);
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    watch = new Watch(state, connection, executor, listeners, builder.listener());
    try {
      watch.open();
    } catch (RuntimeException | Error error) {
      // Nobody gets this verifier, and so nobody could close it.
      connection.close();
      executor.shutdownNow();
      throw error;
    }
  }

  /**
   * Begins a verifier.
   *
   * @param address {@code host:port} of the server, or another address that gRPC knows
   * @param clientId a confidential client of the tenant with the role INTROSPECT
   * @param clientSecret one of its secrets
   * @return what the verifier is made with
   * @throws SymbolonException when one of them is empty or has a line break, or is no address
   */
  public static VerifierBuilder builder(String address, String clientId, String clientSecret) {
    return new VerifierBuilder(address, clientId, clientSecret);
  }

  /**
   * Whom the token stands for. From memory it is answered at once; else the calling thread waits
   * for the server.
   *
   * @param token as the client sent it. Null is not live
   * @return empty when the token is not live
   * @throws SymbolonException when nothing is known of the token, also when the thread is
   *     interrupted, which stays so, and when gRPC's current {@code Context} is cancelled
   */
  public Optional<Caller> check(String token) {
    Entry<Caller> entry = token == null ? null : state.find(token);
    return entry != null ? entry.found() : await(ask(token));
  }

  /**
   * Whom the token stands for, without waiting.
   *
   * @param token as the client sent it. Null is not live
   * @return done at once from memory; empty when the token is not live; a {@link SymbolonException}
   *     when nothing is known of it. What is hung on it shares a few threads with all other checks
   *     of this verifier: give what blocks an executor of its own, as {@code thenAcceptAsync} takes
   *     one. It ends with DEADLINE_EXCEEDED where those threads have no time for it
   */
  public CompletionStage<Optional<Caller>> checkAsync(String token) {
    CompletableFuture<Optional<Caller>> asked = begin(token);
    if (asked.isDone() && !asked.isCompletedExceptionally()) {
      return asked;
    }
    CompletableFuture<Optional<Caller>> told = new CompletableFuture<>();
    if (asked.isDone()) {
      asked.whenComplete((found, error) -> tell(told, found, error));
      return told;
    }
    asked.whenComplete((found, error) -> Threads.run(later, () -> tell(told, found, error)));
    try {
      CompletableFuture<Void> limit = new CompletableFuture<>();
      limit.thenRun(() -> Threads.run(latest, () -> told.completeExceptionally(late())));
      limit.completeOnTimeout(null, limitNanos + SLACK_NANOS, TimeUnit.NANOSECONDS);
      told.whenComplete((found, error) -> limit.cancel(false));
    } catch (RuntimeException | Error error) {
      // No thread is there to wait.
      asked.completeExceptionally(unknown(error));
    }
    return told;
  }

  private static void tell(
      CompletableFuture<Optional<Caller>> told, Optional<Caller> found, Throwable error) {
    if (error == null) {
      told.complete(found);
    } else {
      told.completeExceptionally(error instanceof TimeoutException ? late() : error);
    }
  }

  /**
   * The same, but what is hung on it is run by the thread that brings the answer, and must not
   * block. It is sure to end; a TimeoutException says that nothing came.
   */
  CompletableFuture<Optional<Caller>> begin(String token) {
    Entry<Caller> entry = token == null ? null : state.find(token);
    if (entry != null) {
      return CompletableFuture.completedFuture(entry.found());
    }
    CompletableFuture<Optional<Caller>> asked = ask(token);
    try {
      return asked.orTimeout(limitNanos, TimeUnit.NANOSECONDS);
    } catch (RuntimeException | Error error) {
      // No thread is there to wait.
      asked.completeExceptionally(unknown(error));
      return asked;
    }
  }

  private static SymbolonException unknown(Throwable cause) {
    return SymbolonException.of("The token can't be checked", cause);
  }

  private static SymbolonException late() {
    return new SymbolonException(
        Status.Code.DEADLINE_EXCEEDED, "The token can't be checked: no answer came in time");
  }

  private Optional<Caller> await(CompletableFuture<Optional<Caller>> asked) {
    Context context = Context.current();
    Context.CancellationListener giveUp =
        cancelled ->
            asked.completeExceptionally(
                SymbolonException.of(
                    "The check was given up", Contexts.statusFromCancelled(cancelled), null));
    context.addListener(giveUp, Runnable::run);
    try {
      return asked.get(limitNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException never) {
      throw late();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw SymbolonException.of("The check was interrupted", interrupted);
    } catch (ExecutionException failed) {
      throw SymbolonException.of(failed);
    } finally {
      context.removeListener(giveUp);
    }
  }

  private CompletableFuture<Optional<Caller>> ask(String token) {
    Refusal refused = refusal;
    if (isClosed) {
      return CompletableFuture.failedFuture(closed());
    }
    if (token == null || !TOKEN.matcher(token).matches()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    if (refused != null && refused.isCurrent()) {
      return CompletableFuture.failedFuture(refused.error());
    }
    CompletableFuture<Optional<Caller>> asked = new CompletableFuture<>();
    try {
      if (asks.ask(token, new Waiting(asked))) {
        // What misses until that thread comes to it goes out together.
        executor.execute(this::send);
      }
    } catch (RuntimeException | Error error) {
      // Who joined waits for a sending that does not come.
      asked.completeExceptionally(unknown(error));
      asks.send().forEach(batch -> batch.fail(error));
    }
    if (isClosed) {
      // Closed meanwhile: nobody sends it any more.
      asks.send().forEach(batch -> batch.fail(closed()));
    }
    return asked;
  }

  private void send() {
    for (Asks.Batch<Caller> batch : asks.send()) {
      int secret = secrets.get();
      try {
        connection.introspect(batch.tokens(), new Reply(batch, secret));
      } catch (RuntimeException | Error error) {
        fail(batch, error, secret);
      }
    }
  }

  private void fail(Asks.Batch<Caller> batch, Throwable cause, int secret) {
    SymbolonException error = isClosed ? closed() : unknown(cause);
    if (Refusal.isHopeless(error.code()) && secret == secrets.get()) {
      refusal = new Refusal(error, System.nanoTime());
    }
    batch.fail(error);
  }

  private static SymbolonException closed() {
    return new SymbolonException(Status.Code.CANCELLED, "The verifier is closed: make a new one");
  }

  /**
   * Whether checks can be answered from memory now. They are right in either case.
   *
   * @return false while the server is not heard
   */
  public boolean isOpen() {
    return state.isOpen();
  }

  /**
   * How many tokens are kept.
   *
   * @return at most what was set
   */
  public int size() {
    return state.size();
  }

  /**
   * Goes on with another secret of the client: calls from now on carry it. Give it before the one
   * in use ends, and nothing is interrupted.
   *
   * @param clientSecret the new one
   * @throws SymbolonException when it is empty or has a line break
   */
  public void useClientSecret(String clientSecret) {
    connection.useClientSecret(clientSecret);
    secrets.incrementAndGet();
    refusal = null;
    watch.retryNow();
  }

  /** Ends the watch and forgets every token. Checks fail from here on. */
  @Override
  public void close() {
    isClosed = true;
    watch.close();
    state.close();
    connection.close();
    asks.send().forEach(batch -> batch.fail(closed()));
    executor.shutdown();
    // What is queued there still runs.
    later.shutdown();
  }

  @Override
  public String toString() {
    return name;
  }

  /** Who waits for what is said of a token. */
  private record Waiting(CompletableFuture<Optional<Caller>> asked) implements Asks.Asker<Caller> {
    @Override
    public void answer(Optional<Caller> found) {
      asked.complete(found);
    }

    @Override
    public void fail(Throwable error) {
      asked.completeExceptionally(unknown(error));
    }
  }

  /** What the server says of a batch. Nobody else ends the checks that wait for it. */
  private final class Reply implements StreamObserver<BatchIntrospectResponse> {
    private final Asks.Batch<Caller> batch;
    private final int secret;
    private BatchIntrospectResponse response;

    Reply(Asks.Batch<Caller> batch, int secret) {
      this.batch = batch;
      this.secret = secret;
    }

    @Override
    public void onNext(BatchIntrospectResponse answered) {
      response = answered;
    }

    @Override
    public void onError(Throwable error) {
      fail(batch, error, secret);
    }

    @Override
    public void onCompleted() {
      try {
        answer();
      } catch (RuntimeException | Error error) {
        fail(batch, error, secret);
      }
    }

    private void answer() {
      int count = response == null ? 0 : response.getAnswersCount();
      if (isClosed || count != batch.tokens().size()) {
        String message =
            "The server gave %d answers for %d tokens".formatted(count, batch.tokens().size());
        fail(batch, new SymbolonException(Status.Code.INTERNAL, message), secret);
        return;
      }
      refusal = null;
      asks.answer(batch, index -> Messages.toAnswer(response.getAnswers(index)));
    }
  }
}
