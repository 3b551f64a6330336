package internal.symbolon.client;

import io.grpc.Status;
import java.util.Optional;

/** What a login does that was got: it takes the place of others, in the store and here. */
final class Takeover {
  private final LoginState state;
  private final SharedStore store;
  private final String clientId;
  private final Renewals renewals;
  private final Endings endings;
  private final Events events;
  private final Clock clock;

  Takeover(
      LoginState state,
      SharedStore store,
      String clientId,
      Renewals renewals,
      Endings endings,
      Events events,
      Clock clock) {
    this.state = state;
    this.store = store;
    this.clientId = clientId;
    this.renewals = renewals;
    this.endings = endings;
    this.events = events;
    this.clock = clock;
  }

  /** Nobody is in the store: who is signed in here was signed out elsewhere, or never got there. */
  void resumeStored(long signOutsBefore) {
    if (state.held() == null) {
      endings.revokeAll(resumeFound(null, signOutsBefore));
      return;
    }
    LoginRecord other;
    // A refresh may be about to write another one.
    Store.Lock lock = lockIfPossible();
    try {
      other = resumeFound(state.held(), signOutsBefore);
    } finally {
      lock.close();
    }
    endings.revokeAll(other);
  }

  /** Answers the other login that was here before, or null. */
  private LoginRecord resumeFound(Held held, long signOutsBefore) {
    if (held != null && store.isUnsaved(held.record)) {
      SharedStore.Look look = store.look(held.record);
      if (look.seen == SharedStore.Seen.UNCHANGED) {
        // The store has an older one, whose refresh token was used.
        store.save(held.record, look.record);
        return null;
      }
    }
    LoginRecord found = loaded().orElse(null);
    if (found == null) {
      if (held != null && store.look(held.record).seen == SharedStore.Seen.EMPTY) {
        state.end(held, SignOutReason.SIGNED_OUT);
        renewals.giveUp();
      }
      return null;
    }
    requireOfThisClient(found);
    if (held != null && held.record.accessToken.equals(found.accessToken)) {
      // Who is signed in with it goes on.
      store.isStored(found);
      return null;
    }
    Held before = replace(Held.resumed(found, clock), signOutsBefore);
    store.isStored(found);
    return before == null || before.record.isSameLogin(found) ? null : before.record;
  }

  private Optional<LoginRecord> loaded() {
    try {
      return store.read();
    } catch (SymbolonException error) {
      events.add(LoginEvent.storeFailed(error));
      throw error;
    }
  }

  /** A refresh token is good for its client alone. */
  void requireOfThisClient(LoginRecord record) {
    if (!record.clientId.equals(clientId) && record.refreshToken != null) {
      throw new SymbolonException(
          Status.Code.FAILED_PRECONDITION,
          "The login is of another client: give clientId the one that signed in");
    }
  }

  private Store.Lock lockIfPossible() {
    try {
      return store.lock();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (SymbolonException busy) {
      // Another process has it for too long. The sign-in succeeds all the same.
      events.add(LoginEvent.storeFailed(busy));
    }
    return () -> {};
  }

  /** Kept before anybody gets the new token. */
  void begin(Held next, long signOutsBefore) {
    renewals.giveUp();
    LoginRecord stored = null;
    Held before = null;
    SymbolonException givenUp = null;
    Store.Lock lock = lockIfPossible();
    try {
      state.requireOpen();
      state.requireNotSignedOutSince(signOutsBefore);
      LoginRecord there = store.stored();
      stored = there != null && there.clientId.equals(clientId) ? there : null;
      store.save(next.record, there);
      before = replace(next, signOutsBefore);
    } catch (SymbolonException cancelled) {
      givenUp = cancelled;
    } finally {
      lock.close();
    }
    if (givenUp != null) {
      giveUp(next.record, stored);
      throw givenUp;
    }
    endings.revokeAll(
        otherThan(next.record, before == null ? null : before.record),
        otherThan(next.record, stored));
  }

  /** What was got is not wanted any more. Once it is closed the store keeps what it has. */
  private void giveUp(LoginRecord got, LoginRecord stored) {
    if (!state.isClosed()) {
      endings.forget(got);
      endings.revokeAll(got, stored);
    }
  }

  private Held replace(Held next, long signOutsBefore) {
    Held before = state.begin(next, signOutsBefore);
    renewals.giveUp();
    return before;
  }

  private static LoginRecord otherThan(LoginRecord next, LoginRecord record) {
    return record == null || record.familyId.equals(next.familyId) ? null : record;
  }
}
