package internal.symbolon.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import internal.symbolon.v1.EnrollTotpResponse;
import internal.symbolon.v1.UpdateUserRequest;
import internal.symbolon.v1.User;

/** What a user does for itself. */
final class Accounts {
  private Accounts() {}

  static JsonObject answer(Account account, JsonObject request) {
    String code = Logins.text(request, "code");
    switch (Logins.text(request, "call")) {
      case "get" -> {
        return of(account.get());
      }
      case "update" -> {
        return of(account.update(updateOf(request)));
      }
      case "become_normal" -> {
        String password = Logins.text(request, "password");
        return of(account.becomeNormal(Logins.text(request, "login_name"), password));
      }
      case "change_password" -> changePassword(account, request);
      case "start_email" -> account.startEmailVerification();
      case "confirm_email" -> account.confirmEmailVerification(code);
      case "start_phone" -> account.startPhoneVerification();
      case "confirm_phone" -> account.confirmPhoneVerification(code);
      case "enroll" -> {
        EnrollTotpResponse made = account.enrollSecondFactor(Logins.text(request, "password"));
        JsonObject answer = Logins.of("secret", made.getSecret());
        answer.addProperty("otpauth_uri", made.getOtpauthUri());
        return answer;
      }
      case "confirm_enrollment" -> {
        JsonArray codes = new JsonArray();
        account.confirmSecondFactor(code).forEach(codes::add);
        JsonObject answer = new JsonObject();
        answer.add("recovery_codes", codes);
        return answer;
      }
      case "remove_second_factor" -> account.removeSecondFactor(code);
      case "logins" -> {
        JsonArray ids = new JsonArray();
        account.logins().forEach(family -> ids.add(family.getFamilyId()));
        JsonObject answer = new JsonObject();
        answer.add("family_ids", ids);
        return answer;
      }
      case "revoke" -> account.revoke(Logins.text(request, "family_id"));
      default -> account.delete();
    }
    return Logins.of("ok", true);
  }

  private static void changePassword(Account account, JsonObject request) {
    String before = Logins.text(request, "old_password");
    String after = Logins.text(request, "new_password");
    if (request.has("code")) {
      account.changePassword(before, after, Logins.text(request, "code"));
    } else {
      account.changePassword(before, after);
    }
  }

  private static UpdateUserRequest updateOf(JsonObject request) {
    UpdateUserRequest.Builder update = UpdateUserRequest.newBuilder();
    if (request.has("display_name")) {
      update.setDisplayName(Logins.text(request, "display_name"));
      update.getUpdateMaskBuilder().addPaths("display_name");
    }
    if (request.has("email")) {
      update.setEmail(Logins.text(request, "email"));
      update.getUpdateMaskBuilder().addPaths("email");
    }
    if (request.has("phone")) {
      update.setPhone(Logins.text(request, "phone"));
      update.getUpdateMaskBuilder().addPaths("phone");
    }
    return update.build();
  }

  private static JsonObject of(User user) {
    JsonObject told = Logins.of("user_id", user.getUserId());
    told.addProperty("login_name", user.getLoginName());
    told.addProperty("email", user.getEmail());
    told.addProperty("email_verified", user.getEmailVerified());
    told.addProperty("phone", user.getPhone());
    told.addProperty("phone_verified", user.getPhoneVerified());
    told.addProperty("display_name", user.getDisplayName());
    told.addProperty("has_password", user.getHasPassword());
    JsonObject answer = new JsonObject();
    answer.add("user", told);
    return answer;
  }
}
