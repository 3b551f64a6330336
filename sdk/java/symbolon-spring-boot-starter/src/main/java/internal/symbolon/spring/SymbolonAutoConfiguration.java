package internal.symbolon.spring;

import internal.symbolon.server.Verifier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;

/**
 * A verifier of the properties, and introspectors over it, which Spring Boot's own chain and {@code
 * oauth2ResourceServer().opaqueToken()} take by themselves. It goes before Spring Boot's, which
 * would see no introspector otherwise.
 */
@AutoConfiguration(
    beforeName = {
      "org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration",
      "org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive.ReactiveOAuth2ResourceServerAutoConfiguration",
      // What they are called in Spring Boot 4.0.
      "org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration",
      // Whose handler of refusals has no challenges, and comes after the one here.
      "org.springframework.boot.grpc.server.autoconfigure.security.GrpcServerSecurityAutoConfiguration",
    })
@EnableConfigurationProperties(SymbolonProperties.class)
public final class SymbolonAutoConfiguration {
  /** For Spring. */
  public SymbolonAutoConfiguration() {}

  /**
   * Lazy, as the introspectors are: who brings an introspector of his own need not set properties
   * for nothing. What guards requests asks for one at the start, so that a property that is missing
   * is told then.
   */
  @Bean(destroyMethod = "close")
  @Lazy
  @ConditionalOnMissingBean
  Verifier symbolonVerifier(SymbolonProperties properties) {
    return Verifiers.of(properties);
  }

  /** For servlets and for gRPC, whatever else the application serves. */
  @Bean
  @Lazy
  @ConditionalOnMissingBean(OpaqueTokenIntrospector.class)
  SymbolonIntrospector symbolonIntrospector(Verifier verifier, SymbolonProperties properties) {
    return new SymbolonIntrospector(verifier, properties.wantedAudience());
  }

  /** For rules of methods, in servlets and in gRPC. */
  @Bean
  @Lazy
  @ConditionalOnMissingBean
  SymbolonPermissions symbolonPermissions(Verifier verifier) {
    return new SymbolonPermissions(verifier);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = Type.SERVLET)
  static class Servlet {
    @Bean
    FilterRegistrationBean<AnswerFilter> symbolonAnswerFilter() {
      FilterRegistrationBean<AnswerFilter> registration =
          new FilterRegistrationBean<>(new AnswerFilter());
      registration.setOrder(AnswerWebFilter.ORDER);
      return registration;
    }

    @Bean
    AnswerFilter.Listener symbolonDeniedRequests() {
      return new AnswerFilter.Listener();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = Type.REACTIVE)
  static class Reactive {
    @Bean
    @Lazy
    @ConditionalOnMissingBean(ReactiveOpaqueTokenIntrospector.class)
    ReactiveSymbolonIntrospector reactiveSymbolonIntrospector(
        Verifier verifier, SymbolonProperties properties) {
      return new ReactiveSymbolonIntrospector(verifier, properties.wantedAudience());
    }

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    ReactiveSymbolonPermissions reactiveSymbolonPermissions(Verifier verifier) {
      return new ReactiveSymbolonPermissions(verifier);
    }

    @Bean
    AnswerWebFilter symbolonAnswerWebFilter() {
      return new AnswerWebFilter();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(GrpcExceptionHandler.class)
  static class Grpc {
    @Bean
    AnswerGrpcHandler symbolonAnswerGrpcHandler() {
      return new AnswerGrpcHandler();
    }

    @Bean
    @GlobalServerInterceptor
    AuthorizationInterceptor symbolonAuthorizationInterceptor() {
      return new AuthorizationInterceptor();
    }

    @Bean
    ChallengeGrpcHandler symbolonChallengeGrpcHandler() {
      return new ChallengeGrpcHandler();
    }

    @Bean
    AuthorizationInterceptor.Listener symbolonDeniedCalls() {
      return new AuthorizationInterceptor.Listener();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(SanitizingFunction.class)
  static class Sanitizing {
    @Bean
    SecretSanitizer symbolonSecretSanitizer(SymbolonProperties properties) {
      return new SecretSanitizer(properties);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(HealthIndicator.class)
  @ConditionalOnEnabledHealthIndicator("symbolon")
  static class Health {
    @Bean
    @ConditionalOnMissingBean(name = "symbolonHealthIndicator")
    VerifierHealth symbolonHealthIndicator(ObjectProvider<Verifier> verifiers) {
      return new VerifierHealth(verifiers);
    }
  }
}
