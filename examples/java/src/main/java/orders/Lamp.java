package orders;

import internal.symbolon.client.FileStore;
import internal.symbolon.client.Login;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** A device that onboards itself at its first start, and calls a service over HTTP ever after. */
public final class Lamp {
  private static final String VENDOR_ID = "lamp-0001";
  private static final int UNAUTHORIZED = 401;

  private Lamp() {}

  /** One start. */
  public static void main(String[] args) throws IOException, InterruptedException {
    FileStore store = new FileStore(Path.of(Settings.get("DEVICE_FILE")));
    try (Login login =
        Login.builder(Settings.get("SYMBOLON_ADDRESS"), Settings.get("CLIENT_ID"))
            .scopes("read")
            .store(store)
            .build()) {
      if (login.resumeStored()) {
        System.out.println("  " + VENDOR_ID + " is still signed in");
      } else {
        login.onboardDevice(VENDOR_ID, Settings.get("DEVICE_PASSWORD"));
        System.out.println("  " + VENDOR_ID + " is signed in for the first time");
      }
      URI shop = URI.create("http://" + Settings.get("SHOP") + "/orders");
      System.out.println("  the shop says: " + fetch(login, shop));
    }
  }

  /** Once more where the token has ended meanwhile. */
  private static String fetch(Login login, URI uri) throws IOException, InterruptedException {
    String token = login.token();
    HttpResponse<String> response = send(uri, token);
    if (response.statusCode() == UNAUTHORIZED && login.refused(token)) {
      response = send(uri, login.token());
    }
    return response.statusCode() + ", " + response.body();
  }

  private static HttpResponse<String> send(URI uri, String token)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
