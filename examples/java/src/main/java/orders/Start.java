package orders;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import internal.symbolon.client.SymbolonChannel;
import internal.symbolon.v1.ClientServiceGrpc;
import internal.symbolon.v1.CreateClientRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Starts all that the example is made of, and ends it. A service of your own needs nothing of this. */
public final class Start {
  private final List<Process> running = new ArrayList<>();

  /** The argument is the checkout of Symbolon. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("symbolon-example-");
    Start start = new Start();
    int code;
    try {
      code = start.run(Path.of(args[0]), directory.resolve("data"));
    } finally {
      for (Process process : start.running) {
        process.destroy();
        process.waitFor();
      }
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
    System.exit(code);
  }

  private int run(Path root, Path data) throws IOException, InterruptedException {
    String node = root.resolve("node_modules/.bin/node").toString();
    String symbolon = root.resolve("bin/symbolon.js").toString();
    List<String> serve = new ArrayList<>(List.of(node, symbolon, "serve", "--demo"));
    serve.addAll(List.of("--data-dir", data.toString(), "--log-level", "warn"));
    serve.addAll(List.of("--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0"));
    serve.addAll(List.of("--metrics-address", "off"));
    begin(serve, Map.of(), "symbolon ready");
    JsonObject demo =
        JsonParser.parseString(Files.readString(data.resolve("demo.json"))).getAsJsonObject();
    String address = demo.get("grpc").getAsString();
    Map<String, String> inService = settings(address, demo.getAsJsonObject("service"));
    String orders = begin(java(OrdersService.class), inService, "ready ");
    String shop = begin(java(Shop.class), inService, "ready ");
    ProcessBuilder customer = new ProcessBuilder(java(Customer.class)).inheritIO();
    customer.environment().putAll(reader(address, demo.getAsJsonObject("admin")));
    customer.environment().putAll(Map.of("ORDERS", orders, "SHOP", shop));
    Process started = customer.start();
    running.add(started);
    return started.waitFor();
  }

  /** A client of its own for the customer, which an admin makes. */
  private static Map<String, String> reader(String address, JsonObject admin) {
    String id = admin.get("client_id").getAsString();
    String secret = admin.get("client_secret").getAsString();
    try (SymbolonChannel channel = SymbolonChannel.builder(address, id, secret).build()) {
      CreateClientRequest request =
          CreateClientRequest.newBuilder()
              .setClientId("demo.reader")
              .setConfidential(true)
              .addScopes("read")
              .build();
      String made =
          ClientServiceGrpc.newBlockingStub(channel).createClient(request).getClientSecret();
      return Map.of(
          "SYMBOLON_ADDRESS", address, "CLIENT_ID", "demo.reader", "CLIENT_SECRET", made);
    }
  }

  private static Map<String, String> settings(String address, JsonObject client) {
    String id = client.get("client_id").getAsString();
    String secret = client.get("client_secret").getAsString();
    return Map.of("SYMBOLON_ADDRESS", address, "CLIENT_ID", id, "CLIENT_SECRET", secret);
  }

  private static List<String> java(Class<?> program) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(java, "-cp", System.getProperty("java.class.path"), program.getName());
  }

  /** Runs a program until a line of it begins so; answers the rest of the line. */
  private String begin(List<String> command, Map<String, String> settings, String ready)
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
}
