package internal.symbolon.client;

import java.util.Locale;
import java.util.Optional;

/** What became of a {@link Login}. No token is in it. */
public final class LoginEvent {
  /** What it is. */
  public enum Kind {
    /** By a sign-in, a sign-up or a resume. */
    SIGNED_IN,
    /** Another token was got, here or by another process. */
    REFRESHED,
    /** Nobody is signed in any more: {@link LoginEvent#reason} tells why. */
    SIGNED_OUT,
    /** The store can't be read or written: {@link LoginEvent#error} tells why. */
    STORE_FAILED
  }

  static final LoginEvent SIGNED_IN = new LoginEvent(Kind.SIGNED_IN, null, null);
  static final LoginEvent REFRESHED = new LoginEvent(Kind.REFRESHED, null, null);

  private final Kind kind;
  private final SignOutReason reason;
  private final SymbolonException error;

  private LoginEvent(Kind kind, SignOutReason reason, SymbolonException error) {
    this.kind = kind;
    this.reason = reason;
    this.error = error;
  }

  static LoginEvent signedOut(SignOutReason reason) {
    return new LoginEvent(Kind.SIGNED_OUT, reason, null);
  }

  static LoginEvent storeFailed(SymbolonException error) {
    return new LoginEvent(Kind.STORE_FAILED, null, error);
  }

  /**
   * What it is.
   *
   * @return one of four
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Why nobody is signed in any more.
   *
   * @return empty unless the kind is SIGNED_OUT
   */
  public Optional<SignOutReason> reason() {
    return Optional.ofNullable(reason);
  }

  /**
   * What the store failed with.
   *
   * @return empty unless the kind is STORE_FAILED
   */
  public Optional<SymbolonException> error() {
    return Optional.ofNullable(error);
  }

  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    if (reason != null) {
      return name + ": " + reason.name().toLowerCase(Locale.ROOT);
    }
    return error == null ? name : name + ": " + error.getMessage();
  }
}
