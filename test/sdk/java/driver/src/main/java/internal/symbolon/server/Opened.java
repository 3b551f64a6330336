package internal.symbolon.server;

import com.google.gson.JsonObject;
import internal.symbolon.client.SymbolonChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The verifier that is open, and a bare client of the same options. */
record Opened(Verifier verifier, SymbolonChannel channel, ShiftedClock clock)
    implements AutoCloseable {
  static Opened of(JsonObject request) {
    String address = text(request, "address");
    String id = text(request, "client_id");
    String secret = text(request, "client_secret");
    VerifierBuilder verifier = Verifier.builder(address, id, secret);
    SymbolonChannel.Builder channel = SymbolonChannel.builder(address).client(id, secret);
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
    return new Opened(verifier.build(clock), channel.build(), clock);
  }

  static String text(JsonObject request, String name) {
    return request.has(name) ? request.get(name).getAsString() : null;
  }

  @Override
  public void close() {
    verifier.close();
    channel.close();
  }
}
