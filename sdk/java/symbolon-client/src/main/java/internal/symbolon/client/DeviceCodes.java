package internal.symbolon.client;

import internal.symbolon.v1.BeginDeviceAuthorizationRequest;
import internal.symbolon.v1.BeginDeviceAuthorizationResponse;
import internal.symbolon.v1.DeviceCode;
import internal.symbolon.v1.IssueRequest;
import internal.symbolon.v1.IssueResponse;
import internal.symbolon.v1.TokenServiceGrpc;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A sign-in that the user approves on another device (RFC 8628). */
final class DeviceCodes {
  /** RFC 8628 section 3.5. */
  private static final long SLOWER_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Between two calls that were not answered. */
  private static final long MAX_WAIT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LoginCalls calls;
  private final Issues issues;
  private final Waits waits;
  private final Clock clock;

  DeviceCodes(LoginCalls calls, Issues issues, Waits waits, Clock clock) {
    this.calls = calls;
    this.issues = issues;
    this.waits = waits;
    this.clock = clock;
  }

  /** Asks until the user has decided. */
  Sent<IssueResponse> approved(Consumer<ShownCode> show, long signOutsBefore) {
    BeginDeviceAuthorizationRequest request =
        BeginDeviceAuthorizationRequest.newBuilder()
            .addAllScopes(issues.scopes())
            .setResource(issues.resource())
            .build();
    Sent<BeginDeviceAuthorizationResponse> begun =
        calls.repeated(
            Issues.DOING,
            TokenServiceGrpc::newBlockingStub,
            stub -> stub.beginDeviceAuthorization(request),
            calls.limitNanos());
    long endNanos = begun.nanos + nanosOf(begun.answer.getTimeToLive());
    DeviceCode code = DeviceCode.newBuilder().setDeviceCode(begun.answer.getDeviceCode()).build();
    Pace pace = new Pace(nanosOf(begun.answer.getInterval()));
    show.accept(new ShownCode(begun.answer));
    while (true) {
      waits.await(new CompletableFuture<>(), pace.waitNanos, signOutsBefore);
      if (clock.monotonicNanos() - endNanos >= 0) {
        throw SymbolonException.of(
            Status.Code.FAILED_PRECONDITION,
            "EXPIRED_TOKEN",
            "Nobody approved it in time: begin again",
            null);
      }
      try {
        return issues.complete(
            IssueRequest.newBuilder().setDeviceCode(code).setResource(issues.resource()).build());
      } catch (SymbolonException error) {
        pace.after(error);
      }
    }
  }

  private static long nanosOf(com.google.protobuf.Duration span) {
    return TimeUnit.SECONDS.toNanos(span.getSeconds()) + span.getNanos();
  }

  /** How long to wait before the server is asked again. */
  private static final class Pace {
    private long intervalNanos;
    private long waitNanos;

    /** The answer of a call was lost: the code may be used up. */
    private boolean wasLost;

    Pace(long intervalNanos) {
      this.intervalNanos = intervalNanos;
      this.waitNanos = intervalNanos;
    }

    /** Throws an error after which asking again is of no use. */
    void after(SymbolonException error) {
      long asked = error.retryAfter().map(LoginCalls::nanosOf).orElse(0L);
      if (error.reason().equals("AUTHORIZATION_PENDING")) {
        waitNanos = intervalNanos;
      } else if (error.reason().equals("SLOW_DOWN")) {
        intervalNanos += SLOWER_NANOS;
        waitNanos = Math.max(intervalNanos, asked);
      } else if (LoginCalls.isLost(error)) {
        wasLost = true;
        long longer = Math.min(2 * waitNanos, MAX_WAIT_NANOS);
        waitNanos = Math.max(Math.max(longer, intervalNanos), asked);
      } else if (wasLost && error.reason().equals("INVALID_GRANT")) {
        throw Codes.lost(error.reason(), error);
      } else {
        throw error;
      }
    }
  }
}
