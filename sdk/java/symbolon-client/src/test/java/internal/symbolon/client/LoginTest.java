package internal.symbolon.client;

import static internal.symbolon.client.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules of docs/login.md, one by one, against a server that a test plays. */
final class LoginTest {
  private static final Duration FAR = Duration.ofSeconds(45);

  private final ScriptedTokens server = new ScriptedTokens();
  private final ManualClock clock = new ManualClock();
  private final List<LoginEvent> events = new CopyOnWriteArrayList<>();
  private final MemoryStore store = new MemoryStore();
  private final Login login = open(store);

  @AfterEach
  void stop() {
    login.close();
    server.close();
  }

  private Login open(Store kept) {
    return Login.builder(server.address(), "app", "sys_secret")
        .timeout(FAR)
        .store(kept)
        .onEvent(events::add)
        .build(clock);
  }

  private static SymbolonException failed(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(SymbolonException.class, call);
  }

  private String signIn() {
    login.signInUser("ann", "password");
    return login.token();
  }

  private String told() {
    eventually("all told", login.events::isIdle);
    return events.stream().map(LoginEvent::toString).collect(Collectors.joining(", "));
  }

  private static io.grpc.StatusRuntimeException ended(String endedBy) {
    return ScriptedTokens.failure(
        Status.Code.FAILED_PRECONDITION, "INVALID_REFRESH_TOKEN", endedBy);
  }

  private static io.grpc.StatusRuntimeException notLive(String endedBy) {
    return ScriptedTokens.failure(Status.Code.FAILED_PRECONDITION, "INVALID_CREDENTIALS", endedBy);
  }

  @Test
  void asksForTokensOfItsResource() {
    server.hasRefresh = false;
    try (Login narrow =
        Login.builder(server.address(), "app", "sys_secret")
            .timeout(FAR)
            .resource("orders")
            .build(clock)) {
      narrow.signInUser("ann", "password");
      narrow.signInDevice("vendor-1", "password");
      narrow.signInAnonymously();
      narrow.signInClient();
      String first = narrow.token();
      clock.pass(Duration.ofHours(2));
      // It is begun again with what it was begun with.
      assertNotEquals(first, narrow.token());
    }
    List<String> all =
        server.issues.stream().map(each -> each.getResource()).collect(Collectors.toList());
    assertEquals(List.of("orders", "orders", "orders", "orders", "orders"), all);
    signIn();
    assertEquals("", server.issues.get(5).getResource());
  }

  // The token for a call.

  @Test
  void makesNoCallWhenNobodyIsSignedIn() {
    SymbolonException told = failed(login::token);
    assertEquals(Status.Code.UNAUTHENTICATED, told.code());
    assertTrue(told.getMessage().endsWith("sign in first"), told.getMessage());
    assertFalse(login.isSignedIn());
    assertTrue(login.currentUser().isEmpty());
    assertEquals(Status.Code.UNAUTHENTICATED, failed(login::exportTokens).code());
  }

  @Test
  void answersFromMemoryUntilTheMargin() {
    String token = signIn();
    clock.pass(Duration.ofMinutes(54));
    assertEquals(token, login.token());
    assertEquals(List.of(), server.refreshes);
  }

  @Test
  void hasAMarginOfAFifthOfAShortLife() {
    server.lifetimeSeconds = 100;
    String token = signIn();
    clock.pass(Duration.ofSeconds(75));
    assertEquals(token, login.token());
    assertEquals(List.of(), server.refreshes);
    clock.pass(Duration.ofSeconds(10));
    assertEquals(token, login.token());
    eventually("a refresh", () -> server.refreshes.size() == 1);
  }

  @Test
  void hasAMarginOfAFifthAndOfFiveMinutesAtMost() throws LoginRecord.NoRecordException {
    signIn();
    String text = login.exportTokens();
    long[][] margins = {{100, 20}, {1_000, 200}, {3_600, 300}, {1_000_000, 300}};
    for (long[] margin : margins) {
      String life = "\"lifetime_ms\":" + margin[0] * 1_000;
      Held held =
          Held.sentAt(LoginRecord.parse(text.replaceFirst("\"lifetime_ms\":\\d+", life)), 0);
      long end = TimeUnit.SECONDS.toNanos(margin[0] - margin[1]);
      assertTrue(held.isFresh(end - 1), life);
      assertFalse(held.isFresh(end), life);
    }
  }

