package internal.symbolon.spring;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Iterator;
import org.springframework.core.Ordered;

/** Refuses two authorizations in one call, of which Spring gRPC would read the last. */
final class TwoHeadersInterceptor implements ServerInterceptor, Ordered {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> CHALLENGE =
      Metadata.Key.of("www-authenticate", Metadata.ASCII_STRING_MARSHALLER);

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Iterable<String> all = headers.getAll(AUTHORIZATION);
    if (all == null || !hasTwo(all.iterator())) {
      return next.startCall(call, headers);
    }
    Metadata trailers = new Metadata();
    trailers.put(CHALLENGE, Challenges.TWO_HEADERS);
    call.close(
        Status.INVALID_ARGUMENT.withDescription("Send one authorization in the metadata"),
        trailers);
    return new ServerCall.Listener<>() {};
  }

  private static boolean hasTwo(Iterator<String> values) {
    values.next();
    return values.hasNext();
  }
}
