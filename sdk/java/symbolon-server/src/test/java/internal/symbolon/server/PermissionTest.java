package internal.symbolon.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.v1.CheckRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bearers may do: by the verifier, by the filter in Jetty, and in handlers of gRPC. */
final class PermissionTest {
  private static final String SCOPE = "Bearer error=\"insufficient_scope\"";
  private static final String DEAD = "Bearer error=\"invalid_token\"";

  private final AtomicInteger begun = new AtomicInteger();
  private final HttpClient http = HttpClient.newHttpClient();
  private ScriptedServer symbolon;
  private Verifier verifier;
  private Server jetty;
  private GuardedService service;

  @BeforeEach
  void start() throws Exception {
    symbolon = new ScriptedServer();
    verifier = symbolon.verifier().build();
    jetty = new Server();
    jetty.addConnector(new ServerConnector(jetty));
    ServletContextHandler context = new ServletContextHandler();
    add(context, "/alone/*", of(Permission.READ_DEVICE).build());
    add(context, "/behind/*", SymbolonFilter.of(verifier));
    add(context, "/behind/*", of(Permission.WRITE_DEVICE).build());
    add(context, "/audience/*", of(Permission.READ_DEVICE).audience("orders").build());
    add(context, "/orders/*", SymbolonFilter.builder(verifier).audience("orders").build());
    SymbolonFilter.Builder own = SymbolonFilter.builder(verifier);
    add(context, "/own/*", own.requirePermission(Permission.LIST_DEVICES).build());
    SymbolonFilter.Builder none = SymbolonFilter.builder(verifier);
    add(context, "/none/*", none.requirePermission(Permission.READ_DEVICE, it -> null).build());
    context.addServlet(new ServletHolder(new Hello()), "/*");
    jetty.setHandler(context);
    jetty.start();
    guard(SymbolonServerInterceptor.of(verifier));
  }

  private SymbolonFilter.Builder of(Permission permission) {
    return SymbolonFilter.builder(verifier).requirePermission(permission, PermissionTest::device);
  }

  private static AccessTarget device(HttpServletRequest request) {
    return AccessTarget.device(request.getPathInfo().replaceFirst("^/[^/]*/", ""));
  }

  private static void add(ServletContextHandler context, String path, SymbolonFilter filter) {
    context.addFilter(new FilterHolder(filter), path, EnumSet.of(DispatcherType.REQUEST));
  }

  private void guard(SymbolonServerInterceptor interceptor) {
    if (service != null) {
      service.close();
    }
    service = new GuardedService(interceptor);
    service.asked =
        device ->
            SymbolonServerInterceptor.requirePermission(
                Permission.READ_DEVICE, AccessTarget.device(device));
  }

  @AfterEach
  void stop() throws Exception {
    service.close();
    jetty.stop();
    verifier.close();
    symbolon.close();
  }

