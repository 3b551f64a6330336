package internal.symbolon.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import internal.symbolon.client.SymbolonChannel;
import internal.symbolon.client.SymbolonException;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A verifier goes on over another line, as it was told when it was made. */
final class ConnectionTest {
  private static SymbolonChannel channel() {
    return SymbolonChannel.builder("127.0.0.1:1", "a", "b").build();
  }

  @Test
  void keepsItsLineWhereNoOtherCanBeMade() {
    SymbolonChannel first = channel();
    Queue<SymbolonChannel> channels = new ArrayDeque<>(List.of(first));
    try (Connection connection = new Connection(channels::remove)) {
      assertThrows(RuntimeException.class, connection::renew);
      // A line that was retired takes no calls.
      connection.watch(Runnable::run).cancel("a test", null);
      assertEquals(false, first.state() == io.grpc.ConnectivityState.SHUTDOWN);
    }
  }

  @Test
  void isNotChangedByItsBuilder() {
    VerifierBuilder builder = Verifier.builder("127.0.0.1:1", "a", "b");
    builder.build().close();
    SymbolonException error = assertThrows(SymbolonException.class, () -> builder.plaintext(true));
    assertEquals(Status.Code.FAILED_PRECONDITION, error.code());
    builder.build().close();
  }
}
