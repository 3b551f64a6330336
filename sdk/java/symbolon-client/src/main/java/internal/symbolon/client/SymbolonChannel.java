package internal.symbolon.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One channel to Symbolon, for the stubs of every service of the contract, such as {@code
 * TokenServiceGrpc.newBlockingStub(channel)}. With TLS, unless the server is on this machine or
 * plaintext was asked for; the client names itself with each call; a unary call without a deadline
 * of its own gets one; calls that are safe to repeat are repeated when the server is away.
 *
 * <p>What a stub throws is told by {@link SymbolonException#of(Throwable)}.
 *
 * <p>Make one, keep it, and close it in the end. It is for any number of threads.
 */
public final class SymbolonChannel extends Channel implements AutoCloseable {
  /** Below the balancers that cut silent connections after a minute; the server allows it. */
  private static final Duration KEEPALIVE = Duration.ofSeconds(30);

  private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(10);

  /**
   * gRPC waits up to two minutes before it tries again, which is too long for a server that is
   * back.
   */
  private static final long RECONNECT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Status CLOSED =
      Status.CANCELLED.withDescription("the client is closed: make a new one");

  private final ManagedChannel channel;
  private final BasicCredentials credentials;
  private final long timeoutNanos;
  private final String address;
  private final AtomicLong reconnectedAt = new AtomicLong(System.nanoTime());
  private volatile boolean isClosed;

  private SymbolonChannel(Builder builder) {
    address = builder.address;
    timeoutNanos = builder.timeout.toNanos();
    boolean plaintext = builder.isPlaintext();
    credentials =
        builder.clientId == null
            ? null
            : new BasicCredentials(builder.clientId, builder.clientSecret, plaintext);
    channel =
        connect(
            address, channelCredentials(plaintext, builder.rootCertificates), builder.keepalive);
  }

  private static ManagedChannel connect(
      String address, ChannelCredentials credentials, Duration keepalive) {
    try {
      return Grpc.newChannelBuilder(address, credentials)
          .defaultServiceConfig(Retries.SERVICE_CONFIG)
          .keepAliveTime(keepalive.toNanos(), TimeUnit.NANOSECONDS)
          .keepAliveTimeout(KEEPALIVE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
          // Else the first call after a while is lost in a connection that was cut in silence.
          .keepAliveWithoutCalls(true)
          .enableRetry()
          .build();
    } catch (IllegalArgumentException | ManagedChannelRegistry.ProviderNotFoundException unknown) {
      // A scheme, say, that gRPC does not know in Java.
      throw Checks.noAddress();
    }
  }

  /**
   * Begins a channel to a server, whose calls are those of a client with a secret.
   *
   * @param address {@code host:port} of the server, or another address that gRPC knows
   * @param clientId a confidential client
   * @param clientSecret one of its secrets
   * @return what the channel is made with
   * @throws SymbolonException when it is not an address, or one of the others is empty or has a
   *     line break
   */
  public static Builder builder(String address, String clientId, String clientSecret) {
    return new Builder(
        address, Checks.line("clientId", clientId), Checks.line("clientSecret", clientSecret));
  }

  /**
   * Begins a channel to a server, whose calls are those of a public client: it only names itself,
   * for it has no secret.
   *
   * @param address {@code host:port} of the server, or another address that gRPC knows
   * @param clientId a public client
   * @return what the channel is made with
   * @throws SymbolonException when one of them is empty or has a line break, or is no address
   */
  public static Builder builder(String address, String clientId) {
    return new Builder(address, Checks.line("clientId", clientId), null);
  }

  /**
   * Begins a channel to a server, whose calls name nobody. Only calls that need no client are
   * answered.
   *
   * @param address {@code host:port} of the server, or another address that gRPC knows
   * @return what the channel is made with
   * @throws SymbolonException when it is not an address
   */
  public static Builder builder(String address) {
    return new Builder(address, null, null);
  }

  private static ChannelCredentials channelCredentials(boolean plaintext, byte[] roots) {
    if (plaintext) {
      return InsecureChannelCredentials.create();
    }
    if (roots == null) {
      return TlsChannelCredentials.create();
    }
    try {
      return TlsChannelCredentials.newBuilder()
          .trustManager(new ByteArrayInputStream(roots))
          .build();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * Goes on with another secret of the client: calls from now on carry it.
   *
   * @param clientSecret the new one
   * @throws SymbolonException when it is empty or has a line break, or the channel names no client
   */
  public void useClientSecret(String clientSecret) {
    Checks.require(
        credentials != null, "clientId must be given to builder before a clientSecret is used");
    credentials.use(clientSecret);
  }

  /**
   * The state of the connection. Does not begin one.
   *
   * @return such as READY
   */
  public ConnectivityState state() {
    return channel.getState(false);
  }

  /**
   * Calls back once when the state is another than this.
   *
   * @param from the state that was seen
   * @param callback is called by a thread of gRPC, and must be quick
   */
  public void notifyWhenStateChanged(ConnectivityState from, Runnable callback) {
    channel.notifyWhenStateChanged(from, callback);
  }

  /** Connects now, where gRPC would wait longer after a failure. */
  public void reconnect() {
    reconnectedAt.set(System.nanoTime());
    channel.resetConnectBackoff();
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    CallOptions filled = options;
    if (credentials != null && options.getCredentials() == null) {
      filled = filled.withCallCredentials(credentials);
    }
    if (options.getDeadline() == null && method.getType() == MethodDescriptor.MethodType.UNARY) {
      filled = filled.withDeadline(Deadline.after(timeoutNanos, TimeUnit.NANOSECONDS));
    }
    long last = reconnectedAt.get();
    if (System.nanoTime() - last > RECONNECT_NANOS
        && channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE
        && reconnectedAt.compareAndSet(last, System.nanoTime())) {
      channel.resetConnectBackoff();
    }
    return new Closable<>(channel.newCall(method, filled));
  }

  @Override
  public String authority() {
    return channel.authority();
  }

  /** Takes no more calls. Those that are under way go on. */
  public void retire() {
    channel.shutdown();
  }

  /** Ends the calls that are under way and the connection, where another channel takes over. */
  public void cut() {
    channel.shutdownNow();
  }

  /** Ends the calls that are under way and the connection: with CANCELLED, as those from now on. */
  @Override
  public void close() {
    isClosed = true;
    channel.shutdownNow();
  }

  @Override
  public String toString() {
    return "SymbolonChannel[address=" + address + "]";
  }

  /** gRPC calls it UNAVAILABLE where its user closed it, which repeating does not mend. */
  private final class Closable<Q, A> extends ForwardingClientCall.SimpleForwardingClientCall<Q, A> {
    Closable(ClientCall<Q, A> call) {
      super(call);
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      super.start(
          new ForwardingClientCallListener.SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              boolean isByUser = isClosed && status.getCode() == Status.Code.UNAVAILABLE;
              super.onClose(isByUser ? CLOSED : status, trailers);
            }
          },
          headers);
    }
  }

  /** What a channel is made with. */
  public static final class Builder {
    private final String address;
    private final String clientId;
    private final String clientSecret;
    private byte[] rootCertificates;
    private Boolean plaintext;
    private Duration timeout = Duration.ofSeconds(10);
    private Duration keepalive = KEEPALIVE;

    private Builder(String address, String clientId, String clientSecret) {
      this.address = Checks.address(address);
      this.clientId = clientId;
      this.clientSecret = clientSecret;
    }

    /**
     * The authorities that the server's certificate comes from. Else those that Java knows.
     *
     * @param pem certificates in PEM
     * @return this
     * @throws SymbolonException when it is something else, such as the name of a file
     */
    public Builder rootCertificates(byte[] pem) {
      this.rootCertificates = Checks.certificates(pem);
      return this;
    }

    /**
     * Whether to speak without TLS, which shows secrets and tokens to the network. Without being
     * asked for it is only done on loopback.
     *
     * @param isPlaintext true for no TLS, false for TLS on loopback too
     * @return this
     */
    public Builder plaintext(boolean isPlaintext) {
      this.plaintext = isPlaintext;
      return this;
    }

    /**
     * After what time a unary call is given up that has no deadline of its own. 10 s unless set.
     *
     * @param limit from 1 ms to 60 s
     * @return this
     * @throws SymbolonException when it is not
     */
    public Builder timeout(Duration limit) {
      this.timeout = Checks.timeout(limit);
      return this;
    }

    /** Another time between pings, in tests. gRPC takes no less than 10 s. */
    Builder keepalive(Duration between) {
      this.keepalive = between;
      return this;
    }

    private boolean isPlaintext() {
      boolean isAsked = Boolean.TRUE.equals(plaintext);
      Checks.require(
          !isAsked || rootCertificates == null,
          "plaintext must not be true beside rootCertificates: with it nobody looks at a certificate");
      return plaintext == null ? rootCertificates == null && Checks.isLoopback(address) : isAsked;
    }

    /**
     * Makes the channel. It connects at the first call.
     *
     * @return one to keep
     * @throws SymbolonException when what was given does not go together
     */
    public SymbolonChannel build() {
      return new SymbolonChannel(this);
    }

    @Override
    public String toString() {
      return "SymbolonChannel.Builder[address=" + address + "]";
    }
  }
}
