package internal.symbolon.spring;

import internal.symbolon.server.AccessReason;
import internal.symbolon.server.Verifier;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * What the bearer of the token may do, for rules such as
 * {@code @PreAuthorize("@symbolonPermissions.device('READ_DEVICE', #id)")}. Permissions are named
 * as {@link internal.symbolon.server.Permission} names them. What is allowed is answered from
 * memory for some seconds.
 *
 * <p>Who needs a scope or a consent is refused with insufficient_scope, any other who is not
 * allowed with 403 and no challenge, and 503 says that the server can't be asked. A name that is no
 * permission and an id that is empty are faults of the application, and let nobody through.
 */
public final class SymbolonPermissions {
  private final Verifier verifier;

  /**
   * Permissions in a verifier's tenant.
   *
   * @param verifier who made it closes it
   */
  public SymbolonPermissions(Verifier verifier) {
    this.verifier = verifier;
  }

  /**
   * With the user or the device that the token stands for.
   *
   * @param permission such as LIST_DEVICES
   * @return whether the bearer may
   */
  public boolean own(String permission) {
    return allows(PermissionQuestion.own(permission));
  }

  /**
   * With a user.
   *
   * @param permission such as READ_PROFILE
   * @param id the user's id
   * @return whether the bearer may
   */
  public boolean user(String permission, String id) {
    return allows(PermissionQuestion.user(permission, id));
  }

  /**
   * With a device.
   *
   * @param permission such as READ_DEVICE
   * @param id the device's id
   * @return whether the bearer may
   */
  public boolean device(String permission, String id) {
    return allows(PermissionQuestion.device(permission, id));
  }

  private boolean allows(PermissionQuestion question) {
    String token =
        PermissionQuestion.tokenOf(SecurityContextHolder.getContext().getAuthentication());
    if (token == null) {
      return false;
    }
    AccessReason reason = reasonOf(token, question);
    if (PermissionQuestion.isFinal(reason)) {
      AuthorizationInterceptor.denied(reason);
      RequestAttributes request = RequestContextHolder.getRequestAttributes();
      if (request != null) {
        request.setAttribute(AnswerFilter.FINAL, reason, RequestAttributes.SCOPE_REQUEST);
      }
    }
    return reason == AccessReason.ALLOWED;
  }

  private AccessReason reasonOf(String token, PermissionQuestion question) {
    try {
      return PermissionQuestion.reasonOf(
          verifier.checkPermission(token, question.permission(), question.target()));
    } catch (internal.symbolon.client.SymbolonException failed) {
      return PermissionQuestion.reasonOf(failed);
    }
  }
}
