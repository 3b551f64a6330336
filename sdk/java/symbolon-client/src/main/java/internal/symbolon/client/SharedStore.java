package internal.symbolon.client;

import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The store of a login, which other processes may change. What it fails with is an event. */
final class SharedStore {
  private final Store store;
  private final Events events;

  /** Of this process, for a store need not have a lock. */
  private final ReentrantLock mutex = new ReentrantLock();

  /** What is in the store as far as is known here: an access token, or null for nothing. */
  private String known;

  /** Whether the lock could be made the last time. */
  private boolean isLockable = true;

  /** What should be in the store and could not be written, or null. */
  private LoginRecord unsaved;

  SharedStore(Store store, Events events) {
    this.store = store;
    this.events = events;
  }

  /** What a look at the store showed. */
  enum Seen {
    /** Nobody changed it. */
    UNCHANGED,
    /** Another process has another token of the same login. */
    NEWER,
    /** Another login. */
    ANOTHER,
    /** Another process signed out. */
    EMPTY
  }

  /** A look, with the record that was found. */
  static final class Look {
    final Seen seen;
    final LoginRecord record;

    Look(Seen seen, LoginRecord record) {
      this.seen = seen;
      this.record = record;
    }
  }

  /**
   * One at a time from here on.
   *
   * @throws SymbolonException when another process has it for too long. Where there can be no lock,
   *     it is done without one
   */
  Store.Lock lock() throws InterruptedException {
    mutex.lockInterruptibly();
    Store.Lock lock = () -> {};
    try {
      lock = store.lock();
      setLockable(true);
    } catch (Exception error) {
      SymbolonException failure = failureOf("The store can't be locked", error);
      if (failure.code() == Status.Code.UNAVAILABLE || failure.code() == Status.Code.CANCELLED) {
        mutex.unlock();
        throw failure;
      }
      setLockable(false);
      events.add(LoginEvent.storeFailed(failure));
    } catch (Error error) {
      mutex.unlock();
      throw error;
    }
    Store.Lock ofProcesses = lock;
    return () -> {
      try {
        ofProcesses.close();
      } finally {
        mutex.unlock();
      }
    };
  }

  /** What is kept. Fails where it can't be read, or is not a record. */
  Optional<LoginRecord> read() {
    Optional<String> text;
    try {
      text = store.load();
    } catch (Exception error) {
      throw failureOf("The store can't be read", error);
    }
    if (!text.isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LoginRecord.parse(text.get()));
    } catch (LoginRecord.NoRecordException none) {
      throw new SymbolonException(
          Status.Code.DATA_LOSS, "The store holds no record of a login: sign in again");
    }
  }

  private synchronized void setKnown(LoginRecord record) {
    known = record == null ? null : record.accessToken;
  }

  /** Whether what is empty was emptied: not where the whole directory of a file is gone. */
  private synchronized boolean mayBeEmptied() {
    return isLockable && known != null;
  }

  private synchronized void setLockable(boolean was) {
    isLockable = was;
  }

  private synchronized String known() {
    return known;
  }

  /** What is in the store was taken, or put there. */
  synchronized void isStored(LoginRecord record) {
    known = record.accessToken;
    unsaved = null;
  }

  private synchronized void isNotStored(LoginRecord record) {
    unsaved = record;
  }

  private synchronized void isEmpty() {
    known = null;
    unsaved = null;
  }

  synchronized boolean isUnsaved(LoginRecord record) {
    return unsaved != null && unsaved.accessToken.equals(record.accessToken);
  }

  /** Whether it is this login, or what could not be replaced by it. */
  private boolean isOver(LoginRecord found, LoginRecord ours) {
    return found.accessToken.equals(ours.accessToken)
        || found.accessToken.equals(known())
        || isUnsaved(ours) && found.obtainedMs <= ours.obtainedMs;
  }

  /** What a sign-in writes over: null where there is nothing, or it can't be read. */
  LoginRecord stored() {
    try {
      return read().orElse(null);
    } catch (SymbolonException unreadable) {
      return null;
    }
  }

  /** What became of this login in the store. Unchanged, also where the store can't be read. */
  Look look(LoginRecord ours) {
    Optional<LoginRecord> found;
    try {
      found = read();
    } catch (SymbolonException error) {
      events.add(LoginEvent.storeFailed(error));
      return new Look(Seen.UNCHANGED, null);
    }
    if (!found.isPresent()) {
      // What never got into the store is not gone from it.
      return new Look(mayBeEmptied() ? Seen.EMPTY : Seen.UNCHANGED, null);
    }
    LoginRecord record = found.get();
    if (isOver(record, ours)) {
      return new Look(Seen.UNCHANGED, record);
    }
    return new Look(ours.isSameLogin(record) ? Seen.NEWER : Seen.ANOTHER, record);
  }

  /**
   * Where it can't be written an event says so.
   *
   * @param before what was seen there, or null. That is what can't be replaced, and what comes
   *     after it is of another process, which took the lock of one that stood still
   */
  void save(LoginRecord record, LoginRecord before) {
    try {
      store.save(record.toJson());
      isStored(record);
    } catch (Exception error) {
      isNotStored(record);
      events.add(LoginEvent.storeFailed(failureOf("The store can't be written", error)));
      setKnown(before);
    }
  }

  /** Unless another login is in it by now. Answers what was in it, or null. */
  LoginRecord clear(LoginRecord ours) {
    return clearIf(found -> ours.isSameLogin(found) || isOver(found, ours));
  }

  /** Before anything was resumed. Answers the client's login that was in it, or null. */
  LoginRecord clear(String clientId) {
    return clearIf(found -> found.clientId.equals(clientId));
  }

  private LoginRecord clearIf(Predicate<LoginRecord> isOurs) {
    LoginRecord found = null;
    try {
      found = read().orElse(null);
      if (found != null && !isOurs.test(found)) {
        return null;
      }
    } catch (SymbolonException unreadable) {
      // It may be what is left of this login.
    }
    clearAll();
    return found;
  }

  private void clearAll() {
    try {
      store.clear();
      isEmpty();
    } catch (Exception error) {
      events.add(LoginEvent.storeFailed(failureOf("The store can't be cleared", error)));
    }
  }

  private static SymbolonException failureOf(String doing, Exception error) {
    if (error instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return SymbolonException.of(doing, error);
  }
}
