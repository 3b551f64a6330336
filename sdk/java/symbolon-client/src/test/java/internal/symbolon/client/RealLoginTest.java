package internal.symbolon.client;

import static internal.symbolon.client.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import internal.symbolon.v1.IntrospectRequest;
import internal.symbolon.v1.TenantPolicy;
import internal.symbolon.v1.TenantServiceGrpc;
import internal.symbolon.v1.TokenServiceGrpc;
import internal.symbolon.v1.UpdateTenantRequest;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logins against the real server. The scenarios of test/sdk play many more. */
final class RealLoginTest {
  /** Of the demo's tenant, and public. */
  private static final String APP = "demo";

  private static DemoServer server;

  @BeforeAll
  static void start() {
    server = new DemoServer();
    refreshes();
  }

  /** The demo is as Kii Cloud was, where tokens last for ever. */
  private static void refreshes() {
    TenantPolicy.Builder policy = TenantPolicy.newBuilder().setRefreshEnabled(true);
    policy.getDefaultTokenLifetimeBuilder().setSeconds(3_600);
    policy.getRefreshLifetimeBuilder().setSeconds(86_400);
    UpdateTenantRequest.Builder request =
        UpdateTenantRequest.newBuilder().setTenantId(APP).setPolicy(policy);
    request
        .getUpdateMaskBuilder()
        .addPaths("policy.refresh_enabled")
        .addPaths("policy.default_token_lifetime")
        .addPaths("policy.refresh_lifetime");
    TenantServiceGrpc.newBlockingStub(server.channel()).updateTenant(request.build());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static boolean isLive(String token) {
    return TokenServiceGrpc.newBlockingStub(server.channel())
        .introspect(IntrospectRequest.newBuilder().setToken(token).build())
        .getActive();
  }

  /** All that an app does: sign in, call, refresh, look at the account, sign out. */
  private static void isUsed(LoginBuilder builder, Channel service, Guarded guarded)
      throws LoginRecord.NoRecordException {
    ManualClock clock = new ManualClock();
    try (Login login = builder.timeout(Duration.ofSeconds(45)).build(clock)) {
      login.signInUser(server.text("user", "login_name"), server.text("user", "password"));
      String first = login.token();
      assertTrue(isLive(first));
      Channel attached = ClientInterceptors.intercept(service, login.interceptor());
      assertEquals(
          "a back",
          ClientCalls.blockingUnaryCall(attached, Guarded.UNARY, io.grpc.CallOptions.DEFAULT, "a"));
      assertEquals("Bearer " + first, guarded.headers.get(guarded.headers.size() - 1));
      LoginRecord record = LoginRecord.parse(login.exportTokens());
      clock.pass(Duration.ofMillis(record.lifetimeMs));
      String second = login.token();
      assertNotEquals(first, second);
      assertTrue(isLive(second));
      assertEquals(server.text("user", "id"), login.account().get().getUserId());
      assertTrue(login.signOut());
      assertFalse(isLive(second));
      assertThrows(SymbolonException.class, login::token);
    }
  }

  @Test
  void staysSignedIn() throws Exception {
    try (Guarded guarded = new Guarded()) {
      isUsed(Login.builder(server.address(), APP), guarded.channel, guarded);
    }
  }

  @Test
  void staysSignedInOverOkHttpAsOnAndroid() throws Exception {
    ManagedChannel symbolon = okHttp(server.address());
    try (Guarded guarded = new Guarded()) {
      ManagedChannel service = okHttp(guarded.address());
      isUsed(Login.builder(symbolon, APP).plaintext(true), service, guarded);
      // It is the app's.
      assertFalse(symbolon.isShutdown());
      service.shutdownNow();
    } finally {
      symbolon.shutdownNow();
    }
  }

  private static ManagedChannel okHttp(String address) {
    ManagedChannel channel =
        OkHttpChannelBuilder.forTarget(address, InsecureChannelCredentials.create()).build();
    return channel;
  }

  @Test
  void isRevokedElsewhere() {
    try (Login login = Login.builder(server.address(), APP).build();
        Login other = Login.builder(server.address(), APP).build()) {
      String username = server.text("user", "login_name");
      login.signInUser(username, server.text("user", "password"));
      other.signInUser(username, server.text("user", "password"));
      String token = login.token();
      other.account().revoke(login.currentUser().orElseThrow().familyId());
      assertFalse(login.refused(token));
      eventually("signed out", () -> !login.isSignedIn());
      assertTrue(other.isSignedIn());
    }
  }
}
