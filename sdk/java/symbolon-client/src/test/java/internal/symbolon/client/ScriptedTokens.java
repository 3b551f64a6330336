package internal.symbolon.client;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import internal.symbolon.v1.BeginDeviceAuthorizationRequest;
import internal.symbolon.v1.BeginDeviceAuthorizationResponse;
import internal.symbolon.v1.DescribeTokenRequest;
import internal.symbolon.v1.DescribeTokenResponse;
import internal.symbolon.v1.IssueRequest;
import internal.symbolon.v1.IssueResponse;
import internal.symbolon.v1.IssuedTokens;
import internal.symbolon.v1.RefreshRequest;
import internal.symbolon.v1.RefreshResponse;
import internal.symbolon.v1.RevokeRequest;
import internal.symbolon.v1.RevokeResponse;
import internal.symbolon.v1.TokenKind;
import internal.symbolon.v1.TokenServiceGrpc;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A server that a test plays, over a real socket: for what the real one never does. */
final class ScriptedTokens extends TokenServiceGrpc.TokenServiceImplBase implements AutoCloseable {
  /** Two hours behind, so that no clock of the app may be compared with it. */
  private static final long NOW_SECONDS = 1_000_000_000L;

  final List<IssueRequest> issues = new CopyOnWriteArrayList<>();
  final List<String> refreshes = new CopyOnWriteArrayList<>();
  final List<String> revokes = new CopyOnWriteArrayList<>();
  final List<String> describes = new CopyOnWriteArrayList<>();

  /** What the next Refresh or Issue fails with, after its work was done. */
  final Queue<StatusRuntimeException> lost = new ArrayDeque<>();

  /** What every Refresh fails with. */
  volatile StatusRuntimeException refusal;

  volatile StatusRuntimeException revokeFailure;

  /** What DescribeToken fails with, or null where each token is live. */
  volatile StatusRuntimeException notLive;

  volatile long lifetimeSeconds = 3_600;
  volatile long loginSeconds = 86_400;
  volatile boolean hasRefresh = true;

  /** What a Refresh waits for, once its work was done. */
  volatile CountDownLatch gate = new CountDownLatch(0);

  /** What an Issue waits for, once its work was done. */
  volatile CountDownLatch issueGate = new CountDownLatch(0);

  /** How much time the last Issue had. */
  volatile long issueMillis;

  final List<BeginDeviceAuthorizationRequest> devices = new CopyOnWriteArrayList<>();

  /** What the next Issue is answered with in place of tokens, in this order. */
  final Queue<StatusRuntimeException> refused = new ConcurrentLinkedQueue<>();

  private final AtomicInteger made = new AtomicInteger();
  private final ConcurrentHashMap<String, String> families = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, IssuedTokens> again = new ConcurrentHashMap<>();
  private final Server server;

  ScriptedTokens() {
    try {
      server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .addService(this)
              .build()
              .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  static StatusRuntimeException failure(Status.Code code, String reason, String endedBy) {
    ErrorInfo.Builder info =
        ErrorInfo.newBuilder().setReason(reason).setDomain("symbolon.internal");
    if (endedBy != null) {
      info.putMetadata("endedBy", endedBy);
    }
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .addDetails(Any.pack(info.build()))
            .build());
  }

  private IssuedTokens tokens(String familyId, TokenKind kind) {
    int number = made.incrementAndGet();
    IssuedTokens.Builder tokens =
        IssuedTokens.newBuilder()
            .setAccessToken("syu_secret-" + number)
            .setTokenId("ta_" + number)
            .setKind(kind)
            .setSubjectId("ann")
            .setFamilyId(familyId)
            .addScopes("read")
            .setIssueTime(Timestamp.newBuilder().setSeconds(NOW_SECONDS))
            .setExpireTime(Timestamp.newBuilder().setSeconds(NOW_SECONDS + lifetimeSeconds));
    if (hasRefresh) {
      tokens.setRefreshToken("syr_secret-" + number);
      families.put(tokens.getRefreshToken(), familyId);
      tokens.setRefreshExpireTime(Timestamp.newBuilder().setSeconds(NOW_SECONDS + loginSeconds));
    }
    return tokens.build();
  }

  @Override
  public void issue(IssueRequest request, StreamObserver<IssueResponse> observer) {
    issueMillis = Context.current().getDeadline().timeRemaining(TimeUnit.MILLISECONDS);
    issues.add(request);
    StatusRuntimeException refusal = refused.poll();
    if (refusal != null) {
      observer.onError(refusal);
      return;
    }
    TokenKind kind =
        request.hasAnonymous()
            ? TokenKind.TOKEN_KIND_ANONYMOUS
            : request.hasClientSecret()
                ? TokenKind.TOKEN_KIND_APPLICATION
                : TokenKind.TOKEN_KIND_USER;
    Function<String, IssuedTokens> anew = id -> tokens("fm_" + made.incrementAndGet(), kind);
    String id = request.getRequestId();
    IssuedTokens answer = id.isEmpty() ? anew.apply(id) : again.computeIfAbsent(id, anew);
    await(issueGate);
    answer(IssueResponse.newBuilder().setTokens(answer).build(), observer);
  }

  @Override
  public void beginDeviceAuthorization(
      BeginDeviceAuthorizationRequest request,
      StreamObserver<BeginDeviceAuthorizationResponse> observer) {
    devices.add(request);
    observer.onNext(
        BeginDeviceAuthorizationResponse.newBuilder()
            .setDeviceCode("device-code-secret")
            .setUserCode("BCDF-GHJK")
            .setVerificationUri("https://login.example.com/device")
            .setVerificationUriComplete("https://login.example.com/device?user_code=BCDF-GHJK")
            .setTimeToLive(Duration.newBuilder().setSeconds(600))
            .setInterval(Duration.newBuilder().setSeconds(5))
            .build());
    observer.onCompleted();
  }

  @Override
  public void refresh(RefreshRequest request, StreamObserver<RefreshResponse> observer) {
    CountDownLatch held = gate;
    refreshes.add(request.getRefreshToken());
    if (refusal != null) {
      observer.onError(refusal);
      return;
    }
    IssuedTokens answer =
        again.computeIfAbsent(
            request.getRefreshToken(),
            token -> tokens(families.get(token), TokenKind.TOKEN_KIND_USER));
    await(held);
    answer(RefreshResponse.newBuilder().setTokens(answer).build(), observer);
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private <A> void answer(A answer, StreamObserver<A> observer) {
    StatusRuntimeException failure;
    synchronized (lost) {
      failure = lost.poll();
    }
    if (failure != null) {
      observer.onError(failure);
      return;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }

  @Override
  public void describeToken(
      DescribeTokenRequest request, StreamObserver<DescribeTokenResponse> observer) {
    describes.add(request.getAccessToken());
    if (notLive != null) {
      observer.onError(notLive);
      return;
    }
    observer.onNext(
        DescribeTokenResponse.newBuilder()
            .setTokenId("ta_x")
            .setKind(TokenKind.TOKEN_KIND_USER)
            .setSubjectId("ann")
            .setClientId("app")
            .setFamilyId("fm_2")
            .setTimeToLive(Duration.newBuilder().setSeconds(lifetimeSeconds))
            .build());
    observer.onCompleted();
  }

  @Override
  public void revoke(RevokeRequest request, StreamObserver<RevokeResponse> observer) {
    revokes.add(request.getToken());
    if (revokeFailure != null) {
      observer.onError(revokeFailure);
      return;
    }
    observer.onNext(RevokeResponse.getDefaultInstance());
    observer.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
