package internal.symbolon.server;

import com.google.gson.JsonObject;
import internal.symbolon.v1.ClientSecret;
import internal.symbolon.v1.IntrospectRequest;
import internal.symbolon.v1.IssueRequest;
import internal.symbolon.v1.IssuedTokens;
import internal.symbolon.v1.RefreshRequest;
import internal.symbolon.v1.RevokeRequest;
import internal.symbolon.v1.TokenServiceGrpc;
import internal.symbolon.v1.UserPassword;
import java.util.concurrent.TimeUnit;

/** Calls of the bare client. */
final class Calls {
  private Calls() {}

  static JsonObject call(Opened opened, String op, JsonObject request) {
    TokenServiceGrpc.TokenServiceBlockingStub stub =
        TokenServiceGrpc.newBlockingStub(opened.channel());
    if (request.has("timeout_ms")) {
      stub = stub.withDeadlineAfter(request.get("timeout_ms").getAsLong(), TimeUnit.MILLISECONDS);
    }
    JsonObject answer = new JsonObject();
    switch (op) {
      case "issue" -> add(answer, stub.issue(issueRequest(request)).getTokens());
      case "refresh" -> {
        String token = Opened.text(request, "refresh_token");
        add(
            answer,
            stub.refresh(RefreshRequest.newBuilder().setRefreshToken(token).build()).getTokens());
      }
      case "revoke" -> {
        stub.revoke(RevokeRequest.newBuilder().setToken(Opened.text(request, "token")).build());
        answer.addProperty("ok", true);
      }
      default -> {
        String token = Opened.text(request, "token");
        IntrospectRequest introspect = IntrospectRequest.newBuilder().setToken(token).build();
        answer.addProperty("active", stub.introspect(introspect).getActive());
      }
    }
    return answer;
  }

  private static IssueRequest issueRequest(JsonObject request) {
    IssueRequest.Builder issue = IssueRequest.newBuilder();
    if (request.has("username")) {
      UserPassword.Builder password = UserPassword.newBuilder();
      password.setUsername(Opened.text(request, "username"));
      issue.setUserPassword(password.setPassword(Opened.text(request, "password")));
    } else {
      ClientSecret.Builder secret = ClientSecret.newBuilder();
      secret.setClientId(Opened.text(request, "client_id"));
      issue.setClientSecret(secret.setClientSecret(Opened.text(request, "client_secret")));
    }
    return issue.build();
  }

  private static void add(JsonObject answer, IssuedTokens tokens) {
    answer.addProperty("access_token", tokens.getAccessToken());
    answer.addProperty("refresh_token", tokens.getRefreshToken());
  }
}
