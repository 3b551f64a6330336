package internal.symbolon.client;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The lock of a file store: a file that is there for as long as a process has the lock. */
final class LockFile {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long STALE_MS = TimeUnit.SECONDS.toMillis(15);
  private static final long LOOK_FOR_STALE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MIN_WAIT_MS = 20;
  private static final int MAX_WAIT_MS = 100;

  private final Path path;
  private final Path lock;
  private final Random random;

  /** What this thread wrote into the lock, for as long as it has it. */
  private final ThreadLocal<String> mine = new ThreadLocal<>();

  LockFile(Path path, Random random) {
    this.path = path;
    this.lock = StoreFiles.beside(path, ".lock");
    this.random = random;
  }

  Store.Lock lock() throws IOException, InterruptedException {
    String text = StoreFiles.randomText(random);
    long begun = System.nanoTime();
    long lookedNanos = begun - LOOK_FOR_STALE_NANOS;
    while (!isTaken(text)) {
      long now = System.nanoTime();
      if (now - begun > PATIENCE_NANOS) {
        String message = "Another process has " + lock + " for too long: try again later";
        throw new SymbolonException(Status.Code.UNAVAILABLE, message);
      }
      if (now - lookedNanos >= LOOK_FOR_STALE_NANOS) {
        lookedNanos = now;
        removeStale();
      }
      Thread.sleep(MIN_WAIT_MS + random.nextInt(MAX_WAIT_MS - MIN_WAIT_MS + 1));
    }
    mine.set(text);
    return this::release;
  }

  private boolean isTaken(String text) throws IOException {
    try {
      StoreFiles.create(lock, text);
      return true;
    } catch (FileAlreadyExistsException another) {
      return false;
    }
  }

  /**
   * Of a process that ended. Who renames it has it alone, and then sees whether it was that one.
   */
  private void removeStale() throws IOException {
    Seen seen = Seen.of(lock);
    if (seen == null || nowMs() - seen.changed.toMillis() <= STALE_MS) {
      return;
    }
    Path aside = StoreFiles.beside(lock, "." + StoreFiles.randomText(random));
    try {
      Files.move(lock, aside, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException gone) {
      return;
    }
    Seen moved = Seen.of(aside);
    if (moved == null) {
      // Another process swept it away.
      return;
    }
    if (!seen.isSame(moved)) {
      try {
        Files.createLink(lock, aside);
      } catch (FileAlreadyExistsException another) {
        // Another process has it, and whose lock this was writes nothing.
      }
    }
    Files.deleteIfExists(aside);
  }

  /** By the clock of the file system, which is perhaps another machine's. */
  private long nowMs() throws IOException {
    Path made = StoreFiles.temporary(path, random);
    StoreFiles.create(made, "");
    try {
      return Files.getLastModifiedTime(made).toMillis();
    } finally {
      Files.deleteIfExists(made);
    }
  }

  /** A holder that was thought dead must not write over what another has written since. */
  void requireMine() throws IOException {
    String text = mine.get();
    if (text != null && !isMine(text)) {
      String message = "Another process took " + lock + ": this one was stopped for too long";
      throw new SymbolonException(Status.Code.ABORTED, message);
    }
  }

  private boolean isMine(String text) throws IOException {
    Seen seen = Seen.of(lock);
    return seen != null && seen.text.equals(text);
  }

  private void release() {
    String text = mine.get();
    mine.remove();
    try {
      if (isMine(text)) {
        Files.deleteIfExists(lock);
      }
    } catch (IOException stays) {
      // It is removed by who finds it stale.
    }
  }

  /** What a lock looked like. */
  private static final class Seen {
    private final String text;
    private final FileTime changed;

    private Seen(String text, FileTime changed) {
      this.text = text;
      this.changed = changed;
    }

    /** Null: there is none. */
    static Seen of(Path lock) throws IOException {
      try {
        BasicFileAttributes attributes =
            Files.readAttributes(lock, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        // To read a pipe would take for ever.
        byte[] bytes = attributes.isRegularFile() ? StoreFiles.read(lock) : new byte[0];
        return new Seen(new String(bytes, StoreFiles.UTF_8), attributes.lastModifiedTime());
      } catch (NoSuchFileException none) {
        return null;
      }
    }

    boolean isSame(Seen other) {
      return text.equals(other.text) && changed.equals(other.changed);
    }
  }
}
