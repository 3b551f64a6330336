package internal.symbolon.server;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Bearer;
import io.grpc.Status;
import java.time.Duration;
import java.util.Collection;

/** Why a request is refused, and how that is said (RFC 6750 section 3). */
enum Denial {
  /** No token, which says nothing of one: there is no error code (section 3.1). */
  MISSING(401, Status.Code.UNAUTHENTICATED, "", "a bearer token is required"),
  /** Two headers, or a token that is not one. */
  INVALID_REQUEST(
      400,
      Status.Code.INVALID_ARGUMENT,
      "invalid_request",
      "authorization must be one bearer token"),
  /** The token is not live. */
  INVALID_TOKEN(401, Status.Code.UNAUTHENTICATED, "invalid_token", "the token is not live"),
  /** The token is live, and not for this. */
  INSUFFICIENT_SCOPE(
      403, Status.Code.PERMISSION_DENIED, "insufficient_scope", "the token lacks a scope"),
  /** The bearer may not do this, whatever its token is for: no error code of RFC 6750 says so. */
  NOT_ALLOWED(403, Status.Code.PERMISSION_DENIED, "", "not allowed"),
  /** Nothing is known of the token: the client must keep it. */
  UNKNOWN(503, Status.Code.UNAVAILABLE, "", "the token can't be checked now");

  private static final Duration SHORTEST_RETRY = Duration.ofSeconds(1);

  private final int httpStatus;
  private final Status.Code code;
  private final String error;
  private final String message;

  Denial(int httpStatus, Status.Code code, String error, String message) {
    this.httpStatus = httpStatus;
    this.code = code;
    this.error = error;
    this.message = message;
  }

  /** Of headers without a token. */
  static Denial of(Bearer bearer) {
    return bearer.isMalformed() ? INVALID_REQUEST : MISSING;
  }

  /** Of an answer of Check. Null: the caller is let through. */
  static Denial of(Access access, String audience) {
    if (access.caller().isEmpty() || !isFor(audience, access.caller().get())) {
      return INVALID_TOKEN;
    }
    return switch (access.reason()) {
      case ALLOWED -> null;
      case SCOPE_MISSING, NO_CONSENT -> INSUFFICIENT_SCOPE;
      default -> NOT_ALLOWED;
    };
  }

  /** Whether the token is for whom the guard says (RFC 9700 section 2.3). Empty: for anybody. */
  static boolean isFor(String audience, Caller caller) {
    return audience.isEmpty() || audience.equals(caller.audience());
  }

  /** Whether the server can make nothing of a target, which came from the request. */
  static boolean isOfTarget(SymbolonException error) {
    return error.code() == Status.Code.INVALID_ARGUMENT;
  }

  int httpStatus() {
    return httpStatus;
  }

  Status status() {
    return code.toStatus().withDescription(message);
  }

  /** After what time to repeat what could not be checked: what Symbolon says, and at least 1 s. */
  static Duration retryAfter(Throwable error) {
    Duration told = SymbolonException.of(error).retryAfter().orElse(SHORTEST_RETRY);
    return told.compareTo(SHORTEST_RETRY) < 0 ? SHORTEST_RETRY : told;
  }

  /** The {@code WWW-Authenticate} header, or null where there is none. */
  String challenge(String realm, Collection<String> scopes) {
    if (this == UNKNOWN || this == NOT_ALLOWED) {
      return null;
    }
    StringBuilder parameters = new StringBuilder();
    if (!realm.isEmpty()) {
      parameters.append(", realm=\"").append(realm).append('"');
    }
    if (!error.isEmpty()) {
      parameters.append(", error=\"").append(error).append('"');
    }
    if (this == INSUFFICIENT_SCOPE && !scopes.isEmpty()) {
      parameters.append(", scope=\"").append(String.join(" ", scopes)).append('"');
    }
    return parameters.isEmpty() ? "Bearer" : "Bearer " + parameters.substring(2);
  }
}
