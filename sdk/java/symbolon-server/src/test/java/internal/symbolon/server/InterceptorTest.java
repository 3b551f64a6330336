package internal.symbolon.server;

import static internal.symbolon.server.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import internal.symbolon.client.SymbolonException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The interceptor in a server of gRPC. */
final class InterceptorTest {
  private static final Metadata.Key<String> CHALLENGE =
      Metadata.Key.of("www-authenticate", Metadata.ASCII_STRING_MARSHALLER);

  private ScriptedServer server;
  private Verifier verifier;
  private GuardedService service;

  @BeforeEach
  void start() {
    server = new ScriptedServer();
    verifier = server.verifier().build();
    service =
        new GuardedService(
            SymbolonServerInterceptor.builder(verifier)
                .methodScopes("test.Guarded/Server", "read")
                // As the wire has it, and as grpc-java does.
                .methodScopes("/test.Guarded/Unary")
                .methodScopes("test.Guarded/Bidi")
                .publicMethods("/test.Guarded/Client")
                .build());
  }

  @AfterEach
  void stop() {
    service.close();
    verifier.close();
    server.close();
  }

  private static String unary(Channel channel, String message) {
    return ClientCalls.blockingUnaryCall(
        channel, GuardedService.UNARY, GuardedService.options(), message);
  }

  private StatusRuntimeException refused(Status.Code code, String challenge, String... headers) {
    StatusRuntimeException error =
        assertThrows(StatusRuntimeException.class, () -> unary(service.as(headers), "hello"));
    assertEquals(code, error.getStatus().getCode(), error.getMessage());
    assertEquals(challenge, error.getTrailers().get(CHALLENGE));
    assertEquals(0, service.begun.get());
    return error;
  }

  @Test
  void tellsTheHandlerWhoCalls() {
    assertEquals("ann hello", unary(service.as("Bearer live"), "hello"));
    assertEquals("ann again", unary(service.as("bearer live"), "again"));
  }

  @Test
  void refusesWithTheRightStatusAndChallenge() {
    refused(Status.Code.UNAUTHENTICATED, "Bearer");
    refused(Status.Code.UNAUTHENTICATED, "Bearer", "Basic abc");
    String invalid = "Bearer error=\"invalid_request\"";
    refused(Status.Code.INVALID_ARGUMENT, invalid, "Bearer live", "Bearer live");
    refused(Status.Code.INVALID_ARGUMENT, invalid, "Bearer a b");
    refused(Status.Code.UNAUTHENTICATED, "Bearer error=\"invalid_token\"", "Bearer dead");
  }

  @Test
  void tellsAMissingScopeApart() {
    Channel without = service.as("Bearer live");
    StatusRuntimeException error =
        assertThrows(
            StatusRuntimeException.class,
            () -> streamed(without, GuardedService.SERVER, "hello").forEachRemaining(each -> {}));
    assertEquals(Status.Code.PERMISSION_DENIED, error.getStatus().getCode());
    String challenge = "Bearer error=\"insufficient_scope\", scope=\"read\"";
    assertEquals(challenge, error.getTrailers().get(CHALLENGE));
    assertEquals(0, service.begun.get());
    List<String> answers = new ArrayList<>();
    streamed(service.as("Bearer live-read"), GuardedService.SERVER, "hello")
        .forEachRemaining(answers::add);
    assertEquals(List.of("ann hello", "ann again"), answers);
  }

  @Test
  void isForNobodyWhatIsNotNamedOnceOneMethodIs() {
    // The second has the slip.
    try (GuardedService slip =
        new GuardedService(
            SymbolonServerInterceptor.builder(verifier)
                .scopes("read")
                .methodScopes("test.Guarded/Server", "write")
                .methodScopes("test.Guarded/unary", "write")
                .publicMethods("test.Guarded/Client")
                .build())) {
      Channel reader = slip.as("Bearer live-read");
      StatusRuntimeException error =
          assertThrows(StatusRuntimeException.class, () -> unary(reader, "hello"));
      assertEquals(Status.Code.PERMISSION_DENIED, error.getStatus().getCode());
      assertEquals(
          "test.Guarded/Unary is for nobody: give it to methodScopes",
          error.getStatus().getDescription());
      assertNull(error.getTrailers().get(CHALLENGE));
      error =
          assertThrows(StatusRuntimeException.class, () -> unary(slip.as("Bearer dead"), "hello"));
      assertEquals(Status.Code.UNAUTHENTICATED, error.getStatus().getCode());
      assertThrows(RuntimeException.class, () -> echoed(reader).join());
      assertEquals(0, slip.begun.get());
      assertEquals("nobody one two", collected(slip.as()).join());
    }
  }

