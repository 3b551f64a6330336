package internal.symbolon.server;

import static internal.symbolon.server.Eventually.eventually;
import static internal.symbolon.v1.AccessReason.ACCESS_REASON_TOKEN_NOT_LIVE;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import internal.symbolon.v1.AccessReason;
import internal.symbolon.v1.AccessServiceGrpc;
import internal.symbolon.v1.BatchIntrospectRequest;
import internal.symbolon.v1.BatchIntrospectResponse;
import internal.symbolon.v1.CheckRequest;
import internal.symbolon.v1.CheckResponse;
import internal.symbolon.v1.IntrospectResponse;
import internal.symbolon.v1.TokenKind;
import internal.symbolon.v1.TokenServiceGrpc;
import internal.symbolon.v1.WatchRevocationsRequest;
import internal.symbolon.v1.WatchRevocationsResponse;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A server whose answers a test plays by hand, over a real socket: for what the real one never
 * does.
 */
final class ScriptedServer extends TokenServiceGrpc.TokenServiceImplBase implements AutoCloseable {
  final List<Held> calls = new CopyOnWriteArrayList<>();
  final List<ScriptedStream> streams = new CopyOnWriteArrayList<>();

  private final List<Held> waiting = new ArrayList<>();

  /** Whether calls wait until the test releases them. */
  volatile boolean holds;

  volatile Status error;

  /** What an error comes with. */
  volatile Metadata trailers;

  /** Says something else in the answers that are live. */
  volatile Consumer<IntrospectResponse.Builder> change = answer -> {};

  volatile long revision = 1;

  /** How much time the last call had left. */
  volatile long leftMillis;

  private final Server server;

  ScriptedServer() {
    this(InsecureServerCredentials.create());
  }

  ScriptedServer(ServerCredentials credentials) {
    try {
      server =
          Grpc.newServerBuilderForPort(0, credentials)
              .addService(this)
              .addService(new Permissions())
              .build()
              .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  int port() {
    return server.getPort();
  }

  VerifierBuilder verifier() {
    // However busy the machine is, what a test holds must not be given up.
    return Verifier.builder("127.0.0.1:" + server.getPort(), "client", "sys_secret")
        .timeout(Duration.ofSeconds(45));
  }

  /** What an error UNAVAILABLE comes with that is to be repeated after this time. */
  static Metadata retryAfter(Duration wait) {
    RetryInfo.Builder retry = RetryInfo.newBuilder();
    retry.getRetryDelayBuilder().setSeconds(wait.getSeconds()).setNanos(wait.getNano());
    return StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(Code.UNAVAILABLE_VALUE)
                .addDetails(Any.pack(retry.build()))
                .build())
        .getTrailers();
  }

  /** A call that waits for its answer. */
  record Held(
      List<String> tokens,
      StreamObserver<BatchIntrospectResponse> observer,
      long revision,
      Consumer<IntrospectResponse.Builder> change) {
    void answer() {
      BatchIntrospectResponse.Builder response = BatchIntrospectResponse.newBuilder();
      tokens.forEach(token -> response.addAnswers(answerTo(token, revision, change)));
      observer.onNext(response.build());
      observer.onCompleted();
    }
  }

  /** Tokens whose names begin with "live" are; what follows a dot are their scopes. */
  private static IntrospectResponse answerTo(
      String token, long revision, Consumer<IntrospectResponse.Builder> change) {
    IntrospectResponse.Builder answer = IntrospectResponse.newBuilder().setRevision(revision);
    if (token.startsWith("live")) {
      answer.setActive(true).setKind(TokenKind.TOKEN_KIND_USER).setTokenId("ta_" + token.length());
      answer.setSubjectId("ann").setClientId("app").setTenantId("demo").setFamilyId("fm_" + token);
      answer.getTimeToLiveBuilder().setSeconds(3_600);
      if (token.contains("-")) {
        answer.addScopes(token.substring(token.indexOf('-') + 1));
      }
      change.accept(answer);
    }
    return answer.build();
  }

  /** What each Check asked. */
  final List<CheckRequest> checks = new CopyOnWriteArrayList<>();

  /**
   * Tokens that are live may do all with devices whose ids are not a reason, and with themselves
   * what their own name says.
   */
  private final class Permissions extends AccessServiceGrpc.AccessServiceImplBase {
    @Override
    public void check(CheckRequest request, StreamObserver<CheckResponse> observer) {
      checks.add(request);
      if (error != null) {
        observer.onError(error.asRuntimeException(trailers));
        return;
      }
      if (request.getDeviceId().length() > 100) {
        observer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
        return;
      }
      IntrospectResponse token = answerTo(request.getToken(), revision, change);
      CheckResponse.Builder answer = CheckResponse.newBuilder().setToken(token);
      answer.setReason(token.getActive() ? reasonOf(request) : ACCESS_REASON_TOKEN_NOT_LIVE);
      if (answer.getReason() == AccessReason.ACCESS_REASON_ALLOWED) {
        answer.setAllowed(true).setUserId("ann");
        answer.getTimeToLiveBuilder().setSeconds(10);
      }
      observer.onNext(answer.build());
      observer.onCompleted();
    }

    private AccessReason reasonOf(CheckRequest request) {
      for (AccessReason reason : AccessReason.values()) {
        if (reason.name().equals("ACCESS_REASON_" + request.getDeviceId())) {
          return reason;
        }
      }
      return AccessReason.ACCESS_REASON_ALLOWED;
    }
  }

  @Override
  public void batchIntrospect(
      BatchIntrospectRequest request, StreamObserver<BatchIntrospectResponse> observer) {
    Held held = new Held(List.copyOf(request.getTokensList()), observer, revision, change);
    leftMillis = Context.current().getDeadline().timeRemaining(TimeUnit.MILLISECONDS);
    Status failure = error;
    boolean isHeld;
    synchronized (this) {
      calls.add(held);
      isHeld = holds && failure == null;
      if (isHeld) {
        waiting.add(held);
      }
    }
    if (failure != null) {
      observer.onError(failure.asRuntimeException(trailers));
    } else if (!isHeld) {
      held.answer();
    }
  }

  /** Begins to answer heartbeats, so that no stall makes the verifier give its connection up. */
  void open(Verifier verifier) {
    eventually("a stream", () -> !streams.isEmpty());
    eventually("a heartbeat", () -> !streams.get(0).requests.isEmpty());
    streams.get(0).send(WatchRevocationsResponse.newBuilder().setRevision(1).setAfresh(true));
    eventually("open", verifier::isOpen);
  }

  /** Answers what waits and all that comes. */
  void release() {
    List<Held> all;
    synchronized (this) {
      holds = false;
      all = List.copyOf(waiting);
      waiting.clear();
    }
    all.forEach(Held::answer);
  }

  @Override
  public StreamObserver<WatchRevocationsRequest> watchRevocations(
      StreamObserver<WatchRevocationsResponse> observer) {
    ScriptedStream stream = new ScriptedStream(observer);
    streams.add(stream);
    return stream;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
