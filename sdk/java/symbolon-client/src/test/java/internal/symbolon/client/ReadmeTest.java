package internal.symbolon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Channel;
import io.grpc.stub.ClientCalls;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the README's part for apps is compiled as it is, and does what the README says. */
final class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);

  @TempDir private static Path directory;
  private static DemoServer server;
  private static URLClassLoader classes;

  @BeforeAll
  static void compile() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    String apps = readme.substring(readme.indexOf("## Apps"), readme.indexOf("## The bare client"));
    List<String> arguments = new ArrayList<>(List.of("-d", directory.toString()));
    Matcher block = BLOCK.matcher(apps);
    while (block.find()) {
      Matcher name = NAME.matcher(block.group(1));
      assertTrue(name.find());
      Path source = directory.resolve(name.group(1) + ".java");
      arguments.add(Files.writeString(source, block.group(1)).toString());
    }
    String[] all = arguments.toArray(new String[0]);
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, all));
    classes = new URLClassLoader(new URL[] {directory.toUri().toURL()});
    server = new DemoServer();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    classes.close();
  }

  private static Object call(String type, String method, Object... arguments) throws Exception {
    Method found =
        Arrays.stream(classes.loadClass(type).getDeclaredMethods())
            .filter(each -> each.getName().equals(method))
            .findFirst()
            .orElseThrow();
    found.setAccessible(true);
    return found.invoke(null, arguments);
  }

  private static String runApp(String classpath, Path file) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            directory + File.pathSeparator + classpath,
            "App");
    builder.environment().put("SYMBOLON_ADDRESS", server.address());
    builder.environment().put("APP_ID", "demo");
    builder.environment().put("APP_USER", server.text("user", "login_name"));
    builder.environment().put("APP_PASSWORD", server.text("user", "password"));
    builder.environment().put("APP_FILE", file.toString());
    builder.redirectErrorStream(true);
    Process process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
  }

  @Test
  void signsInOnceAndIsStillSignedInAfterARestart() throws Exception {
    Path file = directory.resolve("login.json");
    String classpath = System.getProperty("java.class.path");
    String name = server.text("user", "login_name");
    assertEquals("signed in as " + name, runApp(classpath, file));
    assertEquals("still signed in as " + name, runApp(classpath, file));
  }

  @Test
  void doesTheSameWithTheTransportOfAndroidAlone() throws Exception {
    Path file = directory.resolve("android.json");
    String others =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(each -> !Path.of(each).getFileName().toString().startsWith("grpc-"))
            .collect(Collectors.joining(File.pathSeparator));
    // All of gRPC in one version, and no Netty.
    String classpath = System.getProperty("symbolon.android") + "/*" + File.pathSeparator + others;
    String name = server.text("user", "login_name");
    assertEquals("signed in as " + name, runApp(classpath, file));
    assertEquals("still signed in as " + name, runApp(classpath, file));
  }

  private static Login signedIn() {
    Login login = Login.builder(server.address(), "demo").build();
    login.signInUser(server.text("user", "login_name"), server.text("user", "password"));
    return login;
  }

  @Test
  void attachesItsToken() throws Exception {
    HttpServer web = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    web.createContext(
        "/",
        exchange -> {
          byte[] told = exchange.getRequestHeaders().getFirst("Authorization").getBytes();
          exchange.sendResponseHeaders(200, told.length);
          exchange.getResponseBody().write(told);
          exchange.close();
        });
    web.start();
    try (Guarded guarded = new Guarded();
        Login login = signedIn()) {
      Channel attached = (Channel) call("Attached", "to", guarded.channel, login);
      ClientCalls.blockingUnaryCall(
          attached, Guarded.UNARY, io.grpc.CallOptions.DEFAULT, "there and");
      assertEquals(List.of("Bearer " + login.token()), guarded.headers);
      URI uri = URI.create("http://127.0.0.1:" + web.getAddress().getPort() + "/");
      HttpResponse<?> response = (HttpResponse<?>) call("Fetch", "get", uri, login);
      assertEquals("Bearer " + login.token(), response.body());
    } finally {
      web.stop(0);
    }
  }

  @Test
  void signsInByABrowserAndByACode() throws Exception {
    ManualClock clock = new ManualClock();
    clock.isQuick = true;
    try (ScriptedTokens tokens = new ScriptedTokens();
        Login login = Login.builder(tokens.address(), "app").build(clock)) {
      call("Television", "signIn", login);
      assertTrue(login.isSignedIn());
      clock.isQuick = false;
      Consumer<String> open = url -> CodeTest.comeBack(url, "https://login.example.com/t/shop");
      call("Browser", "signIn", login, open);
      assertEquals("c", tokens.issues.get(1).getAuthorizationCode().getCode());
    }
  }

  @Test
  void changesTheUserAndEndsItsOtherLogins() throws Exception {
    try (Login login = signedIn();
        Login other = signedIn()) {
      assertEquals("Ann", call("Profile", "rename", login, "Ann"));
      assertTrue((int) call("Profile", "endOthers", login) >= 1);
      assertTrue(login.isSignedIn());
      assertEquals(1, login.account().logins().size());
      String token = other.token();
      other.refused(token);
      assertTrue(!other.isSignedIn());
    }
  }
}
