package internal.symbolon.client;

import static internal.symbolon.client.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import internal.symbolon.v1.AuthorizationCode;
import internal.symbolon.v1.IssueRequest;
import io.grpc.Context;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in on the pages of a server, in a browser that a test plays. */
final class CodeTest {
  private static final String ISSUER = "https://login.example.com/t/shop";
  private static final String APP = "https://app.example.com/back?from=login";
  private static final Duration FAR = Duration.ofSeconds(45);
  private static final HttpClient BROWSER = HttpClient.newHttpClient();

  private final ScriptedTokens server = new ScriptedTokens();
  private final Login login =
      Login.builder(server.address(), "app")
          .timeout(FAR)
          .scopes("read", "a&b")
          .resource("orders")
          .build();

  @AfterEach
  void stop() {
    login.close();
    server.close();
  }

  private static SymbolonException failed(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(SymbolonException.class, call);
  }

  private static Map<String, String> queryOf(String url) {
    Map<String, String> query = new HashMap<>();
    for (String pair : URI.create(url).getRawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  /** As a browser that the user signed in with. */
  static void comeBack(String url, String issuer) {
    assertEquals(200, send("GET", back(url, iss(issuer) + "&code=c")).statusCode());
  }

  private static HttpResponse<String> send(String method, String url) {
    try {
      return BROWSER.send(
          HttpRequest.newBuilder(URI.create(url))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** What the server leads the browser back to. {@code more}: what is not the state. */
  private static String back(String url, String more) {
    Map<String, String> query = queryOf(url);
    return query.get("redirect_uri") + "?state=" + query.get("state") + "&" + more;
  }

  private static String iss(String issuer) {
    return "iss=" + URLEncoder.encode(issuer, StandardCharsets.UTF_8);
  }

  private static void isClosed(String url) {
    URI uri = URI.create(queryOf(url).get("redirect_uri"));
    assertThrows(IOException.class, () -> new Socket(uri.getHost(), uri.getPort()).close());
  }

  private static String challengeOf(String verifier) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }

  @Test
  void signsInByTheBrowser() throws Exception {
    String[] opened = new String[1];
    login.signInWithCode(
        url -> {
          opened[0] = url;
          HttpResponse<String> page = send("GET", back(url, iss(ISSUER) + "&code=the+code"));
          assertEquals(200, page.statusCode());
          assertTrue(page.body().contains("You may close this window."), page.body());
          assertFalse(page.body().contains("script"));
          assertEquals("no-store", page.headers().firstValue("Cache-Control").orElseThrow());
        },
        ISSUER);
    assertTrue(login.isSignedIn());
    assertTrue(opened[0].startsWith(ISSUER + "/oauth2/authorize?response_type=code&"), opened[0]);
    Map<String, String> query = queryOf(opened[0]);
    assertEquals("app", query.get("client_id"));
    assertEquals("read a&b", query.get("scope"));
    assertEquals("orders", query.get("resource"));
    assertEquals("S256", query.get("code_challenge_method"));
    assertEquals(43, query.get("state").length());
    assertTrue(query.get("redirect_uri").matches("http://127\\.0\\.0\\.1:\\d+/callback"));
    assertEquals(1, server.issues.size());
    IssueRequest issue = server.issues.get(0);
    AuthorizationCode credential = issue.getAuthorizationCode();
    assertEquals("the code", credential.getCode());
    assertEquals(query.get("redirect_uri"), credential.getRedirectUri());
    assertEquals(query.get("code_challenge"), challengeOf(credential.getCodeVerifier()));
    assertEquals(43, credential.getCodeVerifier().length());
    assertEquals("orders", issue.getResource());
    assertEquals(List.of(), issue.getScopesList());
    assertEquals("", issue.getRequestId());
    isClosed(opened[0]);
  }

  @Test
  void waitsOnAfterWhatIsNotOfThisSignIn() {
    login.signInWithCode(
        url -> {
          String good = back(url, iss(ISSUER) + "&code=c");
          assertEquals(404, send("GET", good.replace("/callback", "/favicon.ico")).statusCode());
          assertEquals(400, send("GET", good.replace("state=", "state=x")).statusCode());
          assertEquals(400, send("GET", good + "&state=twice").statusCode());
          assertEquals(400, send("GET", good.replaceAll("\\?.*", "")).statusCode());
          assertEquals(405, send("POST", good).statusCode());
          assertEquals(List.of(), server.issues);
          // A browser opens connections that it does not use yet.
          URI uri = URI.create(good);
          try (Socket idle = new Socket(uri.getHost(), uri.getPort())) {
            assertTrue(idle.isConnected());
            assertEquals(200, send("GET", good).statusCode());
          } catch (IOException failed) {
            throw new IllegalStateException(failed);
          }
        },
        ISSUER,
        "http://localhost/callback");
    assertTrue(login.isSignedIn());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "iss=https%3A%2F%2Fevil.example", "iss=a&iss=b"})
  void refusesTheCodeOfAnotherServer(String issuer) {
    String[] opened = new String[1];
    SymbolonException error =
        failed(
            () ->
                login.signInWithCode(
                    url -> {
                      opened[0] = url;
                      String page = send("GET", back(url, issuer + "&code=c")).body();
                      assertTrue(page.contains("did not work"), page);
                    },
                    ISSUER));
    assertEquals(Status.Code.FAILED_PRECONDITION, error.code());
    assertTrue(error.getMessage().contains("iss"), error.getMessage());
    assertEquals(List.of(), server.issues);
    isClosed(opened[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "error=access_denied, PERMISSION_DENIED, ACCESS_DENIED, the user denied it",
    "error=server_error&error_description=a%0Ab, FAILED_PRECONDITION, '', server_error: a?b",
    "code=a&code=b, FAILED_PRECONDITION, '', one code or one error",
    "code=a&error=access_denied, FAILED_PRECONDITION, '', one code or one error",
    "code=, FAILED_PRECONDITION, '', one code or one error",
    "x=y, FAILED_PRECONDITION, '', one code or one error",
  })
  void tellsWhyThereIsNoCode(String brought, Status.Code code, String reason, String message) {
    SymbolonException error =
        failed(
            () ->
                login.signInWithCode(
                    url -> send("GET", back(url, iss(ISSUER) + "&" + brought)), ISSUER));
    assertEquals(code, error.code());
    assertEquals(reason, error.reason());
    assertTrue(error.getMessage().contains(message), error.getMessage());
    assertEquals(List.of(), server.issues);
  }

  @Test
  void cutsWhatTheServerSaysShort() {
    String more = iss(ISSUER) + "&error=x&error_description=" + "y".repeat(5_000);
    SymbolonException error =
        failed(() -> login.signInWithCode(url -> send("GET", back(url, more)), ISSUER));
    assertTrue(error.getMessage().length() < 300);
  }

  @Test
  void neverSendsACodeTwice() {
    server.lost.add(ScriptedTokens.failure(Status.Code.UNAVAILABLE, "", null));
    SymbolonException error =
        failed(
            () ->
                login.signInWithCode(
                    url -> send("GET", back(url, iss(ISSUER) + "&code=c")), ISSUER));
    assertEquals(Status.Code.UNAVAILABLE, error.code());
    assertTrue(error.getMessage().endsWith("sign in again"), error.getMessage());
    assertEquals(1, server.issues.size());
    assertFalse(login.isSignedIn());
  }

  @Test
  void givesUpInTime() {
    String[] opened = new String[1];
    SymbolonException error =
        failed(
            () ->
                login.signInWithCode(
                    url -> opened[0] = url,
                    ISSUER,
                    RedirectListener.DEFAULT,
                    Duration.ofMillis(50)));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, error.code());
    isClosed(opened[0]);
  }

  /** Ends the wait in some way, once the browser is open. */
  private void isGivenUp(Consumer<Thread> end) {
    CompletableFuture<String> opened = new CompletableFuture<>();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                login.signInWithCode(opened::complete, ISSUER);
                ended.complete(null);
              } catch (SymbolonException error) {
                ended.completeExceptionally(error);
              }
            });
    waiter.start();
    String url = opened.join();
    end.accept(waiter);
    CompletionException error = assertThrows(CompletionException.class, ended::join);
    assertEquals(Status.Code.CANCELLED, ((SymbolonException) error.getCause()).code());
    isClosed(url);
    assertEquals(List.of(), server.issues);
  }

