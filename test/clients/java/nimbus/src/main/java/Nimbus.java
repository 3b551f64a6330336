import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.AuthorizationResponse;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResourceOwnerPasswordCredentialsGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationRequest;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationResponse;
import com.nimbusds.oauth2.sdk.device.DeviceCodeGrant;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.Tokens;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.Map;
import net.minidev.json.JSONObject;

/**
 * Runs the flows of Nimbus' OAuth 2 SDK. It reads where and as whom from its first line of stdin,
 * prints a JSON object for each step, and is answered a line.
 */
public final class Nimbus {
  private static final Scope READ = new Scope("read");
  private static final BufferedReader ANSWERS =
      new BufferedReader(new InputStreamReader(System.in));

  private final JSONObject at;
  private final Issuer issuer;
  private final AuthorizationServerMetadata server;

  private Nimbus(JSONObject at) throws Exception {
    this.at = at;
    issuer = new Issuer((String) at.get("issuer"));
    server = AuthorizationServerMetadata.resolve(issuer);
  }

  public static void main(String[] args) throws Exception {
    Nimbus flows = new Nimbus(JSONObjectUtils.parse(ANSWERS.readLine()));
    flows.code("web", flows.basic("web"));
    flows.code("web", new ClientSecretPost(flows.id("web"), flows.secret("web")));
    flows.code("native", null);
    flows.clientCredentials();
    flows.password();
    flows.device();
  }

  private static String say(Map<String, Object> what) throws IOException {
    System.out.println(JSONObject.toJSONString(what));
    return ANSWERS.readLine();
  }

  private String of(String client, String field) {
    return (String) ((JSONObject) at.get(client)).get(field);
  }

  private ClientID id(String client) {
    return new ClientID(of(client, "client_id"));
  }

  private Secret secret(String client) {
    return new Secret(of(client, "client_secret"));
  }

  private ClientAuthentication basic(String client) {
    return new ClientSecretBasic(id(client), secret(client));
  }

  private void code(String client, ClientAuthentication proof) throws Exception {
    State state = new State();
    CodeVerifier verifier = new CodeVerifier();
    URI redirect = URI.create(of(client, "redirect_uri"));
    URI asked =
        new AuthorizationRequest.Builder(ResponseType.CODE, id(client))
            .endpointURI(server.getAuthorizationEndpointURI())
            .redirectionURI(redirect)
            .scope(READ)
            .state(state)
            .codeChallenge(verifier, CodeChallengeMethod.S256)
            .build()
            .toURI();
    AuthorizationResponse back =
        AuthorizationResponse.parse(URI.create(say(Map.of("open", asked.toString()))));
    if (!state.equals(back.getState()) || !issuer.equals(back.getIssuer())) {
      throw new IllegalStateException(
          "another state or another issuer came back: " + back.toParameters());
    }
    AuthorizationCode code = back.toSuccessResponse().getAuthorizationCode();
    Tokens tokens = tokens(client, proof, new AuthorizationCodeGrant(code, redirect, verifier));
    say(Map.of("flow", "code", "as", client, "token", tokens.getAccessToken().getValue()));
    Tokens renewed = tokens(client, proof, new RefreshTokenGrant(tokens.getRefreshToken()));
    say(Map.of("flow", "refresh", "as", client, "token", renewed.getAccessToken().getValue()));
    revoke(client, proof, renewed);
    AuthorizationGrant madeUp =
        new AuthorizationCodeGrant(new AuthorizationCode("made-up"), redirect, verifier);
    String error = token(client, proof, madeUp).toErrorResponse().getErrorObject().getCode();
    say(Map.of("flow", "a code that is made up", "as", client, "error", error));
  }

  private void revoke(String client, ClientAuthentication proof, Tokens tokens) throws Exception {
    URI endpoint = server.getRevocationEndpointURI();
    TokenRevocationRequest request =
        proof == null
            ? new TokenRevocationRequest(endpoint, id(client), tokens.getRefreshToken())
            : new TokenRevocationRequest(endpoint, proof, tokens.getRefreshToken());
    request.toHTTPRequest().send().ensureStatusCode(200);
    say(Map.of("flow", "revocation", "as", client, "ended", tokens.getAccessToken().getValue()));
  }

  private void clientCredentials() throws Exception {
    Tokens tokens = tokens("web", basic("web"), new ClientCredentialsGrant());
    String token = tokens.getAccessToken().getValue();
    say(Map.of("flow", "client credentials", "as", "web", "token", token));
    TokenIntrospectionRequest request =
        new TokenIntrospectionRequest(
            server.getIntrospectionEndpointURI(), basic("gate"), tokens.getAccessToken());
    Map<String, Object> told =
        TokenIntrospectionResponse.parse(request.toHTTPRequest().send())
            .toSuccessResponse()
            .toJSONObject();
    say(Map.of("flow", "introspection", "as", "gate", "told", told, "of", token));
  }

  private void password() throws Exception {
    Secret password = new Secret(of("user", "password"));
    AuthorizationGrant grant =
        new ResourceOwnerPasswordCredentialsGrant(of("user", "username"), password);
    Tokens tokens = tokens("trusted", basic("trusted"), grant);
    say(Map.of("flow", "password", "as", "trusted", "token", tokens.getAccessToken().getValue()));
  }

  private void device() throws Exception {
    DeviceAuthorizationRequest request =
        new DeviceAuthorizationRequest.Builder(id("tv"))
            .endpointURI(server.getDeviceAuthorizationEndpointURI())
            .scope(READ)
            .build();
    var begun =
        DeviceAuthorizationResponse.parse(request.toHTTPRequest().send()).toSuccessResponse();
    say(
        Map.of(
            "type", begun.getUserCode().getValue(), "at", begun.getVerificationURI().toString()));
    Tokens tokens = tokens("tv", null, new DeviceCodeGrant(begun.getDeviceCode()));
    say(Map.of("flow", "device", "as", "tv", "token", tokens.getAccessToken().getValue()));
  }

  private Tokens tokens(String client, ClientAuthentication proof, AuthorizationGrant grant)
      throws Exception {
    TokenResponse response = token(client, proof, grant);
    if (!(response instanceof AccessTokenResponse success)) {
      throw new IllegalStateException(
          grant.getType() + ": " + response.toErrorResponse().toJSONObject());
    }
    return success.getTokens();
  }

  private TokenResponse token(String client, ClientAuthentication proof, AuthorizationGrant grant)
      throws Exception {
    URI endpoint = server.getTokenEndpointURI();
    TokenRequest.Builder request =
        proof == null
            ? new TokenRequest.Builder(endpoint, id(client), grant)
            : new TokenRequest.Builder(endpoint, proof, grant);
    // What a code or a refresh token gives is agreed on.
    boolean asks =
        grant instanceof ClientCredentialsGrant
            || grant instanceof ResourceOwnerPasswordCredentialsGrant;
    return TokenResponse.parse(
        (asks ? request.scope(READ) : request).build().toHTTPRequest().send());
  }
}
