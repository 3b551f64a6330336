package internal.symbolon.server.core;

/** What a token can be ended by. */
public interface Ids {
  /**
   * The login that the token came of.
   *
   * @return its id
   */
  String familyId();

  /**
   * The user, device or client that the token stands for.
   *
   * @return its id
   */
  String subjectId();

  /**
   * The client that the token was issued to.
   *
   * @return its id
   */
  String clientId();
}