  @Test
  void refreshesBesideTheCallsWithinTheMargin() {
    String token = signIn();
    server.gate = new CountDownLatch(1);
    clock.pass(Duration.ofMinutes(56));
    assertEquals(token, login.token());
    eventually("a refresh", () -> server.refreshes.size() == 1);
    // It is under way, and nobody waits for it.
    assertEquals(token, login.token());
    server.gate.countDown();
    eventually("another", () -> !login.token().equals(token));
    assertEquals(1, server.refreshes.size());
    assertEquals("signed_in, refreshed", told());
  }

  @Test
  void beginsNoRefreshThatGainsNothing() {
    server.loginSeconds = server.lifetimeSeconds;
    String token = signIn();
    clock.pass(Duration.ofMinutes(59));
    assertEquals(token, login.token());
    // Another call, after which one that had begun before would have come.
    assertFalse(login.refused(token));
    assertEquals(List.of(), server.refreshes);
    clock.pass(Duration.ofMinutes(2));
    assertEquals(Status.Code.UNAUTHENTICATED, failed(login::token).code());
    assertEquals(List.of(), server.refreshes);
    assertEquals("signed_in, signed_out: expired", told());
  }

  @Test
  void refreshesOnceForAThousandThreads() throws InterruptedException {
    String token = signIn();
    server.gate = new CountDownLatch(1);
    clock.pass(Duration.ofHours(2));
    Set<String> got = ConcurrentHashMap.newKeySet();
    CountDownLatch done = new CountDownLatch(1_000);
    for (int index = 0; index < 1_000; index++) {
      Thread thread =
          new Thread(
              () -> {
                got.add(login.token());
                done.countDown();
              });
      thread.setDaemon(true);
      thread.start();
    }
    eventually("a refresh", () -> server.refreshes.size() == 1);
    server.gate.countDown();
    assertTrue(done.await(45, TimeUnit.SECONDS));
    assertEquals(1, got.size());
    assertFalse(got.contains(token));
    assertEquals(1, server.refreshes.size());
  }

  @Test
  void endsNoRefreshOfOthersWhenOneGivesUp() throws Exception {
    signIn();
    server.gate = new CountDownLatch(1);
    clock.pass(Duration.ofHours(2));
    CompletableFuture<String> impatient = login.tokenAsync();
    CompletableFuture<String> patient = login.tokenAsync();
    CompletableFuture<SymbolonException> interrupted = new CompletableFuture<>();
    Thread thread = new Thread(() -> interrupted.complete(failed(login::token)));
    thread.start();
    eventually("a refresh", () -> server.refreshes.size() == 1);
    impatient.cancel(true);
    thread.interrupt();
    assertEquals(Status.Code.CANCELLED, interrupted.get(45, TimeUnit.SECONDS).code());
    server.gate.countDown();
    assertEquals(login.token(), patient.get(45, TimeUnit.SECONDS));
    assertEquals(1, server.refreshes.size());
  }

  @Test
  void endsWithItsTokenWhereNothingRenewsIt() {
    server.hasRefresh = false;
    signIn();
    clock.pass(Duration.ofHours(2));
    assertFalse(login.isSignedIn());
    assertEquals("signed_in, signed_out: expired", told());
    eventually("nothing kept", () -> store.load().isEmpty());
  }

  @Test
  void beginsAClientsLoginAgain() {
    server.hasRefresh = false;
    login.signInClient();
    String token = login.token();
    clock.pass(Duration.ofHours(2));
    assertTrue(login.isSignedIn());
    assertNotEquals(token, login.token());
    assertEquals("sys_secret", server.issues.get(1).getClientSecret().getClientSecret());
    assertEquals(List.of("read"), server.issues.get(1).getScopesList());
    assertEquals("signed_in, refreshed", told());
  }

  @Test
  void beginsAnAnonymousLoginAgain() {
    server.hasRefresh = false;
    login.signInAnonymously();
    String token = login.token();
    clock.pass(Duration.ofMinutes(57));
    assertEquals(token, login.token());
    eventually("another", () -> !login.token().equals(token));
    assertTrue(server.issues.get(1).hasAnonymous());
  }

