package internal.symbolon.server.core;

/** The two clocks of a verifier. */
public interface Clock {
  /** Those of this machine. */
  Clock SYSTEM =
      new Clock() {
        @Override
        public long monotonicNanos() {
          return System.nanoTime();
        }

        @Override
        public long wallMillis() {
          return System.currentTimeMillis();
        }
      };

  /** Never goes back. It stands still while the machine sleeps. */
  long monotonicNanos();

  /** The time of day, which people and NTP set. */
  long wallMillis();
}
