package orders;

import internal.symbolon.server.SymbolonFilter;
import internal.symbolon.server.Verifier;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;

/** A service over HTTP that only lets in who has a live token. */
public final class Shop extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** Until it is killed. */
  public static void main(String[] args) throws Exception {
    Verifier verifier = Settings.verifier();
    SymbolonFilter guard = SymbolonFilter.builder(verifier).realm("shop").scopes("read").build();
    ServletContextHandler context = new ServletContextHandler();
    context.addFilter(new FilterHolder(guard), "/*", EnumSet.of(DispatcherType.REQUEST));
    context.addServlet(Shop.class, "/orders");
    Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    server.setHandler(context);
    server.start();
    System.out.println("ready 127.0.0.1:" + server.getURI().getPort());
    server.join();
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.getWriter().print("bread and cheese, for " + SymbolonFilter.caller(request).clientId());
  }

  @Override
  protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
    if (!SymbolonFilter.caller(request).hasScopes(List.of("write"))) {
      response.setHeader(
          "WWW-Authenticate", "Bearer realm=\"shop\", error=\"insufficient_scope\", scope=\"write\"");
      response.setStatus(HttpServletResponse.SC_FORBIDDEN);
      return;
    }
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
  }
}
