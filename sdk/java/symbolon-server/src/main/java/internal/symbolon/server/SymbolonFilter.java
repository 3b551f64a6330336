package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Bearer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lets a request through when its token is live, with the caller as its principal, and refuses it
 * else, whatever its method and its dispatcher are. Map it to what it guards, and mark it as
 * supporting asynchronous requests where servlets behind it use them.
 *
 * <p>Where it is mapped to includes, one that it refuses is a {@link ServletException} in the page
 * that includes, whose answer it leaves alone.
 *
 * <p>Most checks take no time. One that memory can't answer holds the request's thread until the
 * server answers, for the verifier's timeout at most.
 */
public final class SymbolonFilter implements Filter {
  private static final String CALLER = SymbolonFilter.class.getName() + ".caller";

  private final Verifier verifier;
  private final String realm;
  private final List<String> scopes;
  private final String audience;

  /** Null: a live token is enough. */
  private final Permission permission;

  private final Function<HttpServletRequest, AccessTarget> target;

  private SymbolonFilter(Builder builder) {
    verifier = builder.verifier;
    realm = builder.realm;
    scopes = List.copyOf(builder.scopes);
    audience = builder.audience;
    permission = builder.permission;
    target = builder.target;
  }

  /**
   * Begins a filter.
   *
   * @param verifier checks the tokens, and is closed by who made it
   * @return what the filter is made with
   */
  public static Builder builder(Verifier verifier) {
    return new Builder(verifier);
  }

  /**
   * A filter that wants a live token for each request, and nothing more.
   *
   * @param verifier checks the tokens, and is closed by who made it
   * @return for {@code ServletContext.addFilter}
   */
  public static SymbolonFilter of(Verifier verifier) {
    return builder(verifier).build();
  }

