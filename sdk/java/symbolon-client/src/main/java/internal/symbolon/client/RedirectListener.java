package internal.symbolon.client;

import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Where a browser comes back to on this machine, for as long as one sign-in waits for it. */
final class RedirectListener implements AutoCloseable {
  static final String DEFAULT = "http://127.0.0.1/callback";

  private static final String DONE = "You may close this window.";
  private static final String FAILED = "Signing in did not work. You may close this window.";

  /** To this machine alone (RFC 8252 section 8.3). Browsers look for localhost by IPv4 as well. */
  private static final Map<String, String> HOSTS =
      Map.of("127.0.0.1", "127.0.0.1", "localhost", "127.0.0.1", "[::1]", "::1");

  private static final int MAX_HEAD = 16_384;
  private static final int MAX_CONNECTIONS = 32;

  /** Browsers open connections that they do not use yet. */
  private static final long READING_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Where connections can't be taken. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ServerSocket server;
  private final String redirectUri;
  private final CompletableFuture<String> code = new CompletableFuture<>();

  /** Those that have not said all of their request. */
  private final Set<Socket> reading = new LinkedHashSet<>();

  private boolean isClosed;
  private Future<?> accepting = CompletableFuture.completedFuture(null);

  private RedirectListener(ServerSocket server, String redirectUri) {
    this.server = server;
    this.redirectUri = redirectUri;
  }

  /** At the port of the URI, or at a free one where it has none (RFC 8252 section 7.3). */
  static RedirectListener listen(String redirectUri) {
    URI uri = Codes.uriOf(Checks.line("redirectUri", redirectUri));
    String host = uri == null || uri.getHost() == null ? null : HOSTS.get(uri.getHost());
    Checks.require(
        host != null && "http".equals(uri.getScheme()) && uri.getRawFragment() == null,
        "redirectUri must be such as "
            + DEFAULT
            + ": for one elsewhere take beginCode and completeCode");
    try {
      InetAddress address = InetAddress.getByName(host);
      ServerSocket server = new ServerSocket(Math.max(0, uri.getPort()), MAX_CONNECTIONS, address);
      // The server compares it as a text: nothing but the port is put in.
      int authority = "http://".length() + uri.getHost().length();
      String rest = redirectUri.substring(authority).replaceFirst("^:\\d*", "");
      String own = redirectUri.substring(0, authority) + ":" + server.getLocalPort() + rest;
      return new RedirectListener(server, own);
    } catch (IOException taken) {
      throw SymbolonException.of(
          Status.Code.UNAVAILABLE,
          "",
          "Nobody can listen at redirectUri: " + taken.getMessage(),
          taken);
    }
  }

  /** With the port that it listens at. */
  String redirectUri() {
    return redirectUri;
  }

  /**
   * The code that comes back with the state of this sign-in. All else is answered, and waited on.
   */
  CompletableFuture<String> begin(BegunCode begun) {
    accepting = CompletableFuture.runAsync(() -> accept(begun), Workers.POOL);
    return code;
  }

  private void accept(BegunCode begun) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (admit(socket)) {
          Workers.run(Workers.POOL, () -> serve(begun, socket));
        }
      } catch (IOException ended) {
        // It is closed, or the connection was gone before it was taken, or there are no more files.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Where there are too many, the one that said nothing for the longest time goes. */
  private synchronized boolean admit(Socket socket) {
    if (isClosed) {
      close(socket);
      return false;
    }
    if (reading.size() >= MAX_CONNECTIONS) {
      Socket oldest = reading.iterator().next();
      reading.remove(oldest);
      close(oldest);
    }
    reading.add(socket);
    return true;
  }

  private synchronized void isRead(Socket socket) {
    reading.remove(socket);
  }

  private void serve(BegunCode begun, Socket socket) {
    try {
      String[] line = requestLine(socket);
      isRead(socket);
      answer(begun, socket, line);
    } catch (IOException gone) {
      // The browser tries again, or nobody needs an answer.
    } finally {
      isRead(socket);
      close(socket);
    }
  }

  /** Reads the head whole: to close before would take the answer away from the browser. */
  private static String[] requestLine(Socket socket) throws IOException {
    long endNanos = System.nanoTime() + READING_NANOS;
    InputStream in = socket.getInputStream();
    byte[] bytes = new byte[MAX_HEAD];
    int size = 0;
    String head = "";
    while (!head.contains("\r\n\r\n")) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
      socket.setSoTimeout((int) Math.max(1, leftMs));
      int read = size == bytes.length || leftMs <= 0 ? -1 : in.read(bytes, size, MAX_HEAD - size);
      if (read < 0) {
        throw new IOException("no request");
      }
      size += read;
      head = new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
    }
    return head.substring(0, head.indexOf("\r\n")).split(" ");
  }

  private void answer(BegunCode begun, Socket socket, String[] line) throws IOException {
    if (line.length != 3 || !line[2].startsWith("HTTP/1.")) {
      respond(socket, "400 Bad Request", FAILED);
      return;
    }
    if (!line[0].equals("GET")) {
      respond(socket, "405 Method Not Allowed", FAILED);
      return;
    }
    Callback callback = new Callback(line[1]);
    switch (callback.match(begun)) {
      case OTHER_PATH -> respond(socket, "404 Not Found", FAILED);
      case OTHER_STATE -> respond(socket, "400 Bad Request", FAILED);
      default -> bring(begun, socket, callback);
    }
  }

  private void bring(BegunCode begun, Socket socket, Callback callback) throws IOException {
    String brought = null;
    SymbolonException failure = null;
    try {
      brought = callback.code(begun);
    } catch (SymbolonException refused) {
      failure = refused;
    }
    try {
      respond(socket, "200 OK", failure == null ? DONE : FAILED);
    } finally {
      // Also where the browser did not wait for its page.
      if (failure == null) {
        code.complete(brought);
      } else {
        code.completeExceptionally(failure);
      }
    }
  }

  private static void respond(Socket socket, String status, String text) throws IOException {
    String page = "<!doctype html><title>" + text + "</title><p>" + text + "</p>\n";
    String head =
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: text/html; charset=utf-8"
            + "\r\nContent-Length: "
            + page.length()
            + "\r\nCache-Control: no-store"
            + "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'"
            + "\r\nReferrer-Policy: no-referrer"
            + "\r\nX-Content-Type-Options: nosniff"
            + "\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write((head + page).getBytes(StandardCharsets.ISO_8859_1));
    socket.shutdownOutput();
  }

  /** Answers that were begun are sent. */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      reading.forEach(RedirectListener::close);
      reading.clear();
    }
    try {
      server.close();
    } catch (IOException closed) {
      // It takes no connections any more, whatever it says.
    }
    // The port is open for as long as a thread waits at it.
    Workers.await(accepting, CLOSING_NANOS);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // It is of no use any more.
    }
  }
}
