package internal.symbolon.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** A login, what it told of, the second factor that it wants, and its sign-ins by a browser. */
record OpenLogin(
    Login login,
    List<LoginEvent> events,
    AtomicReference<SecondFactor> factor,
    BrowserSignIns browser) {
  static OpenLogin of(JsonObject request, Clock clock) {
    String address = Logins.text(request, "address");
    String clientId = Logins.text(request, "client_id");
    LoginBuilder builder =
        request.has("client_secret")
            ? Login.builder(address, clientId, Logins.text(request, "client_secret"))
            : Login.builder(address, clientId);
    if (request.has("root_certificates")) {
      String pem = Logins.text(request, "root_certificates");
      builder.rootCertificates(pem.getBytes(StandardCharsets.UTF_8));
    }
    if (request.has("plaintext")) {
      builder.plaintext(request.get("plaintext").getAsBoolean());
    }
    if (request.has("timeout_ms")) {
      builder.timeout(Duration.ofMillis(request.get("timeout_ms").getAsLong()));
    }
    if (request.has("store")) {
      builder.store(new FileStore(Path.of(Logins.text(request, "store"))));
    }
    List<LoginEvent> events = new CopyOnWriteArrayList<>();
    builder.onEvent(events::add);
    if (request.has("resource")) {
      builder.resource(Logins.text(request, "resource"));
    }
    if (request.has("scopes")) {
      List<JsonElement> scopes = request.getAsJsonArray("scopes").asList();
      builder.scopes(scopes.stream().map(JsonElement::getAsString).toArray(String[]::new));
    }
    Login login = builder.build(clock);
    return new OpenLogin(login, events, new AtomicReference<>(), new BrowserSignIns(login));
  }

  JsonObject signIn(JsonObject request) {
    String password = Logins.text(request, "password");
    switch (Logins.text(request, "as")) {
      case "user" ->
          factor.set(login.signInUser(Logins.text(request, "username"), password).orElse(null));
      case "device" -> {
        String id = request.has("device_id") ? "device_id" : "vendor_id";
        login.signInDevice(Logins.text(request, id), password);
      }
      case "client" -> login.signInClient();
      default -> login.signInAnonymously();
    }
    return Logins.of("second_factor", factor.get() != null);
  }

  SecondFactor requireFactor() {
    SecondFactor wanted = factor.get();
    if (wanted == null) {
      throw new SymbolonException(
          Status.Code.FAILED_PRECONDITION, "no sign-in wants a second factor");
    }
    return wanted;
  }

  void close() {
    login.close();
    GuardedCalls.forget(login);
  }
}
