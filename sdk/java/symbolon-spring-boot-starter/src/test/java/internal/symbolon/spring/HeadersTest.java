package internal.symbolon.spring;

import static org.assertj.core.api.Assertions.assertThat;

import internal.symbolon.client.SymbolonChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Each kind of application reads authorization headers as the SDKs of all languages do. */
final class HeadersTest {
  /** Each token is live, and is its own subject. */
  private static OAuth2AuthenticatedPrincipal principal(String token) {
    return new DefaultOAuth2AuthenticatedPrincipal(
        token, Map.of("sub", token), AuthorityUtils.NO_AUTHORITIES);
  }

  @RestController
  static class Echo {
    @GetMapping("/")
    String echo(Principal principal) {
      return principal.getName();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Echo.class)
  static class Mvc {
    @Bean
    OpaqueTokenIntrospector introspector() {
      return HeadersTest::principal;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Echo.class)
  static class WebFlux {
    @Bean
    ReactiveOpaqueTokenIntrospector introspector() {
      return token -> Mono.just(principal(token));
    }

    @Bean
    ReactorResourceFactory resources() {
      return new Applications.WebFlux().resources();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(GrpcTest.Application.class)
  static class Grpc {
    @Bean
    OpaqueTokenIntrospector introspector() {
      return HeadersTest::principal;
    }
  }

  @Test
  void inMvc() throws IOException {
    overHttp(Mvc.class, WebApplicationType.SERVLET);
  }

  @Test
  void inWebFlux() throws IOException {
    overHttp(WebFlux.class, WebApplicationType.REACTIVE);
  }

  private static void overHttp(Class<?> application, WebApplicationType type) throws IOException {
    try (ConfigurableApplicationContext context = Applications.run(application, type, Map.of())) {
      int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      for (Headers each : Headers.all()) {
        String answer = send(port, each);
        String challenge =
            answer
                .lines()
                .filter(line -> line.regionMatches(true, 0, "www-authenticate:", 0, 17))
                .findFirst()
                .orElse("");
        String status = answer.split(" ", 3)[1];
        if (each.token() != null) {
          assertThat(status).as(each.name()).isEqualTo("200");
          assertThat(answer).as(each.name()).contains(each.token());
        } else if (each.refusal().equals("missing")) {
          assertThat(status).as(each.name()).isEqualTo("401");
          assertThat(challenge).as(each.name()).contains("Bearer").doesNotContain("error");
        } else {
          assertThat(status).as(each.name()).isEqualTo("400");
          assertThat(challenge).as(each.name()).contains("error=\"invalid_request\"");
        }
      }
    }
  }

  /** By hand: clients of HTTP mend some of them. */
  private static String send(int port, Headers headers) throws IOException {
    StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: test\r\n");
    headers
        .headers()
        .forEach(each -> request.append("Authorization: ").append(each).append("\r\n"));
    request.append("Connection: close\r\n\r\n");
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void overGrpc() throws IOException {
    try (ConfigurableApplicationContext context =
            Applications.run(Grpc.class, WebApplicationType.NONE, Map.of());
        SymbolonChannel channel =
            SymbolonChannel.builder(
                    "127.0.0.1:" + context.getBean(GrpcServerLifecycle.class).getPort())
                .timeout(Duration.ofSeconds(45))
                .build()) {
      for (Headers each : Headers.all()) {
        if (each.headers().stream().anyMatch(header -> header.contains("\t"))) {
          // No metadata of gRPC has tabs.
          continue;
        }
        String[] headers = each.headers().toArray(String[]::new);
        try {
          assertThat(GrpcTest.call(channel, headers)).as(each.name()).isEqualTo(each.token());
        } catch (StatusRuntimeException refused) {
          boolean isMissing = "missing".equals(each.refusal());
          assertThat(refused.getStatus().getCode())
              .as(each.name())
              .isEqualTo(isMissing ? Status.Code.UNAUTHENTICATED : Status.Code.INVALID_ARGUMENT);
          String challenge = GrpcTest.challenge(refused);
          assertThat(challenge).as(each.name()).startsWith("Bearer");
          assertThat(challenge.contains("error=\"invalid_request\"")).isEqualTo(!isMissing);
        }
      }
    }
  }
}
