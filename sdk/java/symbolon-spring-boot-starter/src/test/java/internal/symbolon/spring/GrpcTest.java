package internal.symbolon.spring;

import static internal.symbolon.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.springframework.security.config.Customizer.withDefaults;

import internal.symbolon.client.SymbolonChannel;
import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.DemoServer;
import internal.symbolon.server.Verifier;
import internal.symbolon.v1.DescribeTokenRequest;
import internal.symbolon.v1.DescribeTokenResponse;
import internal.symbolon.v1.IntrospectRequest;
import internal.symbolon.v1.IntrospectResponse;
import internal.symbolon.v1.RevokeRequest;
import internal.symbolon.v1.TokenServiceGrpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.grpc.server.security.AuthenticationProcessInterceptor;
import org.springframework.grpc.server.security.GrpcSecurity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.context.SecurityContextHolder;

/** A real application of Spring gRPC, guarded by {@code oauth2ResourceServer().opaqueToken()}. */
final class GrpcTest {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> CHALLENGE =
      Metadata.Key.of("www-authenticate", Metadata.ASCII_STRING_MARSHALLER);

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {
    @Bean
    @GlobalServerInterceptor
    AuthenticationProcessInterceptor guard(GrpcSecurity grpc) throws Exception {
      return grpc.authorizeRequests(
              requests ->
                  requests
                      .methods("symbolon.v1.TokenService/Revoke")
                      .hasAuthority("SCOPE_write")
                      .allRequests()
                      .authenticated())
          .oauth2ResourceServer(server -> server.opaqueToken(withDefaults()))
          .build();
    }

    @Bean
    TokenServiceGrpc.TokenServiceImplBase service(ObjectProvider<SymbolonPermissions> permissions) {
      return new TokenServiceGrpc.TokenServiceImplBase() {
        @Override
        public void describeToken(
            DescribeTokenRequest request, StreamObserver<DescribeTokenResponse> observer) {
          if (!permissions.getObject().device("READ_DEVICE", request.getAccessToken())) {
            throw new AccessDeniedException("as method security does");
          }
          observer.onNext(DescribeTokenResponse.getDefaultInstance());
          observer.onCompleted();
        }

        @Override
        public void introspect(
            IntrospectRequest request, StreamObserver<IntrospectResponse> observer) {
          String name = SecurityContextHolder.getContext().getAuthentication().getName();
          observer.onNext(IntrospectResponse.newBuilder().setSubjectId(name).build());
          observer.onCompleted();
        }
      };
    }
  }

  private static TokenServiceGrpc.TokenServiceBlockingStub stub(
      SymbolonChannel channel, String... authorizations) {
    Metadata headers = new Metadata();
    for (String authorization : authorizations) {
      headers.put(AUTHORIZATION, authorization);
    }
    return TokenServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  static String call(SymbolonChannel channel, String... authorizations) {
    return stub(channel, authorizations)
        .introspect(IntrospectRequest.getDefaultInstance())
        .getSubjectId();
  }

  static String challenge(Throwable refusal) {
    return Status.trailersFromThrowable(refusal).get(CHALLENGE);
  }

  private static String challenge(Status.Code code, Runnable call) {
    RuntimeException refused = assertThrows(RuntimeException.class, call::run);
    assertThat(Status.fromThrowable(refused).getCode()).isEqualTo(code);
    return challenge(refused);
  }

  private static SymbolonException refusal(Runnable call) {
    return SymbolonException.of(assertThrows(RuntimeException.class, call::run));
  }

  @Test
  void isGuarded() {
    DemoServer server = new DemoServer();
    try (ConfigurableApplicationContext application =
            Applications.run(
                Application.class, WebApplicationType.NONE, Applications.properties(server));
        SymbolonChannel channel =
            SymbolonChannel.builder(
                    "127.0.0.1:" + application.getBean(GrpcServerLifecycle.class).getPort())
                .timeout(Duration.ofSeconds(20))
                .build()) {
      String live = "Bearer " + server.issue();
      eventually("open", application.getBean(Verifier.class)::isOpen);
      assertThat(call(channel, live)).isEqualTo(server.text("user", "id"));
      assertThat(challenge(Status.Code.UNAUTHENTICATED, () -> call(channel))).isEqualTo("Bearer");
      assertThat(challenge(Status.Code.UNAUTHENTICATED, () -> call(channel, "Bearer syu_not-live")))
          .isEqualTo("Bearer error=\"invalid_token\"");
      assertThat(challenge(Status.Code.INVALID_ARGUMENT, () -> call(channel, live, live)))
          .startsWith("Bearer error=\"invalid_request\"");
      RevokeRequest revoke = RevokeRequest.getDefaultInstance();
      assertThat(challenge(Status.Code.PERMISSION_DENIED, () -> stub(channel, live).revoke(revoke)))
          .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"write\"");
      DescribeTokenRequest lamp = DescribeTokenRequest.newBuilder().setAccessToken("lamp").build();
      RuntimeException denied =
          assertThrows(RuntimeException.class, () -> stub(channel, live).describeToken(lamp));
      assertThat(Status.fromThrowable(denied).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(Status.fromThrowable(denied).getDescription())
          .isEqualTo("not allowed: TARGET_UNKNOWN");
      assertThat(challenge(denied)).isNull();
      server.close();
      eventually("nothing known", () -> isRefused(channel, live));
      SymbolonException unknown = refusal(() -> call(channel, live));
      assertThat(unknown.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(unknown.retryAfter()).contains(Duration.ofSeconds(1));
    }
  }

  private static boolean isRefused(SymbolonChannel channel, String authorization) {
    try {
      call(channel, authorization);
      return false;
    } catch (RuntimeException error) {
      assertThat(SymbolonException.of(error).code()).isEqualTo(Status.Code.UNAVAILABLE);
      return true;
    }
  }
}
