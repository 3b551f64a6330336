package internal.symbolon.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * ResourceServerService keeps the resource servers of a tenant (RFC 8707): services that a token may be for alone.
 * All methods are for admins. Callers, errors, repeats, pages and update masks are as TokenService tells.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ResourceServerServiceGrpc {

  private ResourceServerServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "symbolon.v1.ResourceServerService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.CreateResourceServerRequest,
      internal.symbolon.v1.CreateResourceServerResponse> getCreateResourceServerMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateResourceServer",
      requestType = internal.symbolon.v1.CreateResourceServerRequest.class,
      responseType = internal.symbolon.v1.CreateResourceServerResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.CreateResourceServerRequest,
      internal.symbolon.v1.CreateResourceServerResponse> getCreateResourceServerMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.CreateResourceServerRequest, internal.symbolon.v1.CreateResourceServerResponse> getCreateResourceServerMethod;
    if ((getCreateResourceServerMethod = ResourceServerServiceGrpc.getCreateResourceServerMethod) == null) {
      synchronized (ResourceServerServiceGrpc.class) {
        if ((getCreateResourceServerMethod = ResourceServerServiceGrpc.getCreateResourceServerMethod) == null) {
          ResourceServerServiceGrpc.getCreateResourceServerMethod = getCreateResourceServerMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.CreateResourceServerRequest, internal.symbolon.v1.CreateResourceServerResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateResourceServer"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CreateResourceServerRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CreateResourceServerResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ResourceServerServiceMethodDescriptorSupplier("CreateResourceServer"))
              .build();
        }
      }
    }
    return getCreateResourceServerMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.GetResourceServerRequest,
      internal.symbolon.v1.GetResourceServerResponse> getGetResourceServerMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetResourceServer",
      requestType = internal.symbolon.v1.GetResourceServerRequest.class,
      responseType = internal.symbolon.v1.GetResourceServerResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.GetResourceServerRequest,
      internal.symbolon.v1.GetResourceServerResponse> getGetResourceServerMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.GetResourceServerRequest, internal.symbolon.v1.GetResourceServerResponse> getGetResourceServerMethod;
    if ((getGetResourceServerMethod = ResourceServerServiceGrpc.getGetResourceServerMethod) == null) {
      synchronized (ResourceServerServiceGrpc.class) {
        if ((getGetResourceServerMethod = ResourceServerServiceGrpc.getGetResourceServerMethod) == null) {
          ResourceServerServiceGrpc.getGetResourceServerMethod = getGetResourceServerMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.GetResourceServerRequest, internal.symbolon.v1.GetResourceServerResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetResourceServer"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetResourceServerRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetResourceServerResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ResourceServerServiceMethodDescriptorSupplier("GetResourceServer"))
              .build();
        }
      }
    }
    return getGetResourceServerMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ListResourceServersRequest,
      internal.symbolon.v1.ListResourceServersResponse> getListResourceServersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListResourceServers",
      requestType = internal.symbolon.v1.ListResourceServersRequest.class,
      responseType = internal.symbolon.v1.ListResourceServersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ListResourceServersRequest,
      internal.symbolon.v1.ListResourceServersResponse> getListResourceServersMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ListResourceServersRequest, internal.symbolon.v1.ListResourceServersResponse> getListResourceServersMethod;
    if ((getListResourceServersMethod = ResourceServerServiceGrpc.getListResourceServersMethod) == null) {
      synchronized (ResourceServerServiceGrpc.class) {
        if ((getListResourceServersMethod = ResourceServerServiceGrpc.getListResourceServersMethod) == null) {
          ResourceServerServiceGrpc.getListResourceServersMethod = getListResourceServersMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ListResourceServersRequest, internal.symbolon.v1.ListResourceServersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListResourceServers"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListResourceServersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListResourceServersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ResourceServerServiceMethodDescriptorSupplier("ListResourceServers"))
              .build();
        }
      }
    }
    return getListResourceServersMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateResourceServerRequest,
      internal.symbolon.v1.UpdateResourceServerResponse> getUpdateResourceServerMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateResourceServer",
      requestType = internal.symbolon.v1.UpdateResourceServerRequest.class,
      responseType = internal.symbolon.v1.UpdateResourceServerResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateResourceServerRequest,
      internal.symbolon.v1.UpdateResourceServerResponse> getUpdateResourceServerMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateResourceServerRequest, internal.symbolon.v1.UpdateResourceServerResponse> getUpdateResourceServerMethod;
    if ((getUpdateResourceServerMethod = ResourceServerServiceGrpc.getUpdateResourceServerMethod) == null) {
      synchronized (ResourceServerServiceGrpc.class) {
        if ((getUpdateResourceServerMethod = ResourceServerServiceGrpc.getUpdateResourceServerMethod) == null) {
          ResourceServerServiceGrpc.getUpdateResourceServerMethod = getUpdateResourceServerMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.UpdateResourceServerRequest, internal.symbolon.v1.UpdateResourceServerResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateResourceServer"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UpdateResourceServerRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UpdateResourceServerResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ResourceServerServiceMethodDescriptorSupplier("UpdateResourceServer"))
              .build();
        }
      }
    }
    return getUpdateResourceServerMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteResourceServerRequest,
      internal.symbolon.v1.DeleteResourceServerResponse> getDeleteResourceServerMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteResourceServer",
      requestType = internal.symbolon.v1.DeleteResourceServerRequest.class,
      responseType = internal.symbolon.v1.DeleteResourceServerResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteResourceServerRequest,
      internal.symbolon.v1.DeleteResourceServerResponse> getDeleteResourceServerMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteResourceServerRequest, internal.symbolon.v1.DeleteResourceServerResponse> getDeleteResourceServerMethod;
    if ((getDeleteResourceServerMethod = ResourceServerServiceGrpc.getDeleteResourceServerMethod) == null) {
      synchronized (ResourceServerServiceGrpc.class) {
        if ((getDeleteResourceServerMethod = ResourceServerServiceGrpc.getDeleteResourceServerMethod) == null) {
          ResourceServerServiceGrpc.getDeleteResourceServerMethod = getDeleteResourceServerMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.DeleteResourceServerRequest, internal.symbolon.v1.DeleteResourceServerResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteResourceServer"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DeleteResourceServerRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DeleteResourceServerResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ResourceServerServiceMethodDescriptorSupplier("DeleteResourceServer"))
              .build();
        }
      }
    }
    return getDeleteResourceServerMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ResourceServerServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ResourceServerServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ResourceServerServiceStub>() {
        @java.lang.Override
        public ResourceServerServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ResourceServerServiceStub(channel, callOptions);
        }
      };
    return ResourceServerServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ResourceServerServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ResourceServerServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ResourceServerServiceBlockingV2Stub>() {
        @java.lang.Override
        public ResourceServerServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ResourceServerServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ResourceServerServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ResourceServerServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ResourceServerServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ResourceServerServiceBlockingStub>() {
        @java.lang.Override
        public ResourceServerServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ResourceServerServiceBlockingStub(channel, callOptions);
        }
      };
    return ResourceServerServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ResourceServerServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ResourceServerServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ResourceServerServiceFutureStub>() {
        @java.lang.Override
        public ResourceServerServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ResourceServerServiceFutureStub(channel, callOptions);
        }
      };
    return ResourceServerServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * ResourceServerService keeps the resource servers of a tenant (RFC 8707): services that a token may be for alone.
   * All methods are for admins. Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * CreateResourceServer makes a resource server. An id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    default void createResourceServer(internal.symbolon.v1.CreateResourceServerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CreateResourceServerResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateResourceServerMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetResourceServer answers a resource server.
     * </pre>
     */
    default void getResourceServer(internal.symbolon.v1.GetResourceServerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetResourceServerResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetResourceServerMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListResourceServers answers the resource servers of the tenant by id.
     * </pre>
     */
    default void listResourceServers(internal.symbolon.v1.ListResourceServersRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListResourceServersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListResourceServersMethod(), responseObserver);
    }

    /**
     * <pre>
     * UpdateResourceServer changes what its mask names. Tokens that are for it keep their scopes.
     * </pre>
     */
    default void updateResourceServer(internal.symbolon.v1.UpdateResourceServerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateResourceServerResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateResourceServerMethod(), responseObserver);
    }

    /**
     * <pre>
     * DeleteResourceServer forgets a resource server. Tokens that are for it are then live for admins alone, and so they stay when another of
     * the same id is made.
     * </pre>
     */
    default void deleteResourceServer(internal.symbolon.v1.DeleteResourceServerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteResourceServerResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteResourceServerMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ResourceServerService.
   * <pre>
   * ResourceServerService keeps the resource servers of a tenant (RFC 8707): services that a token may be for alone.
   * All methods are for admins. Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static abstract class ResourceServerServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ResourceServerServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ResourceServerService.
   * <pre>
   * ResourceServerService keeps the resource servers of a tenant (RFC 8707): services that a token may be for alone.
   * All methods are for admins. Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class ResourceServerServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ResourceServerServiceStub> {
    private ResourceServerServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ResourceServerServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ResourceServerServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateResourceServer makes a resource server. An id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public void createResourceServer(internal.symbolon.v1.CreateResourceServerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CreateResourceServerResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateResourceServerMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetResourceServer answers a resource server.
     * </pre>
     */
    public void getResourceServer(internal.symbolon.v1.GetResourceServerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetResourceServerResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetResourceServerMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListResourceServers answers the resource servers of the tenant by id.
     * </pre>
     */
    public void listResourceServers(internal.symbolon.v1.ListResourceServersRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListResourceServersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListResourceServersMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * UpdateResourceServer changes what its mask names. Tokens that are for it keep their scopes.
     * </pre>
     */
    public void updateResourceServer(internal.symbolon.v1.UpdateResourceServerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateResourceServerResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateResourceServerMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DeleteResourceServer forgets a resource server. Tokens that are for it are then live for admins alone, and so they stay when another of
     * the same id is made.
     * </pre>
     */
    public void deleteResourceServer(internal.symbolon.v1.DeleteResourceServerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteResourceServerResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteResourceServerMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ResourceServerService.
   * <pre>
   * ResourceServerService keeps the resource servers of a tenant (RFC 8707): services that a token may be for alone.
   * All methods are for admins. Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class ResourceServerServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ResourceServerServiceBlockingV2Stub> {
    private ResourceServerServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ResourceServerServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ResourceServerServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateResourceServer makes a resource server. An id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public internal.symbolon.v1.CreateResourceServerResponse createResourceServer(internal.symbolon.v1.CreateResourceServerRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateResourceServerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetResourceServer answers a resource server.
     * </pre>
     */
    public internal.symbolon.v1.GetResourceServerResponse getResourceServer(internal.symbolon.v1.GetResourceServerRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetResourceServerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListResourceServers answers the resource servers of the tenant by id.
     * </pre>
     */
    public internal.symbolon.v1.ListResourceServersResponse listResourceServers(internal.symbolon.v1.ListResourceServersRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListResourceServersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateResourceServer changes what its mask names. Tokens that are for it keep their scopes.
     * </pre>
     */
    public internal.symbolon.v1.UpdateResourceServerResponse updateResourceServer(internal.symbolon.v1.UpdateResourceServerRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateResourceServerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteResourceServer forgets a resource server. Tokens that are for it are then live for admins alone, and so they stay when another of
     * the same id is made.
     * </pre>
     */
    public internal.symbolon.v1.DeleteResourceServerResponse deleteResourceServer(internal.symbolon.v1.DeleteResourceServerRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteResourceServerMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ResourceServerService.
   * <pre>
   * ResourceServerService keeps the resource servers of a tenant (RFC 8707): services that a token may be for alone.
   * All methods are for admins. Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class ResourceServerServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ResourceServerServiceBlockingStub> {
    private ResourceServerServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ResourceServerServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ResourceServerServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateResourceServer makes a resource server. An id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public internal.symbolon.v1.CreateResourceServerResponse createResourceServer(internal.symbolon.v1.CreateResourceServerRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateResourceServerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetResourceServer answers a resource server.
     * </pre>
     */
    public internal.symbolon.v1.GetResourceServerResponse getResourceServer(internal.symbolon.v1.GetResourceServerRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetResourceServerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListResourceServers answers the resource servers of the tenant by id.
     * </pre>
     */
    public internal.symbolon.v1.ListResourceServersResponse listResourceServers(internal.symbolon.v1.ListResourceServersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListResourceServersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateResourceServer changes what its mask names. Tokens that are for it keep their scopes.
     * </pre>
     */
    public internal.symbolon.v1.UpdateResourceServerResponse updateResourceServer(internal.symbolon.v1.UpdateResourceServerRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateResourceServerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteResourceServer forgets a resource server. Tokens that are for it are then live for admins alone, and so they stay when another of
     * the same id is made.
     * </pre>
     */
    public internal.symbolon.v1.DeleteResourceServerResponse deleteResourceServer(internal.symbolon.v1.DeleteResourceServerRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteResourceServerMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ResourceServerService.
   * <pre>
   * ResourceServerService keeps the resource servers of a tenant (RFC 8707): services that a token may be for alone.
   * All methods are for admins. Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class ResourceServerServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ResourceServerServiceFutureStub> {
    private ResourceServerServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ResourceServerServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ResourceServerServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateResourceServer makes a resource server. An id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.CreateResourceServerResponse> createResourceServer(
        internal.symbolon.v1.CreateResourceServerRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateResourceServerMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetResourceServer answers a resource server.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.GetResourceServerResponse> getResourceServer(
        internal.symbolon.v1.GetResourceServerRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetResourceServerMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListResourceServers answers the resource servers of the tenant by id.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ListResourceServersResponse> listResourceServers(
        internal.symbolon.v1.ListResourceServersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListResourceServersMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * UpdateResourceServer changes what its mask names. Tokens that are for it keep their scopes.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.UpdateResourceServerResponse> updateResourceServer(
        internal.symbolon.v1.UpdateResourceServerRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateResourceServerMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DeleteResourceServer forgets a resource server. Tokens that are for it are then live for admins alone, and so they stay when another of
     * the same id is made.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.DeleteResourceServerResponse> deleteResourceServer(
        internal.symbolon.v1.DeleteResourceServerRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteResourceServerMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_RESOURCE_SERVER = 0;
  private static final int METHODID_GET_RESOURCE_SERVER = 1;
  private static final int METHODID_LIST_RESOURCE_SERVERS = 2;
  private static final int METHODID_UPDATE_RESOURCE_SERVER = 3;
  private static final int METHODID_DELETE_RESOURCE_SERVER = 4;

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
        case METHODID_CREATE_RESOURCE_SERVER:
          serviceImpl.createResourceServer((internal.symbolon.v1.CreateResourceServerRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.CreateResourceServerResponse>) responseObserver);
          break;
        case METHODID_GET_RESOURCE_SERVER:
          serviceImpl.getResourceServer((internal.symbolon.v1.GetResourceServerRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.GetResourceServerResponse>) responseObserver);
          break;
        case METHODID_LIST_RESOURCE_SERVERS:
          serviceImpl.listResourceServers((internal.symbolon.v1.ListResourceServersRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ListResourceServersResponse>) responseObserver);
          break;
        case METHODID_UPDATE_RESOURCE_SERVER:
          serviceImpl.updateResourceServer((internal.symbolon.v1.UpdateResourceServerRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateResourceServerResponse>) responseObserver);
          break;
        case METHODID_DELETE_RESOURCE_SERVER:
          serviceImpl.deleteResourceServer((internal.symbolon.v1.DeleteResourceServerRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteResourceServerResponse>) responseObserver);
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
          getCreateResourceServerMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.CreateResourceServerRequest,
              internal.symbolon.v1.CreateResourceServerResponse>(
                service, METHODID_CREATE_RESOURCE_SERVER)))
        .addMethod(
          getGetResourceServerMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.GetResourceServerRequest,
              internal.symbolon.v1.GetResourceServerResponse>(
                service, METHODID_GET_RESOURCE_SERVER)))
        .addMethod(
          getListResourceServersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ListResourceServersRequest,
              internal.symbolon.v1.ListResourceServersResponse>(
                service, METHODID_LIST_RESOURCE_SERVERS)))
        .addMethod(
          getUpdateResourceServerMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.UpdateResourceServerRequest,
              internal.symbolon.v1.UpdateResourceServerResponse>(
                service, METHODID_UPDATE_RESOURCE_SERVER)))
        .addMethod(
          getDeleteResourceServerMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.DeleteResourceServerRequest,
              internal.symbolon.v1.DeleteResourceServerResponse>(
                service, METHODID_DELETE_RESOURCE_SERVER)))
        .build();
  }

  private static abstract class ResourceServerServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    ResourceServerServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return internal.symbolon.v1.ResourceServerServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("ResourceServerService");
    }
  }

  private static final class ResourceServerServiceFileDescriptorSupplier
      extends ResourceServerServiceBaseDescriptorSupplier {
    ResourceServerServiceFileDescriptorSupplier() {}
  }

  private static final class ResourceServerServiceMethodDescriptorSupplier
      extends ResourceServerServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    ResourceServerServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (ResourceServerServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new ResourceServerServiceFileDescriptorSupplier())
              .addMethod(getCreateResourceServerMethod())
              .addMethod(getGetResourceServerMethod())
              .addMethod(getListResourceServersMethod())
              .addMethod(getUpdateResourceServerMethod())
              .addMethod(getDeleteResourceServerMethod())
              .build();
        }
      }
    }
    return result;
  }
}
