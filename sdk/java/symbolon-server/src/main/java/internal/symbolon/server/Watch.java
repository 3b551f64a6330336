package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Backoff;
import internal.symbolon.server.core.Stream;
import internal.symbolon.server.core.VerifierState;
import internal.symbolon.v1.ErrorReason;
import internal.symbolon.v1.WatchRevocationsRequest;
import internal.symbolon.v1.WatchRevocationsResponse;
import internal.symbolon.v1.WatchStart;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a stream to the server for as long as the verifier lives. All of it is in the one thread of
 * its executor: heartbeats, messages and ends.
 */
final class Watch {
  /** A stream that lived for as long as this was no failure. */
  private static final long HEALTHY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int ID_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String REPLACED =
      ErrorReason.ERROR_REASON_WATCHER_REPLACED.name().substring("ERROR_REASON_".length());

  private final VerifierState<Caller> state;
  private final Connection connection;
  private final ScheduledExecutorService executor;
  private final Executor listeners;
  private final Verifier.WatchEndListener listener;
  private String verifierId = newVerifierId();
  private Call call;
  private long begunAt;
  private int failures;
  private int silentLines;
  private ScheduledFuture<?> retry;
  private boolean isClosed;

  Watch(
      VerifierState<Caller> state,
      Connection connection,
      ScheduledExecutorService executor,
      Executor listeners,
      Verifier.WatchEndListener listener) {
    this.state = state;
    this.connection = connection;
    this.executor = executor;
    this.listeners = listeners;
    this.listener = listener;
  }

  void open() {
    executor.execute(this::begin);
    long period = VerifierState.HEARTBEAT_NANOS;
    executor.scheduleAtFixedRate(this::beat, period, period, TimeUnit.NANOSECONDS);
  }

  /** Something was mended: the next stream need not wait. */
  void retryNow() {
    executor.execute(
        () -> {
          // Also for a stream that is being begun, and is going to end by what was wrong.
          failures = 0;
          if (retry != null && retry.cancel(false)) {
            begin();
          }
        });
  }

  void close() {
    executor.execute(
        () -> {
          isClosed = true;
          Call last = call;
          call = null;
          if (last != null) {
            last.cancel();
          }
        });
  }

  private void begin() {
    retry = null;
    if (isClosed) {
      return;
    }
    begunAt = System.nanoTime();
    Call begun = new Call(state.begin());
    call = begun;
    try {
      begun.start();
    } catch (RuntimeException | Error error) {
      giveUp(begun, error);
    }
  }

  private void beat() {
    Call current = call;
    try {
      if (current == null) {
        beginWhatNobodyBegins();
      } else if (state.silentNanos() >= Backoff.patienceNanos(silentLines)) {
        silentLines += 1;
        connection.renew();
        giveUp(
            current,
            new SymbolonException(Status.Code.UNAVAILABLE, "the server answers no heartbeat"));
      } else if (current.isHeard || connection.isConnected()) {
        // Otherwise all would leave together once it is connected, and that is more than a server
        // takes.
        current.send(state.beat(), state.acknowledged());
      }
    } catch (RuntimeException | Error error) {
      // A task that throws is not run again, and no error is the last word: memory and threads that
      // are short now may be there in a moment.
      giveUpQuietly(current, error);
    }
  }

  /** Where an error came between the end of a stream and the plan for the next one. */
  private void beginWhatNobodyBegins() {
    if (retry == null || retry.isDone()) {
      begin();
    }
  }

  private void giveUpQuietly(Call given, Throwable error) {
    try {
      if (given != null) {
        giveUp(given, error);
      }
    } catch (RuntimeException | Error again) {
      // The stream is the current one no longer, and the next beat begins another. Nothing is noted
      // in an error here: the JVM keeps one for when memory is out, which can't be added to itself.
    }
  }

