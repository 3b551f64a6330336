package internal.symbolon.server.core;

/** When something was sent, by both clocks. */
public record Moment(long monotonicNanos, long wallMillis) {
  private static final long NANOS = 1_000_000;

  /** Now. */
  public static Moment of(Clock clock) {
    return new Moment(clock.monotonicNanos(), clock.wallMillis());
  }

  /**
   * Whether less than the span passed since then, by both clocks. The monotonic one misses the time
   * that a machine slept, the other one the time that it was set back by; a time before this one
   * tells that it was.
   */
  public boolean isWithin(long spanNanos, long nowMonotonicNanos, long nowWallMillis) {
    long passed = nowWallMillis - wallMillis;
    return nowMonotonicNanos - monotonicNanos < spanNanos
        && passed >= 0
        && passed * NANOS < spanNanos;
  }
}
