package internal.symbolon.server.core;

/** What an event ended. */
public sealed interface Target {
  /** Every token of a login. */
  record Family(String id) implements Target {}

  /** Every token of a user, device or client. */
  record Subject(String id) implements Target {}

  /** Every token that a client was issued. */
  record Client(String id) implements Target {}

  /** Every token that a client was issued for a subject. */
  record Consent(String subjectId, String clientId) implements Target {}

  /** Every token, or one that this verifier has no word for: everything may have ended. */
  record Everything() implements Target {}
}
