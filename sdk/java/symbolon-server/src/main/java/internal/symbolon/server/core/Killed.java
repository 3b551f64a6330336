package internal.symbolon.server.core;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** What events have ended lately: an answer that was read before one may still be on its way. */
final class Killed {
  private final int maxKeys;

  /** In the order of their revisions. */
  private final Map<Target, Long> revisions = new LinkedHashMap<>();

  private long floor;

  Killed(int maxKeys) {
    this.maxKeys = maxKeys;
  }

  /** Everything may have ended up to this revision. */
  void all(long revision) {
    revisions.clear();
    floor = Math.max(floor, revision);
  }

  /**
   * Nothing that was read before this revision counts, also when it is less than what was known.
   */
  void afresh(long revision) {
    revisions.clear();
    floor = revision;
  }

  void add(Target target, long revision) {
    revisions.remove(target);
    revisions.put(target, revision);
    if (revisions.size() > maxKeys) {
      forgetOldest();
    }
  }

  /** Whether the answer may be of what ended since it was read. */
  boolean kills(Entry<?, ?> entry) {
    long revision = entry.revision();
    Ids ids = entry.ids();
    return revision < floor
        || isAfter(revision, new Target.Family(ids.familyId()))
        || isAfter(revision, new Target.Client(ids.clientId()))
        || entry.subjects().stream().anyMatch(id -> isEnded(id, ids.clientId(), revision));
  }

  private boolean isEnded(String subjectId, String clientId, long revision) {
    return isAfter(revision, new Target.Subject(subjectId))
        || isAfter(revision, new Target.Consent(subjectId, clientId));
  }

  private boolean isAfter(long revision, Target target) {
    return revisions.getOrDefault(target, 0L) > revision;
  }

  /** What is not remembered must not be needed: the floor rises over it. */
  private void forgetOldest() {
    Iterator<Long> oldest = revisions.values().iterator();
    long revision = oldest.next();
    oldest.remove();
    floor = Math.max(floor, revision);
  }
}
