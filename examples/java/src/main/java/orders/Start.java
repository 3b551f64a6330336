package orders;

import com.google.gson.JsonObject;
import internal.symbolon.client.SymbolonChannel;
import internal.symbolon.v1.ClientServiceGrpc;
import internal.symbolon.v1.CreateClientRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Starts a server, the services and their caller. A service of your own needs nothing of this. */
public final class Start {
  private Start() {}

  /** The argument is the checkout of Symbolon. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int code;
    try (Room room = new Room(Path.of(args[0]))) {
      code = run(room);
    }
    System.exit(code);
  }

  private static int run(Room room) throws IOException, InterruptedException {
    JsonObject demo = room.serve();
    String address = demo.get("grpc").getAsString();
    Map<String, String> inService = Room.settings(address, demo.getAsJsonObject("service"));
    Map<String, String> ofCustomer = new HashMap<>(reader(address, demo.getAsJsonObject("admin")));
    ofCustomer.put("ORDERS", room.begin(Room.java(OrdersService.class), inService, "ready "));
    ofCustomer.put("SHOP", room.begin(Room.java(Shop.class), inService, "ready "));
    return room.run(Room.java(Customer.class), ofCustomer);
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
      return Map.of("SYMBOLON_ADDRESS", address, "CLIENT_ID", "demo.reader", "CLIENT_SECRET", made);
    }
  }
}
