package internal.symbolon.client;

import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Keeps a record in a file that only its owner may read. Processes of one user may share it, in any
 * language of the SDK: one of them refreshes, and the others take what it got.
 */
public final class FileStore implements Store {
  private static final long LEFTOVER_MS = TimeUnit.MINUTES.toMillis(1);

  /** A record has about a kibibyte. */
  private static final long MAX_BYTES = 1 << 20;

  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Path path;
  private final Random random = new SecureRandom();
  private final LockFile lockFile;

  /**
   * A store in this file, which need not be there yet.
   *
   * @param path in a directory that is there
   */
  public FileStore(Path path) {
    this.path = path.toAbsolutePath();
    this.lockFile = new LockFile(this.path, random);
  }

  @Override
  public Optional<String> load() {
    byte[] bytes;
    try {
      requireGood(false);
      bytes = StoreFiles.read(path);
    } catch (NoSuchFileException none) {
      requireDirectory();
      return Optional.empty();
    } catch (IOException error) {
      throw refused(path + " can't be read (" + error.getClass().getSimpleName() + ")");
    }
    try {
      String text = StoreFiles.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      LoginRecord.parse(text);
      return Optional.of(text);
    } catch (CharacterCodingException | LoginRecord.NoRecordException wrong) {
      throw noRecord();
    }
  }

  /** One that is gone, such as that of a disk that is not there now, tells nothing of a login. */
  private void requireDirectory() {
    if (!Files.isDirectory(path.getParent())) {
      throw refused(path + " can't be found: see that its directory is there");
    }
  }

  private SymbolonException noRecord() {
    return new SymbolonException(
        Status.Code.DATA_LOSS, path + " holds no record of a login: sign in again");
  }

  private static SymbolonException refused(String message) {
    return new SymbolonException(Status.Code.FAILED_PRECONDITION, message);
  }

  /** What is there: a regular file, and unless it is written over, one that only its owner sees. */
  private void requireGood(boolean isWrittenOver) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw refused(path + " is not a regular file: name another path for the store");
    }
    if (isWrittenOver) {
      return;
    }
    if (StoreFiles.isPosix(path)) {
      Set<PosixFilePermission> of = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
      if (OF_OTHERS.stream().anyMatch(of::contains)) {
        throw refused("Others than its owner may read or write " + path + ": chmod 600 " + path);
      }
    }
    if (attributes.size() > MAX_BYTES) {
      throw noRecord();
    }
  }

  @Override
  public void save(String text) {
    try {
      write(text);
    } catch (IOException error) {
      String why = error.getClass().getSimpleName();
      throw refused(
          path + " can't be written (" + why + "): see that its directory may be written");
    }
  }

  private void write(String text) throws IOException {
    try {
      requireGood(true);
    } catch (NoSuchFileException none) {
      // As before the first sign-in.
    }
    Path written = StoreFiles.temporary(path, random);
    try {
      StoreFiles.create(written, text);
      long nowMs = Files.getLastModifiedTime(written).toMillis();
      lockFile.requireMine();
      Files.move(
          written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      StoreFiles.flushNames(path.getParent());
      removeLeftovers(nowMs);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** Of processes that ended while they wrote. What can't be removed stays. */
  private void removeLeftovers(long nowMs) {
    String name = Pattern.quote(path.getFileName().toString());
    Pattern leftover = Pattern.compile(name + "(\\.[A-Za-z0-9_-]+\\.tmp|\\.lock\\.[A-Za-z0-9_-]+)");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(path.getParent())) {
      for (Path each : all) {
        if (leftover.matcher(each.getFileName().toString()).matches()) {
          removeOld(each, nowMs);
        }
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      // What is there is found by another time, or by another process.
    }
  }

  private static void removeOld(Path leftover, long nowMs) {
    try {
      if (nowMs - Files.getLastModifiedTime(leftover).toMillis() > LEFTOVER_MS) {
        Files.deleteIfExists(leftover);
      }
    } catch (IOException stays) {
      // Another process was quicker, or it is another user's.
    }
  }

  @Override
  public void clear() {
    try {
      requireGood(true);
      lockFile.requireMine();
      Files.deleteIfExists(path);
    } catch (NoSuchFileException none) {
      requireDirectory();
    } catch (IOException error) {
      String why = error.getClass().getSimpleName();
      throw refused(path + " can't be removed (" + why + "): remove it by hand");
    }
  }

  @Override
  public Lock lock() throws InterruptedException {
    try {
      return lockFile.lock();
    } catch (IOException error) {
      String why = error.getClass().getSimpleName();
      throw refused(path + ".lock can't be made (" + why + "): see that its directory is there");
    }
  }

  @Override
  public String toString() {
    return "FileStore[path=" + path + "]";
  }
}
