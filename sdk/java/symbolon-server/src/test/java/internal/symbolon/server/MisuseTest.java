package internal.symbolon.server;

import static internal.symbolon.server.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Answer;
import internal.symbolon.server.core.Asks;
import internal.symbolon.server.core.Bearer;
import internal.symbolon.server.core.Clock;
import internal.symbolon.server.core.VerifierState;
import io.grpc.Context;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What users do with a verifier that nobody meant. */
final class MisuseTest {
  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("symbolon-verifier"))
        .count();
  }

  /** One for each request: more than a server takes connections of one address. */
  @Test
  void tellsWhoMakesAThousandToMakeOne() {
    try (DemoServer server = new DemoServer()) {
      String token = server.issue();
      AtomicBoolean isTold = new AtomicBoolean();
      List<Verifier> many = new ArrayList<>();
      List<CompletableFuture<Optional<Caller>>> checks = new ArrayList<>();
      for (int index = 0; index < 1_000; index++) {
        Verifier each =
            server
                .verifier()
                .onWatchEnd(
                    (error, retryIn) -> {
                      if (error.getMessage().contains("make one verifier and keep it")) {
                        isTold.set(true);
                      }
                    })
                .build();
        many.add(each);
        checks.add(each.checkAsync(token).toCompletableFuture());
      }
      for (CompletableFuture<Optional<Caller>> check : checks) {
        Object answer = check.<Object>thenApply(Optional::isPresent).exceptionally(e -> e).join();
        if (answer instanceof Throwable failed) {
          SymbolonException error = SymbolonException.of(failed);
          assertTrue(error.retryable(), error.getMessage());
        } else {
          assertEquals(true, answer);
        }
      }
      eventually("told what to mend", isTold::get);
      many.forEach(Verifier::close);
      eventually("no thread is left", () -> threads() == 0);
      try (Verifier one = server.verifier().build()) {
        eventually("open", one::isOpen);
        assertTrue(one.check(token).isPresent());
      }
    }
  }

  @Test
  void isRightFromTenThousandVirtualThreads() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21");
    Object made = Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    ExecutorService threads = (ExecutorService) made;
    try (ScriptedServer server = new ScriptedServer();
        Verifier verifier = server.verifier().build()) {
      server.open(verifier);
      server.holds = true;
      List<Future<Optional<Caller>>> checks = new ArrayList<>();
      for (int index = 0; index < 10_000; index++) {
        String token = (index % 2 == 0 ? "live" : "dead") + index % 100;
        checks.add(threads.submit(() -> verifier.check(token)));
      }
      eventually("asked", () -> !server.calls.isEmpty());
      server.release();
      long live = 0;
      for (Future<Optional<Caller>> check : checks) {
        live += check.get().isPresent() ? 1 : 0;
      }
      assertEquals(5_000, live);
    } finally {
      threads.shutdownNow();
    }
  }

  /** As that of a header that is not there: 401 is right for it. */
  @Test
  void nullIsNotLive() {
    try (ScriptedServer server = new ScriptedServer();
        Verifier verifier = server.verifier().build()) {
      assertTrue(verifier.check(null).isEmpty());
      assertTrue(verifier.checkAsync(null).toCompletableFuture().join().isEmpty());
      assertTrue(server.calls.isEmpty());
    }
  }

  @Test
  void givesACheckUpAtAnInterruptAndLeavesItsCallToTheOthers() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Verifier verifier = server.verifier().build()) {
      server.open(verifier);
      server.holds = true;
      CompletableFuture<SymbolonException> error = new CompletableFuture<>();
      AtomicBoolean isStillInterrupted = new AtomicBoolean();
      Thread thread =
          new Thread(
              () -> {
                error.complete(assertThrows(SymbolonException.class, () -> verifier.check("live")));
                isStillInterrupted.set(Thread.currentThread().isInterrupted());
              });
      thread.start();
      eventually("asked", () -> !server.calls.isEmpty());
      CompletableFuture<Optional<Caller>> other = verifier.checkAsync("live").toCompletableFuture();
      thread.interrupt();
      thread.join();
      assertEquals(Status.Code.CANCELLED, error.join().code());
      assertTrue(isStillInterrupted.get());
      server.release();
      assertTrue(other.join().isPresent());
    }
  }

  @Test
  void givesACheckUpWithItsContextAndLeavesItsCallToTheOthers() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Verifier verifier = server.verifier().build()) {
      server.open(verifier);
      server.holds = true;
      Context.CancellableContext context = Context.ROOT.withCancellation();
      CompletableFuture<Optional<Caller>> first = new CompletableFuture<>();
      Thread thread =
          new Thread(
              context.wrap(
                  () -> {
                    try {
                      first.complete(verifier.check("live"));
                    } catch (SymbolonException error) {
                      first.completeExceptionally(error);
                    }
                  }));
      thread.start();
      eventually("asked", () -> !server.calls.isEmpty());
      CompletableFuture<Optional<Caller>> other = verifier.checkAsync("live").toCompletableFuture();
      context.cancel(new IllegalStateException("as the test has it"));
      SymbolonException error =
          SymbolonException.of(assertThrows(RuntimeException.class, first::join));
      assertEquals(Status.Code.CANCELLED, error.code());
      server.release();
      assertTrue(other.join().isPresent());
    }
  }

  @Test
  void showsNoTokenAndNoSecret() {
    try (ScriptedServer server = new ScriptedServer();
        Verifier verifier = server.verifier().build()) {
      VerifierState<Caller> state = new VerifierState<>(Clock.SYSTEM, 10, 10);
      Answer<Caller> answer =
          new Answer<>(1, verifier.check("live-scope").orElseThrow(), 1_000_000_000L);
      state.keep("live-scope", state.sending(), answer);
      List<Object> all = new ArrayList<>(List.of(verifier, server.verifier(), state, answer));
      all.add(state.entryOf("live-scope"));
      all.add(Bearer.of(List.of("Bearer live-scope")));
      all.add(new Asks.Batch<String, Object>(List.of("live-scope"), List.of(), state.sending()));
      all.add(SymbolonServerInterceptor.builder(verifier));
      all.add(SymbolonServerInterceptor.of(verifier));
      all.add(SymbolonFilter.of(verifier));
      for (Object each : all) {
        String shown = each.toString();
        assertFalse(shown.contains("live-scope") || shown.contains("sys_secret"), shown);
      }
    }
  }
}
