package internal.symbolon.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import internal.symbolon.v1.TokenKind;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One login as it is kept, the same in all languages. */
final class LoginRecord {
  private static final int VERSION = 1;
  private static final String KIND_PREFIX = "TOKEN_KIND_";

  final String clientId;
  final TokenKind kind;
  final String subjectId;
  final String familyId;
  final String tokenId;
  final List<String> scopes;
  final String accessToken;

  /** Null where there is none. */
  final String refreshToken;

  final long obtainedMs;
  final long lifetimeMs;

  /** Means nothing without a refresh token. */
  final long loginLifetimeMs;

  LoginRecord(Fields fields) {
    clientId = fields.clientId;
    kind = fields.kind;
    subjectId = fields.subjectId;
    familyId = fields.familyId;
    tokenId = fields.tokenId;
    scopes = Collections.unmodifiableList(new ArrayList<>(fields.scopes));
    accessToken = fields.accessToken;
    refreshToken = fields.refreshToken;
    obtainedMs = fields.obtainedMs;
    lifetimeMs = fields.lifetimeMs;
    loginLifetimeMs = fields.loginLifetimeMs;
  }

  /** What a record is made of. */
  static final class Fields {
    String clientId;
    TokenKind kind;
    String subjectId;
    String familyId;
    String tokenId;
    List<String> scopes;
    String accessToken;
    String refreshToken;
    long obtainedMs;
    long lifetimeMs;
    long loginLifetimeMs;
  }

  /** A text that is not a record. Nothing of the text is told. */
  static final class NoRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    NoRecordException() {
      super("no record of a login");
    }
  }

  String toJson() {
    JsonObject object = new JsonObject();
    object.addProperty("version", VERSION);
    object.addProperty("client_id", clientId);
    object.addProperty("kind", kindName());
    object.addProperty("subject_id", subjectId);
    object.addProperty("family_id", familyId);
    object.addProperty("token_id", tokenId);
    JsonArray list = new JsonArray();
    scopes.forEach(list::add);
    object.add("scopes", list);
    object.addProperty("access_token", accessToken);
    if (refreshToken != null) {
      object.addProperty("refresh_token", refreshToken);
    }
    object.addProperty("obtained_ms", obtainedMs);
    object.addProperty("lifetime_ms", lifetimeMs);
    if (refreshToken != null) {
      object.addProperty("login_lifetime_ms", loginLifetimeMs);
    }
    return object.toString();
  }

  static LoginRecord parse(String text) throws NoRecordException {
    try {
      JsonObject object = objectOf(text);
      Fields fields = new Fields();
      require(wholeNumber(object, "version") == VERSION);
      fields.clientId = text(object, "client_id");
      fields.kind = TokenKind.valueOf(KIND_PREFIX + text(object, "kind"));
      require(fields.kind.getNumber() > 0);
      fields.subjectId = text(object, "subject_id");
      fields.familyId = text(object, "family_id");
      fields.tokenId = text(object, "token_id");
      fields.scopes = new ArrayList<>();
      for (JsonElement scope : object.getAsJsonArray("scopes")) {
        fields.scopes.add(textOf(scope));
      }
      fields.accessToken = text(object, "access_token");
      fields.obtainedMs = wholeNumber(object, "obtained_ms");
      fields.lifetimeMs = wholeNumber(object, "lifetime_ms");
      require(fields.obtainedMs >= 0 && fields.lifetimeMs >= 0);
      if (object.has("refresh_token")) {
        fields.refreshToken = text(object, "refresh_token");
        fields.loginLifetimeMs = wholeNumber(object, "login_lifetime_ms");
        require(fields.loginLifetimeMs >= 0);
      }
      return new LoginRecord(fields);
    } catch (RuntimeException | IOException wrong) {
      // It is no cause: its text has a part of what was read.
      throw new NoRecordException();
    }
  }

  private static JsonObject objectOf(String text) throws IOException {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    JsonObject object = JsonParser.parseReader(reader).getAsJsonObject();
    require(reader.peek() == JsonToken.END_DOCUMENT);
    return object;
  }

  private static void require(boolean isGood) {
    if (!isGood) {
      throw new IllegalArgumentException();
    }
  }

  private static String text(JsonObject object, String name) {
    return textOf(object.get(name));
  }

  private static String textOf(JsonElement element) {
    require(element.getAsJsonPrimitive().isString());
    String text = element.getAsString();
    require(!text.isEmpty());
    return text;
  }

  private static long wholeNumber(JsonObject object, String name) {
    JsonElement element = object.get(name);
    require(element.getAsJsonPrimitive().isNumber());
    return element.getAsBigDecimal().longValueExact();
  }

  String kindName() {
    return kind.name().substring(KIND_PREFIX.length());
  }

  /** A client's login has another family once it was begun again. */
  boolean isSameLogin(LoginRecord other) {
    boolean isBegunAgain =
        switch (kind) {
          case TOKEN_KIND_APPLICATION, TOKEN_KIND_ADMIN, TOKEN_KIND_ANONYMOUS -> true;
          default -> false;
        };
    return familyId.equals(other.familyId)
        || isBegunAgain
            && clientId.equals(other.clientId)
            && kind == other.kind
            && subjectId.equals(other.subjectId);
  }

  /** What revokes all of the login. */
  String tokenToRevoke() {
    return refreshToken == null ? accessToken : refreshToken;
  }

  @Override
  public String toString() {
    return "LoginRecord[tokenId=" + tokenId + "]";
  }
}
