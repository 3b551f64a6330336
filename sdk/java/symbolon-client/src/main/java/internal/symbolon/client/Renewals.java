package internal.symbolon.client;

import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The token for a call, and when it is refreshed. There is one refresh at a time. */
final class Renewals {
  private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LoginState state;
  private final Refresh refresh;
  private final Endings endings;
  private final LateSaves lateSaves;
  private final Events events;
  private final Clock clock;

  private Flight flight;
  private long waitNanos;
  private long notBeforeNanos;

  Renewals(
      LoginState state,
      Refresh refresh,
      Endings endings,
      LateSaves lateSaves,
      Events events,
      Clock clock) {
    this.state = state;
    this.lateSaves = lateSaves;
    this.refresh = refresh;
    this.endings = endings;
    this.events = events;
    this.clock = clock;
  }

  /** Never blocks. Null: it has expired, and {@link #renew} gets another one. */
  String atOnce() {
    Held held = state.require();
    long now = clock.monotonicNanos();
    if (held.isFresh(now)) {
      lateSaves.beside(held);
      return held.record.accessToken;
    }
    boolean isRenewable = refresh.isPossible(held, now);
    if (held.isLive(now)) {
      if (isRenewable && refresh.gains(held) && isDue(now)) {
        renew(held);
      } else {
        lateSaves.beside(held);
      }
      return held.record.accessToken;
    }
    if (!isRenewable) {
      endings.endSoon(held, held.reasonAtEnd(now));
      throw LoginState.signInFirst();
    }
    return null;
  }

  private synchronized boolean isDue(long now) {
    return waitNanos == 0 || now - notBeforeNanos >= 0;
  }

  /** Whether a token can be had, as far as is known here. Notices an end, and makes no call. */
  boolean isSignedIn() {
    Held held = state.held();
    if (held == null) {
      return false;
    }
    long now = clock.monotonicNanos();
    if (held.isLive(now) || held.loginLasts(now) || refresh.canBeginAgain(held)) {
      return true;
    }
    if (!refresh.isPossible(held, now)) {
      endings.endSoon(held, held.reasonAtEnd(now));
    }
    return false;
  }

  /** Where {@link #atOnce} has none. */
  CompletableFuture<String> next() {
    return renew(state.require());
  }

  /** The token of the refresh that is under way, or of one that begins now. */
  CompletableFuture<String> renew(Held held) {
    Flight begun;
    synchronized (this) {
      Held now = state.held();
      if (now != held && now != null) {
        // It was renewed a moment ago.
        return CompletableFuture.completedFuture(now.record.accessToken);
      }
      if (flight != null) {
        return flight.result;
      }
      begun = new Flight();
      flight = begun;
    }
    try {
      Workers.POOL.execute(() -> fly(begun));
    } catch (RuntimeException | Error noThread) {
      SymbolonException error = SymbolonException.of("The login can't be refreshed", noThread);
      land(begun, null, error);
    }
    return begun.result;
  }

  private void fly(Flight begun) {
    String token = null;
    SymbolonException failure = null;
    try {
      if (!begun.begin()) {
        throw gone();
      }
      token = refresh.run(begun);
    } catch (SymbolonException error) {
      failure = error;
    } catch (Throwable error) {
      // Whatever it is, those who wait must hear of it.
      failure = SymbolonException.of("The login can't be refreshed", error);
    }
    begun.end();
    land(begun, token, failure);
    events.tell();
  }

  private void land(Flight landed, String token, SymbolonException failure) {
    SymbolonException told = failure;
    synchronized (this) {
      if (flight == landed) {
        flight = null;
        if (failure == null) {
          waitNanos = 0;
        } else {
          waitLonger(failure);
        }
      } else {
        // It was given up, and says nothing of the login that is there now.
        told = gone();
      }
    }
    if (told == null) {
      landed.result.complete(token);
    } else {
      landed.result.completeExceptionally(told);
    }
  }

  private void waitLonger(SymbolonException failure) {
    waitNanos = waitNanos == 0 ? FIRST_WAIT_NANOS : Math.min(2 * waitNanos, MAX_WAIT_NANOS);
    long asked = failure.retryAfter().map(LoginCalls::nanosOf).orElse(0L);
    notBeforeNanos = clock.monotonicNanos() + Math.max(waitNanos, asked);
  }

  /** Of a login that was signed out, or signed in anew, while its refresh was under way. */
  private SymbolonException gone() {
    try {
      state.requireOpen();
    } catch (SymbolonException closed) {
      return closed;
    }
    return state.held() == null
        ? LoginState.signInFirst()
        : new SymbolonException(
            Status.Code.UNAVAILABLE, "Another login began meanwhile: make the call again");
  }

  /** Waits for the refresh that is under way, if there is one. */
  void await(long nanos) {
    Flight last;
    synchronized (this) {
      last = flight;
    }
    if (last != null) {
      Workers.await(last.result, nanos);
    }
  }

  /** Nobody wants the answer of the refresh that is under way. */
  void giveUp() {
    Flight over;
    synchronized (this) {
      over = flight;
      flight = null;
      waitNanos = 0;
    }
    if (over != null) {
      over.giveUp();
      over.result.completeExceptionally(gone());
    }
  }
}
