package internal.symbolon.client;

/** The clocks of an app, which agree with no server's. */
interface Clock {
  /** That of this machine. */
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

  /** Never goes back, and has no beginning that means something. */
  long monotonicNanos();

  /** Since 1970, as far as this machine knows. It outlives a restart. */
  long wallMillis();
}
