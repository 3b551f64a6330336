package internal.symbolon.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** What a {@link Login} is made with. */
public final class LoginBuilder {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Null: the app brings its own channel. */
  private final SymbolonChannel.Builder ofAddress;

  private final Channel given;
  final String clientId;
  final String clientSecret;
  List<String> scopes = Collections.emptyList();
  String resource = "";
  boolean isPlaintext;
  Duration timeout = TIMEOUT;
  Store store = new MemoryStore();
  Consumer<LoginEvent> listener = event -> {};

  LoginBuilder(String address, Channel given, String clientId, String clientSecret) {
    this.given = given;
    this.clientId = Checks.line("clientId", clientId);
    this.clientSecret = clientSecret == null ? null : Checks.line("clientSecret", clientSecret);
    if (given != null) {
      ofAddress = null;
    } else if (clientSecret == null) {
      ofAddress = SymbolonChannel.builder(address, clientId);
    } else {
      ofAddress = SymbolonChannel.builder(address, clientId, clientSecret);
    }
  }

  /**
   * What the tokens shall be good for. Nothing unless set.
   *
   * @param names scopes that the client may ask for
   * @return this
   */
  public LoginBuilder scopes(String... names) {
    for (String name : names) {
      Checks.line("scopes", name);
    }
    scopes = Collections.unmodifiableList(Arrays.asList(names.clone()));
    return this;
  }

  /**
   * The resource server that the tokens shall be for (RFC 8707): they open no other. For everybody
   * unless set.
   *
   * @param id a resource server of the tenant
   * @return this
   * @throws SymbolonException when it is empty or has a line break
   */
  public LoginBuilder resource(String id) {
    resource = Checks.line("resource", id);
    return this;
  }

  /**
   * The authorities that the server's certificate comes from. Else those that Java knows.
   *
   * @param pem certificates in PEM
   * @return this
   * @throws SymbolonException when it is something else, such as the name of a file, or beside a
   *     channel
   */
  public LoginBuilder rootCertificates(byte[] pem) {
    Checks.require(
        ofAddress != null, "rootCertificates must be given to the channel that the login is given");
    ofAddress.rootCertificates(pem);
    return this;
  }

  /**
   * Whether secrets and tokens are sent without TLS, which shows them to the network: to Symbolon,
   * and to the services that the login is attached to. Without being asked for it is only done on
   * loopback.
   *
   * @param isAllowed true for no TLS, false for TLS on loopback too
   * @return this
   */
  public LoginBuilder plaintext(boolean isAllowed) {
    isPlaintext = isAllowed;
    if (ofAddress != null) {
      ofAddress.plaintext(isAllowed);
    }
    return this;
  }

  /**
   * After what time a call to Symbolon is given up, with all its repeats. 10 s unless set.
   *
   * @param limit from 1 ms to 60 s
   * @return this
   * @throws SymbolonException when it is not
   */
  public LoginBuilder timeout(Duration limit) {
    timeout = Checks.timeout(limit);
    return this;
  }

  /**
   * Where the login is kept, so that it outlives the process. In memory unless set.
   *
   * @param kept such as a {@link FileStore}
   * @return this
   */
  public LoginBuilder store(Store kept) {
    store = Objects.requireNonNull(kept, "store");
    return this;
  }

  /**
   * What is told of sign-ins, refreshes and their ends, one after the other.
   *
   * @param told must be quick. What it throws is passed over
   * @return this
   */
  public LoginBuilder onEvent(Consumer<LoginEvent> told) {
    listener = Objects.requireNonNull(told, "onEvent");
    return this;
  }

  /**
   * Makes the login. Nobody is signed in, and there is no call yet.
   *
   * @return one to keep
   * @throws SymbolonException when what was given does not go together
   */
  public Login build() {
    return build(Clock.SYSTEM);
  }

  /** With other clocks in tests. */
  Login build(Clock clock) {
    long limit = timeout.toNanos();
    if (ofAddress != null) {
      SymbolonChannel own = ofAddress.timeout(timeout).build();
      return new Login(this, new LoginCalls(own, own, clock, limit), clock);
    }
    BasicCredentials credentials = new BasicCredentials(clientId, clientSecret, isPlaintext);
    Channel named = ClientInterceptors.intercept(given, new Named(credentials));
    return new Login(this, new LoginCalls(named, null, clock, limit), clock);
  }

  /** Names the client with each call over a channel of the app. */
  private static final class Named implements ClientInterceptor {
    private final BasicCredentials credentials;

    Named(BasicCredentials credentials) {
      this.credentials = credentials;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return next.newCall(method, options.withCallCredentials(credentials));
    }
  }

  @Override
  public String toString() {
    return "LoginBuilder[clientId=" + clientId + "]";
  }
}