  @Test
  void isGivenUpByAnInterrupt() {
    isGivenUp(Thread::interrupt);
  }

  @Test
  void isGivenUpByASignOut() {
    isGivenUp(waiter -> login.signOut());
    login.signInWithCode(url -> send("GET", back(url, iss(ISSUER) + "&code=c")), ISSUER);
    assertTrue(login.isSignedIn());
  }

  @Test
  void isGivenUpByClose() {
    isGivenUp(waiter -> login.close());
  }

  @Test
  void isGivenUpWithItsContext() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    SymbolonException error =
        failed(
            () ->
                context.call(
                    () -> {
                      login.signInWithCode(url -> context.cancel(null), ISSUER);
                      return null;
                    }));
    assertEquals(Status.Code.CANCELLED, error.code());
  }

  @Test
  void endsWithWhatTheAppThrows() {
    String[] opened = new String[1];
    assertThrows(
        IllegalStateException.class,
        () ->
            login.signInWithCode(
                url -> {
                  opened[0] = url;
                  throw new IllegalStateException("no browser");
                },
                ISSUER));
    isClosed(opened[0]);
    // Another one may begin.
    login.signInUser("ann", "password");
  }

  @Test
  void goesOnFromWhatTheAppKept() throws Exception {
    BegunCode begun = login.beginCode(ISSUER + "/", APP);
    assertTrue(begun.url().startsWith(ISSUER + "/oauth2/authorize?"), begun.url());
    assertFalse(begun.toString().contains(begun.codeVerifier()));
    assertFalse(begun.toString().contains(begun.state()));
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(kept)) {
      out.writeObject(begun);
    }
    BegunCode again;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(kept.toByteArray()))) {
      again = (BegunCode) in.readObject();
    }
    String good = APP + "&state=" + begun.state() + "&" + iss(ISSUER + "/") + "&code=c";
    for (String bad : List.of(good.replace("/back", "/b"), good.replace("state=", "state=x"))) {
      assertEquals(
          Status.Code.FAILED_PRECONDITION, failed(() -> login.completeCode(again, bad)).code());
    }
    login.completeCode(again, good);
    assertTrue(login.isSignedIn());
    assertEquals(1, server.issues.size());
    assertEquals(APP, server.issues.get(0).getAuthorizationCode().getRedirectUri());
    assertEquals(
        begun.codeVerifier(), server.issues.get(0).getAuthorizationCode().getCodeVerifier());
  }

  @Test
  void takesSchemesOfApps() {
    BegunCode begun = login.beginCode(ISSUER, "com.example.app:/back");
    login.completeCode(
        begun, "com.example.app:/back?state=" + begun.state() + "&" + iss(ISSUER) + "&code=c");
    assertTrue(login.isSignedIn());
  }

  @Test
  void revokesTheLoginBefore() {
    login.signInUser("ann", "password");
    login.signInWithCode(url -> send("GET", back(url, iss(ISSUER) + "&code=c")), ISSUER);
    eventually("revoked", () -> server.revokes.size() == 1);
    assertTrue(login.isSignedIn());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://login.example.com",
        "login.example.com",
        "https://login.example.com?a",
        "https://login.example.com#a",
        "https://ann@login.example.com",
        "https://",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
      })
  void refusesAnIssuerThatIsNotSafe(String issuer) {
    SymbolonException error = failed(() -> login.beginCode(issuer, APP));
    assertEquals(Status.Code.INVALID_ARGUMENT, error.code());
    assertTrue(error.getMessage().startsWith("issuer must be"), error.getMessage());
  }

  @Test
  void takesAnIssuerOnThisMachine() {
    for (String issuer : List.of("http://127.0.0.1:8080/t/demo", "http://[::1]:8080")) {
      assertTrue(login.beginCode(issuer, APP).url().startsWith(issuer + "/oauth2/authorize?"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://127.0.0.1/callback", "http://app.example.com/", "callback", "app:/back"})
  void listensOnThisMachineAlone(String redirectUri) {
    SymbolonException error =
        failed(() -> login.signInWithCode(url -> {}, ISSUER, redirectUri, FAR));
    assertEquals(Status.Code.INVALID_ARGUMENT, error.code());
    assertTrue(error.getMessage().startsWith("redirectUri must be"), error.getMessage());
  }
}