  @Test
  void countsByNoClockOfTheServerAndNotByTheWall() {
    clock.leap(Duration.ofHours(2));
    String token = signIn();
    clock.leap(Duration.ofHours(-400));
    assertEquals(token, login.token());
    clock.leap(Duration.ofHours(4_000));
    assertEquals(token, login.token());
    assertTrue(login.isSignedIn());
    assertEquals(List.of(), server.refreshes);
  }

  // A refresh.

  @Test
  void sendsTheSameRefreshTokenAgainAfterALostAnswer() {
    signIn();
    server.lost.add(Status.UNAVAILABLE.asRuntimeException());
    server.lost.add(Status.DEADLINE_EXCEEDED.asRuntimeException());
    clock.pass(Duration.ofHours(2));
    login.token();
    assertEquals(3, server.refreshes.size());
    assertEquals(1, Set.copyOf(server.refreshes).size());
    assertEquals("signed_in, refreshed", told());
  }

  @Test
  void isOverWhenTheTimeForACallIs() {
    try (Login quick =
        Login.builder(server.address(), "app").timeout(Duration.ofMillis(700)).build(clock)) {
      quick.signInUser("ann", "password");
      server.refusal = Status.UNAVAILABLE.asRuntimeException();
      clock.pass(Duration.ofHours(2));
      assertEquals(Status.Code.UNAVAILABLE, failed(quick::token).code());
      // After 0, 100 and 300 ms, unless the machine is slow.
      assertTrue(server.refreshes.size() <= 3, server.refreshes.size() + " calls");
      assertTrue(quick.isSignedIn());
    }
  }

  @Test
  void keepsTheNewRecordBeforeACallGetsItsToken() {
    List<String> order = new CopyOnWriteArrayList<>();
    Store watched = new Watched(new MemoryStore(), text -> order.add("kept"));
    try (Login other = open(watched)) {
      other.signInUser("ann", "password");
      clock.pass(Duration.ofHours(2));
      other.tokenAsync().thenAccept(token -> order.add("told")).join();
      assertEquals(List.of("kept", "kept", "told"), order);
    }
  }

  @Test
  void goesOnInMemoryWhereTheStoreCantBeWritten() {
    boolean[] isBroken = {true};
    MemoryStore beneath = new MemoryStore();
    Store broken =
        new Watched(
            beneath,
            text -> {
              if (isBroken[0]) {
                throw new IllegalStateException("the disk is full");
              }
            });
    try (Login other = open(broken)) {
      other.signInUser("ann", "password");
      clock.pass(Duration.ofHours(2));
      String token = other.token();
      assertTrue(beneath.load().isEmpty());
      eventually("told", () -> events.size() == 4);
      assertTrue(events.get(0).toString().startsWith("store_failed"), events.toString());
      isBroken[0] = false;
      clock.pass(Duration.ofHours(2));
      assertNotEquals(token, other.token());
      assertTrue(beneath.load().isPresent());
    }
  }

  @Test
  void keepsItsTokenAndWaitsLongerAfterEachFailure() {
    String token = signIn();
    server.refusal = Status.RESOURCE_EXHAUSTED.asRuntimeException();
    clock.pass(Duration.ofMinutes(56));
    assertEquals(token, login.token());
    eventually("a refresh", () -> server.refreshes.size() == 1);
    refreshesAfter(Duration.ofMillis(900), 1);
    refreshesAfter(Duration.ofMillis(200), 2);
    refreshesAfter(Duration.ofMillis(1_900), 2);
    refreshesAfter(Duration.ofMillis(200), 3);
    assertTrue(login.isSignedIn());
    assertEquals("signed_in", told());
  }

  /** So many in all. Asks twice, for the first failure may be on its way. */
  private void refreshesAfter(Duration span, int count) {
    try {
      // Until the failure before was noted.
      Thread.sleep(150);
    } catch (InterruptedException impossible) {
      throw new IllegalStateException(impossible);
    }
    clock.pass(span.minusMillis(150));
    login.token();
    if (server.refreshes.size() < count) {
      eventually("a refresh", () -> server.refreshes.size() == count);
    }
    assertEquals(count, server.refreshes.size());
  }

