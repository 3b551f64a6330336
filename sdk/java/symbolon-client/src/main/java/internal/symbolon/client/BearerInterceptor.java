package internal.symbolon.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/** Attaches the token to each call, and makes a unary one once more when its token has ended. */
final class BearerInterceptor implements ClientInterceptor {
  private final Login login;

  BearerInterceptor(Login login) {
    this.login = login;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    if (options.getCredentials() != null
        && !(options.getCredentials() instanceof BearerCredentials)) {
      // The call is for somebody else.
      return next.newCall(method, options);
    }
    if (method.getType() == MethodDescriptor.MethodType.UNARY) {
      return new RepeatableCall<>(login, method, options, next);
    }
    BearerCredentials credentials = login.bearer();
    return new Told<>(next.newCall(method, options.withCallCredentials(credentials)), credentials);
  }

  /** A stream is gone, but the next call shall have another token. */
  private final class Told<Q, A> extends ForwardingClientCall.SimpleForwardingClientCall<Q, A> {
    private final BearerCredentials credentials;

    Told(ClientCall<Q, A> call, BearerCredentials credentials) {
      super(call);
      this.credentials = credentials;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      super.start(
          new ForwardingClientCallListener.SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              String sent = credentials.sent();
              if (status.getCode() == Status.Code.UNAUTHENTICATED && sent != null) {
                login.refusedAsync(sent);
              }
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }

  @Override
  public String toString() {
    return "BearerInterceptor";
  }
}
