package orders;

import internal.symbolon.client.FileStore;
import internal.symbolon.client.Login;
import internal.symbolon.client.SecondFactor;
import internal.symbolon.client.SymbolonException;
import internal.symbolon.v1.UpdateUserRequest;
import internal.symbolon.v1.User;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An app of the command line that stays signed in: {@code sign-in NAME}, {@code who}, {@code rename
 * NAME}, {@code sign-out}.
 */
public final class App {
  private App() {}

  /** One command for each start. */
  public static void main(String[] args) {
    FileStore store = new FileStore(Path.of(Settings.get("APP_FILE")));
    try (Login login =
        Login.builder(Settings.get("SYMBOLON_ADDRESS"), Settings.get("CLIENT_ID"))
            .store(store)
            .build()) {
      System.out.println("  " + run(login, args));
    } catch (SymbolonException error) {
      System.err.println(error.getMessage());
      System.exit(1);
    }
  }

  private static String run(Login login, String[] args) {
    String command = args.length == 0 ? "who" : args[0];
    if (command.equals("sign-in")) {
      return signIn(login, args[1]);
    }
    if (!login.resumeStored()) {
      return "nobody is signed in";
    }
    if (command.equals("sign-out")) {
      return login.signOut() ? "signed out" : "signed out here; the server is away";
    }
    return "still signed in as "
        + nameOf(command.equals("who") ? login.account().get() : renamed(login, args[1]));
  }

  /** Asks for what is wanted, once. */
  private static String signIn(Login login, String name) {
    String password = System.getenv("APP_PASSWORD");
    if (password == null) {
      password = new String(System.console().readPassword("Password: "));
    }
    Optional<SecondFactor> factor = login.signInUser(name, password);
    factor.ifPresent(
        wanted -> wanted.complete(System.console().readLine("Code of the second factor: ")));
    return "signed in as " + nameOf(login.account().get());
  }

  private static User renamed(Login login, String name) {
    return login.account().update(UpdateUserRequest.newBuilder().setDisplayName(name).build());
  }

  private static String nameOf(User user) {
    return user.getLoginName()
        + (user.getDisplayName().isEmpty() ? "" : ", " + user.getDisplayName());
  }
}
