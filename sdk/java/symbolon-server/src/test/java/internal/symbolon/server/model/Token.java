package internal.symbolon.server.model;

import internal.symbolon.server.core.Ids;

/** A token, and from when it must be denied. */
final class Token implements Ids {
  final String text;
  final long expiresAt;
  long endedAt = Long.MAX_VALUE;
  long endedRevision = Long.MAX_VALUE;
  long replacedAt = Long.MAX_VALUE;
  private final int number;

  Token(int number, long expiresAt) {
    this.number = number;
    this.text = "token " + number;
    this.expiresAt = expiresAt;
  }

  @Override
  public String familyId() {
    return "f" + number;
  }

  @Override
  public String subjectId() {
    return "s" + number % 2;
  }

  @Override
  public String clientId() {
    return "c" + number / 2 % 2;
  }

  void end(long time, long revision) {
    if (endedAt == Long.MAX_VALUE) {
      endedAt = time;
      endedRevision = revision;
    }
  }

  boolean isLive(long now) {
    return endedAt > now && replacedAt > now && expiresAt > now;
  }

  /** Whether no check that begins now may say active. */
  boolean mustBeDenied(long now, long promised) {
    return endedRevision <= promised
        || now - 1_000 > endedAt
        || now - 60_000 > replacedAt
        || now > expiresAt;
  }
}
