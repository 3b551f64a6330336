package internal.symbolon.client;

import internal.symbolon.v1.CompletePasswordResetRequest;
import internal.symbolon.v1.Device;
import internal.symbolon.v1.MessageChannel;
import internal.symbolon.v1.OnboardDeviceRequest;
import internal.symbolon.v1.RegisterUserRequest;
import internal.symbolon.v1.RequestPasswordResetRequest;
import internal.symbolon.v1.User;
import internal.symbolon.v1.UserServiceGrpc;
import io.grpc.CallCredentials;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One user, device or client that is signed in, and stays so: tokens are refreshed before they
 * expire, once for all that wait, and are kept in a store. Attach it to calls by {@link
 * #interceptor}, and do nothing about tokens.
 *
 * <p>Make one for each user, keep it, and close it in the end. It is for any number of threads, and
 * keeps no process alive. Methods that call the server block; on Android call them outside the main
 * thread.
 */
public final class Login implements AutoCloseable {
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** What a user is given to sign in in a browser. */
  private static final Duration USER_LIMIT = Duration.ofMinutes(5);

  private final LoginState state;
  private final SharedStore store;
  private final LoginCalls calls;
  private final Issues issues;
  private final Endings endings;
  private final LateSaves lateSaves;
  private final Renewals renewals;
  private final Refusals refusals;
  private final Waits waits;
  private final SignIns signIns;
  private final Account account;
  private final String clientId;
  private final boolean isPlaintext;
  final Events events;

  Login(LoginBuilder builder, LoginCalls calls, Clock clock) {
    this.calls = calls;
    clientId = builder.clientId;
    isPlaintext = builder.isPlaintext;
    events = new Events(builder.listener);
    state = new LoginState(events);
    store = new SharedStore(builder.store, events);
    issues = new Issues(calls, clientId, builder.clientSecret, builder.scopes, builder.resource);
    endings = new Endings(state, store, calls, events);
    lateSaves = new LateSaves(state, store, events, clock);
    Refresh refresh = new Refresh(state, store, calls, issues, clock);
    renewals = new Renewals(state, refresh, endings, lateSaves, events, clock);
    refusals = new Refusals(state, store, calls, refresh, renewals, endings, events, clock);
    Takeover takeover = new Takeover(state, store, clientId, renewals, endings, events, clock);
    waits = new Waits(state, clock);
    signIns = new SignIns(state, calls, issues, takeover, events, clock, waits);
    account = new Account(this, state, calls, endings);
  }

  /**
   * Begins a login of a public client, as most apps are.
   *
   * @param address {@code host:port} of Symbolon, or another address that gRPC knows
   * @param clientId a public client
   * @return what the login is made with
   * @throws SymbolonException when one of them is empty or has a line break, or is not an address
   */
  public static LoginBuilder builder(String address, String clientId) {
    return new LoginBuilder(Checks.text("address", address), null, clientId, null);
  }

  /**
   * Begins a login of a client that has a secret, such as a service.
   *
   * @param address {@code host:port} of Symbolon, or another address that gRPC knows
   * @param clientId a confidential client
   * @param clientSecret one of its secrets
   * @return what the login is made with
   * @throws SymbolonException when it is not an address, or one of the others is empty or has a
   *     line break
   */
  public static LoginBuilder builder(String address, String clientId, String clientSecret) {
    return new LoginBuilder(
        Checks.text("address", address), null, clientId, Checks.text("clientSecret", clientSecret));
  }

  /**
   * Begins a login of a public client over a channel of the app, such as one of grpc-okhttp on
   * Android.
   *
   * @param channel to Symbolon. It stays the app's, which closes it
   * @param clientId a public client
   * @return what the login is made with
   * @throws SymbolonException when clientId is empty or has a line break
   */
  public static LoginBuilder builder(Channel channel, String clientId) {
    return new LoginBuilder(null, Objects.requireNonNull(channel, "channel"), clientId, null);
  }

  /**
   * Begins a login of a client that has a secret, over a channel of the app.
   *
   * @param channel to Symbolon. It stays the app's, which closes it
   * @param clientId a confidential client
   * @param clientSecret one of its secrets
   * @return what the login is made with
   * @throws SymbolonException when one of the texts is empty or has a line break
   */
  public static LoginBuilder builder(Channel channel, String clientId, String clientSecret) {
    Objects.requireNonNull(channel, "channel");
    return new LoginBuilder(null, channel, clientId, Checks.text("clientSecret", clientSecret));
  }

  /**
   * Signs a user in.
   *
   * @param username login name, e-mail address or phone number
   * @param password the user's
   * @return empty when signed in; else the second factor that is wanted
   * @throws SymbolonException INVALID_CREDENTIALS or LOGIN_LOCKED, or the server can't be asked
   */
  public Optional<SecondFactor> signInUser(String username, String password) {
    return signIns.user(username, password);
  }

  /**
   * Signs a user in on the pages of the server, in the browser of this machine, which comes back to
   * {@code http://127.0.0.1/callback} at a free port. The client must be registered with that URI.
   *
   * @param open opens the browser at this URL, and returns. What it throws ends the sign-in
   * @param issuer the tenant's issuer, such as {@code https://login.example.com/t/shop}
   * @throws SymbolonException as of {@link #signInWithCode(Consumer, String, String, Duration)}
   */
  public void signInWithCode(Consumer<String> open, String issuer) {
    signInWithCode(open, issuer, RedirectListener.DEFAULT);
  }

  /**
   * The same with another redirect URI on this machine.
   *
   * @param open opens the browser at this URL, and returns. What it throws ends the sign-in
   * @param issuer the tenant's issuer, such as {@code https://login.example.com/t/shop}
   * @param redirectUri one that the client is registered with, such as {@code
   *     http://127.0.0.1/callback}. A free port is put in where it has none
   * @throws SymbolonException as of {@link #signInWithCode(Consumer, String, String, Duration)}
   */
  public void signInWithCode(Consumer<String> open, String issuer, String redirectUri) {
    signInWithCode(open, issuer, redirectUri, USER_LIMIT);
  }

  /**
   * The same with another limit. The thread waits for the user: interrupt it to give up.
   *
   * @param open opens the browser at this URL, and returns. What it throws ends the sign-in
   * @param issuer the tenant's issuer, such as {@code https://login.example.com/t/shop}
   * @param redirectUri one that the client is registered with, such as {@code
   *     http://127.0.0.1/callback}. A free port is put in where it has none
   * @param limit for how long the user is waited for. 5 minutes unless given
   * @throws SymbolonException PERMISSION_DENIED with ACCESS_DENIED when the user said no;
   *     DEADLINE_EXCEEDED when nobody came back in time; CANCELLED when it was given up;
   *     FAILED_PRECONDITION when the server refused; UNAVAILABLE when the answer was lost, so that
   *     the user signs in again
   */
  public void signInWithCode(
      Consumer<String> open, String issuer, String redirectUri, Duration limit) {
    Objects.requireNonNull(open, "open");
    Objects.requireNonNull(limit, "limit");
    signIns.byCode(open, issuer, redirectUri, limit);
  }

  /**
   * Begins a sign-in in a browser for apps that it comes back to by themselves, such as web servers
   * and apps on Android. Makes no call.
   *
   * @param issuer the tenant's issuer, such as {@code https://login.example.com/t/shop}
   * @param redirectUri one that the client is registered with
   * @return where the browser goes, and what to keep for {@link #completeCode}
   * @throws SymbolonException INVALID_ARGUMENT when the issuer is not https, nor on this machine
   */
  public BegunCode beginCode(String issuer, String redirectUri) {
    return signIns.beginCode(issuer, redirectUri);
  }

  /**
   * Completes what {@link #beginCode} began.
   *
   * @param begun of the same browser
   * @param callbackUrl the whole URL that the browser came back with
   * @throws SymbolonException PERMISSION_DENIED with ACCESS_DENIED when the user said no;
   *     FAILED_PRECONDITION when it is not of this sign-in, or the server refused; UNAVAILABLE when
   *     the answer was lost, so that the user signs in again
   */
  public void completeCode(BegunCode begun, String callbackUrl) {
    signIns.completeCode(Objects.requireNonNull(begun, "begun"), callbackUrl);
  }

  /**
   * Signs a user in who approves it on another device, for devices without a browser. The thread
   * waits until the user has decided: interrupt it to give up.
   *
   * @param show shows the user the code and the address, and returns. What it throws ends the
   *     sign-in
   * @throws SymbolonException FAILED_PRECONDITION with ACCESS_DENIED when the user said no, with
   *     EXPIRED_TOKEN when nobody decided in time; CANCELLED when it was given up; UNAVAILABLE when
   *     the answer was lost, so that the user signs in again
   */
  public void signInWithDeviceCode(Consumer<ShownCode> show) {
    signIns.byDeviceCode(Objects.requireNonNull(show, "show"));
  }

  /**
   * Signs a device in.
   *
   * @param id the id that Symbolon gave it ({@code th.…}), or the one of its vendor
   * @param password the device's
   * @throws SymbolonException INVALID_CREDENTIALS or LOGIN_LOCKED, or the server can't be asked
   */
  public void signInDevice(String id, String password) {
    signIns.device(id, password);
  }

  /**
   * Signs a device in, which is made where it is new.
   *
   * @param vendorId the id that its vendor gave it
   * @param password the one that it has, or gets
   * @return the device
   * @throws SymbolonException INVALID_CREDENTIALS or LOGIN_LOCKED, or the server can't be asked
   */
  public Device onboardDevice(String vendorId, String password) {
    return onboardDevice(
        OnboardDeviceRequest.newBuilder()
            .setVendorId(Checks.text("vendorId", vendorId))
            .setPassword(Checks.text("password", password))
            .build());
  }

  /**
   * The same, with all that can be said of a device, such as who owns it.
   *
   * @param request without a request id
   * @return the device
   * @throws SymbolonException INVALID_CREDENTIALS or LOGIN_LOCKED, or the server can't be asked
   */
  public Device onboardDevice(OnboardDeviceRequest request) {
    return signIns.onboard(request);
  }

  /**
   * Signs the client itself in, by its secret.
   *
   * @throws SymbolonException when it has none, or the server refuses it or can't be asked
   */
  public void signInClient() {
    signIns.issue(issues.ofClient());
  }

  /**
   * Signs nobody in particular in, by the name of the public client alone.
   *
   * @throws SymbolonException when the server refuses it or can't be asked
   */
  public void signInAnonymously() {
    signIns.issue(issues.ofNobody());
  }

  /**
   * Makes a user, and signs it in.
   *
   * @param request at least one name and a password
   * @return the user
   * @throws SymbolonException ALREADY_EXISTS with {@code field} in its metadata, or another one
   */
  public User signUpUser(RegisterUserRequest request) {
    return signIns.signUp(request);
  }

  /**
   * Makes a user without a name and a password, and signs it in. Only its token brings it back, so
   * give the login a store.
   *
   * @return the user
   * @throws SymbolonException when the server refuses it or can't be asked
   */
  public User signUpPseudoUser() {
    return signIns.signUp(RegisterUserRequest.getDefaultInstance());
  }

  /**
   * Signs in with what {@link #exportTokens} answered.
   *
   * @param text a secret
   * @throws SymbolonException when it is something else, or of another client
   */
  public void resume(String text) {
    signIns.resume(text);
  }

  /**
   * Signs in with an access token alone. Nothing refreshes it.
   *
   * @param accessToken a live one
   * @throws SymbolonException INVALID_CREDENTIALS when it is not live, or the server can't be asked
   */
  public void resumeWithToken(String accessToken) {
    signIns.resumeWithToken(accessToken);
  }

  /**
   * Signs in with what the store has. Makes no call.
   *
   * @return whether somebody is signed in
   * @throws SymbolonException when the store can't be read, or its login is of another client
   */
  public boolean resumeStored() {
    signIns.resumeStored();
    return isSignedIn();
  }

  /**
   * All that another process needs to go on with this login.
   *
   * @return a secret: one line of JSON
   * @throws SymbolonException UNAUTHENTICATED when nobody is signed in
   */
  public String exportTokens() {
    return state.require().record.toJson();
  }

  /**
   * The access token for a call. From memory it is answered at once; once it has expired the thread
   * waits for the refresh. Ask anew for each call.
   *
   * @return a secret
   * @throws SymbolonException UNAUTHENTICATED when nobody is signed in, CANCELLED when the thread
   *     is interrupted or the login is closed, or what the refresh failed with
   */
  public String token() {
    String token = renewals.atOnce();
    return token == null ? await(renewals.next()) : token;
  }

  private static <A> A await(CompletableFuture<A> future) {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw SymbolonException.of("The wait for a token was given up", interrupted);
    } catch (ExecutionException failed) {
      throw SymbolonException.of(failed);
    }
  }

  /**
   * The same without waiting. To cancel what is answered ends this wait, and no refresh.
   *
   * @return fails with a {@link SymbolonException}
   */
  public CompletableFuture<String> tokenAsync() {
    CompletableFuture<String> mine = new CompletableFuture<>();
    try {
      String token = renewals.atOnce();
      if (token == null) {
        // What hangs on it may block, and must hold up no refresh.
        renewals.next().whenCompleteAsync((next, error) -> finish(mine, next, error), Workers.POOL);
      } else {
        mine.complete(token);
      }
    } catch (SymbolonException error) {
      mine.completeExceptionally(error);
    }
    return mine;
  }

  private static <A> void finish(CompletableFuture<A> future, A answer, Throwable error) {
    if (error == null) {
      future.complete(answer);
    } else {
      future.completeExceptionally(SymbolonException.of(error));
    }
  }

  /**
   * Tells that a service refused a call with this token: with UNAUTHENTICATED, or 401. {@link
   * #interceptor} does it by itself.
   *
   * @param token what the call was sent with
   * @return whether there is another one, so that the call is to be made once more
   * @throws SymbolonException CANCELLED when the thread is interrupted or the login is closed
   */
  public boolean refused(String token) {
    return await(refusals.refused(token));
  }

  /**
   * The same without waiting.
   *
   * @param token what the call was sent with
   * @return whether there is another one
   */
  public CompletableFuture<Boolean> refusedAsync(String token) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    try {
      refusals
          .refused(token)
          .whenCompleteAsync((answer, error) -> finish(mine, answer, error), Workers.POOL);
    } catch (SymbolonException error) {
      mine.completeExceptionally(error);
    }
    return mine;
  }

  /**
   * Forgets the login here and in the store, and revokes it. When the server is away it is told
   * later, for as long as this is open. That nobody is signed in is not an error. Before anything
   * was resumed it ends what the store has. A sign-in that is under way fails with CANCELLED.
   *
   * @return whether the server said that the login has ended
   */
  public boolean signOut() {
    boolean isNew = state.isNew();
    Held held = state.signOut();
    waits.giveUp();
    renewals.giveUp();
    if (held != null) {
      return endings.revokeAll(held.record, endings.forget(held.record));
    }
    LoginRecord stored = isNew ? endings.forget(clientId) : null;
    return stored == null ? endings.isAllTold() : endings.revokeAll(stored);
  }

  /** By what the user did itself. Not of a login that began meanwhile. */
  void ended(String familyId, SignOutReason reason) {
    Held held = state.held();
    if (held != null && held.record.familyId.equals(familyId)) {
      renewals.giveUp();
      endings.end(held, reason);
    }
  }

  /**
   * Whether a token can be had, as far as is known here. Makes no call.
   *
   * @return false once it has expired and nothing can renew it
   */
  public boolean isSignedIn() {
    return renewals.isSignedIn();
  }

  /**
   * Whom the tokens stand for.
   *
   * @return empty when nobody is signed in
   */
  public Optional<CurrentUser> currentUser() {
    Held held = isSignedIn() ? state.held() : null;
    return held == null ? Optional.empty() : Optional.of(new CurrentUser(held.record));
  }

  /**
   * What the user who is signed in does for itself.
   *
   * @return of this login, also when nobody is signed in
   */
  public Account account() {
    return account;
  }

  /**
   * Sends a code to who forgot its password. It answers the same whether there is such a user or
   * not.
   *
   * @param username login name, verified e-mail address or verified phone number
   * @param channel where the code goes
   * @throws SymbolonException when the server can't be asked
   */
  public void requestPasswordReset(String username, MessageChannel channel) {
    RequestPasswordResetRequest request =
        RequestPasswordResetRequest.newBuilder()
            .setUser(UserNames.refOf(username))
            .setChannel(channel)
            .build();
    calls.once(
        "The code can't be asked for",
        UserServiceGrpc::newBlockingStub,
        stub -> stub.requestPasswordReset(request));
  }

  /**
   * Sets a new password by that code. It ends every login of the user, and signs nobody in.
   *
   * @param username as the code was asked for
   * @param code as it was sent
   * @param newPassword the one that the user gets
   * @throws SymbolonException INVALID_CODE or CODE_EXPIRED, or the server can't be asked
   */
  public void completePasswordReset(String username, String code, String newPassword) {
    CompletePasswordResetRequest request =
        CompletePasswordResetRequest.newBuilder()
            .setUser(UserNames.refOf(username))
            .setCode(Checks.text("code", code))
            .setNewPassword(Checks.text("newPassword", newPassword))
            .build();
    calls.once(
        "The password can't be set",
        UserServiceGrpc::newBlockingStub,
        stub -> stub.completePasswordReset(request));
  }

  /**
   * Attaches the token to calls of gRPC, and makes a unary call once more when its token was
   * refused and there is another one. Give it to the stub or the channel of a service.
   *
   * @return for any number of channels
   */
  public ClientInterceptor interceptor() {
    return new BearerInterceptor(this);
  }

  /**
   * Attaches the token to calls of gRPC, and does no more than that. It never blocks.
   *
   * @return for any number of stubs
   */
  public CallCredentials callCredentials() {
    return bearer();
  }

  BearerCredentials bearer() {
    return new BearerCredentials(renewals, isPlaintext);
  }

  /**
   * Ends calls with CANCELLED from now on. A refresh that is under way has 2 s to end, for its
   * answer must not be lost. What could not be written is tried once more, for 2 s at most. The
   * store keeps all.
   */
  @Override
  public void close() {
    state.close();
    waits.giveUp();
    renewals.await(LAST_NANOS);
    lateSaves.last(LAST_NANOS);
    calls.close();
    renewals.giveUp();
  }

  @Override
  public String toString() {
    return "Login[clientId=" + clientId + ", currentUser=" + state.held() + "]";
  }
}
