package internal.symbolon.spring;

import static internal.symbolon.server.Eventually.eventually;
import static internal.symbolon.spring.Requests.challenge;
import static org.assertj.core.api.Assertions.assertThat;

import internal.symbolon.server.DemoServer;
import internal.symbolon.server.Verifier;
import internal.symbolon.v1.IssueRequest;
import internal.symbolon.v1.TokenServiceGrpc;
import internal.symbolon.v1.UserPassword;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** What an application answers, be it of MVC or of WebFlux. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HttpBehaviour {
  private final Class<?> application;
  private final WebApplicationType type;
  private DemoServer server;
  private ConfigurableApplicationContext context;
  private Requests requests;

  HttpBehaviour(Class<?> application, WebApplicationType type) {
    this.application = application;
    this.type = type;
  }

  @BeforeAll
  void start() {
    server = new DemoServer();
    Map<String, String> properties = new HashMap<>(Applications.properties(server));
    properties.put("management.endpoints.web.exposure.include", "*");
    properties.put("management.endpoint.env.show-values", "always");
    properties.put("management.endpoint.configprops.show-values", "always");
    properties.put("management.endpoint.health.show-details", "always");
    // As a platform hands secrets over, and as a command line shows them.
    properties.put("other.name", "a" + server.text("service", "client_secret"));
    context = Applications.run(application, type, properties);
    requests = new Requests(context);
  }

  @AfterAll
  void stop() {
    context.close();
    server.close();
  }

  private ConfigurableApplicationContext run(String name, String value) {
    Map<String, String> properties = new HashMap<>(Applications.properties(server));
    properties.put(name, value);
    return Applications.run(application, type, properties);
  }

  private String issue(String... scopes) {
    UserPassword password =
        UserPassword.newBuilder()
            .setUsername(server.text("user", "login_name"))
            .setPassword(server.text("user", "password"))
            .build();
    IssueRequest.Builder request = IssueRequest.newBuilder().setUserPassword(password);
    for (String scope : scopes) {
      request.addScopes(scope);
    }
    return TokenServiceGrpc.newBlockingStub(server.channel())
        .issue(request.build())
        .getTokens()
        .getAccessToken();
  }

  @Test
  void tellsTheCallerOfALiveToken() {
    HttpResponse<String> response = requests.get("/whoami", "Bearer " + issue());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(server.text("user", "id"));
  }

  @Test
  void asksForATokenAndNamesNoErrorWithoutOne() {
    for (HttpResponse<String> response :
        List.of(
            requests.get("/whoami"),
            requests.get("/whoami", "Basic YTpi"),
            requests.get("/none"))) {
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(challenge(response)).startsWith("Bearer").doesNotContain("error");
    }
  }

  @Test
  void refusesWhatIsNotLive() {
    for (String token : new String[] {"syu_not-live", "x", "a.b~c+d/e=="}) {
      HttpResponse<String> response = requests.get("/whoami", "Bearer " + token);
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(challenge(response)).contains("error=\"invalid_token\"").doesNotContain(token);
    }
  }

  @Test
  void deniesWhatWasRevoked() {
    String token = issue();
    Verifier verifier = context.getBean(Verifier.class);
    eventually("open", verifier::isOpen);
    assertThat(requests.get("/whoami", "Bearer " + token).statusCode()).isEqualTo(200);
    server.revoke(token);
    AtomicReference<HttpResponse<String>> last = new AtomicReference<>();
    eventually(
        "denied",
        () -> {
          last.set(requests.get("/whoami", "Bearer " + token));
          return last.get().statusCode() != 200;
        });
    assertThat(last.get().statusCode()).isEqualTo(401);
    assertThat(challenge(last.get())).contains("error=\"invalid_token\"");
  }

  @Test
  void tellsAMissingScopeFromAMissingToken() {
    HttpResponse<String> refused = requests.get("/write", "Bearer " + issue("read"));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(challenge(refused)).contains("error=\"insufficient_scope\"");
    // In WebFlux Spring Security tells nobody which scope it is.
    boolean namesScope = challenge(refused).endsWith(", scope=\"write\"");
    assertThat(namesScope).isEqualTo(type == WebApplicationType.SERVLET);
    assertThat(requests.get("/write", "Bearer " + issue("read", "write")).body())
        .isEqualTo("written");
    assertThat(requests.get("/write").statusCode()).isEqualTo(401);
  }

  @Test
  void asksWhatTheBearerMayDo() {
    String user = "Bearer " + issue();
    assertThat(requests.get("/own", user).body()).isEqualTo("own");
    String id = server.text("user", "id");
    assertThat(requests.get("/users/" + id, user).body()).isEqualTo(id);
    for (String path : List.of("/devices/nobody-knows-it", "/users/" + "x".repeat(2_000))) {
      HttpResponse<String> refused = requests.get(path, user);
      assertThat(refused.statusCode()).as(path).isEqualTo(403);
      assertThat(challenge(refused)).as(path).isEmpty();
    }
    // An application that the user has granted nothing.
    HttpResponse<String> refused =
        requests.get("/users/" + id, "Bearer " + server.issueForService());
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(challenge(refused)).contains("error=\"insufficient_scope\"");
    assertThat(requests.get("/own").statusCode()).isEqualTo(401);
    assertThat(requests.get("/nothing", user).statusCode()).isEqualTo(500);
  }

  @Test
  void takesTokensOfItsAudienceAlone() {
    String token = "Bearer " + issue();
    try (ConfigurableApplicationContext orders = run("symbolon.audience", "orders")) {
      HttpResponse<String> refused = new Requests(orders).get("/whoami", token);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(challenge(refused)).contains("error=\"invalid_token\"");
    }
  }

  @Test
  void refusesTwoHeaders() {
    String live = "Bearer " + issue();
    for (String other : new String[] {"Bearer syu_other", "Basic YTpi", live}) {
      HttpResponse<String> response = requests.get("/whoami", live, other);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(challenge(response)).contains("error=\"invalid_request\"");
      assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    }
  }

  @Test
  void answers503WhenTheSecretOrTheAddressIsWrong() {
    String token = issue();
    Map<String, String> mistakes =
        Map.of("symbolon.client-secret", "sys_wrong", "symbolon.address", "127.0.0.1:9");
    mistakes.forEach(
        (name, value) -> {
          try (ConfigurableApplicationContext wrong = run(name, value)) {
            is503(new Requests(wrong).get("/whoami", "Bearer " + token));
            is503(new Requests(wrong).send("HEAD", "/whoami", "Bearer " + token));
            assertThat(new Requests(wrong).get("/whoami").statusCode()).isEqualTo(401);
          }
        });
  }

  @Test
  void answers503AndNever401WhenTheServerIsGone() {
    DemoServer going = new DemoServer();
    try (ConfigurableApplicationContext left =
        Applications.run(application, type, Applications.properties(going))) {
      Requests ofLeft = new Requests(left);
      eventually("open", left.getBean(Verifier.class)::isOpen);
      String token = going.issue();
      assertThat(ofLeft.get("/whoami", "Bearer " + token).statusCode()).isEqualTo(200);
      going.close();
      AtomicReference<HttpResponse<String>> last = new AtomicReference<>();
      eventually(
          "nothing known",
          () -> {
            last.set(ofLeft.get("/whoami", "Bearer " + token));
            return last.get().statusCode() != 200;
          });
      is503(last.get());
      is503(ofLeft.get("/write", "Bearer syu_never-seen"));
      assertThat(ofLeft.get("/actuator/health").statusCode()).isEqualTo(503);
    }
  }

  private static void is503(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(Integer.parseInt(response.headers().firstValue("Retry-After").orElseThrow()))
        .isPositive();
    assertThat(challenge(response)).isEmpty();
    assertThat(response.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
    assertThat(response.body()).isEmpty();
  }

  @Test
  void showsItsHealthAndNotTheSecret() {
    eventually("open", context.getBean(Verifier.class)::isOpen);
    assertThat(requests.get("/actuator/health").body())
        .contains("\"symbolon\":{\"details\":{\"entries\":")
        .contains("\"status\":\"UP\"");
    String secret = server.text("service", "client_secret");
    String environment = requests.get("/actuator/env").body();
    assertThat(environment).contains("symbolon.client-secret", "other.name", server.address());
    String properties = requests.get("/actuator/configprops").body();
    assertThat(properties).contains("clientSecret", server.address());
    for (String shown :
        new String[] {
          environment,
          properties,
          requests.get("/actuator/env/symbolon.client-secret").body(),
          requests.get("/actuator/env/other.name").body(),
          requests.get("/actuator/configprops/symbolon").body(),
          requests.get("/actuator/beans").body(),
          requests.get("/actuator/conditions").body(),
          context.getBean(Verifier.class).toString(),
          context.getBean(SymbolonProperties.class).toString()
        }) {
      assertThat(shown).isNotEmpty().doesNotContain(secret);
    }
  }
}
