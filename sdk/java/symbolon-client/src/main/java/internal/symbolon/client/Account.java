package internal.symbolon.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import internal.symbolon.v1.ChangeUserPasswordRequest;
import internal.symbolon.v1.ConfirmEmailVerificationRequest;
import internal.symbolon.v1.ConfirmPhoneVerificationRequest;
import internal.symbolon.v1.ConfirmTotpRequest;
import internal.symbolon.v1.DeleteUserRequest;
import internal.symbolon.v1.EnrollTotpRequest;
import internal.symbolon.v1.EnrollTotpResponse;
import internal.symbolon.v1.GetUserRequest;
import internal.symbolon.v1.ListTokensRequest;
import internal.symbolon.v1.ListTokensResponse;
import internal.symbolon.v1.RemoveTotpRequest;
import internal.symbolon.v1.RevokeRequest;
import internal.symbolon.v1.StartEmailVerificationRequest;
import internal.symbolon.v1.StartPhoneVerificationRequest;
import internal.symbolon.v1.TokenFamily;
import internal.symbolon.v1.TokenServiceGrpc;
import internal.symbolon.v1.UpdateUserRequest;
import internal.symbolon.v1.User;
import internal.symbolon.v1.UserRef;
import internal.symbolon.v1.UserServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a user who is signed in does for itself. Each method calls the server, and throws a {@link
 * SymbolonException}: UNAUTHENTICATED when nobody is signed in, or what the server said.
 */
public final class Account {
  private static final Pattern SIX_DIGITS = Pattern.compile("[0-9]{6}");

  private static final String DOING = "The account can't be used";

  private final Login login;
  private final LoginState state;
  private final LoginCalls calls;
  private final Endings endings;

  Account(Login login, LoginState state, LoginCalls calls, Endings endings) {
    this.login = login;
    this.state = state;
    this.calls = calls;
    this.endings = endings;
  }

  /** With the token of the moment, and once more where that had just ended. */
  private <A> A withToken(Function<String, A> call) {
    String token = login.token();
    try {
      return call.apply(token);
    } catch (SymbolonException error) {
      // A wrong password has the same reason; only the token tells which it is.
      if (!error.reason().equals("INVALID_CREDENTIALS") || !login.refused(token)) {
        throw error;
      }
    }
    return call.apply(login.token());
  }

  private <A> A ofUser(BiFunction<UserServiceGrpc.UserServiceBlockingStub, UserRef, A> call) {
    return withToken(
        token -> {
          UserRef user = UserRef.newBuilder().setAccessToken(token).build();
          return calls.once(DOING, UserServiceGrpc::newBlockingStub, stub -> call.apply(stub, user))
              .answer;
        });
  }

  private <A> A ofTokens(
      Function<String, Function<TokenServiceGrpc.TokenServiceBlockingStub, A>> call) {
    return withToken(
        token -> calls.once(DOING, TokenServiceGrpc::newBlockingStub, call.apply(token)).answer);
  }

  /**
   * The user.
   *
   * @return as it is now
   */
  public User get() {
    return ofUser(
        (stub, user) -> stub.getUser(GetUserRequest.newBuilder().setUser(user).build()).getUser());
  }

  /**
   * Changes what the update mask names, or without one all that is set.
   *
   * @param request the names, and what they become
   * @return the user as it is now
   */
  public User update(UpdateUserRequest request) {
    UpdateUserRequest.Builder builder = request.toBuilder().clearUser();
    if (!request.hasUpdateMask()) {
      builder.setUpdateMask(maskOf(request));
    }
    return ofUser((stub, user) -> stub.updateUser(builder.clone().setUser(user).build()).getUser());
  }

  private static FieldMask maskOf(UpdateUserRequest request) {
    FieldMask.Builder mask = FieldMask.newBuilder();
    for (FieldDescriptor field : request.getAllFields().keySet()) {
      String name = field.getName();
      // These go with others, and are not named in a mask.
      if (!name.equals("user") && !name.equals("password") && !name.equals("phone_country")) {
        mask.addPaths(name);
      }
    }
    return mask.build();
  }

  /**
   * Gives a pseudo user its first name and password. It keeps its id and its login.
   *
   * @param loginName the name that it signs in with from now on
   * @param password its password from now on
   * @return the user as it is now
   */
  public User becomeNormal(String loginName, String password) {
    return update(
        UpdateUserRequest.newBuilder().setLoginName(loginName).setPassword(password).build());
  }

  /**
   * Sets a new password, and ends every login of the user: also this one, as PASSWORD_CHANGED.
   *
   * @param oldPassword the one that the user has
   * @param newPassword the one that it gets
   */
  public void changePassword(String oldPassword, String newPassword) {
    changePassword(passwords(oldPassword, newPassword));
  }

  /**
   * The same for a user who has a second factor.
   *
   * @param oldPassword the one that the user has
   * @param newPassword the one that it gets
   * @param code six digits that the app shows, or a recovery code
   */
  public void changePassword(String oldPassword, String newPassword, String code) {
    ChangeUserPasswordRequest.Builder request = passwords(oldPassword, newPassword);
    if (isShownByApp(code)) {
      request.setTotpCode(code);
    } else {
      request.setRecoveryCode(code);
    }
    changePassword(request);
  }

