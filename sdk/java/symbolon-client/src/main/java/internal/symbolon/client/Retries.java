package internal.symbolon.client;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import internal.symbolon.v1.AccessServiceProto;
import internal.symbolon.v1.AuditServiceProto;
import internal.symbolon.v1.ClientServiceProto;
import internal.symbolon.v1.ConsentServiceProto;
import internal.symbolon.v1.DeviceServiceProto;
import internal.symbolon.v1.ResourceServerServiceProto;
import internal.symbolon.v1.ServerServiceProto;
import internal.symbolon.v1.TenantServiceProto;
import internal.symbolon.v1.TokenServiceProto;
import internal.symbolon.v1.UserServiceProto;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which calls are repeated when the server is away: those that the contract says are safe. */
final class Retries {
  private static final List<FileDescriptor> FILES =
      List.of(
          AccessServiceProto.getDescriptor(),
          AuditServiceProto.getDescriptor(),
          ClientServiceProto.getDescriptor(),
          ConsentServiceProto.getDescriptor(),
          DeviceServiceProto.getDescriptor(),
          ResourceServerServiceProto.getDescriptor(),
          ServerServiceProto.getDescriptor(),
          TenantServiceProto.getDescriptor(),
          TokenServiceProto.getDescriptor(),
          UserServiceProto.getDescriptor());

  private static final Map<String, Object> POLICY =
      Map.of(
          "maxAttempts",
          3.0,
          "initialBackoff",
          "0.05s",
          "maxBackoff",
          "0.5s",
          "backoffMultiplier",
          3.0,
          "retryableStatusCodes",
          List.of("UNAVAILABLE"));

  /** As JSON would have it. */
  static final Map<String, ?> SERVICE_CONFIG =
      Map.of("methodConfig", List.of(Map.of("name", repeatable(), "retryPolicy", POLICY)));

  private Retries() {}

  private static List<Map<String, String>> repeatable() {
    return FILES.stream()
        .flatMap(file -> file.getServices().stream())
        .flatMap(service -> service.getMethods().stream())
        .filter(Retries::isRepeatable)
        .map(method -> nameOf(method.getService(), method))
        .collect(Collectors.toList());
  }

  private static boolean isRepeatable(MethodDescriptor method) {
    return method.getOptions().getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  }

  private static Map<String, String> nameOf(ServiceDescriptor service, MethodDescriptor method) {
    return Map.of("service", service.getFullName(), "method", method.getName());
  }
}
