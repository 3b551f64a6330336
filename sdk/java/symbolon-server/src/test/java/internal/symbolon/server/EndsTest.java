package internal.symbolon.server;

import static internal.symbolon.server.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import internal.symbolon.client.SymbolonException;
import internal.symbolon.v1.IntrospectResponse;
import internal.symbolon.v1.WatchRevocationsResponse;
import io.grpc.Metadata;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every check ends, whatever the server says and whatever there is no memory or thread for. */
final class EndsTest {
  private static final long FAR = 1L << 60;
  private static final Duration FAR_SPAN = Duration.ofSeconds(FAR);
  private static final ThreadFactory NO_THREADS =
      task -> {
        throw new OutOfMemoryError("as the test has it: no thread can be made");
      };

  private ScriptedServer server;

  @BeforeEach
  void start() {
    server = new ScriptedServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Status.Code failed(Verifier verifier, String token) {
    return assertThrows(SymbolonException.class, () -> verifier.check(token)).code();
  }

  private static SymbolonException failedLater(CompletableFuture<Optional<Caller>> check) {
    CompletionException end =
        assertThrows(CompletionException.class, check.orTimeout(45, TimeUnit.SECONDS)::join);
    return assertInstanceOf(SymbolonException.class, end.getCause());
  }

  @Test
  void nothingIsKnownOfATokenWhoseTimesAreNone() {
    Timestamp.Builder far = Timestamp.newBuilder().setSeconds(FAR);
    Timestamp.Builder nanos = Timestamp.newBuilder().setNanos(-1);
    for (Consumer<IntrospectResponse.Builder> change :
        List.<Consumer<IntrospectResponse.Builder>>of(
            answer -> answer.setExpireTime(far),
            answer -> answer.setExpireTime(nanos),
            answer -> answer.setIssueTime(far))) {
      server.change = answer -> changeOdd(answer, change);
      try (Verifier verifier = server.verifier().build()) {
        CompletableFuture<Optional<Caller>> odd = verifier.checkAsync("live").toCompletableFuture();
        // Others of the same call are answered.
        assertTrue(verifier.check("live-read").isPresent());
        SymbolonException error = failedLater(odd);
        assertEquals(Status.Code.INTERNAL, error.code());
        assertTrue(error.getMessage().contains("_time is not a time"), error.getMessage());
        assertEquals(Status.Code.INTERNAL, failed(verifier, "live"));
      }
    }
  }

  private static void changeOdd(
      IntrospectResponse.Builder answer, Consumer<IntrospectResponse.Builder> change) {
    if (answer.getScopesCount() == 0) {
      change.accept(answer);
    }
  }

  @Test
  void nothingIsKeptByASpanThatIsNone() {
    try (Verifier verifier = server.verifier().build()) {
      open(verifier, 0);
      // Times 10^9 it is positive, in 64 bits.
      server.change = answer -> answer.getTimeToLiveBuilder().setSeconds(-9_300_000_000L);
      assertTrue(verifier.check("live").isPresent());
      int calls = server.calls.size();
      assertTrue(verifier.check("live").isPresent());
      assertEquals(calls + 1, server.calls.size());
    }
  }

  /** By a stream after so many. One may be given up on a busy machine before it says something. */
  private void open(Verifier verifier, int streams) {
    eventually(
        "open",
        () -> {
          int count = server.streams.size();
          if (count <= streams || server.streams.get(count - 1).requests.isEmpty()) {
            return false;
          }
          try {
            server
                .streams
                .get(count - 1)
                .send(WatchRevocationsResponse.newBuilder().setRevision(1).setAfresh(true));
          } catch (StatusRuntimeException cancelled) {
            return false;
          }
          return verifier.isOpen();
        });
  }

  /** What a proxy may make of an error: details of another code. */
  private static Metadata detailsOfAnother() {
    return StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder().setCode(Code.DATA_LOSS_VALUE).build())
        .getTrailers();
  }

