package orders;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts a server, and the app over and over: each time another process, as a person starts it. */
public final class StartApp {
  private StartApp() {}

  /** The argument is the checkout of Symbolon. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int code = 0;
    try (Room room = new Room(Path.of(args[0]))) {
      JsonObject demo = room.serve();
      JsonObject user = demo.getAsJsonObject("user");
      Map<String, String> settings =
          Map.of(
              "SYMBOLON_ADDRESS", demo.get("grpc").getAsString(),
              "CLIENT_ID", demo.get("tenant_id").getAsString(),
              "APP_PASSWORD", user.get("password").getAsString(),
              "APP_FILE", room.file("login.json").toString());
      String name = user.get("login_name").getAsString();
      for (List<String> words :
          List.of(
              List.of("sign-in", name),
              List.of("who"),
              List.of("rename", "Ann"),
              List.of("who"),
              List.of("sign-out"),
              List.of("who"))) {
        System.out.println("App " + String.join(" ", words));
        code += room.run(Room.java(App.class, words.toArray(new String[0])), settings);
      }
    }
    System.exit(code == 0 ? 0 : 1);
  }
}