  private void received(Call from, byte[] bytes) {
    if (from != call) {
      return;
    }
    try {
      WatchRevocationsResponse response = WatchRevocationsResponse.parseFrom(bytes);
      switch (state.receive(from.stream, Messages.toMessage(response))) {
        case BROKEN ->
            giveUp(
                from, new SymbolonException(Status.Code.DATA_LOSS, "the server left out events"));
        case APPLIED -> {
          from.isHeard = true;
          silentLines = state.isOpen() ? 0 : silentLines;
          if (response.getAcknowledgeNow()) {
            from.send(0, state.acknowledged());
          }
        }
        case OLD -> from.cancel();
      }
    } catch (IOException | RuntimeException | Error error) {
      // It could not be read, or was applied in part: nothing that is kept can be trusted.
      state.lose();
      giveUp(from, error);
    }
  }

  private void giveUp(Call given, Throwable error) {
    try {
      ended(given, error);
    } finally {
      given.cancel();
    }
  }

  /** Of a stream that is the current one no longer, nothing matters. */
  private void ended(Call from, Throwable cause) {
    if (from != call) {
      return;
    }
    call = null;
    SymbolonException error = SymbolonException.of("The watch ended", cause);
    if (error.code() == Status.Code.OUT_OF_RANGE) {
      state.lose();
    }
    if (error.reason().equals(REPLACED)) {
      // Somebody else has this id, as two processes of one snapshot do.
      verifierId = newVerifierId();
      state.lose();
    }
    int earlier = System.nanoTime() - begunAt < HEALTHY_NANOS ? failures : 0;
    failures = earlier + 1;
    double retryAfterMs = error.retryAfter().map(Duration::toMillis).orElse(0L);
    double random = ThreadLocalRandom.current().nextDouble();
    boolean isHopeless = Refusal.isHopeless(error.code());
    long waitNanos = (long) (Backoff.waitMs(earlier, isHopeless, retryAfterMs, random) * 1_000_000);
    retry = executor.schedule(this::begin, waitNanos, TimeUnit.NANOSECONDS);
    if (error.code() == Status.Code.INTERNAL && !connection.isConnected()) {
      // No server said so: the channel itself is broken, and does not mend itself.
      connection.renew();
    }
    tell(error, Duration.ofNanos(waitNanos));
  }

  /** In a thread of its own: what it does and throws must not hold the watch. */
  private void tell(SymbolonException error, Duration retryIn) {
    try {
      listeners.execute(() -> listener.watchEnded(error, retryIn));
    } catch (RuntimeException | Error none) {
      // No thread is left. The watch matters more, and the next end is told again.
    }
  }

  private static String newVerifierId() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** One stream, and what gRPC says of it. */
  private final class Call extends ClientCall.Listener<byte[]> {
    private final Stream stream;
    private ClientCall<WatchRevocationsRequest, byte[]> client;
    private boolean isHeard;

    Call(Stream stream) {
      this.stream = stream;
    }

    void start() {
      client = connection.watch(executor);
      client.start(this, new Metadata());
      client.request(1);
      WatchStart.Builder start = WatchStart.newBuilder().setVerifierId(verifierId);
      stream.resumeRevision().ifPresent(start::setResumeRevision);
      WatchRevocationsRequest.Builder first = WatchRevocationsRequest.newBuilder().setStart(start);
      client.sendMessage(first.setHeartbeat(state.beat()).build());
    }

    void send(long heartbeat, long acknowledged) {
      WatchRevocationsRequest.Builder request = WatchRevocationsRequest.newBuilder();
      client.sendMessage(
          request.setHeartbeat(heartbeat).setAcknowledgedRevision(acknowledged).build());
    }

    void cancel() {
      if (client != null) {
        client.cancel("it is not needed any more", null);
      }
    }

    @Override
    public void onMessage(byte[] bytes) {
      received(this, bytes);
      client.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended(
          this,
          status.isOk()
              ? new SymbolonException(Status.Code.UNAVAILABLE, "the server ended the stream")
              : SymbolonException.of("The watch ended", status, trailers));
    }
  }
}
