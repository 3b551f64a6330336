package internal.symbolon.client;

import internal.symbolon.v1.BeginDeviceAuthorizationResponse;
import java.time.Duration;

/** What a device without a browser shows its user (RFC 8628 section 3.3). */
public final class ShownCode {
  private final BeginDeviceAuthorizationResponse begun;

  ShownCode(BeginDeviceAuthorizationResponse begun) {
    this.begun = begun;
  }

  /**
   * What the user types.
   *
   * @return as {@code BCDF-GHJK}
   */
  public String userCode() {
    return begun.getUserCode();
  }

  /**
   * Where the user types it.
   *
   * @return a short address
   */
  public String verificationUri() {
    return begun.getVerificationUri();
  }

  /**
   * The same with the code in it.
   *
   * @return for a QR code
   */
  public String verificationUriComplete() {
    return begun.getVerificationUriComplete();
  }

  /**
   * For how long the code is good.
   *
   * @return some minutes, from when it was asked for
   */
  public Duration timeToLive() {
    return Duration.ofSeconds(begun.getTimeToLive().getSeconds(), begun.getTimeToLive().getNanos());
  }

  @Override
  public String toString() {
    return "ShownCode[verificationUri=" + verificationUri() + "]";
  }
}
