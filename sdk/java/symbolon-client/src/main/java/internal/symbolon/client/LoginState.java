package internal.symbolon.client;

import io.grpc.Status;

/** Who is signed in. Each change is one step, and has its event. */
final class LoginState {
  static final String CLOSED = "the login is closed: make a new one";

  private final Events events;
  private volatile Held held;
  private volatile boolean isClosed;

  LoginState(Events events) {
    this.events = events;
  }

  /** Null when nobody is signed in. */
  Held held() {
    return held;
  }

  Held require() {
    requireOpen();
    Held now = held;
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

  static SymbolonException closed() {
    return new SymbolonException(Status.Code.CANCELLED, CLOSED);
  }

  static SymbolonException signInFirst() {
    return new SymbolonException(Status.Code.UNAUTHENTICATED, "Nobody is signed in: sign in first");
  }

  /** Answers what was there before, or null. */
  synchronized Held begin(Held next) {
    requireOpen();
    Held before = held;
    held = next;
    events.add(LoginEvent.SIGNED_IN);
    return before;
  }

  /** Unless it was signed out or signed in anew meanwhile. */
  synchronized boolean renew(Held from, Held next) {
    if (held != from || isClosed) {
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

  synchronized void close() {
    isClosed = true;
    held = null;
  }
}
