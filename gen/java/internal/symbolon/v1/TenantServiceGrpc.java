package internal.symbolon.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * TenantService keeps tenants and their policies.
 * Callers, errors, repeats, pages and update masks are as TokenService tells.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class TenantServiceGrpc {

  private TenantServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "symbolon.v1.TenantService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.CreateTenantRequest,
      internal.symbolon.v1.CreateTenantResponse> getCreateTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateTenant",
      requestType = internal.symbolon.v1.CreateTenantRequest.class,
      responseType = internal.symbolon.v1.CreateTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.CreateTenantRequest,
      internal.symbolon.v1.CreateTenantResponse> getCreateTenantMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.CreateTenantRequest, internal.symbolon.v1.CreateTenantResponse> getCreateTenantMethod;
    if ((getCreateTenantMethod = TenantServiceGrpc.getCreateTenantMethod) == null) {
      synchronized (TenantServiceGrpc.class) {
        if ((getCreateTenantMethod = TenantServiceGrpc.getCreateTenantMethod) == null) {
          TenantServiceGrpc.getCreateTenantMethod = getCreateTenantMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.CreateTenantRequest, internal.symbolon.v1.CreateTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateTenant"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CreateTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CreateTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TenantServiceMethodDescriptorSupplier("CreateTenant"))
              .build();
        }
      }
    }
    return getCreateTenantMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.GetTenantRequest,
      internal.symbolon.v1.GetTenantResponse> getGetTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetTenant",
      requestType = internal.symbolon.v1.GetTenantRequest.class,
      responseType = internal.symbolon.v1.GetTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.GetTenantRequest,
      internal.symbolon.v1.GetTenantResponse> getGetTenantMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.GetTenantRequest, internal.symbolon.v1.GetTenantResponse> getGetTenantMethod;
    if ((getGetTenantMethod = TenantServiceGrpc.getGetTenantMethod) == null) {
      synchronized (TenantServiceGrpc.class) {
        if ((getGetTenantMethod = TenantServiceGrpc.getGetTenantMethod) == null) {
          TenantServiceGrpc.getGetTenantMethod = getGetTenantMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.GetTenantRequest, internal.symbolon.v1.GetTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetTenant"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TenantServiceMethodDescriptorSupplier("GetTenant"))
              .build();
        }
      }
    }
    return getGetTenantMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ListTenantsRequest,
      internal.symbolon.v1.ListTenantsResponse> getListTenantsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListTenants",
      requestType = internal.symbolon.v1.ListTenantsRequest.class,
      responseType = internal.symbolon.v1.ListTenantsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ListTenantsRequest,
      internal.symbolon.v1.ListTenantsResponse> getListTenantsMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ListTenantsRequest, internal.symbolon.v1.ListTenantsResponse> getListTenantsMethod;
    if ((getListTenantsMethod = TenantServiceGrpc.getListTenantsMethod) == null) {
      synchronized (TenantServiceGrpc.class) {
        if ((getListTenantsMethod = TenantServiceGrpc.getListTenantsMethod) == null) {
          TenantServiceGrpc.getListTenantsMethod = getListTenantsMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ListTenantsRequest, internal.symbolon.v1.ListTenantsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListTenants"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListTenantsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListTenantsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TenantServiceMethodDescriptorSupplier("ListTenants"))
              .build();
        }
      }
    }
    return getListTenantsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateTenantRequest,
      internal.symbolon.v1.UpdateTenantResponse> getUpdateTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateTenant",
      requestType = internal.symbolon.v1.UpdateTenantRequest.class,
      responseType = internal.symbolon.v1.UpdateTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateTenantRequest,
      internal.symbolon.v1.UpdateTenantResponse> getUpdateTenantMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateTenantRequest, internal.symbolon.v1.UpdateTenantResponse> getUpdateTenantMethod;
    if ((getUpdateTenantMethod = TenantServiceGrpc.getUpdateTenantMethod) == null) {
      synchronized (TenantServiceGrpc.class) {
        if ((getUpdateTenantMethod = TenantServiceGrpc.getUpdateTenantMethod) == null) {
          TenantServiceGrpc.getUpdateTenantMethod = getUpdateTenantMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.UpdateTenantRequest, internal.symbolon.v1.UpdateTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateTenant"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UpdateTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UpdateTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TenantServiceMethodDescriptorSupplier("UpdateTenant"))
              .build();
        }
      }
    }
    return getUpdateTenantMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.DisableTenantRequest,
      internal.symbolon.v1.DisableTenantResponse> getDisableTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DisableTenant",
      requestType = internal.symbolon.v1.DisableTenantRequest.class,
      responseType = internal.symbolon.v1.DisableTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.DisableTenantRequest,
      internal.symbolon.v1.DisableTenantResponse> getDisableTenantMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.DisableTenantRequest, internal.symbolon.v1.DisableTenantResponse> getDisableTenantMethod;
    if ((getDisableTenantMethod = TenantServiceGrpc.getDisableTenantMethod) == null) {
      synchronized (TenantServiceGrpc.class) {
        if ((getDisableTenantMethod = TenantServiceGrpc.getDisableTenantMethod) == null) {
          TenantServiceGrpc.getDisableTenantMethod = getDisableTenantMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.DisableTenantRequest, internal.symbolon.v1.DisableTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DisableTenant"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DisableTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DisableTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TenantServiceMethodDescriptorSupplier("DisableTenant"))
              .build();
        }
      }
    }
    return getDisableTenantMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.EnableTenantRequest,
      internal.symbolon.v1.EnableTenantResponse> getEnableTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "EnableTenant",
      requestType = internal.symbolon.v1.EnableTenantRequest.class,
      responseType = internal.symbolon.v1.EnableTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.EnableTenantRequest,
      internal.symbolon.v1.EnableTenantResponse> getEnableTenantMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.EnableTenantRequest, internal.symbolon.v1.EnableTenantResponse> getEnableTenantMethod;
    if ((getEnableTenantMethod = TenantServiceGrpc.getEnableTenantMethod) == null) {
      synchronized (TenantServiceGrpc.class) {
        if ((getEnableTenantMethod = TenantServiceGrpc.getEnableTenantMethod) == null) {
          TenantServiceGrpc.getEnableTenantMethod = getEnableTenantMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.EnableTenantRequest, internal.symbolon.v1.EnableTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "EnableTenant"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.EnableTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.EnableTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TenantServiceMethodDescriptorSupplier("EnableTenant"))
              .build();
        }
      }
    }
    return getEnableTenantMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static TenantServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TenantServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TenantServiceStub>() {
        @java.lang.Override
        public TenantServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TenantServiceStub(channel, callOptions);
        }
      };
    return TenantServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static TenantServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TenantServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TenantServiceBlockingV2Stub>() {
        @java.lang.Override
        public TenantServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TenantServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return TenantServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static TenantServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TenantServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TenantServiceBlockingStub>() {
        @java.lang.Override
        public TenantServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TenantServiceBlockingStub(channel, callOptions);
        }
      };
    return TenantServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static TenantServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TenantServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TenantServiceFutureStub>() {
        @java.lang.Override
        public TenantServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TenantServiceFutureStub(channel, callOptions);
        }
      };
    return TenantServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * TenantService keeps tenants and their policies.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * CreateTenant makes a tenant, and with it a public client of the same id. For operators.
     * An id that is taken, by a tenant or by a client: ALREADY_EXISTS.
     * </pre>
     */
    default void createTenant(internal.symbolon.v1.CreateTenantRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CreateTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateTenantMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetTenant answers a tenant. For admins of their own tenant, and for operators.
     * </pre>
     */
    default void getTenant(internal.symbolon.v1.GetTenantRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetTenantMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListTenants answers all tenants, by id. For operators.
     * </pre>
     */
    default void listTenants(internal.symbolon.v1.ListTenantsRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListTenantsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListTenantsMethod(), responseObserver);
    }

    /**
     * <pre>
     * UpdateTenant changes what its mask names, from the next call on; tokens that were issued keep their times. For admins of their
     * own tenant, and for operators.
     * </pre>
     */
    default void updateTenant(internal.symbolon.v1.UpdateTenantRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateTenantMethod(), responseObserver);
    }

    /**
     * <pre>
     * DisableTenant ends every token of a tenant and refuses its clients, users and devices until it is enabled. Codes that were sent work
     * again then, until they expire. For operators.
     * </pre>
     */
    default void disableTenant(internal.symbolon.v1.DisableTenantRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDisableTenantMethod(), responseObserver);
    }

    /**
     * <pre>
     * EnableTenant lets a tenant's clients, users and devices log in again. Tokens that ended stay dead. For operators.
     * </pre>
     */
    default void enableTenant(internal.symbolon.v1.EnableTenantRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getEnableTenantMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service TenantService.
   * <pre>
   * TenantService keeps tenants and their policies.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static abstract class TenantServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return TenantServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service TenantService.
   * <pre>
   * TenantService keeps tenants and their policies.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class TenantServiceStub
      extends io.grpc.stub.AbstractAsyncStub<TenantServiceStub> {
    private TenantServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TenantServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TenantServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateTenant makes a tenant, and with it a public client of the same id. For operators.
     * An id that is taken, by a tenant or by a client: ALREADY_EXISTS.
     * </pre>
     */
    public void createTenant(internal.symbolon.v1.CreateTenantRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CreateTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateTenantMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetTenant answers a tenant. For admins of their own tenant, and for operators.
     * </pre>
     */
    public void getTenant(internal.symbolon.v1.GetTenantRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetTenantMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListTenants answers all tenants, by id. For operators.
     * </pre>
     */
    public void listTenants(internal.symbolon.v1.ListTenantsRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListTenantsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListTenantsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * UpdateTenant changes what its mask names, from the next call on; tokens that were issued keep their times. For admins of their
     * own tenant, and for operators.
     * </pre>
     */
    public void updateTenant(internal.symbolon.v1.UpdateTenantRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateTenantMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DisableTenant ends every token of a tenant and refuses its clients, users and devices until it is enabled. Codes that were sent work
     * again then, until they expire. For operators.
     * </pre>
     */
    public void disableTenant(internal.symbolon.v1.DisableTenantRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDisableTenantMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * EnableTenant lets a tenant's clients, users and devices log in again. Tokens that ended stay dead. For operators.
     * </pre>
     */
    public void enableTenant(internal.symbolon.v1.EnableTenantRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getEnableTenantMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service TenantService.
   * <pre>
   * TenantService keeps tenants and their policies.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class TenantServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<TenantServiceBlockingV2Stub> {
    private TenantServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TenantServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TenantServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateTenant makes a tenant, and with it a public client of the same id. For operators.
     * An id that is taken, by a tenant or by a client: ALREADY_EXISTS.
     * </pre>
     */
    public internal.symbolon.v1.CreateTenantResponse createTenant(internal.symbolon.v1.CreateTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetTenant answers a tenant. For admins of their own tenant, and for operators.
     * </pre>
     */
    public internal.symbolon.v1.GetTenantResponse getTenant(internal.symbolon.v1.GetTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListTenants answers all tenants, by id. For operators.
     * </pre>
     */
    public internal.symbolon.v1.ListTenantsResponse listTenants(internal.symbolon.v1.ListTenantsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListTenantsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateTenant changes what its mask names, from the next call on; tokens that were issued keep their times. For admins of their
     * own tenant, and for operators.
     * </pre>
     */
    public internal.symbolon.v1.UpdateTenantResponse updateTenant(internal.symbolon.v1.UpdateTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DisableTenant ends every token of a tenant and refuses its clients, users and devices until it is enabled. Codes that were sent work
     * again then, until they expire. For operators.
     * </pre>
     */
    public internal.symbolon.v1.DisableTenantResponse disableTenant(internal.symbolon.v1.DisableTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDisableTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * EnableTenant lets a tenant's clients, users and devices log in again. Tokens that ended stay dead. For operators.
     * </pre>
     */
    public internal.symbolon.v1.EnableTenantResponse enableTenant(internal.symbolon.v1.EnableTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getEnableTenantMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service TenantService.
   * <pre>
   * TenantService keeps tenants and their policies.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class TenantServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<TenantServiceBlockingStub> {
    private TenantServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TenantServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TenantServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateTenant makes a tenant, and with it a public client of the same id. For operators.
     * An id that is taken, by a tenant or by a client: ALREADY_EXISTS.
     * </pre>
     */
    public internal.symbolon.v1.CreateTenantResponse createTenant(internal.symbolon.v1.CreateTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetTenant answers a tenant. For admins of their own tenant, and for operators.
     * </pre>
     */
    public internal.symbolon.v1.GetTenantResponse getTenant(internal.symbolon.v1.GetTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListTenants answers all tenants, by id. For operators.
     * </pre>
     */
    public internal.symbolon.v1.ListTenantsResponse listTenants(internal.symbolon.v1.ListTenantsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListTenantsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateTenant changes what its mask names, from the next call on; tokens that were issued keep their times. For admins of their
     * own tenant, and for operators.
     * </pre>
     */
    public internal.symbolon.v1.UpdateTenantResponse updateTenant(internal.symbolon.v1.UpdateTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DisableTenant ends every token of a tenant and refuses its clients, users and devices until it is enabled. Codes that were sent work
     * again then, until they expire. For operators.
     * </pre>
     */
    public internal.symbolon.v1.DisableTenantResponse disableTenant(internal.symbolon.v1.DisableTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDisableTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * EnableTenant lets a tenant's clients, users and devices log in again. Tokens that ended stay dead. For operators.
     * </pre>
     */
    public internal.symbolon.v1.EnableTenantResponse enableTenant(internal.symbolon.v1.EnableTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getEnableTenantMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service TenantService.
   * <pre>
   * TenantService keeps tenants and their policies.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class TenantServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<TenantServiceFutureStub> {
    private TenantServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TenantServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TenantServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateTenant makes a tenant, and with it a public client of the same id. For operators.
     * An id that is taken, by a tenant or by a client: ALREADY_EXISTS.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.CreateTenantResponse> createTenant(
        internal.symbolon.v1.CreateTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateTenantMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetTenant answers a tenant. For admins of their own tenant, and for operators.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.GetTenantResponse> getTenant(
        internal.symbolon.v1.GetTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetTenantMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListTenants answers all tenants, by id. For operators.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ListTenantsResponse> listTenants(
        internal.symbolon.v1.ListTenantsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListTenantsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * UpdateTenant changes what its mask names, from the next call on; tokens that were issued keep their times. For admins of their
     * own tenant, and for operators.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.UpdateTenantResponse> updateTenant(
        internal.symbolon.v1.UpdateTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateTenantMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DisableTenant ends every token of a tenant and refuses its clients, users and devices until it is enabled. Codes that were sent work
     * again then, until they expire. For operators.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.DisableTenantResponse> disableTenant(
        internal.symbolon.v1.DisableTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDisableTenantMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * EnableTenant lets a tenant's clients, users and devices log in again. Tokens that ended stay dead. For operators.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.EnableTenantResponse> enableTenant(
        internal.symbolon.v1.EnableTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getEnableTenantMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_TENANT = 0;
  private static final int METHODID_GET_TENANT = 1;
  private static final int METHODID_LIST_TENANTS = 2;
  private static final int METHODID_UPDATE_TENANT = 3;
  private static final int METHODID_DISABLE_TENANT = 4;
  private static final int METHODID_ENABLE_TENANT = 5;

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
        case METHODID_CREATE_TENANT:
          serviceImpl.createTenant((internal.symbolon.v1.CreateTenantRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.CreateTenantResponse>) responseObserver);
          break;
        case METHODID_GET_TENANT:
          serviceImpl.getTenant((internal.symbolon.v1.GetTenantRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.GetTenantResponse>) responseObserver);
          break;
        case METHODID_LIST_TENANTS:
          serviceImpl.listTenants((internal.symbolon.v1.ListTenantsRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ListTenantsResponse>) responseObserver);
          break;
        case METHODID_UPDATE_TENANT:
          serviceImpl.updateTenant((internal.symbolon.v1.UpdateTenantRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateTenantResponse>) responseObserver);
          break;
        case METHODID_DISABLE_TENANT:
          serviceImpl.disableTenant((internal.symbolon.v1.DisableTenantRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableTenantResponse>) responseObserver);
          break;
        case METHODID_ENABLE_TENANT:
          serviceImpl.enableTenant((internal.symbolon.v1.EnableTenantRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableTenantResponse>) responseObserver);
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
          getCreateTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.CreateTenantRequest,
              internal.symbolon.v1.CreateTenantResponse>(
                service, METHODID_CREATE_TENANT)))
        .addMethod(
          getGetTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.GetTenantRequest,
              internal.symbolon.v1.GetTenantResponse>(
                service, METHODID_GET_TENANT)))
        .addMethod(
          getListTenantsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ListTenantsRequest,
              internal.symbolon.v1.ListTenantsResponse>(
                service, METHODID_LIST_TENANTS)))
        .addMethod(
          getUpdateTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.UpdateTenantRequest,
              internal.symbolon.v1.UpdateTenantResponse>(
                service, METHODID_UPDATE_TENANT)))
        .addMethod(
          getDisableTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.DisableTenantRequest,
              internal.symbolon.v1.DisableTenantResponse>(
                service, METHODID_DISABLE_TENANT)))
        .addMethod(
          getEnableTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.EnableTenantRequest,
              internal.symbolon.v1.EnableTenantResponse>(
                service, METHODID_ENABLE_TENANT)))
        .build();
  }

  private static abstract class TenantServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    TenantServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return internal.symbolon.v1.TenantServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("TenantService");
    }
  }

  private static final class TenantServiceFileDescriptorSupplier
      extends TenantServiceBaseDescriptorSupplier {
    TenantServiceFileDescriptorSupplier() {}
  }

  private static final class TenantServiceMethodDescriptorSupplier
      extends TenantServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    TenantServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (TenantServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new TenantServiceFileDescriptorSupplier())
              .addMethod(getCreateTenantMethod())
              .addMethod(getGetTenantMethod())
              .addMethod(getListTenantsMethod())
              .addMethod(getUpdateTenantMethod())
              .addMethod(getDisableTenantMethod())
              .addMethod(getEnableTenantMethod())
              .build();
        }
      }
    }
    return result;
  }
}
