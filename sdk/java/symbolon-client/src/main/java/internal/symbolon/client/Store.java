package internal.symbolon.client;

import java.util.Optional;

/**
 * Where a {@link Login} keeps its record, so that it outlives the process: {@link MemoryStore},
 * {@link FileStore}, or an app's own over the keychain of its system. The text is a secret.
 *
 * <p>What a method throws is told by an event, and the login goes on in memory.
 */
public interface Store {
  /**
   * What is kept.
   *
   * @return empty when there is nothing
   * @throws Exception when it can't be read
   */
  Optional<String> load() throws Exception;

  /**
   * Keeps this instead.
   *
   * @param text a record
   * @throws Exception when it can't be written
   */
  void save(String text) throws Exception;

  /**
   * Keeps nothing from now on.
   *
   * @throws Exception when what is kept can't be removed
   */
  void clear() throws Exception;

  /**
   * Waits until no other process is at the store. Unless another process uses it, there is nothing
   * to do.
   *
   * @return what ends it
   * @throws Exception when another process has it for too long, or it can't be made
   */
  default Lock lock() throws Exception {
    return () -> {};
  }

  /** One process at a time has it, and within that process one thread. */
  @FunctionalInterface
  interface Lock extends AutoCloseable {
    /** Lets others have it. It throws nothing. */
    @Override
    void close();
  }
}
