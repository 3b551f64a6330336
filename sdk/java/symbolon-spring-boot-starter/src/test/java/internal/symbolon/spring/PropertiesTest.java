package internal.symbolon.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.Verifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;

/** What the properties come to, and what is told of those that are wrong. */
final class PropertiesTest {
  private static final String[] GOOD = {
    "symbolon.address=127.0.0.1:9",
    "symbolon.client-id=service",
    "symbolon.client-secret=sys_kept-secret"
  };

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(SymbolonAutoConfiguration.class))
          .withPropertyValues(GOOD);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "symbolon.address=            | symbolon.address is missing",
        "symbolon.client-id=          | symbolon.client-id is missing",
        "symbolon.client-secret=      | symbolon.client-secret is missing",
        "symbolon.address=http://x:1  | symbolon.address must be host:port",
        "symbolon.audience=           | symbolon.audience is empty",
        "symbolon.timeout=0s          | symbolon.timeout must be from 1 ms",
        "symbolon.max-entries=0       | symbolon.max-entries must be",
        "symbolon.root-certificates=file:/none.pem | symbolon.root-certificates can't be read",
        "symbolon.root-certificates=classpath:internal/symbolon/spring/MvcTest.class"
            + " | symbolon.root-certificates must be certificates in PEM",
      })
  void namesThePropertyAndTheMend(String property, String message) {
    runner
        .withPropertyValues(property)
        .run(
            context -> {
              // What guards requests asks for it at the start.
              RuntimeException failure =
                  assertThrows(
                      RuntimeException.class, () -> context.getBean(OpaqueTokenIntrospector.class));
              String description = new PropertyFailureAnalyzer().analyze(failure).getDescription();
              assertThat(description).contains(message).doesNotContain("sys_kept-secret");
            });
  }

  @Test
  void plaintextGoesWithNoCertificates() {
    runner
        .withPropertyValues(
            "symbolon.plaintext=true", "symbolon.timeout=500ms", "symbolon.max-entries=7")
        .run(context -> assertThat(context.getBean(Verifier.class).size()).isZero());
  }

  @Test
  void springBootTellsThemToo() {
    assertThat(
            SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, error) -> {}))
        .hasAtLeastOneElementOfType(PropertyFailureAnalyzer.class);
  }

  @Test
  void needsNoPropertiesWhereTheIntrospectorIsAnother() {
    OpaqueTokenIntrospector another = token -> null;
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SymbolonAutoConfiguration.class))
        .withBean("another", OpaqueTokenIntrospector.class, () -> another)
        .run(
            context ->
                assertThat(context.getBean(OpaqueTokenIntrospector.class)).isSameAs(another));
  }

  @Test
  void needsNoPropertiesWhereTheReactiveIntrospectorIsAnother() {
    ReactiveOpaqueTokenIntrospector another = token -> null;
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SymbolonAutoConfiguration.class))
        .withBean("another", ReactiveOpaqueTokenIntrospector.class, () -> another)
        .run(
            context ->
                assertThat(context).hasNotFailed().doesNotHaveBean("reactiveSymbolonIntrospector"));
  }

  @Test
  void takesAVerifierThatIsThere() {
    Verifier own = Verifier.builder("127.0.0.1:9", "own", "sys_own").build();
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SymbolonAutoConfiguration.class))
        .withBean("own", Verifier.class, () -> own)
        .run(
            context -> {
              assertThat(context.getBean(Verifier.class)).isSameAs(own);
              assertThat(context).hasSingleBean(SymbolonIntrospector.class);
            });
  }

  @Test
  void closesTheVerifierAtTheEnd() {
    Verifier[] made = new Verifier[1];
    runner.run(context -> made[0] = context.getBean(Verifier.class));
    SymbolonException error =
        assertThrows(SymbolonException.class, () -> made[0].check("syu_token"));
    assertThat(error.getMessage()).contains("closed");
  }

  @Test
  void needsNeitherReactorNorActuatorNorGrpc() {
    new WebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SymbolonAutoConfiguration.class))
        .withPropertyValues(GOOD)
        .withClassLoader(
            new FilteredClassLoader(
                "reactor", "org.springframework.boot.actuate", "org.springframework.grpc"))
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(SymbolonIntrospector.class);
              assertThat(context).hasBean("symbolonAnswerFilter");
            });
  }
}
