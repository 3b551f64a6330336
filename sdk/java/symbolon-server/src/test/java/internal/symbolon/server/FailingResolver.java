package internal.symbolon.server;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Names of the scheme {@code failing}, of which the first throws an error within gRPC. */
final class FailingResolver extends NameResolverProvider {
  final AtomicInteger begun = new AtomicInteger();
  private final int port;

  FailingResolver(int port) {
    this.port = port;
  }

  @Override
  public String getDefaultScheme() {
    return "failing";
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 5;
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!target.getScheme().equals(getDefaultScheme())) {
      return null;
    }
    return new NameResolver() {
      @Override
      public String getServiceAuthority() {
        return "127.0.0.1";
      }

      @Override
      public void start(Listener2 listener) {
        if (begun.incrementAndGet() == 1) {
          throw new OutOfMemoryError("as the test has it");
        }
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
        listener.onResult(
            ResolutionResult.newBuilder()
                .setAddressesOrError(
                    io.grpc.StatusOr.fromValue(List.of(new EquivalentAddressGroup(address))))
                .build());
      }

      @Override
      public void shutdown() {}
    };
  }
}
