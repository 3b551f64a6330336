package internal.symbolon.client;

import internal.symbolon.v1.IssuedTokens;
import internal.symbolon.v1.RefreshRequest;
import internal.symbolon.v1.TokenServiceGrpc;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;

/** What one refresh does, within the lock of the store. */
final class Refresh {
  /** Of a call. Nobody may have the store's lock for much longer. */
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LoginState state;
  private final SharedStore store;
  private final LoginCalls calls;
  private final Issues issues;
  private final Clock clock;

  Refresh(LoginState state, SharedStore store, LoginCalls calls, Issues issues, Clock clock) {
    this.state = state;
    this.store = store;
    this.calls = calls;
    this.issues = issues;
    this.clock = clock;
  }

  /** Whether another token may be had without anybody who signs in. */
  boolean isPossible(Held held, long nowNanos) {
    return held.canRefresh(nowNanos) || canBeginAgain(held);
  }

  boolean canBeginAgain(Held held) {
    return issues.canBeginAgain(held.record);
  }

  boolean gains(Held held) {
    return held.gainsByRefresh() || canBeginAgain(held);
  }

  /** Answers another access token. */
  String run(Flight flight) throws InterruptedException {
    Store.Lock lock = store.lock();
    long endNanos = System.nanoTime() + Math.min(calls.limitNanos(), MAX_NANOS);
    try {
      Held held = state.require();
      SharedStore.Look look = store.look(held.record);
      switch (look.seen) {
        case EMPTY -> {
          state.end(held, SignOutReason.SIGNED_OUT);
          throw LoginState.signInFirst();
        }
        case ANOTHER -> {
          state.end(held, SignOutReason.REPLACED);
          throw LoginState.signInFirst();
        }
        case NEWER -> {
          Held newer = Held.resumed(look.record, clock);
          put(held, newer);
          store.isStored(look.record);
          if (newer.isLive(clock.monotonicNanos())) {
            return newer.record.accessToken;
          }
          held = newer;
        }
        default -> {}
      }
      return renewed(held, look.record, flight, endNanos);
    } finally {
      lock.close();
    }
  }

  private String renewed(Held held, LoginRecord stored, Flight flight, long endNanos) {
    long now = clock.monotonicNanos();
    Held next;
    if (canBeginAgain(held) && !(held.canRefresh(now) && held.gainsByRefresh())) {
      next = again(held, endNanos);
    } else if (held.canRefresh(now)) {
      next = refreshed(held, flight, endNanos);
    } else {
      return over(held);
    }
    // No interrupt may end what a store of an app writes.
    flight.end();
    if (next == null) {
      return over(held);
    }
    // A process that ends in between must not come back with a refresh token that was used.
    if (state.last() == held) {
      store.save(next.record, stored);
    }
    put(held, next);
    return next.record.accessToken;
  }

  private void put(Held from, Held next) {
    if (!state.renew(from, next)) {
      throw LoginState.signInFirst();
    }
  }

  /** Null: the server has ended it, or knows nothing of it. */
  private Held refreshed(Held held, Flight flight, long endNanos) {
    RefreshRequest request =
        RefreshRequest.newBuilder().setRefreshToken(held.record.refreshToken).build();
    try {
      Sent<IssuedTokens> sent =
          calls.repeated(
              "The login can't be refreshed",
              TokenServiceGrpc::newBlockingStub,
              stub -> stub.refresh(request).getTokens(),
              endNanos - System.nanoTime());
      return sent.heldOf(held.record.clientId, sent.answer);
    } catch (SymbolonException error) {
      if (error.code() != Status.Code.FAILED_PRECONDITION
          || !error.reason().equals("INVALID_REFRESH_TOKEN")) {
        throw error;
      }
      if (canBeginAgain(held)) {
        return again(held, endNanos);
      }
      String endedBy = error.metadata().get("endedBy");
      if (endedBy != null) {
        flight.end();
        end(held, SignOutReason.of(endedBy));
        throw LoginState.signInFirst();
      }
      held.endRefresh();
      return null;
    }
  }

  private Held again(Held held, long endNanos) {
    return issues.again(held.record, endNanos - System.nanoTime());
  }

  /** Nothing renews it: its token is used for as long as it lasts. */
  private String over(Held held) {
    long now = clock.monotonicNanos();
    if (held.isLive(now)) {
      return held.record.accessToken;
    }
    end(held, held.reasonAtEnd(now));
    throw LoginState.signInFirst();
  }

  private void end(Held held, SignOutReason reason) {
    if (state.end(held, reason)) {
      store.clear(held.record);
    }
  }
}
