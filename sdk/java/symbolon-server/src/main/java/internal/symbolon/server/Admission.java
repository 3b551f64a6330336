package internal.symbolon.server;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Bearer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;

/** What came to a guard with a call, for what the call's handler wants beside it. */
record Admission(Verifier verifier, String realm, String audience, Bearer bearer) {
  private static final Metadata.Key<String> CHALLENGE =
      Metadata.Key.of("www-authenticate", Metadata.ASCII_STRING_MARSHALLER);

  /** Throws what the guard would have refused the call with. */
  Caller require(Permission permission, AccessTarget target) {
    if (bearer.token() == null) {
      throw refusal(Denial.of(bearer));
    }
    Access access;
    try {
      access = verifier.checkPermission(bearer.token(), permission, target);
    } catch (SymbolonException unknown) {
      throw Denial.isOfTarget(unknown)
          ? refusal(Denial.NOT_ALLOWED, AccessReason.TARGET_UNKNOWN)
          : unknown(unknown);
    }
    Denial denial = Denial.of(access, audience);
    if (denial == null) {
      return access.caller().orElseThrow();
    }
    throw denial == Denial.INVALID_TOKEN ? refusal(denial) : refusal(denial, access.reason());
  }

  private StatusRuntimeException refusal(Denial denial) {
    return new RefusableListener.Refused(denial.status(), challenge(denial, realm, List.of()));
  }

  private StatusRuntimeException refusal(Denial denial, AccessReason reason) {
    return new RefusableListener.Refused(
        denial.status().withDescription("not allowed: " + reason),
        challenge(denial, realm, List.of()));
  }

  /** The trailers of a refusal. */
  static Metadata challenge(Denial denial, String realm, List<String> wanted) {
    Metadata trailers = new Metadata();
    String challenge = denial.challenge(realm, wanted);
    if (challenge != null) {
      trailers.put(CHALLENGE, challenge);
    }
    return trailers;
  }

  /** Nothing is known: the client must keep its token, and try again. */
  static StatusRuntimeException unknown(Throwable error) {
    Status status = Denial.UNKNOWN.status();
    Duration wait = Denial.retryAfter(error);
    RetryInfo.Builder retry = RetryInfo.newBuilder();
    retry.getRetryDelayBuilder().setSeconds(wait.getSeconds()).setNanos(wait.getNano());
    StatusRuntimeException told =
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(status.getCode().value())
                .setMessage(status.getDescription())
                .addDetails(Any.pack(retry.build()))
                .build());
    return new RefusableListener.Refused(status, told.getTrailers());
  }

  /** A token must not get into a log. */
  @Override
  public String toString() {
    return "Admission[" + bearer + "]";
  }
}
