package internal.symbolon.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * UserService keeps the users of a tenant: their names and addresses, passwords and second factors, and the messages to them.
 * An operation that a user may do itself is open to every client of the tenant, also a public one. The client names the user by
 * one of the user's own live access tokens (`UserRef.access_token`).
 * Callers, errors, repeats, pages and update masks are as TokenService tells.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class UserServiceGrpc {

  private UserServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "symbolon.v1.UserService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.RegisterUserRequest,
      internal.symbolon.v1.RegisterUserResponse> getRegisterUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RegisterUser",
      requestType = internal.symbolon.v1.RegisterUserRequest.class,
      responseType = internal.symbolon.v1.RegisterUserResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.RegisterUserRequest,
      internal.symbolon.v1.RegisterUserResponse> getRegisterUserMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.RegisterUserRequest, internal.symbolon.v1.RegisterUserResponse> getRegisterUserMethod;
    if ((getRegisterUserMethod = UserServiceGrpc.getRegisterUserMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getRegisterUserMethod = UserServiceGrpc.getRegisterUserMethod) == null) {
          UserServiceGrpc.getRegisterUserMethod = getRegisterUserMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.RegisterUserRequest, internal.symbolon.v1.RegisterUserResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RegisterUser"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RegisterUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RegisterUserResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("RegisterUser"))
              .build();
        }
      }
    }
    return getRegisterUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.GetUserRequest,
      internal.symbolon.v1.GetUserResponse> getGetUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetUser",
      requestType = internal.symbolon.v1.GetUserRequest.class,
      responseType = internal.symbolon.v1.GetUserResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.GetUserRequest,
      internal.symbolon.v1.GetUserResponse> getGetUserMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.GetUserRequest, internal.symbolon.v1.GetUserResponse> getGetUserMethod;
    if ((getGetUserMethod = UserServiceGrpc.getGetUserMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getGetUserMethod = UserServiceGrpc.getGetUserMethod) == null) {
          UserServiceGrpc.getGetUserMethod = getGetUserMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.GetUserRequest, internal.symbolon.v1.GetUserResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetUser"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetUserResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("GetUser"))
              .build();
        }
      }
    }
    return getGetUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ListUsersRequest,
      internal.symbolon.v1.ListUsersResponse> getListUsersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListUsers",
      requestType = internal.symbolon.v1.ListUsersRequest.class,
      responseType = internal.symbolon.v1.ListUsersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ListUsersRequest,
      internal.symbolon.v1.ListUsersResponse> getListUsersMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ListUsersRequest, internal.symbolon.v1.ListUsersResponse> getListUsersMethod;
    if ((getListUsersMethod = UserServiceGrpc.getListUsersMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getListUsersMethod = UserServiceGrpc.getListUsersMethod) == null) {
          UserServiceGrpc.getListUsersMethod = getListUsersMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ListUsersRequest, internal.symbolon.v1.ListUsersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListUsers"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListUsersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListUsersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("ListUsers"))
              .build();
        }
      }
    }
    return getListUsersMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateUserRequest,
      internal.symbolon.v1.UpdateUserResponse> getUpdateUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateUser",
      requestType = internal.symbolon.v1.UpdateUserRequest.class,
      responseType = internal.symbolon.v1.UpdateUserResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateUserRequest,
      internal.symbolon.v1.UpdateUserResponse> getUpdateUserMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateUserRequest, internal.symbolon.v1.UpdateUserResponse> getUpdateUserMethod;
    if ((getUpdateUserMethod = UserServiceGrpc.getUpdateUserMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getUpdateUserMethod = UserServiceGrpc.getUpdateUserMethod) == null) {
          UserServiceGrpc.getUpdateUserMethod = getUpdateUserMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.UpdateUserRequest, internal.symbolon.v1.UpdateUserResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateUser"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UpdateUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UpdateUserResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("UpdateUser"))
              .build();
        }
      }
    }
    return getUpdateUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ChangeUserPasswordRequest,
      internal.symbolon.v1.ChangeUserPasswordResponse> getChangeUserPasswordMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ChangeUserPassword",
      requestType = internal.symbolon.v1.ChangeUserPasswordRequest.class,
      responseType = internal.symbolon.v1.ChangeUserPasswordResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ChangeUserPasswordRequest,
      internal.symbolon.v1.ChangeUserPasswordResponse> getChangeUserPasswordMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ChangeUserPasswordRequest, internal.symbolon.v1.ChangeUserPasswordResponse> getChangeUserPasswordMethod;
    if ((getChangeUserPasswordMethod = UserServiceGrpc.getChangeUserPasswordMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getChangeUserPasswordMethod = UserServiceGrpc.getChangeUserPasswordMethod) == null) {
          UserServiceGrpc.getChangeUserPasswordMethod = getChangeUserPasswordMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ChangeUserPasswordRequest, internal.symbolon.v1.ChangeUserPasswordResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ChangeUserPassword"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ChangeUserPasswordRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ChangeUserPasswordResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("ChangeUserPassword"))
              .build();
        }
      }
    }
    return getChangeUserPasswordMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.RequestPasswordResetRequest,
      internal.symbolon.v1.RequestPasswordResetResponse> getRequestPasswordResetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RequestPasswordReset",
      requestType = internal.symbolon.v1.RequestPasswordResetRequest.class,
      responseType = internal.symbolon.v1.RequestPasswordResetResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.RequestPasswordResetRequest,
      internal.symbolon.v1.RequestPasswordResetResponse> getRequestPasswordResetMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.RequestPasswordResetRequest, internal.symbolon.v1.RequestPasswordResetResponse> getRequestPasswordResetMethod;
    if ((getRequestPasswordResetMethod = UserServiceGrpc.getRequestPasswordResetMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getRequestPasswordResetMethod = UserServiceGrpc.getRequestPasswordResetMethod) == null) {
          UserServiceGrpc.getRequestPasswordResetMethod = getRequestPasswordResetMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.RequestPasswordResetRequest, internal.symbolon.v1.RequestPasswordResetResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RequestPasswordReset"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RequestPasswordResetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RequestPasswordResetResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("RequestPasswordReset"))
              .build();
        }
      }
    }
    return getRequestPasswordResetMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.CompletePasswordResetRequest,
      internal.symbolon.v1.CompletePasswordResetResponse> getCompletePasswordResetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CompletePasswordReset",
      requestType = internal.symbolon.v1.CompletePasswordResetRequest.class,
      responseType = internal.symbolon.v1.CompletePasswordResetResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.CompletePasswordResetRequest,
      internal.symbolon.v1.CompletePasswordResetResponse> getCompletePasswordResetMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.CompletePasswordResetRequest, internal.symbolon.v1.CompletePasswordResetResponse> getCompletePasswordResetMethod;
    if ((getCompletePasswordResetMethod = UserServiceGrpc.getCompletePasswordResetMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getCompletePasswordResetMethod = UserServiceGrpc.getCompletePasswordResetMethod) == null) {
          UserServiceGrpc.getCompletePasswordResetMethod = getCompletePasswordResetMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.CompletePasswordResetRequest, internal.symbolon.v1.CompletePasswordResetResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CompletePasswordReset"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CompletePasswordResetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.CompletePasswordResetResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("CompletePasswordReset"))
              .build();
        }
      }
    }
    return getCompletePasswordResetMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.DisableUserRequest,
      internal.symbolon.v1.DisableUserResponse> getDisableUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DisableUser",
      requestType = internal.symbolon.v1.DisableUserRequest.class,
      responseType = internal.symbolon.v1.DisableUserResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.DisableUserRequest,
      internal.symbolon.v1.DisableUserResponse> getDisableUserMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.DisableUserRequest, internal.symbolon.v1.DisableUserResponse> getDisableUserMethod;
    if ((getDisableUserMethod = UserServiceGrpc.getDisableUserMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getDisableUserMethod = UserServiceGrpc.getDisableUserMethod) == null) {
          UserServiceGrpc.getDisableUserMethod = getDisableUserMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.DisableUserRequest, internal.symbolon.v1.DisableUserResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DisableUser"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DisableUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DisableUserResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("DisableUser"))
              .build();
        }
      }
    }
    return getDisableUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.EnableUserRequest,
      internal.symbolon.v1.EnableUserResponse> getEnableUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "EnableUser",
      requestType = internal.symbolon.v1.EnableUserRequest.class,
      responseType = internal.symbolon.v1.EnableUserResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.EnableUserRequest,
      internal.symbolon.v1.EnableUserResponse> getEnableUserMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.EnableUserRequest, internal.symbolon.v1.EnableUserResponse> getEnableUserMethod;
    if ((getEnableUserMethod = UserServiceGrpc.getEnableUserMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getEnableUserMethod = UserServiceGrpc.getEnableUserMethod) == null) {
          UserServiceGrpc.getEnableUserMethod = getEnableUserMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.EnableUserRequest, internal.symbolon.v1.EnableUserResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "EnableUser"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.EnableUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.EnableUserResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("EnableUser"))
              .build();
        }
      }
    }
    return getEnableUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.UnlockUserRequest,
      internal.symbolon.v1.UnlockUserResponse> getUnlockUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UnlockUser",
      requestType = internal.symbolon.v1.UnlockUserRequest.class,
      responseType = internal.symbolon.v1.UnlockUserResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.UnlockUserRequest,
      internal.symbolon.v1.UnlockUserResponse> getUnlockUserMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.UnlockUserRequest, internal.symbolon.v1.UnlockUserResponse> getUnlockUserMethod;
    if ((getUnlockUserMethod = UserServiceGrpc.getUnlockUserMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getUnlockUserMethod = UserServiceGrpc.getUnlockUserMethod) == null) {
          UserServiceGrpc.getUnlockUserMethod = getUnlockUserMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.UnlockUserRequest, internal.symbolon.v1.UnlockUserResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UnlockUser"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UnlockUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UnlockUserResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("UnlockUser"))
              .build();
        }
      }
    }
    return getUnlockUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteUserRequest,
      internal.symbolon.v1.DeleteUserResponse> getDeleteUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteUser",
      requestType = internal.symbolon.v1.DeleteUserRequest.class,
      responseType = internal.symbolon.v1.DeleteUserResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteUserRequest,
      internal.symbolon.v1.DeleteUserResponse> getDeleteUserMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteUserRequest, internal.symbolon.v1.DeleteUserResponse> getDeleteUserMethod;
    if ((getDeleteUserMethod = UserServiceGrpc.getDeleteUserMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getDeleteUserMethod = UserServiceGrpc.getDeleteUserMethod) == null) {
          UserServiceGrpc.getDeleteUserMethod = getDeleteUserMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.DeleteUserRequest, internal.symbolon.v1.DeleteUserResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteUser"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DeleteUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DeleteUserResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("DeleteUser"))
              .build();
        }
      }
    }
    return getDeleteUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.StartEmailVerificationRequest,
      internal.symbolon.v1.StartEmailVerificationResponse> getStartEmailVerificationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StartEmailVerification",
      requestType = internal.symbolon.v1.StartEmailVerificationRequest.class,
      responseType = internal.symbolon.v1.StartEmailVerificationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.StartEmailVerificationRequest,
      internal.symbolon.v1.StartEmailVerificationResponse> getStartEmailVerificationMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.StartEmailVerificationRequest, internal.symbolon.v1.StartEmailVerificationResponse> getStartEmailVerificationMethod;
    if ((getStartEmailVerificationMethod = UserServiceGrpc.getStartEmailVerificationMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getStartEmailVerificationMethod = UserServiceGrpc.getStartEmailVerificationMethod) == null) {
          UserServiceGrpc.getStartEmailVerificationMethod = getStartEmailVerificationMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.StartEmailVerificationRequest, internal.symbolon.v1.StartEmailVerificationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StartEmailVerification"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.StartEmailVerificationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.StartEmailVerificationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("StartEmailVerification"))
              .build();
        }
      }
    }
    return getStartEmailVerificationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ConfirmEmailVerificationRequest,
      internal.symbolon.v1.ConfirmEmailVerificationResponse> getConfirmEmailVerificationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ConfirmEmailVerification",
      requestType = internal.symbolon.v1.ConfirmEmailVerificationRequest.class,
      responseType = internal.symbolon.v1.ConfirmEmailVerificationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ConfirmEmailVerificationRequest,
      internal.symbolon.v1.ConfirmEmailVerificationResponse> getConfirmEmailVerificationMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ConfirmEmailVerificationRequest, internal.symbolon.v1.ConfirmEmailVerificationResponse> getConfirmEmailVerificationMethod;
    if ((getConfirmEmailVerificationMethod = UserServiceGrpc.getConfirmEmailVerificationMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getConfirmEmailVerificationMethod = UserServiceGrpc.getConfirmEmailVerificationMethod) == null) {
          UserServiceGrpc.getConfirmEmailVerificationMethod = getConfirmEmailVerificationMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ConfirmEmailVerificationRequest, internal.symbolon.v1.ConfirmEmailVerificationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ConfirmEmailVerification"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ConfirmEmailVerificationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ConfirmEmailVerificationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("ConfirmEmailVerification"))
              .build();
        }
      }
    }
    return getConfirmEmailVerificationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.StartPhoneVerificationRequest,
      internal.symbolon.v1.StartPhoneVerificationResponse> getStartPhoneVerificationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StartPhoneVerification",
      requestType = internal.symbolon.v1.StartPhoneVerificationRequest.class,
      responseType = internal.symbolon.v1.StartPhoneVerificationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.StartPhoneVerificationRequest,
      internal.symbolon.v1.StartPhoneVerificationResponse> getStartPhoneVerificationMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.StartPhoneVerificationRequest, internal.symbolon.v1.StartPhoneVerificationResponse> getStartPhoneVerificationMethod;
    if ((getStartPhoneVerificationMethod = UserServiceGrpc.getStartPhoneVerificationMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getStartPhoneVerificationMethod = UserServiceGrpc.getStartPhoneVerificationMethod) == null) {
          UserServiceGrpc.getStartPhoneVerificationMethod = getStartPhoneVerificationMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.StartPhoneVerificationRequest, internal.symbolon.v1.StartPhoneVerificationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StartPhoneVerification"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.StartPhoneVerificationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.StartPhoneVerificationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("StartPhoneVerification"))
              .build();
        }
      }
    }
    return getStartPhoneVerificationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ConfirmPhoneVerificationRequest,
      internal.symbolon.v1.ConfirmPhoneVerificationResponse> getConfirmPhoneVerificationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ConfirmPhoneVerification",
      requestType = internal.symbolon.v1.ConfirmPhoneVerificationRequest.class,
      responseType = internal.symbolon.v1.ConfirmPhoneVerificationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ConfirmPhoneVerificationRequest,
      internal.symbolon.v1.ConfirmPhoneVerificationResponse> getConfirmPhoneVerificationMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ConfirmPhoneVerificationRequest, internal.symbolon.v1.ConfirmPhoneVerificationResponse> getConfirmPhoneVerificationMethod;
    if ((getConfirmPhoneVerificationMethod = UserServiceGrpc.getConfirmPhoneVerificationMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getConfirmPhoneVerificationMethod = UserServiceGrpc.getConfirmPhoneVerificationMethod) == null) {
          UserServiceGrpc.getConfirmPhoneVerificationMethod = getConfirmPhoneVerificationMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ConfirmPhoneVerificationRequest, internal.symbolon.v1.ConfirmPhoneVerificationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ConfirmPhoneVerification"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ConfirmPhoneVerificationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ConfirmPhoneVerificationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("ConfirmPhoneVerification"))
              .build();
        }
      }
    }
    return getConfirmPhoneVerificationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.EnrollTotpRequest,
      internal.symbolon.v1.EnrollTotpResponse> getEnrollTotpMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "EnrollTotp",
      requestType = internal.symbolon.v1.EnrollTotpRequest.class,
      responseType = internal.symbolon.v1.EnrollTotpResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.EnrollTotpRequest,
      internal.symbolon.v1.EnrollTotpResponse> getEnrollTotpMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.EnrollTotpRequest, internal.symbolon.v1.EnrollTotpResponse> getEnrollTotpMethod;
    if ((getEnrollTotpMethod = UserServiceGrpc.getEnrollTotpMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getEnrollTotpMethod = UserServiceGrpc.getEnrollTotpMethod) == null) {
          UserServiceGrpc.getEnrollTotpMethod = getEnrollTotpMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.EnrollTotpRequest, internal.symbolon.v1.EnrollTotpResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "EnrollTotp"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.EnrollTotpRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.EnrollTotpResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("EnrollTotp"))
              .build();
        }
      }
    }
    return getEnrollTotpMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ConfirmTotpRequest,
      internal.symbolon.v1.ConfirmTotpResponse> getConfirmTotpMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ConfirmTotp",
      requestType = internal.symbolon.v1.ConfirmTotpRequest.class,
      responseType = internal.symbolon.v1.ConfirmTotpResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ConfirmTotpRequest,
      internal.symbolon.v1.ConfirmTotpResponse> getConfirmTotpMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ConfirmTotpRequest, internal.symbolon.v1.ConfirmTotpResponse> getConfirmTotpMethod;
    if ((getConfirmTotpMethod = UserServiceGrpc.getConfirmTotpMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getConfirmTotpMethod = UserServiceGrpc.getConfirmTotpMethod) == null) {
          UserServiceGrpc.getConfirmTotpMethod = getConfirmTotpMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ConfirmTotpRequest, internal.symbolon.v1.ConfirmTotpResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ConfirmTotp"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ConfirmTotpRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ConfirmTotpResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("ConfirmTotp"))
              .build();
        }
      }
    }
    return getConfirmTotpMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.RemoveTotpRequest,
      internal.symbolon.v1.RemoveTotpResponse> getRemoveTotpMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RemoveTotp",
      requestType = internal.symbolon.v1.RemoveTotpRequest.class,
      responseType = internal.symbolon.v1.RemoveTotpResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.RemoveTotpRequest,
      internal.symbolon.v1.RemoveTotpResponse> getRemoveTotpMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.RemoveTotpRequest, internal.symbolon.v1.RemoveTotpResponse> getRemoveTotpMethod;
    if ((getRemoveTotpMethod = UserServiceGrpc.getRemoveTotpMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getRemoveTotpMethod = UserServiceGrpc.getRemoveTotpMethod) == null) {
          UserServiceGrpc.getRemoveTotpMethod = getRemoveTotpMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.RemoveTotpRequest, internal.symbolon.v1.RemoveTotpResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RemoveTotp"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RemoveTotpRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RemoveTotpResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("RemoveTotp"))
              .build();
        }
      }
    }
    return getRemoveTotpMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ListUserMessagesRequest,
      internal.symbolon.v1.ListUserMessagesResponse> getListUserMessagesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListUserMessages",
      requestType = internal.symbolon.v1.ListUserMessagesRequest.class,
      responseType = internal.symbolon.v1.ListUserMessagesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ListUserMessagesRequest,
      internal.symbolon.v1.ListUserMessagesResponse> getListUserMessagesMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ListUserMessagesRequest, internal.symbolon.v1.ListUserMessagesResponse> getListUserMessagesMethod;
    if ((getListUserMessagesMethod = UserServiceGrpc.getListUserMessagesMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getListUserMessagesMethod = UserServiceGrpc.getListUserMessagesMethod) == null) {
          UserServiceGrpc.getListUserMessagesMethod = getListUserMessagesMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ListUserMessagesRequest, internal.symbolon.v1.ListUserMessagesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListUserMessages"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListUserMessagesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListUserMessagesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("ListUserMessages"))
              .build();
        }
      }
    }
    return getListUserMessagesMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static UserServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceStub>() {
        @java.lang.Override
        public UserServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceStub(channel, callOptions);
        }
      };
    return UserServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static UserServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceBlockingV2Stub>() {
        @java.lang.Override
        public UserServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return UserServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static UserServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceBlockingStub>() {
        @java.lang.Override
        public UserServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceBlockingStub(channel, callOptions);
        }
      };
    return UserServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static UserServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceFutureStub>() {
        @java.lang.Override
        public UserServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceFutureStub(channel, callOptions);
        }
      };
    return UserServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * UserService keeps the users of a tenant: their names and addresses, passwords and second factors, and the messages to them.
   * An operation that a user may do itself is open to every client of the tenant, also a public one. The client names the user by
   * one of the user's own live access tokens (`UserRef.access_token`).
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * RegisterUser makes a user. For admins, and where the tenant's policy has `self_registration` for every other client of the tenant,
     * also a public one.
     * An address that is not verified yet gets a code, when the tenant asks for that. A login name, a verified e-mail address or a
     * verified phone number that is taken: ALREADY_EXISTS. A pseudo user has no name and no password, and is known by the tokens
     * that it is made with. It can get names and a password later, by UpdateUser.
     * </pre>
     */
    default void registerUser(internal.symbolon.v1.RegisterUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RegisterUserResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRegisterUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetUser answers a user. For admins, and for the user itself.
     * </pre>
     */
    default void getUser(internal.symbolon.v1.GetUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetUserResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListUsers answers the users of the tenant, in the order in which they were made. For admins.
     * </pre>
     */
    default void listUsers(internal.symbolon.v1.ListUsersRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListUsersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListUsersMethod(), responseObserver);
    }

    /**
     * <pre>
     * UpdateUser changes what its mask names. For admins, and for the user itself.
     * A new address is not verified, and gets a code when the tenant asks for that. A verified one stays in its place until the new
     * one is verified, and is told of it; the user's `pending_email` and `pending_phone` show the new one. Setting the old one again
     * takes it back. What an admin says is verified takes its place at once. Names that are taken: ALREADY_EXISTS, as at
     * RegisterUser; an address that waits takes no name yet. After five codes to the user within an hour, or ten to that address, none is
     * sent. The update takes place all the same, and StartEmailVerification or StartPhoneVerification tells.
     * </pre>
     */
    default void updateUser(internal.symbolon.v1.UpdateUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateUserResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * ChangeUserPassword sets a new password and ends every token of the user. For admins; and with the old password for every client of
     * the tenant, also a public one.
     * With an old password, an unknown user or a wrong one: FAILED_PRECONDITION with INVALID_CREDENTIALS, and it counts as a failed
     * login. Without: NOT_FOUND for an unknown user, and what was counted of failed logins and wrong second factors is forgotten.
     * </pre>
     */
    default void changeUserPassword(internal.symbolon.v1.ChangeUserPasswordRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ChangeUserPasswordResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getChangeUserPasswordMethod(), responseObserver);
    }

    /**
     * <pre>
     * RequestPasswordReset sends a code to a verified address of a user. For every client of the tenant, also a public one.
     * It answers the same, and not sooner, whether the user exists or not, whether its address is verified or not, and after any
     * number of codes. Within an hour five codes are sent at most.
     * </pre>
     */
    default void requestPasswordReset(internal.symbolon.v1.RequestPasswordResetRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RequestPasswordResetResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRequestPasswordResetMethod(), responseObserver);
    }

    /**
     * <pre>
     * CompletePasswordReset trades a code for a new password and ends every token of the user. For every client of the tenant, also a
     * public one.
     * FAILED_PRECONDITION with INVALID_CODE: a wrong code, one that was guessed wrongly too often, or an unknown user. With
     * CODE_EXPIRED: a code that came too late. With PRECONDITION_FAILED: a disabled user.
     * </pre>
     */
    default void completePasswordReset(internal.symbolon.v1.CompletePasswordResetRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CompletePasswordResetResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCompletePasswordResetMethod(), responseObserver);
    }

    /**
     * <pre>
     * DisableUser ends every token of a user and refuses its logins until it is enabled. For admins.
     * </pre>
     */
    default void disableUser(internal.symbolon.v1.DisableUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableUserResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDisableUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * EnableUser lets a user log in again, and forgets its failed logins as UnlockUser does. Tokens that ended stay dead. For admins.
     * </pre>
     */
    default void enableUser(internal.symbolon.v1.EnableUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableUserResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getEnableUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * UnlockUser forgets a user's failed logins and wrong second factors, so that it can log in again at once. For admins.
     * </pre>
     */
    default void unlockUser(internal.symbolon.v1.UnlockUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UnlockUserResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUnlockUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * DeleteUser ends a user with all its tokens, and sets its names free. The tokens that GiveDeviceToken made for devices of the user end
     * too. For admins, and for the user itself.
     * </pre>
     */
    default void deleteUser(internal.symbolon.v1.DeleteUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteUserResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * StartEmailVerification sends another code to the user's e-mail address, or to the one that waits to take its place. Earlier ones
     * stop working. For admins, and for the user itself.
     * No address, or one that is verified: FAILED_PRECONDITION with PRECONDITION_FAILED. After five codes within an hour, or ten to
     * that address for any users: RESOURCE_EXHAUSTED with TOO_MANY_CODES.
     * </pre>
     */
    default void startEmailVerification(internal.symbolon.v1.StartEmailVerificationRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.StartEmailVerificationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStartEmailVerificationMethod(), responseObserver);
    }

    /**
     * <pre>
     * ConfirmEmailVerification trades a code for a verified e-mail address, with which the user can then log in. For admins, and for the
     * user itself.
     * FAILED_PRECONDITION with INVALID_CODE or CODE_EXPIRED as at CompletePasswordReset. When another user has verified that address
     * meanwhile: ALREADY_EXISTS, and what the user had verified before stays. Who had a verified address of the user is told.
     * </pre>
     */
    default void confirmEmailVerification(internal.symbolon.v1.ConfirmEmailVerificationRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ConfirmEmailVerificationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getConfirmEmailVerificationMethod(), responseObserver);
    }

    /**
     * <pre>
     * StartPhoneVerification does for the user's phone number what StartEmailVerification does for its e-mail address.
     * </pre>
     */
    default void startPhoneVerification(internal.symbolon.v1.StartPhoneVerificationRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.StartPhoneVerificationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStartPhoneVerificationMethod(), responseObserver);
    }

    /**
     * <pre>
     * ConfirmPhoneVerification does for the user's phone number what ConfirmEmailVerification does for its e-mail address.
     * </pre>
     */
    default void confirmPhoneVerification(internal.symbolon.v1.ConfirmPhoneVerificationRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ConfirmPhoneVerificationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getConfirmPhoneVerificationMethod(), responseObserver);
    }

    /**
     * <pre>
     * EnrollTotp makes the shared secret of a second factor (RFC 6238: SHA-1, 6 digits, 30 seconds). A login does not need it until
     * it is confirmed. It replaces an earlier one that was not confirmed. For admins, and for the user itself.
     * By the user's own token with its password: a wrong one is FAILED_PRECONDITION with INVALID_CREDENTIALS or LOGIN_LOCKED, as at Issue.
     * With a confirmed one, or for a user that has no password: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    default void enrollTotp(internal.symbolon.v1.EnrollTotpRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.EnrollTotpResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getEnrollTotpMethod(), responseObserver);
    }

    /**
     * <pre>
     * ConfirmTotp shows that the shared secret arrived. From then on Issue answers this user's password with an MfaChallenge. For
     * admins, and for the user itself.
     * A wrong code, nothing enrolled, or confirmed already: FAILED_PRECONDITION with INVALID_CODE.
     * </pre>
     */
    default void confirmTotp(internal.symbolon.v1.ConfirmTotpRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ConfirmTotpResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getConfirmTotpMethod(), responseObserver);
    }

    /**
     * <pre>
     * RemoveTotp takes the second factor and its recovery codes away. For admins, on behalf of those who lost them; and for the user
     * itself with a code of either kind, without one PERMISSION_DENIED. By an admin it forgets the wrong second factors.
     * A wrong code: FAILED_PRECONDITION with INVALID_CREDENTIALS, and after five within an hour with LOGIN_LOCKED. Nothing to remove: with
     * PRECONDITION_FAILED.
     * </pre>
     */
    default void removeTotp(internal.symbolon.v1.RemoveTotpRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RemoveTotpResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRemoveTotpMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListUserMessages answers the messages that were or will be sent to users of the tenant, in the order in which they were made. They
     * are kept until a week after their codes expire. The codes themselves are never told. For admins.
     * </pre>
     */
    default void listUserMessages(internal.symbolon.v1.ListUserMessagesRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListUserMessagesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListUserMessagesMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service UserService.
   * <pre>
   * UserService keeps the users of a tenant: their names and addresses, passwords and second factors, and the messages to them.
   * An operation that a user may do itself is open to every client of the tenant, also a public one. The client names the user by
   * one of the user's own live access tokens (`UserRef.access_token`).
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static abstract class UserServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return UserServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service UserService.
   * <pre>
   * UserService keeps the users of a tenant: their names and addresses, passwords and second factors, and the messages to them.
   * An operation that a user may do itself is open to every client of the tenant, also a public one. The client names the user by
   * one of the user's own live access tokens (`UserRef.access_token`).
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class UserServiceStub
      extends io.grpc.stub.AbstractAsyncStub<UserServiceStub> {
    private UserServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterUser makes a user. For admins, and where the tenant's policy has `self_registration` for every other client of the tenant,
     * also a public one.
     * An address that is not verified yet gets a code, when the tenant asks for that. A login name, a verified e-mail address or a
     * verified phone number that is taken: ALREADY_EXISTS. A pseudo user has no name and no password, and is known by the tokens
     * that it is made with. It can get names and a password later, by UpdateUser.
     * </pre>
     */
    public void registerUser(internal.symbolon.v1.RegisterUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RegisterUserResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRegisterUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetUser answers a user. For admins, and for the user itself.
     * </pre>
     */
    public void getUser(internal.symbolon.v1.GetUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetUserResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListUsers answers the users of the tenant, in the order in which they were made. For admins.
     * </pre>
     */
    public void listUsers(internal.symbolon.v1.ListUsersRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListUsersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListUsersMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * UpdateUser changes what its mask names. For admins, and for the user itself.
     * A new address is not verified, and gets a code when the tenant asks for that. A verified one stays in its place until the new
     * one is verified, and is told of it; the user's `pending_email` and `pending_phone` show the new one. Setting the old one again
     * takes it back. What an admin says is verified takes its place at once. Names that are taken: ALREADY_EXISTS, as at
     * RegisterUser; an address that waits takes no name yet. After five codes to the user within an hour, or ten to that address, none is
     * sent. The update takes place all the same, and StartEmailVerification or StartPhoneVerification tells.
     * </pre>
     */
    public void updateUser(internal.symbolon.v1.UpdateUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateUserResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ChangeUserPassword sets a new password and ends every token of the user. For admins; and with the old password for every client of
     * the tenant, also a public one.
     * With an old password, an unknown user or a wrong one: FAILED_PRECONDITION with INVALID_CREDENTIALS, and it counts as a failed
     * login. Without: NOT_FOUND for an unknown user, and what was counted of failed logins and wrong second factors is forgotten.
     * </pre>
     */
    public void changeUserPassword(internal.symbolon.v1.ChangeUserPasswordRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ChangeUserPasswordResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getChangeUserPasswordMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * RequestPasswordReset sends a code to a verified address of a user. For every client of the tenant, also a public one.
     * It answers the same, and not sooner, whether the user exists or not, whether its address is verified or not, and after any
     * number of codes. Within an hour five codes are sent at most.
     * </pre>
     */
    public void requestPasswordReset(internal.symbolon.v1.RequestPasswordResetRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RequestPasswordResetResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRequestPasswordResetMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * CompletePasswordReset trades a code for a new password and ends every token of the user. For every client of the tenant, also a
     * public one.
     * FAILED_PRECONDITION with INVALID_CODE: a wrong code, one that was guessed wrongly too often, or an unknown user. With
     * CODE_EXPIRED: a code that came too late. With PRECONDITION_FAILED: a disabled user.
     * </pre>
     */
    public void completePasswordReset(internal.symbolon.v1.CompletePasswordResetRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.CompletePasswordResetResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCompletePasswordResetMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DisableUser ends every token of a user and refuses its logins until it is enabled. For admins.
     * </pre>
     */
    public void disableUser(internal.symbolon.v1.DisableUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableUserResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDisableUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * EnableUser lets a user log in again, and forgets its failed logins as UnlockUser does. Tokens that ended stay dead. For admins.
     * </pre>
     */
    public void enableUser(internal.symbolon.v1.EnableUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableUserResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getEnableUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * UnlockUser forgets a user's failed logins and wrong second factors, so that it can log in again at once. For admins.
     * </pre>
     */
    public void unlockUser(internal.symbolon.v1.UnlockUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UnlockUserResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUnlockUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DeleteUser ends a user with all its tokens, and sets its names free. The tokens that GiveDeviceToken made for devices of the user end
     * too. For admins, and for the user itself.
     * </pre>
     */
    public void deleteUser(internal.symbolon.v1.DeleteUserRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteUserResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * StartEmailVerification sends another code to the user's e-mail address, or to the one that waits to take its place. Earlier ones
     * stop working. For admins, and for the user itself.
     * No address, or one that is verified: FAILED_PRECONDITION with PRECONDITION_FAILED. After five codes within an hour, or ten to
     * that address for any users: RESOURCE_EXHAUSTED with TOO_MANY_CODES.
     * </pre>
     */
    public void startEmailVerification(internal.symbolon.v1.StartEmailVerificationRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.StartEmailVerificationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getStartEmailVerificationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ConfirmEmailVerification trades a code for a verified e-mail address, with which the user can then log in. For admins, and for the
     * user itself.
     * FAILED_PRECONDITION with INVALID_CODE or CODE_EXPIRED as at CompletePasswordReset. When another user has verified that address
     * meanwhile: ALREADY_EXISTS, and what the user had verified before stays. Who had a verified address of the user is told.
     * </pre>
     */
    public void confirmEmailVerification(internal.symbolon.v1.ConfirmEmailVerificationRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ConfirmEmailVerificationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getConfirmEmailVerificationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * StartPhoneVerification does for the user's phone number what StartEmailVerification does for its e-mail address.
     * </pre>
     */
    public void startPhoneVerification(internal.symbolon.v1.StartPhoneVerificationRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.StartPhoneVerificationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getStartPhoneVerificationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ConfirmPhoneVerification does for the user's phone number what ConfirmEmailVerification does for its e-mail address.
     * </pre>
     */
    public void confirmPhoneVerification(internal.symbolon.v1.ConfirmPhoneVerificationRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ConfirmPhoneVerificationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getConfirmPhoneVerificationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * EnrollTotp makes the shared secret of a second factor (RFC 6238: SHA-1, 6 digits, 30 seconds). A login does not need it until
     * it is confirmed. It replaces an earlier one that was not confirmed. For admins, and for the user itself.
     * By the user's own token with its password: a wrong one is FAILED_PRECONDITION with INVALID_CREDENTIALS or LOGIN_LOCKED, as at Issue.
     * With a confirmed one, or for a user that has no password: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public void enrollTotp(internal.symbolon.v1.EnrollTotpRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.EnrollTotpResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getEnrollTotpMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ConfirmTotp shows that the shared secret arrived. From then on Issue answers this user's password with an MfaChallenge. For
     * admins, and for the user itself.
     * A wrong code, nothing enrolled, or confirmed already: FAILED_PRECONDITION with INVALID_CODE.
     * </pre>
     */
    public void confirmTotp(internal.symbolon.v1.ConfirmTotpRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ConfirmTotpResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getConfirmTotpMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * RemoveTotp takes the second factor and its recovery codes away. For admins, on behalf of those who lost them; and for the user
     * itself with a code of either kind, without one PERMISSION_DENIED. By an admin it forgets the wrong second factors.
     * A wrong code: FAILED_PRECONDITION with INVALID_CREDENTIALS, and after five within an hour with LOGIN_LOCKED. Nothing to remove: with
     * PRECONDITION_FAILED.
     * </pre>
     */
    public void removeTotp(internal.symbolon.v1.RemoveTotpRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RemoveTotpResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRemoveTotpMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListUserMessages answers the messages that were or will be sent to users of the tenant, in the order in which they were made. They
     * are kept until a week after their codes expire. The codes themselves are never told. For admins.
     * </pre>
     */
    public void listUserMessages(internal.symbolon.v1.ListUserMessagesRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListUserMessagesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListUserMessagesMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service UserService.
   * <pre>
   * UserService keeps the users of a tenant: their names and addresses, passwords and second factors, and the messages to them.
   * An operation that a user may do itself is open to every client of the tenant, also a public one. The client names the user by
   * one of the user's own live access tokens (`UserRef.access_token`).
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class UserServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<UserServiceBlockingV2Stub> {
    private UserServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterUser makes a user. For admins, and where the tenant's policy has `self_registration` for every other client of the tenant,
     * also a public one.
     * An address that is not verified yet gets a code, when the tenant asks for that. A login name, a verified e-mail address or a
     * verified phone number that is taken: ALREADY_EXISTS. A pseudo user has no name and no password, and is known by the tokens
     * that it is made with. It can get names and a password later, by UpdateUser.
     * </pre>
     */
    public internal.symbolon.v1.RegisterUserResponse registerUser(internal.symbolon.v1.RegisterUserRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRegisterUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetUser answers a user. For admins, and for the user itself.
     * </pre>
     */
    public internal.symbolon.v1.GetUserResponse getUser(internal.symbolon.v1.GetUserRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListUsers answers the users of the tenant, in the order in which they were made. For admins.
     * </pre>
     */
    public internal.symbolon.v1.ListUsersResponse listUsers(internal.symbolon.v1.ListUsersRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListUsersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateUser changes what its mask names. For admins, and for the user itself.
     * A new address is not verified, and gets a code when the tenant asks for that. A verified one stays in its place until the new
     * one is verified, and is told of it; the user's `pending_email` and `pending_phone` show the new one. Setting the old one again
     * takes it back. What an admin says is verified takes its place at once. Names that are taken: ALREADY_EXISTS, as at
     * RegisterUser; an address that waits takes no name yet. After five codes to the user within an hour, or ten to that address, none is
     * sent. The update takes place all the same, and StartEmailVerification or StartPhoneVerification tells.
     * </pre>
     */
    public internal.symbolon.v1.UpdateUserResponse updateUser(internal.symbolon.v1.UpdateUserRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ChangeUserPassword sets a new password and ends every token of the user. For admins; and with the old password for every client of
     * the tenant, also a public one.
     * With an old password, an unknown user or a wrong one: FAILED_PRECONDITION with INVALID_CREDENTIALS, and it counts as a failed
     * login. Without: NOT_FOUND for an unknown user, and what was counted of failed logins and wrong second factors is forgotten.
     * </pre>
     */
    public internal.symbolon.v1.ChangeUserPasswordResponse changeUserPassword(internal.symbolon.v1.ChangeUserPasswordRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getChangeUserPasswordMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RequestPasswordReset sends a code to a verified address of a user. For every client of the tenant, also a public one.
     * It answers the same, and not sooner, whether the user exists or not, whether its address is verified or not, and after any
     * number of codes. Within an hour five codes are sent at most.
     * </pre>
     */
    public internal.symbolon.v1.RequestPasswordResetResponse requestPasswordReset(internal.symbolon.v1.RequestPasswordResetRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRequestPasswordResetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * CompletePasswordReset trades a code for a new password and ends every token of the user. For every client of the tenant, also a
     * public one.
     * FAILED_PRECONDITION with INVALID_CODE: a wrong code, one that was guessed wrongly too often, or an unknown user. With
     * CODE_EXPIRED: a code that came too late. With PRECONDITION_FAILED: a disabled user.
     * </pre>
     */
    public internal.symbolon.v1.CompletePasswordResetResponse completePasswordReset(internal.symbolon.v1.CompletePasswordResetRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCompletePasswordResetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DisableUser ends every token of a user and refuses its logins until it is enabled. For admins.
     * </pre>
     */
    public internal.symbolon.v1.DisableUserResponse disableUser(internal.symbolon.v1.DisableUserRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDisableUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * EnableUser lets a user log in again, and forgets its failed logins as UnlockUser does. Tokens that ended stay dead. For admins.
     * </pre>
     */
    public internal.symbolon.v1.EnableUserResponse enableUser(internal.symbolon.v1.EnableUserRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getEnableUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UnlockUser forgets a user's failed logins and wrong second factors, so that it can log in again at once. For admins.
     * </pre>
     */
    public internal.symbolon.v1.UnlockUserResponse unlockUser(internal.symbolon.v1.UnlockUserRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUnlockUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteUser ends a user with all its tokens, and sets its names free. The tokens that GiveDeviceToken made for devices of the user end
     * too. For admins, and for the user itself.
     * </pre>
     */
    public internal.symbolon.v1.DeleteUserResponse deleteUser(internal.symbolon.v1.DeleteUserRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * StartEmailVerification sends another code to the user's e-mail address, or to the one that waits to take its place. Earlier ones
     * stop working. For admins, and for the user itself.
     * No address, or one that is verified: FAILED_PRECONDITION with PRECONDITION_FAILED. After five codes within an hour, or ten to
     * that address for any users: RESOURCE_EXHAUSTED with TOO_MANY_CODES.
     * </pre>
     */
    public internal.symbolon.v1.StartEmailVerificationResponse startEmailVerification(internal.symbolon.v1.StartEmailVerificationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getStartEmailVerificationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ConfirmEmailVerification trades a code for a verified e-mail address, with which the user can then log in. For admins, and for the
     * user itself.
     * FAILED_PRECONDITION with INVALID_CODE or CODE_EXPIRED as at CompletePasswordReset. When another user has verified that address
     * meanwhile: ALREADY_EXISTS, and what the user had verified before stays. Who had a verified address of the user is told.
     * </pre>
     */
    public internal.symbolon.v1.ConfirmEmailVerificationResponse confirmEmailVerification(internal.symbolon.v1.ConfirmEmailVerificationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getConfirmEmailVerificationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * StartPhoneVerification does for the user's phone number what StartEmailVerification does for its e-mail address.
     * </pre>
     */
    public internal.symbolon.v1.StartPhoneVerificationResponse startPhoneVerification(internal.symbolon.v1.StartPhoneVerificationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getStartPhoneVerificationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ConfirmPhoneVerification does for the user's phone number what ConfirmEmailVerification does for its e-mail address.
     * </pre>
     */
    public internal.symbolon.v1.ConfirmPhoneVerificationResponse confirmPhoneVerification(internal.symbolon.v1.ConfirmPhoneVerificationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getConfirmPhoneVerificationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * EnrollTotp makes the shared secret of a second factor (RFC 6238: SHA-1, 6 digits, 30 seconds). A login does not need it until
     * it is confirmed. It replaces an earlier one that was not confirmed. For admins, and for the user itself.
     * By the user's own token with its password: a wrong one is FAILED_PRECONDITION with INVALID_CREDENTIALS or LOGIN_LOCKED, as at Issue.
     * With a confirmed one, or for a user that has no password: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public internal.symbolon.v1.EnrollTotpResponse enrollTotp(internal.symbolon.v1.EnrollTotpRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getEnrollTotpMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ConfirmTotp shows that the shared secret arrived. From then on Issue answers this user's password with an MfaChallenge. For
     * admins, and for the user itself.
     * A wrong code, nothing enrolled, or confirmed already: FAILED_PRECONDITION with INVALID_CODE.
     * </pre>
     */
    public internal.symbolon.v1.ConfirmTotpResponse confirmTotp(internal.symbolon.v1.ConfirmTotpRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getConfirmTotpMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RemoveTotp takes the second factor and its recovery codes away. For admins, on behalf of those who lost them; and for the user
     * itself with a code of either kind, without one PERMISSION_DENIED. By an admin it forgets the wrong second factors.
     * A wrong code: FAILED_PRECONDITION with INVALID_CREDENTIALS, and after five within an hour with LOGIN_LOCKED. Nothing to remove: with
     * PRECONDITION_FAILED.
     * </pre>
     */
    public internal.symbolon.v1.RemoveTotpResponse removeTotp(internal.symbolon.v1.RemoveTotpRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRemoveTotpMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListUserMessages answers the messages that were or will be sent to users of the tenant, in the order in which they were made. They
     * are kept until a week after their codes expire. The codes themselves are never told. For admins.
     * </pre>
     */
    public internal.symbolon.v1.ListUserMessagesResponse listUserMessages(internal.symbolon.v1.ListUserMessagesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListUserMessagesMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service UserService.
   * <pre>
   * UserService keeps the users of a tenant: their names and addresses, passwords and second factors, and the messages to them.
   * An operation that a user may do itself is open to every client of the tenant, also a public one. The client names the user by
   * one of the user's own live access tokens (`UserRef.access_token`).
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class UserServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<UserServiceBlockingStub> {
    private UserServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterUser makes a user. For admins, and where the tenant's policy has `self_registration` for every other client of the tenant,
     * also a public one.
     * An address that is not verified yet gets a code, when the tenant asks for that. A login name, a verified e-mail address or a
     * verified phone number that is taken: ALREADY_EXISTS. A pseudo user has no name and no password, and is known by the tokens
     * that it is made with. It can get names and a password later, by UpdateUser.
     * </pre>
     */
    public internal.symbolon.v1.RegisterUserResponse registerUser(internal.symbolon.v1.RegisterUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRegisterUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetUser answers a user. For admins, and for the user itself.
     * </pre>
     */
    public internal.symbolon.v1.GetUserResponse getUser(internal.symbolon.v1.GetUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListUsers answers the users of the tenant, in the order in which they were made. For admins.
     * </pre>
     */
    public internal.symbolon.v1.ListUsersResponse listUsers(internal.symbolon.v1.ListUsersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListUsersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateUser changes what its mask names. For admins, and for the user itself.
     * A new address is not verified, and gets a code when the tenant asks for that. A verified one stays in its place until the new
     * one is verified, and is told of it; the user's `pending_email` and `pending_phone` show the new one. Setting the old one again
     * takes it back. What an admin says is verified takes its place at once. Names that are taken: ALREADY_EXISTS, as at
     * RegisterUser; an address that waits takes no name yet. After five codes to the user within an hour, or ten to that address, none is
     * sent. The update takes place all the same, and StartEmailVerification or StartPhoneVerification tells.
     * </pre>
     */
    public internal.symbolon.v1.UpdateUserResponse updateUser(internal.symbolon.v1.UpdateUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ChangeUserPassword sets a new password and ends every token of the user. For admins; and with the old password for every client of
     * the tenant, also a public one.
     * With an old password, an unknown user or a wrong one: FAILED_PRECONDITION with INVALID_CREDENTIALS, and it counts as a failed
     * login. Without: NOT_FOUND for an unknown user, and what was counted of failed logins and wrong second factors is forgotten.
     * </pre>
     */
    public internal.symbolon.v1.ChangeUserPasswordResponse changeUserPassword(internal.symbolon.v1.ChangeUserPasswordRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getChangeUserPasswordMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RequestPasswordReset sends a code to a verified address of a user. For every client of the tenant, also a public one.
     * It answers the same, and not sooner, whether the user exists or not, whether its address is verified or not, and after any
     * number of codes. Within an hour five codes are sent at most.
     * </pre>
     */
    public internal.symbolon.v1.RequestPasswordResetResponse requestPasswordReset(internal.symbolon.v1.RequestPasswordResetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRequestPasswordResetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * CompletePasswordReset trades a code for a new password and ends every token of the user. For every client of the tenant, also a
     * public one.
     * FAILED_PRECONDITION with INVALID_CODE: a wrong code, one that was guessed wrongly too often, or an unknown user. With
     * CODE_EXPIRED: a code that came too late. With PRECONDITION_FAILED: a disabled user.
     * </pre>
     */
    public internal.symbolon.v1.CompletePasswordResetResponse completePasswordReset(internal.symbolon.v1.CompletePasswordResetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCompletePasswordResetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DisableUser ends every token of a user and refuses its logins until it is enabled. For admins.
     * </pre>
     */
    public internal.symbolon.v1.DisableUserResponse disableUser(internal.symbolon.v1.DisableUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDisableUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * EnableUser lets a user log in again, and forgets its failed logins as UnlockUser does. Tokens that ended stay dead. For admins.
     * </pre>
     */
    public internal.symbolon.v1.EnableUserResponse enableUser(internal.symbolon.v1.EnableUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getEnableUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UnlockUser forgets a user's failed logins and wrong second factors, so that it can log in again at once. For admins.
     * </pre>
     */
    public internal.symbolon.v1.UnlockUserResponse unlockUser(internal.symbolon.v1.UnlockUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUnlockUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteUser ends a user with all its tokens, and sets its names free. The tokens that GiveDeviceToken made for devices of the user end
     * too. For admins, and for the user itself.
     * </pre>
     */
    public internal.symbolon.v1.DeleteUserResponse deleteUser(internal.symbolon.v1.DeleteUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * StartEmailVerification sends another code to the user's e-mail address, or to the one that waits to take its place. Earlier ones
     * stop working. For admins, and for the user itself.
     * No address, or one that is verified: FAILED_PRECONDITION with PRECONDITION_FAILED. After five codes within an hour, or ten to
     * that address for any users: RESOURCE_EXHAUSTED with TOO_MANY_CODES.
     * </pre>
     */
    public internal.symbolon.v1.StartEmailVerificationResponse startEmailVerification(internal.symbolon.v1.StartEmailVerificationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getStartEmailVerificationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ConfirmEmailVerification trades a code for a verified e-mail address, with which the user can then log in. For admins, and for the
     * user itself.
     * FAILED_PRECONDITION with INVALID_CODE or CODE_EXPIRED as at CompletePasswordReset. When another user has verified that address
     * meanwhile: ALREADY_EXISTS, and what the user had verified before stays. Who had a verified address of the user is told.
     * </pre>
     */
    public internal.symbolon.v1.ConfirmEmailVerificationResponse confirmEmailVerification(internal.symbolon.v1.ConfirmEmailVerificationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getConfirmEmailVerificationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * StartPhoneVerification does for the user's phone number what StartEmailVerification does for its e-mail address.
     * </pre>
     */
    public internal.symbolon.v1.StartPhoneVerificationResponse startPhoneVerification(internal.symbolon.v1.StartPhoneVerificationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getStartPhoneVerificationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ConfirmPhoneVerification does for the user's phone number what ConfirmEmailVerification does for its e-mail address.
     * </pre>
     */
    public internal.symbolon.v1.ConfirmPhoneVerificationResponse confirmPhoneVerification(internal.symbolon.v1.ConfirmPhoneVerificationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getConfirmPhoneVerificationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * EnrollTotp makes the shared secret of a second factor (RFC 6238: SHA-1, 6 digits, 30 seconds). A login does not need it until
     * it is confirmed. It replaces an earlier one that was not confirmed. For admins, and for the user itself.
     * By the user's own token with its password: a wrong one is FAILED_PRECONDITION with INVALID_CREDENTIALS or LOGIN_LOCKED, as at Issue.
     * With a confirmed one, or for a user that has no password: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public internal.symbolon.v1.EnrollTotpResponse enrollTotp(internal.symbolon.v1.EnrollTotpRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getEnrollTotpMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ConfirmTotp shows that the shared secret arrived. From then on Issue answers this user's password with an MfaChallenge. For
     * admins, and for the user itself.
     * A wrong code, nothing enrolled, or confirmed already: FAILED_PRECONDITION with INVALID_CODE.
     * </pre>
     */
    public internal.symbolon.v1.ConfirmTotpResponse confirmTotp(internal.symbolon.v1.ConfirmTotpRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getConfirmTotpMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RemoveTotp takes the second factor and its recovery codes away. For admins, on behalf of those who lost them; and for the user
     * itself with a code of either kind, without one PERMISSION_DENIED. By an admin it forgets the wrong second factors.
     * A wrong code: FAILED_PRECONDITION with INVALID_CREDENTIALS, and after five within an hour with LOGIN_LOCKED. Nothing to remove: with
     * PRECONDITION_FAILED.
     * </pre>
     */
    public internal.symbolon.v1.RemoveTotpResponse removeTotp(internal.symbolon.v1.RemoveTotpRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRemoveTotpMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListUserMessages answers the messages that were or will be sent to users of the tenant, in the order in which they were made. They
     * are kept until a week after their codes expire. The codes themselves are never told. For admins.
     * </pre>
     */
    public internal.symbolon.v1.ListUserMessagesResponse listUserMessages(internal.symbolon.v1.ListUserMessagesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListUserMessagesMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service UserService.
   * <pre>
   * UserService keeps the users of a tenant: their names and addresses, passwords and second factors, and the messages to them.
   * An operation that a user may do itself is open to every client of the tenant, also a public one. The client names the user by
   * one of the user's own live access tokens (`UserRef.access_token`).
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class UserServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<UserServiceFutureStub> {
    private UserServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterUser makes a user. For admins, and where the tenant's policy has `self_registration` for every other client of the tenant,
     * also a public one.
     * An address that is not verified yet gets a code, when the tenant asks for that. A login name, a verified e-mail address or a
     * verified phone number that is taken: ALREADY_EXISTS. A pseudo user has no name and no password, and is known by the tokens
     * that it is made with. It can get names and a password later, by UpdateUser.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.RegisterUserResponse> registerUser(
        internal.symbolon.v1.RegisterUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRegisterUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetUser answers a user. For admins, and for the user itself.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.GetUserResponse> getUser(
        internal.symbolon.v1.GetUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListUsers answers the users of the tenant, in the order in which they were made. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ListUsersResponse> listUsers(
        internal.symbolon.v1.ListUsersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListUsersMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * UpdateUser changes what its mask names. For admins, and for the user itself.
     * A new address is not verified, and gets a code when the tenant asks for that. A verified one stays in its place until the new
     * one is verified, and is told of it; the user's `pending_email` and `pending_phone` show the new one. Setting the old one again
     * takes it back. What an admin says is verified takes its place at once. Names that are taken: ALREADY_EXISTS, as at
     * RegisterUser; an address that waits takes no name yet. After five codes to the user within an hour, or ten to that address, none is
     * sent. The update takes place all the same, and StartEmailVerification or StartPhoneVerification tells.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.UpdateUserResponse> updateUser(
        internal.symbolon.v1.UpdateUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ChangeUserPassword sets a new password and ends every token of the user. For admins; and with the old password for every client of
     * the tenant, also a public one.
     * With an old password, an unknown user or a wrong one: FAILED_PRECONDITION with INVALID_CREDENTIALS, and it counts as a failed
     * login. Without: NOT_FOUND for an unknown user, and what was counted of failed logins and wrong second factors is forgotten.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ChangeUserPasswordResponse> changeUserPassword(
        internal.symbolon.v1.ChangeUserPasswordRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getChangeUserPasswordMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * RequestPasswordReset sends a code to a verified address of a user. For every client of the tenant, also a public one.
     * It answers the same, and not sooner, whether the user exists or not, whether its address is verified or not, and after any
     * number of codes. Within an hour five codes are sent at most.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.RequestPasswordResetResponse> requestPasswordReset(
        internal.symbolon.v1.RequestPasswordResetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRequestPasswordResetMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * CompletePasswordReset trades a code for a new password and ends every token of the user. For every client of the tenant, also a
     * public one.
     * FAILED_PRECONDITION with INVALID_CODE: a wrong code, one that was guessed wrongly too often, or an unknown user. With
     * CODE_EXPIRED: a code that came too late. With PRECONDITION_FAILED: a disabled user.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.CompletePasswordResetResponse> completePasswordReset(
        internal.symbolon.v1.CompletePasswordResetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCompletePasswordResetMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DisableUser ends every token of a user and refuses its logins until it is enabled. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.DisableUserResponse> disableUser(
        internal.symbolon.v1.DisableUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDisableUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * EnableUser lets a user log in again, and forgets its failed logins as UnlockUser does. Tokens that ended stay dead. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.EnableUserResponse> enableUser(
        internal.symbolon.v1.EnableUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getEnableUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * UnlockUser forgets a user's failed logins and wrong second factors, so that it can log in again at once. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.UnlockUserResponse> unlockUser(
        internal.symbolon.v1.UnlockUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUnlockUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DeleteUser ends a user with all its tokens, and sets its names free. The tokens that GiveDeviceToken made for devices of the user end
     * too. For admins, and for the user itself.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.DeleteUserResponse> deleteUser(
        internal.symbolon.v1.DeleteUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * StartEmailVerification sends another code to the user's e-mail address, or to the one that waits to take its place. Earlier ones
     * stop working. For admins, and for the user itself.
     * No address, or one that is verified: FAILED_PRECONDITION with PRECONDITION_FAILED. After five codes within an hour, or ten to
     * that address for any users: RESOURCE_EXHAUSTED with TOO_MANY_CODES.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.StartEmailVerificationResponse> startEmailVerification(
        internal.symbolon.v1.StartEmailVerificationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getStartEmailVerificationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ConfirmEmailVerification trades a code for a verified e-mail address, with which the user can then log in. For admins, and for the
     * user itself.
     * FAILED_PRECONDITION with INVALID_CODE or CODE_EXPIRED as at CompletePasswordReset. When another user has verified that address
     * meanwhile: ALREADY_EXISTS, and what the user had verified before stays. Who had a verified address of the user is told.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ConfirmEmailVerificationResponse> confirmEmailVerification(
        internal.symbolon.v1.ConfirmEmailVerificationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getConfirmEmailVerificationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * StartPhoneVerification does for the user's phone number what StartEmailVerification does for its e-mail address.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.StartPhoneVerificationResponse> startPhoneVerification(
        internal.symbolon.v1.StartPhoneVerificationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getStartPhoneVerificationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ConfirmPhoneVerification does for the user's phone number what ConfirmEmailVerification does for its e-mail address.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ConfirmPhoneVerificationResponse> confirmPhoneVerification(
        internal.symbolon.v1.ConfirmPhoneVerificationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getConfirmPhoneVerificationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * EnrollTotp makes the shared secret of a second factor (RFC 6238: SHA-1, 6 digits, 30 seconds). A login does not need it until
     * it is confirmed. It replaces an earlier one that was not confirmed. For admins, and for the user itself.
     * By the user's own token with its password: a wrong one is FAILED_PRECONDITION with INVALID_CREDENTIALS or LOGIN_LOCKED, as at Issue.
     * With a confirmed one, or for a user that has no password: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.EnrollTotpResponse> enrollTotp(
        internal.symbolon.v1.EnrollTotpRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getEnrollTotpMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ConfirmTotp shows that the shared secret arrived. From then on Issue answers this user's password with an MfaChallenge. For
     * admins, and for the user itself.
     * A wrong code, nothing enrolled, or confirmed already: FAILED_PRECONDITION with INVALID_CODE.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ConfirmTotpResponse> confirmTotp(
        internal.symbolon.v1.ConfirmTotpRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getConfirmTotpMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * RemoveTotp takes the second factor and its recovery codes away. For admins, on behalf of those who lost them; and for the user
     * itself with a code of either kind, without one PERMISSION_DENIED. By an admin it forgets the wrong second factors.
     * A wrong code: FAILED_PRECONDITION with INVALID_CREDENTIALS, and after five within an hour with LOGIN_LOCKED. Nothing to remove: with
     * PRECONDITION_FAILED.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.RemoveTotpResponse> removeTotp(
        internal.symbolon.v1.RemoveTotpRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRemoveTotpMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListUserMessages answers the messages that were or will be sent to users of the tenant, in the order in which they were made. They
     * are kept until a week after their codes expire. The codes themselves are never told. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ListUserMessagesResponse> listUserMessages(
        internal.symbolon.v1.ListUserMessagesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListUserMessagesMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_REGISTER_USER = 0;
  private static final int METHODID_GET_USER = 1;
  private static final int METHODID_LIST_USERS = 2;
  private static final int METHODID_UPDATE_USER = 3;
  private static final int METHODID_CHANGE_USER_PASSWORD = 4;
  private static final int METHODID_REQUEST_PASSWORD_RESET = 5;
  private static final int METHODID_COMPLETE_PASSWORD_RESET = 6;
  private static final int METHODID_DISABLE_USER = 7;
  private static final int METHODID_ENABLE_USER = 8;
  private static final int METHODID_UNLOCK_USER = 9;
  private static final int METHODID_DELETE_USER = 10;
  private static final int METHODID_START_EMAIL_VERIFICATION = 11;
  private static final int METHODID_CONFIRM_EMAIL_VERIFICATION = 12;
  private static final int METHODID_START_PHONE_VERIFICATION = 13;
  private static final int METHODID_CONFIRM_PHONE_VERIFICATION = 14;
  private static final int METHODID_ENROLL_TOTP = 15;
  private static final int METHODID_CONFIRM_TOTP = 16;
  private static final int METHODID_REMOVE_TOTP = 17;
  private static final int METHODID_LIST_USER_MESSAGES = 18;

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
        case METHODID_REGISTER_USER:
          serviceImpl.registerUser((internal.symbolon.v1.RegisterUserRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.RegisterUserResponse>) responseObserver);
          break;
        case METHODID_GET_USER:
          serviceImpl.getUser((internal.symbolon.v1.GetUserRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.GetUserResponse>) responseObserver);
          break;
        case METHODID_LIST_USERS:
          serviceImpl.listUsers((internal.symbolon.v1.ListUsersRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ListUsersResponse>) responseObserver);
          break;
        case METHODID_UPDATE_USER:
          serviceImpl.updateUser((internal.symbolon.v1.UpdateUserRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateUserResponse>) responseObserver);
          break;
        case METHODID_CHANGE_USER_PASSWORD:
          serviceImpl.changeUserPassword((internal.symbolon.v1.ChangeUserPasswordRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ChangeUserPasswordResponse>) responseObserver);
          break;
        case METHODID_REQUEST_PASSWORD_RESET:
          serviceImpl.requestPasswordReset((internal.symbolon.v1.RequestPasswordResetRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.RequestPasswordResetResponse>) responseObserver);
          break;
        case METHODID_COMPLETE_PASSWORD_RESET:
          serviceImpl.completePasswordReset((internal.symbolon.v1.CompletePasswordResetRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.CompletePasswordResetResponse>) responseObserver);
          break;
        case METHODID_DISABLE_USER:
          serviceImpl.disableUser((internal.symbolon.v1.DisableUserRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableUserResponse>) responseObserver);
          break;
        case METHODID_ENABLE_USER:
          serviceImpl.enableUser((internal.symbolon.v1.EnableUserRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableUserResponse>) responseObserver);
          break;
        case METHODID_UNLOCK_USER:
          serviceImpl.unlockUser((internal.symbolon.v1.UnlockUserRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.UnlockUserResponse>) responseObserver);
          break;
        case METHODID_DELETE_USER:
          serviceImpl.deleteUser((internal.symbolon.v1.DeleteUserRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteUserResponse>) responseObserver);
          break;
        case METHODID_START_EMAIL_VERIFICATION:
          serviceImpl.startEmailVerification((internal.symbolon.v1.StartEmailVerificationRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.StartEmailVerificationResponse>) responseObserver);
          break;
        case METHODID_CONFIRM_EMAIL_VERIFICATION:
          serviceImpl.confirmEmailVerification((internal.symbolon.v1.ConfirmEmailVerificationRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ConfirmEmailVerificationResponse>) responseObserver);
          break;
        case METHODID_START_PHONE_VERIFICATION:
          serviceImpl.startPhoneVerification((internal.symbolon.v1.StartPhoneVerificationRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.StartPhoneVerificationResponse>) responseObserver);
          break;
        case METHODID_CONFIRM_PHONE_VERIFICATION:
          serviceImpl.confirmPhoneVerification((internal.symbolon.v1.ConfirmPhoneVerificationRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ConfirmPhoneVerificationResponse>) responseObserver);
          break;
        case METHODID_ENROLL_TOTP:
          serviceImpl.enrollTotp((internal.symbolon.v1.EnrollTotpRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.EnrollTotpResponse>) responseObserver);
          break;
        case METHODID_CONFIRM_TOTP:
          serviceImpl.confirmTotp((internal.symbolon.v1.ConfirmTotpRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ConfirmTotpResponse>) responseObserver);
          break;
        case METHODID_REMOVE_TOTP:
          serviceImpl.removeTotp((internal.symbolon.v1.RemoveTotpRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.RemoveTotpResponse>) responseObserver);
          break;
        case METHODID_LIST_USER_MESSAGES:
          serviceImpl.listUserMessages((internal.symbolon.v1.ListUserMessagesRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ListUserMessagesResponse>) responseObserver);
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
          getRegisterUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.RegisterUserRequest,
              internal.symbolon.v1.RegisterUserResponse>(
                service, METHODID_REGISTER_USER)))
        .addMethod(
          getGetUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.GetUserRequest,
              internal.symbolon.v1.GetUserResponse>(
                service, METHODID_GET_USER)))
        .addMethod(
          getListUsersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ListUsersRequest,
              internal.symbolon.v1.ListUsersResponse>(
                service, METHODID_LIST_USERS)))
        .addMethod(
          getUpdateUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.UpdateUserRequest,
              internal.symbolon.v1.UpdateUserResponse>(
                service, METHODID_UPDATE_USER)))
        .addMethod(
          getChangeUserPasswordMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ChangeUserPasswordRequest,
              internal.symbolon.v1.ChangeUserPasswordResponse>(
                service, METHODID_CHANGE_USER_PASSWORD)))
        .addMethod(
          getRequestPasswordResetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.RequestPasswordResetRequest,
              internal.symbolon.v1.RequestPasswordResetResponse>(
                service, METHODID_REQUEST_PASSWORD_RESET)))
        .addMethod(
          getCompletePasswordResetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.CompletePasswordResetRequest,
              internal.symbolon.v1.CompletePasswordResetResponse>(
                service, METHODID_COMPLETE_PASSWORD_RESET)))
        .addMethod(
          getDisableUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.DisableUserRequest,
              internal.symbolon.v1.DisableUserResponse>(
                service, METHODID_DISABLE_USER)))
        .addMethod(
          getEnableUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.EnableUserRequest,
              internal.symbolon.v1.EnableUserResponse>(
                service, METHODID_ENABLE_USER)))
        .addMethod(
          getUnlockUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.UnlockUserRequest,
              internal.symbolon.v1.UnlockUserResponse>(
                service, METHODID_UNLOCK_USER)))
        .addMethod(
          getDeleteUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.DeleteUserRequest,
              internal.symbolon.v1.DeleteUserResponse>(
                service, METHODID_DELETE_USER)))
        .addMethod(
          getStartEmailVerificationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.StartEmailVerificationRequest,
              internal.symbolon.v1.StartEmailVerificationResponse>(
                service, METHODID_START_EMAIL_VERIFICATION)))
        .addMethod(
          getConfirmEmailVerificationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ConfirmEmailVerificationRequest,
              internal.symbolon.v1.ConfirmEmailVerificationResponse>(
                service, METHODID_CONFIRM_EMAIL_VERIFICATION)))
        .addMethod(
          getStartPhoneVerificationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.StartPhoneVerificationRequest,
              internal.symbolon.v1.StartPhoneVerificationResponse>(
                service, METHODID_START_PHONE_VERIFICATION)))
        .addMethod(
          getConfirmPhoneVerificationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ConfirmPhoneVerificationRequest,
              internal.symbolon.v1.ConfirmPhoneVerificationResponse>(
                service, METHODID_CONFIRM_PHONE_VERIFICATION)))
        .addMethod(
          getEnrollTotpMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.EnrollTotpRequest,
              internal.symbolon.v1.EnrollTotpResponse>(
                service, METHODID_ENROLL_TOTP)))
        .addMethod(
          getConfirmTotpMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ConfirmTotpRequest,
              internal.symbolon.v1.ConfirmTotpResponse>(
                service, METHODID_CONFIRM_TOTP)))
        .addMethod(
          getRemoveTotpMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.RemoveTotpRequest,
              internal.symbolon.v1.RemoveTotpResponse>(
                service, METHODID_REMOVE_TOTP)))
        .addMethod(
          getListUserMessagesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ListUserMessagesRequest,
              internal.symbolon.v1.ListUserMessagesResponse>(
                service, METHODID_LIST_USER_MESSAGES)))
        .build();
  }

  private static abstract class UserServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    UserServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return internal.symbolon.v1.UserServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("UserService");
    }
  }

  private static final class UserServiceFileDescriptorSupplier
      extends UserServiceBaseDescriptorSupplier {
    UserServiceFileDescriptorSupplier() {}
  }

  private static final class UserServiceMethodDescriptorSupplier
      extends UserServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    UserServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (UserServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new UserServiceFileDescriptorSupplier())
              .addMethod(getRegisterUserMethod())
              .addMethod(getGetUserMethod())
              .addMethod(getListUsersMethod())
              .addMethod(getUpdateUserMethod())
              .addMethod(getChangeUserPasswordMethod())
              .addMethod(getRequestPasswordResetMethod())
              .addMethod(getCompletePasswordResetMethod())
              .addMethod(getDisableUserMethod())
              .addMethod(getEnableUserMethod())
              .addMethod(getUnlockUserMethod())
              .addMethod(getDeleteUserMethod())
              .addMethod(getStartEmailVerificationMethod())
              .addMethod(getConfirmEmailVerificationMethod())
              .addMethod(getStartPhoneVerificationMethod())
              .addMethod(getConfirmPhoneVerificationMethod())
              .addMethod(getEnrollTotpMethod())
              .addMethod(getConfirmTotpMethod())
              .addMethod(getRemoveTotpMethod())
              .addMethod(getListUserMessagesMethod())
              .build();
        }
      }
    }
    return result;
  }
}
