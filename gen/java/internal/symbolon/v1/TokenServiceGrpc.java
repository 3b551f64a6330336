package internal.symbolon.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * TokenService issues, refreshes, introspects, lists and revokes tokens.
 * What follows holds for every service of this package.
 * Every call names its caller in the `authorization` metadata:
 * - `Basic base64(client_id:client_secret)`: a confidential client, proven by its secret.
 * - `Basic base64(client_id:)`: a public client, which only names itself. It reaches Issue and Refresh, Revoke by token, and what
 *   is said to be for every client of the tenant. Both halves may be form-encoded (RFC 6749 section 2.3.1), as OAuth libraries
 *   send them.
 * - `Bearer &lt;access token&gt;`: an ADMIN or APPLICATION token stands for the client that it was issued to.
 * A caller sees its own tenant only; ids and names of another tenant's are unknown, with the same text as those that nobody has.
 * Only operators see other tenants, and make clients in them; what is in those is for the admins there. "Admins" are clients with
 * the ADMIN role, in their own tenant; "operators" are clients with the OPERATOR role. A caller that is refused with
 * PERMISSION_DENIED learns nothing of what the call names.
 * A failed call carries a `google.rpc.Status` in the `grpc-status-details-bin` trailer. Its details hold a `google.rpc.ErrorInfo`
 * with the domain `symbolon.internal` and an ErrorReason, without its prefix. Its metadata has the `requestId` that the server's log
 * knows the call by. The details also hold a `google.rpc.RetryInfo` where repeating helps.
 * UNAVAILABLE and DEADLINE_EXCEEDED mean that the outcome is unknown. Repeating is then safe for every method that has an
 * `idempotency_level`, for Refresh within the tenant's repeat window, and for Issue when it carries a `request_id`. Creating with an
 * id or name of the caller's own choice can be repeated too: ALREADY_EXISTS then tells that it was made. A repeated Delete, Detach
 * or Attach may be answered as if it had been done before, and a repeated RevokeAll or Disable ends also what was issued between.
 * NO_SIDE_EFFECTS is for reads without a secret in their request, which may then be sent in a URL: Introspect and GetUser are not.
 * Every change to a tenant, client, user or device is in the tenant's audit log when it is answered. A method that ends tokens
 * answers the `revision` that holds it. Give it to Introspect as `at_least_revision`. It takes `wait` too: whether its answer waits
 * until no verifier that caches Introspect's answers can take these tokens for live, as RevocationWait tells.
 * Lists come in pages: `page_size` is the most entries that are answered, 0 stands for 50 and more than 1,000 is INVALID_ARGUMENT.
 * A page may hold fewer, also when more follow. `page_token` is what the last answer gave as `next_page_token`, empty for the
 * first page. It is opaque, and good only for the same caller with the same request, apart from `page_size`. Otherwise
 * INVALID_ARGUMENT. An empty `next_page_token` is the end. What is made or deleted meanwhile may be missing or not; all else comes
 * exactly once.
 * Updates take an `update_mask` that names fields of the request, in its own spelling. A field that is not named stays as it is; one
 * that is named and not set is emptied, or gets its default. Empty masks and names that are not listed at the mask: INVALID_ARGUMENT.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class TokenServiceGrpc {

  private TokenServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "symbolon.v1.TokenService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.IssueRequest,
      internal.symbolon.v1.IssueResponse> getIssueMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Issue",
      requestType = internal.symbolon.v1.IssueRequest.class,
      responseType = internal.symbolon.v1.IssueResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.IssueRequest,
      internal.symbolon.v1.IssueResponse> getIssueMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.IssueRequest, internal.symbolon.v1.IssueResponse> getIssueMethod;
    if ((getIssueMethod = TokenServiceGrpc.getIssueMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getIssueMethod = TokenServiceGrpc.getIssueMethod) == null) {
          TokenServiceGrpc.getIssueMethod = getIssueMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.IssueRequest, internal.symbolon.v1.IssueResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Issue"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.IssueRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.IssueResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("Issue"))
              .build();
        }
      }
    }
    return getIssueMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.BeginDeviceAuthorizationRequest,
      internal.symbolon.v1.BeginDeviceAuthorizationResponse> getBeginDeviceAuthorizationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BeginDeviceAuthorization",
      requestType = internal.symbolon.v1.BeginDeviceAuthorizationRequest.class,
      responseType = internal.symbolon.v1.BeginDeviceAuthorizationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.BeginDeviceAuthorizationRequest,
      internal.symbolon.v1.BeginDeviceAuthorizationResponse> getBeginDeviceAuthorizationMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.BeginDeviceAuthorizationRequest, internal.symbolon.v1.BeginDeviceAuthorizationResponse> getBeginDeviceAuthorizationMethod;
    if ((getBeginDeviceAuthorizationMethod = TokenServiceGrpc.getBeginDeviceAuthorizationMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getBeginDeviceAuthorizationMethod = TokenServiceGrpc.getBeginDeviceAuthorizationMethod) == null) {
          TokenServiceGrpc.getBeginDeviceAuthorizationMethod = getBeginDeviceAuthorizationMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.BeginDeviceAuthorizationRequest, internal.symbolon.v1.BeginDeviceAuthorizationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BeginDeviceAuthorization"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.BeginDeviceAuthorizationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.BeginDeviceAuthorizationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("BeginDeviceAuthorization"))
              .build();
        }
      }
    }
    return getBeginDeviceAuthorizationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.RefreshRequest,
      internal.symbolon.v1.RefreshResponse> getRefreshMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Refresh",
      requestType = internal.symbolon.v1.RefreshRequest.class,
      responseType = internal.symbolon.v1.RefreshResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.RefreshRequest,
      internal.symbolon.v1.RefreshResponse> getRefreshMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.RefreshRequest, internal.symbolon.v1.RefreshResponse> getRefreshMethod;
    if ((getRefreshMethod = TokenServiceGrpc.getRefreshMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getRefreshMethod = TokenServiceGrpc.getRefreshMethod) == null) {
          TokenServiceGrpc.getRefreshMethod = getRefreshMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.RefreshRequest, internal.symbolon.v1.RefreshResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Refresh"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RefreshRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RefreshResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("Refresh"))
              .build();
        }
      }
    }
    return getRefreshMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.IntrospectRequest,
      internal.symbolon.v1.IntrospectResponse> getIntrospectMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Introspect",
      requestType = internal.symbolon.v1.IntrospectRequest.class,
      responseType = internal.symbolon.v1.IntrospectResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.IntrospectRequest,
      internal.symbolon.v1.IntrospectResponse> getIntrospectMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.IntrospectRequest, internal.symbolon.v1.IntrospectResponse> getIntrospectMethod;
    if ((getIntrospectMethod = TokenServiceGrpc.getIntrospectMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getIntrospectMethod = TokenServiceGrpc.getIntrospectMethod) == null) {
          TokenServiceGrpc.getIntrospectMethod = getIntrospectMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.IntrospectRequest, internal.symbolon.v1.IntrospectResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Introspect"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.IntrospectRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.IntrospectResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("Introspect"))
              .build();
        }
      }
    }
    return getIntrospectMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.BatchIntrospectRequest,
      internal.symbolon.v1.BatchIntrospectResponse> getBatchIntrospectMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchIntrospect",
      requestType = internal.symbolon.v1.BatchIntrospectRequest.class,
      responseType = internal.symbolon.v1.BatchIntrospectResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.BatchIntrospectRequest,
      internal.symbolon.v1.BatchIntrospectResponse> getBatchIntrospectMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.BatchIntrospectRequest, internal.symbolon.v1.BatchIntrospectResponse> getBatchIntrospectMethod;
    if ((getBatchIntrospectMethod = TokenServiceGrpc.getBatchIntrospectMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getBatchIntrospectMethod = TokenServiceGrpc.getBatchIntrospectMethod) == null) {
          TokenServiceGrpc.getBatchIntrospectMethod = getBatchIntrospectMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.BatchIntrospectRequest, internal.symbolon.v1.BatchIntrospectResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchIntrospect"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.BatchIntrospectRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.BatchIntrospectResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("BatchIntrospect"))
              .build();
        }
      }
    }
    return getBatchIntrospectMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.WatchRevocationsRequest,
      internal.symbolon.v1.WatchRevocationsResponse> getWatchRevocationsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchRevocations",
      requestType = internal.symbolon.v1.WatchRevocationsRequest.class,
      responseType = internal.symbolon.v1.WatchRevocationsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.WatchRevocationsRequest,
      internal.symbolon.v1.WatchRevocationsResponse> getWatchRevocationsMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.WatchRevocationsRequest, internal.symbolon.v1.WatchRevocationsResponse> getWatchRevocationsMethod;
    if ((getWatchRevocationsMethod = TokenServiceGrpc.getWatchRevocationsMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getWatchRevocationsMethod = TokenServiceGrpc.getWatchRevocationsMethod) == null) {
          TokenServiceGrpc.getWatchRevocationsMethod = getWatchRevocationsMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.WatchRevocationsRequest, internal.symbolon.v1.WatchRevocationsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchRevocations"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.WatchRevocationsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.WatchRevocationsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("WatchRevocations"))
              .build();
        }
      }
    }
    return getWatchRevocationsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.RevokeRequest,
      internal.symbolon.v1.RevokeResponse> getRevokeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Revoke",
      requestType = internal.symbolon.v1.RevokeRequest.class,
      responseType = internal.symbolon.v1.RevokeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.RevokeRequest,
      internal.symbolon.v1.RevokeResponse> getRevokeMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.RevokeRequest, internal.symbolon.v1.RevokeResponse> getRevokeMethod;
    if ((getRevokeMethod = TokenServiceGrpc.getRevokeMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getRevokeMethod = TokenServiceGrpc.getRevokeMethod) == null) {
          TokenServiceGrpc.getRevokeMethod = getRevokeMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.RevokeRequest, internal.symbolon.v1.RevokeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Revoke"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RevokeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RevokeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("Revoke"))
              .build();
        }
      }
    }
    return getRevokeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.DescribeTokenRequest,
      internal.symbolon.v1.DescribeTokenResponse> getDescribeTokenMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DescribeToken",
      requestType = internal.symbolon.v1.DescribeTokenRequest.class,
      responseType = internal.symbolon.v1.DescribeTokenResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.DescribeTokenRequest,
      internal.symbolon.v1.DescribeTokenResponse> getDescribeTokenMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.DescribeTokenRequest, internal.symbolon.v1.DescribeTokenResponse> getDescribeTokenMethod;
    if ((getDescribeTokenMethod = TokenServiceGrpc.getDescribeTokenMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getDescribeTokenMethod = TokenServiceGrpc.getDescribeTokenMethod) == null) {
          TokenServiceGrpc.getDescribeTokenMethod = getDescribeTokenMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.DescribeTokenRequest, internal.symbolon.v1.DescribeTokenResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DescribeToken"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DescribeTokenRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DescribeTokenResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("DescribeToken"))
              .build();
        }
      }
    }
    return getDescribeTokenMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ListTokensRequest,
      internal.symbolon.v1.ListTokensResponse> getListTokensMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListTokens",
      requestType = internal.symbolon.v1.ListTokensRequest.class,
      responseType = internal.symbolon.v1.ListTokensResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ListTokensRequest,
      internal.symbolon.v1.ListTokensResponse> getListTokensMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ListTokensRequest, internal.symbolon.v1.ListTokensResponse> getListTokensMethod;
    if ((getListTokensMethod = TokenServiceGrpc.getListTokensMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getListTokensMethod = TokenServiceGrpc.getListTokensMethod) == null) {
          TokenServiceGrpc.getListTokensMethod = getListTokensMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ListTokensRequest, internal.symbolon.v1.ListTokensResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListTokens"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListTokensRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListTokensResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("ListTokens"))
              .build();
        }
      }
    }
    return getListTokensMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.RevokeAllRequest,
      internal.symbolon.v1.RevokeAllResponse> getRevokeAllMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RevokeAll",
      requestType = internal.symbolon.v1.RevokeAllRequest.class,
      responseType = internal.symbolon.v1.RevokeAllResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.RevokeAllRequest,
      internal.symbolon.v1.RevokeAllResponse> getRevokeAllMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.RevokeAllRequest, internal.symbolon.v1.RevokeAllResponse> getRevokeAllMethod;
    if ((getRevokeAllMethod = TokenServiceGrpc.getRevokeAllMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getRevokeAllMethod = TokenServiceGrpc.getRevokeAllMethod) == null) {
          TokenServiceGrpc.getRevokeAllMethod = getRevokeAllMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.RevokeAllRequest, internal.symbolon.v1.RevokeAllResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RevokeAll"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RevokeAllRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RevokeAllResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("RevokeAll"))
              .build();
        }
      }
    }
    return getRevokeAllMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.CountLoginsRequest,
      internal.symbolon.v1.CountLoginsResponse> getCountLoginsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CountLogins",
      requestType = internal.symbolon.v1.CountLoginsRequest.class,
      responseType = internal.symbolon.v1.CountLoginsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.CountLoginsRequest,
      internal.symbolon.v1.CountLoginsResponse> getCountLoginsMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.CountLoginsRequest, internal.symbolon.v1.CountLoginsResponse> getCountLoginsMethod;
    if ((getCountLoginsMethod = TokenServiceGrpc.getCountLoginsMethod) == null) {
      synchronized (TokenServiceGrpc.class) {
        if ((getCountLoginsMethod = TokenServiceGrpc.getCountLoginsMethod) == null) {
          TokenServiceGrpc.getCountLoginsMethod = getCountLoginsMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.CountLoginsRequest, internal.symbolon.v1.CountLoginsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CountLogins"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CountLoginsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CountLoginsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TokenServiceMethodDescriptorSupplier("CountLogins"))
              .build();
        }
      }
    }
    return getCountLoginsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static TokenServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TokenServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TokenServiceStub>() {
        @java.lang.Override
        public TokenServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TokenServiceStub(channel, callOptions);
        }
      };
    return TokenServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static TokenServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TokenServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TokenServiceBlockingV2Stub>() {
        @java.lang.Override
        public TokenServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TokenServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return TokenServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static TokenServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TokenServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TokenServiceBlockingStub>() {
        @java.lang.Override
        public TokenServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TokenServiceBlockingStub(channel, callOptions);
        }
      };
    return TokenServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static TokenServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TokenServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TokenServiceFutureStub>() {
        @java.lang.Override
        public TokenServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TokenServiceFutureStub(channel, callOptions);
        }
      };
    return TokenServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * TokenService issues, refreshes, introspects, lists and revokes tokens.
   * What follows holds for every service of this package.
   * Every call names its caller in the `authorization` metadata:
   * - `Basic base64(client_id:client_secret)`: a confidential client, proven by its secret.
   * - `Basic base64(client_id:)`: a public client, which only names itself. It reaches Issue and Refresh, Revoke by token, and what
   *   is said to be for every client of the tenant. Both halves may be form-encoded (RFC 6749 section 2.3.1), as OAuth libraries
   *   send them.
   * - `Bearer &lt;access token&gt;`: an ADMIN or APPLICATION token stands for the client that it was issued to.
   * A caller sees its own tenant only; ids and names of another tenant's are unknown, with the same text as those that nobody has.
   * Only operators see other tenants, and make clients in them; what is in those is for the admins there. "Admins" are clients with
   * the ADMIN role, in their own tenant; "operators" are clients with the OPERATOR role. A caller that is refused with
   * PERMISSION_DENIED learns nothing of what the call names.
   * A failed call carries a `google.rpc.Status` in the `grpc-status-details-bin` trailer. Its details hold a `google.rpc.ErrorInfo`
   * with the domain `symbolon.internal` and an ErrorReason, without its prefix. Its metadata has the `requestId` that the server's log
   * knows the call by. The details also hold a `google.rpc.RetryInfo` where repeating helps.
   * UNAVAILABLE and DEADLINE_EXCEEDED mean that the outcome is unknown. Repeating is then safe for every method that has an
   * `idempotency_level`, for Refresh within the tenant's repeat window, and for Issue when it carries a `request_id`. Creating with an
   * id or name of the caller's own choice can be repeated too: ALREADY_EXISTS then tells that it was made. A repeated Delete, Detach
   * or Attach may be answered as if it had been done before, and a repeated RevokeAll or Disable ends also what was issued between.
   * NO_SIDE_EFFECTS is for reads without a secret in their request, which may then be sent in a URL: Introspect and GetUser are not.
   * Every change to a tenant, client, user or device is in the tenant's audit log when it is answered. A method that ends tokens
   * answers the `revision` that holds it. Give it to Introspect as `at_least_revision`. It takes `wait` too: whether its answer waits
   * until no verifier that caches Introspect's answers can take these tokens for live, as RevocationWait tells.
   * Lists come in pages: `page_size` is the most entries that are answered, 0 stands for 50 and more than 1,000 is INVALID_ARGUMENT.
   * A page may hold fewer, also when more follow. `page_token` is what the last answer gave as `next_page_token`, empty for the
   * first page. It is opaque, and good only for the same caller with the same request, apart from `page_size`. Otherwise
   * INVALID_ARGUMENT. An empty `next_page_token` is the end. What is made or deleted meanwhile may be missing or not; all else comes
   * exactly once.
   * Updates take an `update_mask` that names fields of the request, in its own spelling. A field that is not named stays as it is; one
   * that is named and not set is emptied, or gets its default. Empty masks and names that are not listed at the mask: INVALID_ARGUMENT.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Issue checks one credential and answers a new access token, with a refresh token when the tenant has refresh on.
     * A user's name and password are a first-party login, not an OAuth grant for third parties (RFC 9700 section 2.4).
     * A wrong, unknown or disabled credential is FAILED_PRECONDITION with INVALID_CREDENTIALS, whichever of these it was.
     * </pre>
     */
    default void issue(internal.symbolon.v1.IssueRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.IssueResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getIssueMethod(), responseObserver);
    }

    /**
     * <pre>
     * BeginDeviceAuthorization begins the login of a device without a browser (RFC 8628 section 3.1). The device shows its user the code and
     * the address, and asks Issue with `device_code` until the user has decided.
     * The caller must have the grant `device_code`: else PERMISSION_DENIED with UNAUTHORIZED_CLIENT. Too many from one network address:
     * RESOURCE_EXHAUSTED. A server that does not know how browsers reach it: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    default void beginDeviceAuthorization(internal.symbolon.v1.BeginDeviceAuthorizationRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.BeginDeviceAuthorizationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBeginDeviceAuthorizationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Refresh trades a refresh token for a new pair; the presented token and the access token issued with it die.
     * When the answer was lost, repeat the call within the tenant's repeat window (10 minutes unless set otherwise). It answers the
     * same pair again, until that pair is first used. Any other old refresh token that is proven to be ours revokes its whole family.
     * One that ended: FAILED_PRECONDITION with INVALID_REFRESH_TOKEN. To the client that it was issued to, the ErrorInfo's metadata tells
     * why as `endedBy`: `EXPIRED`, or a RevocationCause without its prefix, such as `PASSWORD_CHANGED`. Absent: nothing is known of it.
     * </pre>
     */
    default void refresh(internal.symbolon.v1.RefreshRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RefreshResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRefreshMethod(), responseObserver);
    }

    /**
     * <pre>
     * Introspect tells whether an access token is live, whose it is and what it may do. A dead token is an answer, not an error.
     * </pre>
     */
    default void introspect(internal.symbolon.v1.IntrospectRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.IntrospectResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getIntrospectMethod(), responseObserver);
    }

    /**
     * <pre>
     * BatchIntrospect does for up to 1,000 access tokens what Introspect does for one, and answers in their order. All answers are of one
     * moment: each is as Introspect would have answered then, and all have the same `revision`. For whom Introspect is.
     * The call answers for all tokens or fails as a whole. It never fails for what one of them is: an empty text, rubbish and a text of any
     * length are tokens that are not live. Answers of more than 4 MiB together are INVALID_ARGUMENT: it takes thousands of long
     * scopes to get there. Send fewer tokens then.
     * </pre>
     */
    default void batchIntrospect(internal.symbolon.v1.BatchIntrospectRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.BatchIntrospectResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchIntrospectMethod(), responseObserver);
    }

    /**
     * <pre>
     * WatchRevocations tells a verifier what ends tokens of the caller's tenant, while it happens. For whom Introspect is.
     * A verifier is one cache of Introspect's answers, in one process, for one tenant. It may answer checks from memory while it is open:
     * while less than B has passed since it sent the newest heartbeat that was answered. B is `longest_bound` or less. When a
     * revocation was answered B ago, no verifier that keeps these rules takes its tokens for live, wherever it is and whatever is
     * delayed or lost. They are:
     * 1. Time is the verifier's own monotonic clock. Where that stands still while the machine sleeps, the wall clock must say the
     *    same; the verifier is open only when both do.
     * 2. It has one current stream, and hears no other. The first request has `start`. Later ones have a heartbeat, an acknowledgement,
     *    or both. It sends a heartbeat every 250 ms, answered or not. The time of one is taken before it is given to the stack.
     * 3. It applies each response as a whole, and no check sees half of one. In this order: compare `previous_revision` with what it
     *    knows, and the number of events with `revision - previous_revision`; where they differ, end the stream and begin afresh. With
     *    `afresh`, empty the cache. Take out all that each event ends. Know `revision`. Be open from when `heartbeat` was sent.
     *    Then acknowledge.
     * 4. A check looks first whether the verifier is open, and then for its entry. When it isn't open, or has no entry, it asks
     *    Introspect, without `max_staleness`. An error is an error, never "active".
     * 5. An answer that says active may be kept only when its `revision` is not before the one at which the verifier last began afresh,
     *    its call was sent after that, and no event after its `revision` that the verifier knows ends its token. To look and to keep
     *    is one step, between responses. Who forgets an event keeps no answer from before its revision.
     * 6. A check may join a call of another check that is not sent yet. It may take the answer of one that was sent before it began only
     *    where rule 5 lets that be kept and the verifier is open when the answer arrives.
     * 7. An entry is good for the answer's `time_to_live` from when its call was sent, and for 60 seconds at most. A refresh is no
     *    event, so this is how long a verifier may take the old access token for live.
     * 8. After the stream ended it is open until B after the newest answered heartbeat was sent, and its entries stay. It connects again
     *    with `resume_revision`, after a random part of 100 ms, which doubles up to 2 s with each failure. A stream that answers no
     *    heartbeat for 2 B is given up.
     * 9. A process that was forked from another is a verifier of its own, with an empty cache and another `verifier_id`.
     * The stream ends with UNAVAILABLE when its server or connection ends. Also with OUT_OF_RANGE and POSITION_LOST: begin afresh.
     * ABORTED with WATCHER_TOO_SLOW: more than 256 KiB were not read; resume. ABORTED with WATCHER_REPLACED: another stream of this
     * `verifier_id` began; don't resume. RESOURCE_EXHAUSTED: too many streams, more than 20 heartbeats
     * a second, or more than 200 requests. UNAUTHENTICATED and PERMISSION_DENIED: the caller has ended, or lost its right.
     * INVALID_ARGUMENT: a request that breaks these rules.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<internal.symbolon.v1.WatchRevocationsRequest> watchRevocations(
        io.grpc.stub.StreamObserver<internal.symbolon.v1.WatchRevocationsResponse> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getWatchRevocationsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Revoke ends a token together with its family, that is, with everything that descends from the same login. When it has
     * answered, every later Introspect says inactive. A token that is unknown or dead already is an answer, not an error. One that
     * nothing proves any more, for its key was lost or leaked, is FAILED_PRECONDITION with TOKEN_UNPROVEN.
     * </pre>
     */
    default void revoke(internal.symbolon.v1.RevokeRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RevokeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRevokeMethod(), responseObserver);
    }

    /**
     * <pre>
     * DescribeToken tells who holds a live access token what it stands for, as an app does that kept one. For every client of the tenant,
     * also a public one: the token is the proof. A service that is shown the tokens of others asks Introspect.
     * One that is not live: FAILED_PRECONDITION with INVALID_CREDENTIALS, and `endedBy` as at Refresh where it is proven to be ours.
     * </pre>
     */
    default void describeToken(internal.symbolon.v1.DescribeTokenRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DescribeTokenResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDescribeTokenMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListTokens answers the live logins of a user, device or client, in the order in which they were issued, each with its live tokens.
     * For admins, and for the user itself.
     * </pre>
     */
    default void listTokens(internal.symbolon.v1.ListTokensRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListTokensResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListTokensMethod(), responseObserver);
    }

    /**
     * <pre>
     * RevokeAll ends every token of a user, device, client or whole tenant, however many there are. Later logins are not touched. For
     * admins. An operator's client is for operators; with the whole tenant its tokens end too, and it can have new ones.
     * </pre>
     */
    default void revokeAll(internal.symbolon.v1.RevokeAllRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RevokeAllResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRevokeAllMethod(), responseObserver);
    }

    /**
     * <pre>
     * CountLogins tells how many live logins RevokeAll of the same target would end now, so that a person can be asked and told. It
     * looks at a bounded number of logins. For admins; of a client or tenant for operators too.
     * </pre>
     */
    default void countLogins(internal.symbolon.v1.CountLoginsRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CountLoginsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCountLoginsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service TokenService.
   * <pre>
   * TokenService issues, refreshes, introspects, lists and revokes tokens.
   * What follows holds for every service of this package.
   * Every call names its caller in the `authorization` metadata:
   * - `Basic base64(client_id:client_secret)`: a confidential client, proven by its secret.
   * - `Basic base64(client_id:)`: a public client, which only names itself. It reaches Issue and Refresh, Revoke by token, and what
   *   is said to be for every client of the tenant. Both halves may be form-encoded (RFC 6749 section 2.3.1), as OAuth libraries
   *   send them.
   * - `Bearer &lt;access token&gt;`: an ADMIN or APPLICATION token stands for the client that it was issued to.
   * A caller sees its own tenant only; ids and names of another tenant's are unknown, with the same text as those that nobody has.
   * Only operators see other tenants, and make clients in them; what is in those is for the admins there. "Admins" are clients with
   * the ADMIN role, in their own tenant; "operators" are clients with the OPERATOR role. A caller that is refused with
   * PERMISSION_DENIED learns nothing of what the call names.
   * A failed call carries a `google.rpc.Status` in the `grpc-status-details-bin` trailer. Its details hold a `google.rpc.ErrorInfo`
   * with the domain `symbolon.internal` and an ErrorReason, without its prefix. Its metadata has the `requestId` that the server's log
   * knows the call by. The details also hold a `google.rpc.RetryInfo` where repeating helps.
   * UNAVAILABLE and DEADLINE_EXCEEDED mean that the outcome is unknown. Repeating is then safe for every method that has an
   * `idempotency_level`, for Refresh within the tenant's repeat window, and for Issue when it carries a `request_id`. Creating with an
   * id or name of the caller's own choice can be repeated too: ALREADY_EXISTS then tells that it was made. A repeated Delete, Detach
   * or Attach may be answered as if it had been done before, and a repeated RevokeAll or Disable ends also what was issued between.
   * NO_SIDE_EFFECTS is for reads without a secret in their request, which may then be sent in a URL: Introspect and GetUser are not.
   * Every change to a tenant, client, user or device is in the tenant's audit log when it is answered. A method that ends tokens
   * answers the `revision` that holds it. Give it to Introspect as `at_least_revision`. It takes `wait` too: whether its answer waits
   * until no verifier that caches Introspect's answers can take these tokens for live, as RevocationWait tells.
   * Lists come in pages: `page_size` is the most entries that are answered, 0 stands for 50 and more than 1,000 is INVALID_ARGUMENT.
   * A page may hold fewer, also when more follow. `page_token` is what the last answer gave as `next_page_token`, empty for the
   * first page. It is opaque, and good only for the same caller with the same request, apart from `page_size`. Otherwise
   * INVALID_ARGUMENT. An empty `next_page_token` is the end. What is made or deleted meanwhile may be missing or not; all else comes
   * exactly once.
   * Updates take an `update_mask` that names fields of the request, in its own spelling. A field that is not named stays as it is; one
   * that is named and not set is emptied, or gets its default. Empty masks and names that are not listed at the mask: INVALID_ARGUMENT.
   * </pre>
   */
  public static abstract class TokenServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return TokenServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service TokenService.
   * <pre>
   * TokenService issues, refreshes, introspects, lists and revokes tokens.
   * What follows holds for every service of this package.
   * Every call names its caller in the `authorization` metadata:
   * - `Basic base64(client_id:client_secret)`: a confidential client, proven by its secret.
   * - `Basic base64(client_id:)`: a public client, which only names itself. It reaches Issue and Refresh, Revoke by token, and what
   *   is said to be for every client of the tenant. Both halves may be form-encoded (RFC 6749 section 2.3.1), as OAuth libraries
   *   send them.
   * - `Bearer &lt;access token&gt;`: an ADMIN or APPLICATION token stands for the client that it was issued to.
   * A caller sees its own tenant only; ids and names of another tenant's are unknown, with the same text as those that nobody has.
   * Only operators see other tenants, and make clients in them; what is in those is for the admins there. "Admins" are clients with
   * the ADMIN role, in their own tenant; "operators" are clients with the OPERATOR role. A caller that is refused with
   * PERMISSION_DENIED learns nothing of what the call names.
   * A failed call carries a `google.rpc.Status` in the `grpc-status-details-bin` trailer. Its details hold a `google.rpc.ErrorInfo`
   * with the domain `symbolon.internal` and an ErrorReason, without its prefix. Its metadata has the `requestId` that the server's log
   * knows the call by. The details also hold a `google.rpc.RetryInfo` where repeating helps.
   * UNAVAILABLE and DEADLINE_EXCEEDED mean that the outcome is unknown. Repeating is then safe for every method that has an
   * `idempotency_level`, for Refresh within the tenant's repeat window, and for Issue when it carries a `request_id`. Creating with an
   * id or name of the caller's own choice can be repeated too: ALREADY_EXISTS then tells that it was made. A repeated Delete, Detach
   * or Attach may be answered as if it had been done before, and a repeated RevokeAll or Disable ends also what was issued between.
   * NO_SIDE_EFFECTS is for reads without a secret in their request, which may then be sent in a URL: Introspect and GetUser are not.
   * Every change to a tenant, client, user or device is in the tenant's audit log when it is answered. A method that ends tokens
   * answers the `revision` that holds it. Give it to Introspect as `at_least_revision`. It takes `wait` too: whether its answer waits
   * until no verifier that caches Introspect's answers can take these tokens for live, as RevocationWait tells.
   * Lists come in pages: `page_size` is the most entries that are answered, 0 stands for 50 and more than 1,000 is INVALID_ARGUMENT.
   * A page may hold fewer, also when more follow. `page_token` is what the last answer gave as `next_page_token`, empty for the
   * first page. It is opaque, and good only for the same caller with the same request, apart from `page_size`. Otherwise
   * INVALID_ARGUMENT. An empty `next_page_token` is the end. What is made or deleted meanwhile may be missing or not; all else comes
   * exactly once.
   * Updates take an `update_mask` that names fields of the request, in its own spelling. A field that is not named stays as it is; one
   * that is named and not set is emptied, or gets its default. Empty masks and names that are not listed at the mask: INVALID_ARGUMENT.
   * </pre>
   */
  public static final class TokenServiceStub
      extends io.grpc.stub.AbstractAsyncStub<TokenServiceStub> {
    private TokenServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TokenServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TokenServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Issue checks one credential and answers a new access token, with a refresh token when the tenant has refresh on.
     * A user's name and password are a first-party login, not an OAuth grant for third parties (RFC 9700 section 2.4).
     * A wrong, unknown or disabled credential is FAILED_PRECONDITION with INVALID_CREDENTIALS, whichever of these it was.
     * </pre>
     */
    public void issue(internal.symbolon.v1.IssueRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.IssueResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getIssueMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * BeginDeviceAuthorization begins the login of a device without a browser (RFC 8628 section 3.1). The device shows its user the code and
     * the address, and asks Issue with `device_code` until the user has decided.
     * The caller must have the grant `device_code`: else PERMISSION_DENIED with UNAUTHORIZED_CLIENT. Too many from one network address:
     * RESOURCE_EXHAUSTED. A server that does not know how browsers reach it: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public void beginDeviceAuthorization(internal.symbolon.v1.BeginDeviceAuthorizationRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.BeginDeviceAuthorizationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBeginDeviceAuthorizationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Refresh trades a refresh token for a new pair; the presented token and the access token issued with it die.
     * When the answer was lost, repeat the call within the tenant's repeat window (10 minutes unless set otherwise). It answers the
     * same pair again, until that pair is first used. Any other old refresh token that is proven to be ours revokes its whole family.
     * One that ended: FAILED_PRECONDITION with INVALID_REFRESH_TOKEN. To the client that it was issued to, the ErrorInfo's metadata tells
     * why as `endedBy`: `EXPIRED`, or a RevocationCause without its prefix, such as `PASSWORD_CHANGED`. Absent: nothing is known of it.
     * </pre>
     */
    public void refresh(internal.symbolon.v1.RefreshRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RefreshResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRefreshMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Introspect tells whether an access token is live, whose it is and what it may do. A dead token is an answer, not an error.
     * </pre>
     */
    public void introspect(internal.symbolon.v1.IntrospectRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.IntrospectResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getIntrospectMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * BatchIntrospect does for up to 1,000 access tokens what Introspect does for one, and answers in their order. All answers are of one
     * moment: each is as Introspect would have answered then, and all have the same `revision`. For whom Introspect is.
     * The call answers for all tokens or fails as a whole. It never fails for what one of them is: an empty text, rubbish and a text of any
     * length are tokens that are not live. Answers of more than 4 MiB together are INVALID_ARGUMENT: it takes thousands of long
     * scopes to get there. Send fewer tokens then.
     * </pre>
     */
    public void batchIntrospect(internal.symbolon.v1.BatchIntrospectRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.BatchIntrospectResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchIntrospectMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * WatchRevocations tells a verifier what ends tokens of the caller's tenant, while it happens. For whom Introspect is.
     * A verifier is one cache of Introspect's answers, in one process, for one tenant. It may answer checks from memory while it is open:
     * while less than B has passed since it sent the newest heartbeat that was answered. B is `longest_bound` or less. When a
     * revocation was answered B ago, no verifier that keeps these rules takes its tokens for live, wherever it is and whatever is
     * delayed or lost. They are:
     * 1. Time is the verifier's own monotonic clock. Where that stands still while the machine sleeps, the wall clock must say the
     *    same; the verifier is open only when both do.
     * 2. It has one current stream, and hears no other. The first request has `start`. Later ones have a heartbeat, an acknowledgement,
     *    or both. It sends a heartbeat every 250 ms, answered or not. The time of one is taken before it is given to the stack.
     * 3. It applies each response as a whole, and no check sees half of one. In this order: compare `previous_revision` with what it
     *    knows, and the number of events with `revision - previous_revision`; where they differ, end the stream and begin afresh. With
     *    `afresh`, empty the cache. Take out all that each event ends. Know `revision`. Be open from when `heartbeat` was sent.
     *    Then acknowledge.
     * 4. A check looks first whether the verifier is open, and then for its entry. When it isn't open, or has no entry, it asks
     *    Introspect, without `max_staleness`. An error is an error, never "active".
     * 5. An answer that says active may be kept only when its `revision` is not before the one at which the verifier last began afresh,
     *    its call was sent after that, and no event after its `revision` that the verifier knows ends its token. To look and to keep
     *    is one step, between responses. Who forgets an event keeps no answer from before its revision.
     * 6. A check may join a call of another check that is not sent yet. It may take the answer of one that was sent before it began only
     *    where rule 5 lets that be kept and the verifier is open when the answer arrives.
     * 7. An entry is good for the answer's `time_to_live` from when its call was sent, and for 60 seconds at most. A refresh is no
     *    event, so this is how long a verifier may take the old access token for live.
     * 8. After the stream ended it is open until B after the newest answered heartbeat was sent, and its entries stay. It connects again
     *    with `resume_revision`, after a random part of 100 ms, which doubles up to 2 s with each failure. A stream that answers no
     *    heartbeat for 2 B is given up.
     * 9. A process that was forked from another is a verifier of its own, with an empty cache and another `verifier_id`.
     * The stream ends with UNAVAILABLE when its server or connection ends. Also with OUT_OF_RANGE and POSITION_LOST: begin afresh.
     * ABORTED with WATCHER_TOO_SLOW: more than 256 KiB were not read; resume. ABORTED with WATCHER_REPLACED: another stream of this
     * `verifier_id` began; don't resume. RESOURCE_EXHAUSTED: too many streams, more than 20 heartbeats
     * a second, or more than 200 requests. UNAUTHENTICATED and PERMISSION_DENIED: the caller has ended, or lost its right.
     * INVALID_ARGUMENT: a request that breaks these rules.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<internal.symbolon.v1.WatchRevocationsRequest> watchRevocations(
        io.grpc.stub.StreamObserver<internal.symbolon.v1.WatchRevocationsResponse> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncBidiStreamingCall(
          getChannel().newCall(getWatchRevocationsMethod(), getCallOptions()), responseObserver);
    }

    /**
     * <pre>
     * Revoke ends a token together with its family, that is, with everything that descends from the same login. When it has
     * answered, every later Introspect says inactive. A token that is unknown or dead already is an answer, not an error. One that
     * nothing proves any more, for its key was lost or leaked, is FAILED_PRECONDITION with TOKEN_UNPROVEN.
     * </pre>
     */
    public void revoke(internal.symbolon.v1.RevokeRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RevokeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRevokeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DescribeToken tells who holds a live access token what it stands for, as an app does that kept one. For every client of the tenant,
     * also a public one: the token is the proof. A service that is shown the tokens of others asks Introspect.
     * One that is not live: FAILED_PRECONDITION with INVALID_CREDENTIALS, and `endedBy` as at Refresh where it is proven to be ours.
     * </pre>
     */
    public void describeToken(internal.symbolon.v1.DescribeTokenRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DescribeTokenResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDescribeTokenMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListTokens answers the live logins of a user, device or client, in the order in which they were issued, each with its live tokens.
     * For admins, and for the user itself.
     * </pre>
     */
    public void listTokens(internal.symbolon.v1.ListTokensRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListTokensResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListTokensMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * RevokeAll ends every token of a user, device, client or whole tenant, however many there are. Later logins are not touched. For
     * admins. An operator's client is for operators; with the whole tenant its tokens end too, and it can have new ones.
     * </pre>
     */
    public void revokeAll(internal.symbolon.v1.RevokeAllRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RevokeAllResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRevokeAllMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * CountLogins tells how many live logins RevokeAll of the same target would end now, so that a person can be asked and told. It
     * looks at a bounded number of logins. For admins; of a client or tenant for operators too.
     * </pre>
     */
    public void countLogins(internal.symbolon.v1.CountLoginsRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CountLoginsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCountLoginsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service TokenService.
   * <pre>
   * TokenService issues, refreshes, introspects, lists and revokes tokens.
   * What follows holds for every service of this package.
   * Every call names its caller in the `authorization` metadata:
   * - `Basic base64(client_id:client_secret)`: a confidential client, proven by its secret.
   * - `Basic base64(client_id:)`: a public client, which only names itself. It reaches Issue and Refresh, Revoke by token, and what
   *   is said to be for every client of the tenant. Both halves may be form-encoded (RFC 6749 section 2.3.1), as OAuth libraries
   *   send them.
   * - `Bearer &lt;access token&gt;`: an ADMIN or APPLICATION token stands for the client that it was issued to.
   * A caller sees its own tenant only; ids and names of another tenant's are unknown, with the same text as those that nobody has.
   * Only operators see other tenants, and make clients in them; what is in those is for the admins there. "Admins" are clients with
   * the ADMIN role, in their own tenant; "operators" are clients with the OPERATOR role. A caller that is refused with
   * PERMISSION_DENIED learns nothing of what the call names.
   * A failed call carries a `google.rpc.Status` in the `grpc-status-details-bin` trailer. Its details hold a `google.rpc.ErrorInfo`
   * with the domain `symbolon.internal` and an ErrorReason, without its prefix. Its metadata has the `requestId` that the server's log
   * knows the call by. The details also hold a `google.rpc.RetryInfo` where repeating helps.
   * UNAVAILABLE and DEADLINE_EXCEEDED mean that the outcome is unknown. Repeating is then safe for every method that has an
   * `idempotency_level`, for Refresh within the tenant's repeat window, and for Issue when it carries a `request_id`. Creating with an
   * id or name of the caller's own choice can be repeated too: ALREADY_EXISTS then tells that it was made. A repeated Delete, Detach
   * or Attach may be answered as if it had been done before, and a repeated RevokeAll or Disable ends also what was issued between.
   * NO_SIDE_EFFECTS is for reads without a secret in their request, which may then be sent in a URL: Introspect and GetUser are not.
   * Every change to a tenant, client, user or device is in the tenant's audit log when it is answered. A method that ends tokens
   * answers the `revision` that holds it. Give it to Introspect as `at_least_revision`. It takes `wait` too: whether its answer waits
   * until no verifier that caches Introspect's answers can take these tokens for live, as RevocationWait tells.
   * Lists come in pages: `page_size` is the most entries that are answered, 0 stands for 50 and more than 1,000 is INVALID_ARGUMENT.
   * A page may hold fewer, also when more follow. `page_token` is what the last answer gave as `next_page_token`, empty for the
   * first page. It is opaque, and good only for the same caller with the same request, apart from `page_size`. Otherwise
   * INVALID_ARGUMENT. An empty `next_page_token` is the end. What is made or deleted meanwhile may be missing or not; all else comes
   * exactly once.
   * Updates take an `update_mask` that names fields of the request, in its own spelling. A field that is not named stays as it is; one
   * that is named and not set is emptied, or gets its default. Empty masks and names that are not listed at the mask: INVALID_ARGUMENT.
   * </pre>
   */
  public static final class TokenServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<TokenServiceBlockingV2Stub> {
    private TokenServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TokenServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TokenServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Issue checks one credential and answers a new access token, with a refresh token when the tenant has refresh on.
     * A user's name and password are a first-party login, not an OAuth grant for third parties (RFC 9700 section 2.4).
     * A wrong, unknown or disabled credential is FAILED_PRECONDITION with INVALID_CREDENTIALS, whichever of these it was.
     * </pre>
     */
    public internal.symbolon.v1.IssueResponse issue(internal.symbolon.v1.IssueRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getIssueMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * BeginDeviceAuthorization begins the login of a device without a browser (RFC 8628 section 3.1). The device shows its user the code and
     * the address, and asks Issue with `device_code` until the user has decided.
     * The caller must have the grant `device_code`: else PERMISSION_DENIED with UNAUTHORIZED_CLIENT. Too many from one network address:
     * RESOURCE_EXHAUSTED. A server that does not know how browsers reach it: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public internal.symbolon.v1.BeginDeviceAuthorizationResponse beginDeviceAuthorization(internal.symbolon.v1.BeginDeviceAuthorizationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBeginDeviceAuthorizationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Refresh trades a refresh token for a new pair; the presented token and the access token issued with it die.
     * When the answer was lost, repeat the call within the tenant's repeat window (10 minutes unless set otherwise). It answers the
     * same pair again, until that pair is first used. Any other old refresh token that is proven to be ours revokes its whole family.
     * One that ended: FAILED_PRECONDITION with INVALID_REFRESH_TOKEN. To the client that it was issued to, the ErrorInfo's metadata tells
     * why as `endedBy`: `EXPIRED`, or a RevocationCause without its prefix, such as `PASSWORD_CHANGED`. Absent: nothing is known of it.
     * </pre>
     */
    public internal.symbolon.v1.RefreshResponse refresh(internal.symbolon.v1.RefreshRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRefreshMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Introspect tells whether an access token is live, whose it is and what it may do. A dead token is an answer, not an error.
     * </pre>
     */
    public internal.symbolon.v1.IntrospectResponse introspect(internal.symbolon.v1.IntrospectRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getIntrospectMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * BatchIntrospect does for up to 1,000 access tokens what Introspect does for one, and answers in their order. All answers are of one
     * moment: each is as Introspect would have answered then, and all have the same `revision`. For whom Introspect is.
     * The call answers for all tokens or fails as a whole. It never fails for what one of them is: an empty text, rubbish and a text of any
     * length are tokens that are not live. Answers of more than 4 MiB together are INVALID_ARGUMENT: it takes thousands of long
     * scopes to get there. Send fewer tokens then.
     * </pre>
     */
    public internal.symbolon.v1.BatchIntrospectResponse batchIntrospect(internal.symbolon.v1.BatchIntrospectRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchIntrospectMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * WatchRevocations tells a verifier what ends tokens of the caller's tenant, while it happens. For whom Introspect is.
     * A verifier is one cache of Introspect's answers, in one process, for one tenant. It may answer checks from memory while it is open:
     * while less than B has passed since it sent the newest heartbeat that was answered. B is `longest_bound` or less. When a
     * revocation was answered B ago, no verifier that keeps these rules takes its tokens for live, wherever it is and whatever is
     * delayed or lost. They are:
     * 1. Time is the verifier's own monotonic clock. Where that stands still while the machine sleeps, the wall clock must say the
     *    same; the verifier is open only when both do.
     * 2. It has one current stream, and hears no other. The first request has `start`. Later ones have a heartbeat, an acknowledgement,
     *    or both. It sends a heartbeat every 250 ms, answered or not. The time of one is taken before it is given to the stack.
     * 3. It applies each response as a whole, and no check sees half of one. In this order: compare `previous_revision` with what it
     *    knows, and the number of events with `revision - previous_revision`; where they differ, end the stream and begin afresh. With
     *    `afresh`, empty the cache. Take out all that each event ends. Know `revision`. Be open from when `heartbeat` was sent.
     *    Then acknowledge.
     * 4. A check looks first whether the verifier is open, and then for its entry. When it isn't open, or has no entry, it asks
     *    Introspect, without `max_staleness`. An error is an error, never "active".
     * 5. An answer that says active may be kept only when its `revision` is not before the one at which the verifier last began afresh,
     *    its call was sent after that, and no event after its `revision` that the verifier knows ends its token. To look and to keep
     *    is one step, between responses. Who forgets an event keeps no answer from before its revision.
     * 6. A check may join a call of another check that is not sent yet. It may take the answer of one that was sent before it began only
     *    where rule 5 lets that be kept and the verifier is open when the answer arrives.
     * 7. An entry is good for the answer's `time_to_live` from when its call was sent, and for 60 seconds at most. A refresh is no
     *    event, so this is how long a verifier may take the old access token for live.
     * 8. After the stream ended it is open until B after the newest answered heartbeat was sent, and its entries stay. It connects again
     *    with `resume_revision`, after a random part of 100 ms, which doubles up to 2 s with each failure. A stream that answers no
     *    heartbeat for 2 B is given up.
     * 9. A process that was forked from another is a verifier of its own, with an empty cache and another `verifier_id`.
     * The stream ends with UNAVAILABLE when its server or connection ends. Also with OUT_OF_RANGE and POSITION_LOST: begin afresh.
     * ABORTED with WATCHER_TOO_SLOW: more than 256 KiB were not read; resume. ABORTED with WATCHER_REPLACED: another stream of this
     * `verifier_id` began; don't resume. RESOURCE_EXHAUSTED: too many streams, more than 20 heartbeats
     * a second, or more than 200 requests. UNAUTHENTICATED and PERMISSION_DENIED: the caller has ended, or lost its right.
     * INVALID_ARGUMENT: a request that breaks these rules.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<internal.symbolon.v1.WatchRevocationsRequest, internal.symbolon.v1.WatchRevocationsResponse>
        watchRevocations() {
      return io.grpc.stub.ClientCalls.blockingBidiStreamingCall(
          getChannel(), getWatchRevocationsMethod(), getCallOptions());
    }

    /**
     * <pre>
     * Revoke ends a token together with its family, that is, with everything that descends from the same login. When it has
     * answered, every later Introspect says inactive. A token that is unknown or dead already is an answer, not an error. One that
     * nothing proves any more, for its key was lost or leaked, is FAILED_PRECONDITION with TOKEN_UNPROVEN.
     * </pre>
     */
    public internal.symbolon.v1.RevokeResponse revoke(internal.symbolon.v1.RevokeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRevokeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DescribeToken tells who holds a live access token what it stands for, as an app does that kept one. For every client of the tenant,
     * also a public one: the token is the proof. A service that is shown the tokens of others asks Introspect.
     * One that is not live: FAILED_PRECONDITION with INVALID_CREDENTIALS, and `endedBy` as at Refresh where it is proven to be ours.
     * </pre>
     */
    public internal.symbolon.v1.DescribeTokenResponse describeToken(internal.symbolon.v1.DescribeTokenRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDescribeTokenMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListTokens answers the live logins of a user, device or client, in the order in which they were issued, each with its live tokens.
     * For admins, and for the user itself.
     * </pre>
     */
    public internal.symbolon.v1.ListTokensResponse listTokens(internal.symbolon.v1.ListTokensRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListTokensMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RevokeAll ends every token of a user, device, client or whole tenant, however many there are. Later logins are not touched. For
     * admins. An operator's client is for operators; with the whole tenant its tokens end too, and it can have new ones.
     * </pre>
     */
    public internal.symbolon.v1.RevokeAllResponse revokeAll(internal.symbolon.v1.RevokeAllRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRevokeAllMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * CountLogins tells how many live logins RevokeAll of the same target would end now, so that a person can be asked and told. It
     * looks at a bounded number of logins. For admins; of a client or tenant for operators too.
     * </pre>
     */
    public internal.symbolon.v1.CountLoginsResponse countLogins(internal.symbolon.v1.CountLoginsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCountLoginsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service TokenService.
   * <pre>
   * TokenService issues, refreshes, introspects, lists and revokes tokens.
   * What follows holds for every service of this package.
   * Every call names its caller in the `authorization` metadata:
   * - `Basic base64(client_id:client_secret)`: a confidential client, proven by its secret.
   * - `Basic base64(client_id:)`: a public client, which only names itself. It reaches Issue and Refresh, Revoke by token, and what
   *   is said to be for every client of the tenant. Both halves may be form-encoded (RFC 6749 section 2.3.1), as OAuth libraries
   *   send them.
   * - `Bearer &lt;access token&gt;`: an ADMIN or APPLICATION token stands for the client that it was issued to.
   * A caller sees its own tenant only; ids and names of another tenant's are unknown, with the same text as those that nobody has.
   * Only operators see other tenants, and make clients in them; what is in those is for the admins there. "Admins" are clients with
   * the ADMIN role, in their own tenant; "operators" are clients with the OPERATOR role. A caller that is refused with
   * PERMISSION_DENIED learns nothing of what the call names.
   * A failed call carries a `google.rpc.Status` in the `grpc-status-details-bin` trailer. Its details hold a `google.rpc.ErrorInfo`
   * with the domain `symbolon.internal` and an ErrorReason, without its prefix. Its metadata has the `requestId` that the server's log
   * knows the call by. The details also hold a `google.rpc.RetryInfo` where repeating helps.
   * UNAVAILABLE and DEADLINE_EXCEEDED mean that the outcome is unknown. Repeating is then safe for every method that has an
   * `idempotency_level`, for Refresh within the tenant's repeat window, and for Issue when it carries a `request_id`. Creating with an
   * id or name of the caller's own choice can be repeated too: ALREADY_EXISTS then tells that it was made. A repeated Delete, Detach
   * or Attach may be answered as if it had been done before, and a repeated RevokeAll or Disable ends also what was issued between.
   * NO_SIDE_EFFECTS is for reads without a secret in their request, which may then be sent in a URL: Introspect and GetUser are not.
   * Every change to a tenant, client, user or device is in the tenant's audit log when it is answered. A method that ends tokens
   * answers the `revision` that holds it. Give it to Introspect as `at_least_revision`. It takes `wait` too: whether its answer waits
   * until no verifier that caches Introspect's answers can take these tokens for live, as RevocationWait tells.
   * Lists come in pages: `page_size` is the most entries that are answered, 0 stands for 50 and more than 1,000 is INVALID_ARGUMENT.
   * A page may hold fewer, also when more follow. `page_token` is what the last answer gave as `next_page_token`, empty for the
   * first page. It is opaque, and good only for the same caller with the same request, apart from `page_size`. Otherwise
   * INVALID_ARGUMENT. An empty `next_page_token` is the end. What is made or deleted meanwhile may be missing or not; all else comes
   * exactly once.
   * Updates take an `update_mask` that names fields of the request, in its own spelling. A field that is not named stays as it is; one
   * that is named and not set is emptied, or gets its default. Empty masks and names that are not listed at the mask: INVALID_ARGUMENT.
   * </pre>
   */
  public static final class TokenServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<TokenServiceBlockingStub> {
    private TokenServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TokenServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TokenServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Issue checks one credential and answers a new access token, with a refresh token when the tenant has refresh on.
     * A user's name and password are a first-party login, not an OAuth grant for third parties (RFC 9700 section 2.4).
     * A wrong, unknown or disabled credential is FAILED_PRECONDITION with INVALID_CREDENTIALS, whichever of these it was.
     * </pre>
     */
    public internal.symbolon.v1.IssueResponse issue(internal.symbolon.v1.IssueRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getIssueMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * BeginDeviceAuthorization begins the login of a device without a browser (RFC 8628 section 3.1). The device shows its user the code and
     * the address, and asks Issue with `device_code` until the user has decided.
     * The caller must have the grant `device_code`: else PERMISSION_DENIED with UNAUTHORIZED_CLIENT. Too many from one network address:
     * RESOURCE_EXHAUSTED. A server that does not know how browsers reach it: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public internal.symbolon.v1.BeginDeviceAuthorizationResponse beginDeviceAuthorization(internal.symbolon.v1.BeginDeviceAuthorizationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBeginDeviceAuthorizationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Refresh trades a refresh token for a new pair; the presented token and the access token issued with it die.
     * When the answer was lost, repeat the call within the tenant's repeat window (10 minutes unless set otherwise). It answers the
     * same pair again, until that pair is first used. Any other old refresh token that is proven to be ours revokes its whole family.
     * One that ended: FAILED_PRECONDITION with INVALID_REFRESH_TOKEN. To the client that it was issued to, the ErrorInfo's metadata tells
     * why as `endedBy`: `EXPIRED`, or a RevocationCause without its prefix, such as `PASSWORD_CHANGED`. Absent: nothing is known of it.
     * </pre>
     */
    public internal.symbolon.v1.RefreshResponse refresh(internal.symbolon.v1.RefreshRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRefreshMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Introspect tells whether an access token is live, whose it is and what it may do. A dead token is an answer, not an error.
     * </pre>
     */
    public internal.symbolon.v1.IntrospectResponse introspect(internal.symbolon.v1.IntrospectRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getIntrospectMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * BatchIntrospect does for up to 1,000 access tokens what Introspect does for one, and answers in their order. All answers are of one
     * moment: each is as Introspect would have answered then, and all have the same `revision`. For whom Introspect is.
     * The call answers for all tokens or fails as a whole. It never fails for what one of them is: an empty text, rubbish and a text of any
     * length are tokens that are not live. Answers of more than 4 MiB together are INVALID_ARGUMENT: it takes thousands of long
     * scopes to get there. Send fewer tokens then.
     * </pre>
     */
    public internal.symbolon.v1.BatchIntrospectResponse batchIntrospect(internal.symbolon.v1.BatchIntrospectRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchIntrospectMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Revoke ends a token together with its family, that is, with everything that descends from the same login. When it has
     * answered, every later Introspect says inactive. A token that is unknown or dead already is an answer, not an error. One that
     * nothing proves any more, for its key was lost or leaked, is FAILED_PRECONDITION with TOKEN_UNPROVEN.
     * </pre>
     */
    public internal.symbolon.v1.RevokeResponse revoke(internal.symbolon.v1.RevokeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRevokeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DescribeToken tells who holds a live access token what it stands for, as an app does that kept one. For every client of the tenant,
     * also a public one: the token is the proof. A service that is shown the tokens of others asks Introspect.
     * One that is not live: FAILED_PRECONDITION with INVALID_CREDENTIALS, and `endedBy` as at Refresh where it is proven to be ours.
     * </pre>
     */
    public internal.symbolon.v1.DescribeTokenResponse describeToken(internal.symbolon.v1.DescribeTokenRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDescribeTokenMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListTokens answers the live logins of a user, device or client, in the order in which they were issued, each with its live tokens.
     * For admins, and for the user itself.
     * </pre>
     */
    public internal.symbolon.v1.ListTokensResponse listTokens(internal.symbolon.v1.ListTokensRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListTokensMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RevokeAll ends every token of a user, device, client or whole tenant, however many there are. Later logins are not touched. For
     * admins. An operator's client is for operators; with the whole tenant its tokens end too, and it can have new ones.
     * </pre>
     */
    public internal.symbolon.v1.RevokeAllResponse revokeAll(internal.symbolon.v1.RevokeAllRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRevokeAllMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * CountLogins tells how many live logins RevokeAll of the same target would end now, so that a person can be asked and told. It
     * looks at a bounded number of logins. For admins; of a client or tenant for operators too.
     * </pre>
     */
    public internal.symbolon.v1.CountLoginsResponse countLogins(internal.symbolon.v1.CountLoginsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCountLoginsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service TokenService.
   * <pre>
   * TokenService issues, refreshes, introspects, lists and revokes tokens.
   * What follows holds for every service of this package.
   * Every call names its caller in the `authorization` metadata:
   * - `Basic base64(client_id:client_secret)`: a confidential client, proven by its secret.
   * - `Basic base64(client_id:)`: a public client, which only names itself. It reaches Issue and Refresh, Revoke by token, and what
   *   is said to be for every client of the tenant. Both halves may be form-encoded (RFC 6749 section 2.3.1), as OAuth libraries
   *   send them.
   * - `Bearer &lt;access token&gt;`: an ADMIN or APPLICATION token stands for the client that it was issued to.
   * A caller sees its own tenant only; ids and names of another tenant's are unknown, with the same text as those that nobody has.
   * Only operators see other tenants, and make clients in them; what is in those is for the admins there. "Admins" are clients with
   * the ADMIN role, in their own tenant; "operators" are clients with the OPERATOR role. A caller that is refused with
   * PERMISSION_DENIED learns nothing of what the call names.
   * A failed call carries a `google.rpc.Status` in the `grpc-status-details-bin` trailer. Its details hold a `google.rpc.ErrorInfo`
   * with the domain `symbolon.internal` and an ErrorReason, without its prefix. Its metadata has the `requestId` that the server's log
   * knows the call by. The details also hold a `google.rpc.RetryInfo` where repeating helps.
   * UNAVAILABLE and DEADLINE_EXCEEDED mean that the outcome is unknown. Repeating is then safe for every method that has an
   * `idempotency_level`, for Refresh within the tenant's repeat window, and for Issue when it carries a `request_id`. Creating with an
   * id or name of the caller's own choice can be repeated too: ALREADY_EXISTS then tells that it was made. A repeated Delete, Detach
   * or Attach may be answered as if it had been done before, and a repeated RevokeAll or Disable ends also what was issued between.
   * NO_SIDE_EFFECTS is for reads without a secret in their request, which may then be sent in a URL: Introspect and GetUser are not.
   * Every change to a tenant, client, user or device is in the tenant's audit log when it is answered. A method that ends tokens
   * answers the `revision` that holds it. Give it to Introspect as `at_least_revision`. It takes `wait` too: whether its answer waits
   * until no verifier that caches Introspect's answers can take these tokens for live, as RevocationWait tells.
   * Lists come in pages: `page_size` is the most entries that are answered, 0 stands for 50 and more than 1,000 is INVALID_ARGUMENT.
   * A page may hold fewer, also when more follow. `page_token` is what the last answer gave as `next_page_token`, empty for the
   * first page. It is opaque, and good only for the same caller with the same request, apart from `page_size`. Otherwise
   * INVALID_ARGUMENT. An empty `next_page_token` is the end. What is made or deleted meanwhile may be missing or not; all else comes
   * exactly once.
   * Updates take an `update_mask` that names fields of the request, in its own spelling. A field that is not named stays as it is; one
   * that is named and not set is emptied, or gets its default. Empty masks and names that are not listed at the mask: INVALID_ARGUMENT.
   * </pre>
   */
  public static final class TokenServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<TokenServiceFutureStub> {
    private TokenServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TokenServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TokenServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Issue checks one credential and answers a new access token, with a refresh token when the tenant has refresh on.
     * A user's name and password are a first-party login, not an OAuth grant for third parties (RFC 9700 section 2.4).
     * A wrong, unknown or disabled credential is FAILED_PRECONDITION with INVALID_CREDENTIALS, whichever of these it was.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.IssueResponse> issue(
        internal.symbolon.v1.IssueRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getIssueMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * BeginDeviceAuthorization begins the login of a device without a browser (RFC 8628 section 3.1). The device shows its user the code and
     * the address, and asks Issue with `device_code` until the user has decided.
     * The caller must have the grant `device_code`: else PERMISSION_DENIED with UNAUTHORIZED_CLIENT. Too many from one network address:
     * RESOURCE_EXHAUSTED. A server that does not know how browsers reach it: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.BeginDeviceAuthorizationResponse> beginDeviceAuthorization(
        internal.symbolon.v1.BeginDeviceAuthorizationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBeginDeviceAuthorizationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Refresh trades a refresh token for a new pair; the presented token and the access token issued with it die.
     * When the answer was lost, repeat the call within the tenant's repeat window (10 minutes unless set otherwise). It answers the
     * same pair again, until that pair is first used. Any other old refresh token that is proven to be ours revokes its whole family.
     * One that ended: FAILED_PRECONDITION with INVALID_REFRESH_TOKEN. To the client that it was issued to, the ErrorInfo's metadata tells
     * why as `endedBy`: `EXPIRED`, or a RevocationCause without its prefix, such as `PASSWORD_CHANGED`. Absent: nothing is known of it.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.RefreshResponse> refresh(
        internal.symbolon.v1.RefreshRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRefreshMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Introspect tells whether an access token is live, whose it is and what it may do. A dead token is an answer, not an error.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.IntrospectResponse> introspect(
        internal.symbolon.v1.IntrospectRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getIntrospectMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * BatchIntrospect does for up to 1,000 access tokens what Introspect does for one, and answers in their order. All answers are of one
     * moment: each is as Introspect would have answered then, and all have the same `revision`. For whom Introspect is.
     * The call answers for all tokens or fails as a whole. It never fails for what one of them is: an empty text, rubbish and a text of any
     * length are tokens that are not live. Answers of more than 4 MiB together are INVALID_ARGUMENT: it takes thousands of long
     * scopes to get there. Send fewer tokens then.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.BatchIntrospectResponse> batchIntrospect(
        internal.symbolon.v1.BatchIntrospectRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchIntrospectMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Revoke ends a token together with its family, that is, with everything that descends from the same login. When it has
     * answered, every later Introspect says inactive. A token that is unknown or dead already is an answer, not an error. One that
     * nothing proves any more, for its key was lost or leaked, is FAILED_PRECONDITION with TOKEN_UNPROVEN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.RevokeResponse> revoke(
        internal.symbolon.v1.RevokeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRevokeMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DescribeToken tells who holds a live access token what it stands for, as an app does that kept one. For every client of the tenant,
     * also a public one: the token is the proof. A service that is shown the tokens of others asks Introspect.
     * One that is not live: FAILED_PRECONDITION with INVALID_CREDENTIALS, and `endedBy` as at Refresh where it is proven to be ours.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.DescribeTokenResponse> describeToken(
        internal.symbolon.v1.DescribeTokenRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDescribeTokenMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListTokens answers the live logins of a user, device or client, in the order in which they were issued, each with its live tokens.
     * For admins, and for the user itself.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ListTokensResponse> listTokens(
        internal.symbolon.v1.ListTokensRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListTokensMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * RevokeAll ends every token of a user, device, client or whole tenant, however many there are. Later logins are not touched. For
     * admins. An operator's client is for operators; with the whole tenant its tokens end too, and it can have new ones.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.RevokeAllResponse> revokeAll(
        internal.symbolon.v1.RevokeAllRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRevokeAllMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * CountLogins tells how many live logins RevokeAll of the same target would end now, so that a person can be asked and told. It
     * looks at a bounded number of logins. For admins; of a client or tenant for operators too.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.CountLoginsResponse> countLogins(
        internal.symbolon.v1.CountLoginsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCountLoginsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_ISSUE = 0;
  private static final int METHODID_BEGIN_DEVICE_AUTHORIZATION = 1;
  private static final int METHODID_REFRESH = 2;
  private static final int METHODID_INTROSPECT = 3;
  private static final int METHODID_BATCH_INTROSPECT = 4;
  private static final int METHODID_REVOKE = 5;
  private static final int METHODID_DESCRIBE_TOKEN = 6;
  private static final int METHODID_LIST_TOKENS = 7;
  private static final int METHODID_REVOKE_ALL = 8;
  private static final int METHODID_COUNT_LOGINS = 9;
  private static final int METHODID_WATCH_REVOCATIONS = 10;

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
        case METHODID_ISSUE:
          serviceImpl.issue((internal.symbolon.v1.IssueRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.IssueResponse>) responseObserver);
          break;
        case METHODID_BEGIN_DEVICE_AUTHORIZATION:
          serviceImpl.beginDeviceAuthorization((internal.symbolon.v1.BeginDeviceAuthorizationRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.BeginDeviceAuthorizationResponse>) responseObserver);
          break;
        case METHODID_REFRESH:
          serviceImpl.refresh((internal.symbolon.v1.RefreshRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.RefreshResponse>) responseObserver);
          break;
        case METHODID_INTROSPECT:
          serviceImpl.introspect((internal.symbolon.v1.IntrospectRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.IntrospectResponse>) responseObserver);
          break;
        case METHODID_BATCH_INTROSPECT:
          serviceImpl.batchIntrospect((internal.symbolon.v1.BatchIntrospectRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.BatchIntrospectResponse>) responseObserver);
          break;
        case METHODID_REVOKE:
          serviceImpl.revoke((internal.symbolon.v1.RevokeRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.RevokeResponse>) responseObserver);
          break;
        case METHODID_DESCRIBE_TOKEN:
          serviceImpl.describeToken((internal.symbolon.v1.DescribeTokenRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.DescribeTokenResponse>) responseObserver);
          break;
        case METHODID_LIST_TOKENS:
          serviceImpl.listTokens((internal.symbolon.v1.ListTokensRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ListTokensResponse>) responseObserver);
          break;
        case METHODID_REVOKE_ALL:
          serviceImpl.revokeAll((internal.symbolon.v1.RevokeAllRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.RevokeAllResponse>) responseObserver);
          break;
        case METHODID_COUNT_LOGINS:
          serviceImpl.countLogins((internal.symbolon.v1.CountLoginsRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.CountLoginsResponse>) responseObserver);
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
        case METHODID_WATCH_REVOCATIONS:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.watchRevocations(
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.WatchRevocationsResponse>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getIssueMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.IssueRequest,
              internal.symbolon.v1.IssueResponse>(
                service, METHODID_ISSUE)))
        .addMethod(
          getBeginDeviceAuthorizationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.BeginDeviceAuthorizationRequest,
              internal.symbolon.v1.BeginDeviceAuthorizationResponse>(
                service, METHODID_BEGIN_DEVICE_AUTHORIZATION)))
        .addMethod(
          getRefreshMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.RefreshRequest,
              internal.symbolon.v1.RefreshResponse>(
                service, METHODID_REFRESH)))
        .addMethod(
          getIntrospectMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.IntrospectRequest,
              internal.symbolon.v1.IntrospectResponse>(
                service, METHODID_INTROSPECT)))
        .addMethod(
          getBatchIntrospectMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.BatchIntrospectRequest,
              internal.symbolon.v1.BatchIntrospectResponse>(
                service, METHODID_BATCH_INTROSPECT)))
        .addMethod(
          getWatchRevocationsMethod(),
          io.grpc.stub.ServerCalls.asyncBidiStreamingCall(
            new MethodHandlers<
              internal.symbolon.v1.WatchRevocationsRequest,
              internal.symbolon.v1.WatchRevocationsResponse>(
                service, METHODID_WATCH_REVOCATIONS)))
        .addMethod(
          getRevokeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.RevokeRequest,
              internal.symbolon.v1.RevokeResponse>(
                service, METHODID_REVOKE)))
        .addMethod(
          getDescribeTokenMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.DescribeTokenRequest,
              internal.symbolon.v1.DescribeTokenResponse>(
                service, METHODID_DESCRIBE_TOKEN)))
        .addMethod(
          getListTokensMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ListTokensRequest,
              internal.symbolon.v1.ListTokensResponse>(
                service, METHODID_LIST_TOKENS)))
        .addMethod(
          getRevokeAllMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.RevokeAllRequest,
              internal.symbolon.v1.RevokeAllResponse>(
                service, METHODID_REVOKE_ALL)))
        .addMethod(
          getCountLoginsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.CountLoginsRequest,
              internal.symbolon.v1.CountLoginsResponse>(
                service, METHODID_COUNT_LOGINS)))
        .build();
  }

  private static abstract class TokenServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    TokenServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return internal.symbolon.v1.TokenServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("TokenService");
    }
  }

  private static final class TokenServiceFileDescriptorSupplier
      extends TokenServiceBaseDescriptorSupplier {
    TokenServiceFileDescriptorSupplier() {}
  }

  private static final class TokenServiceMethodDescriptorSupplier
      extends TokenServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    TokenServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (TokenServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new TokenServiceFileDescriptorSupplier())
              .addMethod(getIssueMethod())
              .addMethod(getBeginDeviceAuthorizationMethod())
              .addMethod(getRefreshMethod())
              .addMethod(getIntrospectMethod())
              .addMethod(getBatchIntrospectMethod())
              .addMethod(getWatchRevocationsMethod())
              .addMethod(getRevokeMethod())
              .addMethod(getDescribeTokenMethod())
              .addMethod(getListTokensMethod())
              .addMethod(getRevokeAllMethod())
              .addMethod(getCountLoginsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
