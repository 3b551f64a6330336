package internal.symbolon.spring;

import static org.assertj.core.api.Assertions.assertThat;

import internal.symbolon.server.DemoServer;
import internal.symbolon.spring.readme.Application;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
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
}
