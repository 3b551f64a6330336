import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.server.resource.introspection.SpringOpaqueTokenIntrospector;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Runs the flows of Spring Security, in an application that it starts. It reads where and as whom
 * from its first line of stdin, prints a JSON object for each step, and is answered a line.
 */
public final class Spring {
  private static final BufferedReader ANSWERS =
      new BufferedReader(new InputStreamReader(System.in));
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As a browser that goes nowhere by itself. */
  private final HttpClient browser =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

  public static void main(String[] args) throws Exception {
    JsonNode at = JSON.readTree(ANSWERS.readLine());
    SpringApplication app = new SpringApplication(App.class);
    app.setDefaultProperties(properties(at));
    try (var context = (WebServerApplicationContext & AutoCloseable) app.run()) {
      int port = context.getWebServer().getPort();
      Spring flows = new Spring();
      // Each by the host of its redirect URI.
      flows.code("web", "http://localhost:" + port);
      flows.code("native", "http://127.0.0.1:" + port);
      var registrations = context.getBean(ClientRegistrationRepository.class);
      var clients = context.getBean(OAuth2AuthorizedClientService.class);
      var manager =
          new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, clients);
      clientCredentials(manager, at);
    }
  }

  private static Map<String, Object> properties(JsonNode at) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("server.port", 0);
    all.put("server.address", "127.0.0.1");
    // What is printed is the conversation.
    all.put("spring.main.banner-mode", "off");
    all.put("logging.level.root", "off");
    String own = "spring.security.oauth2.client.";
    all.put(own + "provider.symbolon.issuer-uri", at.get("issuer").asString());
    for (String name : new String[] {"web", "native", "service", "wrong"}) {
      JsonNode client = at.get(name.equals("native") ? name : "web");
      String registration = own + "registration." + name + ".";
      boolean byCode = name.equals("web") || name.equals("native");
      all.put(registration + "provider", "symbolon");
      all.put(registration + "client-id", client.get("client_id").asString());
      all.put(
          registration + "client-secret",
          name.equals("wrong") ? name : client.get("client_secret").asString());
      all.put(registration + "scope", "read");
      all.put(
          registration + "authorization-grant-type",
          byCode ? "authorization_code" : "client_credentials");
      if (byCode) {
        all.put(registration + "redirect-uri", "{baseUrl}/callback");
      }
    }
    all.put(own + "registration.native.client-authentication-method", "none");
    return all;
  }

  private static String say(Map<String, Object> what) throws Exception {
    System.out.println(JSON.writeValueAsString(what));
    return ANSWERS.readLine();
  }

  /** The application sends people to the server, and they come back to it. */
  private void code(String client, String app) throws Exception {
    String back = say(Map.of("open", location(app + "/token/" + client)));
    say(Map.of("flow", "code", "as", client, "token", token(location(back))));
    say(Map.of("flow", "refresh", "as", client, "token", token(app + "/renewed/" + client)));
  }

  private String location(String url) throws Exception {
    return get(url, 302).headers().firstValue("location").orElseThrow();
  }

  private String token(String url) throws Exception {
    return get(url, 200).body();
  }

  private HttpResponse<String> get(String url, int status) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    HttpResponse<String> answer = browser.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != status) {
      throw new IllegalStateException(
          url + " answers " + answer.statusCode() + " " + answer.body());
    }
    return answer;
  }

  private static void clientCredentials(OAuth2AuthorizedClientManager manager, JsonNode at)
      throws Exception {
    OAuth2AuthorizedClient service = manager.authorize(requestOf("service"));
    String token = service.getAccessToken().getTokenValue();
    say(Map.of("flow", "client credentials", "as", "web", "token", token));
    try {
      manager.authorize(requestOf("wrong"));
    } catch (ClientAuthorizationException error) {
      say(Map.of("flow", "a wrong secret", "as", "web", "error", error.getError().getErrorCode()));
    }
    JsonNode gate = at.get("gate");
    var principal =
        SpringOpaqueTokenIntrospector.withIntrospectionUri(
                at.get("issuer").asString() + "/oauth2/introspect")
            .clientId(gate.get("client_id").asString())
            .clientSecret(gate.get("client_secret").asString())
            .build()
            .introspect(token);
    Map<String, Object> told = Map.of("active", true, "sub", principal.getName());
    say(Map.of("flow", "introspection", "as", "gate", "told", told, "of", token));
  }

  private static OAuth2AuthorizeRequest requestOf(String registration) {
    return OAuth2AuthorizeRequest.withClientRegistrationId(registration)
        .principal(registration)
        .build();
  }
}
