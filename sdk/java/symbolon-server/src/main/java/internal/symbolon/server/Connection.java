package internal.symbolon.server;

import internal.symbolon.client.SymbolonChannel;
import internal.symbolon.server.core.Question;
import internal.symbolon.v1.AccessServiceGrpc;
import internal.symbolon.v1.BatchIntrospectRequest;
import internal.symbolon.v1.BatchIntrospectResponse;
import internal.symbolon.v1.CheckResponse;
import internal.symbolon.v1.IntrospectResponse;
import internal.symbolon.v1.TokenServiceGrpc;
import internal.symbolon.v1.WatchRevocationsRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** The way to the server: one line, and the one before it until its calls have ended. */
final class Connection implements AutoCloseable {
  /** What comes is bytes: what can't be read is a matter of the watch, and not of gRPC. */
  private static final MethodDescriptor<WatchRevocationsRequest, byte[]> WATCH =
      TokenServiceGrpc.getWatchRevocationsMethod().toBuilder(
              TokenServiceGrpc.getWatchRevocationsMethod().getRequestMarshaller(), new Bytes())
          .build();

  private final Supplier<SymbolonChannel> connect;
  private Line line;
  private Line retired;
  private String clientSecret;
  private boolean isClosed;

  /** {@code connect}: makes a channel that no other has a part of. */
  Connection(Supplier<SymbolonChannel> connect) {
    this.connect = connect;
    this.line = new Line(connect.get());
  }

  private synchronized Line line() {
    return line;
  }

  /** For calls from now on. */
  synchronized void useClientSecret(String secret) {
    line.useClientSecret(secret);
    clientSecret = secret;
  }

  /** Whether what is sent now leaves now. */
  boolean isConnected() {
    return line().isConnected();
  }

  /** Goes on over another line. Calls on the old one end by themselves. */
  synchronized void renew() {
    if (isClosed) {
      return;
    }
    // First the new one: where none can be made, the old one goes on.
    Line next = new Line(connect.get());
    if (clientSecret != null) {
      next.useClientSecret(clientSecret);
    }
    if (retired != null) {
      retired.cut();
    }
    line.retire();
    retired = line;
    line = next;
  }

  /** Throws when no connection is to be made now. */
  void introspect(List<String> tokens, StreamObserver<List<IntrospectResponse>> observer) {
    BatchIntrospectRequest request =
        BatchIntrospectRequest.newBuilder().addAllTokens(tokens).build();
    TokenServiceGrpc.newStub(line().channel())
        .batchIntrospect(request, new Answers<>(observer, BatchIntrospectResponse::getAnswersList));
  }

  /**
   * The same of one question. What is wrong with one must not fail others, and targets come from
   * those who send requests.
   */
  void check(List<Question> one, StreamObserver<List<CheckResponse>> observer) {
    AccessServiceGrpc.newStub(line().channel())
        .check(Messages.toRequest(one.get(0)), new Answers<>(observer, List::of));
  }

  /** Tells the answers of a message. */
  private record Answers<M, A>(StreamObserver<List<A>> observer, Function<M, List<A>> answers)
      implements StreamObserver<M> {
    @Override
    public void onNext(M message) {
      observer.onNext(answers.apply(message));
    }

    @Override
    public void onError(Throwable error) {
      observer.onError(error);
    }

    @Override
    public void onCompleted() {
      observer.onCompleted();
    }
  }

  /** A call that is not started, whose listener is called by this executor. */
  ClientCall<WatchRevocationsRequest, byte[]> watch(Executor executor) {
    SymbolonChannel channel = line().channel();
    // It waited as long as is right, and gRPC's own wait would come on top.
    channel.reconnect();
    return channel.newCall(WATCH, CallOptions.DEFAULT.withExecutor(executor));
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    if (retired != null) {
      retired.cut();
    }
    line.cut();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }
}
