package internal.symbolon.client;

import internal.symbolon.v1.DescribeTokenRequest;
import internal.symbolon.v1.DescribeTokenResponse;
import internal.symbolon.v1.Device;
import internal.symbolon.v1.DevicePassword;
import internal.symbolon.v1.DeviceServiceGrpc;
import internal.symbolon.v1.IssueRequest;
import internal.symbolon.v1.IssueResponse;
import internal.symbolon.v1.OnboardDeviceRequest;
import internal.symbolon.v1.OnboardDeviceResponse;
import internal.symbolon.v1.RegisterUserRequest;
import internal.symbolon.v1.RegisterUserResponse;
import internal.symbolon.v1.TokenServiceGrpc;
import internal.symbolon.v1.User;
import internal.symbolon.v1.UserPassword;
import internal.symbolon.v1.UserServiceGrpc;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Signing in and up, one at a time. One that fails changes nothing. */
final class SignIns {
  /** As Symbolon makes them; ids of vendors have other forms. */
  private static final Pattern DEVICE_ID =
      Pattern.compile("th\\.[a-zA-Z0-9]{12}(?:-[a-zA-Z0-9]{4}){3}-[a-zA-Z0-9]{8}");

  private final LoginState state;
  private final LoginCalls calls;
  private final Issues issues;
  private final Takeover takeover;
  private final Events events;
  private final Clock clock;
  private final Waits waits;
  private final DeviceCodes deviceCodes;
  private final AtomicBoolean isUnderWay = new AtomicBoolean();

  /** When the one that is under way began. */
  private volatile long signOutsBefore;

  SignIns(
      LoginState state,
      LoginCalls calls,
      Issues issues,
      Takeover takeover,
      Events events,
      Clock clock,
      Waits waits) {
    this.state = state;
    this.calls = calls;
    this.issues = issues;
    this.takeover = takeover;
    this.events = events;
    this.clock = clock;
    this.waits = waits;
    deviceCodes = new DeviceCodes(calls, issues, waits, clock);
  }

  private <A> A alone(Supplier<A> signIn) {
    state.requireOpen();
    if (!isUnderWay.compareAndSet(false, true)) {
      throw new SymbolonException(
          Status.Code.FAILED_PRECONDITION, "Another sign-in is under way: wait for its end");
    }
    signOutsBefore = state.signOuts();
    try {
      return signIn.get();
    } finally {
      isUnderWay.set(false);
      events.tell();
    }
  }

  Optional<SecondFactor> user(String username, String password) {
    UserPassword.Builder credential =
        UserPassword.newBuilder()
            .setUsername(Checks.text("username", username))
            .setPassword(Checks.text("password", password));
    return issue(IssueRequest.newBuilder().setUserPassword(credential));
  }

  void device(String id, String password) {
    DevicePassword.Builder credential =
        DevicePassword.newBuilder().setPassword(Checks.text("password", password));
    if (DEVICE_ID.matcher(Checks.text("id", id)).matches()) {
      credential.setDeviceId(id);
    } else {
      credential.setVendorId(id);
    }
    issue(IssueRequest.newBuilder().setDevicePassword(credential));
  }

  Optional<SecondFactor> issue(IssueRequest.Builder request) {
    return alone(
        () -> {
          Sent<IssueResponse> sent = issues.issue(request);
          if (sent.answer.hasMfaChallenge()) {
            return Optional.of(new SecondFactor(this, sent.answer.getMfaChallenge()));
          }
          begin(sent.heldOf(issues.clientId(), sent.answer.getTokens()));
          return Optional.empty();
        });
  }

  void complete(internal.symbolon.v1.SecondFactor factor) {
    IssueRequest request = IssueRequest.newBuilder().setSecondFactor(factor).build();
    alone(
        () -> {
          Sent<IssueResponse> sent = issues.complete(request);
          return begin(sent.heldOf(issues.clientId(), sent.answer.getTokens()));
        });
  }

