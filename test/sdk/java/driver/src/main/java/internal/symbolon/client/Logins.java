package internal.symbolon.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import internal.symbolon.v1.MessageChannel;
import internal.symbolon.v1.OnboardDeviceRequest;
import internal.symbolon.v1.RegisterUserRequest;
import io.grpc.Status;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The logins that are open, by their names, and what apps ask of them. */
public final class Logins {
  /** What this class serves; {@code close} and {@code shift_clock} come to it too. */
  private static final Set<String> OPS =
      Set.of(
          "sign_in",
          "second_factor",
          "sign_up",
          "sign_out",
          "token",
          "refused",
          "login_state",
          "export",
          "resume",
          "resume_token",
          "resume_stored",
          "account",
          "forgot_password",
          "complete_reset",
          "call",
          "login_close",
          "login_open");

  private static final long MAX_TELLING_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Map<String, OpenLogin> open = new ConcurrentHashMap<>();
  private final Shifted clock = new Shifted();
  private final Executor workers;

  /** {@code workers}: as many threads as are asked for at once. */
  public Logins(Executor workers) {
    this.workers = workers;
  }

  /** The clocks of all logins. */
  private static final class Shifted implements Clock {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong millis = new AtomicLong();

    @Override
    public long monotonicNanos() {
      return System.nanoTime() + nanos.get();
    }

    @Override
    public long wallMillis() {
      return System.currentTimeMillis() + millis.get();
    }
  }

  /** Whether it is of logins. */
  public static boolean isOp(String op) {
    return OPS.contains(op) || BrowserSignIns.OPS.contains(op);
  }

  /** Is told of each request in their order, before it is served beside others. */
  public void expect(JsonObject request) {
    OpenLogin named = open.get(nameIn(request));
    if (named != null) {
      named.browser().expect(text(request, "op"));
    }
  }

  private static String nameIn(JsonObject request) {
    return request.has("login") ? text(request, "login") : "one";
  }

