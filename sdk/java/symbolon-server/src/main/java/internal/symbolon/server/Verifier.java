package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Clock;
import internal.symbolon.server.core.Entry;
import internal.symbolon.server.core.Question;
import internal.symbolon.server.core.Verdict;
import internal.symbolon.server.core.VerifierState;
import internal.symbolon.v1.CheckResponse;
import internal.symbolon.v1.IntrospectResponse;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  /** Their answers fit a message, with every scope that a token can carry. */
  private static final int MAX_BATCH = 250;

  private final VerifierState<Caller> state;
  private final Inquiry<String, IntrospectResponse, Optional<Caller>> tokens;
  private final Inquiry<Question, CheckResponse, Access> questions;
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
    limitNanos = builder.timeout().toNanos() + SLACK_NANOS;
    name = builder.toString();
    executor = new ScheduledThreadPoolExecutor(1, Threads.daemons("symbolon-verifier"));
    executor.setRemoveOnCancelPolicy(true);
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    tokens =
        new Inquiry<>(
            "The token can't be checked",
            state::sending,
            MAX_BATCH,
            (token, sending, answer) -> state.keep(token, sending, Messages.toAnswer(answer)),
            connection::introspect,
            executor);
    questions =
        new Inquiry<>(
            "The permission can't be checked",
            state::sending,
            1,
            (question, sending, answer) ->
                Access.of(state.keep(question, sending, Messages.toVerdict(answer))),
            connection::check,
            executor);
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
    Entry<String, Optional<Caller>> entry = token == null ? null : state.find(token);
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
    return told(begin(token), tokens);
  }

  /**
   * Whether the bearer of the token may do this with the user or the device that the token stands
   * for, as {@link #checkPermission(String, Permission, AccessTarget)} tells.
   *
   * @param token as the client sent it. Null is not live
   * @param permission what the bearer wants to do
   * @return whether, and why
   * @throws SymbolonException when nothing is known
   */
  public Access checkPermission(String token, Permission permission) {
    return checkPermission(token, permission, AccessTarget.own());
  }

  /**
   * Whether the bearer of the token may do this. What is allowed is answered from memory for some
   * seconds, and ends with the token, the grant and the device within milliseconds, as tokens do.
   * What is not allowed is asked for each time, for the user may grant it in the next moment.
   *
   * @param token as the client sent it. Null is not live
   * @param permission what the bearer wants to do
   * @param target with whom or what
   * @return whether, and why
   * @throws SymbolonException when nothing is known, as of {@link #check}. It never means allowed
   */
  public Access checkPermission(String token, Permission permission, AccessTarget target) {
    Question question = questionOf(token, permission, target);
    Entry<Question, Verdict<Caller>> entry = token == null ? null : state.find(question);
    return entry != null ? Access.of(entry.found()) : await(ask(question));
  }

  /**
   * The same without waiting.
   *
   * @param token as the client sent it. Null is not live
   * @param permission what the bearer wants to do
   * @param target with whom or what
   * @return as of {@link #checkAsync}
   */
  public CompletionStage<Access> checkPermissionAsync(
      String token, Permission permission, AccessTarget target) {
    Question question = questionOf(token, permission, target);
    Entry<Question, Verdict<Caller>> entry = token == null ? null : state.find(question);
    if (entry != null) {
      return CompletableFuture.completedFuture(Access.of(entry.found()));
    }
    return told(limited(ask(question), questions), questions);
  }

  private static Question questionOf(String token, Permission permission, AccessTarget target) {
    Objects.requireNonNull(permission, "permission");
    return Objects.requireNonNull(target, "target").question(token, permission);
  }

  private <R> CompletionStage<R> told(CompletableFuture<R> asked, Inquiry<?, ?, ?> inquiry) {
    if (asked.isDone() && !asked.isCompletedExceptionally()) {
      return asked;
    }
    CompletableFuture<R> told = new CompletableFuture<>();
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
      asked.completeExceptionally(inquiry.unknown(error));
    }
    return told;
  }

  private static <R> void tell(CompletableFuture<R> told, R found, Throwable error) {
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
    Entry<String, Optional<Caller>> entry = token == null ? null : state.find(token);
    return entry != null
        ? CompletableFuture.completedFuture(entry.found())
        : limited(ask(token), tokens);
  }

  private <R> CompletableFuture<R> limited(CompletableFuture<R> asked, Inquiry<?, ?, ?> inquiry) {
    try {
      return asked.orTimeout(limitNanos, TimeUnit.NANOSECONDS);
    } catch (RuntimeException | Error error) {
      // No thread is there to wait.
      asked.completeExceptionally(inquiry.unknown(error));
      return asked;
    }
  }

  private static SymbolonException late() {
    return new SymbolonException(
        Status.Code.DEADLINE_EXCEEDED, "The token can't be checked: no answer came in time");
  }

  private <R> R await(CompletableFuture<R> asked) {
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
    if (!isClosed && !isToken(token)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return tokens.ask(token);
  }

  private CompletableFuture<Access> ask(Question question) {
    if (!isClosed && !isToken(question.token())) {
      return CompletableFuture.completedFuture(Access.NOT_LIVE);
    }
    return questions.ask(question);
  }

  private static boolean isToken(String token) {
    return token != null && TOKEN.matcher(token).matches();
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
    tokens.secretChanged();
    questions.secretChanged();
    watch.retryNow();
  }

  /** Ends the watch and forgets every token. Checks fail from here on. */
  @Override
  public void close() {
    isClosed = true;
    tokens.close();
    questions.close();
    watch.close();
    state.close();
    connection.close();
    tokens.failUnsent();
    questions.failUnsent();
    executor.shutdown();
    // What is queued there still runs.
    later.shutdown();
  }

  @Override
  public String toString() {
    return name;
  }
}
