package internal.symbolon.server.core;

/** How long to wait before another stream is begun, and for one that says nothing. */
public final class Backoff {
  private static final double FIRST_MS = 100;
  private static final double LONGEST_MS = 2_000;

  /** Where repeating mends nothing, and somebody has to. */
  private static final double LONGEST_HOPELESS_MS = 30_000;

  private static final int MAX_DOUBLINGS = 20;

  private Backoff() {}

  /**
   * Doubles with each failure, and any part of it: a server that comes back is not met by all at
   * once. What the server asked for comes before it. {@code random}: [0, 1).
   */
  public static double waitMs(int earlier, boolean isHopeless, double retryAfterMs, double random) {
    double longest = isHopeless ? LONGEST_HOPELESS_MS : LONGEST_MS;
    double asked = Math.min(LONGEST_HOPELESS_MS, Math.max(0, retryAfterMs));
    double doubled = FIRST_MS * Math.scalb(1.0, Math.min(earlier, MAX_DOUBLINGS));
    return asked + random * Math.min(longest, doubled);
  }

  /** Of two bounds, doubled with each line that brought nothing, for a server may be far away. */
  public static long patienceNanos(int silentLines) {
    return (2 * VerifierState.MAX_BOUND_NANOS) << Math.min(silentLines, 2);
  }
}
