package internal.symbolon.spring;

import static internal.symbolon.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import internal.symbolon.server.DemoServer;
import internal.symbolon.spring.readme.Application;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The application of the README does what the README says. */
final class ReadmeTest {
  @Test
  void isTheSame() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String source =
        Files.readString(Path.of("src/test/java/internal/symbolon/spring/readme/Application.java"));
    String code = source.substring(source.indexOf("@SpringBootApplication"));
    assertThat(readme).contains("```java\n" + code + "```");
  }

  @Test
  void runs() {
    DemoServer server = new DemoServer();
    try (ConfigurableApplicationContext application =
        Applications.run(
            Application.class, WebApplicationType.SERVLET, Applications.properties(server))) {
      Requests requests = new Requests(application);
      assertThat(requests.get("/orders").statusCode()).isEqualTo(401);
      assertThat(requests.get("/orders", "Bearer syu_not-live").statusCode()).isEqualTo(401);
      assertThat(requests.get("/orders", "Bearer " + server.issue()).statusCode()).isEqualTo(403);
    } finally {
      server.close();
    }
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void warnsOfWhatIsWrongInTheApplicationsOwnLog(CapturedOutput output) {
    Map<String, String> properties =
        Map.of(
            "symbolon.address", "127.0.0.1:9",
            "symbolon.client-id", "service",
            "symbolon.client-secret", "sys_kept-secret");
    try (ConfigurableApplicationContext application =
        Applications.run(Application.class, WebApplicationType.SERVLET, properties)) {
      assertThat(application.isRunning()).isTrue();
      eventually("a warning", () -> output.getAll().contains("The watch ended: UNAVAILABLE"));
      // As Spring Boot formats it.
      assertThat(output.getAll())
          .containsPattern("WARN .*Verifier +: The watch ended: UNAVAILABLE");
      assertThat(output.getAll()).doesNotContain("sys_kept-secret");
    }
  }
}
