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

  private SymbolonFilter(Builder builder) {
    verifier = builder.verifier;
    realm = builder.realm;
    scopes = List.copyOf(builder.scopes);
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
    Optional<Caller> caller;
    try {
      caller = verifier.check(bearer.token());
    } catch (SymbolonException unknown) {
      refuse(http, answer, Denial.UNKNOWN, Denial.retryAfter(unknown));
      return;
    }
    if (caller.isEmpty()) {
      refuse(http, answer, Denial.INVALID_TOKEN);
    } else if (!caller.get().hasScopes(scopes)) {
      refuse(http, answer, Denial.INSUFFICIENT_SCOPE);
    } else {
      http.setAttribute(CALLER, caller.get());
      chain.doFilter(new Guarded(http, caller.get()), answer);
    }
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
    String challenge = denial.challenge(realm, scopes);
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
     * Makes the filter.
     *
     * @return for {@code ServletContext.addFilter}
     */
    public SymbolonFilter build() {
      return new SymbolonFilter(this);
    }
  }
}
