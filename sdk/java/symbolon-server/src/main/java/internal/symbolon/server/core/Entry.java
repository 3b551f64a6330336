package internal.symbolon.server.core;

import java.util.List;

/** What is answered without asking: of a token that is live, or of a question that was allowed. */
public final class Entry<K, V> {
  private final K key;
  private final V found;
  private final Ids ids;
  private final List<String> subjects;
  private final long revision;
  private final Moment sent;
  private final long lifeNanos;

  /**
   * {@code subjects}: those whose end ends it, with that of {@code ids}. {@code sent}: when the
   * call was sent that was answered so. It is good for so long after that.
   */
  Entry(
      K key, V found, Ids ids, List<String> subjects, long revision, Moment sent, long lifeNanos) {
    this.key = key;
    this.found = found;
    this.ids = ids;
    this.subjects = subjects;
    this.revision = revision;
    this.sent = sent;
    this.lifeNanos = lifeNanos;
  }

  /** The answer, made once and for all checks. */
  public V found() {
    return found;
  }

  K key() {
    return key;
  }

  Ids ids() {
    return ids;
  }

  List<String> subjects() {
    return subjects;
  }

  long revision() {
    return revision;
  }

  boolean isGood(long monotonicNanos, long wallMillis) {
    return sent.isWithin(lifeNanos, monotonicNanos, wallMillis);
  }
}
