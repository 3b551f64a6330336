package internal.symbolon.server.core;

import java.util.ArrayDeque;
import java.util.Deque;

/** The times of the last heartbeats. What is older than these was sent more than B ago. */
final class Beats {
  private static final int MAX_BEATS = 8;

  private final Deque<Beat> last = new ArrayDeque<>();
  private long number;

  /** A heartbeat, and when it was sent. */
  record Beat(long number, Moment sent) {}

  /** The number of the next one, which is sent now. */
  long next(Clock clock) {
    number += 1;
    last.addLast(new Beat(number, Moment.of(clock)));
    if (last.size() > MAX_BEATS) {
      last.removeFirst();
    }
    return number;
  }

  /** Null: it is not kept any more, or was never sent. */
  Beat get(long wanted) {
    for (Beat beat : last) {
      if (beat.number() == wanted) {
        return beat;
      }
    }
    return null;
  }
}
