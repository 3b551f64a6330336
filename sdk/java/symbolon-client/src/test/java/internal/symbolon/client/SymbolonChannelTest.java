package internal.symbolon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.sun.net.httpserver.HttpServer;
import internal.symbolon.v1.IntrospectRequest;
import internal.symbolon.v1.IntrospectResponse;
import internal.symbolon.v1.IssueRequest;
import internal.symbolon.v1.IssueResponse;
import internal.symbolon.v1.TokenServiceGrpc;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bare client against a server that a test plays, over a real socket. */
final class SymbolonChannelTest {
  private static final String SECRET = "sys_a:secret+of/ours";

  private final AtomicInteger calls = new AtomicInteger();
  private volatile String authorization;
  private volatile long leftMillis;
  private volatile StatusRuntimeException error;
  private volatile int failures;
  private volatile boolean isSilent;
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(new Tokens())
            .intercept(new Headers())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private final class Headers implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      authorization =
          headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
      leftMillis = Context.current().getDeadline().timeRemaining(TimeUnit.MILLISECONDS);
      return next.startCall(call, headers);
    }
  }

  private final class Tokens extends TokenServiceGrpc.TokenServiceImplBase {
    @Override
    public void introspect(IntrospectRequest request, StreamObserver<IntrospectResponse> observer) {
      answer(IntrospectResponse.newBuilder().setActive(true).build(), observer);
    }

    @Override
    public void issue(IssueRequest request, StreamObserver<IssueResponse> observer) {
      answer(IssueResponse.getDefaultInstance(), observer);
    }

    private <A> void answer(A response, StreamObserver<A> observer) {
      if (calls.incrementAndGet() <= failures) {
        observer.onError(error);
      } else if (!isSilent) {
        observer.onNext(response);
        observer.onCompleted();
      }
    }
  }

  private SymbolonChannel.Builder builder() {
    return SymbolonChannel.builder("127.0.0.1:" + server.getPort(), "a client", SECRET)
        .timeout(java.time.Duration.ofSeconds(45));
  }

  private static boolean introspect(SymbolonChannel channel) {
    IntrospectRequest request = IntrospectRequest.newBuilder().setToken("syu_token").build();
    return TokenServiceGrpc.newBlockingStub(channel).introspect(request).getActive();
  }

  private SymbolonException failed(SymbolonChannel channel) {
    StatusRuntimeException thrown =
        assertThrows(StatusRuntimeException.class, () -> introspect(channel));
    return SymbolonException.of(thrown);
  }

  @Test
  void namesTheClient() {
    try (SymbolonChannel channel = builder().build()) {
      assertTrue(introspect(channel));
      String pair = "a+client:sys_a%3Asecret%2Bof%2Fours";
      byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
      assertEquals("Basic " + Base64.getEncoder().encodeToString(bytes), authorization);
      channel.useClientSecret("another");
      assertTrue(introspect(channel));
      byte[] other = "a+client:another".getBytes(StandardCharsets.UTF_8);
      assertEquals("Basic " + Base64.getEncoder().encodeToString(other), authorization);
    }
  }

  @Test
  void namesAPublicClientWithoutASecret() {
    String address = "127.0.0.1:" + server.getPort();
    java.time.Duration patience = java.time.Duration.ofSeconds(45);
    try (SymbolonChannel channel =
        SymbolonChannel.builder(address, "app").timeout(patience).build()) {
      assertTrue(introspect(channel));
      byte[] bytes = "app:".getBytes(StandardCharsets.UTF_8);
      assertEquals("Basic " + Base64.getEncoder().encodeToString(bytes), authorization);
    }
  }

  @Test
  void repeatsWhatIsSafeToRepeatAndNothingElse() {
    error = Status.UNAVAILABLE.withDescription("as the test has it").asRuntimeException();
    failures = 2;
    try (SymbolonChannel channel = builder().build()) {
      assertTrue(introspect(channel));
      assertEquals(3, calls.get());
      calls.set(0);
      TokenServiceGrpc.TokenServiceBlockingStub stub = TokenServiceGrpc.newBlockingStub(channel);
      IssueRequest request = IssueRequest.getDefaultInstance();
      assertThrows(StatusRuntimeException.class, () -> stub.issue(request));
      assertEquals(1, calls.get());
    }
  }

  @Test
  void givesUpInTime() {
    isSilent = true;
    try (SymbolonChannel channel = builder().timeout(java.time.Duration.ofMillis(50)).build()) {
      SymbolonException late = failed(channel);
      assertEquals(Status.Code.DEADLINE_EXCEEDED, late.code());
      assertTrue(late.retryable());
      isSilent = false;
      IntrospectRequest request = IntrospectRequest.getDefaultInstance();
      // A deadline of the call's own comes first.
      assertTrue(
          TokenServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(45, TimeUnit.SECONDS)
              .introspect(request)
              .getActive());
    }
  }

  @Test
  void tellsReasonAndRetry() {
    ErrorInfo info =
        ErrorInfo.newBuilder().setReason("TOO_MANY_CALLS").setDomain("symbolon.internal").build();
    RetryInfo retry =
        RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(3)).build();
    error =
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
                .setMessage("as the test has it")
                .addDetails(Any.pack(info))
                .addDetails(Any.pack(retry))
                .build());
    failures = 1;
    try (SymbolonChannel channel = builder().build()) {
      SymbolonException told = failed(channel);
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, told.code());
      assertEquals("TOO_MANY_CALLS", told.reason());
      assertEquals(java.time.Duration.ofSeconds(3), told.retryAfter().orElseThrow());
      assertTrue(told.retryable());
    }
  }

  @Test
  void namesTheMend() {
    try (SymbolonChannel channel = builder().plaintext(false).build()) {
      SymbolonException told = failed(channel);
      assertEquals(Status.Code.UNAVAILABLE, told.code());
      assertTrue(told.getMessage().contains("without TLS"), told.getMessage());
    }
    int port = server.getPort();
    server.shutdownNow();
    try (SymbolonChannel channel = SymbolonChannel.builder("127.0.0.1:" + port).build()) {
      String message = failed(channel).getMessage();
      assertTrue(message.startsWith("The call failed: UNAVAILABLE: Nobody listens"), message);
      // gRPC says "io exception" alone.
      assertTrue(message.contains("refused"), message);
    }
  }

  @Test
  void isToldWhereTheServerSpeaksSomethingElse() throws IOException {
    HttpServer web = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    web.start();
    try (SymbolonChannel channel =
        SymbolonChannel.builder("127.0.0.1:" + web.getAddress().getPort()).build()) {
      SymbolonException told = failed(channel);
      assertEquals(Status.Code.UNAVAILABLE, told.code());
      assertTrue(told.retryable());
      assertTrue(told.getMessage().contains("port of gRPC"), told.getMessage());
    } finally {
      web.stop(0);
    }
  }

  @Test
  void isCancelledOnceItIsClosedAndTellsTheMend() throws InterruptedException {
    isSilent = true;
    SymbolonChannel channel = builder().build();
    ListenableFuture<IntrospectResponse> underWay =
        TokenServiceGrpc.newFutureStub(channel).introspect(IntrospectRequest.getDefaultInstance());
    while (calls.get() == 0) {
      Thread.sleep(5);
    }
    channel.close();
    ExecutionException thrown = assertThrows(ExecutionException.class, underWay::get);
    isClosed(SymbolonException.of(thrown));
    isClosed(failed(channel));
  }

  private static void isClosed(SymbolonException told) {
    assertEquals(Status.Code.CANCELLED, told.code());
    assertFalse(told.retryable());
    assertTrue(told.getMessage().endsWith("the client is closed: make a new one"));
  }

  @Test
  void isUnavailableOnceItIsCutForAnother() {
    try (SymbolonChannel channel = builder().build()) {
      channel.cut();
      assertEquals(Status.Code.UNAVAILABLE, failed(channel).code());
    }
  }

  @Test
  void givesACallTenSecondsByItself() {
    SymbolonChannel.Builder builder = SymbolonChannel.builder("127.0.0.1:" + server.getPort());
    try (SymbolonChannel channel = builder.build()) {
      assertTrue(introspect(channel));
      assertTrue(leftMillis > 5_000 && leftMillis <= 10_000, leftMillis + " ms");
    }
  }

  @Test
  void takesNoReasonOfAnotherDomain() {
    failures = 2;
    try (SymbolonChannel channel = builder().build()) {
      for (String domain : new String[] {"", "googleapis.com"}) {
        ErrorInfo info = ErrorInfo.newBuilder().setReason("OTHER").setDomain(domain).build();
        error =
            StatusProto.toStatusRuntimeException(
                com.google.rpc.Status.newBuilder()
                    .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
                    .addDetails(Any.pack(info))
                    .build());
        assertEquals("", failed(channel).reason());
      }
    }
  }

  @Test
  void showsNoSecret() {
    SymbolonChannel.Builder builder = builder();
    try (SymbolonChannel channel = builder.build()) {
      assertFalse((builder + " " + channel).contains("secret"));
      assertFalse(new BasicCredentials("id", SECRET, true).toString().contains("secret"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\"\", address must be a text",
        "host, its port is missing",
        "host:, its port is missing",
        "[::1], its port is missing",
        "dns:///host, its port is missing",
        "http://host:1, and not a URL",
        "grpc://127.0.0.1:50051, and not a URL",
        "HTTPS://host, and not a URL",
        "a host:1, such as 127.0.0.1:50051",
        "::1, such as 127.0.0.1:50051",
        "host:123456, such as 127.0.0.1:50051",
        "host:70000, such as 127.0.0.1:50051",
        "ipv4:127.0.0.1:50051, such as 127.0.0.1:50051",
        "unix-abstract:name, such as 127.0.0.1:50051",
        "unix://10.0.0.1:1, such as 127.0.0.1:50051",
        "xds:///server:1, and not a URL",
        "other://server:1, and not a URL",
        "::1:50051, such as 127.0.0.1:50051",
        "127.999.1.1:1, such as 127.0.0.1:50051",
        "127.0.0.1:65536, such as 127.0.0.1:50051",
      })
  void refusesWhatIsNoAddress(String address, String mend) {
    SymbolonException told =
        assertThrows(
            SymbolonException.class,
            () -> SymbolonChannel.builder(address).build().close(),
            address);
    assertEquals(Status.Code.INVALID_ARGUMENT, told.code());
    assertTrue(told.getMessage().startsWith("address must be "), told.getMessage());
    assertTrue(told.getMessage().contains(mend), told.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dns:///localhost:1", "dns://127.0.0.1/localhost:1", "[::1]:1"})
  void takesWhatGrpcTakes(String address) {
    SymbolonChannel.builder(address).build().close();
  }

  @Test
  void refusesClientsThatAreNone() {
    for (String wrong : new String[] {null, "", "\ud800", "secret\n", "secret\r\n"}) {
      String[] told = new String[3];
      told[0] = refused(() -> SymbolonChannel.builder("host:1", wrong, SECRET));
      told[1] = refused(() -> SymbolonChannel.builder("host:1", "id", wrong));
      try (SymbolonChannel channel = builder().build()) {
        told[2] = refused(() -> channel.useClientSecret(wrong));
      }
      assertTrue(told[0].startsWith("clientId "), told[0]);
      for (String each : told) {
        assertFalse(each.contains("secret"), each);
        assertEquals(
            wrong != null && wrong.endsWith("\n"), each.contains("has a line break"), each);
      }
    }
    try (SymbolonChannel channel = SymbolonChannel.builder("127.0.0.1:1").build()) {
      assertTrue(refused(() -> channel.useClientSecret(SECRET)).contains("builder"));
    }
  }

  private static String refused(Executable wrong) {
    SymbolonException told = assertThrows(SymbolonException.class, wrong);
    assertEquals(Status.Code.INVALID_ARGUMENT, told.code());
    return told.getMessage();
  }

  @Test
  void refusesOptionsThatAreWrong() {
    SymbolonChannel.Builder builder = builder();
    byte[] path = "/etc/ca.pem".getBytes(StandardCharsets.UTF_8);
    SymbolonException told =
        assertThrows(SymbolonException.class, () -> builder.rootCertificates(path));
    assertEquals(Status.Code.INVALID_ARGUMENT, told.code());
    assertTrue(told.getMessage().contains("rootCertificates"));
    assertThrows(SymbolonException.class, () -> builder.timeout(java.time.Duration.ZERO));
    for (String elsewhere :
        new String[] {
          "127.999.1.1:1", "127.0.0.256:1", "127.0.0.01:1", "127.0.0.1.:1", "[::2]:1"
        }) {
      assertFalse(Checks.isLoopback(elsewhere), elsewhere);
    }
    assertTrue(Checks.isLoopback("127.255.249.199:50051"));
    assertTrue(Checks.isLoopback("unix:/run/symbolon.sock"));
    assertFalse(Checks.isLoopback("10.0.0.1:50051"));
    assertFalse(Checks.isLoopback("localhost.example:50051"));
    assertFalse(Checks.isLoopback("127.0.0.1.example:50051"));
    assertTrue(Checks.isLoopback("dns:///localhost:50051"));
    assertTrue(Checks.isLoopback("[::1]:50051"));
  }
}
