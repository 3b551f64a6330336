package internal.symbolon.server;

import internal.symbolon.client.SymbolonChannel;
import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Clock;
import io.grpc.Status;
import java.time.Duration;
import java.util.Objects;

/** What a verifier is made with. */
public final class VerifierBuilder {
  private static final int MAX_ENTRIES = 100_000;

  private final String address;
  private final SymbolonChannel.Builder channel;
  private Duration timeout = Duration.ofSeconds(2);
  private int maxEntries = MAX_ENTRIES;
  private boolean isBuilt;
  private Verifier.WatchEndListener listener = new Warnings();

  VerifierBuilder(String address, String clientId, String clientSecret) {
    this.address = address;
    this.channel = SymbolonChannel.builder(address, clientId, clientSecret).timeout(timeout);
  }

  /**
   * The authorities that the server's certificate comes from. Else those that Java knows.
   *
   * @param pem certificates in PEM
   * @return this
   * @throws SymbolonException when it is something else, such as the name of a file
   */
  public VerifierBuilder rootCertificates(byte[] pem) {
    requireUnbuilt();
    channel.rootCertificates(pem);
    return this;
  }

  /**
   * Whether to speak without TLS, which shows secrets and tokens to the network. Without being
   * asked for it is only done on loopback.
   *
   * @param isPlaintext true for no TLS, false for TLS on loopback too
   * @return this
   */
  public VerifierBuilder plaintext(boolean isPlaintext) {
    requireUnbuilt();
    channel.plaintext(isPlaintext);
    return this;
  }

  /**
   * After what time a call to the server is given up. 2 s unless set.
   *
   * @param limit from 1 ms to 60 s
   * @return this
   * @throws SymbolonException when it is not
   */
  public VerifierBuilder timeout(Duration limit) {
    requireUnbuilt();
    channel.timeout(limit);
    timeout = limit;
    return this;
  }

  /**
   * How many live tokens are kept, and as many permissions, at about a kibibyte each. 100,000
   * unless set.
   *
   * @param count 1 or more
   * @return this
   * @throws SymbolonException when it is not
   */
  public VerifierBuilder maxEntries(int count) {
    if (count < 1) {
      throw new SymbolonException(
          Status.Code.INVALID_ARGUMENT, "maxEntries must be a whole number of 1 or more");
    }
    maxEntries = count;
    return this;
  }

  /**
   * Who is told when the watch ends and is begun again. Unless set, it is a warning of the {@link
   * System.Logger} that is named as {@link Verifier} is, once a minute for each cause.
   *
   * @param watchEndListener is called by a thread of its own
   * @return this
   */
  public VerifierBuilder onWatchEnd(Verifier.WatchEndListener watchEndListener) {
    listener = Objects.requireNonNull(watchEndListener, "watchEndListener");
    return this;
  }

  /**
   * Makes the verifier, which connects now.
   *
   * @return one to keep
   * @throws SymbolonException when what was given does not go together
   */
  public Verifier build() {
    return build(Clock.SYSTEM);
  }

  /** With other clocks, in tests. */
  Verifier build(Clock clock) {
    isBuilt = true;
    return new Verifier(this, clock);
  }

  /** A verifier makes channels for as long as it lives, as it was told when it was made. */
  private void requireUnbuilt() {
    if (isBuilt) {
      throw new SymbolonException(
          Status.Code.FAILED_PRECONDITION,
          "the builder has made a verifier: begin another for one that differs");
    }
  }

  SymbolonChannel channel() {
    return channel.build();
  }

  Duration timeout() {
    return timeout;
  }

  int maxEntries() {
    return maxEntries;
  }

  Verifier.WatchEndListener listener() {
    return listener;
  }

  @Override
  public String toString() {
    return "Verifier[address=" + address + "]";
  }
}
