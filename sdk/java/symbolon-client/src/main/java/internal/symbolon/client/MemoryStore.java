package internal.symbolon.client;

import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Keeps a record for as long as the process runs. Logins that share one refresh one at a time. */
public final class MemoryStore implements Store {
  private static final long PATIENCE_SECONDS = 20;

  private final Semaphore turn = new Semaphore(1);
  private volatile String kept;

  /** An empty one. */
  public MemoryStore() {}

  @Override
  public Optional<String> load() {
    return Optional.ofNullable(kept);
  }

  @Override
  public void save(String text) {
    kept = text;
  }

  @Override
  public void clear() {
    kept = null;
  }

  @Override
  public Lock lock() throws InterruptedException {
    if (!turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new SymbolonException(
          Status.Code.UNAVAILABLE, "Another login has the store for too long: try again later");
    }
    return turn::release;
  }

  @Override
  public String toString() {
    return "MemoryStore";
  }
}
