package orders;

import internal.symbolon.server.SymbolonServerInterceptor;
import internal.symbolon.server.Verifier;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import orders.v1.CancelRequest;
import orders.v1.CancelResponse;
import orders.v1.ListRequest;
import orders.v1.ListResponse;
import orders.v1.OrdersGrpc;

/** A microservice over gRPC that only lets in who has a live token. */
public final class OrdersService extends OrdersGrpc.OrdersImplBase {
  /** Until it is killed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Verifier verifier = Settings.verifier();
    SymbolonServerInterceptor guard =
        SymbolonServerInterceptor.builder(verifier)
            .realm("orders")
            .methodScopes("orders.v1.Orders/List", "read")
            .methodScopes("orders.v1.Orders/Cancel", "write")
            .build();
    Server server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .intercept(guard)
            .addService(new OrdersService())
            .build()
            .start();
    System.out.println("ready 127.0.0.1:" + server.getPort());
    server.awaitTermination();
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> observer) {
    String clientId = SymbolonServerInterceptor.CALLER.get().clientId();
    ListResponse.Builder response = ListResponse.newBuilder().setClientId(clientId);
    observer.onNext(response.addOrders("bread").addOrders("cheese").build());
    observer.onCompleted();
  }

  @Override
  public void cancel(CancelRequest request, StreamObserver<CancelResponse> observer) {
    observer.onNext(CancelResponse.getDefaultInstance());
    observer.onCompleted();
  }
}
