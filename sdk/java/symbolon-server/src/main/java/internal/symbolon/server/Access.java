package internal.symbolon.server;

import internal.symbolon.server.core.Verdict;
import java.util.Optional;

/** Whether the bearer of a token may do something, and why. It does not change. */
public final class Access {
  static final Access NOT_LIVE = new Access(null, AccessReason.TOKEN_NOT_LIVE, "");

  private final Caller caller;
  private final AccessReason reason;
  private final String userId;

  private Access(Caller caller, AccessReason reason, String userId) {
    this.caller = caller;
    this.reason = reason;
    this.userId = userId;
  }

  static Access of(Verdict<Caller> verdict) {
    AccessReason told = AccessReason.of(verdict.reason());
    // What says one thing and another allows nothing.
    boolean isClear = verdict.isAllowed() && verdict.caller() != null;
    AccessReason reason = isClear == (told == AccessReason.ALLOWED) ? told : AccessReason.UNKNOWN;
    return new Access(verdict.caller(), reason, verdict.userId());
  }

  /**
   * Whether the bearer may do it.
   *
   * @return true for the reason ALLOWED alone
   */
  public boolean allowed() {
    return reason == AccessReason.ALLOWED;
  }

  /**
   * Why, or why not.
   *
   * @return UNKNOWN for something newer than this package
   */
  public AccessReason reason() {
    return reason;
  }

  /**
   * Who presents the token.
   *
   * @return empty when the token is not live
   */
  public Optional<Caller> caller() {
    return Optional.ofNullable(caller);
  }

  /**
   * By whose right it is allowed: the user, or an owner of the device.
   *
   * @return empty when by no user's
   */
  public String userId() {
    return userId;
  }

  @Override
  public String toString() {
    return "Access[reason=%s, caller=%s, userId=%s]".formatted(reason, caller, userId);
  }
}
