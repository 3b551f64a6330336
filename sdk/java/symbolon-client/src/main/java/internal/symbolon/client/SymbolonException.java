package internal.symbolon.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What a call to Symbolon failed with. No token and no secret is in its text.
 *
 * <p>Of a check it says nothing of the token: refuse the request with UNAVAILABLE or 503, and not
 * with UNAUTHENTICATED or 401, for these tell a client to throw its token away.
 */
public final class SymbolonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The domain of the reasons that the contract knows. */
  private static final String DOMAIN = "symbolon.internal";

  /** The longest that google.protobuf.Duration may be, 10,000 years. */
  private static final long MAX_SECONDS = 315_576_000_000L;

  private static final int SECOND_NANOS = 1_000_000_000;

  private static final Set<Status.Code> RETRYABLE =
      Set.of(
          Status.Code.UNAVAILABLE,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.RESOURCE_EXHAUSTED,
          Status.Code.ABORTED);

  /** The code of the gRPC status. */
  private final Status.Code code;

  /** Empty when no server said one. */
  private final String reason;

  /** Empty when no server said anything. */
  private final HashMap<String, String> metadata;

  /** Null when no server said it. */
  private final Duration retryAfter;

  /**
   * An error with a code and a text, and nothing else.
   *
   * @param code the code of the gRPC status
   * @param message what failed and how to mend it
   */
  public SymbolonException(Status.Code code, String message) {
    this(code, message, ErrorInfo.getDefaultInstance(), null, null);
  }

  private SymbolonException(
      Status.Code code, String message, ErrorInfo info, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
    this.reason = info.getReason();
    this.metadata = new HashMap<>(info.getMetadataMap());
    this.retryAfter = retryAfter;
  }

  /** What no server said in this way. {@code reason}: empty where there is none. */
  static SymbolonException of(Status.Code code, String reason, String message, Throwable cause) {
    ErrorInfo info = ErrorInfo.newBuilder().setReason(reason).build();
    return new SymbolonException(code, message, info, null, cause);
  }

  /**
   * What a stub threw, with all that the server said of it.
   *
   * @param error of a blocking stub, a future, or a stream observer
   * @return the error itself where it is one of these already
   */
  public static SymbolonException of(Throwable error) {
    return of("The call failed", error);
  }

  /**
   * What a stub threw, with all that the server said of it.
   *
   * @param doing what failed, as in "The token can't be checked"
   * @param error of a blocking stub, a future, or a stream observer
   * @return the error itself where it is one of these already
   */
  public static SymbolonException of(String doing, Throwable error) {
    Throwable cause = error;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof SymbolonException known) {
      return known;
    }
    if (cause instanceof StatusRuntimeException failure) {
      return of(doing, failure.getStatus(), failure.getTrailers(), cause);
    }
    if (cause instanceof StatusException failure) {
      return of(doing, failure.getStatus(), failure.getTrailers(), cause);
    }
    Status.Code code =
        cause instanceof InterruptedException ? Status.Code.CANCELLED : Status.Code.INTERNAL;
    ErrorInfo none = ErrorInfo.getDefaultInstance();
    return new SymbolonException(code, doing + ": " + cause, none, null, cause);
  }

  /**
   * The end of a call.
   *
   * @param doing what failed, as in "The watch ended"
   * @param status what it ended with
   * @param trailers what came with it, or null
   * @return an error of the same code
   */
  public static SymbolonException of(String doing, Status status, Metadata trailers) {
    return of(doing, status, trailers, status.getCause());
  }

  private static SymbolonException of(
      String doing, Status told, Metadata trailers, Throwable cause) {
    Status status = Mends.tidied(told);
    Status.Code code = status.getCode();
    ErrorInfo said = ErrorInfo.getDefaultInstance();
    Duration retryAfter = null;
    try {
      com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
      for (Any detail : details.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          ErrorInfo info = detail.unpack(ErrorInfo.class);
          // What is between here and the server has reasons of its own.
          said = info.getDomain().equals(DOMAIN) ? info : said;
        } else if (detail.is(RetryInfo.class)) {
          retryAfter = spanOf(detail.unpack(RetryInfo.class).getRetryDelay());
        }
      }
    } catch (InvalidProtocolBufferException | RuntimeException unreadable) {
      // Of something between here and the server, as details of another code. The status says
      // enough.
      retryAfter = null;
    }
    String mend = Mends.of(status, said.getReason());
    String message = doing + ": " + code + (mend.isEmpty() ? "" : ": " + mend);
    return new SymbolonException(code, message, said, retryAfter, cause);
  }

  /** Null where it is not a span that can be waited: it counts as not said. */
  private static Duration spanOf(com.google.protobuf.Duration delay) {
    long seconds = delay.getSeconds();
    int nanos = delay.getNanos();
    boolean isSpan = seconds >= 0 && seconds <= MAX_SECONDS && nanos >= 0 && nanos < SECOND_NANOS;
    return isSpan ? Duration.ofSeconds(seconds, nanos) : null;
  }

  /**
   * The code of the gRPC status.
   *
   * @return never OK
   */
  public Status.Code code() {
    return code;
  }

  /**
   * Why, as an ErrorReason of the contract without its prefix.
   *
   * @return empty when no server said one
   */
  public String reason() {
    return reason;
  }

  /**
   * What the server says beside the reason: {@code requestId}, by which its log knows the call;
   * {@code field} of ALREADY_EXISTS, which tells what is taken; {@code endedBy} of a token that
   * ended.
   *
   * @return empty when no server said anything
   */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /**
   * Whether the same call may succeed later.
   *
   * @return false where somebody has to mend something first
   */
  public boolean retryable() {
    return RETRYABLE.contains(code);
  }

  /**
   * After what time to repeat the call.
   *
   * @return empty when the server does not say it
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
