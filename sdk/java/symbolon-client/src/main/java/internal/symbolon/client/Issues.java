package internal.symbolon.client;

import internal.symbolon.v1.Anonymous;
import internal.symbolon.v1.AuthorizationCode;
import internal.symbolon.v1.ClientSecret;
import internal.symbolon.v1.IssueRequest;
import internal.symbolon.v1.IssueResponse;
import internal.symbolon.v1.TokenKind;
import internal.symbolon.v1.TokenServiceGrpc;
import java.util.List;
import java.util.UUID;

/** New logins, by Issue. */
final class Issues {
  static final String DOING = "The sign-in failed";

  private final LoginCalls calls;
  private final String clientId;

  /** Null of a public client. */
  private final String clientSecret;

  private final List<String> scopes;

  /** Empty: the tokens are for everybody. */
  private final String resource;

  Issues(
      LoginCalls calls,
      String clientId,
      String clientSecret,
      List<String> scopes,
      String resource) {
    this.calls = calls;
    this.clientId = clientId;
    this.clientSecret = clientSecret;
    this.scopes = scopes;
    this.resource = resource;
  }

  String clientId() {
    return clientId;
  }

  List<String> scopes() {
    return scopes;
  }

  String resource() {
    return resource;
  }

  /** Safe to send again for ten minutes. */
  static String requestId() {
    return UUID.randomUUID().toString();
  }

  /** With the scopes that the app asks for. */
  Sent<IssueResponse> issue(IssueRequest.Builder request) {
    return send(request.addAllScopes(scopes), calls.limitNanos());
  }

  private Sent<IssueResponse> send(IssueRequest.Builder request, long limitNanos) {
    IssueRequest complete = request.setResource(resource).setRequestId(requestId()).build();
    return calls.repeated(
        DOING, TokenServiceGrpc::newBlockingStub, stub -> stub.issue(complete), limitNanos);
  }

  /** A code is good once, and so is not sent again. */
  Sent<IssueResponse> complete(IssueRequest request) {
    return calls.once(DOING, TokenServiceGrpc::newBlockingStub, stub -> stub.issue(request));
  }

  /**
   * Sent once: a code that is used comes back to end the login that it gave (RFC 6749 section
   * 4.1.2).
   */
  Sent<IssueResponse> redeem(BegunCode begun, String code) {
    AuthorizationCode credential =
        AuthorizationCode.newBuilder()
            .setCode(code)
            .setRedirectUri(begun.redirectUri())
            .setCodeVerifier(begun.codeVerifier())
            .build();
    try {
      return complete(
          IssueRequest.newBuilder().setAuthorizationCode(credential).setResource(resource).build());
    } catch (SymbolonException error) {
      throw LoginCalls.isLost(error) && !calls.isGivenUp() ? Codes.lost("", error) : error;
    }
  }

  IssueRequest.Builder ofClient() {
    Checks.require(
        clientSecret != null, "clientSecret must be given to builder before the client signs in");
    ClientSecret secret =
        ClientSecret.newBuilder().setClientId(clientId).setClientSecret(clientSecret).build();
    return IssueRequest.newBuilder().setClientSecret(secret);
  }

  IssueRequest.Builder ofNobody() {
    return IssueRequest.newBuilder().setAnonymous(Anonymous.newBuilder().setClientId(clientId));
  }

  /** Whether it is of this client, which proves itself with each call. */
  boolean canBeginAgain(LoginRecord record) {
    boolean isClient =
        record.kind == TokenKind.TOKEN_KIND_APPLICATION
            || record.kind == TokenKind.TOKEN_KIND_ADMIN;
    return record.clientId.equals(clientId)
        && (isClient ? clientSecret != null : record.kind == TokenKind.TOKEN_KIND_ANONYMOUS);
  }

  Held again(LoginRecord record, long limitNanos) {
    boolean isNobody = record.kind == TokenKind.TOKEN_KIND_ANONYMOUS;
    IssueRequest.Builder request = isNobody ? ofNobody() : ofClient();
    Sent<IssueResponse> sent = send(request.addAllScopes(record.scopes), limitNanos);
    return sent.heldOf(clientId, sent.answer.getTokens());
  }
}
