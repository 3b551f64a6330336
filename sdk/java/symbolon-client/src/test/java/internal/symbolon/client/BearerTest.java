package internal.symbolon.client;

import static internal.symbolon.client.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ForwardingClientCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a token gets to calls, and what becomes of those that are refused. */
final class BearerTest {
  private final ScriptedTokens server = new ScriptedTokens();
  private final Guarded guarded = new Guarded();
  private final ManualClock clock = new ManualClock();
  private final Login login =
      Login.builder(server.address(), "app").timeout(Duration.ofSeconds(45)).build(clock);
  private final Channel attached =
      ClientInterceptors.intercept(guarded.channel, login.interceptor());
  private String token;

  @BeforeEach
  void signIn() {
    login.signInUser("ann", "password");
    token = login.token();
  }

  @AfterEach
  void stop() {
    login.close();
    guarded.close();
    server.close();
  }

  private static CallOptions patient() {
    return CallOptions.DEFAULT.withDeadlineAfter(45, TimeUnit.SECONDS);
  }

  private String call(Channel channel, CallOptions options) {
    return ClientCalls.blockingUnaryCall(channel, Guarded.UNARY, options, "there and");
  }

  private static Status.Code codeOf(ListenableFuture<String> future) {
    ExecutionException failed = assertThrows(ExecutionException.class, future::get);
    return ((StatusRuntimeException) failed.getCause()).getStatus().getCode();
  }

  private ListenableFuture<String> begin(CallOptions options) {
    return ClientCalls.futureUnaryCall(attached.newCall(Guarded.UNARY, options), "there and");
  }

  /** The service refuses the token, and Symbolon says that it is not live. */
  private void end() {
    guarded.refused.add(token);
    server.notLive =
        ScriptedTokens.failure(Status.Code.FAILED_PRECONDITION, "INVALID_CREDENTIALS", null);
  }

  @Test
  void attachesTheToken() {
    assertEquals("there and back", call(attached, patient()));
    call(guarded.channel, patient().withCallCredentials(login.callCredentials()));
    assertEquals(List.of("Bearer " + token, "Bearer " + token), guarded.headers);
  }

  @Test
  void neverBlocksAndServesTheOldTokenWhileARefreshRuns() throws Exception {
    server.gate = new CountDownLatch(1);
    clock.pass(Duration.ofMinutes(57));
    call(attached, patient());
    eventually("a refresh", () -> server.refreshes.size() == 1);
    call(attached, patient());
    assertEquals("Bearer " + token, guarded.headers.get(1));
    clock.pass(Duration.ofMinutes(5));
    // It has expired. This returns all the same, and the calls wait.
    List<ListenableFuture<String>> all = new ArrayList<>();
    for (int index = 0; index < 1_000; index++) {
      all.add(begin(patient()));
    }
    assertEquals(2, guarded.headers.size());
    server.gate.countDown();
    for (ListenableFuture<String> each : all) {
      assertEquals("there and back", each.get());
    }
    assertEquals(1, server.refreshes.size());
    assertNotEquals("Bearer " + token, guarded.headers.get(2));
  }

  @Test
  void failsACallWhoseTokenCantBeHad() {
    login.signOut();
    StatusRuntimeException told =
        assertThrows(StatusRuntimeException.class, () -> call(attached, patient()));
    assertEquals(Status.Code.UNAUTHENTICATED, told.getStatus().getCode());
    assertEquals(List.of(), guarded.headers);
  }

  @Test
  void failsCallsThatWaitWhenItIsClosed() {
    server.gate = new CountDownLatch(1);
    clock.pass(Duration.ofHours(2));
    ListenableFuture<String> waiting = begin(patient());
    eventually("a refresh", () -> server.refreshes.size() == 1);
    login.close();
    assertEquals(Status.Code.CANCELLED, codeOf(waiting));
    server.gate.countDown();
  }

  @Test
  void appliesOnceAlsoWhereTheExecutorTakesNothing() throws Exception {
    server.gate = new CountDownLatch(1);
    clock.pass(Duration.ofHours(2));
    List<String> applied = new CopyOnWriteArrayList<>();
    login
        .callCredentials()
        .applyRequestMetadata(
            info(SecurityLevel.PRIVACY_AND_INTEGRITY, null),
            task -> {
              throw new RejectedExecutionException();
            },
            applier(applied));
    assertEquals(List.of(), applied);
    server.gate.countDown();
    eventually("applied", () -> !applied.isEmpty());
    assertEquals(List.of("applied"), applied);
  }

  private static CallCredentials.MetadataApplier applier(List<String> applied) {
    return new CallCredentials.MetadataApplier() {
      @Override
      public void apply(Metadata headers) {
        applied.add("applied");
      }

      @Override
      public void fail(Status status) {
        applied.add(status.getCode().name());
      }
    };
  }

