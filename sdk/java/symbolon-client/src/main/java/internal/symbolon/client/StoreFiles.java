package internal.symbolon.client;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;

/** Files that no other user may read. They are read and written so that no interrupt ends it. */
final class StoreFiles {
  static final Charset UTF_8 = StandardCharsets.UTF_8;

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private static final int RANDOM_LETTERS = 22;
  private static final int BUFFER_BYTES = 8192;

  private StoreFiles() {}

  static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int index = 0; index < RANDOM_LETTERS; index++) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  static Path beside(Path path, String ending) {
    return path.resolveSibling(path.getFileName() + ending);
  }

  static Path temporary(Path path, Random random) {
    return beside(path, "." + randomText(random) + ".tmp");
  }

  static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /**
   * Of mode 0600 where there are modes, and on the disk. Fails where there is one. Where it can't
   * be written nothing is left of it.
   */
  static void create(Path path, String text) throws IOException {
    FileAttribute<?>[] mode =
        isPosix(path)
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Files.createFile(path, mode);
    boolean isWritten = false;
    try (FileOutputStream stream = new FileOutputStream(path.toFile())) {
      stream.write(text.getBytes(UTF_8));
      stream.getFD().sync();
      isWritten = true;
    } finally {
      if (!isWritten) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** So that a rename outlives a loss of power. Not each system can do it. */
  static void flushNames(Path directory) {
    // An interrupt would close what is opened here.
    boolean isInterrupted = Thread.interrupted();
    try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
      opened.force(true);
    } catch (IOException cannot) {
      // The file itself is on the disk.
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static byte[] read(Path path) throws IOException {
    try (InputStream stream = new FileInputStream(path.toFile())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        bytes.write(buffer, 0, count);
      }
      return bytes.toByteArray();
    } catch (FileNotFoundException error) {
      // Also of a file that is there and may not be read.
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw error;
      }
      throw new NoSuchFileException(path.toString());
    }
  }
}
