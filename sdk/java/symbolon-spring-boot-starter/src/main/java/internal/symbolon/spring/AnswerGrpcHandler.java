package internal.symbolon.spring;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import internal.symbolon.client.SymbolonException;
import io.grpc.Metadata;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;

/**
 * Answers UNAVAILABLE when nothing is known of a token. Spring gRPC would say UNAUTHENTICATED, and
 * a client would throw a good token away.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class AnswerGrpcHandler implements GrpcExceptionHandler {
  private static final Metadata.Key<String> CHALLENGE =
      Metadata.Key.of("www-authenticate", Metadata.ASCII_STRING_MARSHALLER);

  static Metadata trailers(String challenge) {
    Metadata trailers = new Metadata();
    trailers.put(CHALLENGE, challenge);
    return trailers;
  }

  @Override
  public StatusException handleException(Throwable failed) {
    SymbolonException error = Introspections.checkError(failed);
    if (error == null) {
      return null;
    }
    long seconds = Long.parseLong(Introspections.retryAfter(error));
    RetryInfo retry =
        RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(seconds)).build();
    return StatusProto.toStatusException(
        Status.newBuilder()
            .setCode(Code.UNAVAILABLE_VALUE)
            .setMessage("The token can't be checked now")
            .addDetails(Any.pack(retry))
            .build());
  }
}
