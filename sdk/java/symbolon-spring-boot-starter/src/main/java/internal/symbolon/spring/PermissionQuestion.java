package internal.symbolon.spring;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.Access;
import internal.symbolon.server.AccessReason;
import internal.symbolon.server.AccessTarget;
import internal.symbolon.server.Permission;
import io.grpc.Status;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.AbstractOAuth2TokenAuthenticationToken;

/** What a rule asks of the bearer, and what an answer comes to in the words of Spring Security. */
record PermissionQuestion(Permission permission, AccessTarget target) {
  static PermissionQuestion own(String permission) {
    return new PermissionQuestion(Permission.valueOf(permission), AccessTarget.own());
  }

  static PermissionQuestion user(String permission, String id) {
    return new PermissionQuestion(Permission.valueOf(permission), AccessTarget.user(id));
  }

  static PermissionQuestion device(String permission, String id) {
    return new PermissionQuestion(Permission.valueOf(permission), AccessTarget.device(id));
  }

  /** Null: nobody presents a token, whom Spring Security asks for one. */
  static String tokenOf(Authentication authentication) {
    return authentication instanceof AbstractOAuth2TokenAuthenticationToken<?> bearer
        ? bearer.getToken().getTokenValue()
        : null;
  }

  /** A token that has ended since it was looked at is refused as one that is not live. */
  static AccessReason reasonOf(Access access) {
    if (access.caller().isEmpty()) {
      throw new InvalidBearerTokenException("The token is not live");
    }
    return access.reason();
  }

  /** The server can make nothing of the target, which came from the request. Else it is unknown. */
  static AccessReason reasonOf(Throwable failed) {
    SymbolonException error = SymbolonException.of(failed);
    if (error.code() == Status.Code.INVALID_ARGUMENT) {
      return AccessReason.TARGET_UNKNOWN;
    }
    throw Introspections.unknown(error);
  }

  /** Whether no scope helps, so that the challenge of Spring Security must not say so. */
  static boolean isFinal(AccessReason reason) {
    return switch (reason) {
      case ALLOWED, SCOPE_MISSING, NO_CONSENT -> false;
      default -> true;
    };
  }
}