  /** Says whose request it is. */
  private final class Hello extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      begun.incrementAndGet();
      assertEquals(SymbolonFilter.caller(request), request.getUserPrincipal());
      response.getWriter().print(request.getRemoteUser());
    }
  }

  private HttpResponse<String> send(String path, String token)
      throws IOException, InterruptedException {
    int port = ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private void refused(int status, String challenge, String path, String token) throws Exception {
    HttpResponse<String> answer = send(path, token);
    assertEquals(status, answer.statusCode(), path);
    assertEquals(challenge, answer.headers().firstValue("WWW-Authenticate").orElse(null), path);
    assertEquals(0, begun.get());
  }

  private String unary(String device, String... headers) {
    return ClientCalls.blockingUnaryCall(
        service.as(headers), GuardedService.UNARY, GuardedService.options(), device);
  }

  private StatusRuntimeException refused(
      Status.Code code, String challenge, String device, String... headers) {
    StatusRuntimeException error =
        assertThrows(StatusRuntimeException.class, () -> unary(device, headers));
    assertEquals(code, error.getStatus().getCode(), error.getMessage());
    Metadata trailers = error.getTrailers();
    Metadata.Key<String> key =
        Metadata.Key.of("www-authenticate", Metadata.ASCII_STRING_MARSHALLER);
    assertEquals(challenge, trailers == null ? null : trailers.get(key));
    return error;
  }

  @Test
  void isToldByTheVerifier() throws Exception {
    symbolon.open(verifier);
    Access access = verifier.checkPermission("live", Permission.READ_DEVICE, lamp());
    assertTrue(access.allowed());
    assertEquals(AccessReason.ALLOWED, access.reason());
    assertEquals("ann", access.caller().orElseThrow().subjectId());
    assertEquals("ann", access.userId());
    verifier.checkPermission("live", Permission.READ_DEVICE, lamp());
    assertEquals(
        "ann",
        verifier
            .checkPermissionAsync("live", Permission.READ_DEVICE, lamp())
            .toCompletableFuture()
            .get(45, TimeUnit.SECONDS)
            .userId());
    assertEquals(1, symbolon.checks.size());
    CheckRequest asked = symbolon.checks.get(0);
    assertEquals("lamp", asked.getDeviceId());
    assertEquals("PERMISSION_READ_DEVICE", asked.getPermission().name());
    verifier.checkPermission("live", Permission.LIST_DEVICES, AccessTarget.own().ofType("lamps"));
    asked = symbolon.checks.get(1);
    assertEquals(CheckRequest.TargetCase.TARGET_NOT_SET, asked.getTargetCase());
    assertEquals("lamps", asked.getDeviceType());
    verifier.checkPermission("live", Permission.READ_PROFILE, AccessTarget.user("ann"));
    assertEquals("ann", symbolon.checks.get(2).getUserId());
  }

  private static AccessTarget lamp() {
    return AccessTarget.device("lamp");
  }

  @Test
  void isAskedForAgainWhereItIsNotAllowed() {
    symbolon.open(verifier);
    AccessTarget none = AccessTarget.device("NOT_THE_OWNER");
    for (int times = 0; times < 2; times++) {
      Access access = verifier.checkPermission("live", Permission.READ_DEVICE, none);
      assertFalse(access.allowed());
      assertEquals(AccessReason.NOT_THE_OWNER, access.reason());
      assertEquals("", access.userId());
    }
    assertEquals(2, symbolon.checks.size());
  }

  @Test
  void isNotAskedForOfWhatIsNoToken() {
    for (String token : new String[] {null, "", "a b", "x".repeat(121)}) {
      Access access = verifier.checkPermission(token, Permission.READ_DEVICE, lamp());
      assertEquals(AccessReason.TOKEN_NOT_LIVE, access.reason());
      assertTrue(access.caller().isEmpty());
    }
    assertEquals(List.of(), symbolon.checks);
  }

  @Test
  void isNeverAllowedByAnError() {
    symbolon.error = Status.UNAVAILABLE;
    SymbolonException error =
        assertThrows(
            SymbolonException.class,
            () -> verifier.checkPermission("live", Permission.READ_DEVICE, lamp()));
    assertEquals(Status.Code.UNAVAILABLE, error.code());
    ExecutionException later =
        assertThrows(
            ExecutionException.class,
            () ->
                verifier
                    .checkPermissionAsync("live", Permission.READ_DEVICE, lamp())
                    .toCompletableFuture()
                    .get());
    assertEquals(SymbolonException.class, later.getCause().getClass());
    verifier.close();
    error =
        assertThrows(
            SymbolonException.class,
            () -> verifier.checkPermission("live", Permission.READ_DEVICE, lamp()));
    assertEquals(Status.Code.CANCELLED, error.code());
  }

  @Test
  void leavesChecksOfTokensAloneWhereTheServerHasNoCheck() {
    symbolon.open(verifier);
    symbolon.error = Status.UNIMPLEMENTED;
    assertThrows(
        SymbolonException.class,
        () -> verifier.checkPermission("live", Permission.READ_DEVICE, lamp()));
    symbolon.error = null;
    assertTrue(verifier.check("live").isPresent());
    // For a moment nobody asks again.
    assertThrows(
        SymbolonException.class,
        () -> verifier.checkPermission("live", Permission.READ_DEVICE, lamp()));
    assertEquals(1, symbolon.checks.size());
  }

  @Test
  void hasNoTargetWithoutAnId() {
    for (String id : new String[] {null, ""}) {
      assertThrows(SymbolonException.class, () -> AccessTarget.user(id));
      assertThrows(SymbolonException.class, () -> AccessTarget.device(id));
      assertThrows(SymbolonException.class, () -> AccessTarget.own().ofType(id));
    }
  }

  @Test
  void letsInByTheFilterAloneAndBehindAnother() throws Exception {
    assertEquals("ann", send("/alone/lamp", "live").body());
    assertEquals("ann", send("/behind/lamp", "live").body());
    assertEquals("ann", send("/own/", "live").body());
    List<String> asked = symbolon.checks.stream().map(CheckRequest::getDeviceId).toList();
    assertEquals(List.of("lamp", "lamp", ""), asked);
  }

  @Test
  void refusesByTheFilterAsTheGuardDoes() throws Exception {
    for (String path : List.of("/alone/", "/behind/")) {
      refused(401, "Bearer", path + "lamp", null);
      refused(400, "Bearer error=\"invalid_request\"", path + "lamp", "a b");
      refused(401, DEAD, path + "lamp", "dead");
      refused(403, SCOPE, path + "SCOPE_MISSING", "live");
      refused(403, SCOPE, path + "NO_CONSENT", "live");
      refused(403, null, path + "NOT_THE_OWNER", "live");
      refused(403, null, path + "TARGET_UNKNOWN", "live");
      // One that is newer than this package, and one that the server can make nothing of.
      refused(403, null, path + "UNSPECIFIED", "live");
      refused(403, null, path + "x".repeat(200), "live");
    }
    symbolon.error = Status.UNAVAILABLE;
    refused(503, null, "/alone/lamp", "live");
  }

  @Test
  void isAFaultOfTheServiceWhereItsTargetFails() throws Exception {
    for (String path : List.of("/alone/", "/none/lamp")) {
      assertEquals(500, send(path, "live").statusCode());
    }
    assertEquals(0, begun.get());
    assertEquals(List.of(), symbolon.checks);
  }

  @ParameterizedTest
  @CsvSource({"'', 401", "other, 401", "ORDERS, 401", "orders, 200"})
  void takesTokensOfItsAudienceAlone(String audience, int status) throws Exception {
    symbolon.change = answer -> answer.setAudience(audience);
    String challenge = status == 200 ? null : DEAD;
    for (String path : List.of("/orders/lamp", "/audience/lamp", "/audience/NOT_THE_OWNER")) {
      HttpResponse<String> answer = send(path, "live");
      int wanted = status == 200 && path.endsWith("OWNER") ? 403 : status;
      assertEquals(wanted, answer.statusCode(), path);
      assertEquals(challenge, answer.headers().firstValue("WWW-Authenticate").orElse(null), path);
    }
    assertEquals(200, send("/alone/lamp", "live").statusCode());
    SymbolonServerInterceptor.Builder guarded = SymbolonServerInterceptor.builder(verifier);
    guard(guarded.audience("orders").build());
    isFor(status == 200);
    // Its guard has not looked at the token.
    SymbolonServerInterceptor.Builder open = SymbolonServerInterceptor.builder(verifier);
    guard(open.audience("orders").publicMethods("test.Guarded/Unary").build());
    isFor(status == 200);
  }

  private void isFor(boolean isTaken) {
    if (isTaken) {
      assertTrue(unary("lamp", "Bearer live").endsWith("lamp"));
    } else {
      refused(Status.Code.UNAUTHENTICATED, DEAD, "lamp", "Bearer live");
    }
  }

  @Test
  void isAskedForByHandlersOfGrpc() {
    assertEquals("ann lamp", unary("lamp", "Bearer live"));
    refused(Status.Code.PERMISSION_DENIED, SCOPE, "SCOPE_MISSING", "Bearer live");
    refused(Status.Code.PERMISSION_DENIED, SCOPE, "NO_CONSENT", "Bearer live");
    StatusRuntimeException error =
        refused(Status.Code.PERMISSION_DENIED, null, "NOT_THE_OWNER", "Bearer live");
    assertEquals("not allowed: NOT_THE_OWNER", error.getStatus().getDescription());
    error = refused(Status.Code.PERMISSION_DENIED, null, "x".repeat(200), "Bearer live");
    assertEquals("not allowed: TARGET_UNKNOWN", error.getStatus().getDescription());
    // An id that is missing is a fault of the service.
    assertEquals(
        Status.Code.UNKNOWN,
        refused(Status.Code.UNKNOWN, null, "", "Bearer live").getStatus().getCode());
  }

  @Test
  void isAskedForByHandlersOfPublicMethods() {
    SymbolonServerInterceptor.Builder open = SymbolonServerInterceptor.builder(verifier);
    guard(open.realm("shop").publicMethods("test.Guarded/Unary").build());
    assertEquals("nobody lamp", unary("lamp", "Bearer live"));
    refused(Status.Code.UNAUTHENTICATED, "Bearer realm=\"shop\"", "lamp");
    refused(
        Status.Code.INVALID_ARGUMENT,
        "Bearer realm=\"shop\", error=\"invalid_request\"",
        "lamp",
        "Bearer a b");
    refused(
        Status.Code.UNAUTHENTICATED,
        "Bearer realm=\"shop\", error=\"invalid_token\"",
        "lamp",
        "Bearer dead");
    symbolon.error = Status.UNAVAILABLE;
    assertNull(
        SymbolonException.of(refused(Status.Code.UNAVAILABLE, null, "lamp", "Bearer live"))
            .retryAfter()
            .filter(wait -> wait.toMillis() < 1_000)
            .orElse(null));
  }

  @Test
  void isNeverAllowedWithoutAGuard() {
    assertThrows(
        IllegalStateException.class,
        () -> SymbolonServerInterceptor.requirePermission(Permission.READ_DEVICE, lamp()));
  }
}
