package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Answer;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
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
  /**
   * What a check goes on with when its answer has come: as many threads as are busy, so that none
   * holds another up. They end by themselves.
   */
  static final Executor LATER = Executors.newCachedThreadPool(daemons("symbolon-later"));

  /** Far more than can end within the deadline of a call. */
  private static final int MAX_KILLED = 10_000;

  /** What a token can look like. Anything else is not live, and nobody need be asked. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,120}");

  private final VerifierState<Caller> state;
  private final Asks<Caller> asks;
  private final Connection connection;
  private final Watch watch;
  private final ScheduledThreadPoolExecutor executor;
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
    name = builder.toString();
    executor = new ScheduledThreadPoolExecutor(1, daemons("symbolon-verifier"));
    executor.setRemoveOnCancelPolicy(true);
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    watch = new Watch(state, connection, executor, builder.listener());
    watch.open();
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Begins a verifier.
   *
   * @param address {@code host:port} of the server, or another address that gRPC knows
   * @param clientId a confidential client of the tenant with the role INTROSPECT
   * @param clientSecret one of its secrets
   * @return what the verifier is made with
   * @throws SymbolonException when one of them is empty, or no address
   */
  public static VerifierBuilder builder(String address, String clientId, String clientSecret) {
    return new VerifierBuilder(address, clientId, clientSecret);
  }

  /**
   * Whom the token stands for. From memory it is answered at once; else the calling thread waits
   * for the server.
   *
   * @param token as the client sent it
   * @return empty when the token is not live
   * @throws SymbolonException when nothing is known of the token, also when the thread is
   *     interrupted, which stays so, and when gRPC's current {@code Context} is cancelled
   */
  public Optional<Caller> check(String token) {
    Entry<Caller> entry = token == null ? null : state.find(token);
    return entry != null ? entry.found() : await(ask(token, Runnable::run));
  }

  /**
   * Whom the token stands for, without waiting.
   *
   * @param token as the client sent it
   * @return done at once from memory; empty when the token is not live; a {@link SymbolonException}
   *     when nothing is known of it. What is hung on it may block: it has a thread of its own.
   */
  public CompletionStage<Optional<Caller>> checkAsync(String token) {
    Entry<Caller> entry = token == null ? null : state.find(token);
    return entry != null ? CompletableFuture.completedFuture(entry.found()) : ask(token, LATER);
  }

  private static Optional<Caller> await(CompletableFuture<Optional<Caller>> asked) {
    Context context = Context.current();
    Context.CancellationListener giveUp =
        cancelled ->
            asked.completeExceptionally(
                SymbolonException.of(
                    "The check was given up", Contexts.statusFromCancelled(cancelled), null));
    context.addListener(giveUp, Runnable::run);
    try {
      return asked.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw SymbolonException.of("The check was interrupted", interrupted);
    } catch (ExecutionException failed) {
      throw SymbolonException.of(failed);
    } finally {
      context.removeListener(giveUp);
    }
  }

  private CompletableFuture<Optional<Caller>> ask(String token, Executor later) {
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
    boolean isFirst =
        asks.ask(
            token,
            new Asks.Asker<>() {
              @Override
              public void answer(Optional<Caller> found) {
                later.execute(() -> asked.complete(found));
              }

              @Override
              public void fail(RuntimeException error) {
                later.execute(() -> asked.completeExceptionally(error));
              }
            });
    if (isFirst) {
      // What misses until that thread comes to it goes out together.
      executor.execute(this::send);
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
      } catch (RuntimeException error) {
        fail(batch, error, secret);
      }
    }
  }

  private void fail(Asks.Batch<Caller> batch, Throwable cause, int secret) {
    SymbolonException error =
        isClosed ? closed() : SymbolonException.of("The token can't be checked", cause);
    if (Refusal.isHopeless(error.code()) && secret == secrets.get()) {
      refusal = new Refusal(error, System.nanoTime());
    }
    batch.fail(error);
  }

  private static SymbolonException closed() {
    return new SymbolonException(Status.Code.CANCELLED, "The verifier is closed");
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
   * @throws SymbolonException when it is empty
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
  }

  @Override
  public String toString() {
    return name;
  }

  /** What the server says of a batch. */
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
      int count = response == null ? 0 : response.getAnswersCount();
      if (isClosed || count != batch.tokens().size()) {
        String message =
            "The server gave %d answers for %d tokens".formatted(count, batch.tokens().size());
        fail(batch, new SymbolonException(Status.Code.INTERNAL, message), secret);
        return;
      }
      refusal = null;
      List<Answer<Caller>> answers =
          response.getAnswersList().stream().map(Messages::toAnswer).toList();
      asks.answer(batch, answers);
    }
  }
}
