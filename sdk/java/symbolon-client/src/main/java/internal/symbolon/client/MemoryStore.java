package internal.symbolon.client;

import java.util.Optional;

/** Keeps a record for as long as the process runs. */
public final class MemoryStore implements Store {
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
  public String toString() {
    return "MemoryStore";
  }
}
