package internal.symbolon.client;

import internal.symbolon.v1.RevokeRequest;
import internal.symbolon.v1.TokenServiceGrpc;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What is done where a login ends: it is forgotten, and the server is told. */
final class Endings {
  private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LoginState state;
  private final SharedStore store;
  private final LoginCalls calls;
  private final Events events;

  /** What the server was not told yet. In memory alone, for who signs out wants no token left. */
  private final Queue<LoginRecord> untold = new ArrayDeque<>();

  Endings(LoginState state, SharedStore store, LoginCalls calls, Events events) {
    this.state = state;
    this.store = store;
    this.calls = calls;
    this.events = events;
  }

  /** Without waiting for the store. */
  void endSoon(Held held, SignOutReason reason) {
    if (state.end(held, reason)) {
      Workers.run(Workers.POOL, () -> forget(held.record));
    }
  }

  /** Here, in the store, and in what the listener hears. */
  void end(Held held, SignOutReason reason) {
    if (state.end(held, reason)) {
      forget(held.record);
    }
  }

  /** In the store. Answers what was in it, or null. */
  LoginRecord forget(LoginRecord record) {
    return alone(() -> store.clear(record));
  }

  /** What the store has of a client that resumed nothing. Answers what was in it, or null. */
  LoginRecord forget(String clientId) {
    return alone(() -> store.clear(clientId));
  }

  private LoginRecord alone(Supplier<LoginRecord> clear) {
    try {
      return locked(clear);
    } finally {
      events.tell();
    }
  }

  private LoginRecord locked(Supplier<LoginRecord> clear) {
    Store.Lock lock = () -> {};
    try {
      lock = store.lock();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (SymbolonException busy) {
      // Also when another has the lock for so long: no token of who signed out may stay.
      events.add(LoginEvent.storeFailed(busy));
    }
    try {
      return clear.get();
    } finally {
      lock.close();
    }
  }

  /** Each family once. A null is none. */
  boolean revokeAll(LoginRecord... records) {
    Set<String> families = new HashSet<>();
    boolean isTold = true;
    for (LoginRecord each : records) {
      if (each != null && families.add(each.familyId)) {
        isTold &= revoke(each);
      }
    }
    return isTold;
  }

  /** Whether the server said that the login has ended. Else it is told later, if that may help. */
  private boolean revoke(LoginRecord record) {
    try {
      tell(record);
      return true;
    } catch (SymbolonException error) {
      if (mayBeToldLater(error)) {
        later(record);
      }
      return false;
    }
  }

  private void tell(LoginRecord record) {
    RevokeRequest request = RevokeRequest.newBuilder().setToken(record.tokenToRevoke()).build();
    calls.once(
        "The login can't be revoked",
        TokenServiceGrpc::newBlockingStub,
        stub -> stub.revoke(request));
  }

  private void later(LoginRecord record) {
    boolean isFirst;
    synchronized (untold) {
      isFirst = untold.isEmpty();
      untold.add(record);
    }
    if (isFirst) {
      Workers.run(Workers.POOL, this::tellLater);
    }
  }

  boolean isAllTold() {
    synchronized (untold) {
      return untold.isEmpty();
    }
  }

  /** Until all is told, or the login is closed. */
  private void tellLater() {
    long wait = FIRST_WAIT_NANOS;
    try {
      while (!calls.sleep(wait)) {
        LoginRecord next;
        synchronized (untold) {
          next = untold.peek();
        }
        if (isTold(next)) {
          wait = FIRST_WAIT_NANOS;
          synchronized (untold) {
            untold.remove();
            if (untold.isEmpty()) {
              return;
            }
          }
        } else {
          wait = Math.min(2 * wait, MAX_WAIT_NANOS);
        }
      }
    } catch (InterruptedException impossible) {
      Thread.currentThread().interrupt();
    }
  }

  /** Also where no repetition will help. */
  private boolean isTold(LoginRecord record) {
    try {
      tell(record);
      return true;
    } catch (SymbolonException error) {
      return !mayBeToldLater(error);
    }
  }

  /** The server is away, or the app's own client is refused until somebody mends that. */
  private static boolean mayBeToldLater(SymbolonException error) {
    return switch (error.code()) {
      case INVALID_ARGUMENT, FAILED_PRECONDITION, NOT_FOUND, UNIMPLEMENTED -> false;
      default -> true;
    };
  }
}