  /** Recovery codes have letters. */
  private static boolean isShownByApp(String code) {
    return SIX_DIGITS.matcher(Checks.text("code", code)).matches();
  }

  private static ChangeUserPasswordRequest.Builder passwords(String before, String after) {
    return ChangeUserPasswordRequest.newBuilder()
        .setOldPassword(Checks.text("oldPassword", before))
        .setNewPassword(Checks.text("newPassword", after));
  }

  private void changePassword(ChangeUserPasswordRequest.Builder request) {
    endsWith(
        SignOutReason.PASSWORD_CHANGED,
        () -> ofUser((stub, user) -> stub.changeUserPassword(request.setUser(user).build())));
  }

  /** What ended the login of the moment is known here before the next call is refused. */
  private void endsWith(SignOutReason reason, Runnable call) {
    String familyId = state.require().record.familyId;
    call.run();
    login.ended(familyId, reason);
  }

  /** Sends a code to the user's e-mail address that is not verified yet. */
  public void startEmailVerification() {
    ofUser(
        (stub, user) ->
            stub.startEmailVerification(
                StartEmailVerificationRequest.newBuilder().setUser(user).build()));
  }

  /**
   * Verifies the e-mail address.
   *
   * @param code as it was sent
   */
  public void confirmEmailVerification(String code) {
    ConfirmEmailVerificationRequest.Builder request =
        ConfirmEmailVerificationRequest.newBuilder().setCode(Checks.text("code", code));
    ofUser((stub, user) -> stub.confirmEmailVerification(request.setUser(user).build()));
  }

  /** Sends a code to the user's phone number that is not verified yet. */
  public void startPhoneVerification() {
    ofUser(
        (stub, user) ->
            stub.startPhoneVerification(
                StartPhoneVerificationRequest.newBuilder().setUser(user).build()));
  }

  /**
   * Verifies the phone number.
   *
   * @param code as it was sent
   */
  public void confirmPhoneVerification(String code) {
    ConfirmPhoneVerificationRequest.Builder request =
        ConfirmPhoneVerificationRequest.newBuilder().setCode(Checks.text("code", code));
    ofUser((stub, user) -> stub.confirmPhoneVerification(request.setUser(user).build()));
  }

  /**
   * Begins a second factor, which counts once it is confirmed.
   *
   * @param password the user's
   * @return the secret, and the otpauth URI that an app reads: secrets both
   */
  public EnrollTotpResponse enrollSecondFactor(String password) {
    EnrollTotpRequest.Builder request =
        EnrollTotpRequest.newBuilder().setPassword(Checks.text("password", password));
    return ofUser((stub, user) -> stub.enrollTotp(request.setUser(user).build()));
  }

  /**
   * Shows that the secret of the second factor arrived.
   *
   * @param code six digits that the app shows
   * @return codes for when the app is lost: secrets, which are told once
   */
  public List<String> confirmSecondFactor(String code) {
    ConfirmTotpRequest.Builder request =
        ConfirmTotpRequest.newBuilder().setCode(Checks.text("code", code));
    return ofUser(
        (stub, user) -> stub.confirmTotp(request.setUser(user).build()).getRecoveryCodesList());
  }

  /**
   * Takes the second factor away.
   *
   * @param code six digits that the app shows, or a recovery code
   */
  public void removeSecondFactor(String code) {
    RemoveTotpRequest.Builder request = RemoveTotpRequest.newBuilder();
    if (isShownByApp(code)) {
      request.setTotpCode(code);
    } else {
      request.setRecoveryCode(code);
    }
    ofUser((stub, user) -> stub.removeTotp(request.setUser(user).build()));
  }

  /**
   * The live logins of the user, on whatever device.
   *
   * @return all of them, also this one
   */
  public List<TokenFamily> logins() {
    List<TokenFamily> all = new ArrayList<>();
    String page = "";
    do {
      ListTokensRequest.Builder request = ListTokensRequest.newBuilder().setPageToken(page);
      ListTokensResponse answer =
          ofTokens(token -> stub -> stub.listTokens(request.setAccessToken(token).build()));
      all.addAll(answer.getFamiliesList());
      page = answer.getNextPageToken();
    } while (!page.isEmpty());
    return all;
  }

  /**
   * Ends one of the user's logins. This one of its own signs out, as REVOKED.
   *
   * @param familyId as {@link #logins} tells it
   */
  public void revoke(String familyId) {
    RevokeRequest.Builder request =
        RevokeRequest.newBuilder().setFamilyId(Checks.text("familyId", familyId));
    ofTokens(token -> stub -> stub.revoke(request.setUserAccessToken(token).build()));
    login.ended(familyId, SignOutReason.REVOKED);
  }

  /** Deletes the user, and signs out as DELETED. */
  public void delete() {
    endsWith(
        SignOutReason.DELETED,
        () ->
            ofUser(
                (stub, user) ->
                    stub.deleteUser(DeleteUserRequest.newBuilder().setUser(user).build())));
  }
}