  @Test
  void signsOutForWhatEndedIt() {
    String[][] reasons = {
      {"PASSWORD_CHANGED", "password_changed"},
      {"DISABLED", "disabled"},
      {"DELETED", "deleted"},
      {"REFRESH_REUSE", "revoked"},
      {"SOMETHING_NEW", "revoked"},
      {"EXPIRED", "expired"},
    };
    for (String[] reason : reasons) {
      events.clear();
      server.refusal = null;
      signIn();
      server.refusal = ended(reason[0]);
      clock.pass(Duration.ofHours(2));
      assertEquals(Status.Code.UNAUTHENTICATED, failed(login::token).code());
      assertEquals("signed_in, signed_out: " + reason[1], told());
      assertTrue(store.load().isEmpty());
      assertFalse(login.isSignedIn());
    }
  }

  @Test
  void usesTheTokenForAsLongAsItLastsWhereTheServerKnowsNothingOfTheLogin() {
    String token = signIn();
    server.refusal = ended(null);
    clock.pass(Duration.ofMinutes(56));
    assertEquals(token, login.token());
    eventually("a refresh", () -> server.refreshes.size() == 1);
    clock.pass(Duration.ofMinutes(3));
    assertEquals(token, login.token());
    clock.pass(Duration.ofMinutes(3));
    assertEquals(Status.Code.UNAUTHENTICATED, failed(login::token).code());
    assertEquals("signed_in, signed_out: revoked", told());
    assertEquals(1, server.refreshes.size());
  }

  @Test
  void beginsAClientsLoginAgainWhenItsRefreshTokenEnded() {
    login.signInClient();
    String token = login.token();
    server.refusal = ended("REVOKED");
    clock.pass(Duration.ofHours(2));
    assertNotEquals(token, login.token());
    assertEquals(2, server.issues.size());
    assertEquals("signed_in, refreshed", told());
  }

  @Test
  void hasOneLimitForARefreshWithAllThatItDoesAgain() {
    login.signInClient();
    server.lost.add(Status.UNAVAILABLE.asRuntimeException());
    server.lost.add(Status.UNAVAILABLE.asRuntimeException());
    server.lost.add(ended("REVOKED"));
    clock.pass(Duration.ofHours(2));
    login.token();
    assertEquals(3, server.refreshes.size());
    // The repeats waited for 100 and 200 ms.
    assertTrue(server.issueMillis <= 9_700, server.issueMillis + " ms");
  }

  @Test
  void dropsTheAnswerOfARefreshThatWasSignedOutMeanwhile() throws Exception {
    signIn();
    server.gate = new CountDownLatch(1);
    clock.pass(Duration.ofHours(2));
    CompletableFuture<String> waiting = login.tokenAsync();
    eventually("a refresh", () -> server.refreshes.size() == 1);
    assertTrue(login.signOut());
    server.gate.countDown();
    assertThrows(Exception.class, () -> waiting.get(45, TimeUnit.SECONDS));
    assertTrue(store.load().isEmpty());
    assertFalse(login.isSignedIn());
    assertEquals("signed_in, signed_out: signed_out", told());
  }

  @Test
  void dropsAnAnswerThatHadComeWhenItWasSignedOut() {
    MemoryStore beneath = new MemoryStore();
    Login[] self = new Login[1];
    CountDownLatch first = new CountDownLatch(1);
    Store slow =
        new Watched(
            beneath,
            text -> {
              if (first.getCount() == 0) {
                CompletableFuture.runAsync(self[0]::signOut);
                eventually("signed out", () -> !self[0].isSignedIn());
              }
            });
    try (Login other = open(slow)) {
      self[0] = other;
      other.signInUser("ann", "password");
      first.countDown();
      clock.pass(Duration.ofHours(2));
      failed(other::token);
      eventually("nothing kept", () -> beneath.load().isEmpty() && server.revokes.size() == 1);
      assertFalse(other.isSignedIn());
      assertEquals("[signed_in, signed_out: signed_out]", events.toString());
    }
  }

  @Test
  void dropsTheAnswerOfARefreshWhenAnotherSignsIn() {
    signIn();
    server.gate = new CountDownLatch(1);
    clock.pass(Duration.ofHours(2));
    login.tokenAsync();
    eventually("a refresh", () -> server.refreshes.size() == 1);
    String refresh = server.refreshes.get(0);
    login.signInUser("bob", "password");
    String token = login.token();
    server.gate.countDown();
    assertEquals(token, login.token());
    assertTrue(store.load().orElseThrow().contains(token));
    assertEquals("signed_in, signed_in", told());
    // The login that was there before.
    assertEquals(List.of(refresh), server.revokes);
  }

