package internal.symbolon.server.model;

import java.util.SplittableRandom;

/** Runs: each throws at the first answer that must not be. */
public final class Run {
  private static final int STEPS = 24;
  private static final int[] PAUSES = {0, 0, 0, 5, 30, 100, 300, 900};

  private Run() {}

  /** How many checks memory answered in all. Throws, with the seed, at the first that is wrong. */
  public static long all(long seed, int runs) {
    long hits = 0;
    for (int index = 0; index < runs; index++) {
      try {
        hits += one(seed + index);
      } catch (ModelVerifier.Violation found) {
        throw new IllegalStateException(
            "seed " + (seed + index) + ": " + found.getMessage(), found);
      }
    }
    return hits;
  }

  private static int one(long seed) {
    ModelVerifier[] made = new ModelVerifier[1];
    World world =
        new World(
            seed,
            () -> {
              if (made[0] != null) {
                made[0].probe();
              }
            });
    SplittableRandom random = world.random;
    ModelServer server = new ModelServer(world);
    int[] remembered = {1, 2, 100};
    ModelVerifier verifier = new ModelVerifier(world, server, remembered[random.nextInt(3)]);
    boolean sleeps = random.nextBoolean();
    made[0] = verifier;
    for (int index = 0; index < 4; index++) {
      issue(world, server, 200_000);
    }
    verifier.begin();
    beats(world, verifier);
    server.tokens.forEach(verifier::check);
    world.runUntil(60);
    for (int step = 0; step < STEPS; step++) {
      act(world, server, verifier, sleeps);
      world.runUntil(world.now + PAUSES[random.nextInt(PAUSES.length)]);
    }
    world.runUntil(world.now + 3_500);
    return verifier.hits;
  }

  private static void beats(World world, ModelVerifier verifier) {
    world.after(
        250,
        () -> {
          verifier.beat();
          beats(world, verifier);
        });
  }

  private static Token issue(World world, ModelServer server, long lifeMs) {
    Token token = new Token(server.tokens.size(), world.now + lifeMs);
    server.tokens.add(token);
    return token;
  }

  private static void act(World world, ModelServer server, ModelVerifier verifier, boolean sleeps) {
    SplittableRandom random = world.random;
    Token token = server.tokens.get(random.nextInt(server.tokens.size()));
    long[] lives = {700, 1_500, 200_000};
    long[] spans = {50, 700, 3_000, 10_000};
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> verifier.check(token);
      case 8, 9, 10, 11, 12 -> server.revoke(token, random.nextInt(6));
      case 13, 14 -> verifier.cut();
      case 15 -> {
        server.purge();
        verifier.cut();
      }
      case 16 -> verifier.leaveOut();
      case 17 -> token.replacedAt = Math.min(token.replacedAt, world.now);
      case 18 -> {
        // So long that what was replaced must be forgotten.
        if (random.nextInt(4) == 0) {
          world.runUntil(world.now + 61_000);
        }
      }
      case 19, 20, 21 -> verifier.check(issue(world, server, lives[random.nextInt(3)]));
      default -> {
        long ms = spans[random.nextInt(4)];
        if (sleeps) {
          verifier.sleep(ms);
        } else {
          verifier.shiftWall(random.nextBoolean() ? ms : -ms);
        }
      }
    }
  }
}
