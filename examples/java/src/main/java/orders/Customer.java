package orders;

import internal.symbolon.client.SymbolonChannel;
import internal.symbolon.v1.ClientSecret;
import internal.symbolon.v1.IssueRequest;
import internal.symbolon.v1.RevocationWait;
import internal.symbolon.v1.RevokeRequest;
import internal.symbolon.v1.TokenServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import orders.v1.CancelRequest;
import orders.v1.ListRequest;
import orders.v1.ListResponse;
import orders.v1.OrdersGrpc;

/** A service that calls the others with a token of its own. */
public final class Customer {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> CHALLENGE =
      Metadata.Key.of("www-authenticate", Metadata.ASCII_STRING_MARSHALLER);

  private final HttpClient http = HttpClient.newHttpClient();
  private final ManagedChannel channel =
      Grpc.newChannelBuilder(Settings.get("ORDERS"), InsecureChannelCredentials.create()).build();

  /** Says what becomes of each call. */
  public static void main(String[] args) throws IOException, InterruptedException {
    String id = Settings.get("CLIENT_ID");
    String secret = Settings.get("CLIENT_SECRET");
    try (SymbolonChannel symbolon =
        SymbolonChannel.builder(Settings.get("SYMBOLON_ADDRESS"), id, secret).build()) {
      TokenServiceGrpc.TokenServiceBlockingStub tokens = TokenServiceGrpc.newBlockingStub(symbolon);
      ClientSecret credential =
          ClientSecret.newBuilder().setClientId(id).setClientSecret(secret).build();
      IssueRequest request =
          IssueRequest.newBuilder().setClientSecret(credential).addScopes("read").build();
      String token = tokens.issue(request).getTokens().getAccessToken();
      Customer customer = new Customer();
      customer.tellAll("Bearer " + token);
      // With `wait`, the answer comes when no service takes the token for live any more.
      tokens.revoke(
          RevokeRequest.newBuilder()
              .setToken(token)
              .setWait(RevocationWait.REVOCATION_WAIT_VERIFIERS)
              .build());
      String overGrpc = customer.list("Bearer " + token).split(",")[0];
      String overHttp = customer.fetch("GET", "Bearer " + token).split(",")[0];
      System.out.println("revoked: gRPC " + overGrpc + ", HTTP " + overHttp);
      customer.channel.shutdownNow();
    }
  }

  private void tellAll(String token) throws IOException, InterruptedException {
    System.out.println("gRPC with the token: " + list(token));
    System.out.println("gRPC without a token: " + list(null));
    System.out.println("gRPC for a scope that the token lacks: " + cancel(token));
    System.out.println("HTTP with the token: " + fetch("GET", token));
    System.out.println("HTTP without a token: " + fetch("GET", null));
    System.out.println("HTTP for a scope that the token lacks: " + fetch("DELETE", token));
  }

  private OrdersGrpc.OrdersBlockingStub orders(String authorization) {
    Metadata headers = new Metadata();
    if (authorization != null) {
      headers.put(AUTHORIZATION, authorization);
    }
    return OrdersGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(5, TimeUnit.SECONDS);
  }

  private String list(String authorization) {
    try {
      ListResponse response = orders(authorization).list(ListRequest.getDefaultInstance());
      return String.join(" and ", response.getOrdersList()) + ", for " + response.getClientId();
    } catch (StatusRuntimeException error) {
      return told(error);
    }
  }

  private String cancel(String authorization) {
    try {
      orders(authorization).cancel(CancelRequest.getDefaultInstance());
      return "cancelled";
    } catch (StatusRuntimeException error) {
      return told(error);
    }
  }

  private static String told(StatusRuntimeException error) {
    return error.getStatus().getCode() + ", " + error.getTrailers().get(CHALLENGE);
  }

  private String fetch(String method, String authorization)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + Settings.get("SHOP") + "/orders");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    String challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
    return response.statusCode() + ", " + (challenge.isEmpty() ? response.body() : challenge);
  }
}
