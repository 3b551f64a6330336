package internal.symbolon.server.core;

/** What a token can be ended by. */
public interface Ids {
  /** The login that the token came of. */
  String familyId();

  /** The user, device or client that the token stands for. */
  String subjectId();

  /** The client that the token was issued to. */
  String clientId();
}