  /** The app opens the browser; it comes back to this machine. */
  void byCode(Consumer<String> open, String issuer, String redirectUri, Duration limit) {
    alone(
        () -> {
          BegunCode begun;
          String code;
          try (RedirectListener listener = RedirectListener.listen(redirectUri)) {
            begun = Codes.begin(issues, issuer, listener.redirectUri());
            CompletableFuture<String> brought = listener.begin(begun);
            open.accept(begun.url());
            code = waits.await(brought, LoginCalls.nanosOf(limit), signOutsBefore);
          }
          if (code == null) {
            throw new SymbolonException(
                Status.Code.DEADLINE_EXCEEDED, "The user did not sign in in time: begin again");
          }
          return redeem(begun, code);
        });
  }

  BegunCode beginCode(String issuer, String redirectUri) {
    return Codes.begin(issues, issuer, redirectUri);
  }

  void completeCode(BegunCode begun, String callbackUrl) {
    String code = new Callback(Checks.text("callbackUrl", callbackUrl)).requireCode(begun);
    alone(() -> redeem(begun, code));
  }

  private Object redeem(BegunCode begun, String code) {
    Sent<IssueResponse> sent = issues.redeem(begun, code);
    return begin(sent.heldOf(issues.clientId(), sent.answer.getTokens()));
  }

  void byDeviceCode(Consumer<ShownCode> show) {
    alone(
        () -> {
          Sent<IssueResponse> sent = deviceCodes.approved(show, signOutsBefore);
          return begin(sent.heldOf(issues.clientId(), sent.answer.getTokens()));
        });
  }

  Device onboard(OnboardDeviceRequest request) {
    OnboardDeviceRequest.Builder builder = request.toBuilder();
    builder.getWithTokenBuilder().addAllScopes(issues.scopes());
    OnboardDeviceRequest complete = builder.build();
    return alone(
        () -> {
          Sent<OnboardDeviceResponse> sent =
              calls.repeated(
                  "The device can't be onboarded",
                  DeviceServiceGrpc::newBlockingStub,
                  stub -> stub.onboardDevice(complete),
                  calls.limitNanos());
          begin(sent.heldOf(issues.clientId(), sent.answer.getTokens()));
          return sent.answer.getDevice();
        });
  }

  User signUp(RegisterUserRequest request) {
    RegisterUserRequest.Builder builder = request.toBuilder();
    builder.getWithTokenBuilder().addAllScopes(issues.scopes()).setRequestId(Issues.requestId());
    RegisterUserRequest complete = builder.build();
    return alone(
        () -> {
          Sent<RegisterUserResponse> sent =
              calls.repeated(
                  "The sign-up failed",
                  UserServiceGrpc::newBlockingStub,
                  stub -> stub.registerUser(complete),
                  calls.limitNanos());
          begin(sent.heldOf(issues.clientId(), sent.answer.getTokens()));
          return sent.answer.getUser();
        });
  }

  void resume(String text) {
    alone(
        () -> {
          LoginRecord record;
          try {
            record = LoginRecord.parse(Checks.text("text", text));
          } catch (LoginRecord.NoRecordException none) {
            throw new SymbolonException(
                Status.Code.INVALID_ARGUMENT, "text must be what exportTokens answered");
          }
          takeover.requireOfThisClient(record);
          return begin(Held.resumed(record, clock));
        });
  }

  void resumeWithToken(String accessToken) {
    DescribeTokenRequest request =
        DescribeTokenRequest.newBuilder()
            .setAccessToken(Checks.line("accessToken", accessToken))
            .build();
    alone(
        () -> {
          Sent<DescribeTokenResponse> sent =
              calls.once(
                  "The login can't be resumed",
                  TokenServiceGrpc::newBlockingStub,
                  stub -> stub.describeToken(request));
          return begin(sent.heldOf(accessToken, sent.answer));
        });
  }

  /** Without a call. */
  void resumeStored() {
    alone(
        () -> {
          takeover.resumeStored(signOutsBefore);
          return null;
        });
  }

  private Object begin(Held next) {
    takeover.begin(next, signOutsBefore);
    return null;
  }
}
