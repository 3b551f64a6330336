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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Signing in and up, one at a time. One that fails changes nothing. */
final class SignIns {
  /** As Symbolon makes them; ids of vendors have other forms. */
  private static final Pattern DEVICE_ID =
      Pattern.compile("th\\.[a-zA-Z0-9]{12}(?:-[a-zA-Z0-9]{4}){3}-[a-zA-Z0-9]{8}");

  private final LoginState state;
  private final SharedStore store;
  private final LoginCalls calls;
  private final Issues issues;
  private final Renewals renewals;
  private final Endings endings;
  private final Events events;
  private final Clock clock;
  private final AtomicBoolean isUnderWay = new AtomicBoolean();

  SignIns(
      LoginState state,
      SharedStore store,
      LoginCalls calls,
      Issues issues,
      Renewals renewals,
      Endings endings,
      Events events,
      Clock clock) {
    this.state = state;
    this.store = store;
    this.calls = calls;
    this.issues = issues;
    this.renewals = renewals;
    this.endings = endings;
    this.events = events;
    this.clock = clock;
  }

  private <A> A alone(Supplier<A> signIn) {
    state.requireOpen();
    if (!isUnderWay.compareAndSet(false, true)) {
      throw new SymbolonException(
          Status.Code.FAILED_PRECONDITION, "Another sign-in is under way: wait for its end");
    }
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
          requireOfThisClient(record);
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

  /** Without a call. Nobody is in the store: nothing changes. */
  void resumeStored() {
    alone(
        () -> {
          Optional<LoginRecord> found = loaded();
          if (found.isPresent()) {
            requireOfThisClient(found.get());
            Held held = state.held();
            // Who is signed in with it goes on.
            if (held == null || !held.record.accessToken.equals(found.get().accessToken)) {
              revokeOther(replace(Held.resumed(found.get(), clock)), found.get());
            }
          }
          return null;
        });
  }

  private Optional<LoginRecord> loaded() {
    try {
      return store.load();
    } catch (SymbolonException error) {
      events.add(LoginEvent.storeFailed(error));
      throw error;
    }
  }

  /** A refresh token is good for its client alone. */
  private void requireOfThisClient(LoginRecord record) {
    if (!record.clientId.equals(issues.clientId()) && record.refreshToken != null) {
      throw new SymbolonException(
          Status.Code.FAILED_PRECONDITION,
          "The login is of another client: give clientId the one that signed in");
    }
  }

  /** Kept before anybody gets the new token. */
  private Object begin(Held next) {
    renewals.giveUp();
    Store.Lock lock = () -> {};
    try {
      lock = store.lock();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (SymbolonException busy) {
      // Another process has it for too long. The sign-in succeeded all the same.
      events.add(LoginEvent.storeFailed(busy));
    }
    Held before;
    try {
      state.requireOpen();
      store.save(next.record);
      before = replace(next);
    } finally {
      lock.close();
    }
    revokeOther(before, next.record);
    return null;
  }

  private Held replace(Held next) {
    Held before = state.begin(next);
    renewals.giveUp();
    return before;
  }

  private void revokeOther(Held before, LoginRecord next) {
    if (before != null && !before.record.familyId.equals(next.familyId)) {
      endings.revoke(before.record);
    }
  }
}
