package internal.symbolon.server;

import internal.symbolon.server.core.Question;
import java.util.Objects;

/** With whom or what somebody wants to do something. It does not change. */
public final class AccessTarget {
  private static final AccessTarget OWN = new AccessTarget("", "", "");

  private final String userId;
  private final String deviceId;
  private final String deviceType;

  private AccessTarget(String userId, String deviceId, String deviceType) {
    this.userId = userId;
    this.deviceId = deviceId;
    this.deviceType = deviceType;
  }

  /**
   * The user or the device that the token stands for.
   *
   * @return always the same
   */
  public static AccessTarget own() {
    return OWN;
  }

  /**
   * A user.
   *
   * @param id the user's id
   * @return that user
   * @throws internal.symbolon.client.SymbolonException INVALID_ARGUMENT when id is null or empty
   */
  public static AccessTarget user(String id) {
    return new AccessTarget(text("the id of a user", id), "", "");
  }

  /**
   * A device.
   *
   * @param id the device's id
   * @return that device
   * @throws internal.symbolon.client.SymbolonException INVALID_ARGUMENT when id is null or empty
   */
  public static AccessTarget device(String id) {
    return new AccessTarget("", text("the id of a device", id), "");
  }

  /**
   * The same, where devices are listed or added that are all of one type: a scope for that type is
   * enough then.
   *
   * @param type the type of the devices
   * @return another target
   * @throws internal.symbolon.client.SymbolonException INVALID_ARGUMENT when type is null or empty
   */
  public AccessTarget ofType(String type) {
    return new AccessTarget(userId, deviceId, text("the type of a device", type));
  }

  /** An id that was forgotten must never ask about somebody else. */
  private static String text(String name, String text) {
    Rules.require(text != null && !text.isEmpty(), name + " must be a text that is not empty");
    return text;
  }

  Question question(String token, Permission permission) {
    return new Question(token, permission.name(), userId, deviceId, deviceType);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AccessTarget target
        && userId.equals(target.userId)
        && deviceId.equals(target.deviceId)
        && deviceType.equals(target.deviceType);
  }

  @Override
  public int hashCode() {
    return Objects.hash(userId, deviceId, deviceType);
  }

  @Override
  public String toString() {
    return "AccessTarget[userId=%s, deviceId=%s, deviceType=%s]"
        .formatted(userId, deviceId, deviceType);
  }
}
