package internal.symbolon.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * ClientService keeps the clients of a tenant, their roles, scopes and secrets.
 * Callers, errors, repeats, pages and update masks are as TokenService tells.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ClientServiceGrpc {

  private ClientServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "symbolon.v1.ClientService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.CreateClientRequest,
      internal.symbolon.v1.CreateClientResponse> getCreateClientMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateClient",
      requestType = internal.symbolon.v1.CreateClientRequest.class,
      responseType = internal.symbolon.v1.CreateClientResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.CreateClientRequest,
      internal.symbolon.v1.CreateClientResponse> getCreateClientMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.CreateClientRequest, internal.symbolon.v1.CreateClientResponse> getCreateClientMethod;
    if ((getCreateClientMethod = ClientServiceGrpc.getCreateClientMethod) == null) {
      synchronized (ClientServiceGrpc.class) {
        if ((getCreateClientMethod = ClientServiceGrpc.getCreateClientMethod) == null) {
          ClientServiceGrpc.getCreateClientMethod = getCreateClientMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.CreateClientRequest, internal.symbolon.v1.CreateClientResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateClient"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CreateClientRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CreateClientResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ClientServiceMethodDescriptorSupplier("CreateClient"))
              .build();
        }
      }
    }
    return getCreateClientMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.GetClientRequest,
      internal.symbolon.v1.GetClientResponse> getGetClientMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetClient",
      requestType = internal.symbolon.v1.GetClientRequest.class,
      responseType = internal.symbolon.v1.GetClientResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.GetClientRequest,
      internal.symbolon.v1.GetClientResponse> getGetClientMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.GetClientRequest, internal.symbolon.v1.GetClientResponse> getGetClientMethod;
    if ((getGetClientMethod = ClientServiceGrpc.getGetClientMethod) == null) {
      synchronized (ClientServiceGrpc.class) {
        if ((getGetClientMethod = ClientServiceGrpc.getGetClientMethod) == null) {
          ClientServiceGrpc.getGetClientMethod = getGetClientMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.GetClientRequest, internal.symbolon.v1.GetClientResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetClient"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetClientRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetClientResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ClientServiceMethodDescriptorSupplier("GetClient"))
              .build();
        }
      }
    }
    return getGetClientMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ListClientsRequest,
      internal.symbolon.v1.ListClientsResponse> getListClientsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListClients",
      requestType = internal.symbolon.v1.ListClientsRequest.class,
      responseType = internal.symbolon.v1.ListClientsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ListClientsRequest,
      internal.symbolon.v1.ListClientsResponse> getListClientsMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ListClientsRequest, internal.symbolon.v1.ListClientsResponse> getListClientsMethod;
    if ((getListClientsMethod = ClientServiceGrpc.getListClientsMethod) == null) {
      synchronized (ClientServiceGrpc.class) {
        if ((getListClientsMethod = ClientServiceGrpc.getListClientsMethod) == null) {
          ClientServiceGrpc.getListClientsMethod = getListClientsMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ListClientsRequest, internal.symbolon.v1.ListClientsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListClients"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListClientsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListClientsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ClientServiceMethodDescriptorSupplier("ListClients"))
              .build();
        }
      }
    }
    return getListClientsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateClientRequest,
      internal.symbolon.v1.UpdateClientResponse> getUpdateClientMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateClient",
      requestType = internal.symbolon.v1.UpdateClientRequest.class,
      responseType = internal.symbolon.v1.UpdateClientResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateClientRequest,
      internal.symbolon.v1.UpdateClientResponse> getUpdateClientMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateClientRequest, internal.symbolon.v1.UpdateClientResponse> getUpdateClientMethod;
    if ((getUpdateClientMethod = ClientServiceGrpc.getUpdateClientMethod) == null) {
      synchronized (ClientServiceGrpc.class) {
        if ((getUpdateClientMethod = ClientServiceGrpc.getUpdateClientMethod) == null) {
          ClientServiceGrpc.getUpdateClientMethod = getUpdateClientMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.UpdateClientRequest, internal.symbolon.v1.UpdateClientResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateClient"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UpdateClientRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UpdateClientResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ClientServiceMethodDescriptorSupplier("UpdateClient"))
              .build();
        }
      }
    }
    return getUpdateClientMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.AddClientSecretRequest,
      internal.symbolon.v1.AddClientSecretResponse> getAddClientSecretMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AddClientSecret",
      requestType = internal.symbolon.v1.AddClientSecretRequest.class,
      responseType = internal.symbolon.v1.AddClientSecretResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.AddClientSecretRequest,
      internal.symbolon.v1.AddClientSecretResponse> getAddClientSecretMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.AddClientSecretRequest, internal.symbolon.v1.AddClientSecretResponse> getAddClientSecretMethod;
    if ((getAddClientSecretMethod = ClientServiceGrpc.getAddClientSecretMethod) == null) {
      synchronized (ClientServiceGrpc.class) {
        if ((getAddClientSecretMethod = ClientServiceGrpc.getAddClientSecretMethod) == null) {
          ClientServiceGrpc.getAddClientSecretMethod = getAddClientSecretMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.AddClientSecretRequest, internal.symbolon.v1.AddClientSecretResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AddClientSecret"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.AddClientSecretRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.AddClientSecretResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ClientServiceMethodDescriptorSupplier("AddClientSecret"))
              .build();
        }
      }
    }
    return getAddClientSecretMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ExpireClientSecretRequest,
      internal.symbolon.v1.ExpireClientSecretResponse> getExpireClientSecretMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ExpireClientSecret",
      requestType = internal.symbolon.v1.ExpireClientSecretRequest.class,
      responseType = internal.symbolon.v1.ExpireClientSecretResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ExpireClientSecretRequest,
      internal.symbolon.v1.ExpireClientSecretResponse> getExpireClientSecretMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ExpireClientSecretRequest, internal.symbolon.v1.ExpireClientSecretResponse> getExpireClientSecretMethod;
    if ((getExpireClientSecretMethod = ClientServiceGrpc.getExpireClientSecretMethod) == null) {
      synchronized (ClientServiceGrpc.class) {
        if ((getExpireClientSecretMethod = ClientServiceGrpc.getExpireClientSecretMethod) == null) {
          ClientServiceGrpc.getExpireClientSecretMethod = getExpireClientSecretMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ExpireClientSecretRequest, internal.symbolon.v1.ExpireClientSecretResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ExpireClientSecret"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ExpireClientSecretRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ExpireClientSecretResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ClientServiceMethodDescriptorSupplier("ExpireClientSecret"))
              .build();
        }
      }
    }
    return getExpireClientSecretMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.DisableClientRequest,
      internal.symbolon.v1.DisableClientResponse> getDisableClientMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DisableClient",
      requestType = internal.symbolon.v1.DisableClientRequest.class,
      responseType = internal.symbolon.v1.DisableClientResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.DisableClientRequest,
      internal.symbolon.v1.DisableClientResponse> getDisableClientMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.DisableClientRequest, internal.symbolon.v1.DisableClientResponse> getDisableClientMethod;
    if ((getDisableClientMethod = ClientServiceGrpc.getDisableClientMethod) == null) {
      synchronized (ClientServiceGrpc.class) {
        if ((getDisableClientMethod = ClientServiceGrpc.getDisableClientMethod) == null) {
          ClientServiceGrpc.getDisableClientMethod = getDisableClientMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.DisableClientRequest, internal.symbolon.v1.DisableClientResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DisableClient"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DisableClientRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DisableClientResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ClientServiceMethodDescriptorSupplier("DisableClient"))
              .build();
        }
      }
    }
    return getDisableClientMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.EnableClientRequest,
      internal.symbolon.v1.EnableClientResponse> getEnableClientMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "EnableClient",
      requestType = internal.symbolon.v1.EnableClientRequest.class,
      responseType = internal.symbolon.v1.EnableClientResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.EnableClientRequest,
      internal.symbolon.v1.EnableClientResponse> getEnableClientMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.EnableClientRequest, internal.symbolon.v1.EnableClientResponse> getEnableClientMethod;
    if ((getEnableClientMethod = ClientServiceGrpc.getEnableClientMethod) == null) {
      synchronized (ClientServiceGrpc.class) {
        if ((getEnableClientMethod = ClientServiceGrpc.getEnableClientMethod) == null) {
          ClientServiceGrpc.getEnableClientMethod = getEnableClientMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.EnableClientRequest, internal.symbolon.v1.EnableClientResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "EnableClient"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.EnableClientRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.EnableClientResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ClientServiceMethodDescriptorSupplier("EnableClient"))
              .build();
        }
      }
    }
    return getEnableClientMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteClientRequest,
      internal.symbolon.v1.DeleteClientResponse> getDeleteClientMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteClient",
      requestType = internal.symbolon.v1.DeleteClientRequest.class,
      responseType = internal.symbolon.v1.DeleteClientResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteClientRequest,
      internal.symbolon.v1.DeleteClientResponse> getDeleteClientMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteClientRequest, internal.symbolon.v1.DeleteClientResponse> getDeleteClientMethod;
    if ((getDeleteClientMethod = ClientServiceGrpc.getDeleteClientMethod) == null) {
      synchronized (ClientServiceGrpc.class) {
        if ((getDeleteClientMethod = ClientServiceGrpc.getDeleteClientMethod) == null) {
          ClientServiceGrpc.getDeleteClientMethod = getDeleteClientMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.DeleteClientRequest, internal.symbolon.v1.DeleteClientResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteClient"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DeleteClientRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DeleteClientResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ClientServiceMethodDescriptorSupplier("DeleteClient"))
              .build();
        }
      }
    }
    return getDeleteClientMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ClientServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ClientServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ClientServiceStub>() {
        @java.lang.Override
        public ClientServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ClientServiceStub(channel, callOptions);
        }
      };
    return ClientServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ClientServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ClientServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ClientServiceBlockingV2Stub>() {
        @java.lang.Override
        public ClientServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ClientServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ClientServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ClientServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ClientServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ClientServiceBlockingStub>() {
        @java.lang.Override
        public ClientServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ClientServiceBlockingStub(channel, callOptions);
        }
      };
    return ClientServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ClientServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ClientServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ClientServiceFutureStub>() {
        @java.lang.Override
        public ClientServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ClientServiceFutureStub(channel, callOptions);
        }
      };
    return ClientServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * ClientService keeps the clients of a tenant, their roles, scopes and secrets.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * CreateClient makes a client and answers its secret, which can't be told again. For admins and operators. Only operators make
     * clients in another tenant, or with the OPERATOR role.
     * An id that is taken, in any tenant: ALREADY_EXISTS. So is one that names another tenant, or begins with the id of one and a dot.
     * </pre>
     */
    default void createClient(internal.symbolon.v1.CreateClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CreateClientResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateClientMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetClient answers a client with what may be known of its secrets. For admins and operators.
     * </pre>
     */
    default void getClient(internal.symbolon.v1.GetClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetClientResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetClientMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListClients answers the clients of the tenant by id, without their secrets. For admins and operators.
     * </pre>
     */
    default void listClients(internal.symbolon.v1.ListClientsRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListClientsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListClientsMethod(), responseObserver);
    }

    /**
     * <pre>
     * UpdateClient changes what its mask names. Tokens that the client has keep their scopes, and their kind. For admins and
     * operators. Only operators may change an operator's client, or end its tokens, also by the methods that follow and by Revoke.
     * Roles can be taken away and not given, for the secrets and tokens that the client has would get them too: FAILED_PRECONDITION
     * with PRECONDITION_FAILED. Make another client instead.
     * </pre>
     */
    default void updateClient(internal.symbolon.v1.UpdateClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateClientResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateClientMethod(), responseObserver);
    }

    /**
     * <pre>
     * AddClientSecret gives a confidential client another secret, which can't be told again. For admins and operators.
     * The others go on being good beside it, until `others_expire_in` when that is set. Beyond ten, and for a public client, which has
     * none: INVALID_ARGUMENT.
     * </pre>
     */
    default void addClientSecret(internal.symbolon.v1.AddClientSecretRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.AddClientSecretResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAddClientSecretMethod(), responseObserver);
    }

    /**
     * <pre>
     * ExpireClientSecret ends one secret of a client, at once or later. Tokens that were issued for it live on. For admins and operators.
     * </pre>
     */
    default void expireClientSecret(internal.symbolon.v1.ExpireClientSecretRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ExpireClientSecretResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getExpireClientSecretMethod(), responseObserver);
    }

    /**
     * <pre>
     * DisableClient ends every token of a client and every token that it was issued for others, and refuses it until it is enabled. For
     * admins and operators.
     * </pre>
     */
    default void disableClient(internal.symbolon.v1.DisableClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableClientResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDisableClientMethod(), responseObserver);
    }

    /**
     * <pre>
     * EnableClient lets a client call and log in again. Tokens that ended stay dead. For admins and operators.
     * </pre>
     */
    default void enableClient(internal.symbolon.v1.EnableClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableClientResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getEnableClientMethod(), responseObserver);
    }

    /**
     * <pre>
     * DeleteClient ends a client with all its secrets and tokens. For admins and operators.
     * The tenant's public client, which bears the tenant's id, can be disabled and not deleted: INVALID_ARGUMENT.
     * </pre>
     */
    default void deleteClient(internal.symbolon.v1.DeleteClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteClientResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteClientMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ClientService.
   * <pre>
   * ClientService keeps the clients of a tenant, their roles, scopes and secrets.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static abstract class ClientServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ClientServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ClientService.
   * <pre>
   * ClientService keeps the clients of a tenant, their roles, scopes and secrets.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class ClientServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ClientServiceStub> {
    private ClientServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ClientServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ClientServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateClient makes a client and answers its secret, which can't be told again. For admins and operators. Only operators make
     * clients in another tenant, or with the OPERATOR role.
     * An id that is taken, in any tenant: ALREADY_EXISTS. So is one that names another tenant, or begins with the id of one and a dot.
     * </pre>
     */
    public void createClient(internal.symbolon.v1.CreateClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CreateClientResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateClientMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetClient answers a client with what may be known of its secrets. For admins and operators.
     * </pre>
     */
    public void getClient(internal.symbolon.v1.GetClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetClientResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetClientMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListClients answers the clients of the tenant by id, without their secrets. For admins and operators.
     * </pre>
     */
    public void listClients(internal.symbolon.v1.ListClientsRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListClientsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListClientsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * UpdateClient changes what its mask names. Tokens that the client has keep their scopes, and their kind. For admins and
     * operators. Only operators may change an operator's client, or end its tokens, also by the methods that follow and by Revoke.
     * Roles can be taken away and not given, for the secrets and tokens that the client has would get them too: FAILED_PRECONDITION
     * with PRECONDITION_FAILED. Make another client instead.
     * </pre>
     */
    public void updateClient(internal.symbolon.v1.UpdateClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateClientResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateClientMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * AddClientSecret gives a confidential client another secret, which can't be told again. For admins and operators.
     * The others go on being good beside it, until `others_expire_in` when that is set. Beyond ten, and for a public client, which has
     * none: INVALID_ARGUMENT.
     * </pre>
     */
    public void addClientSecret(internal.symbolon.v1.AddClientSecretRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.AddClientSecretResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getAddClientSecretMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ExpireClientSecret ends one secret of a client, at once or later. Tokens that were issued for it live on. For admins and operators.
     * </pre>
     */
    public void expireClientSecret(internal.symbolon.v1.ExpireClientSecretRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ExpireClientSecretResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getExpireClientSecretMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DisableClient ends every token of a client and every token that it was issued for others, and refuses it until it is enabled. For
     * admins and operators.
     * </pre>
     */
    public void disableClient(internal.symbolon.v1.DisableClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableClientResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDisableClientMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * EnableClient lets a client call and log in again. Tokens that ended stay dead. For admins and operators.
     * </pre>
     */
    public void enableClient(internal.symbolon.v1.EnableClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableClientResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getEnableClientMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DeleteClient ends a client with all its secrets and tokens. For admins and operators.
     * The tenant's public client, which bears the tenant's id, can be disabled and not deleted: INVALID_ARGUMENT.
     * </pre>
     */
    public void deleteClient(internal.symbolon.v1.DeleteClientRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteClientResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteClientMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ClientService.
   * <pre>
   * ClientService keeps the clients of a tenant, their roles, scopes and secrets.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class ClientServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ClientServiceBlockingV2Stub> {
    private ClientServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ClientServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ClientServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateClient makes a client and answers its secret, which can't be told again. For admins and operators. Only operators make
     * clients in another tenant, or with the OPERATOR role.
     * An id that is taken, in any tenant: ALREADY_EXISTS. So is one that names another tenant, or begins with the id of one and a dot.
     * </pre>
     */
    public internal.symbolon.v1.CreateClientResponse createClient(internal.symbolon.v1.CreateClientRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateClientMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetClient answers a client with what may be known of its secrets. For admins and operators.
     * </pre>
     */
    public internal.symbolon.v1.GetClientResponse getClient(internal.symbolon.v1.GetClientRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetClientMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListClients answers the clients of the tenant by id, without their secrets. For admins and operators.
     * </pre>
     */
    public internal.symbolon.v1.ListClientsResponse listClients(internal.symbolon.v1.ListClientsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListClientsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateClient changes what its mask names. Tokens that the client has keep their scopes, and their kind. For admins and
     * operators. Only operators may change an operator's client, or end its tokens, also by the methods that follow and by Revoke.
     * Roles can be taken away and not given, for the secrets and tokens that the client has would get them too: FAILED_PRECONDITION
     * with PRECONDITION_FAILED. Make another client instead.
     * </pre>
     */
    public internal.symbolon.v1.UpdateClientResponse updateClient(internal.symbolon.v1.UpdateClientRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateClientMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * AddClientSecret gives a confidential client another secret, which can't be told again. For admins and operators.
     * The others go on being good beside it, until `others_expire_in` when that is set. Beyond ten, and for a public client, which has
     * none: INVALID_ARGUMENT.
     * </pre>
     */
    public internal.symbolon.v1.AddClientSecretResponse addClientSecret(internal.symbolon.v1.AddClientSecretRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getAddClientSecretMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ExpireClientSecret ends one secret of a client, at once or later. Tokens that were issued for it live on. For admins and operators.
     * </pre>
     */
    public internal.symbolon.v1.ExpireClientSecretResponse expireClientSecret(internal.symbolon.v1.ExpireClientSecretRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getExpireClientSecretMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DisableClient ends every token of a client and every token that it was issued for others, and refuses it until it is enabled. For
     * admins and operators.
     * </pre>
     */
    public internal.symbolon.v1.DisableClientResponse disableClient(internal.symbolon.v1.DisableClientRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDisableClientMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * EnableClient lets a client call and log in again. Tokens that ended stay dead. For admins and operators.
     * </pre>
     */
    public internal.symbolon.v1.EnableClientResponse enableClient(internal.symbolon.v1.EnableClientRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getEnableClientMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteClient ends a client with all its secrets and tokens. For admins and operators.
     * The tenant's public client, which bears the tenant's id, can be disabled and not deleted: INVALID_ARGUMENT.
     * </pre>
     */
    public internal.symbolon.v1.DeleteClientResponse deleteClient(internal.symbolon.v1.DeleteClientRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteClientMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ClientService.
   * <pre>
   * ClientService keeps the clients of a tenant, their roles, scopes and secrets.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class ClientServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ClientServiceBlockingStub> {
    private ClientServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ClientServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ClientServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateClient makes a client and answers its secret, which can't be told again. For admins and operators. Only operators make
     * clients in another tenant, or with the OPERATOR role.
     * An id that is taken, in any tenant: ALREADY_EXISTS. So is one that names another tenant, or begins with the id of one and a dot.
     * </pre>
     */
    public internal.symbolon.v1.CreateClientResponse createClient(internal.symbolon.v1.CreateClientRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateClientMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetClient answers a client with what may be known of its secrets. For admins and operators.
     * </pre>
     */
    public internal.symbolon.v1.GetClientResponse getClient(internal.symbolon.v1.GetClientRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetClientMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListClients answers the clients of the tenant by id, without their secrets. For admins and operators.
     * </pre>
     */
    public internal.symbolon.v1.ListClientsResponse listClients(internal.symbolon.v1.ListClientsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListClientsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateClient changes what its mask names. Tokens that the client has keep their scopes, and their kind. For admins and
     * operators. Only operators may change an operator's client, or end its tokens, also by the methods that follow and by Revoke.
     * Roles can be taken away and not given, for the secrets and tokens that the client has would get them too: FAILED_PRECONDITION
     * with PRECONDITION_FAILED. Make another client instead.
     * </pre>
     */
    public internal.symbolon.v1.UpdateClientResponse updateClient(internal.symbolon.v1.UpdateClientRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateClientMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * AddClientSecret gives a confidential client another secret, which can't be told again. For admins and operators.
     * The others go on being good beside it, until `others_expire_in` when that is set. Beyond ten, and for a public client, which has
     * none: INVALID_ARGUMENT.
     * </pre>
     */
    public internal.symbolon.v1.AddClientSecretResponse addClientSecret(internal.symbolon.v1.AddClientSecretRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getAddClientSecretMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ExpireClientSecret ends one secret of a client, at once or later. Tokens that were issued for it live on. For admins and operators.
     * </pre>
     */
    public internal.symbolon.v1.ExpireClientSecretResponse expireClientSecret(internal.symbolon.v1.ExpireClientSecretRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getExpireClientSecretMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DisableClient ends every token of a client and every token that it was issued for others, and refuses it until it is enabled. For
     * admins and operators.
     * </pre>
     */
    public internal.symbolon.v1.DisableClientResponse disableClient(internal.symbolon.v1.DisableClientRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDisableClientMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * EnableClient lets a client call and log in again. Tokens that ended stay dead. For admins and operators.
     * </pre>
     */
    public internal.symbolon.v1.EnableClientResponse enableClient(internal.symbolon.v1.EnableClientRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getEnableClientMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteClient ends a client with all its secrets and tokens. For admins and operators.
     * The tenant's public client, which bears the tenant's id, can be disabled and not deleted: INVALID_ARGUMENT.
     * </pre>
     */
    public internal.symbolon.v1.DeleteClientResponse deleteClient(internal.symbolon.v1.DeleteClientRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteClientMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ClientService.
   * <pre>
   * ClientService keeps the clients of a tenant, their roles, scopes and secrets.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class ClientServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ClientServiceFutureStub> {
    private ClientServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ClientServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ClientServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateClient makes a client and answers its secret, which can't be told again. For admins and operators. Only operators make
     * clients in another tenant, or with the OPERATOR role.
     * An id that is taken, in any tenant: ALREADY_EXISTS. So is one that names another tenant, or begins with the id of one and a dot.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.CreateClientResponse> createClient(
        internal.symbolon.v1.CreateClientRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateClientMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetClient answers a client with what may be known of its secrets. For admins and operators.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.GetClientResponse> getClient(
        internal.symbolon.v1.GetClientRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetClientMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListClients answers the clients of the tenant by id, without their secrets. For admins and operators.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ListClientsResponse> listClients(
        internal.symbolon.v1.ListClientsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListClientsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * UpdateClient changes what its mask names. Tokens that the client has keep their scopes, and their kind. For admins and
     * operators. Only operators may change an operator's client, or end its tokens, also by the methods that follow and by Revoke.
     * Roles can be taken away and not given, for the secrets and tokens that the client has would get them too: FAILED_PRECONDITION
     * with PRECONDITION_FAILED. Make another client instead.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.UpdateClientResponse> updateClient(
        internal.symbolon.v1.UpdateClientRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateClientMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * AddClientSecret gives a confidential client another secret, which can't be told again. For admins and operators.
     * The others go on being good beside it, until `others_expire_in` when that is set. Beyond ten, and for a public client, which has
     * none: INVALID_ARGUMENT.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.AddClientSecretResponse> addClientSecret(
        internal.symbolon.v1.AddClientSecretRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getAddClientSecretMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ExpireClientSecret ends one secret of a client, at once or later. Tokens that were issued for it live on. For admins and operators.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ExpireClientSecretResponse> expireClientSecret(
        internal.symbolon.v1.ExpireClientSecretRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getExpireClientSecretMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DisableClient ends every token of a client and every token that it was issued for others, and refuses it until it is enabled. For
     * admins and operators.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.DisableClientResponse> disableClient(
        internal.symbolon.v1.DisableClientRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDisableClientMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * EnableClient lets a client call and log in again. Tokens that ended stay dead. For admins and operators.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.EnableClientResponse> enableClient(
        internal.symbolon.v1.EnableClientRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getEnableClientMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DeleteClient ends a client with all its secrets and tokens. For admins and operators.
     * The tenant's public client, which bears the tenant's id, can be disabled and not deleted: INVALID_ARGUMENT.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.DeleteClientResponse> deleteClient(
        internal.symbolon.v1.DeleteClientRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteClientMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_CLIENT = 0;
  private static final int METHODID_GET_CLIENT = 1;
  private static final int METHODID_LIST_CLIENTS = 2;
  private static final int METHODID_UPDATE_CLIENT = 3;
  private static final int METHODID_ADD_CLIENT_SECRET = 4;
  private static final int METHODID_EXPIRE_CLIENT_SECRET = 5;
  private static final int METHODID_DISABLE_CLIENT = 6;
  private static final int METHODID_ENABLE_CLIENT = 7;
  private static final int METHODID_DELETE_CLIENT = 8;

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
        case METHODID_CREATE_CLIENT:
          serviceImpl.createClient((internal.symbolon.v1.CreateClientRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.CreateClientResponse>) responseObserver);
          break;
        case METHODID_GET_CLIENT:
          serviceImpl.getClient((internal.symbolon.v1.GetClientRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.GetClientResponse>) responseObserver);
          break;
        case METHODID_LIST_CLIENTS:
          serviceImpl.listClients((internal.symbolon.v1.ListClientsRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ListClientsResponse>) responseObserver);
          break;
        case METHODID_UPDATE_CLIENT:
          serviceImpl.updateClient((internal.symbolon.v1.UpdateClientRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateClientResponse>) responseObserver);
          break;
        case METHODID_ADD_CLIENT_SECRET:
          serviceImpl.addClientSecret((internal.symbolon.v1.AddClientSecretRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.AddClientSecretResponse>) responseObserver);
          break;
        case METHODID_EXPIRE_CLIENT_SECRET:
          serviceImpl.expireClientSecret((internal.symbolon.v1.ExpireClientSecretRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ExpireClientSecretResponse>) responseObserver);
          break;
        case METHODID_DISABLE_CLIENT:
          serviceImpl.disableClient((internal.symbolon.v1.DisableClientRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableClientResponse>) responseObserver);
          break;
        case METHODID_ENABLE_CLIENT:
          serviceImpl.enableClient((internal.symbolon.v1.EnableClientRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableClientResponse>) responseObserver);
          break;
        case METHODID_DELETE_CLIENT:
          serviceImpl.deleteClient((internal.symbolon.v1.DeleteClientRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteClientResponse>) responseObserver);
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
          getCreateClientMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.CreateClientRequest,
              internal.symbolon.v1.CreateClientResponse>(
                service, METHODID_CREATE_CLIENT)))
        .addMethod(
          getGetClientMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.GetClientRequest,
              internal.symbolon.v1.GetClientResponse>(
                service, METHODID_GET_CLIENT)))
        .addMethod(
          getListClientsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ListClientsRequest,
              internal.symbolon.v1.ListClientsResponse>(
                service, METHODID_LIST_CLIENTS)))
        .addMethod(
          getUpdateClientMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.UpdateClientRequest,
              internal.symbolon.v1.UpdateClientResponse>(
                service, METHODID_UPDATE_CLIENT)))
        .addMethod(
          getAddClientSecretMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.AddClientSecretRequest,
              internal.symbolon.v1.AddClientSecretResponse>(
                service, METHODID_ADD_CLIENT_SECRET)))
        .addMethod(
          getExpireClientSecretMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ExpireClientSecretRequest,
              internal.symbolon.v1.ExpireClientSecretResponse>(
                service, METHODID_EXPIRE_CLIENT_SECRET)))
        .addMethod(
          getDisableClientMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.DisableClientRequest,
              internal.symbolon.v1.DisableClientResponse>(
                service, METHODID_DISABLE_CLIENT)))
        .addMethod(
          getEnableClientMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.EnableClientRequest,
              internal.symbolon.v1.EnableClientResponse>(
                service, METHODID_ENABLE_CLIENT)))
        .addMethod(
          getDeleteClientMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.DeleteClientRequest,
              internal.symbolon.v1.DeleteClientResponse>(
                service, METHODID_DELETE_CLIENT)))
        .build();
  }

  private static abstract class ClientServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    ClientServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return internal.symbolon.v1.ClientServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("ClientService");
    }
  }

  private static final class ClientServiceFileDescriptorSupplier
      extends ClientServiceBaseDescriptorSupplier {
    ClientServiceFileDescriptorSupplier() {}
  }

  private static final class ClientServiceMethodDescriptorSupplier
      extends ClientServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    ClientServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (ClientServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new ClientServiceFileDescriptorSupplier())
              .addMethod(getCreateClientMethod())
              .addMethod(getGetClientMethod())
              .addMethod(getListClientsMethod())
              .addMethod(getUpdateClientMethod())
              .addMethod(getAddClientSecretMethod())
              .addMethod(getExpireClientSecretMethod())
              .addMethod(getDisableClientMethod())
              .addMethod(getEnableClientMethod())
              .addMethod(getDeleteClientMethod())
              .build();
        }
      }
    }
    return result;
  }
}
