package internal.symbolon.client;

import static org.junit.jupiter.api.Assertions.assertThrows;

import internal.symbolon.v1.IntrospectRequest;
import internal.symbolon.v1.TokenServiceGrpc;
import io.grpc.StatusRuntimeException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The frames of HTTP/2 (RFC 9113 section 6) that a server gets which answers nothing. */
final class KeepaliveTest {
  private static final int PREFACE_BYTES = 24;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int ACK = 1;

  @Test
  void pingsAlsoWithoutCalls() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SymbolonChannel channel =
            SymbolonChannel.builder("127.0.0.1:" + listener.getLocalPort())
                .keepalive(Duration.ofSeconds(10))
                .build()) {
      CompletableFuture<Void> pinged = CompletableFuture.runAsync(() -> untilPing(listener));
      TokenServiceGrpc.TokenServiceBlockingStub stub =
          TokenServiceGrpc.newBlockingStub(channel).withDeadlineAfter(2, TimeUnit.SECONDS);
      IntrospectRequest request = IntrospectRequest.getDefaultInstance();
      assertThrows(StatusRuntimeException.class, () -> stub.introspect(request));
      pinged.get(45, TimeUnit.SECONDS);
    }
  }

  /** Of a connection whose only call was given up. */
  private static void untilPing(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      in.readFully(new byte[PREFACE_BYTES]);
      out.write(settings(0));
      boolean isGivenUp = false;
      while (true) {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        in.readInt();
        in.readFully(new byte[length]);
        if (type == SETTINGS && flags != ACK) {
          out.write(settings(ACK));
        }
        isGivenUp = isGivenUp || type == RST_STREAM;
        if (type == PING && flags != ACK && isGivenUp) {
          return;
        }
      }
    } catch (IOException error) {
      throw new IllegalStateException(error);
    }
  }

  private static byte[] settings(int flags) {
    return new byte[] {0, 0, 0, SETTINGS, (byte) flags, 0, 0, 0, 0};
  }
}
