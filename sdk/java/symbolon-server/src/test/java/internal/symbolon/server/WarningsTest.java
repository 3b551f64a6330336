package internal.symbolon.server;

import static internal.symbolon.server.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import internal.symbolon.client.SymbolonException;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a service that listens to nothing finds in its log. */
final class WarningsTest {
  private static final Logger LOGGER = Logger.getLogger("internal.symbolon.server.Verifier");

  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final Handler handler = new Records();

  private final class Records extends Handler {
    @Override
    public void publish(LogRecord message) {
      records.add(message);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void leave() {
    LOGGER.removeHandler(handler);
    LOGGER.setUseParentHandlers(true);
  }

  private List<String> said() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  private static SymbolonException error(Status.Code code) {
    return new SymbolonException(code, "{0} " + code);
  }

  @Test
  void tellsACauseOnceAMinute() {
    // The clock of Java may be below zero, and may pass it.
    AtomicLong now = new AtomicLong(-1);
    Warnings warnings = new Warnings(now::get);
    for (int index = 0; index < 3; index++) {
      warnings.watchEnded(error(Status.Code.UNAVAILABLE), Duration.ofSeconds(1));
      warnings.watchEnded(error(Status.Code.UNAUTHENTICATED), Duration.ofSeconds(1));
    }
    assertEquals(
        List.of(
            "{0} UNAVAILABLE. Until it begins again, each check is a call",
            "{0} UNAUTHENTICATED. Until it begins again, each check is a call"),
        said());
    now.addAndGet(TimeUnit.MINUTES.toNanos(1) - 1);
    warnings.watchEnded(error(Status.Code.UNAVAILABLE), Duration.ofSeconds(1));
    assertEquals(2, records.size());
    now.addAndGet(1);
    warnings.watchEnded(error(Status.Code.UNAVAILABLE), Duration.ofSeconds(1));
    assertEquals(3, records.size());
  }

  @Test
  void tellsOfASecretThatIsWrongAndDoesNotShowIt() {
    try (DemoServer server = new DemoServer();
        Verifier verifier =
            Verifier.builder(
                    server.address(), server.text("service", "client_id"), "sys_wrong-secret")
                .build()) {
      eventually("a warning", () -> !records.isEmpty());
      assertFalse(verifier.isOpen());
      assertEquals(Level.WARNING, records.get(0).getLevel());
      assertTrue(said().get(0).startsWith("The watch ended: UNAUTHENTICATED: Give a clientId"));
      assertFalse(said().toString().contains("sys_wrong-secret"));
    }
  }

  @Test
  void saysNothingWhereTheServiceListens() {
    try (ScriptedServer server = new ScriptedServer()) {
      List<SymbolonException> ends = new CopyOnWriteArrayList<>();
      try (Verifier verifier =
          server.verifier().onWatchEnd((error, retryIn) -> ends.add(error)).build()) {
        server.open(verifier);
        server.streams.get(0).fail(Status.UNAVAILABLE.asRuntimeException());
        eventually("told", () -> !ends.isEmpty());
      }
      assertEquals(List.of(), said());
    }
  }
}
