package internal.symbolon.server;

import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.Supplier;

/**
 * Ends a call with the refusal that its handler let through. gRPC itself would say UNKNOWN of it,
 * as of all that handlers throw; what else they throw is left to gRPC.
 */
final class RefusableListener<Q>
    extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
  private final ServerCall<Q, ?> call;

  private RefusableListener(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call) {
    super(listener);
    this.call = call;
  }

  /** What a handler is refused with. */
  static final class Refused extends StatusRuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(Status status, Metadata trailers) {
      super(status, trailers);
    }
  }

  /** {@code begin}: begins the handler. */
  static <Q> ServerCall.Listener<Q> of(
      ServerCall<Q, ?> call, Supplier<ServerCall.Listener<Q>> begin) {
    try {
      return new RefusableListener<>(begin.get(), call);
    } catch (Refused refused) {
      end(call, refused);
      return new ServerCall.Listener<>() {};
    }
  }

  private static void end(ServerCall<?, ?> call, Refused refused) {
    try {
      call.close(refused.getStatus(), refused.getTrailers());
    } catch (IllegalStateException ended) {
      // The handler had ended it before it asked.
    }
  }

  @Override
  public void onMessage(Q message) {
    try {
      super.onMessage(message);
    } catch (Refused refused) {
      end(call, refused);
    }
  }

  @Override
  public void onHalfClose() {
    try {
      super.onHalfClose();
    } catch (Refused refused) {
      end(call, refused);
    }
  }

  @Override
  public void onReady() {
    try {
      super.onReady();
    } catch (Refused refused) {
      end(call, refused);
    }
  }
}