  @Test
  void isSignedOutByNoErrorAboutTheClient() {
    signIn();
    server.refusal = ScriptedTokens.failure(Status.Code.UNAUTHENTICATED, "INVALID_CLIENT", null);
    clock.pass(Duration.ofHours(2));
    failed(login::token);
    server.refusal = Status.PERMISSION_DENIED.asRuntimeException();
    failed(login::token);
    assertTrue(login.isSignedIn());
    assertEquals("signed_in", told());
    server.refusal = null;
    login.token();
  }

  // After UNAUTHENTICATED.

  @Test
  void hasAnotherTokenByNow() {
    signIn();
    assertTrue(login.refused("an older one"));
    assertEquals(List.of(), server.describes);
  }

  @Test
  void refreshesNothingForATokenThatIsLive() {
    String token = signIn();
    assertFalse(login.refused(token));
    assertEquals(List.of(token), server.describes);
    assertEquals(List.of(), server.refreshes);
    assertEquals(token, login.token());
  }

  @Test
  void refreshesATokenThatIsNotLive() {
    String token = signIn();
    server.notLive = notLive("EXPIRED");
    assertTrue(login.refused(token));
    assertNotEquals(token, login.token());
    assertEquals(1, server.refreshes.size());
  }

  @Test
  void answersNoTokenThatIsKnownToHaveEnded() {
    String token = signIn();
    server.notLive = notLive(null);
    server.refusal = Status.INTERNAL.asRuntimeException();
    assertFalse(login.refused(token));
    assertEquals(Status.Code.INTERNAL, failed(login::token).code());
    assertTrue(login.isSignedIn());
  }

  @Test
  void signsOutWhatNothingRenewsForWhatEndedIt() {
    server.hasRefresh = false;
    String token = signIn();
    server.notLive = notLive("PASSWORD_CHANGED");
    assertFalse(login.refused(token));
    assertEquals("signed_in, signed_out: password_changed", told());
  }

  @Test
  void forgetsNothingWhereTheTokenCantBeDescribed() {
    String token = signIn();
    server.notLive = Status.PERMISSION_DENIED.asRuntimeException();
    assertFalse(login.refused(token));
    assertEquals(token, login.token());
    assertEquals("signed_in", told());
  }

  @Test
  void asksOnceForManyThatAreRefusedAtOnce() {
    String token = signIn();
    server.notLive = notLive(null);
    server.gate = new CountDownLatch(1);
    List<CompletableFuture<Boolean>> all = new CopyOnWriteArrayList<>();
    for (int index = 0; index < 100; index++) {
      all.add(login.refusedAsync(token));
    }
    eventually("a refresh", () -> server.refreshes.size() == 1);
    server.gate.countDown();
    all.forEach(each -> assertTrue(each.join()));
    assertEquals(1, server.describes.size());
    assertEquals(1, server.refreshes.size());
  }

  // Signing in.

  @Test
  void sendsTheSameRequestAgainAfterALostAnswer() {
    server.lost.add(Status.UNAVAILABLE.asRuntimeException());
    signIn();
    assertEquals(2, server.issues.size());
    assertEquals(server.issues.get(0), server.issues.get(1));
    assertEquals(36, server.issues.get(0).getRequestId().length());
  }

  @Test
  void changesNothingWhenASignInFails() {
    String token = signIn();
    server.lost.add(ScriptedTokens.failure(Status.Code.FAILED_PRECONDITION, "LOGIN_LOCKED", null));
    assertEquals("LOGIN_LOCKED", failed(() -> login.signInUser("bob", "wrong")).reason());
    assertEquals(token, login.token());
    assertEquals("signed_in", told());
    assertEquals(List.of(), server.revokes);
  }

  @Test
  void letsOneSignInAtATime() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    Store slow = new Watched(new MemoryStore(), text -> await(gate));
    try (Login other = open(slow)) {
      CompletableFuture<Void> first =
          CompletableFuture.runAsync(() -> other.signInUser("ann", "password"));
      eventually("the first", () -> server.issues.size() == 1);
      SymbolonException told = failed(() -> other.signInUser("ann", "password"));
      assertEquals(Status.Code.FAILED_PRECONDITION, told.code());
      assertEquals(1, server.issues.size());
      gate.countDown();
      first.get(45, TimeUnit.SECONDS);
    }
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void goesOnAfterARestart() {
    String token = signIn();
    String text = login.exportTokens();
    clock.leap(Duration.ofMinutes(30));
    try (Login other = open(new MemoryStore())) {
      other.resume(text);
      assertEquals(token, other.token());
      clock.pass(Duration.ofMinutes(27));
      assertEquals(token, other.token());
      eventually("a refresh", () -> server.refreshes.size() == 1);
    }
  }

