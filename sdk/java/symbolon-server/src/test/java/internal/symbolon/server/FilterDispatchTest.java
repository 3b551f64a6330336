package internal.symbolon.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages in Jetty that include guarded ones, or forward to them. */
final class FilterDispatchTest {
  private static final EnumSet<DispatcherType> ALL = EnumSet.allOf(DispatcherType.class);

  /** How often the guarded page was begun. */
  private final AtomicInteger begun = new AtomicInteger();

  /** Whose request it was after a forward. */
  private final CompletableFuture<String> afterForward = new CompletableFuture<>();

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
    SymbolonFilter reads = SymbolonFilter.builder(verifier).scopes("read").build();
    context.addFilter(new FilterHolder(reads), "/read/*", ALL);
    context.addFilter(new FilterHolder(SymbolonFilter.of(verifier)), "/own/*", ALL);
    context.addServlet(new ServletHolder(new Page()), "/*");
    jetty.setHandler(context);
    jetty.start();
  }

  @AfterEach
  void stop() throws Exception {
    jetty.stop();
    verifier.close();
    symbolon.close();
  }

  private final class Page extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException {
      if (request.getDispatcherType() != DispatcherType.REQUEST) {
        begun.incrementAndGet();
        response.getWriter().print("[" + who(request) + "]");
      } else if (request.getPathInfo().endsWith("/forward")) {
        request.getRequestDispatcher("/read/page").forward(request, response);
        afterForward.complete(who(request));
      } else {
        include(request, response);
      }
    }

    private void include(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException {
      response.getWriter().print("head ");
      try {
        request.getRequestDispatcher("/read/page").include(request, response);
      } catch (ServletException refused) {
        if (!request.getPathInfo().endsWith("/catch")) {
          throw refused;
        }
        response.getWriter().print(refused.getMessage());
      }
      response.getWriter().print(" tail " + who(request));
    }
  }

  private static String who(HttpServletRequest request) {
    try {
      return SymbolonFilter.caller(request).subjectId();
    } catch (IllegalStateException nobody) {
      return "nobody";
    }
  }

  private HttpResponse<String> get(String path, String token)
      throws IOException, InterruptedException {
    int port = ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
    URI address = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request =
        HttpRequest.newBuilder(address).header("Authorization", "Bearer " + token).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void givesACallerToTheIncludedPageAlone() throws Exception {
    assertEquals("head [ann] tail nobody", get("/include", "live-read").body());
    assertEquals("head [ann] tail ann", get("/own/include", "live-read").body());
  }

  @Test
  void refusesAnIncludeByAnExceptionAndLeavesThePageAlone() throws Exception {
    String refused = "a SymbolonFilter refused an include: ";
    HttpResponse<String> own = get("/own/catch", "live");
    assertEquals("head " + refused + "INSUFFICIENT_SCOPE tail ann", own.body());
    assertEquals(200, own.statusCode());
    assertEquals("head " + refused + "INVALID_TOKEN tail nobody", get("/catch", "dead").body());
    assertEquals(500, get("/include", "dead").statusCode());
    verifier.close();
    assertEquals("head " + refused + "UNKNOWN tail nobody", get("/catch", "live-read").body());
    assertEquals(0, begun.get());
  }

  @Test
  void givesACallerToThePageThatIsForwardedToAlone() throws Exception {
    assertEquals(403, get("/forward", "live").statusCode());
    assertEquals(0, begun.get());
    assertEquals("nobody", afterForward.join());
    assertEquals("[ann]", get("/forward", "live-read").body());
  }

  @Test
  void givesItsOwnCallerBackAfterAForward() throws Exception {
    assertEquals("[ann]", get("/own/forward", "live-read").body());
    assertEquals("ann", afterForward.join());
  }
}
