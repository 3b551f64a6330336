package internal.symbolon.client;

/** Why nobody is signed in any more. */
public enum SignOutReason {
  /** By {@link Login#signOut}, here or in another process on the same store. */
  SIGNED_OUT,
  /** The user has another password. */
  PASSWORD_CHANGED,
  /** The user, device or client was disabled. */
  DISABLED,
  /** The user, device or client was deleted. */
  DELETED,
  /** The login was revoked, for this reason or that. */
  REVOKED,
  /** The login's time is over. */
  EXPIRED,
  /** Another login is in the store. */
  REPLACED;

  /** What the server calls {@code endedBy}. One that is newer than this package is a revocation. */
  static SignOutReason of(String endedBy) {
    return switch (endedBy) {
      case "PASSWORD_CHANGED" -> PASSWORD_CHANGED;
      case "DISABLED" -> DISABLED;
      case "DELETED" -> DELETED;
      case "EXPIRED" -> EXPIRED;
      default -> REVOKED;
    };
  }
}
