package internal.symbolon.server;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import internal.symbolon.client.Logins;
import internal.symbolon.client.SymbolonException;
import io.grpc.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Serves requests of stdin, a line each, and writes answers to stdout; test/sdk tells of both. */
final class Driver {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private Opened opened;

  private final Logins logins = new Logins(Checks.WORKERS);

  /** Who serves each request. */
  private final Map<Long, Thread> serving = new HashMap<>();

  /** Requests that were given up before a thread had begun with them. */
  private final Set<Long> givenUp = new HashSet<>();

  private Driver() {}

  /** To the end of stdin. */
  public static void main(String[] args) throws IOException {
    Driver driver = new Driver();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonObject request = JsonParser.parseString(line).getAsJsonObject();
      driver.logins.expect(request);
      Checks.WORKERS.execute(() -> driver.serve(request));
    }
    System.exit(0);
  }

  private void serve(JsonObject request) {
    JsonObject answer;
    JsonElement id = request.get("id");
    synchronized (serving) {
      serving.put(id.getAsLong(), Thread.currentThread());
      if (givenUp.remove(id.getAsLong())) {
        Thread.currentThread().interrupt();
      }
    }
    try {
      answer = answer(request);
    } catch (RuntimeException | InterruptedException | LinkageError error) {
      answer = new JsonObject();
      answer.add("error", Checks.errorOf(error));
    }
    synchronized (serving) {
      serving.remove(id.getAsLong());
      // The thread serves others after this one.
      Thread.interrupted();
    }
    answer.add("id", id);
    synchronized (OUT) {
      OUT.println(answer);
    }
  }

  private JsonObject answer(JsonObject request) throws InterruptedException {
    JsonObject ok = new JsonObject();
    ok.addProperty("ok", true);
    String op = Opened.text(request, "op");
    if (Logins.isOp(op)) {
      return logins.answer(op, request);
    }
    switch (op) {
      case "open" -> {
        Opened made = Opened.of(request);
        synchronized (this) {
          opened = made;
        }
        return ok;
      }
      case "check" -> {
        return Checks.check(opened().verifier(), Opened.text(request, "token"));
      }
      case "permit" -> {
        return Checks.permit(opened().verifier(), request);
      }
      case "check_many" -> {
        int times = request.get("times").getAsInt();
        return Checks.checkMany(opened().verifier(), Opened.text(request, "token"), times);
      }
      case "check_anew" -> {
        return opened().checkAnew(request);
      }
      case "cancel" -> {
        synchronized (serving) {
          long other = request.get("request").getAsLong();
          Thread thread = serving.get(other);
          if (thread == null) {
            givenUp.add(other);
          } else {
            thread.interrupt();
          }
        }
        return ok;
      }
      case "state" -> {
        JsonObject state = new JsonObject();
        state.addProperty("open", opened().verifier().isOpen());
        state.addProperty("size", opened().verifier().size());
        return state;
      }
      case "shift_clock" -> {
        long monotonicMs = millis(request, "monotonic_ms");
        long wallMs = millis(request, "wall_ms");
        logins.shiftClock(monotonicMs, wallMs);
        Opened verifier = openedOrNull();
        if (verifier != null) {
          verifier.clock().shift(monotonicMs, wallMs);
        }
        return ok;
      }
      case "use_client_secret" -> {
        opened().verifier().useClientSecret(Opened.text(request, "client_secret"));
        opened().channel().useClientSecret(Opened.text(request, "client_secret"));
        return ok;
      }
      case "issue", "refresh", "revoke", "introspect" -> {
        return Calls.call(opened(), op, request);
      }
      case "denied" -> {
        return Bench.denied(opened().verifier(), Opened.text(request, "token"));
      }
      case "bench" -> {
        return Bench.bench(opened(), request);
      }
      case "close" -> {
        close();
        return ok;
      }
      default -> {
        JsonObject unsupported = new JsonObject();
        unsupported.addProperty("unsupported", true);
        return unsupported;
      }
    }
  }

  private static long millis(JsonObject request, String name) {
    return request.has(name) ? (long) request.get(name).getAsDouble() : 0;
  }

  private synchronized Opened opened() {
    if (opened == null) {
      throw new SymbolonException(Status.Code.FAILED_PRECONDITION, "no verifier is open");
    }
    return opened;
  }

  private synchronized Opened openedOrNull() {
    return opened;
  }

  private synchronized void close() {
    logins.close();
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }
}
