package internal.symbolon.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * AccessService tells what the bearer of a token may do with the data of a user or a device, so that services need no rules of their own.
 * It is for whom Introspect is for.
 * Callers and errors are as TokenService tells.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AccessServiceGrpc {

  private AccessServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "symbolon.v1.AccessService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.CheckRequest,
      internal.symbolon.v1.CheckResponse> getCheckMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Check",
      requestType = internal.symbolon.v1.CheckRequest.class,
      responseType = internal.symbolon.v1.CheckResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.CheckRequest,
      internal.symbolon.v1.CheckResponse> getCheckMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.CheckRequest, internal.symbolon.v1.CheckResponse> getCheckMethod;
    if ((getCheckMethod = AccessServiceGrpc.getCheckMethod) == null) {
      synchronized (AccessServiceGrpc.class) {
        if ((getCheckMethod = AccessServiceGrpc.getCheckMethod) == null) {
          AccessServiceGrpc.getCheckMethod = getCheckMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.CheckRequest, internal.symbolon.v1.CheckResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Check"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CheckRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CheckResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccessServiceMethodDescriptorSupplier("Check"))
              .build();
        }
      }
    }
    return getCheckMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.BatchCheckRequest,
      internal.symbolon.v1.BatchCheckResponse> getBatchCheckMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchCheck",
      requestType = internal.symbolon.v1.BatchCheckRequest.class,
      responseType = internal.symbolon.v1.BatchCheckResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.BatchCheckRequest,
      internal.symbolon.v1.BatchCheckResponse> getBatchCheckMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.BatchCheckRequest, internal.symbolon.v1.BatchCheckResponse> getBatchCheckMethod;
    if ((getBatchCheckMethod = AccessServiceGrpc.getBatchCheckMethod) == null) {
      synchronized (AccessServiceGrpc.class) {
        if ((getBatchCheckMethod = AccessServiceGrpc.getBatchCheckMethod) == null) {
          AccessServiceGrpc.getBatchCheckMethod = getBatchCheckMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.BatchCheckRequest, internal.symbolon.v1.BatchCheckResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchCheck"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.BatchCheckRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.BatchCheckResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccessServiceMethodDescriptorSupplier("BatchCheck"))
              .build();
        }
      }
    }
    return getBatchCheckMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AccessServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AccessServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AccessServiceStub>() {
        @java.lang.Override
        public AccessServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AccessServiceStub(channel, callOptions);
        }
      };
    return AccessServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static AccessServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AccessServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AccessServiceBlockingV2Stub>() {
        @java.lang.Override
        public AccessServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AccessServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return AccessServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AccessServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AccessServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AccessServiceBlockingStub>() {
        @java.lang.Override
        public AccessServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AccessServiceBlockingStub(channel, callOptions);
        }
      };
    return AccessServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AccessServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AccessServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AccessServiceFutureStub>() {
        @java.lang.Override
        public AccessServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AccessServiceFutureStub(channel, callOptions);
        }
      };
    return AccessServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * AccessService tells what the bearer of a token may do with the data of a user or a device, so that services need no rules of their own.
   * It is for whom Introspect is for.
   * Callers and errors are as TokenService tells.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Check tells whether the bearer of an access token may do something now, and why not.
     * - A USER token that came by consent: what its scopes say, with the profile and the devices of its own user.
     * - A USER token that came without a consent, as by the user's password: all that the user may do itself.
     * - An APPLICATION token: what a user has granted its client, for as long as the user has. Where the token has scopes, no more than
     *   these.
     * - A DEVICE token: its device alone.
     * - An ADMIN token: everything in its tenant. An ANONYMOUS token: nothing.
     * The scopes are `read` and `write` for all devices and data of a user, `read:TYPE` and `write:TYPE` for devices of a type, and
     * `profile.read` and `profile.write`. In TYPE each byte that a scope can't have, `%` and `:` are percent-encoded.
     * </pre>
     */
    default void check(internal.symbolon.v1.CheckRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CheckResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCheckMethod(), responseObserver);
    }

    /**
     * <pre>
     * BatchCheck is Check for up to 1,000 questions, which are answered in their order and of one revision. What can't be a token is not
     * live, and what can't be an id is unknown: it never fails for what one of these is.
     * </pre>
     */
    default void batchCheck(internal.symbolon.v1.BatchCheckRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.BatchCheckResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchCheckMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AccessService.
   * <pre>
   * AccessService tells what the bearer of a token may do with the data of a user or a device, so that services need no rules of their own.
   * It is for whom Introspect is for.
   * Callers and errors are as TokenService tells.
   * </pre>
   */
  public static abstract class AccessServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AccessServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AccessService.
   * <pre>
   * AccessService tells what the bearer of a token may do with the data of a user or a device, so that services need no rules of their own.
   * It is for whom Introspect is for.
   * Callers and errors are as TokenService tells.
   * </pre>
   */
  public static final class AccessServiceStub
      extends io.grpc.stub.AbstractAsyncStub<AccessServiceStub> {
    private AccessServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AccessServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AccessServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Check tells whether the bearer of an access token may do something now, and why not.
     * - A USER token that came by consent: what its scopes say, with the profile and the devices of its own user.
     * - A USER token that came without a consent, as by the user's password: all that the user may do itself.
     * - An APPLICATION token: what a user has granted its client, for as long as the user has. Where the token has scopes, no more than
     *   these.
     * - A DEVICE token: its device alone.
     * - An ADMIN token: everything in its tenant. An ANONYMOUS token: nothing.
     * The scopes are `read` and `write` for all devices and data of a user, `read:TYPE` and `write:TYPE` for devices of a type, and
     * `profile.read` and `profile.write`. In TYPE each byte that a scope can't have, `%` and `:` are percent-encoded.
     * </pre>
     */
    public void check(internal.symbolon.v1.CheckRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CheckResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCheckMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * BatchCheck is Check for up to 1,000 questions, which are answered in their order and of one revision. What can't be a token is not
     * live, and what can't be an id is unknown: it never fails for what one of these is.
     * </pre>
     */
    public void batchCheck(internal.symbolon.v1.BatchCheckRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.BatchCheckResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchCheckMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AccessService.
   * <pre>
   * AccessService tells what the bearer of a token may do with the data of a user or a device, so that services need no rules of their own.
   * It is for whom Introspect is for.
   * Callers and errors are as TokenService tells.
   * </pre>
   */
  public static final class AccessServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<AccessServiceBlockingV2Stub> {
    private AccessServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AccessServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AccessServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Check tells whether the bearer of an access token may do something now, and why not.
     * - A USER token that came by consent: what its scopes say, with the profile and the devices of its own user.
     * - A USER token that came without a consent, as by the user's password: all that the user may do itself.
     * - An APPLICATION token: what a user has granted its client, for as long as the user has. Where the token has scopes, no more than
     *   these.
     * - A DEVICE token: its device alone.
     * - An ADMIN token: everything in its tenant. An ANONYMOUS token: nothing.
     * The scopes are `read` and `write` for all devices and data of a user, `read:TYPE` and `write:TYPE` for devices of a type, and
     * `profile.read` and `profile.write`. In TYPE each byte that a scope can't have, `%` and `:` are percent-encoded.
     * </pre>
     */
    public internal.symbolon.v1.CheckResponse check(internal.symbolon.v1.CheckRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCheckMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * BatchCheck is Check for up to 1,000 questions, which are answered in their order and of one revision. What can't be a token is not
     * live, and what can't be an id is unknown: it never fails for what one of these is.
     * </pre>
     */
    public internal.symbolon.v1.BatchCheckResponse batchCheck(internal.symbolon.v1.BatchCheckRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchCheckMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service AccessService.
   * <pre>
   * AccessService tells what the bearer of a token may do with the data of a user or a device, so that services need no rules of their own.
   * It is for whom Introspect is for.
   * Callers and errors are as TokenService tells.
   * </pre>
   */
  public static final class AccessServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AccessServiceBlockingStub> {
    private AccessServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AccessServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AccessServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Check tells whether the bearer of an access token may do something now, and why not.
     * - A USER token that came by consent: what its scopes say, with the profile and the devices of its own user.
     * - A USER token that came without a consent, as by the user's password: all that the user may do itself.
     * - An APPLICATION token: what a user has granted its client, for as long as the user has. Where the token has scopes, no more than
     *   these.
     * - A DEVICE token: its device alone.
     * - An ADMIN token: everything in its tenant. An ANONYMOUS token: nothing.
     * The scopes are `read` and `write` for all devices and data of a user, `read:TYPE` and `write:TYPE` for devices of a type, and
     * `profile.read` and `profile.write`. In TYPE each byte that a scope can't have, `%` and `:` are percent-encoded.
     * </pre>
     */
    public internal.symbolon.v1.CheckResponse check(internal.symbolon.v1.CheckRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCheckMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * BatchCheck is Check for up to 1,000 questions, which are answered in their order and of one revision. What can't be a token is not
     * live, and what can't be an id is unknown: it never fails for what one of these is.
     * </pre>
     */
    public internal.symbolon.v1.BatchCheckResponse batchCheck(internal.symbolon.v1.BatchCheckRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchCheckMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AccessService.
   * <pre>
   * AccessService tells what the bearer of a token may do with the data of a user or a device, so that services need no rules of their own.
   * It is for whom Introspect is for.
   * Callers and errors are as TokenService tells.
   * </pre>
   */
  public static final class AccessServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<AccessServiceFutureStub> {
    private AccessServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AccessServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AccessServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Check tells whether the bearer of an access token may do something now, and why not.
     * - A USER token that came by consent: what its scopes say, with the profile and the devices of its own user.
     * - A USER token that came without a consent, as by the user's password: all that the user may do itself.
     * - An APPLICATION token: what a user has granted its client, for as long as the user has. Where the token has scopes, no more than
     *   these.
     * - A DEVICE token: its device alone.
     * - An ADMIN token: everything in its tenant. An ANONYMOUS token: nothing.
     * The scopes are `read` and `write` for all devices and data of a user, `read:TYPE` and `write:TYPE` for devices of a type, and
     * `profile.read` and `profile.write`. In TYPE each byte that a scope can't have, `%` and `:` are percent-encoded.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.CheckResponse> check(
        internal.symbolon.v1.CheckRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCheckMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * BatchCheck is Check for up to 1,000 questions, which are answered in their order and of one revision. What can't be a token is not
     * live, and what can't be an id is unknown: it never fails for what one of these is.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.BatchCheckResponse> batchCheck(
        internal.symbolon.v1.BatchCheckRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchCheckMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CHECK = 0;
  private static final int METHODID_BATCH_CHECK = 1;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_CHECK:
          serviceImpl.check((internal.symbolon.v1.CheckRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.CheckResponse>) responseObserver);
          break;
        case METHODID_BATCH_CHECK:
          serviceImpl.batchCheck((internal.symbolon.v1.BatchCheckRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.BatchCheckResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getCheckMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.CheckRequest,
              internal.symbolon.v1.CheckResponse>(
                service, METHODID_CHECK)))
        .addMethod(
          getBatchCheckMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.BatchCheckRequest,
              internal.symbolon.v1.BatchCheckResponse>(
                service, METHODID_BATCH_CHECK)))
        .build();
  }

  private static abstract class AccessServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    AccessServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return internal.symbolon.v1.AccessServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("AccessService");
    }
  }

  private static final class AccessServiceFileDescriptorSupplier
      extends AccessServiceBaseDescriptorSupplier {
    AccessServiceFileDescriptorSupplier() {}
  }

  private static final class AccessServiceMethodDescriptorSupplier
      extends AccessServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    AccessServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (AccessServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new AccessServiceFileDescriptorSupplier())
              .addMethod(getCheckMethod())
              .addMethod(getBatchCheckMethod())
              .build();
        }
      }
    }
    return result;
  }
}