  @Test
  void asksTheServerWhetherALoginIsOverWhoseClockWasSet() {
    signIn();
    clock.leap(Duration.ofDays(4_000));
    try (Login other = open(store)) {
      assertFalse(other.resumeStored());
      other.token();
      assertTrue(other.isSignedIn());
    }
    assertEquals(1, server.refreshes.size());
  }

  @Test
  void resumesWhatIsOfThisClientAlone() {
    signIn();
    String text = login.exportTokens().replace("\"app\"", "\"other\"");
    assertEquals(Status.Code.FAILED_PRECONDITION, failed(() -> login.resume(text)).code());
    assertEquals(Status.Code.INVALID_ARGUMENT, failed(() -> login.resume("{}")).code());
    assertFalse(failed(() -> login.resume("{\"a\":\"b_secret\"}")).toString().contains("_secret"));
  }

  @Test
  void resumesWithATokenAlone() {
    login.resumeWithToken("syu_secret-9");
    assertEquals("syu_secret-9", login.token());
    assertEquals("ann", login.currentUser().orElseThrow().subjectId());
    server.notLive = notLive("REVOKED");
    SymbolonException told = failed(() -> login.resumeWithToken("syu_secret-8"));
    assertEquals("INVALID_CREDENTIALS", told.reason());
    assertEquals("syu_secret-9", login.token());
  }

  // Signing out.

  @Test
  void forgetsAndThenRevokes() {
    signIn();
    assertTrue(login.signOut());
    assertEquals(List.of("syr_secret-2"), server.revokes);
    assertTrue(store.load().isEmpty());
    assertTrue(login.signOut());
    assertEquals("signed_in, signed_out: signed_out", told());
  }

  @Test
  void tellsLaterWhenTheServerIsAway() {
    isToldLaterAfter(Status.UNAVAILABLE);
  }

  // What gRPC says of a line that was cut in mid-call.
  @Test
  void tellsLaterWhenTheLineWasCut() {
    isToldLaterAfter(Status.CANCELLED);
  }

  private void isToldLaterAfter(Status status) {
    signIn();
    server.revokeFailure = status.asRuntimeException();
    assertFalse(login.signOut());
    assertFalse(login.isSignedIn());
    assertTrue(store.load().isEmpty());
    int before = server.revokes.size();
    server.revokeFailure = null;
    eventually("told", () -> server.revokes.size() > before);
    eventually("all told", login::signOut);
  }

  @Test
  void isCancelledOnceItIsClosedAndKeepsTheRecord() throws Exception {
    signIn();
    server.gate = new CountDownLatch(1);
    clock.pass(Duration.ofHours(2));
    CompletableFuture<String> waiting = login.tokenAsync();
    eventually("a refresh", () -> server.refreshes.size() == 1);
    login.close();
    server.gate.countDown();
    Throwable ended =
        assertThrows(Exception.class, () -> waiting.get(45, TimeUnit.SECONDS)).getCause();
    assertEquals(Status.Code.CANCELLED, SymbolonException.of(ended).code());
    assertEquals(Status.Code.CANCELLED, failed(login::token).code());
    assertEquals(Status.Code.CANCELLED, failed(() -> login.signInUser("a", "b")).code());
    assertEquals(Status.Code.CANCELLED, failed(login::signOut).code());
    assertTrue(store.load().isPresent());
  }

  // Stores that others share.

  @Test
  void takesWhatAnotherProcessGot() {
    signIn();
    try (Login other = open(store)) {
      assertTrue(other.resumeStored());
      clock.pass(Duration.ofHours(2));
      String token = other.token();
      assertEquals(token, login.token());
      assertEquals(1, server.refreshes.size());
    }
    String expected = "signed_in, signed_in, refreshed, refreshed";
    eventually(expected, () -> told().equals(expected));
  }