  /**
   * Whose request this is.
   *
   * @param request that came through the filter
   * @return never null
   * @throws IllegalStateException when it did not come through
   */
  public static Caller caller(ServletRequest request) {
    if (request.getAttribute(CALLER) instanceof Caller caller) {
      return caller;
    }
    throw new IllegalStateException("the request did not come through a SymbolonFilter");
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)) {
      throw new ServletException("a SymbolonFilter guards HTTP alone");
    }
    boolean isWithin = isWithinAnother(http);
    Object outer = http.getAttribute(CALLER);
    http.removeAttribute(CALLER);
    try {
      guard(http, answer, chain);
    } finally {
      // The page that included or forwarded goes on with its own caller, or with none.
      if (isWithin && !http.isAsyncStarted()) {
        http.setAttribute(CALLER, outer);
      }
    }
  }

  private static boolean isWithinAnother(ServletRequest request) {
    DispatcherType type = request.getDispatcherType();
    return type == DispatcherType.INCLUDE || type == DispatcherType.FORWARD;
  }

  private void guard(HttpServletRequest http, HttpServletResponse answer, FilterChain chain)
      throws IOException, ServletException {
    Enumeration<String> headers = http.getHeaders("Authorization");
    Bearer bearer = Bearer.of(headers == null ? List.of() : Collections.list(headers));
    if (bearer.token() == null) {
      refuse(http, answer, Denial.of(bearer));
      return;
    }
    // What this throws is a fault of the service, and no answer of the server.
    AccessTarget about = permission == null ? null : targetOf(http);
    Optional<Caller> caller;
    Denial denial;
    try {
      if (permission == null) {
        caller = verifier.check(bearer.token());
        denial = denialOf(caller);
      } else {
        Access access = verifier.checkPermission(bearer.token(), permission, about);
        caller = access.caller();
        denial = denialOf(access);
      }
    } catch (SymbolonException unknown) {
      if (permission != null && Denial.isOfTarget(unknown)) {
        refuse(http, answer, Denial.NOT_ALLOWED);
      } else {
        refuse(http, answer, Denial.UNKNOWN, Denial.retryAfter(unknown));
      }
      return;
    }
    if (denial != null) {
      refuse(http, answer, denial);
    } else {
      http.setAttribute(CALLER, caller.orElseThrow());
      chain.doFilter(new Guarded(http, caller.orElseThrow()), answer);
    }
  }

  private AccessTarget targetOf(HttpServletRequest http) {
    return Objects.requireNonNull(target.apply(http), "the target of requirePermission");
  }

  private Denial denialOf(Optional<Caller> caller) {
    if (caller.isEmpty() || !Denial.isFor(audience, caller.get())) {
      return Denial.INVALID_TOKEN;
    }
    return caller.get().hasScopes(scopes) ? null : Denial.INSUFFICIENT_SCOPE;
  }

  private Denial denialOf(Access access) {
    Denial denial = denialOf(access.caller());
    return denial == null ? Denial.of(access, audience) : denial;
  }

  private void refuse(HttpServletRequest http, HttpServletResponse answer, Denial denial)
      throws IOException, ServletException {
    refuse(http, answer, denial, null);
  }

  /** {@code wait}: null where repeating does not help. */
  private void refuse(
      HttpServletRequest http, HttpServletResponse answer, Denial denial, Duration wait)
      throws IOException, ServletException {
    if (http.getDispatcherType() == DispatcherType.INCLUDE) {
      // The answer is that of the page which includes (Servlet 6.0 section 9.3).
      throw new ServletException("a SymbolonFilter refused an include: " + denial);
    }
    answer.resetBuffer();
    answer.setStatus(denial.httpStatus());
    // What a permission lacks is another scope than those of the option.
    String challenge = denial.challenge(realm, permission == null ? scopes : List.of());
    if (challenge != null) {
      answer.setHeader("WWW-Authenticate", challenge);
    }
    if (wait != null) {
      // In whole seconds, and not too early (RFC 9110 section 10.2.3).
      long seconds = wait.plusNanos(999_999_999).toSeconds();
      answer.setHeader("Retry-After", Long.toString(seconds));
    }
    answer.setHeader("Cache-Control", "no-store");
    answer.flushBuffer();
  }

  /** Names the caller as frameworks ask for it. */
  private static final class Guarded extends HttpServletRequestWrapper {
    private final Caller caller;

    Guarded(HttpServletRequest request, Caller caller) {
      super(request);
      this.caller = caller;
    }

    @Override
    public Principal getUserPrincipal() {
      return caller;
    }

    @Override
    public String getRemoteUser() {
      return caller.getName();
    }

    /** A scope, as roles go. */
    @Override
    public boolean isUserInRole(String role) {
      return caller.scopes().contains(role);
    }

    @Override
    public String getAuthType() {
      return "Bearer";
    }
  }

  /** What a filter is made with. */
  public static final class Builder {
    private final Verifier verifier;
    private String realm = "";
    private final List<String> scopes = new ArrayList<>();
    private String audience = "";
    private Permission permission;
    private Function<HttpServletRequest, AccessTarget> target;

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
     * Scopes that a token must have, whatever the method of the request is. A handler that wants
     * more asks {@link Caller#hasScopes}.
     *
     * @param all each of them is wanted, beside those of earlier calls
     * @return this
     */
    public Builder scopes(String... all) {
      scopes.addAll(Rules.scopes(all));
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
     * What the bearer must be allowed to do with the user or the device that its token stands for.
     *
     * @param wanted the permission; an earlier one counts no more
     * @return this
     */
    public Builder requirePermission(Permission wanted) {
      return requirePermission(wanted, request -> AccessTarget.own());
    }

    /**
     * What the bearer must be allowed to do. One whom the user must grant more is refused with
     * insufficient_scope, and any other that is not allowed with 403 and no challenge.
     *
     * @param wanted the permission; an earlier one counts no more
     * @param of tells of each request with whom or what, such as by its path. What it throws goes
     *     to the container, and nobody is let through
     * @return this
     */
    public Builder requirePermission(
        Permission wanted, Function<HttpServletRequest, AccessTarget> of) {
      permission = Objects.requireNonNull(wanted, "permission");
      target = Objects.requireNonNull(of, "target");
      return this;
    }

    /**
     * Makes the filter.
     *
     * @return for {@code ServletContext.addFilter}
     */
    public SymbolonFilter build() {
      return new SymbolonFilter(this);
    }
  }
}