  @Test
  void endsWithAnErrorWhoseDetailsAreOdd() {
    for (Metadata odd :
        new Metadata[] {
          detailsOfAnother(),
          ScriptedServer.retryAfter(FAR_SPAN),
          ScriptedServer.retryAfter(FAR_SPAN.negated())
        }) {
      server.error = Status.UNAVAILABLE.withDescription("as the test has it");
      server.trailers = odd;
      try (Verifier verifier = server.verifier().build()) {
        SymbolonException error =
            assertThrows(SymbolonException.class, () -> verifier.check("live"));
        assertEquals(Status.Code.UNAVAILABLE, error.code());
        assertTrue(error.retryAfter().isEmpty());
      }
    }
  }

  @Test
  void watchesOnAfterAnErrorWhoseDetailsAreOdd() {
    try (Verifier verifier = server.verifier().build()) {
      int streams = 0;
      for (Metadata odd :
          new Metadata[] {
            detailsOfAnother(),
            ScriptedServer.retryAfter(FAR_SPAN),
            ScriptedServer.retryAfter(FAR_SPAN.negated())
          }) {
        open(verifier, streams);
        ScriptedStream last = server.streams.get(server.streams.size() - 1);
        streams = server.streams.size();
        last.fail(Status.UNAVAILABLE.asRuntimeException(odd));
      }
      open(verifier, streams);
    }
  }

  /** How many are held in threads of a verifier at most. */
  private static final int MOST = Math.max(16, 2 * Runtime.getRuntime().availableProcessors());

  @Test
  void makesNoThreadsWithoutEndForWhatBlocks() {
    CountDownLatch blocked = new CountDownLatch(1);
    try (Verifier verifier = server.verifier().build();
        Verifier other = server.verifier().build()) {
      AtomicInteger held = new AtomicInteger();
      CountDownLatch done = hold(verifier, 4 * MOST, held, blocked);
      eventually("all are answered", () -> verifier.size() == 4 * MOST);
      eventually("all threads are held", () -> held.get() >= MOST);
      // A check that waits is answered all the same, and so is what hangs on another verifier's.
      assertTrue(verifier.check("live-more").isPresent());
      assertTrue(soon(other.checkAsync("live").thenApply(Optional::isPresent)).join());
      assertEquals(MOST, held.get());
      blocked.countDown();
      eventually("all ended", () -> done.getCount() == 0);
    } finally {
      blocked.countDown();
    }
  }

  /** Checks on which something hangs that blocks. */
  private CountDownLatch hold(
      Verifier verifier, int count, AtomicInteger held, CountDownLatch blocked) {
    CountDownLatch done = new CountDownLatch(count);
    // Until something hangs on each of them.
    server.holds = true;
    for (int index = 0; index < count; index++) {
      verifier
          .checkAsync("live-" + index)
          .whenComplete(
              (found, error) -> {
                held.incrementAndGet();
                eventually("released", () -> blocked.getCount() == 0);
                done.countDown();
              });
    }
    eventually(
        "asked", () -> server.calls.stream().mapToInt(c -> c.tokens().size()).sum() == count);
    server.release();
    return done;
  }

  private static <T> CompletableFuture<T> soon(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(45, TimeUnit.SECONDS);
  }

  @Test
  void endsChecksThatWaitForOtherChecks() {
    try (Verifier verifier = server.verifier().build()) {
      List<CompletableFuture<Boolean>> checks = new ArrayList<>();
      for (int index = 0; index < 100; index++) {
        String second = "live-second" + index;
        // As who calls blocking code from what is not.
        checks.add(
            soon(
                verifier
                    .checkAsync("live-first" + index)
                    .thenApply(
                        first ->
                            soon(verifier.checkAsync(second)).join().isPresent()
                                && verifier.check(second + "x").isPresent())));
      }
      checks.forEach(check -> assertTrue(check.join()));
    }
  }

