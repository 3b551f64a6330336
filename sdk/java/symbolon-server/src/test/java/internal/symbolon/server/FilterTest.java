package internal.symbolon.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The filter in Jetty. */
final class FilterTest {
  private final AtomicInteger begun = new AtomicInteger();
  private final HttpClient http = HttpClient.newHttpClient();
  private ScriptedServer symbolon;
  private Verifier verifier;
  private Server jetty;

  @BeforeEach
  void start() throws Exception {
    symbolon = new ScriptedServer();
    verifier = symbolon.verifier().build();
    jetty = new Server();
    jetty.addConnector(new ServerConnector(jetty));
    ServletContextHandler context = new ServletContextHandler();
    EnumSet<DispatcherType> all = EnumSet.allOf(DispatcherType.class);
    context.addFilter(holder(SymbolonFilter.of(verifier)), "/*", all);
    SymbolonFilter reads = SymbolonFilter.builder(verifier).realm("shop").scopes("read").build();
    context.addFilter(holder(reads), "/read/*", all);
    SymbolonFilter both = SymbolonFilter.builder(verifier).scopes("read").scopes("write").build();
    context.addFilter(holder(both), "/both", all);
    ServletHolder hello = new ServletHolder(new Hello());
    hello.setAsyncSupported(true);
    context.addServlet(hello, "/*");
    jetty.setHandler(context);
    jetty.start();
  }

  private static FilterHolder holder(SymbolonFilter filter) {
    FilterHolder holder = new FilterHolder(filter);
    holder.setAsyncSupported(true);
    return holder;
  }

  @AfterEach
  void stop() throws Exception {
    jetty.stop();
    verifier.close();
    symbolon.close();
  }

  /** Says whose request it is, on {@code /async} from another thread. */
  private final class Hello extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      begun.incrementAndGet();
      if (!request.getPathInfo().equals("/async")) {
        answer(request, response);
        return;
      }
      if (request.getDispatcherType() == DispatcherType.ASYNC) {
        answer(request, response);
        return;
      }
      AsyncContext async = request.startAsync();
      async.start(async::dispatch);
    }

    private void answer(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      assertEquals(SymbolonFilter.caller(request), request.getUserPrincipal());
      boolean mayRead = request.isUserInRole("read");
      response.getWriter().print(request.getRemoteUser() + " " + mayRead);
    }
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    request.method(method, HttpRequest.BodyPublishers.noBody());
    for (String header : headers) {
      request.header("Authorization", header);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private int port() {
    return ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
  }

  private HttpResponse<String> refused(int status, String challenge, String path, String... headers)
      throws IOException, InterruptedException {
    HttpResponse<String> last = null;
    for (String method : new String[] {"GET", "POST", "HEAD", "OPTIONS", "TRACE", "BREW"}) {
      last = send(method, path, headers);
      assertEquals(status, last.statusCode(), method);
      assertEquals(challenge, last.headers().firstValue("WWW-Authenticate").orElse(null));
      assertEquals("", last.body());
    }
    assertEquals(0, begun.get());
    return last;
  }

  @Test
  void tellsTheServletWhoAsks() throws Exception {
    assertEquals("ann false", send("GET", "/hello", "Bearer live").body());
    assertEquals("ann true", send("POST", "/read/hello", "bearer live-read").body());
    assertEquals("ann false", send("GET", "/async", "Bearer live").body());
  }

  @Test
  void refusesWithTheRightStatusAndChallenge() throws Exception {
    refused(401, "Bearer", "/hello");
    refused(401, "Bearer", "/hello", "Basic abc");
    String invalid = "Bearer error=\"invalid_request\"";
    refused(400, invalid, "/hello", "Bearer live", "Bearer live");
    refused(400, invalid, "/", "Bearer a,b");
    refused(401, "Bearer error=\"invalid_token\"", "/hello", "Bearer dead");
    String scope = "Bearer realm=\"shop\", error=\"insufficient_scope\", scope=\"read\"";
    refused(403, scope, "/read/hello", "Bearer live");
  }

  @Test
  void wantsTheScopesOfEveryCallOfTheOption() throws Exception {
    String scopes = "Bearer error=\"insufficient_scope\", scope=\"read write\"";
    refused(403, scopes, "/both", "Bearer live-read");
    refused(403, scopes, "/both", "Bearer live-write");
  }

  @Test
  void neverTellsAClientToThrowItsTokenAwayWhenNothingIsKnown() throws Exception {
    symbolon.error = Status.UNAUTHENTICATED.withDescription("as the test has it");
    HttpResponse<String> answer = refused(503, null, "/hello", "Bearer live");
    assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
  }

  @Test
  void passesOnAfterWhatTimeToRepeat() throws Exception {
    symbolon.error = Status.UNAVAILABLE.withDescription("as the test has it");
    symbolon.trailers = ScriptedServer.retryAfter(Duration.ofMillis(6_500));
    HttpResponse<String> answer = refused(503, null, "/hello", "Bearer live");
    assertEquals("7", answer.headers().firstValue("Retry-After").orElseThrow());
    symbolon.trailers = ScriptedServer.retryAfter(Duration.ZERO);
    answer = refused(503, null, "/hello", "Bearer live");
    assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
  }
}
