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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a login leaves in its store: at a failure, at its end, and beside others. */
final class LoginStoreTest {
  private static final Duration FAR = Duration.ofSeconds(45);

  private final ScriptedTokens server = new ScriptedTokens();
  private final ManualClock clock = new ManualClock();
  private final List<LoginEvent> events = new CopyOnWriteArrayList<>();
  private final FlakyStore store = new FlakyStore();
  private final Login login = open();

  /** A store that fails when a test says so. */
  private static final class FlakyStore implements Store {
    private final MemoryStore beneath = new MemoryStore();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean isReadable = true;
    private volatile boolean isWritable = true;
    private volatile Runnable onSave = () -> {};

    private void require(boolean isGood) {
      if (!isGood) {
        failures.incrementAndGet();
        throw new IllegalStateException("the disk is away");
      }
    }

    @Override
    public Optional<String> load() {
      require(isReadable);
      return beneath.load();
    }

    @Override
    public void save(String text) {
      onSave.run();
      require(isWritable);
      beneath.save(text);
    }

    @Override
    public void clear() {
      beneath.clear();
    }
  }

  @AfterEach
  void stop() {
    login.close();
    server.close();
  }

  private Login open() {
    return Login.builder(server.address(), "app", "sys_secret")
        .timeout(FAR)
        .store(store)
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

  private String kept() {
    return store.beneath.load().orElse("");
  }

  private static String refreshTokenOf(String text) throws LoginRecord.NoRecordException {
    return LoginRecord.parse(text).refreshToken;
  }

  private CompletableFuture<String> refreshThatWaits() {
    server.gate = new CountDownLatch(1);
    clock.pass(Duration.ofHours(2));
    CompletableFuture<String> waiting = login.tokenAsync();
    eventually("a refresh", () -> server.refreshes.size() == 1);
    return waiting;
  }

  private void refreshUnsaved() {
    clock.pass(Duration.ofHours(2));
    store.isWritable = false;
    login.token();
    store.isWritable = true;
  }

  /** Each refresh token once: one that was used is taken for theft. */
  private void refreshesOnceMore() {
    clock.pass(Duration.ofHours(2));
    login.token();
    assertEquals(2, server.refreshes.size());
    assertEquals(2, Set.copyOf(server.refreshes).size());
  }

  // Closing.

  @Test
  void letsARefreshEndAndKeepsItsAnswerWhenItIsClosed() throws Exception {
    signIn();
    CompletableFuture<String> waiting = refreshThatWaits();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(login::close);
    eventually("closed", () -> !login.isSignedIn());
    server.gate.countDown();
    String token = waiting.get(45, TimeUnit.SECONDS);
    closing.get(45, TimeUnit.SECONDS);
    assertTrue(kept().contains(token));
    assertFalse(login.isSignedIn());
  }

  @Test
  void letsARefreshEndAlsoInAThreadThatIsInterrupted() throws Exception {
    signIn();
    CompletableFuture<String> waiting = refreshThatWaits();
    CompletableFuture<Boolean> isInterrupted = new CompletableFuture<>();
    new Thread(
            () -> {
              Thread.currentThread().interrupt();
              login.close();
              isInterrupted.complete(Thread.currentThread().isInterrupted());
            })
        .start();
    eventually("closed", () -> !login.isSignedIn());
    server.gate.countDown();
    assertTrue(isInterrupted.get(45, TimeUnit.SECONDS));
    assertTrue(kept().contains(waiting.get(45, TimeUnit.SECONDS)));
  }

  @Test
  void writesWhatIsUnsavedOnceMoreWhenItIsClosed() {
    signIn();
    refreshUnsaved();
    String newest = login.exportTokens();
    assertNotEquals(newest, kept());
    login.close();
    assertEquals(newest, kept());
  }

  @Test
  void interruptsNoSaveOfARefreshThatIsGivenUp() throws Exception {
    signIn();
    CountDownLatch saving = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    AtomicBoolean isInterrupted = new AtomicBoolean();
    store.onSave =
        () -> {
          saving.countDown();
          try {
            gate.await();
          } catch (InterruptedException interrupted) {
            isInterrupted.set(true);
          }
        };
    clock.pass(Duration.ofHours(2));
    CompletableFuture<String> waiting = login.tokenAsync();
    assertTrue(saving.await(45, TimeUnit.SECONDS));
    CompletableFuture<Boolean> out = CompletableFuture.supplyAsync(login::signOut);
    eventually("given up", waiting::isDone);
    gate.countDown();
    assertTrue(out.get(45, TimeUnit.SECONDS));
    assertFalse(isInterrupted.get());
    assertEquals("", kept());
  }

  // What could not be written.

  @Test
  void writesBesideCallsWhatTheStoreCouldNotTake() {
    store.isWritable = false;
    signIn();
    store.isWritable = true;
    String token = login.token();
    clock.pass(Duration.ofSeconds(2));
    assertEquals(token, login.token());
    eventually("kept", () -> kept().contains(token));
    assertEquals(List.of(), server.refreshes);
  }

  @Test
  void writesLessOftenAfterEachFailure() {
    store.isWritable = false;
    signIn();
    eventually("the first", () -> store.failures.get() == 2 && login.events.isIdle());
    clock.pass(Duration.ofMillis(1_100));
    login.token();
    eventually("the second", () -> store.failures.get() == 3 && login.events.isIdle());
    for (int index = 0; index < 100; index++) {
      login.token();
    }
    clock.pass(Duration.ofMillis(2_100));
    login.token();
    eventually("the third", () -> store.failures.get() == 4 && login.events.isIdle());
  }

  @Test
  void writesNothingOverWhatAnotherProcessPutThereMeanwhile() {
    store.isWritable = false;
    signIn();
    store.isWritable = true;
    try (Login other = open()) {
      clock.pass(Duration.ofMillis(1));
      other.signInUser("bob", "password");
      clock.pass(Duration.ofMinutes(1));
      login.token();
      login.close();
      assertEquals(other.exportTokens(), kept());
    }
  }

  @Test
  void resumesNoOlderRecordOverWhatIsUnsaved() {
    signIn();
    refreshUnsaved();
    String newest = login.exportTokens();
    assertTrue(login.resumeStored());
    assertEquals(newest, login.exportTokens());
    assertEquals(newest, kept());
    refreshesOnceMore();
  }

  @Test
  void takesNoOlderRecordFromAStoreThatWasAway() {
    signIn();
    store.isReadable = false;
    refreshUnsaved();
    store.isReadable = true;
    String newest = login.exportTokens();
    assertTrue(login.resumeStored());
    assertEquals(newest, login.exportTokens());
    refreshesOnceMore();
  }

  // Others on the same store.

  @Test
  void takesTheClientsLoginThatAnotherProcessBeganAgain() {
    server.hasRefresh = false;
    login.signInClient();
    String before = login.token();
    try (Login other = open()) {
      assertTrue(other.resumeStored());
      clock.pass(Duration.ofHours(2));
      String token = other.token();
      assertNotEquals(before, token);
      assertEquals(token, login.token());
      assertEquals(2, server.issues.size());
      assertTrue(login.signOut());
      assertEquals("", kept());
    }
  }

  @Test
  void revokesTheLoginThatASignInFindsInTheStore() throws Exception {
    signIn();
    String before = refreshTokenOf(kept());
    try (Login other = open()) {
      other.signInUser("bob", "password");
      assertEquals(List.of(before), server.revokes);
      assertEquals(other.exportTokens(), kept());
    }
  }

  // Signing out.

  @Test
  void endsWhatTheStoreHasBeforeAnythingWasResumed() throws Exception {
    signIn();
    String before = refreshTokenOf(kept());
    login.close();
    try (Login other = open()) {
      assertTrue(other.signOut());
      assertEquals("", kept());
      assertEquals(List.of(before), server.revokes);
    }
  }

  @Test
  void leavesInTheStoreWhatIsOfAnotherClientOrCameLater() {
    signIn();
    String ofAnother = kept().replace("\"app\"", "\"other\"");
    store.beneath.save(ofAnother);
    try (Login other = open()) {
      assertTrue(other.signOut());
      assertEquals(ofAnother, kept());
    }
    assertTrue(login.signOut());
    int revoked = server.revokes.size();
    try (Login other = open()) {
      other.signInUser("bob", "password");
      String later = kept();
      assertTrue(login.signOut());
      assertEquals(later, kept());
    }
    assertTrue(server.revokes.size() <= revoked + 1);
  }

  @Test
  void givesUpASignInThatIsUnderWay() throws Exception {
    server.issueGate = new CountDownLatch(1);
    CompletableFuture<SymbolonException> signIn =
        CompletableFuture.supplyAsync(() -> failed(() -> login.signInUser("ann", "password")));
    eventually("a sign-in", () -> server.issues.size() == 1);
    assertTrue(login.signOut());
    server.issueGate.countDown();
    assertEquals(Status.Code.CANCELLED, signIn.get(45, TimeUnit.SECONDS).code());
    assertFalse(login.isSignedIn());
    assertEquals("", kept());
    assertEquals(1, server.revokes.size());
  }

  @Test
  void givesUpASignInThatIsWritten() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch saving = new CountDownLatch(1);
    store.onSave =
        () -> {
          saving.countDown();
          Eventually.await(gate);
        };
    CompletableFuture<SymbolonException> signIn =
        CompletableFuture.supplyAsync(() -> failed(() -> login.signInUser("ann", "password")));
    assertTrue(saving.await(45, TimeUnit.SECONDS));
    CompletableFuture<Boolean> out = new CompletableFuture<>();
    Thread signOut = new Thread(() -> out.complete(login.signOut()));
    signOut.start();
    // It waits for the store, and has given the sign-in up.
    eventually("it waits", () -> signOut.getState() == Thread.State.WAITING);
    gate.countDown();
    assertEquals(Status.Code.CANCELLED, signIn.get(45, TimeUnit.SECONDS).code());
    assertTrue(out.get(45, TimeUnit.SECONDS));
    assertFalse(login.isSignedIn());
    assertEquals("", kept());
    assertFalse(server.revokes.isEmpty());
  }

  @Test
  void revokesAlsoWhereTheThreadIsInterrupted() {
    signIn();
    new Thread(
            () -> {
              Thread.currentThread().interrupt();
              login.signOut();
            })
        .start();
    eventually("revoked", () -> server.revokes.size() == 1);
    assertEquals("", kept());
  }
}
