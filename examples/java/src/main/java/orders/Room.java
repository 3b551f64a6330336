package orders;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A directory for one run, and the programs that run in it. A program of your own needs nothing of
 * this.
 */
final class Room implements AutoCloseable {
  private final List<Process> running = new ArrayList<>();
  private final Path root;
  private final Path directory;

  /** The checkout of Symbolon. */
  Room(Path root) throws IOException {
    this.root = root;
    directory = Files.createTempDirectory("symbolon-example-");
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Starts a server with a new data directory. Answers its {@code demo.json}. */
  JsonObject serve() throws IOException {
    Path data = file("data");
    String node = root.resolve("node_modules/.bin/node").toString();
    String symbolon = root.resolve("bin/symbolon.js").toString();
    List<String> serve = new ArrayList<>(List.of(node, symbolon, "serve", "--demo"));
    serve.addAll(List.of("--data-dir", data.toString(), "--log-level", "warn"));
    serve.addAll(List.of("--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0"));
    serve.addAll(List.of("--metrics-address", "off"));
    begin(serve, Map.of(), "symbolon ready");
    return JsonParser.parseString(Files.readString(data.resolve("demo.json"))).getAsJsonObject();
  }

  static Map<String, String> settings(String address, JsonObject client) {
    String id = client.get("client_id").getAsString();
    String secret = client.get("client_secret").getAsString();
    return Map.of("SYMBOLON_ADDRESS", address, "CLIENT_ID", id, "CLIENT_SECRET", secret);
  }

  static List<String> java(Class<?> program, String... arguments) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** Runs a program to its end, and shows what it prints. Answers its exit code. */
  int run(List<String> command, Map<String, String> settings)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(settings);
    Process process = builder.start();
    running.add(process);
    return process.waitFor();
  }

  /** Runs a program until a line of it begins so; answers the rest of the line. */
  String begin(List<String> command, Map<String, String> settings, String ready)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(settings);
    Process process = builder.start();
    running.add(process);
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith(ready)) {
        return line.substring(ready.length());
      }
    }
    throw new IllegalStateException(command.get(0) + " ended before it was ready");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    // The newest first: what hangs on a server ends before it.
    for (int index = running.size() - 1; index >= 0; index--) {
      running.get(index).destroy();
      running.get(index).waitFor();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
