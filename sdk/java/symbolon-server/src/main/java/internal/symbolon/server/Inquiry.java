package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Asks;
import internal.symbolon.server.core.Sending;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What memory can't answer, by calls of one method: {@code K} is what is asked, {@code M} what the
 * server answers each, {@code R} what is told to who waits.
 */
final class Inquiry<K, M, R> {
  private final String doing;
  private final Asks<K, M, R> asks;
  private final Sender<K, M> sender;
  private final Executor executor;
  private volatile boolean isClosed;
  private volatile Refusal refusal;

  /** How many there were: what is sent with one says nothing of the next. */
  private final AtomicInteger secrets = new AtomicInteger();

  /** Makes a call. */
  @FunctionalInterface
  interface Sender<K, M> {
    /** Throws when no connection is to be made now. */
    void send(List<K> keys, StreamObserver<List<M>> observer);
  }

  /** {@code doing}: what fails, as in "The token can't be checked". */
  Inquiry(
      String doing,
      Supplier<Sending> sending,
      int maxBatch,
      Asks.Keeper<K, M, R> keeper,
      Sender<K, M> sender,
      Executor executor) {
    this.doing = doing;
    this.asks = new Asks<>(sending, maxBatch, keeper);
    this.sender = sender;
    this.executor = executor;
  }

  /** Fails with a {@link SymbolonException}. */
  CompletableFuture<R> ask(K key) {
    Refusal refused = refusal;
    if (isClosed) {
      return CompletableFuture.failedFuture(closed());
    }
    if (refused != null && refused.isCurrent()) {
      return CompletableFuture.failedFuture(refused.error());
    }
    CompletableFuture<R> asked = new CompletableFuture<>();
    try {
      if (asks.ask(key, new Waiting(asked))) {
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
      failUnsent();
    }
    return asked;
  }

  private void send() {
    for (Asks.Batch<K, R> batch : asks.send()) {
      int secret = secrets.get();
      try {
        sender.send(batch.keys(), new Reply(batch, secret));
      } catch (RuntimeException | Error error) {
        fail(batch, error, secret);
      }
    }
  }

  private void fail(Asks.Batch<K, R> batch, Throwable cause, int secret) {
    SymbolonException error = isClosed ? closed() : unknown(cause);
    if (Refusal.isHopeless(error.code()) && secret == secrets.get()) {
      refusal = new Refusal(error, System.nanoTime());
    }
    batch.fail(error);
  }

  SymbolonException unknown(Throwable cause) {
    return SymbolonException.of(doing, cause);
  }

  static SymbolonException closed() {
    return new SymbolonException(Status.Code.CANCELLED, "The verifier is closed: make a new one");
  }

  /** What is sent from now on carries another secret. */
  void secretChanged() {
    secrets.incrementAndGet();
    refusal = null;
  }

  /** Nothing is sent from here on. What waits to be sent fails at {@link #failUnsent}. */
  void close() {
    isClosed = true;
  }

  void failUnsent() {
    asks.send().forEach(batch -> batch.fail(closed()));
  }

  /** Who waits for an answer. */
  private final class Waiting implements Asks.Asker<R> {
    private final CompletableFuture<R> asked;

    Waiting(CompletableFuture<R> asked) {
      this.asked = asked;
    }

    @Override
    public void answer(R found) {
      asked.complete(found);
    }

    @Override
    public void fail(Throwable error) {
      asked.completeExceptionally(unknown(error));
    }
  }

  /** What the server says of a batch. Nobody else ends the checks that wait for it. */
  private final class Reply implements StreamObserver<List<M>> {
    private final Asks.Batch<K, R> batch;
    private final int secret;
    private List<M> answers = List.of();

    Reply(Asks.Batch<K, R> batch, int secret) {
      this.batch = batch;
      this.secret = secret;
    }

    @Override
    public void onNext(List<M> answered) {
      answers = answered;
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
      int count = answers.size();
      if (isClosed || count != batch.keys().size()) {
        String message =
            "The server gave %d answers for %d tokens".formatted(count, batch.keys().size());
        fail(batch, new SymbolonException(Status.Code.INTERNAL, message), secret);
        return;
      }
      refusal = null;
      asks.answer(batch, answers::get);
    }
  }
}
