package internal.symbolon.server.core;

import java.util.Optional;

/** A token that is taken for live without asking. */
public final class Entry<C extends Ids> {
  private final String token;
  private final Optional<C> found;
  private final C caller;
  private final long revision;
  private final Moment sent;
  private final long lifeNanos;

  /**
   * {@code sent}: when the call was sent that was answered so. It is good for so long after that.
   */
  public Entry(String token, C caller, long revision, Moment sent, long lifeNanos) {
    this.token = token;
    this.found = Optional.of(caller);
    this.caller = caller;
    this.revision = revision;
    this.sent = sent;
    this.lifeNanos = lifeNanos;
  }

  /** The caller, wrapped once and for all checks. */
  public Optional<C> found() {
    return found;
  }

  String token() {
    return token;
  }

  C caller() {
    return caller;
  }

  long revision() {
    return revision;
  }

  boolean isGood(long monotonicNanos, long wallMillis) {
    return sent.isWithin(lifeNanos, monotonicNanos, wallMillis);
  }
}
