package internal.symbolon.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * ConsentService shows what users granted to clients, and takes it back. It is granted on the pages of the server alone.
 * Callers, errors, repeats and pages are as TokenService tells.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ConsentServiceGrpc {

  private ConsentServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "symbolon.v1.ConsentService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ListConsentsRequest,
      internal.symbolon.v1.ListConsentsResponse> getListConsentsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListConsents",
      requestType = internal.symbolon.v1.ListConsentsRequest.class,
      responseType = internal.symbolon.v1.ListConsentsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ListConsentsRequest,
      internal.symbolon.v1.ListConsentsResponse> getListConsentsMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ListConsentsRequest, internal.symbolon.v1.ListConsentsResponse> getListConsentsMethod;
    if ((getListConsentsMethod = ConsentServiceGrpc.getListConsentsMethod) == null) {
      synchronized (ConsentServiceGrpc.class) {
        if ((getListConsentsMethod = ConsentServiceGrpc.getListConsentsMethod) == null) {
          ConsentServiceGrpc.getListConsentsMethod = getListConsentsMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ListConsentsRequest, internal.symbolon.v1.ListConsentsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListConsents"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListConsentsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListConsentsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConsentServiceMethodDescriptorSupplier("ListConsents"))
              .build();
        }
      }
    }
    return getListConsentsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.WithdrawConsentRequest,
      internal.symbolon.v1.WithdrawConsentResponse> getWithdrawConsentMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WithdrawConsent",
      requestType = internal.symbolon.v1.WithdrawConsentRequest.class,
      responseType = internal.symbolon.v1.WithdrawConsentResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.WithdrawConsentRequest,
      internal.symbolon.v1.WithdrawConsentResponse> getWithdrawConsentMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.WithdrawConsentRequest, internal.symbolon.v1.WithdrawConsentResponse> getWithdrawConsentMethod;
    if ((getWithdrawConsentMethod = ConsentServiceGrpc.getWithdrawConsentMethod) == null) {
      synchronized (ConsentServiceGrpc.class) {
        if ((getWithdrawConsentMethod = ConsentServiceGrpc.getWithdrawConsentMethod) == null) {
          ConsentServiceGrpc.getWithdrawConsentMethod = getWithdrawConsentMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.WithdrawConsentRequest, internal.symbolon.v1.WithdrawConsentResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WithdrawConsent"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.WithdrawConsentRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.WithdrawConsentResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConsentServiceMethodDescriptorSupplier("WithdrawConsent"))
              .build();
        }
      }
    }
    return getWithdrawConsentMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ConsentServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConsentServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConsentServiceStub>() {
        @java.lang.Override
        public ConsentServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConsentServiceStub(channel, callOptions);
        }
      };
    return ConsentServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ConsentServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConsentServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConsentServiceBlockingV2Stub>() {
        @java.lang.Override
        public ConsentServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConsentServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ConsentServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ConsentServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConsentServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConsentServiceBlockingStub>() {
        @java.lang.Override
        public ConsentServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConsentServiceBlockingStub(channel, callOptions);
        }
      };
    return ConsentServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ConsentServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConsentServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConsentServiceFutureStub>() {
        @java.lang.Override
        public ConsentServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConsentServiceFutureStub(channel, callOptions);
        }
      };
    return ConsentServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * ConsentService shows what users granted to clients, and takes it back. It is granted on the pages of the server alone.
   * Callers, errors, repeats and pages are as TokenService tells.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * ListConsents answers what a user has granted and not withdrawn, one consent for each client. For admins, and for the user itself.
     * </pre>
     */
    default void listConsents(internal.symbolon.v1.ListConsentsRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListConsentsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListConsentsMethod(), responseObserver);
    }

    /**
     * <pre>
     * WithdrawConsent takes back all that a user granted to a client. The tokens that the client got by it end, and the client's own tokens
     * reach nothing of the user any more. For admins, and for the user itself. When it has answered, every later Introspect and Check on
     * every server knows it.
     * </pre>
     */
    default void withdrawConsent(internal.symbolon.v1.WithdrawConsentRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.WithdrawConsentResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWithdrawConsentMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ConsentService.
   * <pre>
   * ConsentService shows what users granted to clients, and takes it back. It is granted on the pages of the server alone.
   * Callers, errors, repeats and pages are as TokenService tells.
   * </pre>
   */
  public static abstract class ConsentServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ConsentServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ConsentService.
   * <pre>
   * ConsentService shows what users granted to clients, and takes it back. It is granted on the pages of the server alone.
   * Callers, errors, repeats and pages are as TokenService tells.
   * </pre>
   */
  public static final class ConsentServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ConsentServiceStub> {
    private ConsentServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConsentServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConsentServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListConsents answers what a user has granted and not withdrawn, one consent for each client. For admins, and for the user itself.
     * </pre>
     */
    public void listConsents(internal.symbolon.v1.ListConsentsRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListConsentsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListConsentsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * WithdrawConsent takes back all that a user granted to a client. The tokens that the client got by it end, and the client's own tokens
     * reach nothing of the user any more. For admins, and for the user itself. When it has answered, every later Introspect and Check on
     * every server knows it.
     * </pre>
     */
    public void withdrawConsent(internal.symbolon.v1.WithdrawConsentRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.WithdrawConsentResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getWithdrawConsentMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ConsentService.
   * <pre>
   * ConsentService shows what users granted to clients, and takes it back. It is granted on the pages of the server alone.
   * Callers, errors, repeats and pages are as TokenService tells.
   * </pre>
   */
  public static final class ConsentServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ConsentServiceBlockingV2Stub> {
    private ConsentServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConsentServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConsentServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * ListConsents answers what a user has granted and not withdrawn, one consent for each client. For admins, and for the user itself.
     * </pre>
     */
    public internal.symbolon.v1.ListConsentsResponse listConsents(internal.symbolon.v1.ListConsentsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListConsentsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * WithdrawConsent takes back all that a user granted to a client. The tokens that the client got by it end, and the client's own tokens
     * reach nothing of the user any more. For admins, and for the user itself. When it has answered, every later Introspect and Check on
     * every server knows it.
     * </pre>
     */
    public internal.symbolon.v1.WithdrawConsentResponse withdrawConsent(internal.symbolon.v1.WithdrawConsentRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getWithdrawConsentMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ConsentService.
   * <pre>
   * ConsentService shows what users granted to clients, and takes it back. It is granted on the pages of the server alone.
   * Callers, errors, repeats and pages are as TokenService tells.
   * </pre>
   */
  public static final class ConsentServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ConsentServiceBlockingStub> {
    private ConsentServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConsentServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConsentServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListConsents answers what a user has granted and not withdrawn, one consent for each client. For admins, and for the user itself.
     * </pre>
     */
    public internal.symbolon.v1.ListConsentsResponse listConsents(internal.symbolon.v1.ListConsentsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListConsentsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * WithdrawConsent takes back all that a user granted to a client. The tokens that the client got by it end, and the client's own tokens
     * reach nothing of the user any more. For admins, and for the user itself. When it has answered, every later Introspect and Check on
     * every server knows it.
     * </pre>
     */
    public internal.symbolon.v1.WithdrawConsentResponse withdrawConsent(internal.symbolon.v1.WithdrawConsentRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getWithdrawConsentMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ConsentService.
   * <pre>
   * ConsentService shows what users granted to clients, and takes it back. It is granted on the pages of the server alone.
   * Callers, errors, repeats and pages are as TokenService tells.
   * </pre>
   */
  public static final class ConsentServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ConsentServiceFutureStub> {
    private ConsentServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConsentServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConsentServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListConsents answers what a user has granted and not withdrawn, one consent for each client. For admins, and for the user itself.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ListConsentsResponse> listConsents(
        internal.symbolon.v1.ListConsentsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListConsentsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * WithdrawConsent takes back all that a user granted to a client. The tokens that the client got by it end, and the client's own tokens
     * reach nothing of the user any more. For admins, and for the user itself. When it has answered, every later Introspect and Check on
     * every server knows it.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.WithdrawConsentResponse> withdrawConsent(
        internal.symbolon.v1.WithdrawConsentRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getWithdrawConsentMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_CONSENTS = 0;
  private static final int METHODID_WITHDRAW_CONSENT = 1;

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
        case METHODID_LIST_CONSENTS:
          serviceImpl.listConsents((internal.symbolon.v1.ListConsentsRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ListConsentsResponse>) responseObserver);
          break;
        case METHODID_WITHDRAW_CONSENT:
          serviceImpl.withdrawConsent((internal.symbolon.v1.WithdrawConsentRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.WithdrawConsentResponse>) responseObserver);
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
          getListConsentsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ListConsentsRequest,
              internal.symbolon.v1.ListConsentsResponse>(
                service, METHODID_LIST_CONSENTS)))
        .addMethod(
          getWithdrawConsentMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.WithdrawConsentRequest,
              internal.symbolon.v1.WithdrawConsentResponse>(
                service, METHODID_WITHDRAW_CONSENT)))
        .build();
  }

  private static abstract class ConsentServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    ConsentServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return internal.symbolon.v1.ConsentServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("ConsentService");
    }
  }

  private static final class ConsentServiceFileDescriptorSupplier
      extends ConsentServiceBaseDescriptorSupplier {
    ConsentServiceFileDescriptorSupplier() {}
  }

  private static final class ConsentServiceMethodDescriptorSupplier
      extends ConsentServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    ConsentServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (ConsentServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new ConsentServiceFileDescriptorSupplier())
              .addMethod(getListConsentsMethod())
              .addMethod(getWithdrawConsentMethod())
              .build();
        }
      }
    }
    return result;
  }
}
