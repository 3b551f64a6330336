package internal.symbolon.client;

import com.google.protobuf.Timestamp;
import internal.symbolon.v1.MfaChallenge;
import java.time.Instant;

/** Is wanted after the password of a user who has a second factor. */
public final class SecondFactor {
  private final SignIns signIns;
  private final MfaChallenge challenge;

  SecondFactor(SignIns signIns, MfaChallenge challenge) {
    this.signIns = signIns;
    this.challenge = challenge;
  }

  /**
   * Until when it can be given, by the clock of the server.
   *
   * @return some minutes from now
   */
  public Instant expireTime() {
    Timestamp time = challenge.getExpireTime();
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /**
   * Signs in.
   *
   * @param code six digits that the user's app shows
   * @throws SymbolonException when it is wrong or was used before (INVALID_CREDENTIALS)
   */
  public void complete(String code) {
    signIns.complete(factor().setTotpCode(Checks.text("code", code)).build());
  }

  /**
   * Signs in by one of the codes that the user got for when the app is lost.
   *
   * @param code one that was not used before
   * @throws SymbolonException when it is wrong or was used before (INVALID_CREDENTIALS)
   */
  public void completeWithRecoveryCode(String code) {
    signIns.complete(factor().setRecoveryCode(Checks.text("code", code)).build());
  }

  private internal.symbolon.v1.SecondFactor.Builder factor() {
    return internal.symbolon.v1.SecondFactor.newBuilder().setMfaToken(challenge.getMfaToken());
  }

  @Override
  public String toString() {
    return "SecondFactor[expireTime=" + expireTime() + "]";
  }
}
