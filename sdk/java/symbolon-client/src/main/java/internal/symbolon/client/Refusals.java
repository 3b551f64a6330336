package internal.symbolon.client;

import internal.symbolon.v1.DescribeTokenRequest;
import internal.symbolon.v1.TokenServiceGrpc;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/** What becomes of a token that a service refused. */
final class Refusals {
  private final LoginState state;
  private final SharedStore store;
  private final LoginCalls calls;
  private final Refresh refresh;
  private final Renewals renewals;
  private final Endings endings;
  private final Events events;
  private final Clock clock;

  /** Those who were refused with the same token at the same time ask once. */
  private final Map<String, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();

  Refusals(
      LoginState state,
      SharedStore store,
      LoginCalls calls,
      Refresh refresh,
      Renewals renewals,
      Endings endings,
      Events events,
      Clock clock) {
    this.state = state;
    this.store = store;
    this.calls = calls;
    this.refresh = refresh;
    this.renewals = renewals;
    this.endings = endings;
    this.events = events;
    this.clock = clock;
  }

  /** Whether there is another token. Never blocks; each gets a future of its own. */
  CompletableFuture<Boolean> refused(String token) {
    state.requireOpen();
    Held held = state.held();
    if (held == null) {
      return CompletableFuture.completedFuture(false);
    }
    if (!held.record.accessToken.equals(token)) {
      return CompletableFuture.completedFuture(true);
    }
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> other = underWay.putIfAbsent(token, mine);
    if (other == null) {
      Workers.run(Workers.POOL, () -> decide(held, mine));
    }
    return (other == null ? mine : other).thenApply(answer -> answer);
  }

  private void decide(Held held, CompletableFuture<Boolean> mine) {
    boolean hasAnother = false;
    SymbolonException closed = null;
    try {
      hasAnother = hasAnother(held);
    } catch (SymbolonException unknown) {
      // Nothing is forgotten, and the call is not made again.
      closed = unknown.code() == Status.Code.CANCELLED ? unknown : null;
    } catch (RuntimeException | Error unknown) {
      hasAnother = false;
    }
    underWay.remove(held.record.accessToken);
    if (closed == null) {
      mine.complete(hasAnother);
    } else {
      mine.completeExceptionally(closed);
    }
    events.tell();
  }

  private boolean hasAnother(Held held) {
    if (store.look(held.record).seen != SharedStore.Seen.UNCHANGED) {
      return renewed(held);
    }
    String endedBy;
    try {
      describe(held.record.accessToken);
      return false;
    } catch (SymbolonException error) {
      if (!error.reason().equals("INVALID_CREDENTIALS")) {
        throw error;
      }
      endedBy = error.metadata().get("endedBy");
    }
    held.isNotLive();
    long now = clock.monotonicNanos();
    if (state.held() == held && !refresh.isPossible(held, now)) {
      endings.end(held, reasonOf(held, endedBy, now));
      return false;
    }
    return renewed(held);
  }

  private static SignOutReason reasonOf(Held held, String endedBy, long now) {
    if (endedBy != null) {
      return SignOutReason.of(endedBy);
    }
    return held.isTimeOver(now) ? SignOutReason.EXPIRED : SignOutReason.REVOKED;
  }

  private void describe(String token) {
    DescribeTokenRequest request = DescribeTokenRequest.newBuilder().setAccessToken(token).build();
    calls.once(
        "The token can't be described",
        TokenServiceGrpc::newBlockingStub,
        stub -> stub.describeToken(request));
  }

  private boolean renewed(Held held) {
    try {
      return !renewals.renew(held).join().equals(held.record.accessToken);
    } catch (CompletionException failed) {
      throw SymbolonException.of(failed);
    }
  }
}
