package internal.symbolon.client;

import java.util.concurrent.TimeUnit;

/** A login in memory, with its times by the monotonic clock. */
final class Held {
  private static final long MAX_MARGIN_MS = TimeUnit.MINUTES.toMillis(5);
  private static final int MARGIN_PART = 5;

  final LoginRecord record;
  private final long accessEndNanos;
  private final long loginEndNanos;

  /** Whether only the clock on the wall knows how long the login was not in memory. */
  private final boolean isByWall;

  /** Whether the server said that the access token is not live. */
  private volatile boolean isDead;

  /** Whether the server knows nothing of the refresh token. */
  private volatile boolean isRefreshOver;

  private Held(LoginRecord record, long accessEndNanos, long loginEndNanos, boolean isByWall) {
    this.record = record;
    this.accessEndNanos = accessEndNanos;
    this.loginEndNanos = loginEndNanos;
    this.isByWall = isByWall;
  }

  /** Of a call that was sent then, by the monotonic clock. */
  static Held sentAt(LoginRecord record, long sentNanos) {
    return new Held(
        record,
        sentNanos + TimeUnit.MILLISECONDS.toNanos(record.lifetimeMs),
        sentNanos + TimeUnit.MILLISECONDS.toNanos(record.loginLifetimeMs),
        false);
  }

  /** From a store or a text. */
  static Held resumed(LoginRecord record, Clock clock) {
    long now = clock.monotonicNanos();
    long passedMs = clock.wallMillis() - record.obtainedMs;
    return new Held(
        record,
        now + TimeUnit.MILLISECONDS.toNanos(left(record.lifetimeMs, passedMs)),
        now + TimeUnit.MILLISECONDS.toNanos(left(record.loginLifetimeMs, passedMs)),
        true);
  }

  private static long left(long lifetimeMs, long passedMs) {
    return Math.max(0, Math.min(lifetimeMs, lifetimeMs - passedMs));
  }

  /** Whether there is more left than the margin. */
  boolean isFresh(long nowNanos) {
    long marginMs = Math.min(record.lifetimeMs / MARGIN_PART, MAX_MARGIN_MS);
    return !isDead && accessEndNanos - nowNanos > TimeUnit.MILLISECONDS.toNanos(marginMs);
  }

  /** Whether the access token lasts. */
  boolean isLive(long nowNanos) {
    return !isDead && accessEndNanos - nowNanos > 0;
  }

  boolean loginLasts(long nowNanos) {
    return record.refreshToken != null && !isRefreshOver && loginEndNanos - nowNanos > 0;
  }

  /**
   * Whether the server may have another token for it. Of a login that was resumed only the server
   * knows whether it is over: the clock on the wall may have been set.
   */
  boolean canRefresh(long nowNanos) {
    return record.refreshToken != null && !isRefreshOver && (isByWall || loginLasts(nowNanos));
  }

  /** Whether another access token would last longer than this one. */
  boolean gainsByRefresh() {
    return record.lifetimeMs < record.loginLifetimeMs;
  }

  void isNotLive() {
    isDead = true;
  }

  void endRefresh() {
    isRefreshOver = true;
  }

  /** Whether its time is over, by the clock of this machine. */
  boolean isTimeOver(long nowNanos) {
    return accessEndNanos - nowNanos <= 0;
  }

  /** Why it ends when its access token does, and nothing renews it. */
  SignOutReason reasonAtEnd(long nowNanos) {
    boolean isRevoked = isRefreshOver && loginEndNanos - nowNanos > 0;
    return isRevoked ? SignOutReason.REVOKED : SignOutReason.EXPIRED;
  }

  @Override
  public String toString() {
    return "Held[" + record + "]";
  }
}
