package internal.symbolon.client;

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
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service that says with which token it was called, over a real socket. */
final class Guarded implements AutoCloseable {
  static final MethodDescriptor<String, String> UNARY =
      method("Unary", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<String, String> STREAM =
      method("Stream", MethodDescriptor.MethodType.SERVER_STREAMING);

  /** What it was called with, call by call. */
  final List<String> headers = new CopyOnWriteArrayList<>();

  /** What it refuses. */
  final Set<String> refused = ConcurrentHashMap.newKeySet();

  /** Whether it refuses with headers before. */
  volatile boolean sendsHeaders;

  private final Server server;
  final ManagedChannel channel;

  Guarded() {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("test.Guarded")
            .addMethod(
                UNARY,
                ServerCalls.asyncUnaryCall(
                    (request, observer) -> {
                      observer.onNext(request + " back");
                      observer.onCompleted();
                    }))
            .addMethod(
                STREAM,
                ServerCalls.asyncServerStreamingCall(
                    (request, observer) -> {
                      observer.onNext(request);
                      observer.onCompleted();
                    }))
            .build();
    try {
      server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .addService(ServerInterceptors.intercept(service, new Guard()))
              .build()
              .start();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    channel = Grpc.newChannelBuilder(address(), InsecureChannelCredentials.create()).build();
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  private final class Guard implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata received, ServerCallHandler<Q, A> next) {
      String header =
          received.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
      headers.add(String.valueOf(header));
      if (header == null || refused.contains(header.substring("Bearer ".length()))) {
        if (sendsHeaders) {
          call.sendHeaders(new Metadata());
        }
        call.close(Status.UNAUTHENTICATED, new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return next.startCall(call, received);
    }
  }

  private static MethodDescriptor<String, String> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName("test.Guarded/" + name)
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {
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

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }
}
