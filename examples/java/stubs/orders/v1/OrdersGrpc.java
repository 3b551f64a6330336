package orders.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class OrdersGrpc {

  private OrdersGrpc() {}

  public static final java.lang.String SERVICE_NAME = "orders.v1.Orders";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<orders.v1.ListRequest,
      orders.v1.ListResponse> getListMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "List",
      requestType = orders.v1.ListRequest.class,
      responseType = orders.v1.ListResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<orders.v1.ListRequest,
      orders.v1.ListResponse> getListMethod() {
    io.grpc.MethodDescriptor<orders.v1.ListRequest, orders.v1.ListResponse> getListMethod;
    if ((getListMethod = OrdersGrpc.getListMethod) == null) {
      synchronized (OrdersGrpc.class) {
        if ((getListMethod = OrdersGrpc.getListMethod) == null) {
          OrdersGrpc.getListMethod = getListMethod =
              io.grpc.MethodDescriptor.<orders.v1.ListRequest, orders.v1.ListResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "List"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  orders.v1.ListRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  orders.v1.ListResponse.getDefaultInstance()))
              .setSchemaDescriptor(new OrdersMethodDescriptorSupplier("List"))
              .build();
        }
      }
    }
    return getListMethod;
  }

  private static volatile io.grpc.MethodDescriptor<orders.v1.CancelRequest,
      orders.v1.CancelResponse> getCancelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Cancel",
      requestType = orders.v1.CancelRequest.class,
      responseType = orders.v1.CancelResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<orders.v1.CancelRequest,
      orders.v1.CancelResponse> getCancelMethod() {
    io.grpc.MethodDescriptor<orders.v1.CancelRequest, orders.v1.CancelResponse> getCancelMethod;
    if ((getCancelMethod = OrdersGrpc.getCancelMethod) == null) {
      synchronized (OrdersGrpc.class) {
        if ((getCancelMethod = OrdersGrpc.getCancelMethod) == null) {
          OrdersGrpc.getCancelMethod = getCancelMethod =
              io.grpc.MethodDescriptor.<orders.v1.CancelRequest, orders.v1.CancelResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Cancel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  orders.v1.CancelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  orders.v1.CancelResponse.getDefaultInstance()))
              .setSchemaDescriptor(new OrdersMethodDescriptorSupplier("Cancel"))
              .build();
        }
      }
    }
    return getCancelMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static OrdersStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<OrdersStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<OrdersStub>() {
        @java.lang.Override
        public OrdersStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new OrdersStub(channel, callOptions);
        }
      };
    return OrdersStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static OrdersBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<OrdersBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<OrdersBlockingV2Stub>() {
        @java.lang.Override
        public OrdersBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new OrdersBlockingV2Stub(channel, callOptions);
        }
      };
    return OrdersBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static OrdersBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<OrdersBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<OrdersBlockingStub>() {
        @java.lang.Override
        public OrdersBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new OrdersBlockingStub(channel, callOptions);
        }
      };
    return OrdersBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static OrdersFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<OrdersFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<OrdersFutureStub>() {
        @java.lang.Override
        public OrdersFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new OrdersFutureStub(channel, callOptions);
        }
      };
    return OrdersFutureStub.newStub(factory, channel);
  }

  /**
   */
  public interface AsyncService {

    /**
     * <pre>
     * Needs the scope `read`.
     * </pre>
     */
    default void list(orders.v1.ListRequest request,
        io.grpc.stub.StreamObserver<orders.v1.ListResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListMethod(), responseObserver);
    }

    /**
     * <pre>
     * Needs the scope `write`.
     * </pre>
     */
    default void cancel(orders.v1.CancelRequest request,
        io.grpc.stub.StreamObserver<orders.v1.CancelResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCancelMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service Orders.
   */
  public static abstract class OrdersImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return OrdersGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service Orders.
   */
  public static final class OrdersStub
      extends io.grpc.stub.AbstractAsyncStub<OrdersStub> {
    private OrdersStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected OrdersStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new OrdersStub(channel, callOptions);
    }

    /**
     * <pre>
     * Needs the scope `read`.
     * </pre>
     */
    public void list(orders.v1.ListRequest request,
        io.grpc.stub.StreamObserver<orders.v1.ListResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Needs the scope `write`.
     * </pre>
     */
    public void cancel(orders.v1.CancelRequest request,
        io.grpc.stub.StreamObserver<orders.v1.CancelResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCancelMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service Orders.
   */
  public static final class OrdersBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<OrdersBlockingV2Stub> {
    private OrdersBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected OrdersBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new OrdersBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Needs the scope `read`.
     * </pre>
     */
    public orders.v1.ListResponse list(orders.v1.ListRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Needs the scope `write`.
     * </pre>
     */
    public orders.v1.CancelResponse cancel(orders.v1.CancelRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCancelMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service Orders.
   */
  public static final class OrdersBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<OrdersBlockingStub> {
    private OrdersBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected OrdersBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new OrdersBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Needs the scope `read`.
     * </pre>
     */
    public orders.v1.ListResponse list(orders.v1.ListRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Needs the scope `write`.
     * </pre>
     */
    public orders.v1.CancelResponse cancel(orders.v1.CancelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCancelMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service Orders.
   */
  public static final class OrdersFutureStub
      extends io.grpc.stub.AbstractFutureStub<OrdersFutureStub> {
    private OrdersFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected OrdersFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new OrdersFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Needs the scope `read`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<orders.v1.ListResponse> list(
        orders.v1.ListRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Needs the scope `write`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<orders.v1.CancelResponse> cancel(
        orders.v1.CancelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCancelMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST = 0;
  private static final int METHODID_CANCEL = 1;

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
        case METHODID_LIST:
          serviceImpl.list((orders.v1.ListRequest) request,
              (io.grpc.stub.StreamObserver<orders.v1.ListResponse>) responseObserver);
          break;
        case METHODID_CANCEL:
          serviceImpl.cancel((orders.v1.CancelRequest) request,
              (io.grpc.stub.StreamObserver<orders.v1.CancelResponse>) responseObserver);
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
          getListMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              orders.v1.ListRequest,
              orders.v1.ListResponse>(
                service, METHODID_LIST)))
        .addMethod(
          getCancelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              orders.v1.CancelRequest,
              orders.v1.CancelResponse>(
                service, METHODID_CANCEL)))
        .build();
  }

  private static abstract class OrdersBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    OrdersBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return orders.v1.OrdersOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("Orders");
    }
  }

  private static final class OrdersFileDescriptorSupplier
      extends OrdersBaseDescriptorSupplier {
    OrdersFileDescriptorSupplier() {}
  }

  private static final class OrdersMethodDescriptorSupplier
      extends OrdersBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    OrdersMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (OrdersGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new OrdersFileDescriptorSupplier())
              .addMethod(getListMethod())
              .addMethod(getCancelMethod())
              .build();
        }
      }
    }
    return result;
  }
}