  @Test
  void tellsNobodyWhomAnotherGuardLetIn() {
    SymbolonServerInterceptor first = SymbolonServerInterceptor.of(verifier);
    SymbolonServerInterceptor second =
        SymbolonServerInterceptor.builder(verifier).publicMethods("test.Guarded/Unary").build();
    ServerInterceptor both =
        new ServerInterceptor() {
          @Override
          public <Q, A> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return first.interceptCall(
                call, headers, (inner, again) -> second.interceptCall(inner, again, next));
          }
        };
    try (GuardedService nested = new GuardedService(both)) {
      assertEquals("nobody hello", unary(nested.as("Bearer live"), "hello"));
    }
  }

  @Test
  void wantsTheScopesOfEveryCallOfAnOption() {
    try (GuardedService both =
        new GuardedService(
            SymbolonServerInterceptor.builder(verifier)
                .scopes("a")
                .scopes("b")
                .methodScopes("test.Guarded/Unary", "c")
                .methodScopes("test.Guarded/Unary", "d")
                .build())) {
      StatusRuntimeException error =
          assertThrows(
              StatusRuntimeException.class, () -> unary(both.as("Bearer live-d"), "hello"));
      String challenge = "Bearer error=\"insufficient_scope\", scope=\"a b c d\"";
      assertEquals(challenge, error.getTrailers().get(CHALLENGE));
    }
  }

  private static CompletableFuture<String> echoed(Channel channel) {
    CompletableFuture<String> end = new CompletableFuture<>();
    ClientCall<String, String> call =
        channel.newCall(GuardedService.BIDI, GuardedService.options());
    ClientCalls.asyncBidiStreamingCall(call, new Collecting(new ArrayList<>(), end))
        .onNext("hello");
    return end;
  }

  private static Iterator<String> streamed(
      Channel channel, MethodDescriptor<String, String> method, String message) {
    CallOptions options = GuardedService.options();
    return ClientCalls.blockingServerStreamingCall(channel, method, options, message);
  }

  @Test
  void neverTellsAClientToThrowItsTokenAwayWhenNothingIsKnown() {
    server.error = Status.INTERNAL.withDescription("as the test has it");
    StatusRuntimeException error = refused(Status.Code.UNAVAILABLE, null, "Bearer live");
    assertEquals(Duration.ofSeconds(1), SymbolonException.of(error).retryAfter().orElseThrow());
    server.error = Status.UNAUTHENTICATED.withDescription("as the test has it");
    refused(Status.Code.UNAVAILABLE, null, "Bearer live");
    verifier.close();
    refused(Status.Code.UNAVAILABLE, null, "Bearer live");
  }

  @Test
  void letsEverybodyCallWhatIsPublic() {
    assertEquals("nobody one two", collected(service.as()).join());
  }

  private static CompletableFuture<String> collected(Channel channel) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    ClientCall<String, String> call =
        channel.newCall(GuardedService.CLIENT, GuardedService.options());
    StreamObserver<String> requests =
        ClientCalls.asyncClientStreamingCall(call, new Collecting(new ArrayList<>(), answer));
    requests.onNext("one");
    requests.onNext("two");
    requests.onCompleted();
    return answer;
  }

  /** Completes with the last message. */
  private record Collecting(List<String> messages, CompletableFuture<String> end)
      implements StreamObserver<String> {
    @Override
    public void onNext(String message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable error) {
      end.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      end.complete(messages.isEmpty() ? "" : messages.get(messages.size() - 1));
    }
  }

  @Test
  void keepsTheOrderOfAStreamThatBeginsBeforeItsCheckIsDone() {
    server.holds = true;
    List<String> messages = new CopyOnWriteArrayList<>();
    CompletableFuture<String> end = new CompletableFuture<>();
    ClientCall<String, String> call =
        service.as("Bearer live").newCall(GuardedService.BIDI, GuardedService.options());
    StreamObserver<String> requests =
        ClientCalls.asyncBidiStreamingCall(call, new Collecting(messages, end));
    List<String> expected = new ArrayList<>();
    for (int index = 0; index < 100; index++) {
      requests.onNext("message " + index);
      expected.add("ann message " + index);
    }
    requests.onCompleted();
    eventually("asked", () -> !server.calls.isEmpty());
    assertEquals(0, service.begun.get());
    server.release();
    end.join();
    assertEquals(expected, messages);
  }

  @Test
  void holdsNoThreadWhileChecksWait() {
    server.holds = true;
    int count = 500;
    List<CompletableFuture<String>> answers = new ArrayList<>();
    Channel channel = service.as("Bearer live");
    for (int index = 0; index < count; index++) {
      CompletableFuture<String> end = new CompletableFuture<>();
      ClientCall<String, String> call =
          channel.newCall(GuardedService.UNARY, GuardedService.options());
      ClientCalls.asyncUnaryCall(call, "hello", new Collecting(new ArrayList<>(), end));
      answers.add(end);
    }
    eventually("asked", () -> !server.calls.isEmpty());
    // Another call is served while all of them wait: the server has threads for it.
    assertEquals("nobody one two", collected(service.as()).join());
    server.release();
    answers.forEach(answer -> assertEquals("ann hello", answer.join()));
  }

  @Test
  void beginsHandlersInTheExecutorOfTheServerAlsoAfterAMiss() {
    ExecutorService executor = Executors.newFixedThreadPool(2, task -> new Thread(task, "mine"));
    try (GuardedService mine =
        new GuardedService(SymbolonServerInterceptor.of(verifier), executor)) {
      for (int index = 0; index < 20; index++) {
        Channel channel = mine.as("Bearer live-" + index);
        assertEquals("ann hello", unary(channel, "hello"));
        assertThrows(StatusRuntimeException.class, () -> unary(channel, "throw"));
        streamed(mine.as("Bearer live-s" + index), GuardedService.SERVER, "hello")
            .forEachRemaining(each -> {});
      }
      assertEquals(Set.of("mine"), mine.threads);
    } finally {
      executor.shutdown();
    }
  }

  @Test
  void beginsNoHandlerOfTwoRequestsInACallOfOne() {
    MethodDescriptor<String, String> two =
        GuardedService.UNARY.toBuilder()
            .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
            .build();
    CompletableFuture<String> end = new CompletableFuture<>();
    StreamObserver<String> requests =
        ClientCalls.asyncClientStreamingCall(
            service.as("Bearer live").newCall(two, GuardedService.options()),
            new Collecting(new ArrayList<>(), end));
    requests.onNext("one");
    requests.onNext("two");
    requests.onCompleted();
    assertThrows(CompletionException.class, end::join);
    assertEquals(0, service.begun.get());
  }

  @Test
  void passesOnAfterWhatTimeToRepeat() {
    server.error = Status.UNAVAILABLE.withDescription("as the test has it");
    assertEquals(Duration.ofSeconds(1), retryDelay());
    server.trailers = ScriptedServer.retryAfter(Duration.ofMillis(6_500));
    assertEquals(Duration.ofMillis(6_500), retryDelay());
    server.trailers = ScriptedServer.retryAfter(Duration.ZERO);
    assertEquals(Duration.ofSeconds(1), retryDelay());
  }

  private Duration retryDelay() {
    StatusRuntimeException error = refused(Status.Code.UNAVAILABLE, null, "Bearer live");
    return SymbolonException.of(error).retryAfter().orElseThrow();
  }

  @Test
  void neverBeginsTheHandlerOfACallThatWasCancelled() {
    server.holds = true;
    List<String> ends = new CopyOnWriteArrayList<>();
    ClientCall<String, String> call =
        service.as("Bearer live").newCall(GuardedService.BIDI, GuardedService.options());
    CompletableFuture<String> end = new CompletableFuture<>();
    ClientCalls.asyncBidiStreamingCall(call, new Collecting(ends, end));
    eventually("asked", () -> !server.calls.isEmpty());
    call.cancel("as the test has it", null);
    assertThrows(RuntimeException.class, end::join);
    eventually("the guard heard of it", () -> service.cancelled.get() == 1);
    int before = service.begun.get();
    server.release();
    assertEquals("ann next", unary(service.as("Bearer live-x"), "next"));
    assertEquals(before + 1, service.begun.get());
  }

  @Test
  void endsTheCallOfAHandlerThatThrowsAfterAMiss() {
    Channel channel = service.as("Bearer live");
    // Whether the guard or gRPC tells the handler of the call's end is a matter of time.
    for (int index = 0; index < 20; index++) {
      StatusRuntimeException error =
          assertThrows(StatusRuntimeException.class, () -> unary(channel, "throw"));
      assertEquals(Status.Code.UNKNOWN, error.getStatus().getCode());
    }
    service.inStreams =
        () -> {
          throw new IllegalStateException("as the test has it");
        };
    CompletableFuture<String> end = new CompletableFuture<>();
    ClientCalls.asyncBidiStreamingCall(
        service.as("Bearer live-stream").newCall(GuardedService.BIDI, GuardedService.options()),
        new Collecting(new ArrayList<>(), end));
    CompletionException thrown = assertThrows(CompletionException.class, end::join);
    assertEquals(Status.Code.UNKNOWN, Status.fromThrowable(thrown).getCode());
  }

  @Test
  void beginsStreamsWhileOthersBlockWhereTheyBegin() {
    int count = 4 * Math.max(16, 2 * Runtime.getRuntime().availableProcessors());
    CountDownLatch blocked = new CountDownLatch(1);
    service.inStreams = () -> eventually("released", () -> blocked.getCount() == 0);
    try {
      for (int index = 0; index < count; index++) {
        echoed(service.as("Bearer live-" + index));
      }
      eventually("all are begun", () -> service.begun.get() == count);
      service.inStreams = () -> {};
      CompletableFuture<String> end = new CompletableFuture<>();
      ClientCall<String, String> call =
          service.as("Bearer live-more").newCall(GuardedService.BIDI, GuardedService.options());
      ClientCalls.asyncBidiStreamingCall(call, new Collecting(new ArrayList<>(), end))
          .onCompleted();
      assertEquals("", end.join());
    } finally {
      blocked.countDown();
    }
  }

  @Test
  void endsCallsThatHaveNoRequest() {
    for (MethodDescriptor<String, String> method :
        List.of(GuardedService.UNARY, GuardedService.SERVER)) {
      // Before the check is done, in whatever order they come, and after it.
      for (boolean holds : new boolean[] {true, false}) {
        server.calls.clear();
        server.holds = holds;
        CompletableFuture<Status> end = new CompletableFuture<>();
        ClientCall<String, String> call =
            service.as("Bearer live-read").newCall(method, GuardedService.options());
        int before = service.halfClosed.get();
        call.start(new Ends(end), new Metadata());
        call.request(2);
        call.halfClose();
        if (holds) {
          eventually("asked", () -> !server.calls.isEmpty());
          eventually("the guard heard of its end", () -> service.halfClosed.get() > before);
          server.release();
        }
        Status status = end.join();
        assertEquals(Status.Code.INTERNAL, status.getCode());
        assertEquals("Half-closed without a request", status.getDescription());
      }
    }
    assertEquals(0, service.begun.get());
  }

  /** How a call ended. */
  private static final class Ends extends ClientCall.Listener<String> {
    private final CompletableFuture<Status> end;

    Ends(CompletableFuture<Status> end) {
      this.end = end;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.complete(status);
    }
  }

  @Test
  void keepsTheStatusOfWhoRefusesBehindIt() {
    SymbolonServerInterceptor guard = SymbolonServerInterceptor.of(verifier);
    ServerInterceptor quota =
        new ServerInterceptor() {
          @Override
          public <Q, A> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return guard.interceptCall(
                call,
                headers,
                (inner, again) -> {
                  Status status = Status.RESOURCE_EXHAUSTED.withDescription("as the test has it");
                  throw status.asRuntimeException();
                });
          }
        };
    try (GuardedService limited = new GuardedService(quota)) {
      Channel channel = limited.as("Bearer live");
      Throwable unary = assertThrows(StatusRuntimeException.class, () -> unary(channel, "hello"));
      Throwable stream = assertThrows(CompletionException.class, echoed(channel)::join);
      for (Throwable error : List.of(unary, stream)) {
        Status status = Status.fromThrowable(error);
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, status.getCode());
        assertEquals("as the test has it", status.getDescription());
      }
      assertEquals(0, limited.begun.get());
    }
  }

  @Test
  void refusesOptionsThatAreWrong() {
    SymbolonServerInterceptor.Builder builder = SymbolonServerInterceptor.builder(verifier);
    assertThrows(SymbolonException.class, () -> builder.realm("a\"b"));
    assertThrows(SymbolonException.class, () -> builder.scopes("a b"));
    for (String wrong : new String[] {null, "Check", "/Check", "//a.B/C", "a.B/C/", "a.B/ C"}) {
      assertThrows(SymbolonException.class, () -> builder.publicMethods(wrong), wrong);
    }
    builder.methodScopes("a.B/C", "read").publicMethods("/a.B/C");
    SymbolonException both = assertThrows(SymbolonException.class, builder::build);
    assertTrue(both.getMessage().startsWith("a.B/C must be in publicMethods or methodScopes"));
    assertNull(SymbolonServerInterceptor.CALLER.get());
    assertTrue(Denial.MISSING.challenge("shop", List.of()).equals("Bearer realm=\"shop\""));
  }
}
