package internal.symbolon.spring;

import internal.symbolon.server.AccessReason;
import io.grpc.Status;
import io.grpc.StatusException;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/**
 * Says what Spring gRPC says of a refusal, with its challenge in the trailers. Without an order, so
 * that handlers of the application come first.
 */
final class ChallengeGrpcHandler implements GrpcExceptionHandler {
  @Override
  public StatusException handleException(Throwable failed) {
    if (failed instanceof InvalidBearerTokenException) {
      return refusal(
          Status.UNAUTHENTICATED, "the token is not live", "Bearer error=\"invalid_token\"");
    }
    if (failed instanceof AuthenticationException) {
      return refusal(Status.UNAUTHENTICATED, "a bearer token is required", "Bearer");
    }
    if (failed instanceof AccessDeniedException) {
      AccessReason reason = AuthorizationInterceptor.deniedReason();
      if (reason != null) {
        return Status.PERMISSION_DENIED.withDescription("not allowed: " + reason).asException();
      }
      String challenge = "Bearer error=\"insufficient_scope\"";
      return refusal(
          Status.PERMISSION_DENIED,
          "the token lacks a scope",
          DeniedScopes.challenge(challenge, AuthorizationInterceptor.deniedScope()));
    }
    return null;
  }

  private static StatusException refusal(Status status, String message, String challenge) {
    return status.withDescription(message).asException(AnswerGrpcHandler.trailers(challenge));
  }
}
