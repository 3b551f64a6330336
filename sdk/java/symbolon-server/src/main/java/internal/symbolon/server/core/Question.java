package internal.symbolon.server.core;

/**
 * What Check is asked, and what its answer is kept under.
 *
 * @param token a text that may be a token
 * @param permission its name in the contract, without the prefix
 * @param userId whom it is about; empty: no user
 * @param deviceId what it is about; empty: no device
 * @param deviceType of which type devices are; empty: of any
 */
public record Question(
    String token, String permission, String userId, String deviceId, String deviceType) {
  /** A token must not get into a log. */
  @Override
  public String toString() {
    return "Question[permission=%s, userId=%s, deviceId=%s]"
        .formatted(permission, userId, deviceId);
  }
}
