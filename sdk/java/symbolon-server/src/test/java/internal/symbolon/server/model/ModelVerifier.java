package internal.symbolon.server.model;

import internal.symbolon.server.core.Answer;
import internal.symbolon.server.core.Asks;
import internal.symbolon.server.core.Clock;
import internal.symbolon.server.core.Stream;
import internal.symbolon.server.core.VerifierState;
import java.util.Optional;

/** Drives the core: its clocks, its line, its calls and its checks. */
final class ModelVerifier implements Clock {
  final VerifierState<Token> state;
  int hits;
  private final World world;
  private final ModelServer server;
  private final Asks<String, Answer<Token>, Optional<Token>> asks;
  private ModelServer.Reader reader;
  private Stream stream;
  private long upAt;
  private long downAt;
  private long sleptMs;
  private long asleepUntil;
  private long wallShift;

  ModelVerifier(World world, ModelServer server, int maxKilled) {
    this.world = world;
    this.server = server;
    this.state = new VerifierState<>(this, 100, maxKilled);
    this.asks = new Asks<>(state::sending, 250, state::keep);
  }

  @Override
  public long monotonicNanos() {
    return (world.now - sleptMs) * 1_000_000;
  }

  @Override
  public long wallMillis() {
    return world.now + wallShift + 1_000_000;
  }

  boolean isAsleep() {
    return world.now < asleepUntil;
  }

  void sleep(long ms) {
    if (!isAsleep()) {
      asleepUntil = world.now + ms;
      world.at(asleepUntil, () -> sleptMs += ms);
    }
  }

  void shiftWall(long ms) {
    wallShift += ms;
  }

  void begin() {
    stream = state.begin();
    Stream begun = stream;
    downAt = world.now;
    upAt = world.now;
    ModelServer.Reader[] made = new ModelServer.Reader[1];
    made[0] =
        server
        .new Reader(
            begun.resumeRevision(),
            message -> {
              downAt = Math.max(downAt, world.now + world.delay());
              world.at(downAt, () -> whenAwake(() -> receive(begun, message)));
            });
    reader = made[0];
    beat();
  }

  private void whenAwake(Runnable run) {
    if (isAsleep()) {
      world.at(asleepUntil, run);
    } else {
      run.run();
    }
  }

  private void receive(Stream from, internal.symbolon.server.core.Message message) {
    if (state.receive(from, message) == VerifierState.Outcome.BROKEN && from == stream) {
      begin();
    }
  }

  void cut() {
    begin();
  }

  void leaveOut() {
    reader.leavesOut = true;
  }

  void beat() {
    if (isAsleep()) {
      return;
    }
    long number = state.beat();
    long acknowledged = state.acknowledged();
    ModelServer.Reader to = reader;
    upAt = Math.max(upAt, world.now + world.delay());
    world.at(upAt, () -> to.arrived(number, acknowledged));
  }

  /** A check that memory need not answer. */
  void check(Token token) {
    if (isAsleep() || state.find(token.text) != null) {
      return;
    }
    long began = world.now;
    long promised = server.promised;
    Asks.Asker<Optional<Token>> asker =
        new Asks.Asker<>() {
          @Override
          public void answer(Optional<Token> found) {
            if (found.isPresent() && found.get().mustBeDenied(began, promised)) {
              throw new Violation("a check that asked says active of " + token.text);
            }
          }

          @Override
          public void fail(Throwable error) {
            throw new IllegalStateException(error);
          }
        };
    if (asks.ask(token.text, asker)) {
      world.after(world.random.nextInt(3), () -> asks.send().forEach(this::send));
    }
  }

  private void send(Asks.Batch<String, Optional<Token>> batch) {
    world.after(
        world.delay(),
        () -> {
          var answers = batch.keys().stream().map(this::tokenOf).map(server::read).toList();
          world.after(world.delay(), () -> whenAwake(() -> asks.answer(batch, answers::get)));
        });
  }

  private Token tokenOf(String text) {
    return server.tokens.stream().filter(token -> token.text.equals(text)).findAny().orElseThrow();
  }

  /** No check that begins now may say what it must not. */
  void probe() {
    if (isAsleep()) {
      return;
    }
    for (Token token : server.tokens) {
      if (state.find(token.text) != null) {
        hits += 1;
        if (token.mustBeDenied(world.now, server.promised)) {
          throw new Violation("memory says active of " + token.text + " at " + world.now);
        }
      }
    }
  }

  /** What must not be. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
      super(message);
    }
  }
}
