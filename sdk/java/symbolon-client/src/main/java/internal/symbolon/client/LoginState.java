package internal.symbolon.client;

import io.grpc.Status;

/** Who is signed in. Each change is one step, and has its event. */
final class LoginState {
  static final String CLOSED = "the login is closed: make a new one";

  private final Events events;
  private volatile Held held;
  private volatile boolean isClosed;
  private boolean hadLogin;
  private long signOuts;

  LoginState(Events events) {
    this.events = events;
  }

  /** Null when nobody is signed in, and once it is closed. */
  Held held() {
    return isClosed ? null : held;
  }

  /** Also once it is closed, for a refresh may end after that. */
  Held last() {
    return held;
  }

  Held require() {
    Held now = held;
    requireOpen();
    if (now == null) {
      throw signInFirst();
    }
    return now;
  }

  void requireOpen() {
    if (isClosed) {
      throw closed();
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  static SymbolonException closed() {
    return new SymbolonException(Status.Code.CANCELLED, CLOSED);
  }

  static SymbolonException signInFirst() {
    return new SymbolonException(Status.Code.UNAUTHENTICATED, "Nobody is signed in: sign in first");
  }

  /** How often somebody signed out, so that a sign-in sees whether it was given up. */
  synchronized long signOuts() {
    return signOuts;
  }

  synchronized void requireNotSignedOutSince(long before) {
    if (signOuts != before) {
      throw signedOutSince();
    }
  }

  static SymbolonException signedOutSince() {
    return new SymbolonException(
        Status.Code.CANCELLED, "Somebody signed out while the sign-in was under way");
  }

  /** Answers what was there before, or null. Fails where somebody signed out since. */
  synchronized Held begin(Held next, long signOutsBefore) {
    requireOpen();
    requireNotSignedOutSince(signOutsBefore);
    Held before = held;
    held = next;
    hadLogin = true;
    events.add(LoginEvent.SIGNED_IN);
    return before;
  }

  /** Unless it was signed out or signed in anew meanwhile. */
  synchronized boolean renew(Held from, Held next) {
    if (held != from) {
      return false;
    }
    held = next;
    events.add(LoginEvent.REFRESHED);
    return true;
  }

  /** Unless it has ended already. */
  synchronized boolean end(Held from, SignOutReason reason) {
    if (from == null || held != from || isClosed) {
      return false;
    }
    held = null;
    events.add(LoginEvent.signedOut(reason));
    return true;
  }

  /** Whether nobody was signed in so far, so that the store may have a login of before. */
  synchronized boolean isNew() {
    return !hadLogin;
  }

  /** Gives up a sign-in that is under way, too. Answers who was signed in, or null. */
  synchronized Held signOut() {
    requireOpen();
    signOuts++;
    Held before = held;
    if (before != null) {
      end(before, SignOutReason.SIGNED_OUT);
    }
    return before;
  }

  /** Nothing begins from here on. */
  synchronized void close() {
    isClosed = true;
  }
}
