package internal.symbolon.spring;

import internal.symbolon.server.AccessReason;
import internal.symbolon.server.Verifier;
import java.util.concurrent.CompletionException;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import reactor.core.publisher.Mono;

/**
 * {@link SymbolonPermissions} for WebFlux, as in
 * {@code @PreAuthorize("@reactiveSymbolonPermissions.device('READ_DEVICE', #id)")}. It blocks no
 * thread.
 */
public final class ReactiveSymbolonPermissions {
  private final Verifier verifier;

  /**
   * Permissions in a verifier's tenant.
   *
   * @param verifier who made it closes it
   */
  public ReactiveSymbolonPermissions(Verifier verifier) {
    this.verifier = verifier;
  }

  /**
   * With the user or the device that the token stands for.
   *
   * @param permission such as LIST_DEVICES
   * @return whether the bearer may
   */
  public Mono<Boolean> own(String permission) {
    return allows(PermissionQuestion.own(permission));
  }

  /**
   * With a user.
   *
   * @param permission such as READ_PROFILE
   * @param id the user's id
   * @return whether the bearer may
   */
  public Mono<Boolean> user(String permission, String id) {
    return allows(PermissionQuestion.user(permission, id));
  }

  /**
   * With a device.
   *
   * @param permission such as READ_DEVICE
   * @param id the device's id
   * @return whether the bearer may
   */
  public Mono<Boolean> device(String permission, String id) {
    return allows(PermissionQuestion.device(permission, id));
  }

  private Mono<Boolean> allows(PermissionQuestion question) {
    return ReactiveSecurityContextHolder.getContext()
        .map(SecurityContext::getAuthentication)
        .mapNotNull(PermissionQuestion::tokenOf)
        .flatMap(token -> reasonOf(token, question))
        .flatMap(ReactiveSymbolonPermissions::told)
        .defaultIfEmpty(false);
  }

  private Mono<AccessReason> reasonOf(String token, PermissionQuestion question) {
    return Mono.fromCompletionStage(
            () -> verifier.checkPermissionAsync(token, question.permission(), question.target()))
        .map(PermissionQuestion::reasonOf)
        .onErrorResume(
            failed ->
                failed instanceof internal.symbolon.client.SymbolonException
                    || failed instanceof CompletionException,
            failed -> Mono.fromSupplier(() -> PermissionQuestion.reasonOf(failed)));
  }

  private static Mono<Boolean> told(AccessReason reason) {
    return Mono.deferContextual(
        context -> {
          if (PermissionQuestion.isFinal(reason)) {
            AnswerWebFilter.denied(context);
          }
          return Mono.just(reason == AccessReason.ALLOWED);
        });
  }
}
