package internal.symbolon.server;

/** What somebody wants to do. Each needs the scopes that are named, where scopes limit a token. */
public enum Permission {
  /** Read the profile of a user: {@code profile.read}. */
  READ_PROFILE,
  /** Change the profile of a user: {@code profile.write}. */
  WRITE_PROFILE,
  /** Read and change what the token's own client keeps beside a user: no scope. */
  KEEP_PROPERTIES,
  /** List the devices of a user: {@code read}. */
  LIST_DEVICES,
  /** Give a user a new device: {@code write}. Never an application's token. */
  ADD_DEVICE,
  /** Read what a device is: {@code read}. */
  READ_DEVICE,
  /** Change what a device is, or delete it: {@code write}. */
  WRITE_DEVICE,
  /**
   * Share a device with others: {@code write}, {@code profile.read} and {@code profile.write}.
   * Never an application's token.
   */
  SHARE_DEVICE,
  /** Get, replace and end the token of a device: {@code write}. */
  MANAGE_DEVICE_TOKEN,
  /**
   * Confirm the registration of a device, as its future owner: {@code write}. Never an
   * application's token.
   */
  CONFIRM_REGISTRATION,
  /** Read messages of a device, or of all devices of a user: {@code read}. */
  READ_MESSAGES,
  /** Export the messages of a user, or of one device: {@code read}. Never a device's token. */
  EXPORT_MESSAGES,
  /** Send a message in the name of a device: {@code write}. */
  SEND_MESSAGE,
  /** Send an action to a device: {@code write}. Never a device's token. */
  SEND_ACTION,
  /** Connect as the device itself, as by MQTT. A device's token alone. */
  CONNECT_DEVICE,
  /** Subscribe to messages of a user or a device: {@code read}. Never a device's token. */
  SUBSCRIBE,
  /**
   * Read and change the rules of a user: {@code read} and {@code write}. Never a device's token.
   */
  MANAGE_RULES,
  /** Act for the token's client itself, and for no user. An application's token alone. */
  ACT_AS_APPLICATION
}