  /** From now on. */
  public void shiftClock(long monotonicMillis, long wallMillis) {
    clock.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(monotonicMillis));
    clock.millis.addAndGet(wallMillis);
  }

  /** All of them, and clocks that are not shifted. */
  public void close() {
    open.values().forEach(OpenLogin::close);
    open.clear();
    clock.nanos.set(0);
    clock.millis.set(0);
  }

  /** The answer to one of the ops. */
  public JsonObject answer(String op, JsonObject request) throws InterruptedException {
    String name = nameIn(request);
    if (op.equals("login_open")) {
      OpenLogin before = open.put(name, OpenLogin.of(request, clock));
      if (before != null) {
        before.close();
      }
      return ok();
    }
    OpenLogin named = open.get(name);
    if (named == null) {
      throw new SymbolonException(
          Status.Code.FAILED_PRECONDITION, "no login is open of the name " + name);
    }
    if (BrowserSignIns.OPS.contains(op)) {
      return named.browser().answer(op, request);
    }
    Login login = named.login();
    switch (op) {
      case "sign_in" -> {
        return named.signIn(request);
      }
      case "second_factor" -> {
        SecondFactor factor = named.requireFactor();
        if (request.has("code")) {
          factor.complete(text(request, "code"));
        } else {
          factor.completeWithRecoveryCode(text(request, "recovery_code"));
        }
      }
      case "sign_up" -> {
        return of("subject_id", signedUp(login, request));
      }
      case "sign_out" -> {
        return of("told", login.signOut());
      }
      case "token" -> {
        return GuardedCalls.tokens(login, workers, timesOf(request));
      }
      case "refused" -> {
        return of("again", login.refused(text(request, "token")));
      }
      case "login_state" -> {
        return stateOf(named);
      }
      case "export" -> {
        return of("text", login.exportTokens());
      }
      case "resume" -> login.resume(text(request, "text"));
      case "resume_token" -> login.resumeWithToken(text(request, "token"));
      case "resume_stored" -> {
        return of("signed_in", login.resumeStored());
      }
      case "account" -> {
        return Accounts.answer(login.account(), request);
      }
      case "forgot_password" ->
          login.requestPasswordReset(
              text(request, "username"),
              text(request, "channel").equals("email")
                  ? MessageChannel.MESSAGE_CHANNEL_EMAIL
                  : MessageChannel.MESSAGE_CHANNEL_SMS);
      case "complete_reset" ->
          login.completePasswordReset(
              text(request, "username"), text(request, "code"), text(request, "new_password"));
      case "call" -> {
        return GuardedCalls.calls(
            login, workers, text(request, "how"), text(request, "address"), timesOf(request));
      }
      default -> {
        open.remove(name);
        named.close();
      }
    }
    return ok();
  }

  private static int timesOf(JsonObject request) {
    return request.has("times") ? request.get("times").getAsInt() : 1;
  }

  private static JsonObject ok() {
    return of("ok", true);
  }

  static JsonObject of(String name, boolean value) {
    JsonObject answer = new JsonObject();
    answer.addProperty(name, value);
    return answer;
  }

  static JsonObject of(String name, String value) {
    JsonObject answer = new JsonObject();
    answer.addProperty(name, value);
    return answer;
  }

  static String text(JsonObject request, String name) {
    return request.has(name) ? request.get(name).getAsString() : null;
  }

  private static String signedUp(Login login, JsonObject request) {
    switch (text(request, "as")) {
      case "user" -> {
        RegisterUserRequest.Builder user = RegisterUserRequest.newBuilder();
        Optional.ofNullable(text(request, "login_name")).ifPresent(user::setLoginName);
        Optional.ofNullable(text(request, "email")).ifPresent(user::setEmail);
        Optional.ofNullable(text(request, "phone")).ifPresent(user::setPhone);
        Optional.ofNullable(text(request, "password")).ifPresent(user::setPassword);
        Optional.ofNullable(text(request, "display_name")).ifPresent(user::setDisplayName);
        return login.signUpUser(user.build()).getUserId();
      }
      case "pseudo" -> {
        return login.signUpPseudoUser().getUserId();
      }
      default -> {
        OnboardDeviceRequest.Builder device =
            OnboardDeviceRequest.newBuilder()
                .setVendorId(text(request, "vendor_id"))
                .setPassword(text(request, "password"));
        Optional.ofNullable(text(request, "owner_access_token"))
            .ifPresent(device::setOwnerAccessToken);
        return login.onboardDevice(device.build()).getDeviceId();
      }
    }
  }

  private static JsonObject stateOf(OpenLogin named) throws InterruptedException {
    Login login = named.login();
    JsonObject answer = of("signed_in", login.isSignedIn());
    login.currentUser().ifPresent(user -> answer.add("current_user", userOf(user)));
    long begun = System.nanoTime();
    while (!login.events.isIdle() && System.nanoTime() - begun < MAX_TELLING_NANOS) {
      Thread.sleep(1);
    }
    JsonArray events = new JsonArray();
    named.events().forEach(event -> events.add(eventOf(event)));
    answer.add("events", events);
    return answer;
  }

  private static JsonObject userOf(CurrentUser user) {
    JsonArray scopes = new JsonArray();
    user.scopes().forEach(scopes::add);
    String kind = user.kind().name().substring("TOKEN_KIND_".length());
    JsonObject answer = of("kind", kind.toLowerCase(Locale.ROOT));
    answer.addProperty("subject_id", user.subjectId());
    answer.addProperty("client_id", user.clientId());
    answer.add("scopes", scopes);
    answer.addProperty("token_id", user.tokenId());
    answer.addProperty("family_id", user.familyId());
    return answer;
  }

  private static JsonObject eventOf(LoginEvent event) {
    JsonObject answer = of("event", event.kind().name().toLowerCase(Locale.ROOT));
    event
        .reason()
        .ifPresent(reason -> answer.addProperty("reason", reason.name().toLowerCase(Locale.ROOT)));
    event.error().ifPresent(error -> answer.add("error", DriverErrors.of(error)));
    return answer;
  }
}
