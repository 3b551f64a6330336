package internal.symbolon.server;

import static internal.symbolon.server.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import internal.symbolon.client.SymbolonException;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A verifier of the real server. */
final class RealServerTest {
  private static DemoServer server;

  @BeforeAll
  static void start() {
    server = new DemoServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void tellsTheCaller() {
    try (Verifier verifier = server.verifier().build()) {
      Caller caller = verifier.check(server.issue()).orElseThrow();
      assertEquals(CallerKind.USER, caller.kind());
      assertFalse(caller.subjectId().isEmpty());
      assertTrue(caller.expireTime().isAfter(caller.issueTime()));
      Caller service = verifier.check(server.issueForService()).orElseThrow();
      assertEquals(service.clientId(), service.subjectId());
    }
  }

  @Test
  void answersFromMemoryAndDeniesWhatWasRevoked() {
    try (Verifier verifier = server.verifier().build()) {
      String token = server.issue();
      eventually("open", verifier::isOpen);
      Caller first = verifier.check(token).orElseThrow();
      eventually("from memory", () -> verifier.check(token).orElseThrow() == first);
      assertEquals(1, verifier.size());
      server.revoke(token);
      eventually("denied", () -> verifier.check(token).isEmpty());
      assertEquals(0, verifier.size());
    }
  }

  @Test
  void isRightAtOnceFromManyThreads() {
    try (Verifier verifier = server.verifier().build()) {
      String token = server.issue();
      List<CompletableFuture<Optional<Caller>>> checks = new ArrayList<>();
      for (int index = 0; index < 200; index++) {
        checks.add(CompletableFuture.supplyAsync(() -> verifier.check(token), Threads.STREAMS));
        checks.add(verifier.checkAsync(token).toCompletableFuture());
        checks.add(verifier.checkAsync("sya_" + index).toCompletableFuture());
      }
      long live = checks.stream().map(CompletableFuture::join).filter(Optional::isPresent).count();
      assertEquals(400, live);
    }
  }

  @Test
  void tellsWhatIsWrongWithTheClient() {
    List<SymbolonException> ends = new CopyOnWriteArrayList<>();
    String id = server.text("service", "client_id");
    try (Verifier verifier =
        Verifier.builder(server.address(), id, "sys_wrong-secret")
            .onWatchEnd((error, retryIn) -> ends.add(error))
            .build()) {
      String token = server.issue();
      SymbolonException error = assertThrows(SymbolonException.class, () -> verifier.check(token));
      assertEquals(Status.Code.UNAUTHENTICATED, error.code());
      assertFalse(error.retryable());
      assertTrue(error.getMessage().contains("clientSecret"), error.getMessage());
      assertFalse(error.toString().contains("sys_wrong-secret"));
      assertFalse(error.toString().contains(token));
      eventually("told", () -> !ends.isEmpty());
      verifier.useClientSecret(server.text("service", "client_secret"));
      assertTrue(verifier.check(token).isPresent());
      eventually("open", verifier::isOpen);
    }
  }

  @Test
  void failsWhenClosed() {
    Verifier verifier = server.verifier().build();
    String token = server.issue();
    eventually("open", verifier::isOpen);
    assertTrue(verifier.check(token).isPresent());
    verifier.close();
    SymbolonException error = assertThrows(SymbolonException.class, () -> verifier.check(token));
    assertEquals(Status.Code.CANCELLED, error.code());
    assertFalse(verifier.isOpen());
    verifier.close();
  }

  @Test
  void stopsAtAnInterrupt() {
    try (Verifier verifier = Verifier.builder("127.0.0.1:9", "client", "sys_secret").build()) {
      Thread.currentThread().interrupt();
      SymbolonException error =
          assertThrows(SymbolonException.class, () -> verifier.check("sya_token"));
      assertEquals(Status.Code.CANCELLED, error.code());
      assertTrue(Thread.interrupted());
    }
  }
}
