package internal.symbolon.client;

import internal.symbolon.v1.UserRef;

/** How people name themselves, as at a sign-in. */
final class UserNames {
  private static final String EMAIL = "EMAIL:";
  private static final String PHONE = "PHONE:";

  private UserNames() {}

  static UserRef refOf(String username) {
    UserRef.Builder user = UserRef.newBuilder();
    Checks.text("username", username);
    if (username.startsWith(EMAIL)) {
      user.setEmail(username.substring(EMAIL.length()));
    } else if (username.startsWith(PHONE)) {
      user.setPhone(username.substring(PHONE.length()));
    } else if (username.indexOf('@') >= 0) {
      user.setEmail(username);
    } else if (username.startsWith("+")) {
      user.setPhone(username);
    } else {
      user.setLoginName(username);
    }
    return user.build();
  }
}
