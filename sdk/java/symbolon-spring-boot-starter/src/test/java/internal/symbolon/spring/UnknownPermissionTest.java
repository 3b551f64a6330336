package internal.symbolon.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import reactor.core.publisher.Mono;

/** A permission that nobody can be asked about, of a token that is known. */
final class UnknownPermissionTest {
  private static final Map<String, String> NOWHERE =
      Map.of(
          "symbolon.address", "127.0.0.1:9",
          "symbolon.client-id", "service",
          "symbolon.client-secret", "sys_kept-secret");

  private static OAuth2AuthenticatedPrincipal principal(String token) {
    return new DefaultOAuth2AuthenticatedPrincipal(
        token, Map.of("sub", token), AuthorityUtils.NO_AUTHORITIES);
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Applications.Mvc.class)
  static class Mvc {
    @Bean
    OpaqueTokenIntrospector introspector() {
      return UnknownPermissionTest::principal;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Applications.WebFlux.class)
  static class WebFlux {
    @Bean
    ReactiveOpaqueTokenIntrospector introspector() {
      return token -> Mono.just(principal(token));
    }
  }

  @Test
  void is503InMvc() {
    is503(Mvc.class, WebApplicationType.SERVLET);
  }

  @Test
  void is503InWebFlux() {
    is503(WebFlux.class, WebApplicationType.REACTIVE);
  }

  private static void is503(Class<?> application, WebApplicationType type) {
    try (ConfigurableApplicationContext context = Applications.run(application, type, NOWHERE)) {
      HttpResponse<String> response = new Requests(context).get("/devices/lamp", "Bearer token");
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).isPresent();
      assertThat(Requests.challenge(response)).isEmpty();
    }
  }
}
