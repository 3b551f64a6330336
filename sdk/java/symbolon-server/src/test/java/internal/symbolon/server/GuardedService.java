package internal.symbolon.server;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A service with a method of each kind, which says whose call it is, over a real socket. */
final class GuardedService implements AutoCloseable {
  static final MethodDescriptor<String, String> UNARY =
      method("Unary", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<String, String> CLIENT =
      method("Client", MethodDescriptor.MethodType.CLIENT_STREAMING);
  static final MethodDescriptor<String, String> SERVER =
      method("Server", MethodDescriptor.MethodType.SERVER_STREAMING);
  static final MethodDescriptor<String, String> BIDI =
      method("Bidi", MethodDescriptor.MethodType.BIDI_STREAMING);

  /** How many handlers were begun. */
  final AtomicInteger begun = new AtomicInteger();

  /** How many calls the guard was told are cancelled. */
  final AtomicInteger cancelled = new AtomicInteger();

  /** How many calls the guard was told have no more requests. */
  final AtomicInteger halfClosed = new AtomicInteger();

  /** What the handler of a stream does where it begins. */
  volatile Runnable inStreams = () -> {};

  /** What the handler of a unary call asks of its message. */
  volatile Consumer<String> asked = message -> {};

  /** In which threads handlers were begun. */
  final Set<String> threads = ConcurrentHashMap.newKeySet();

  private final Server server;
  private final ManagedChannel channel;

  GuardedService(ServerInterceptor interceptor) {
    // Null: that of gRPC.
    this(interceptor, null);
  }

  GuardedService(ServerInterceptor interceptor, Executor executor) {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("test.Guarded")
            .addMethod(UNARY, ServerCalls.asyncUnaryCall(this::answer))
            .addMethod(SERVER, ServerCalls.asyncServerStreamingCall(this::answerTwice))
            .addMethod(CLIENT, ServerCalls.asyncClientStreamingCall(this::collect))
            .addMethod(BIDI, ServerCalls.asyncBidiStreamingCall(this::echo))
            .build();
    try {
      server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .executor(executor)
              .addService(ServerInterceptors.intercept(service, interceptor, new Cancels()))
              .build()
              .start();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    channel =
        Grpc.newChannelBuilder("127.0.0.1:" + server.getPort(), InsecureChannelCredentials.create())
            .build();
  }

  /** Stands before the guard. */
  private final class Cancels implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(
          next.startCall(call, headers)) {
        @Override
        public void onCancel() {
          super.onCancel();
          cancelled.incrementAndGet();
        }

        @Override
        public void onHalfClose() {
          super.onHalfClose();
          halfClosed.incrementAndGet();
        }
      };
    }
  }

  /** With these authorization headers. */
  Channel as(String... headers) {
    Metadata metadata = new Metadata();
    for (String header : headers) {
      metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), header);
    }
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(45, TimeUnit.SECONDS);
  }

  private static String name() {
    Caller caller = SymbolonServerInterceptor.CALLER.get();
    return caller == null ? "nobody" : caller.subjectId();
  }

  private void begin() {
    threads.add(Thread.currentThread().getName());
    begun.incrementAndGet();
  }

  private void answer(String request, StreamObserver<String> observer) {
    begin();
    if (request.equals("throw")) {
      throw new IllegalStateException("as the test has it");
    }
    asked.accept(request);
    observer.onNext(name() + " " + request);
    observer.onCompleted();
  }

  private void answerTwice(String request, StreamObserver<String> observer) {
    begin();
    observer.onNext(name() + " " + request);
    observer.onNext(name() + " again");
    observer.onCompleted();
  }

  private StreamObserver<String> collect(StreamObserver<String> observer) {
    begin();
    return new Each(observer, false);
  }

  private StreamObserver<String> echo(StreamObserver<String> observer) {
    begin();
    inStreams.run();
    return new Each(observer, true);
  }

  /** Says each message again, or all of them in the end. */
  private static final class Each implements StreamObserver<String> {
    private final StreamObserver<String> observer;
    private final boolean echoes;
    private final StringBuilder all = new StringBuilder();

    Each(StreamObserver<String> observer, boolean echoes) {
      this.observer = observer;
      this.echoes = echoes;
    }

    @Override
    public void onNext(String message) {
      if (echoes) {
        observer.onNext(name() + " " + message);
      } else {
        all.append(' ').append(message);
      }
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {
      if (!echoes) {
        observer.onNext(name() + all);
      }
      observer.onCompleted();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  private static MethodDescriptor<String, String> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setFullMethodName("test.Guarded/" + name)
        .setType(type)
        .setRequestMarshaller(new Texts())
        .setResponseMarshaller(new Texts())
        .build();
  }

  private static final class Texts implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }
}
