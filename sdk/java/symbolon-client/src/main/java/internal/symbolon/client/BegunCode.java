package internal.symbolon.client;

import java.io.Serializable;
import java.util.Objects;

/**
 * A sign-in in a browser that was begun: lead the browser to {@link #url}, and keep this until it
 * comes back, in a session of that browser alone. It is plain values, of which {@link
 * #codeVerifier} is a secret.
 */
public final class BegunCode implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Where the browser goes. */
  private final String url;

  /** What comes back with it. */
  private final String state;

  /** What proves that the code is ours. */
  private final String codeVerifier;

  /** Where it comes back to. */
  private final String redirectUri;

  /** Where the user signs in. */
  private final String issuer;

  /**
   * What {@link Login#beginCode} answered, from where the app kept its values.
   *
   * @param url where the browser goes
   * @param state what comes back with the browser
   * @param codeVerifier a secret
   * @param redirectUri where the browser comes back to
   * @param issuer where the user signs in
   */
  public BegunCode(
      String url, String state, String codeVerifier, String redirectUri, String issuer) {
    this.url = Objects.requireNonNull(url, "url");
    this.state = Objects.requireNonNull(state, "state");
    this.codeVerifier = Objects.requireNonNull(codeVerifier, "codeVerifier");
    this.redirectUri = Objects.requireNonNull(redirectUri, "redirectUri");
    this.issuer = Objects.requireNonNull(issuer, "issuer");
  }

  /**
   * Where the browser goes.
   *
   * @return the address of a page of the server
   */
  public String url() {
    return url;
  }

  /**
   * What comes back with the browser.
   *
   * @return 32 random bytes in base64url
   */
  public String state() {
    return state;
  }

  /**
   * What proves that the code is the app's (RFC 7636).
   *
   * @return a secret
   */
  public String codeVerifier() {
    return codeVerifier;
  }

  /**
   * Where the browser comes back to.
   *
   * @return as the server knows it
   */
  public String redirectUri() {
    return redirectUri;
  }

  /**
   * Where the user signs in.
   *
   * @return as it was given
   */
  public String issuer() {
    return issuer;
  }

  /** Without its secrets. */
  @Override
  public String toString() {
    return "BegunCode[issuer=" + issuer + ", redirectUri=" + redirectUri + "]";
  }
}
