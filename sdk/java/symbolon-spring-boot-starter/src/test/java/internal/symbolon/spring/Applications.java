package internal.symbolon.spring;

import static org.springframework.security.config.Customizer.withDefaults;

import internal.symbolon.server.DemoServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Applications as users write them, on ports of their own. */
final class Applications {
  private Applications() {}

  @RestController
  static class Api {
    @GetMapping("/whoami")
    String whoami(@AuthenticationPrincipal CallerPrincipal principal) {
      return principal.caller().subjectId();
    }

    @GetMapping("/write")
    String write() {
      return "written";
    }
  }

  @RestController
  static class Devices {
    @GetMapping("/own")
    @PreAuthorize("@symbolonPermissions.own('LIST_DEVICES')")
    String own() {
      return "own";
    }

    @GetMapping("/devices/{id}")
    @PreAuthorize("@symbolonPermissions.device('READ_DEVICE', #id)")
    String device(@PathVariable String id) {
      return id;
    }

    @GetMapping("/users/{id}")
    @PreAuthorize("@symbolonPermissions.user('READ_PROFILE', #id)")
    String user(@PathVariable String id) {
      return id;
    }

    @GetMapping("/nothing")
    @PreAuthorize("@symbolonPermissions.device('READ_DEVICE', '')")
    String nothing() {
      return "nothing";
    }
  }

  @RestController
  static class ReactiveDevices {
    @GetMapping("/own")
    @PreAuthorize("@reactiveSymbolonPermissions.own('LIST_DEVICES')")
    Mono<String> own() {
      return Mono.just("own");
    }

    @GetMapping("/devices/{id}")
    @PreAuthorize("@reactiveSymbolonPermissions.device('READ_DEVICE', #id)")
    Mono<String> device(@PathVariable String id) {
      return Mono.just(id);
    }

    @GetMapping("/users/{id}")
    @PreAuthorize("@reactiveSymbolonPermissions.user('READ_PROFILE', #id)")
    Mono<String> user(@PathVariable String id) {
      return Mono.just(id);
    }

    @GetMapping("/nothing")
    @PreAuthorize("@reactiveSymbolonPermissions.device('READ_DEVICE', '')")
    Mono<String> nothing() {
      return Mono.just("nothing");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @EnableMethodSecurity
  @Import({Api.class, Devices.class})
  static class Mvc {
    @Bean
    SecurityFilterChain chain(HttpSecurity http) {
      return http.authorizeHttpRequests(
              requests ->
                  requests
                      .requestMatchers("/actuator/**")
                      .permitAll()
                      .requestMatchers("/write")
                      .hasAuthority("SCOPE_write")
                      .anyRequest()
                      .authenticated())
          .oauth2ResourceServer(server -> server.opaqueToken(withDefaults()))
          .build();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @EnableReactiveMethodSecurity
  @Import({Api.class, ReactiveDevices.class})
  static class WebFlux {
    /** Else the first application that ends takes the network from the others of this process. */
    @Bean
    ReactorResourceFactory resources() {
      ReactorResourceFactory resources = new ReactorResourceFactory();
      resources.setUseGlobalResources(false);
      return resources;
    }

    @Bean
    SecurityWebFilterChain chain(ServerHttpSecurity http) {
      return http.authorizeExchange(
              exchanges ->
                  exchanges
                      .pathMatchers("/actuator/**")
                      .permitAll()
                      .pathMatchers("/write")
                      .hasAuthority("SCOPE_write")
                      .anyExchange()
                      .authenticated())
          .oauth2ResourceServer(server -> server.opaqueToken(withDefaults()))
          .build();
    }
  }

  static ConfigurableApplicationContext run(
      Class<?> application, WebApplicationType type, Map<String, String> properties) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--server.port=0");
    arguments.add("--spring.grpc.server.port=0");
    arguments.add("--spring.main.banner-mode=off");
    properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    return new SpringApplicationBuilder(application)
        .web(type)
        .run(arguments.toArray(String[]::new));
  }

  static Map<String, String> properties(DemoServer server) {
    return Map.of(
        "symbolon.address", server.address(),
        "symbolon.client-id", server.text("service", "client_id"),
        "symbolon.client-secret", server.text("service", "client_secret"),
        // A busy machine may stall for longer than services would wait.
        "symbolon.timeout", "45s");
  }
}
