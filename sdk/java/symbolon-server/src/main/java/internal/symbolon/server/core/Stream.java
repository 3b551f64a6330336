package internal.symbolon.server.core;

import java.util.OptionalLong;

/** A stream, as the state sees it. Only the one that was begun last is heard. */
public final class Stream {
  private final OptionalLong resumeRevision;

  Stream(OptionalLong resumeRevision) {
    this.resumeRevision = resumeRevision;
  }

  /** What the server is to go on from. Empty: afresh. */
  public OptionalLong resumeRevision() {
    return resumeRevision;
  }
}