  private static CallCredentials.RequestInfo info(SecurityLevel level, String remote) {
    Attributes.Builder attributes = Attributes.newBuilder();
    if (remote != null) {
      attributes.set(
          Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new InetSocketAddress(InetAddresses.of(remote), 443));
    }
    return new CallCredentials.RequestInfo() {
      @Override
      public MethodDescriptor<?, ?> getMethodDescriptor() {
        return Guarded.UNARY;
      }

      @Override
      public SecurityLevel getSecurityLevel() {
        return level;
      }

      @Override
      public String getAuthority() {
        return "localhost";
      }

      @Override
      public Attributes getTransportAttrs() {
        return attributes.build();
      }
    };
  }

  /** Without a look at any name server. */
  private static final class InetAddresses {
    static InetAddress of(String address) {
      String[] parts = address.split("\\.");
      byte[] bytes = new byte[4];
      for (int index = 0; index < 4; index++) {
        bytes[index] = (byte) Integer.parseInt(parts[index]);
      }
      try {
        return InetAddress.getByAddress(bytes);
      } catch (java.net.UnknownHostException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  @Test
  void sendsNoTokenWithoutTlsUnlessItIsAskedFor() {
    List<String> applied = new CopyOnWriteArrayList<>();
    CallCredentials safe = login.callCredentials();
    safe.applyRequestMetadata(
        info(SecurityLevel.NONE, "192.0.2.1"), Runnable::run, applier(applied));
    safe.applyRequestMetadata(
        info(SecurityLevel.NONE, "127.0.0.1"), Runnable::run, applier(applied));
    safe.applyRequestMetadata(
        info(SecurityLevel.PRIVACY_AND_INTEGRITY, "192.0.2.1"), Runnable::run, applier(applied));
    try (Login other = Login.builder(server.address(), "app").plaintext(true).build()) {
      other.resume(login.exportTokens());
      other
          .callCredentials()
          .applyRequestMetadata(
              info(SecurityLevel.NONE, "192.0.2.1"), Runnable::run, applier(applied));
    }
    assertEquals(List.of("UNAUTHENTICATED", "applied", "applied", "applied"), applied);
  }

  @Test
  void repeatsACallOnceWhoseTokenHasEnded() throws Exception {
    end();
    assertEquals("there and back", call(attached, patient()));
    assertEquals(2, guarded.headers.size());
    assertEquals("there and back", begin(patient()).get());
    assertEquals(3, guarded.headers.size());
    assertEquals(1, server.refreshes.size());
  }

  @Test
  void repeatsAlsoWhereHeadersCameFirstAndInTheExecutorOfTheCall() throws Exception {
    end();
    guarded.sendsHeaders = true;
    ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
    try {
      CompletableFuture<String> thread = new CompletableFuture<>();
      List<String> order = new CopyOnWriteArrayList<>();
      ClientCall<String, String> call =
          attached.newCall(Guarded.UNARY, patient().withExecutor(executor));
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onHeaders(Metadata headers) {
              order.add("headers");
            }

            @Override
            public void onMessage(String message) {
              order.add(message);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              order.add(status.getCode().name());
              thread.complete(Thread.currentThread().getName());
            }
          },
          new Metadata());
      call.request(2);
      call.sendMessage("there and");
      call.halfClose();
      assertEquals("mine", thread.get(45, TimeUnit.SECONDS));
      assertEquals(List.of("headers", "there and back", "OK"), order);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void asksForAsMuchAsItsUserDid() throws Exception {
    end();
    List<String> order = new CopyOnWriteArrayList<>();
    CountDownLatch headers = new CountDownLatch(1);
    ClientCall<String, String> call = attached.newCall(Guarded.UNARY, patient());
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(String message) {
            order.add(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            order.add(status.getCode().name());
            headers.countDown();
          }
        },
        new Metadata());
    call.sendMessage("there and");
    call.halfClose();
    eventually("the second", () -> guarded.headers.size() == 2);
    assertEquals(List.of(), order);
    call.request(2);
    assertTrue(headers.await(45, TimeUnit.SECONDS));
    assertEquals(List.of("there and back", "OK"), order);
  }

  @Test
  void repeatsAlsoWhereTheRefusalCameBeforeTheRequest() throws Exception {
    end();
    server.gate = new CountDownLatch(1);
    CompletableFuture<String> answered = new CompletableFuture<>();
    CompletableFuture<Status> closed = new CompletableFuture<>();
    Channel early = ClientInterceptors.intercept(guarded.channel, new Early());
    ClientCall<String, String> call =
        ClientInterceptors.intercept(early, login.interceptor()).newCall(Guarded.UNARY, patient());
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(String message) {
            answered.complete(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            closed.complete(status);
          }
        },
        new Metadata());
    call.request(2);
    eventually("a refresh", () -> server.refreshes.size() == 1);
    call.sendMessage("there and");
    server.gate.countDown();
    eventually("another", () -> !login.token().equals(token));
    call.halfClose();
    assertEquals("there and back", answered.get(45, TimeUnit.SECONDS));
    assertEquals(Status.Code.OK, closed.get(45, TimeUnit.SECONDS).getCode());
  }

