package internal.symbolon.client;

import internal.symbolon.v1.TokenKind;
import java.util.List;

/** Whom the tokens of a {@link Login} stand for. It holds no token. */
public final class CurrentUser {
  private final LoginRecord record;

  CurrentUser(LoginRecord record) {
    this.record = record;
  }

  /**
   * What the tokens stand for.
   *
   * @return such as TOKEN_KIND_USER
   */
  public TokenKind kind() {
    return record.kind;
  }

  /**
   * The id of the user, device or client.
   *
   * @return never empty
   */
  public String subjectId() {
    return record.subjectId;
  }

  /**
   * The client that the tokens were issued to.
   *
   * @return its id
   */
  public String clientId() {
    return record.clientId;
  }

  /**
   * What the access token may be used for.
   *
   * @return perhaps none
   */
  public List<String> scopes() {
    return record.scopes;
  }

  /**
   * The public id of the access token, which is safe to log.
   *
   * @return another one after each refresh
   */
  public String tokenId() {
    return record.tokenId;
  }

  /**
   * The id of the login, which is safe to log.
   *
   * @return the same after each refresh
   */
  public String familyId() {
    return record.familyId;
  }

  @Override
  public String toString() {
    String of = record.kindName() + ", subjectId=" + record.subjectId;
    return "CurrentUser[" + of + ", tokenId=" + record.tokenId + "]";
  }
}
