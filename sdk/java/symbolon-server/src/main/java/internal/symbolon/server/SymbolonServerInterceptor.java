package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Bearer;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Lets a call through when its token is live, with the caller in {@link #CALLER}, and refuses it
 * else. It blocks no thread: a call whose token must be asked for waits by itself. Then its handler
 * is begun in the server's executor; that of a stream of requests in a thread of its own, for it
 * may have to say something first.
 *
 * <p>A token is checked when a call begins, also when it is a stream. Methods that anybody may
 * call, such as those of health and reflection, are named by {@link Builder#publicMethods}.
 */
public final class SymbolonServerInterceptor implements ServerInterceptor {
  /** Whose call this is. Null where the method is a public one. */
  public static final Context.Key<Caller> CALLER = Context.key("symbolon-caller");

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** For what handlers ask beside the guard. */
  private static final Context.Key<Admission> ADMISSION = Context.key("symbolon-admission");

  private final Verifier verifier;
  private final String realm;
  private final List<String> scopes;
  private final Map<String, List<String>> methodScopes;
  private final Set<String> publicMethods;
  private final String audience;

  private SymbolonServerInterceptor(Builder builder) {
    verifier = builder.verifier;
    realm = builder.realm;
    scopes = List.copyOf(builder.scopes);
    methodScopes = Map.copyOf(builder.methodScopes);
    publicMethods = Set.copyOf(builder.publicMethods);
    audience = builder.audience;
  }

  /**
   * Begins an interceptor.
   *
   * @param verifier checks the tokens, and is closed by who made it
   * @return what the interceptor is made with
   */
  public static Builder builder(Verifier verifier) {
    return new Builder(verifier);
  }

  /**
   * An interceptor that wants a live token for each call, and nothing more.
   *
   * @param verifier checks the tokens, and is closed by who made it
   * @return for {@code ServerBuilder.intercept}
   */
  public static SymbolonServerInterceptor of(Verifier verifier) {
    return builder(verifier).build();
  }

  /**
   * What the bearer of the call's token must be allowed to do with the user or the device that the
   * token stands for.
   *
   * @param permission what it wants to do
   * @return the caller
   * @throws StatusRuntimeException as of {@link #requirePermission(Permission, AccessTarget)}
   */
  public static Caller requirePermission(Permission permission) {
    return requirePermission(permission, AccessTarget.own());
  }

  /**
   * What the bearer of the call's token must be allowed to do, for handlers: who or what it is
   * about is in the message. Answered from memory for some seconds; else the thread waits for the
   * server. Where handlers must not block, take {@link Verifier#checkPermissionAsync}.
   *
   * @param permission what the bearer wants to do
   * @param target with whom or what
   * @return the caller, also of a public method
   * @throws StatusRuntimeException what the guard refuses calls with: let it through. Who is not
   *     allowed is PERMISSION_DENIED
   * @throws IllegalStateException when the call did not come through an interceptor of this class
   */
  public static Caller requirePermission(Permission permission, AccessTarget target) {
    Admission admission = ADMISSION.get();
    if (admission == null) {
      throw new IllegalStateException("the call did not come through a SymbolonServerInterceptor");
    }
    return admission.require(permission, target);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Bearer bearer = bearerOf(headers);
    Admission admission = new Admission(verifier, realm, audience, bearer);
    Context context = Context.current().withValue(ADMISSION, admission);
    if (publicMethods.contains(method)) {
      // A guard before this one may have let a caller in, who is none of this one's.
      return handled(context.withValue(CALLER, null), call, headers, next);
    }
    if (bearer.token() == null) {
      refuse(call, Denial.of(bearer), List.of());
      return new ServerCall.Listener<>() {};
    }
    CompletableFuture<Optional<Caller>> check = verifier.begin(bearer.token());
    if (check.isDone()) {
      Checked checked = check.handle(Checked::new).join();
      return admits(checked, call)
          ? handled(checked.in(context), call, headers, next)
          : new ServerCall.Listener<>() {};
    }
    PendingListener<Q, A> pending = new PendingListener<>(call);
    check
        .handle(Checked::new)
        .thenAccept(
            checked ->
                pending.decided(
                    () -> admits(checked, call),
                    admitted -> handled(checked.in(context), admitted, headers, next)));
    return pending;
  }

  private static <Q, A> ServerCall.Listener<Q> handled(
      Context context, ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return RefusableListener.of(call, () -> Contexts.interceptCall(context, call, headers, next));
  }

  /** What a check came to. */
  private record Checked(Optional<Caller> found, Throwable error) {
    Context in(Context context) {
      return context.withValue(CALLER, found.orElseThrow());
    }
  }

  /** Ends a call that is not let in. */
  private boolean admits(Checked checked, ServerCall<?, ?> call) {
    Optional<Caller> found = checked.found();
    if (found == null) {
      StatusRuntimeException unknown = Admission.unknown(checked.error());
      Metadata trailers = Objects.requireNonNull(unknown.getTrailers(), "trailers");
      call.close(Denial.UNKNOWN.status(), trailers);
      return false;
    }
    if (found.isEmpty() || !Denial.isFor(audience, found.get())) {
      refuse(call, Denial.INVALID_TOKEN, List.of());
      return false;
    }
    String method = call.getMethodDescriptor().getFullMethodName();
    List<String> ofMethod = methodScopes.getOrDefault(method, List.of());
    if (!methodScopes.isEmpty() && !methodScopes.containsKey(method)) {
      // Maybe a slip in a name that was given: it must not open what it was meant for.
      String message = method + " is for nobody: give it to methodScopes";
      call.close(Status.PERMISSION_DENIED.withDescription(message), new Metadata());
      return false;
    }
    List<String> wanted = new ArrayList<>(scopes);
    wanted.addAll(ofMethod);
    if (!found.get().hasScopes(wanted)) {
      refuse(call, Denial.INSUFFICIENT_SCOPE, wanted);
      return false;
    }
    return true;
  }

  private void refuse(ServerCall<?, ?> call, Denial denial, List<String> wanted) {
    call.close(denial.status(), Admission.challenge(denial, realm, wanted));
  }

  private static Bearer bearerOf(Metadata headers) {
    List<String> values = new ArrayList<>();
    Iterable<String> all = headers.getAll(AUTHORIZATION);
    if (all != null) {
      all.forEach(values::add);
    }
    return Bearer.of(values);
  }

  /** What an interceptor is made with. */
  public static final class Builder {
    private final Verifier verifier;
    private String realm = "";
    private final List<String> scopes = new ArrayList<>();
    private final Map<String, List<String>> methodScopes = new HashMap<>();
    private final Set<String> publicMethods = new HashSet<>();
    private String audience = "";

    private Builder(Verifier verifier) {
      this.verifier = Objects.requireNonNull(verifier, "verifier");
    }

    /**
     * The realm that challenges name.
     *
     * @param name without quotes and backslashes
     * @return this
     */
    public Builder realm(String name) {
      realm = Rules.realm(name);
      return this;
    }

    /**
     * The resource server that this service is (RFC 8707). A token that is not for it alone is
     * refused as one that is not live. Any token unless set.
     *
     * @param id of the resource server
     * @return this
     */
    public Builder audience(String id) {
      audience = Rules.audience(id);
      return this;
    }

    /**
     * Scopes that a token must have for every call.
     *
     * @param all each of them is wanted, beside those of earlier calls
     * @return this
     */
    public Builder scopes(String... all) {
      scopes.addAll(Rules.scopes(all));
      return this;
    }

    /**
     * Scopes that a token must have for one method, beside those for every call. Once one method is
     * given here, those that are neither given here nor public are refused with PERMISSION_DENIED.
     *
     * @param fullMethodName such as {@code orders.v1.Orders/Cancel}, also with a slash before it
     * @param all each of them is wanted, beside those of earlier calls; none: a live token is
     *     enough
     * @return this
     */
    public Builder methodScopes(String fullMethodName, String... all) {
      String name = Rules.method(fullMethodName);
      List<String> more = new ArrayList<>(methodScopes.getOrDefault(name, List.of()));
      more.addAll(Rules.scopes(all));
      methodScopes.put(name, List.copyOf(more));
      return this;
    }

    /**
     * Methods that anybody may call, without a token. None unless named.
     *
     * @param fullMethodNames such as {@code grpc.health.v1.Health/Check}, also with a slash before
     *     it
     * @return this
     */
    public Builder publicMethods(String... fullMethodNames) {
      for (String name : fullMethodNames) {
        publicMethods.add(Rules.method(name));
      }
      return this;
    }

    /**
     * Makes the interceptor.
     *
     * @return for {@code ServerBuilder.intercept}
     * @throws SymbolonException when a method is public and has scopes, too
     */
    public SymbolonServerInterceptor build() {
      for (String name : publicMethods) {
        boolean isPublicAlone = !methodScopes.containsKey(name);
        Rules.require(isPublicAlone, name + " must be in publicMethods or methodScopes, not both");
      }
      return new SymbolonServerInterceptor(this);
    }
  }
}