  @Test
  void endsInTimeWhereWhatHangsOnOtherChecksBlocks() {
    CountDownLatch blocked = new CountDownLatch(1);
    Verifier verifier = server.verifier().timeout(Duration.ofSeconds(5)).build();
    try {
      AtomicInteger held = new AtomicInteger();
      hold(verifier, MOST, held, blocked);
      eventually("all threads are held", () -> held.get() == MOST);
      SymbolonException error = failedLater(soon(verifier.checkAsync("live-more")));
      assertEquals(Status.Code.DEADLINE_EXCEEDED, error.code());
      // What is known at once needs none of them.
      verifier.close();
      assertTrue(verifier.checkAsync("live").toCompletableFuture().isDone());
    } finally {
      blocked.countDown();
      verifier.close();
    }
  }

  @Test
  void runsWhereNoThreadCanBeMade() {
    AtomicInteger runs = new AtomicInteger();
    Threads.run(
        task -> {
          throw new OutOfMemoryError("as the test has it");
        },
        runs::incrementAndGet);
    assertEquals(1, runs.get());
  }

  @Test
  void failsAtOnceWhereNothingCanBeSent() {
    try (Verifier verifier = server.verifier().build()) {
      verifier.executor.setRejectedExecutionHandler(new ThreadPoolExecutor.AbortPolicy());
      verifier.executor.shutdown();
      for (String token : new String[] {"live", "live", "live-other"}) {
        SymbolonException error =
            assertThrows(SymbolonException.class, () -> verifier.check(token));
        assertTrue(error.getCause() instanceof RejectedExecutionException, error.toString());
      }
      verifier.executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }
  }

  @Test
  void givesACallTwoSecondsByItself() {
    server.error = Status.UNAVAILABLE.withDescription("as the test has it");
    try (Verifier verifier =
        Verifier.builder("127.0.0.1:" + server.port(), "client", "sys_secret").build()) {
      eventually(
          "a call",
          () -> {
            verifier.checkAsync("live");
            return !server.calls.isEmpty();
          });
      assertTrue(server.leftMillis <= 2_000, server.leftMillis + " ms");
    }
  }

  @Test
  void failsInTimeWhateverBecameOfItsCall() {
    try (Verifier verifier = server.verifier().timeout(Duration.ofMillis(1)).build()) {
      // What is given to it now is lost.
      verifier.executor.shutdown();
      CompletableFuture<Optional<Caller>> later = verifier.checkAsync("live").toCompletableFuture();
      CompletableFuture<Optional<Caller>> waits =
          CompletableFuture.supplyAsync(() -> verifier.check("live"), Threads.STREAMS);
      assertEquals(Status.Code.DEADLINE_EXCEEDED, failedLater(waits).code());
      assertEquals(Status.Code.DEADLINE_EXCEEDED, failedLater(later).code());
    }
  }

  @Test
  void watchesOnWhereNoThreadIsLeftToTellOfAnEnd() {
    try (Verifier verifier = server.verifier().onWatchEnd((error, retryIn) -> {}).build()) {
      verifier.listeners.setThreadFactory(NO_THREADS);
      for (int index = 0; index < 2; index++) {
        open(verifier, index);
        server.streams.get(index).fail(Status.UNAVAILABLE.asRuntimeException());
      }
      open(verifier, 2);
    }
  }

  @Test
  void takesAnotherChannelWhereOneIsBroken() {
    FailingResolver resolver = new FailingResolver(server.port());
    NameResolverRegistry.getDefaultRegistry().register(resolver);
    try (Verifier verifier =
        Verifier.builder("failing:///server:1", "client", "sys_secret").plaintext(true).build()) {
      open(verifier, 0);
      assertTrue(verifier.check("live").isPresent());
      assertTrue(resolver.begun.get() > 1);
    } finally {
      NameResolverRegistry.getDefaultRegistry().deregister(resolver);
    }
  }

  @Test
  void watchesOnAfterErrorsInEveryPlace() {
    FailingClock clock = new FailingClock();
    try (Verifier verifier = server.verifier().build(clock)) {
      open(verifier, 0);
      clock.fails = true;
      eventually("errors", () -> clock.failures.get() > 10);
      int streams = server.streams.size();
      clock.fails = false;
      open(verifier, streams);
      assertFalse(verifier.check("live").isEmpty());
    }
  }
}
