package orders;

import com.google.gson.JsonObject;
import internal.symbolon.client.SymbolonChannel;
import internal.symbolon.v1.ClientServiceGrpc;
import internal.symbolon.v1.UpdateClientRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * Starts a server with a service, and the device twice: it is made by the first start, and goes on
 * by the second.
 */
public final class StartDevice {
  private StartDevice() {}

  /** The argument is the checkout of Symbolon. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int code = 0;
    try (Room room = new Room(Path.of(args[0]))) {
      JsonObject demo = room.serve();
      String address = demo.get("grpc").getAsString();
      String clientId = demo.get("tenant_id").getAsString();
      letRead(Room.settings(address, demo.getAsJsonObject("admin")), clientId);
      Map<String, String> inService = Room.settings(address, demo.getAsJsonObject("service"));
      Map<String, String> settings =
          Map.of(
              "SYMBOLON_ADDRESS", address,
              "CLIENT_ID", clientId,
              "DEVICE_FILE", room.file("login.json").toString(),
              "DEVICE_PASSWORD", UUID.randomUUID().toString(),
              "SHOP", room.begin(Room.java(Shop.class), inService, "ready "));
      for (int start = 0; start < 2; start++) {
        System.out.println("Lamp");
        code += room.run(Room.java(Lamp.class), settings);
      }
    }
    System.exit(code == 0 ? 0 : 1);
  }

  /** The app of all devices, which is public: it may ask for the scope that the shop wants. */
  private static void letRead(Map<String, String> admin, String clientId) {
    try (SymbolonChannel channel =
        SymbolonChannel.builder(
                admin.get("SYMBOLON_ADDRESS"), admin.get("CLIENT_ID"), admin.get("CLIENT_SECRET"))
            .build()) {
      UpdateClientRequest.Builder request =
          UpdateClientRequest.newBuilder().setClientId(clientId).addScopes("read");
      request.getUpdateMaskBuilder().addPaths("scopes");
      ClientServiceGrpc.newBlockingStub(channel).updateClient(request.build());
    }
  }
}
