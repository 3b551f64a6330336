package internal.symbolon.server.model;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Real time, in milliseconds, and everything that waits for it. One thread has one world. */
public final class World {
  /** Quick ones mostly, and some that are longer than the bound. */
  private static final int[] DELAYS = {
    0, 1, 3, 10, 25, 0, 1, 3, 10, 25, 0, 1, 3, 10, 25, 60, 200, 500, 800, 1_150, 1_600
  };

  private static final ThreadLocal<World> CURRENT = new ThreadLocal<>();

  final SplittableRandom random;
  long now;
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
  private long order;
  private final Runnable watch;

  private record Waiting(long at, long order, Runnable run) implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  /** {@code watch}: looks at all after everything that happens. */
  World(long seed, Runnable watch) {
    this.random = new SplittableRandom(seed);
    this.watch = watch;
    CURRENT.set(this);
  }

  /** What a mutant calls to do something in a second step. */
  public static void later(Runnable run) {
    World world = CURRENT.get();
    world.after(Math.max(1, world.delay()), run);
  }

  long delay() {
    return DELAYS[random.nextInt(DELAYS.length)];
  }

  void after(long ms, Runnable run) {
    at(now + ms, run);
  }

  void at(long time, Runnable run) {
    waiting.add(new Waiting(Math.max(time, now), order++, run));
  }

  void runUntil(long end) {
    while (!waiting.isEmpty() && waiting.peek().at() <= end) {
      Waiting next = waiting.poll();
      now = next.at();
      next.run().run();
      watch.run();
    }
    now = end;
  }
}
