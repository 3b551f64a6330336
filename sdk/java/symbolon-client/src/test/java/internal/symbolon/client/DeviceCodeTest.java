package internal.symbolon.client;

import static internal.symbolon.client.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import internal.symbolon.v1.IssueRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in on a device without a browser, whose user decides as a test has it. */
final class DeviceCodeTest {
  private static final Duration FAR = Duration.ofSeconds(45);

  private final ScriptedTokens server = new ScriptedTokens();
  private final ManualClock clock = new ManualClock();
  private final Login login =
      Login.builder(server.address(), "app")
          .timeout(FAR)
          .scopes("read")
          .resource("orders")
          .build(clock);

  @AfterEach
  void stop() {
    login.close();
    server.close();
  }

  private static StatusRuntimeException refusal(String reason) {
    return ScriptedTokens.failure(Status.Code.FAILED_PRECONDITION, reason, null);
  }

  private static StatusRuntimeException slowDown(long seconds) {
    RetryInfo.Builder retry = RetryInfo.newBuilder();
    retry.getRetryDelayBuilder().setSeconds(seconds);
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason("SLOW_DOWN")
                        .setDomain("symbolon.internal")
                        .build()))
            .addDetails(Any.pack(retry.build()))
            .build());
  }

  private SymbolonException failed() {
    clock.isQuick = true;
    return assertThrows(SymbolonException.class, () -> login.signInWithDeviceCode(code -> {}));
  }

  @Test
  void asksUntilTheUserHasDecided() {
    clock.isQuick = true;
    server.refused.addAll(
        List.of(
            refusal("AUTHORIZATION_PENDING"),
            slowDown(1),
            refusal("AUTHORIZATION_PENDING"),
            slowDown(20),
            ScriptedTokens.failure(Status.Code.UNAVAILABLE, "", null),
            ScriptedTokens.failure(Status.Code.DEADLINE_EXCEEDED, "", null),
            refusal("AUTHORIZATION_PENDING")));
    login.signInWithDeviceCode(
        code -> {
          assertEquals("BCDF-GHJK", code.userCode());
          assertEquals("https://login.example.com/device", code.verificationUri());
          assertTrue(code.verificationUriComplete().endsWith("BCDF-GHJK"));
          assertEquals(Duration.ofMinutes(10), code.timeToLive());
          assertFalse(code.toString().contains("BCDF-GHJK"));
          assertEquals(List.of(), server.issues);
        });
    assertTrue(login.isSignedIn());
    // Each slow_down is 5 s more for good (RFC 8628 section 3.5), and a lost answer doubles.
    assertEquals(
        List.of(5_000L, 5_000L, 10_000L, 10_000L, 20_000L, 40_000L, 60_000L, 15_000L), clock.waits);
    assertEquals(List.of("read"), server.devices.get(0).getScopesList());
    assertEquals("orders", server.devices.get(0).getResource());
    IssueRequest issue = server.issues.get(0);
    assertEquals("device-code-secret", issue.getDeviceCode().getDeviceCode());
    assertEquals("orders", issue.getResource());
    assertEquals(List.of(), issue.getScopesList());
    assertEquals("", issue.getRequestId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ACCESS_DENIED", "EXPIRED_TOKEN", "INVALID_GRANT"})
  void endsAtOnceWhenItIsOver(String reason) {
    server.refused.add(refusal(reason));
    SymbolonException error = failed();
    assertEquals(Status.Code.FAILED_PRECONDITION, error.code());
    assertEquals(reason, error.reason());
    assertEquals(1, server.issues.size());
    assertFalse(login.isSignedIn());
  }

  @Test
  void asksNobodyAfterItsTime() {
    for (int times = 0; times < 200; times++) {
      server.refused.add(refusal("AUTHORIZATION_PENDING"));
    }
    SymbolonException error = failed();
    assertEquals(Status.Code.FAILED_PRECONDITION, error.code());
    assertEquals("EXPIRED_TOKEN", error.reason());
    // 600 s, by 5 s each.
    assertEquals(119, server.issues.size());
  }

  @Test
  void tellsThatTheTokensWereLost() {
    server.refused.add(ScriptedTokens.failure(Status.Code.UNAVAILABLE, "", null));
    server.refused.add(refusal("INVALID_GRANT"));
    SymbolonException error = failed();
    assertEquals(Status.Code.UNAVAILABLE, error.code());
    assertTrue(error.getMessage().endsWith("sign in again"), error.getMessage());
  }

  @Test
  void endsWithWhatTheAppThrows() {
    assertThrows(
        IllegalStateException.class,
        () ->
            login.signInWithDeviceCode(
                code -> {
                  throw new IllegalStateException("no screen");
                }));
    login.signInUser("ann", "password");
  }

  private void isGivenUp(Consumer<Thread> end) {
    CompletableFuture<ShownCode> shown = new CompletableFuture<>();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                login.signInWithDeviceCode(shown::complete);
                ended.complete(null);
              } catch (SymbolonException error) {
                ended.completeExceptionally(error);
              }
            });
    waiter.start();
    shown.join();
    eventually("waiting", () -> clock.waits.size() == 1);
    end.accept(waiter);
    CompletionException error = assertThrows(CompletionException.class, ended::join);
    assertEquals(Status.Code.CANCELLED, ((SymbolonException) error.getCause()).code());
    assertEquals(List.of(), server.issues);
  }

  @Test
  void isGivenUpByAnInterrupt() {
    isGivenUp(Thread::interrupt);
  }

  @Test
  void isGivenUpByASignOut() {
    isGivenUp(waiter -> login.signOut());
  }

  @Test
  void isGivenUpByClose() {
    isGivenUp(waiter -> login.close());
  }
}
