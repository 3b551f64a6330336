package internal.symbolon.client;

import static internal.symbolon.client.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that four languages share, as docs/login.md has it. */
final class FileStoreTest {
  private static final String RECORD =
      "{\"version\":1,\"client_id\":\"app\",\"kind\":\"USER\",\"subject_id\":\"ann\","
          + "\"family_id\":\"fm_1\",\"token_id\":\"ta_1\",\"scopes\":[\"read\"],"
          + "\"access_token\":\"syu_secret\",\"refresh_token\":\"syr_secret\","
          + "\"obtained_ms\":1795680000000,\"lifetime_ms\":3600000,"
          + "\"login_lifetime_ms\":1209600000}";

  @TempDir private Path directory;
  private Path path;
  private Path lock;
  private FileStore store;

  @BeforeEach
  void open() {
    path = directory.resolve("login.json");
    lock = directory.resolve("login.json.lock");
    store = new FileStore(path);
  }

  private static SymbolonException failed(org.junit.jupiter.api.function.Executable call) {
    SymbolonException told = assertThrows(SymbolonException.class, call);
    assertFalse(told.toString().contains("secret"), told.toString());
    return told;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(each -> each.getFileName().toString()).sorted().collect(Collectors.toList());
    }
  }

  private void write(String text, String mode) throws IOException {
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void keepsWhatOnlyItsOwnerReads() throws IOException {
    assertTrue(store.load().isEmpty());
    store.save(RECORD);
    assertEquals(RECORD, store.load().orElseThrow());
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    assertEquals("rw-------", mode);
    assertEquals(List.of("login.json"), names());
    store.clear();
    store.clear();
    assertEquals(List.of(), names());
  }

  @Test
  void refusesAFileThatOthersMayReadOrWriteAndNamesTheMend() throws IOException {
    for (String mode : List.of("rw-r-----", "rw--w----", "rw----r--", "rw-----w-")) {
      write(RECORD, mode);
      SymbolonException told = failed(() -> store.load());
      assertEquals(Status.Code.FAILED_PRECONDITION, told.code());
      assertTrue(told.getMessage().endsWith("chmod 600 " + path), told.getMessage());
    }
    store.save(RECORD);
    assertEquals(RECORD, store.load().orElseThrow());
  }

  @Test
  void refusesWhatIsNotARegularFileAndNeverReplacesIt() throws IOException {
    Files.createDirectory(path);
    Path target = directory.resolve("target.json");
    Files.writeString(target, RECORD);
    Path link = Files.createSymbolicLink(directory.resolve("link.json"), target);
    for (Path each : List.of(path, link)) {
      FileStore wrong = new FileStore(each);
      assertEquals(Status.Code.FAILED_PRECONDITION, failed(wrong::load).code());
      assertEquals(Status.Code.FAILED_PRECONDITION, failed(() -> wrong.save(RECORD)).code());
      assertEquals(Status.Code.FAILED_PRECONDITION, failed(wrong::clear).code());
      assertTrue(Files.exists(each, LinkOption.NOFOLLOW_LINKS));
    }
    assertEquals(RECORD, Files.readString(target));
  }

  @Test
  void refusesWhatCantBeRead() throws IOException {
    write(RECORD, "rw-------");
    FileStore beneath = new FileStore(path.resolve("child.json"));
    SymbolonException told = failed(beneath::load);
    assertEquals(Status.Code.FAILED_PRECONDITION, told.code());
    assertTrue(told.getMessage().contains("child.json"), told.getMessage());
    assertEquals(Status.Code.FAILED_PRECONDITION, failed(() -> beneath.save(RECORD)).code());
  }

  @Test
  void isDataLossWhereItIsNoRecordAndLeavesTheFile() throws IOException {
    String[] wrong = {
      "",
      RECORD.substring(0, 200),
      RECORD + "x",
      "[]",
      "{}",
      RECORD.replace("\"version\":1", "\"version\":2"),
      RECORD.replace("\"version\":1", "version:1"),
      RECORD.replace("\"kind\":\"USER\"", "\"kind\":\"UNSPECIFIED\""),
      RECORD.replace("\"kind\":\"USER\"", "\"kind\":\"KING\""),
      RECORD.replace("3600000,", "\"3600000\","),
      RECORD.replace("3600000,", "-1,"),
      RECORD.replace("3600000,", "1.5,"),
      RECORD.replace("\"syu_secret\"", "7"),
      RECORD.replace(",\"login_lifetime_ms\":1209600000", ""),
      "[".repeat(10_000),
    };
    for (String text : wrong) {
      write(text, "rw-------");
      SymbolonException told = failed(() -> store.load());
      assertEquals(Status.Code.DATA_LOSS, told.code(), text);
      assertTrue(told.getMessage().contains(path.toString()));
      assertEquals(text, Files.readString(path));
    }
    Files.write(path, new byte[] {'{', (byte) 0xff});
    assertEquals(Status.Code.DATA_LOSS, failed(() -> store.load()).code());
  }

  @Test
  void passesOverMembersThatItDoesNotKnowAndKeepsThemNot() throws Exception {
    String text = RECORD.replace("{\"version\"", "{\"newer\":{\"a\":[1]},\"version\"");
    assertEquals(RECORD, LoginRecord.parse(text).toJson());
  }

  @Test
  void letsOneHaveTheLockAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(8);
    for (int index = 0; index < 8; index++) {
      FileStore each = index % 2 == 0 ? store : new FileStore(path);
      new Thread(
              () -> {
                try {
                  Store.Lock held = each.lock();
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  each.save(RECORD);
                  inside.decrementAndGet();
                  held.close();
                } catch (InterruptedException impossible) {
                  Thread.currentThread().interrupt();
                } finally {
                  done.countDown();
                }
              })
          .start();
    }
    assertTrue(done.await(45, TimeUnit.SECONDS));
    assertEquals(1, most.get());
    assertEquals(List.of("login.json"), names());
  }

  @Test
  void makesALockThatOnlyItsOwnerReadsWithARandomText() throws Exception {
    Store.Lock held = store.lock();
    assertTrue(Files.readString(lock).matches("[A-Za-z0-9_-]{22}"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(lock)));
    held.close();
    assertEquals(List.of(), names());
  }

  private static void isOlder(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void takesALockAwayWhoseProcessEnded() throws Exception {
    Files.writeString(lock, "of-a-process-that-ended");
    isOlder(lock, Duration.ofSeconds(16));
    Store.Lock held = store.lock();
    assertTrue(Files.readString(lock).matches("[A-Za-z0-9_-]{22}"));
    held.close();
    assertEquals(List.of(), names());
  }

  @Test
  void waitsForALockThatNeverGrowsOldAndGivesUp() throws Exception {
    Files.writeString(lock, "of-a-process-that-runs");
    // As if it were taken again and again.
    isOlder(lock, Duration.ofMinutes(-1));
    CompletableFuture<SymbolonException> refused =
        CompletableFuture.supplyAsync(() -> failed(() -> store.lock()));
    SymbolonException told = refused.get(45, TimeUnit.SECONDS);
    assertEquals(Status.Code.UNAVAILABLE, told.code());
    assertTrue(told.getMessage().contains("login.json.lock"));
    assertEquals("of-a-process-that-runs", Files.readString(lock));
  }

  @Test
  void writesNothingOnceAnotherHasTheLock() throws Exception {
    Store.Lock held = store.lock();
    Files.writeString(lock, "of-another-process");
    assertEquals(Status.Code.ABORTED, failed(() -> store.save(RECORD)).code());
    held.close();
    assertEquals("of-another-process", Files.readString(lock));
    assertEquals(List.of("login.json.lock"), names());
  }

  @Test
  void removesWhatProcessesLeftThatEndedWhileTheyWrote() throws Exception {
    Path old = Files.writeString(directory.resolve("login.json.abc.tmp"), "x");
    isOlder(old, Duration.ofSeconds(61));
    Path young = Files.writeString(directory.resolve("login.json.def.tmp"), "x");
    isOlder(young, Duration.ofSeconds(30));
    Path other = Files.writeString(directory.resolve("other.json.abc.tmp"), "x");
    isOlder(other, Duration.ofSeconds(61));
    store.save(RECORD);
    assertEquals(List.of("login.json", "login.json.def.tmp", "other.json.abc.tmp"), names());
  }

  @Test
  void removesALockThatWasMovedAsideByAProcessThatEnded() throws IOException {
    Path old = Files.writeString(directory.resolve("login.json.lock.abc"), "x");
    isOlder(old, Duration.ofSeconds(61));
    Path young = Files.writeString(directory.resolve("login.json.lock.def"), "x");
    isOlder(young, Duration.ofSeconds(30));
    store.save(RECORD);
    assertEquals(List.of("login.json", "login.json.lock.def"), names());
  }

  @Test
  void savesWhereALeftoverCantBeRemoved() throws IOException {
    Path stays = Files.createDirectory(directory.resolve("login.json.abc.tmp"));
    Files.writeString(stays.resolve("x"), "x");
    isOlder(stays, Duration.ofSeconds(61));
    store.save(RECORD);
    assertEquals(RECORD, store.load().orElseThrow());
  }

  @Test
  void takesAPipeForALockOfAProcessThatEnded() throws Exception {
    // Java would wait for a writer before it sets the time of a pipe.
    for (String command : List.of("mkfifo", "touch -d @1")) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.add(lock.toString());
      assertEquals(0, new ProcessBuilder(words).start().waitFor());
    }
    CompletableFuture<List<String>> names = new CompletableFuture<>();
    Thread locking =
        new Thread(
            () -> {
              try {
                Store.Lock held = store.lock();
                names.complete(names());
                held.close();
              } catch (IOException | InterruptedException error) {
                names.completeExceptionally(error);
              }
            });
    locking.setDaemon(true);
    locking.start();
    assertEquals(List.of("login.json.lock"), names.get(45, TimeUnit.SECONDS));
  }

  @Test
  void isNotSignedOutWhereItsDirectoryIsGone() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("inner"));
    ManualClock clock = new ManualClock();
    String token;
    try (ScriptedTokens server = new ScriptedTokens();
        Login login =
            Login.builder(server.address(), "app")
                .store(new FileStore(inner.resolve("login.json")))
                .build(clock)) {
      login.signInUser("ann", "password");
      String before = login.token();
      Files.delete(inner.resolve("login.json"));
      Files.delete(inner);
      clock.pass(Duration.ofHours(2));
      token = login.token();
      assertNotEquals(before, token);
      Files.createDirectory(inner);
    }
    // It was written once the directory was there again.
    assertTrue(Files.readString(inner.resolve("login.json")).contains(token));
  }

  @Test
  void savesAlsoInAThreadThatIsInterrupted() throws Exception {
    CompletableFuture<String> kept = new CompletableFuture<>();
    new Thread(
            () -> {
              Thread.currentThread().interrupt();
              store.save(RECORD);
              kept.complete(store.load().orElseThrow());
            })
        .start();
    assertEquals(RECORD, kept.get(45, TimeUnit.SECONDS));
  }

  @Test
  void namesADirectoryThatIsNotThere() {
    FileStore lost = new FileStore(directory.resolve("none").resolve("login.json"));
    assertEquals(Status.Code.FAILED_PRECONDITION, failed(lost::load).code());
    assertEquals(Status.Code.FAILED_PRECONDITION, failed(lost::clear).code());
    assertEquals(Status.Code.FAILED_PRECONDITION, failed(lost::lock).code());
    assertEquals(Status.Code.FAILED_PRECONDITION, failed(() -> lost.save(RECORD)).code());
  }

  @Test
  void leavesNothingThatCouldNotBeWritten() {
    // What is no text can't be written, as on a disk that is full.
    assertThrows(NullPointerException.class, () -> StoreFiles.create(path, null));
    assertFalse(Files.exists(path));
  }

  @Test
  void isSignedOutByAResumeWhereAnotherProcessSignedOut() throws IOException {
    List<LoginEvent> events = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (ScriptedTokens server = new ScriptedTokens();
        Login login =
            Login.builder(server.address(), "app").store(store).onEvent(events::add).build()) {
      login.signInUser("ann", "password");
      Files.delete(path);
      assertFalse(login.resumeStored());
      assertEquals(Status.Code.UNAUTHENTICATED, failed(login::token).code());
      assertEquals(SignOutReason.SIGNED_OUT, events.get(1).reason().orElseThrow());
      assertFalse(Files.exists(path));
    }
  }

  @Test
  void isReplacedByALoginOfAnotherClientThatAResumeRefused() throws IOException {
    ManualClock clock = new ManualClock();
    try (ScriptedTokens server = new ScriptedTokens();
        Login login = Login.builder(server.address(), "app").store(store).build(clock);
        Login other =
            Login.builder(server.address(), "other").store(new FileStore(path)).build(clock)) {
      login.signInUser("ann", "password");
      other.signInUser("bea", "password");
      String kept = Files.readString(path);
      assertEquals(Status.Code.FAILED_PRECONDITION, failed(login::resumeStored).code());
      clock.pass(Duration.ofHours(2));
      assertEquals(Status.Code.UNAUTHENTICATED, failed(login::token).code());
      assertEquals(kept, Files.readString(path));
      login.signOut();
      assertEquals(kept, Files.readString(path));
    }
  }

  @Test
  void takesWhatAnotherProcessGotWhileThisOneStoodStill() throws Exception {
    ManualClock clock = new ManualClock();
    try (ScriptedTokens server = new ScriptedTokens();
        Login login = Login.builder(server.address(), "app").store(store).build(clock);
        Login other =
            Login.builder(server.address(), "app").store(new FileStore(path)).build(clock)) {
      login.signInUser("ann", "password");
      assertTrue(other.resumeStored());
      server.gate = new CountDownLatch(1);
      clock.pass(Duration.ofHours(2));
      CompletableFuture<String> still = login.tokenAsync();
      eventually("a refresh", () -> server.refreshes.size() == 1);
      // The other one takes its lock for that of a process that ended.
      CountDownLatch mine = server.gate;
      server.gate = new CountDownLatch(0);
      Files.delete(lock);
      other.token();
      clock.pass(Duration.ofHours(2));
      final String newest = other.token();
      mine.countDown();
      still.get(45, TimeUnit.SECONDS);
      assertEquals(newest, login.token());
      clock.pass(Duration.ofHours(2));
      String next = login.token();
      assertNotEquals(newest, next);
      assertEquals(next, other.token());
      assertEquals(next, LoginRecord.parse(Files.readString(path)).accessToken);
      assertEquals(server.refreshes.size(), java.util.Set.copyOf(server.refreshes).size() + 1);
    }
  }

  @Test
  void isOneRefreshForTwoLoginsThatShareOneInMemory() {
    ManualClock clock = new ManualClock();
    MemoryStore shared = new MemoryStore();
    try (ScriptedTokens server = new ScriptedTokens();
        Login one = Login.builder(server.address(), "app").store(shared).build(clock);
        Login two = Login.builder(server.address(), "app").store(shared).build(clock)) {
      one.signInUser("ann", "password");
      assertTrue(two.resumeStored());
      server.gate = new CountDownLatch(1);
      clock.pass(Duration.ofHours(2));
      CompletableFuture<String> first = one.tokenAsync();
      CompletableFuture<String> second = two.tokenAsync();
      eventually("a refresh", () -> server.refreshes.size() == 1);
      server.gate.countDown();
      assertEquals(first.join(), second.join());
      assertEquals(1, server.refreshes.size());
    }
  }

  @Test
  void isOneRefreshForTwoProcesses() {
    // Two logins with stores of their own, as two processes have; scenarios play real processes.
    ManualClock clock = new ManualClock();
    try (ScriptedTokens server = new ScriptedTokens();
        Login one = Login.builder(server.address(), "app").store(store).build(clock);
        Login two =
            Login.builder(server.address(), "app").store(new FileStore(path)).build(clock)) {
      one.signInUser("ann", "password");
      assertTrue(two.resumeStored());
      server.gate = new CountDownLatch(1);
      clock.pass(Duration.ofHours(2));
      CompletableFuture<String> first = one.tokenAsync();
      CompletableFuture<String> second = two.tokenAsync();
      eventually("a refresh", () -> server.refreshes.size() == 1);
      server.gate.countDown();
      assertEquals(first.join(), second.join());
      assertEquals(1, server.refreshes.size());
    }
  }

  @Test
  void signsInOverWhatIsNoRecordAndTellsOfIt() throws IOException {
    write("{\"access_token\":\"syu_secret", "rw-------");
    List<LoginEvent> events = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (ScriptedTokens server = new ScriptedTokens();
        Login login =
            Login.builder(server.address(), "app").store(store).onEvent(events::add).build()) {
      assertEquals(Status.Code.DATA_LOSS, failed(login::resumeStored).code());
      assertFalse(login.isSignedIn());
      assertEquals(LoginEvent.Kind.STORE_FAILED, events.get(0).kind());
      assertFalse(events.toString().contains("secret"));
      login.signInUser("ann", "password");
      assertEquals(login.exportTokens(), store.load().orElseThrow());
    }
  }
}
