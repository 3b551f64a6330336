package internal.symbolon.server;

import com.google.gson.JsonObject;
import internal.symbolon.client.SymbolonChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The verifier that is open, a bare client of the same options, and what was made by mistake. */
record Opened(Verifier verifier, SymbolonChannel channel, ShiftedClock clock, List<Opened> others)
    implements AutoCloseable {
  /** Makes a verifier for each check, and closes none. */
  JsonObject checkAnew(JsonObject request) {
    int active = 0;
    int inactive = 0;
    int errors = 0;
    JsonObject answer = new JsonObject();
    for (int times = request.get("times").getAsInt(); times > 0; times--) {
      Opened made = of(request);
      others.add(made);
      JsonObject checked = Checks.check(made.verifier(), text(request, "token"));
      if (checked.has("error")) {
        errors++;
        answer.add("failed_with", checked.get("error"));
      } else if (checked.get("active").getAsBoolean()) {
        active++;
      } else {
        inactive++;
      }
    }
    answer.addProperty("active", active);
    answer.addProperty("inactive", inactive);
    answer.addProperty("errors", errors);
    return answer;
  }

  static Opened of(JsonObject request) {
    String address = text(request, "address");
    String id = text(request, "client_id");
    String secret = text(request, "client_secret");
    VerifierBuilder verifier = Verifier.builder(address, id, secret);
    SymbolonChannel.Builder channel = SymbolonChannel.builder(address, id, secret);
    if (request.has("root_certificates")) {
      byte[] pem = text(request, "root_certificates").getBytes(StandardCharsets.UTF_8);
      verifier.rootCertificates(pem);
      channel.rootCertificates(pem);
    }
    if (request.has("plaintext")) {
      verifier.plaintext(request.get("plaintext").getAsBoolean());
      channel.plaintext(request.get("plaintext").getAsBoolean());
    }
    if (request.has("timeout_ms")) {
      Duration timeout = Duration.ofMillis(request.get("timeout_ms").getAsLong());
      verifier.timeout(timeout);
      channel.timeout(timeout);
    }
    if (request.has("max_entries")) {
      verifier.maxEntries(request.get("max_entries").getAsInt());
    }
    verifier.onWatchEnd((error, retryIn) -> System.err.println(error.getMessage()));
    ShiftedClock clock = new ShiftedClock();
    return new Opened(verifier.build(clock), channel.build(), clock, new ArrayList<>());
  }

  static String text(JsonObject request, String name) {
    return request.has(name) ? request.get(name).getAsString() : null;
  }

  @Override
  public void close() {
    verifier.close();
    channel.close();
    others.forEach(Opened::close);
  }
}
