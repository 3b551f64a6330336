package internal.symbolon.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.springframework.context.ConfigurableApplicationContext;

/** Requests to an application over a real socket. */
final class Requests {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final String base;

  Requests(ConfigurableApplicationContext application) {
    base = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
  }

  HttpResponse<String> get(String path, String... authorizations) {
    return send("GET", path, authorizations);
  }

  HttpResponse<String> send(String method, String path, String... authorizations) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    for (String authorization : authorizations) {
      request.header("Authorization", authorization);
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  static String challenge(HttpResponse<String> response) {
    return response.headers().firstValue("WWW-Authenticate").orElse("");
  }
}
