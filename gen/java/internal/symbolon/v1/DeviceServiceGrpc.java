package internal.symbolon.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * DeviceService keeps the devices of a tenant, who owns them, and which of them are gateways for others.
 * Callers, errors, repeats, pages and update masks are as TokenService tells.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class DeviceServiceGrpc {

  private DeviceServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "symbolon.v1.DeviceService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.RegisterDeviceRequest,
      internal.symbolon.v1.RegisterDeviceResponse> getRegisterDeviceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RegisterDevice",
      requestType = internal.symbolon.v1.RegisterDeviceRequest.class,
      responseType = internal.symbolon.v1.RegisterDeviceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.RegisterDeviceRequest,
      internal.symbolon.v1.RegisterDeviceResponse> getRegisterDeviceMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.RegisterDeviceRequest, internal.symbolon.v1.RegisterDeviceResponse> getRegisterDeviceMethod;
    if ((getRegisterDeviceMethod = DeviceServiceGrpc.getRegisterDeviceMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getRegisterDeviceMethod = DeviceServiceGrpc.getRegisterDeviceMethod) == null) {
          DeviceServiceGrpc.getRegisterDeviceMethod = getRegisterDeviceMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.RegisterDeviceRequest, internal.symbolon.v1.RegisterDeviceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RegisterDevice"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RegisterDeviceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RegisterDeviceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("RegisterDevice"))
              .build();
        }
      }
    }
    return getRegisterDeviceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.OnboardDeviceRequest,
      internal.symbolon.v1.OnboardDeviceResponse> getOnboardDeviceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "OnboardDevice",
      requestType = internal.symbolon.v1.OnboardDeviceRequest.class,
      responseType = internal.symbolon.v1.OnboardDeviceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.OnboardDeviceRequest,
      internal.symbolon.v1.OnboardDeviceResponse> getOnboardDeviceMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.OnboardDeviceRequest, internal.symbolon.v1.OnboardDeviceResponse> getOnboardDeviceMethod;
    if ((getOnboardDeviceMethod = DeviceServiceGrpc.getOnboardDeviceMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getOnboardDeviceMethod = DeviceServiceGrpc.getOnboardDeviceMethod) == null) {
          DeviceServiceGrpc.getOnboardDeviceMethod = getOnboardDeviceMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.OnboardDeviceRequest, internal.symbolon.v1.OnboardDeviceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "OnboardDevice"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.OnboardDeviceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.OnboardDeviceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("OnboardDevice"))
              .build();
        }
      }
    }
    return getOnboardDeviceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.GetDeviceRequest,
      internal.symbolon.v1.GetDeviceResponse> getGetDeviceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetDevice",
      requestType = internal.symbolon.v1.GetDeviceRequest.class,
      responseType = internal.symbolon.v1.GetDeviceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.GetDeviceRequest,
      internal.symbolon.v1.GetDeviceResponse> getGetDeviceMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.GetDeviceRequest, internal.symbolon.v1.GetDeviceResponse> getGetDeviceMethod;
    if ((getGetDeviceMethod = DeviceServiceGrpc.getGetDeviceMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getGetDeviceMethod = DeviceServiceGrpc.getGetDeviceMethod) == null) {
          DeviceServiceGrpc.getGetDeviceMethod = getGetDeviceMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.GetDeviceRequest, internal.symbolon.v1.GetDeviceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetDevice"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetDeviceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetDeviceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("GetDevice"))
              .build();
        }
      }
    }
    return getGetDeviceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ListDevicesRequest,
      internal.symbolon.v1.ListDevicesResponse> getListDevicesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListDevices",
      requestType = internal.symbolon.v1.ListDevicesRequest.class,
      responseType = internal.symbolon.v1.ListDevicesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ListDevicesRequest,
      internal.symbolon.v1.ListDevicesResponse> getListDevicesMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ListDevicesRequest, internal.symbolon.v1.ListDevicesResponse> getListDevicesMethod;
    if ((getListDevicesMethod = DeviceServiceGrpc.getListDevicesMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getListDevicesMethod = DeviceServiceGrpc.getListDevicesMethod) == null) {
          DeviceServiceGrpc.getListDevicesMethod = getListDevicesMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ListDevicesRequest, internal.symbolon.v1.ListDevicesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListDevices"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListDevicesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListDevicesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("ListDevices"))
              .build();
        }
      }
    }
    return getListDevicesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateDeviceRequest,
      internal.symbolon.v1.UpdateDeviceResponse> getUpdateDeviceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateDevice",
      requestType = internal.symbolon.v1.UpdateDeviceRequest.class,
      responseType = internal.symbolon.v1.UpdateDeviceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateDeviceRequest,
      internal.symbolon.v1.UpdateDeviceResponse> getUpdateDeviceMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.UpdateDeviceRequest, internal.symbolon.v1.UpdateDeviceResponse> getUpdateDeviceMethod;
    if ((getUpdateDeviceMethod = DeviceServiceGrpc.getUpdateDeviceMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getUpdateDeviceMethod = DeviceServiceGrpc.getUpdateDeviceMethod) == null) {
          DeviceServiceGrpc.getUpdateDeviceMethod = getUpdateDeviceMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.UpdateDeviceRequest, internal.symbolon.v1.UpdateDeviceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateDevice"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UpdateDeviceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UpdateDeviceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("UpdateDevice"))
              .build();
        }
      }
    }
    return getUpdateDeviceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.AddDeviceOwnerRequest,
      internal.symbolon.v1.AddDeviceOwnerResponse> getAddDeviceOwnerMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AddDeviceOwner",
      requestType = internal.symbolon.v1.AddDeviceOwnerRequest.class,
      responseType = internal.symbolon.v1.AddDeviceOwnerResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.AddDeviceOwnerRequest,
      internal.symbolon.v1.AddDeviceOwnerResponse> getAddDeviceOwnerMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.AddDeviceOwnerRequest, internal.symbolon.v1.AddDeviceOwnerResponse> getAddDeviceOwnerMethod;
    if ((getAddDeviceOwnerMethod = DeviceServiceGrpc.getAddDeviceOwnerMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getAddDeviceOwnerMethod = DeviceServiceGrpc.getAddDeviceOwnerMethod) == null) {
          DeviceServiceGrpc.getAddDeviceOwnerMethod = getAddDeviceOwnerMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.AddDeviceOwnerRequest, internal.symbolon.v1.AddDeviceOwnerResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AddDeviceOwner"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.AddDeviceOwnerRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.AddDeviceOwnerResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("AddDeviceOwner"))
              .build();
        }
      }
    }
    return getAddDeviceOwnerMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.RemoveDeviceOwnerRequest,
      internal.symbolon.v1.RemoveDeviceOwnerResponse> getRemoveDeviceOwnerMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RemoveDeviceOwner",
      requestType = internal.symbolon.v1.RemoveDeviceOwnerRequest.class,
      responseType = internal.symbolon.v1.RemoveDeviceOwnerResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.RemoveDeviceOwnerRequest,
      internal.symbolon.v1.RemoveDeviceOwnerResponse> getRemoveDeviceOwnerMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.RemoveDeviceOwnerRequest, internal.symbolon.v1.RemoveDeviceOwnerResponse> getRemoveDeviceOwnerMethod;
    if ((getRemoveDeviceOwnerMethod = DeviceServiceGrpc.getRemoveDeviceOwnerMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getRemoveDeviceOwnerMethod = DeviceServiceGrpc.getRemoveDeviceOwnerMethod) == null) {
          DeviceServiceGrpc.getRemoveDeviceOwnerMethod = getRemoveDeviceOwnerMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.RemoveDeviceOwnerRequest, internal.symbolon.v1.RemoveDeviceOwnerResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RemoveDeviceOwner"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RemoveDeviceOwnerRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RemoveDeviceOwnerResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("RemoveDeviceOwner"))
              .build();
        }
      }
    }
    return getRemoveDeviceOwnerMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ChangeDevicePasswordRequest,
      internal.symbolon.v1.ChangeDevicePasswordResponse> getChangeDevicePasswordMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ChangeDevicePassword",
      requestType = internal.symbolon.v1.ChangeDevicePasswordRequest.class,
      responseType = internal.symbolon.v1.ChangeDevicePasswordResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ChangeDevicePasswordRequest,
      internal.symbolon.v1.ChangeDevicePasswordResponse> getChangeDevicePasswordMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ChangeDevicePasswordRequest, internal.symbolon.v1.ChangeDevicePasswordResponse> getChangeDevicePasswordMethod;
    if ((getChangeDevicePasswordMethod = DeviceServiceGrpc.getChangeDevicePasswordMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getChangeDevicePasswordMethod = DeviceServiceGrpc.getChangeDevicePasswordMethod) == null) {
          DeviceServiceGrpc.getChangeDevicePasswordMethod = getChangeDevicePasswordMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ChangeDevicePasswordRequest, internal.symbolon.v1.ChangeDevicePasswordResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ChangeDevicePassword"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ChangeDevicePasswordRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ChangeDevicePasswordResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("ChangeDevicePassword"))
              .build();
        }
      }
    }
    return getChangeDevicePasswordMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.DisableDeviceRequest,
      internal.symbolon.v1.DisableDeviceResponse> getDisableDeviceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DisableDevice",
      requestType = internal.symbolon.v1.DisableDeviceRequest.class,
      responseType = internal.symbolon.v1.DisableDeviceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.DisableDeviceRequest,
      internal.symbolon.v1.DisableDeviceResponse> getDisableDeviceMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.DisableDeviceRequest, internal.symbolon.v1.DisableDeviceResponse> getDisableDeviceMethod;
    if ((getDisableDeviceMethod = DeviceServiceGrpc.getDisableDeviceMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getDisableDeviceMethod = DeviceServiceGrpc.getDisableDeviceMethod) == null) {
          DeviceServiceGrpc.getDisableDeviceMethod = getDisableDeviceMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.DisableDeviceRequest, internal.symbolon.v1.DisableDeviceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DisableDevice"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DisableDeviceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DisableDeviceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("DisableDevice"))
              .build();
        }
      }
    }
    return getDisableDeviceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.EnableDeviceRequest,
      internal.symbolon.v1.EnableDeviceResponse> getEnableDeviceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "EnableDevice",
      requestType = internal.symbolon.v1.EnableDeviceRequest.class,
      responseType = internal.symbolon.v1.EnableDeviceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.EnableDeviceRequest,
      internal.symbolon.v1.EnableDeviceResponse> getEnableDeviceMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.EnableDeviceRequest, internal.symbolon.v1.EnableDeviceResponse> getEnableDeviceMethod;
    if ((getEnableDeviceMethod = DeviceServiceGrpc.getEnableDeviceMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getEnableDeviceMethod = DeviceServiceGrpc.getEnableDeviceMethod) == null) {
          DeviceServiceGrpc.getEnableDeviceMethod = getEnableDeviceMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.EnableDeviceRequest, internal.symbolon.v1.EnableDeviceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "EnableDevice"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.EnableDeviceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.EnableDeviceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("EnableDevice"))
              .build();
        }
      }
    }
    return getEnableDeviceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.UnlockDeviceRequest,
      internal.symbolon.v1.UnlockDeviceResponse> getUnlockDeviceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UnlockDevice",
      requestType = internal.symbolon.v1.UnlockDeviceRequest.class,
      responseType = internal.symbolon.v1.UnlockDeviceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.UnlockDeviceRequest,
      internal.symbolon.v1.UnlockDeviceResponse> getUnlockDeviceMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.UnlockDeviceRequest, internal.symbolon.v1.UnlockDeviceResponse> getUnlockDeviceMethod;
    if ((getUnlockDeviceMethod = DeviceServiceGrpc.getUnlockDeviceMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getUnlockDeviceMethod = DeviceServiceGrpc.getUnlockDeviceMethod) == null) {
          DeviceServiceGrpc.getUnlockDeviceMethod = getUnlockDeviceMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.UnlockDeviceRequest, internal.symbolon.v1.UnlockDeviceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UnlockDevice"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UnlockDeviceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.UnlockDeviceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("UnlockDevice"))
              .build();
        }
      }
    }
    return getUnlockDeviceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteDeviceRequest,
      internal.symbolon.v1.DeleteDeviceResponse> getDeleteDeviceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteDevice",
      requestType = internal.symbolon.v1.DeleteDeviceRequest.class,
      responseType = internal.symbolon.v1.DeleteDeviceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteDeviceRequest,
      internal.symbolon.v1.DeleteDeviceResponse> getDeleteDeviceMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.DeleteDeviceRequest, internal.symbolon.v1.DeleteDeviceResponse> getDeleteDeviceMethod;
    if ((getDeleteDeviceMethod = DeviceServiceGrpc.getDeleteDeviceMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getDeleteDeviceMethod = DeviceServiceGrpc.getDeleteDeviceMethod) == null) {
          DeviceServiceGrpc.getDeleteDeviceMethod = getDeleteDeviceMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.DeleteDeviceRequest, internal.symbolon.v1.DeleteDeviceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteDevice"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DeleteDeviceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DeleteDeviceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("DeleteDevice"))
              .build();
        }
      }
    }
    return getDeleteDeviceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.AttachEndNodeRequest,
      internal.symbolon.v1.AttachEndNodeResponse> getAttachEndNodeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AttachEndNode",
      requestType = internal.symbolon.v1.AttachEndNodeRequest.class,
      responseType = internal.symbolon.v1.AttachEndNodeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.AttachEndNodeRequest,
      internal.symbolon.v1.AttachEndNodeResponse> getAttachEndNodeMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.AttachEndNodeRequest, internal.symbolon.v1.AttachEndNodeResponse> getAttachEndNodeMethod;
    if ((getAttachEndNodeMethod = DeviceServiceGrpc.getAttachEndNodeMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getAttachEndNodeMethod = DeviceServiceGrpc.getAttachEndNodeMethod) == null) {
          DeviceServiceGrpc.getAttachEndNodeMethod = getAttachEndNodeMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.AttachEndNodeRequest, internal.symbolon.v1.AttachEndNodeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AttachEndNode"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.AttachEndNodeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.AttachEndNodeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("AttachEndNode"))
              .build();
        }
      }
    }
    return getAttachEndNodeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.DetachEndNodeRequest,
      internal.symbolon.v1.DetachEndNodeResponse> getDetachEndNodeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DetachEndNode",
      requestType = internal.symbolon.v1.DetachEndNodeRequest.class,
      responseType = internal.symbolon.v1.DetachEndNodeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.DetachEndNodeRequest,
      internal.symbolon.v1.DetachEndNodeResponse> getDetachEndNodeMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.DetachEndNodeRequest, internal.symbolon.v1.DetachEndNodeResponse> getDetachEndNodeMethod;
    if ((getDetachEndNodeMethod = DeviceServiceGrpc.getDetachEndNodeMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getDetachEndNodeMethod = DeviceServiceGrpc.getDetachEndNodeMethod) == null) {
          DeviceServiceGrpc.getDetachEndNodeMethod = getDetachEndNodeMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.DetachEndNodeRequest, internal.symbolon.v1.DetachEndNodeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DetachEndNode"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DetachEndNodeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.DetachEndNodeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("DetachEndNode"))
              .build();
        }
      }
    }
    return getDetachEndNodeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.ListEndNodesRequest,
      internal.symbolon.v1.ListEndNodesResponse> getListEndNodesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListEndNodes",
      requestType = internal.symbolon.v1.ListEndNodesRequest.class,
      responseType = internal.symbolon.v1.ListEndNodesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.ListEndNodesRequest,
      internal.symbolon.v1.ListEndNodesResponse> getListEndNodesMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.ListEndNodesRequest, internal.symbolon.v1.ListEndNodesResponse> getListEndNodesMethod;
    if ((getListEndNodesMethod = DeviceServiceGrpc.getListEndNodesMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getListEndNodesMethod = DeviceServiceGrpc.getListEndNodesMethod) == null) {
          DeviceServiceGrpc.getListEndNodesMethod = getListEndNodesMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.ListEndNodesRequest, internal.symbolon.v1.ListEndNodesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListEndNodes"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListEndNodesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.ListEndNodesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("ListEndNodes"))
              .build();
        }
      }
    }
    return getListEndNodesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.GiveDeviceTokenRequest,
      internal.symbolon.v1.GiveDeviceTokenResponse> getGiveDeviceTokenMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GiveDeviceToken",
      requestType = internal.symbolon.v1.GiveDeviceTokenRequest.class,
      responseType = internal.symbolon.v1.GiveDeviceTokenResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.GiveDeviceTokenRequest,
      internal.symbolon.v1.GiveDeviceTokenResponse> getGiveDeviceTokenMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.GiveDeviceTokenRequest, internal.symbolon.v1.GiveDeviceTokenResponse> getGiveDeviceTokenMethod;
    if ((getGiveDeviceTokenMethod = DeviceServiceGrpc.getGiveDeviceTokenMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getGiveDeviceTokenMethod = DeviceServiceGrpc.getGiveDeviceTokenMethod) == null) {
          DeviceServiceGrpc.getGiveDeviceTokenMethod = getGiveDeviceTokenMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.GiveDeviceTokenRequest, internal.symbolon.v1.GiveDeviceTokenResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GiveDeviceToken"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GiveDeviceTokenRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GiveDeviceTokenResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("GiveDeviceToken"))
              .build();
        }
      }
    }
    return getGiveDeviceTokenMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.GetDeviceTokenRequest,
      internal.symbolon.v1.GetDeviceTokenResponse> getGetDeviceTokenMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetDeviceToken",
      requestType = internal.symbolon.v1.GetDeviceTokenRequest.class,
      responseType = internal.symbolon.v1.GetDeviceTokenResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.GetDeviceTokenRequest,
      internal.symbolon.v1.GetDeviceTokenResponse> getGetDeviceTokenMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.GetDeviceTokenRequest, internal.symbolon.v1.GetDeviceTokenResponse> getGetDeviceTokenMethod;
    if ((getGetDeviceTokenMethod = DeviceServiceGrpc.getGetDeviceTokenMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getGetDeviceTokenMethod = DeviceServiceGrpc.getGetDeviceTokenMethod) == null) {
          DeviceServiceGrpc.getGetDeviceTokenMethod = getGetDeviceTokenMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.GetDeviceTokenRequest, internal.symbolon.v1.GetDeviceTokenResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetDeviceToken"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetDeviceTokenRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.GetDeviceTokenResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("GetDeviceToken"))
              .build();
        }
      }
    }
    return getGetDeviceTokenMethod;
  }

  private static volatile io.grpc.MethodDescriptor<internal.symbolon.v1.RevokeDeviceTokenRequest,
      internal.symbolon.v1.RevokeDeviceTokenResponse> getRevokeDeviceTokenMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RevokeDeviceToken",
      requestType = internal.symbolon.v1.RevokeDeviceTokenRequest.class,
      responseType = internal.symbolon.v1.RevokeDeviceTokenResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<internal.symbolon.v1.RevokeDeviceTokenRequest,
      internal.symbolon.v1.RevokeDeviceTokenResponse> getRevokeDeviceTokenMethod() {
    io.grpc.MethodDescriptor<internal.symbolon.v1.RevokeDeviceTokenRequest, internal.symbolon.v1.RevokeDeviceTokenResponse> getRevokeDeviceTokenMethod;
    if ((getRevokeDeviceTokenMethod = DeviceServiceGrpc.getRevokeDeviceTokenMethod) == null) {
      synchronized (DeviceServiceGrpc.class) {
        if ((getRevokeDeviceTokenMethod = DeviceServiceGrpc.getRevokeDeviceTokenMethod) == null) {
          DeviceServiceGrpc.getRevokeDeviceTokenMethod = getRevokeDeviceTokenMethod =
              io.grpc.MethodDescriptor.<internal.symbolon.v1.RevokeDeviceTokenRequest, internal.symbolon.v1.RevokeDeviceTokenResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RevokeDeviceToken"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RevokeDeviceTokenRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  internal.symbolon.v1.RevokeDeviceTokenResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeviceServiceMethodDescriptorSupplier("RevokeDeviceToken"))
              .build();
        }
      }
    }
    return getRevokeDeviceTokenMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static DeviceServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DeviceServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DeviceServiceStub>() {
        @java.lang.Override
        public DeviceServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DeviceServiceStub(channel, callOptions);
        }
      };
    return DeviceServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static DeviceServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DeviceServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DeviceServiceBlockingV2Stub>() {
        @java.lang.Override
        public DeviceServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DeviceServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return DeviceServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static DeviceServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DeviceServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DeviceServiceBlockingStub>() {
        @java.lang.Override
        public DeviceServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DeviceServiceBlockingStub(channel, callOptions);
        }
      };
    return DeviceServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static DeviceServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DeviceServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DeviceServiceFutureStub>() {
        @java.lang.Override
        public DeviceServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DeviceServiceFutureStub(channel, callOptions);
        }
      };
    return DeviceServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * DeviceService keeps the devices of a tenant, who owns them, and which of them are gateways for others.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * RegisterDevice makes a device. For admins, and where the tenant's policy has `self_registration` for every other client of the
     * tenant, also a public one.
     * A vendor id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    default void registerDevice(internal.symbolon.v1.RegisterDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RegisterDeviceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRegisterDeviceMethod(), responseObserver);
    }

    /**
     * <pre>
     * OnboardDevice logs a device in by its password, and makes it before that where its vendor id is new. For admins, and for every other
     * client of the tenant, also a public one; to make one the tenant's policy must have `self_registration`. Without it, a vendor id that
     * is new is answered as a wrong password.
     * A wrong password, an unknown device id or a disabled device: FAILED_PRECONDITION with INVALID_CREDENTIALS or LOGIN_LOCKED, as at Issue.
     * Repeating it after a lost answer logs the device in again.
     * </pre>
     */
    default void onboardDevice(internal.symbolon.v1.OnboardDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.OnboardDeviceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getOnboardDeviceMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetDevice answers a device. For admins.
     * </pre>
     */
    default void getDevice(internal.symbolon.v1.GetDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetDeviceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetDeviceMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListDevices answers the devices of the tenant, in the order in which they were made. For admins.
     * </pre>
     */
    default void listDevices(internal.symbolon.v1.ListDevicesRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListDevicesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListDevicesMethod(), responseObserver);
    }

    /**
     * <pre>
     * UpdateDevice changes what its mask names. For admins. A vendor id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    default void updateDevice(internal.symbolon.v1.UpdateDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateDeviceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateDeviceMethod(), responseObserver);
    }

    /**
     * <pre>
     * AddDeviceOwner makes a user an owner of a device. For admins. An end node that hangs on a gateway of other owners is detached then,
     * unless an admin attached it, which ends every token of it.
     * An unknown user: NOT_FOUND. A user that is an owner already: ALREADY_EXISTS. More than 100 owners: INVALID_ARGUMENT.
     * </pre>
     */
    default void addDeviceOwner(internal.symbolon.v1.AddDeviceOwnerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.AddDeviceOwnerResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAddDeviceOwnerMethod(), responseObserver);
    }

    /**
     * <pre>
     * RemoveDeviceOwner ends a user's ownership of a device, and the token that GiveDeviceToken made. For admins. End nodes are detached as
     * by AddDeviceOwner. A user that is not an owner: NOT_FOUND.
     * </pre>
     */
    default void removeDeviceOwner(internal.symbolon.v1.RemoveDeviceOwnerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RemoveDeviceOwnerResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRemoveDeviceOwnerMethod(), responseObserver);
    }

    /**
     * <pre>
     * ChangeDevicePassword sets a new password and ends every token of the device. For admins; and with the old password for every client
     * of the tenant, also a public one.
     * With an old password, an unknown device or a wrong one: FAILED_PRECONDITION with INVALID_CREDENTIALS, and it counts as a failed
     * login. Without: NOT_FOUND for an unknown device, and what was counted of failed logins is forgotten.
     * </pre>
     */
    default void changeDevicePassword(internal.symbolon.v1.ChangeDevicePasswordRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ChangeDevicePasswordResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getChangeDevicePasswordMethod(), responseObserver);
    }

    /**
     * <pre>
     * DisableDevice ends every token of a device, and of its end nodes, and refuses its logins until it is enabled. For admins.
     * </pre>
     */
    default void disableDevice(internal.symbolon.v1.DisableDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableDeviceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDisableDeviceMethod(), responseObserver);
    }

    /**
     * <pre>
     * EnableDevice lets a device log in again, and forgets its failed logins as UnlockDevice does. Tokens that ended stay dead. For admins.
     * </pre>
     */
    default void enableDevice(internal.symbolon.v1.EnableDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableDeviceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getEnableDeviceMethod(), responseObserver);
    }

    /**
     * <pre>
     * UnlockDevice forgets a device's failed logins, so that it can log in again at once. For admins.
     * </pre>
     */
    default void unlockDevice(internal.symbolon.v1.UnlockDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UnlockDeviceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUnlockDeviceMethod(), responseObserver);
    }

    /**
     * <pre>
     * DeleteDevice ends a device with all its tokens, and sets its vendor id free. For admins.
     * </pre>
     */
    default void deleteDevice(internal.symbolon.v1.DeleteDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteDeviceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteDeviceMethod(), responseObserver);
    }

    /**
     * <pre>
     * AttachEndNode lets a gateway, a device too, get tokens for another device with Issue's `end_node`. For admins.
     * An end node of another gateway moves, which ends every token of it. A device that has end nodes or is one is not the other too, and
     * a gateway has 250 at most: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    default void attachEndNode(internal.symbolon.v1.AttachEndNodeRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.AttachEndNodeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAttachEndNodeMethod(), responseObserver);
    }

    /**
     * <pre>
     * DetachEndNode takes an end node from its gateway, and ends every token of it. For admins. One that is not attached: NOT_FOUND.
     * </pre>
     */
    default void detachEndNode(internal.symbolon.v1.DetachEndNodeRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DetachEndNodeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDetachEndNodeMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListEndNodes answers the devices behind a gateway, by id. For admins.
     * </pre>
     */
    default void listEndNodes(internal.symbolon.v1.ListEndNodesRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListEndNodesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListEndNodesMethod(), responseObserver);
    }

    /**
     * <pre>
     * GiveDeviceToken makes the token of a device that never expires, has no refresh token and belongs to no client. A device has one at
     * most: the one before ends. For admins; and with the access token of an owner of the device for every client of the tenant.
     * A disabled device: FAILED_PRECONDITION with PRECONDITION_FAILED. After a lost answer call GetDeviceToken.
     * </pre>
     */
    default void giveDeviceToken(internal.symbolon.v1.GiveDeviceTokenRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GiveDeviceTokenResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGiveDeviceTokenMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetDeviceToken answers the token that GiveDeviceToken made. For the same callers. A device that has none which is live: NOT_FOUND.
     * </pre>
     */
    default void getDeviceToken(internal.symbolon.v1.GetDeviceTokenRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetDeviceTokenResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetDeviceTokenMethod(), responseObserver);
    }

    /**
     * <pre>
     * RevokeDeviceToken ends that token alone: others that the device got by its password stay. For the same callers. A device that has
     * none which is live: NOT_FOUND.
     * </pre>
     */
    default void revokeDeviceToken(internal.symbolon.v1.RevokeDeviceTokenRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RevokeDeviceTokenResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRevokeDeviceTokenMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service DeviceService.
   * <pre>
   * DeviceService keeps the devices of a tenant, who owns them, and which of them are gateways for others.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static abstract class DeviceServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return DeviceServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service DeviceService.
   * <pre>
   * DeviceService keeps the devices of a tenant, who owns them, and which of them are gateways for others.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class DeviceServiceStub
      extends io.grpc.stub.AbstractAsyncStub<DeviceServiceStub> {
    private DeviceServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DeviceServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DeviceServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterDevice makes a device. For admins, and where the tenant's policy has `self_registration` for every other client of the
     * tenant, also a public one.
     * A vendor id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public void registerDevice(internal.symbolon.v1.RegisterDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RegisterDeviceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRegisterDeviceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * OnboardDevice logs a device in by its password, and makes it before that where its vendor id is new. For admins, and for every other
     * client of the tenant, also a public one; to make one the tenant's policy must have `self_registration`. Without it, a vendor id that
     * is new is answered as a wrong password.
     * A wrong password, an unknown device id or a disabled device: FAILED_PRECONDITION with INVALID_CREDENTIALS or LOGIN_LOCKED, as at Issue.
     * Repeating it after a lost answer logs the device in again.
     * </pre>
     */
    public void onboardDevice(internal.symbolon.v1.OnboardDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.OnboardDeviceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getOnboardDeviceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetDevice answers a device. For admins.
     * </pre>
     */
    public void getDevice(internal.symbolon.v1.GetDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetDeviceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetDeviceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListDevices answers the devices of the tenant, in the order in which they were made. For admins.
     * </pre>
     */
    public void listDevices(internal.symbolon.v1.ListDevicesRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListDevicesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListDevicesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * UpdateDevice changes what its mask names. For admins. A vendor id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public void updateDevice(internal.symbolon.v1.UpdateDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateDeviceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateDeviceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * AddDeviceOwner makes a user an owner of a device. For admins. An end node that hangs on a gateway of other owners is detached then,
     * unless an admin attached it, which ends every token of it.
     * An unknown user: NOT_FOUND. A user that is an owner already: ALREADY_EXISTS. More than 100 owners: INVALID_ARGUMENT.
     * </pre>
     */
    public void addDeviceOwner(internal.symbolon.v1.AddDeviceOwnerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.AddDeviceOwnerResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getAddDeviceOwnerMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * RemoveDeviceOwner ends a user's ownership of a device, and the token that GiveDeviceToken made. For admins. End nodes are detached as
     * by AddDeviceOwner. A user that is not an owner: NOT_FOUND.
     * </pre>
     */
    public void removeDeviceOwner(internal.symbolon.v1.RemoveDeviceOwnerRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RemoveDeviceOwnerResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRemoveDeviceOwnerMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ChangeDevicePassword sets a new password and ends every token of the device. For admins; and with the old password for every client
     * of the tenant, also a public one.
     * With an old password, an unknown device or a wrong one: FAILED_PRECONDITION with INVALID_CREDENTIALS, and it counts as a failed
     * login. Without: NOT_FOUND for an unknown device, and what was counted of failed logins is forgotten.
     * </pre>
     */
    public void changeDevicePassword(internal.symbolon.v1.ChangeDevicePasswordRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ChangeDevicePasswordResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getChangeDevicePasswordMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DisableDevice ends every token of a device, and of its end nodes, and refuses its logins until it is enabled. For admins.
     * </pre>
     */
    public void disableDevice(internal.symbolon.v1.DisableDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableDeviceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDisableDeviceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * EnableDevice lets a device log in again, and forgets its failed logins as UnlockDevice does. Tokens that ended stay dead. For admins.
     * </pre>
     */
    public void enableDevice(internal.symbolon.v1.EnableDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableDeviceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getEnableDeviceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * UnlockDevice forgets a device's failed logins, so that it can log in again at once. For admins.
     * </pre>
     */
    public void unlockDevice(internal.symbolon.v1.UnlockDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.UnlockDeviceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUnlockDeviceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DeleteDevice ends a device with all its tokens, and sets its vendor id free. For admins.
     * </pre>
     */
    public void deleteDevice(internal.symbolon.v1.DeleteDeviceRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteDeviceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteDeviceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * AttachEndNode lets a gateway, a device too, get tokens for another device with Issue's `end_node`. For admins.
     * An end node of another gateway moves, which ends every token of it. A device that has end nodes or is one is not the other too, and
     * a gateway has 250 at most: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public void attachEndNode(internal.symbolon.v1.AttachEndNodeRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.AttachEndNodeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getAttachEndNodeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DetachEndNode takes an end node from its gateway, and ends every token of it. For admins. One that is not attached: NOT_FOUND.
     * </pre>
     */
    public void detachEndNode(internal.symbolon.v1.DetachEndNodeRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.DetachEndNodeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDetachEndNodeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListEndNodes answers the devices behind a gateway, by id. For admins.
     * </pre>
     */
    public void listEndNodes(internal.symbolon.v1.ListEndNodesRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.ListEndNodesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListEndNodesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GiveDeviceToken makes the token of a device that never expires, has no refresh token and belongs to no client. A device has one at
     * most: the one before ends. For admins; and with the access token of an owner of the device for every client of the tenant.
     * A disabled device: FAILED_PRECONDITION with PRECONDITION_FAILED. After a lost answer call GetDeviceToken.
     * </pre>
     */
    public void giveDeviceToken(internal.symbolon.v1.GiveDeviceTokenRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GiveDeviceTokenResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGiveDeviceTokenMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetDeviceToken answers the token that GiveDeviceToken made. For the same callers. A device that has none which is live: NOT_FOUND.
     * </pre>
     */
    public void getDeviceToken(internal.symbolon.v1.GetDeviceTokenRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.GetDeviceTokenResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetDeviceTokenMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * RevokeDeviceToken ends that token alone: others that the device got by its password stay. For the same callers. A device that has
     * none which is live: NOT_FOUND.
     * </pre>
     */
    public void revokeDeviceToken(internal.symbolon.v1.RevokeDeviceTokenRequest request,
        io.grpc.stub.StreamObserver<internal.symbolon.v1.RevokeDeviceTokenResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRevokeDeviceTokenMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service DeviceService.
   * <pre>
   * DeviceService keeps the devices of a tenant, who owns them, and which of them are gateways for others.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class DeviceServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<DeviceServiceBlockingV2Stub> {
    private DeviceServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DeviceServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DeviceServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterDevice makes a device. For admins, and where the tenant's policy has `self_registration` for every other client of the
     * tenant, also a public one.
     * A vendor id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public internal.symbolon.v1.RegisterDeviceResponse registerDevice(internal.symbolon.v1.RegisterDeviceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRegisterDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * OnboardDevice logs a device in by its password, and makes it before that where its vendor id is new. For admins, and for every other
     * client of the tenant, also a public one; to make one the tenant's policy must have `self_registration`. Without it, a vendor id that
     * is new is answered as a wrong password.
     * A wrong password, an unknown device id or a disabled device: FAILED_PRECONDITION with INVALID_CREDENTIALS or LOGIN_LOCKED, as at Issue.
     * Repeating it after a lost answer logs the device in again.
     * </pre>
     */
    public internal.symbolon.v1.OnboardDeviceResponse onboardDevice(internal.symbolon.v1.OnboardDeviceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getOnboardDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetDevice answers a device. For admins.
     * </pre>
     */
    public internal.symbolon.v1.GetDeviceResponse getDevice(internal.symbolon.v1.GetDeviceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListDevices answers the devices of the tenant, in the order in which they were made. For admins.
     * </pre>
     */
    public internal.symbolon.v1.ListDevicesResponse listDevices(internal.symbolon.v1.ListDevicesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListDevicesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateDevice changes what its mask names. For admins. A vendor id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public internal.symbolon.v1.UpdateDeviceResponse updateDevice(internal.symbolon.v1.UpdateDeviceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * AddDeviceOwner makes a user an owner of a device. For admins. An end node that hangs on a gateway of other owners is detached then,
     * unless an admin attached it, which ends every token of it.
     * An unknown user: NOT_FOUND. A user that is an owner already: ALREADY_EXISTS. More than 100 owners: INVALID_ARGUMENT.
     * </pre>
     */
    public internal.symbolon.v1.AddDeviceOwnerResponse addDeviceOwner(internal.symbolon.v1.AddDeviceOwnerRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getAddDeviceOwnerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RemoveDeviceOwner ends a user's ownership of a device, and the token that GiveDeviceToken made. For admins. End nodes are detached as
     * by AddDeviceOwner. A user that is not an owner: NOT_FOUND.
     * </pre>
     */
    public internal.symbolon.v1.RemoveDeviceOwnerResponse removeDeviceOwner(internal.symbolon.v1.RemoveDeviceOwnerRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRemoveDeviceOwnerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ChangeDevicePassword sets a new password and ends every token of the device. For admins; and with the old password for every client
     * of the tenant, also a public one.
     * With an old password, an unknown device or a wrong one: FAILED_PRECONDITION with INVALID_CREDENTIALS, and it counts as a failed
     * login. Without: NOT_FOUND for an unknown device, and what was counted of failed logins is forgotten.
     * </pre>
     */
    public internal.symbolon.v1.ChangeDevicePasswordResponse changeDevicePassword(internal.symbolon.v1.ChangeDevicePasswordRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getChangeDevicePasswordMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DisableDevice ends every token of a device, and of its end nodes, and refuses its logins until it is enabled. For admins.
     * </pre>
     */
    public internal.symbolon.v1.DisableDeviceResponse disableDevice(internal.symbolon.v1.DisableDeviceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDisableDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * EnableDevice lets a device log in again, and forgets its failed logins as UnlockDevice does. Tokens that ended stay dead. For admins.
     * </pre>
     */
    public internal.symbolon.v1.EnableDeviceResponse enableDevice(internal.symbolon.v1.EnableDeviceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getEnableDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UnlockDevice forgets a device's failed logins, so that it can log in again at once. For admins.
     * </pre>
     */
    public internal.symbolon.v1.UnlockDeviceResponse unlockDevice(internal.symbolon.v1.UnlockDeviceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUnlockDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteDevice ends a device with all its tokens, and sets its vendor id free. For admins.
     * </pre>
     */
    public internal.symbolon.v1.DeleteDeviceResponse deleteDevice(internal.symbolon.v1.DeleteDeviceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * AttachEndNode lets a gateway, a device too, get tokens for another device with Issue's `end_node`. For admins.
     * An end node of another gateway moves, which ends every token of it. A device that has end nodes or is one is not the other too, and
     * a gateway has 250 at most: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public internal.symbolon.v1.AttachEndNodeResponse attachEndNode(internal.symbolon.v1.AttachEndNodeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getAttachEndNodeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DetachEndNode takes an end node from its gateway, and ends every token of it. For admins. One that is not attached: NOT_FOUND.
     * </pre>
     */
    public internal.symbolon.v1.DetachEndNodeResponse detachEndNode(internal.symbolon.v1.DetachEndNodeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDetachEndNodeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListEndNodes answers the devices behind a gateway, by id. For admins.
     * </pre>
     */
    public internal.symbolon.v1.ListEndNodesResponse listEndNodes(internal.symbolon.v1.ListEndNodesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListEndNodesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GiveDeviceToken makes the token of a device that never expires, has no refresh token and belongs to no client. A device has one at
     * most: the one before ends. For admins; and with the access token of an owner of the device for every client of the tenant.
     * A disabled device: FAILED_PRECONDITION with PRECONDITION_FAILED. After a lost answer call GetDeviceToken.
     * </pre>
     */
    public internal.symbolon.v1.GiveDeviceTokenResponse giveDeviceToken(internal.symbolon.v1.GiveDeviceTokenRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGiveDeviceTokenMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetDeviceToken answers the token that GiveDeviceToken made. For the same callers. A device that has none which is live: NOT_FOUND.
     * </pre>
     */
    public internal.symbolon.v1.GetDeviceTokenResponse getDeviceToken(internal.symbolon.v1.GetDeviceTokenRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetDeviceTokenMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RevokeDeviceToken ends that token alone: others that the device got by its password stay. For the same callers. A device that has
     * none which is live: NOT_FOUND.
     * </pre>
     */
    public internal.symbolon.v1.RevokeDeviceTokenResponse revokeDeviceToken(internal.symbolon.v1.RevokeDeviceTokenRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRevokeDeviceTokenMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service DeviceService.
   * <pre>
   * DeviceService keeps the devices of a tenant, who owns them, and which of them are gateways for others.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class DeviceServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<DeviceServiceBlockingStub> {
    private DeviceServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DeviceServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DeviceServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterDevice makes a device. For admins, and where the tenant's policy has `self_registration` for every other client of the
     * tenant, also a public one.
     * A vendor id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public internal.symbolon.v1.RegisterDeviceResponse registerDevice(internal.symbolon.v1.RegisterDeviceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRegisterDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * OnboardDevice logs a device in by its password, and makes it before that where its vendor id is new. For admins, and for every other
     * client of the tenant, also a public one; to make one the tenant's policy must have `self_registration`. Without it, a vendor id that
     * is new is answered as a wrong password.
     * A wrong password, an unknown device id or a disabled device: FAILED_PRECONDITION with INVALID_CREDENTIALS or LOGIN_LOCKED, as at Issue.
     * Repeating it after a lost answer logs the device in again.
     * </pre>
     */
    public internal.symbolon.v1.OnboardDeviceResponse onboardDevice(internal.symbolon.v1.OnboardDeviceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getOnboardDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetDevice answers a device. For admins.
     * </pre>
     */
    public internal.symbolon.v1.GetDeviceResponse getDevice(internal.symbolon.v1.GetDeviceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListDevices answers the devices of the tenant, in the order in which they were made. For admins.
     * </pre>
     */
    public internal.symbolon.v1.ListDevicesResponse listDevices(internal.symbolon.v1.ListDevicesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListDevicesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateDevice changes what its mask names. For admins. A vendor id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public internal.symbolon.v1.UpdateDeviceResponse updateDevice(internal.symbolon.v1.UpdateDeviceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * AddDeviceOwner makes a user an owner of a device. For admins. An end node that hangs on a gateway of other owners is detached then,
     * unless an admin attached it, which ends every token of it.
     * An unknown user: NOT_FOUND. A user that is an owner already: ALREADY_EXISTS. More than 100 owners: INVALID_ARGUMENT.
     * </pre>
     */
    public internal.symbolon.v1.AddDeviceOwnerResponse addDeviceOwner(internal.symbolon.v1.AddDeviceOwnerRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getAddDeviceOwnerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RemoveDeviceOwner ends a user's ownership of a device, and the token that GiveDeviceToken made. For admins. End nodes are detached as
     * by AddDeviceOwner. A user that is not an owner: NOT_FOUND.
     * </pre>
     */
    public internal.symbolon.v1.RemoveDeviceOwnerResponse removeDeviceOwner(internal.symbolon.v1.RemoveDeviceOwnerRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRemoveDeviceOwnerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ChangeDevicePassword sets a new password and ends every token of the device. For admins; and with the old password for every client
     * of the tenant, also a public one.
     * With an old password, an unknown device or a wrong one: FAILED_PRECONDITION with INVALID_CREDENTIALS, and it counts as a failed
     * login. Without: NOT_FOUND for an unknown device, and what was counted of failed logins is forgotten.
     * </pre>
     */
    public internal.symbolon.v1.ChangeDevicePasswordResponse changeDevicePassword(internal.symbolon.v1.ChangeDevicePasswordRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getChangeDevicePasswordMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DisableDevice ends every token of a device, and of its end nodes, and refuses its logins until it is enabled. For admins.
     * </pre>
     */
    public internal.symbolon.v1.DisableDeviceResponse disableDevice(internal.symbolon.v1.DisableDeviceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDisableDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * EnableDevice lets a device log in again, and forgets its failed logins as UnlockDevice does. Tokens that ended stay dead. For admins.
     * </pre>
     */
    public internal.symbolon.v1.EnableDeviceResponse enableDevice(internal.symbolon.v1.EnableDeviceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getEnableDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UnlockDevice forgets a device's failed logins, so that it can log in again at once. For admins.
     * </pre>
     */
    public internal.symbolon.v1.UnlockDeviceResponse unlockDevice(internal.symbolon.v1.UnlockDeviceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUnlockDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteDevice ends a device with all its tokens, and sets its vendor id free. For admins.
     * </pre>
     */
    public internal.symbolon.v1.DeleteDeviceResponse deleteDevice(internal.symbolon.v1.DeleteDeviceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteDeviceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * AttachEndNode lets a gateway, a device too, get tokens for another device with Issue's `end_node`. For admins.
     * An end node of another gateway moves, which ends every token of it. A device that has end nodes or is one is not the other too, and
     * a gateway has 250 at most: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public internal.symbolon.v1.AttachEndNodeResponse attachEndNode(internal.symbolon.v1.AttachEndNodeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getAttachEndNodeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DetachEndNode takes an end node from its gateway, and ends every token of it. For admins. One that is not attached: NOT_FOUND.
     * </pre>
     */
    public internal.symbolon.v1.DetachEndNodeResponse detachEndNode(internal.symbolon.v1.DetachEndNodeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDetachEndNodeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListEndNodes answers the devices behind a gateway, by id. For admins.
     * </pre>
     */
    public internal.symbolon.v1.ListEndNodesResponse listEndNodes(internal.symbolon.v1.ListEndNodesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListEndNodesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GiveDeviceToken makes the token of a device that never expires, has no refresh token and belongs to no client. A device has one at
     * most: the one before ends. For admins; and with the access token of an owner of the device for every client of the tenant.
     * A disabled device: FAILED_PRECONDITION with PRECONDITION_FAILED. After a lost answer call GetDeviceToken.
     * </pre>
     */
    public internal.symbolon.v1.GiveDeviceTokenResponse giveDeviceToken(internal.symbolon.v1.GiveDeviceTokenRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGiveDeviceTokenMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetDeviceToken answers the token that GiveDeviceToken made. For the same callers. A device that has none which is live: NOT_FOUND.
     * </pre>
     */
    public internal.symbolon.v1.GetDeviceTokenResponse getDeviceToken(internal.symbolon.v1.GetDeviceTokenRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetDeviceTokenMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RevokeDeviceToken ends that token alone: others that the device got by its password stay. For the same callers. A device that has
     * none which is live: NOT_FOUND.
     * </pre>
     */
    public internal.symbolon.v1.RevokeDeviceTokenResponse revokeDeviceToken(internal.symbolon.v1.RevokeDeviceTokenRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRevokeDeviceTokenMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service DeviceService.
   * <pre>
   * DeviceService keeps the devices of a tenant, who owns them, and which of them are gateways for others.
   * Callers, errors, repeats, pages and update masks are as TokenService tells.
   * </pre>
   */
  public static final class DeviceServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<DeviceServiceFutureStub> {
    private DeviceServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DeviceServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DeviceServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterDevice makes a device. For admins, and where the tenant's policy has `self_registration` for every other client of the
     * tenant, also a public one.
     * A vendor id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.RegisterDeviceResponse> registerDevice(
        internal.symbolon.v1.RegisterDeviceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRegisterDeviceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * OnboardDevice logs a device in by its password, and makes it before that where its vendor id is new. For admins, and for every other
     * client of the tenant, also a public one; to make one the tenant's policy must have `self_registration`. Without it, a vendor id that
     * is new is answered as a wrong password.
     * A wrong password, an unknown device id or a disabled device: FAILED_PRECONDITION with INVALID_CREDENTIALS or LOGIN_LOCKED, as at Issue.
     * Repeating it after a lost answer logs the device in again.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.OnboardDeviceResponse> onboardDevice(
        internal.symbolon.v1.OnboardDeviceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getOnboardDeviceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetDevice answers a device. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.GetDeviceResponse> getDevice(
        internal.symbolon.v1.GetDeviceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetDeviceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListDevices answers the devices of the tenant, in the order in which they were made. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ListDevicesResponse> listDevices(
        internal.symbolon.v1.ListDevicesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListDevicesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * UpdateDevice changes what its mask names. For admins. A vendor id that is taken: ALREADY_EXISTS.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.UpdateDeviceResponse> updateDevice(
        internal.symbolon.v1.UpdateDeviceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateDeviceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * AddDeviceOwner makes a user an owner of a device. For admins. An end node that hangs on a gateway of other owners is detached then,
     * unless an admin attached it, which ends every token of it.
     * An unknown user: NOT_FOUND. A user that is an owner already: ALREADY_EXISTS. More than 100 owners: INVALID_ARGUMENT.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.AddDeviceOwnerResponse> addDeviceOwner(
        internal.symbolon.v1.AddDeviceOwnerRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getAddDeviceOwnerMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * RemoveDeviceOwner ends a user's ownership of a device, and the token that GiveDeviceToken made. For admins. End nodes are detached as
     * by AddDeviceOwner. A user that is not an owner: NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.RemoveDeviceOwnerResponse> removeDeviceOwner(
        internal.symbolon.v1.RemoveDeviceOwnerRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRemoveDeviceOwnerMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ChangeDevicePassword sets a new password and ends every token of the device. For admins; and with the old password for every client
     * of the tenant, also a public one.
     * With an old password, an unknown device or a wrong one: FAILED_PRECONDITION with INVALID_CREDENTIALS, and it counts as a failed
     * login. Without: NOT_FOUND for an unknown device, and what was counted of failed logins is forgotten.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ChangeDevicePasswordResponse> changeDevicePassword(
        internal.symbolon.v1.ChangeDevicePasswordRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getChangeDevicePasswordMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DisableDevice ends every token of a device, and of its end nodes, and refuses its logins until it is enabled. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.DisableDeviceResponse> disableDevice(
        internal.symbolon.v1.DisableDeviceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDisableDeviceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * EnableDevice lets a device log in again, and forgets its failed logins as UnlockDevice does. Tokens that ended stay dead. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.EnableDeviceResponse> enableDevice(
        internal.symbolon.v1.EnableDeviceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getEnableDeviceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * UnlockDevice forgets a device's failed logins, so that it can log in again at once. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.UnlockDeviceResponse> unlockDevice(
        internal.symbolon.v1.UnlockDeviceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUnlockDeviceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DeleteDevice ends a device with all its tokens, and sets its vendor id free. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.DeleteDeviceResponse> deleteDevice(
        internal.symbolon.v1.DeleteDeviceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteDeviceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * AttachEndNode lets a gateway, a device too, get tokens for another device with Issue's `end_node`. For admins.
     * An end node of another gateway moves, which ends every token of it. A device that has end nodes or is one is not the other too, and
     * a gateway has 250 at most: FAILED_PRECONDITION with PRECONDITION_FAILED.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.AttachEndNodeResponse> attachEndNode(
        internal.symbolon.v1.AttachEndNodeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getAttachEndNodeMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DetachEndNode takes an end node from its gateway, and ends every token of it. For admins. One that is not attached: NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.DetachEndNodeResponse> detachEndNode(
        internal.symbolon.v1.DetachEndNodeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDetachEndNodeMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListEndNodes answers the devices behind a gateway, by id. For admins.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.ListEndNodesResponse> listEndNodes(
        internal.symbolon.v1.ListEndNodesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListEndNodesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GiveDeviceToken makes the token of a device that never expires, has no refresh token and belongs to no client. A device has one at
     * most: the one before ends. For admins; and with the access token of an owner of the device for every client of the tenant.
     * A disabled device: FAILED_PRECONDITION with PRECONDITION_FAILED. After a lost answer call GetDeviceToken.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.GiveDeviceTokenResponse> giveDeviceToken(
        internal.symbolon.v1.GiveDeviceTokenRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGiveDeviceTokenMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetDeviceToken answers the token that GiveDeviceToken made. For the same callers. A device that has none which is live: NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.GetDeviceTokenResponse> getDeviceToken(
        internal.symbolon.v1.GetDeviceTokenRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetDeviceTokenMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * RevokeDeviceToken ends that token alone: others that the device got by its password stay. For the same callers. A device that has
     * none which is live: NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<internal.symbolon.v1.RevokeDeviceTokenResponse> revokeDeviceToken(
        internal.symbolon.v1.RevokeDeviceTokenRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRevokeDeviceTokenMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_REGISTER_DEVICE = 0;
  private static final int METHODID_ONBOARD_DEVICE = 1;
  private static final int METHODID_GET_DEVICE = 2;
  private static final int METHODID_LIST_DEVICES = 3;
  private static final int METHODID_UPDATE_DEVICE = 4;
  private static final int METHODID_ADD_DEVICE_OWNER = 5;
  private static final int METHODID_REMOVE_DEVICE_OWNER = 6;
  private static final int METHODID_CHANGE_DEVICE_PASSWORD = 7;
  private static final int METHODID_DISABLE_DEVICE = 8;
  private static final int METHODID_ENABLE_DEVICE = 9;
  private static final int METHODID_UNLOCK_DEVICE = 10;
  private static final int METHODID_DELETE_DEVICE = 11;
  private static final int METHODID_ATTACH_END_NODE = 12;
  private static final int METHODID_DETACH_END_NODE = 13;
  private static final int METHODID_LIST_END_NODES = 14;
  private static final int METHODID_GIVE_DEVICE_TOKEN = 15;
  private static final int METHODID_GET_DEVICE_TOKEN = 16;
  private static final int METHODID_REVOKE_DEVICE_TOKEN = 17;

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
        case METHODID_REGISTER_DEVICE:
          serviceImpl.registerDevice((internal.symbolon.v1.RegisterDeviceRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.RegisterDeviceResponse>) responseObserver);
          break;
        case METHODID_ONBOARD_DEVICE:
          serviceImpl.onboardDevice((internal.symbolon.v1.OnboardDeviceRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.OnboardDeviceResponse>) responseObserver);
          break;
        case METHODID_GET_DEVICE:
          serviceImpl.getDevice((internal.symbolon.v1.GetDeviceRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.GetDeviceResponse>) responseObserver);
          break;
        case METHODID_LIST_DEVICES:
          serviceImpl.listDevices((internal.symbolon.v1.ListDevicesRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ListDevicesResponse>) responseObserver);
          break;
        case METHODID_UPDATE_DEVICE:
          serviceImpl.updateDevice((internal.symbolon.v1.UpdateDeviceRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.UpdateDeviceResponse>) responseObserver);
          break;
        case METHODID_ADD_DEVICE_OWNER:
          serviceImpl.addDeviceOwner((internal.symbolon.v1.AddDeviceOwnerRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.AddDeviceOwnerResponse>) responseObserver);
          break;
        case METHODID_REMOVE_DEVICE_OWNER:
          serviceImpl.removeDeviceOwner((internal.symbolon.v1.RemoveDeviceOwnerRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.RemoveDeviceOwnerResponse>) responseObserver);
          break;
        case METHODID_CHANGE_DEVICE_PASSWORD:
          serviceImpl.changeDevicePassword((internal.symbolon.v1.ChangeDevicePasswordRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ChangeDevicePasswordResponse>) responseObserver);
          break;
        case METHODID_DISABLE_DEVICE:
          serviceImpl.disableDevice((internal.symbolon.v1.DisableDeviceRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.DisableDeviceResponse>) responseObserver);
          break;
        case METHODID_ENABLE_DEVICE:
          serviceImpl.enableDevice((internal.symbolon.v1.EnableDeviceRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.EnableDeviceResponse>) responseObserver);
          break;
        case METHODID_UNLOCK_DEVICE:
          serviceImpl.unlockDevice((internal.symbolon.v1.UnlockDeviceRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.UnlockDeviceResponse>) responseObserver);
          break;
        case METHODID_DELETE_DEVICE:
          serviceImpl.deleteDevice((internal.symbolon.v1.DeleteDeviceRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.DeleteDeviceResponse>) responseObserver);
          break;
        case METHODID_ATTACH_END_NODE:
          serviceImpl.attachEndNode((internal.symbolon.v1.AttachEndNodeRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.AttachEndNodeResponse>) responseObserver);
          break;
        case METHODID_DETACH_END_NODE:
          serviceImpl.detachEndNode((internal.symbolon.v1.DetachEndNodeRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.DetachEndNodeResponse>) responseObserver);
          break;
        case METHODID_LIST_END_NODES:
          serviceImpl.listEndNodes((internal.symbolon.v1.ListEndNodesRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.ListEndNodesResponse>) responseObserver);
          break;
        case METHODID_GIVE_DEVICE_TOKEN:
          serviceImpl.giveDeviceToken((internal.symbolon.v1.GiveDeviceTokenRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.GiveDeviceTokenResponse>) responseObserver);
          break;
        case METHODID_GET_DEVICE_TOKEN:
          serviceImpl.getDeviceToken((internal.symbolon.v1.GetDeviceTokenRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.GetDeviceTokenResponse>) responseObserver);
          break;
        case METHODID_REVOKE_DEVICE_TOKEN:
          serviceImpl.revokeDeviceToken((internal.symbolon.v1.RevokeDeviceTokenRequest) request,
              (io.grpc.stub.StreamObserver<internal.symbolon.v1.RevokeDeviceTokenResponse>) responseObserver);
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
          getRegisterDeviceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.RegisterDeviceRequest,
              internal.symbolon.v1.RegisterDeviceResponse>(
                service, METHODID_REGISTER_DEVICE)))
        .addMethod(
          getOnboardDeviceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.OnboardDeviceRequest,
              internal.symbolon.v1.OnboardDeviceResponse>(
                service, METHODID_ONBOARD_DEVICE)))
        .addMethod(
          getGetDeviceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.GetDeviceRequest,
              internal.symbolon.v1.GetDeviceResponse>(
                service, METHODID_GET_DEVICE)))
        .addMethod(
          getListDevicesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ListDevicesRequest,
              internal.symbolon.v1.ListDevicesResponse>(
                service, METHODID_LIST_DEVICES)))
        .addMethod(
          getUpdateDeviceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.UpdateDeviceRequest,
              internal.symbolon.v1.UpdateDeviceResponse>(
                service, METHODID_UPDATE_DEVICE)))
        .addMethod(
          getAddDeviceOwnerMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.AddDeviceOwnerRequest,
              internal.symbolon.v1.AddDeviceOwnerResponse>(
                service, METHODID_ADD_DEVICE_OWNER)))
        .addMethod(
          getRemoveDeviceOwnerMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.RemoveDeviceOwnerRequest,
              internal.symbolon.v1.RemoveDeviceOwnerResponse>(
                service, METHODID_REMOVE_DEVICE_OWNER)))
        .addMethod(
          getChangeDevicePasswordMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ChangeDevicePasswordRequest,
              internal.symbolon.v1.ChangeDevicePasswordResponse>(
                service, METHODID_CHANGE_DEVICE_PASSWORD)))
        .addMethod(
          getDisableDeviceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.DisableDeviceRequest,
              internal.symbolon.v1.DisableDeviceResponse>(
                service, METHODID_DISABLE_DEVICE)))
        .addMethod(
          getEnableDeviceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.EnableDeviceRequest,
              internal.symbolon.v1.EnableDeviceResponse>(
                service, METHODID_ENABLE_DEVICE)))
        .addMethod(
          getUnlockDeviceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.UnlockDeviceRequest,
              internal.symbolon.v1.UnlockDeviceResponse>(
                service, METHODID_UNLOCK_DEVICE)))
        .addMethod(
          getDeleteDeviceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.DeleteDeviceRequest,
              internal.symbolon.v1.DeleteDeviceResponse>(
                service, METHODID_DELETE_DEVICE)))
        .addMethod(
          getAttachEndNodeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.AttachEndNodeRequest,
              internal.symbolon.v1.AttachEndNodeResponse>(
                service, METHODID_ATTACH_END_NODE)))
        .addMethod(
          getDetachEndNodeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.DetachEndNodeRequest,
              internal.symbolon.v1.DetachEndNodeResponse>(
                service, METHODID_DETACH_END_NODE)))
        .addMethod(
          getListEndNodesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.ListEndNodesRequest,
              internal.symbolon.v1.ListEndNodesResponse>(
                service, METHODID_LIST_END_NODES)))
        .addMethod(
          getGiveDeviceTokenMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.GiveDeviceTokenRequest,
              internal.symbolon.v1.GiveDeviceTokenResponse>(
                service, METHODID_GIVE_DEVICE_TOKEN)))
        .addMethod(
          getGetDeviceTokenMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.GetDeviceTokenRequest,
              internal.symbolon.v1.GetDeviceTokenResponse>(
                service, METHODID_GET_DEVICE_TOKEN)))
        .addMethod(
          getRevokeDeviceTokenMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              internal.symbolon.v1.RevokeDeviceTokenRequest,
              internal.symbolon.v1.RevokeDeviceTokenResponse>(
                service, METHODID_REVOKE_DEVICE_TOKEN)))
        .build();
  }

  private static abstract class DeviceServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    DeviceServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return internal.symbolon.v1.DeviceServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("DeviceService");
    }
  }

  private static final class DeviceServiceFileDescriptorSupplier
      extends DeviceServiceBaseDescriptorSupplier {
    DeviceServiceFileDescriptorSupplier() {}
  }

  private static final class DeviceServiceMethodDescriptorSupplier
      extends DeviceServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    DeviceServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (DeviceServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new DeviceServiceFileDescriptorSupplier())
              .addMethod(getRegisterDeviceMethod())
              .addMethod(getOnboardDeviceMethod())
              .addMethod(getGetDeviceMethod())
              .addMethod(getListDevicesMethod())
              .addMethod(getUpdateDeviceMethod())
              .addMethod(getAddDeviceOwnerMethod())
              .addMethod(getRemoveDeviceOwnerMethod())
              .addMethod(getChangeDevicePasswordMethod())
              .addMethod(getDisableDeviceMethod())
              .addMethod(getEnableDeviceMethod())
              .addMethod(getUnlockDeviceMethod())
              .addMethod(getDeleteDeviceMethod())
              .addMethod(getAttachEndNodeMethod())
              .addMethod(getDetachEndNodeMethod())
              .addMethod(getListEndNodesMethod())
              .addMethod(getGiveDeviceTokenMethod())
              .addMethod(getGetDeviceTokenMethod())
              .addMethod(getRevokeDeviceTokenMethod())
              .build();
        }
      }
    }
    return result;
  }
}
