package internal.symbolon.server;

/** Why something is allowed or not. */
public enum AccessReason {
  /** It is allowed. */
  ALLOWED,
  /** The token is not live. */
  TOKEN_NOT_LIVE,
  /** No token of this kind may do this. */
  KIND_NOT_ALLOWED,
  /** The question needs another target: a user, or a device. */
  TARGET_MISSING,
  /** The tenant does not have this user or device. */
  TARGET_UNKNOWN,
  /** The target is disabled. */
  TARGET_DISABLED,
  /** The token is another user's. */
  NOT_THE_USER,
  /** The device is not one of the token's user. */
  NOT_THE_OWNER,
  /** The token is another device's. */
  NOT_THIS_DEVICE,
  /** The user has not granted the token's client anything, or has withdrawn it. */
  NO_CONSENT,
  /** The token, or what the user granted its client, lacks a scope. */
  SCOPE_MISSING,
  /** Something newer than this package: it is not allowed. */
  UNKNOWN;

  static AccessReason of(String name) {
    for (AccessReason reason : values()) {
      if (reason.name().equals(name)) {
        return reason;
      }
    }
    return UNKNOWN;
  }
}
