package internal.symbolon.client;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The real server with the demo's tenant, on ports of its own, for as long as it is open. */
final class DemoServer implements AutoCloseable {
  private static final Path ROOT = Path.of(System.getProperty("symbolon.root")).toAbsolutePath();

  private final Path directory;
  private final Process process;
  private final JsonObject demo;
  private final SymbolonChannel channel;

  DemoServer() {
    try {
      directory = Files.createTempDirectory("symbolon-java");
      process = start();
      demo =
          JsonParser.parseString(Files.readString(directory.resolve("demo.json")))
              .getAsJsonObject();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    channel =
        SymbolonChannel.builder(
                address(), text("admin", "client_id"), text("admin", "client_secret"))
            .timeout(Duration.ofSeconds(45))
            .build();
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            ROOT.resolve("node_modules/.bin/node").toString(),
            ROOT.resolve("bin/symbolon.js").toString(),
            "serve",
            "--demo",
            "--data-dir",
            directory.toString(),
            "--grpc-address",
            "127.0.0.1:0",
            "--http-address",
            "127.0.0.1:0");
    builder.environment().keySet().removeIf(name -> name.startsWith("SYMBOLON_"));
    builder.environment().put("SYMBOLON_WORKERS", "1");
    builder.redirectErrorStream(true);
    Process started = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    BufferedReader reader = started.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      said.append(line).append('\n');
      if (line.contains("symbolon ready")) {
        Thread drain = new Thread(() -> drain(reader), "server's log");
        drain.setDaemon(true);
        drain.start();
        return started;
      }
    }
    throw new IllegalStateException("the server did not start:\n" + said);
  }

  /** A full pipe would hold the server. */
  private static void drain(BufferedReader reader) {
    try {
      reader.transferTo(Writer.nullWriter());
    } catch (IOException ended) {
      // As it does when the server is stopped.
    }
  }

  String text(String object, String member) {
    return demo.getAsJsonObject(object).get(member).getAsString();
  }

  String address() {
    return demo.get("grpc").getAsString();
  }

  /** As an admin. */
  SymbolonChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.close();
    process.destroy();
    process.onExit().join();
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