  /** Sends the first call by itself, as soon as it starts. */
  private static final class Early implements ClientInterceptor {
    private boolean isLater;

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      ClientCall<Q, A> call = next.newCall(method, options);
      if (isLater) {
        return call;
      }
      isLater = true;
      return new ForwardingClientCall<>() {
        @Override
        protected ClientCall<Q, A> delegate() {
          return call;
        }

        @Override
        @SuppressWarnings("unchecked")
        public void start(Listener<A> listener, Metadata headers) {
          call.start(listener, headers);
          call.sendMessage((Q) "early");
          call.halfClose();
        }

        @Override
        public void sendMessage(Q message) {}

        @Override
        public void halfClose() {}
      };
    }
  }

  @Test
  void repeatsNothingWhoseTokenIsLive() {
    guarded.refused.add(token);
    StatusRuntimeException told =
        assertThrows(StatusRuntimeException.class, () -> call(attached, patient()));
    assertEquals(Status.Code.UNAUTHENTICATED, told.getStatus().getCode());
    assertEquals(1, guarded.headers.size());
    assertEquals(List.of(), server.refreshes);
  }

  @Test
  void repeatsOnceAndNotForEver() {
    end();
    guarded.refused.add("syu_secret-3");
    assertThrows(StatusRuntimeException.class, () -> call(attached, patient()));
    assertEquals(2, guarded.headers.size());
  }

  @Test
  void keepsItsDeadlineWhileTheTokenIsRenewed() {
    end();
    server.gate = new CountDownLatch(1);
    CallOptions short_ = CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.SECONDS);
    StatusRuntimeException told =
        assertThrows(StatusRuntimeException.class, () -> call(attached, short_));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, told.getStatus().getCode());
    server.gate.countDown();
    eventually("another", () -> !login.token().equals(token));
    assertEquals(1, guarded.headers.size());
  }

  @Test
  void isCancelledWhileTheTokenIsRenewed() throws Exception {
    end();
    server.gate = new CountDownLatch(1);
    CompletableFuture<Status> closed = new CompletableFuture<>();
    ClientCall<String, String> call = attached.newCall(Guarded.UNARY, patient());
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            closed.complete(status);
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage("there and");
    call.halfClose();
    eventually("a refresh", () -> server.refreshes.size() == 1);
    call.cancel("as the test has it", null);
    assertEquals(Status.Code.CANCELLED, closed.get(45, TimeUnit.SECONDS).getCode());
    server.gate.countDown();
    eventually("another", () -> !login.token().equals(token));
    assertEquals(1, guarded.headers.size());
  }

  @Test
  void isCancelledWithItsContextWhileTheTokenIsRenewed() throws Exception {
    end();
    server.gate = new CountDownLatch(1);
    Context.CancellableContext context = Context.current().withCancellation();
    ListenableFuture<String> waiting = context.call(() -> begin(patient()));
    eventually("a refresh", () -> server.refreshes.size() == 1);
    context.cancel(null);
    assertEquals(Status.Code.CANCELLED, codeOf(waiting));
    server.gate.countDown();
  }

  @Test
  void repeatsNoStreamButRenewsItsToken() {
    end();
    assertThrows(
        StatusRuntimeException.class,
        () ->
            ClientCalls.blockingServerStreamingCall(attached, Guarded.STREAM, patient(), "x")
                .forEachRemaining(each -> {}));
    assertEquals(1, guarded.headers.size());
    eventually("another", () -> !login.token().equals(token));
    ClientCalls.blockingServerStreamingCall(attached, Guarded.STREAM, patient(), "x")
        .forEachRemaining(each -> {});
    assertFalse(guarded.headers.get(1).endsWith(token));
  }

  @Test
  void leavesCallsAloneThatHaveOtherCredentials() {
    CallCredentials others =
        new CallCredentials() {
          @Override
          public void applyRequestMetadata(
              RequestInfo info, java.util.concurrent.Executor executor, MetadataApplier applier) {
            Metadata headers = new Metadata();
            headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer theirs");
            applier.apply(headers);
          }
        };
    call(attached, patient().withCallCredentials(others));
    assertEquals(List.of("Bearer theirs"), guarded.headers);
  }
}