  @Test
  void isSignedOutByAnotherProcess() {
    String token = signIn();
    try (Login other = open(store)) {
      other.resumeStored();
      other.signOut();
    }
    events.clear();
    assertFalse(login.refused(token));
    assertEquals("signed_out: signed_out", told());
  }

  @Test
  void isReplacedByAnotherProcessAndLeavesItsRecord() {
    signIn();
    try (Login other = open(store)) {
      other.signInUser("bob", "password");
    }
    String kept = store.load().orElseThrow();
    events.clear();
    clock.pass(Duration.ofHours(2));
    assertEquals(Status.Code.UNAUTHENTICATED, failed(login::token).code());
    assertEquals("signed_out: replaced", told());
    assertEquals(kept, store.load().orElseThrow());
    assertEquals(List.of(), server.refreshes);
  }

  @Test
  void leavesTheLoginOfAnotherInTheStoreWhenItSignsOut() {
    signIn();
    try (Login other = open(store)) {
      other.signInUser("bob", "password");
      login.signOut();
      assertEquals(other.exportTokens(), store.load().orElseThrow());
    }
  }

  @Test
  void takesNoOlderTokenFromAStoreThatItCouldNotWrite() {
    boolean[] isBroken = {false};
    Store broken =
        new Watched(
            new MemoryStore(),
            text -> {
              if (isBroken[0]) {
                throw new IllegalStateException("the disk is full");
              }
            });
    try (Login other = open(broken)) {
      other.signInUser("ann", "password");
      isBroken[0] = true;
      clock.pass(Duration.ofHours(2));
      other.token();
      isBroken[0] = false;
      clock.pass(Duration.ofHours(2));
      other.token();
      // Each once: the one in the store would be taken for theft.
      assertEquals(2, Set.copyOf(server.refreshes).size());
      assertEquals(2, server.refreshes.size());
    }
  }

  @Test
  void survivesAProcessThatEndedBetweenRefreshAndSave() {
    signIn();
    String before = store.load().orElseThrow();
    clock.pass(Duration.ofHours(2));
    String token = login.token();
    // As the file would be if the process had ended.
    store.save(before);
    try (Login other = open(store)) {
      other.resumeStored();
      assertEquals(token, other.token());
    }
    assertEquals(1, Set.copyOf(server.refreshes).size());
  }

  // Events and secrets.

  @Test
  void passesOverWhatAListenerThrowsAndHoldsNoLock() {
    Login[] self = new Login[1];
    List<String> order = new CopyOnWriteArrayList<>();
    self[0] =
        Login.builder(server.address(), "app")
            .timeout(FAR)
            .onEvent(
                event -> {
                  order.add(event.toString());
                  if (event.kind() == LoginEvent.Kind.SIGNED_IN) {
                    CompletableFuture.supplyAsync(self[0]::token).join();
                    self[0].signOut();
                    order.add("after");
                  }
                  throw new AssertionError("as the test has it");
                })
            .build(clock);
    try (Login other = self[0]) {
      other.signInUser("ann", "password");
      eventually("all told", other.events::isIdle);
      assertEquals(List.of("signed_in", "after", "signed_out: signed_out"), order);
    }
  }

  @Test
  void isNotEndedByWhatEndedTheLoginBefore() {
    login.signInUser("ann", "password");
    login.ended("fm_before", SignOutReason.PASSWORD_CHANGED);
    assertTrue(login.isSignedIn());
    login.ended(login.currentUser().orElseThrow().familyId(), SignOutReason.PASSWORD_CHANGED);
    assertFalse(login.isSignedIn());
  }

  @Test
  void showsNoSecret() throws LoginRecord.NoRecordException {
    signIn();
    Held held = Held.resumed(LoginRecord.parse(login.exportTokens()), clock);
    server.refusal = Status.INTERNAL.asRuntimeException();
    clock.pass(Duration.ofHours(2));
    SymbolonException error = failed(login::token);
    String all =
        String.join(
            " ",
            login.toString(),
            login.currentUser().toString(),
            login.account().toString(),
            login.callCredentials().toString(),
            login.interceptor().toString(),
            store.toString(),
            held.toString(),
            held.record.toString(),
            error.toString(),
            Login.builder(server.address(), "app", "sys_secret").toString(),
            events.toString());
    assertFalse(all.contains("secret"), all);
  }
}
