package internal.symbolon.spring;

import internal.symbolon.server.AccessReason;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.grpc.server.security.CallContext;
import org.springframework.security.authorization.event.AuthorizationDeniedEvent;

/**
 * Refuses authorizations that are malformed, and shows Spring gRPC the others as it reads them. Of
 * two it would read the last.
 */
final class AuthorizationInterceptor implements ServerInterceptor, Ordered {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** The scope that this call was denied for. */
  private static final Context.Key<AtomicReference<String>> SCOPE = Context.key("denied-scope");

  /** Is told by Spring gRPC what a call was denied for, in the thread of its interceptors. */
  static final class Listener implements ApplicationListener<AuthorizationDeniedEvent<?>> {
    @Override
    public void onApplicationEvent(AuthorizationDeniedEvent<?> event) {
      AtomicReference<String> scope = SCOPE.get();
      if (event.getObject() instanceof CallContext && scope != null) {
        scope.set(DeniedScopes.of(event));
      }
    }
  }

  /** Why this call is not allowed, where no scope would help. */
  private static final Context.Key<AtomicReference<AccessReason>> REASON =
      Context.key("denied-reason");

  /** Of the call whose handler this thread serves, if it is one. */
  static void denied(AccessReason reason) {
    AtomicReference<AccessReason> told = REASON.get();
    if (told != null) {
      told.set(reason);
    }
  }

  /** Null where there is none. */
  static AccessReason deniedReason() {
    AtomicReference<AccessReason> told = REASON.get();
    return told == null ? null : told.get();
  }

  /** Empty where it is not known. */
  static String deniedScope() {
    AtomicReference<String> scope = SCOPE.get();
    return scope == null ? "" : scope.get();
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    List<String> sent = new ArrayList<>();
    Iterable<String> all = headers.getAll(AUTHORIZATION);
    if (all != null) {
      all.forEach(sent::add);
    }
    Optional<List<String>> shown = Authorizations.shown(sent);
    if (shown.isEmpty()) {
      call.close(
          Status.INVALID_ARGUMENT.withDescription("authorization must be one bearer token"),
          AnswerGrpcHandler.trailers(Authorizations.INVALID_REQUEST));
      return new ServerCall.Listener<>() {};
    }
    headers.discardAll(AUTHORIZATION);
    shown.get().forEach(header -> headers.put(AUTHORIZATION, header));
    Context context =
        Context.current()
            .withValue(SCOPE, new AtomicReference<>(""))
            .withValue(REASON, new AtomicReference<>());
    return Contexts.interceptCall(context, call, headers, next);
  }
}
