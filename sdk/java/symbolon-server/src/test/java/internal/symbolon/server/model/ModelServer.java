package internal.symbolon.server.model;

import internal.symbolon.server.core.Answer;
import internal.symbolon.server.core.Event;
import internal.symbolon.server.core.Message;
import internal.symbolon.server.core.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The server's side: a log of events, and streams of one verifier that read it. */
final class ModelServer {
  final List<Token> tokens = new ArrayList<>();

  /** What the verifier has acknowledged: nothing that ended up to here may be taken for live. */
  long promised;

  private final World world;
  private final List<Event> log = new ArrayList<>();
  private long purged;

  ModelServer(World world) {
    this.world = world;
  }

  long revision() {
    return log.size();
  }

  void purge() {
    purged = revision();
  }

  void revoke(Token named, int scope) {
    long revision = revision() + 1;
    Target target =
        switch (scope) {
          case 0 -> new Target.Family(named.familyId());
          case 1 -> new Target.Subject(named.subjectId());
          case 2 -> new Target.Client(named.clientId());
          case 3 -> new Target.Consent(named.subjectId(), named.clientId());
          default -> new Target.Everything();
        };
    log.add(new Event(revision, target));
    for (Token token : tokens) {
      boolean ofSubject = token.subjectId().equals(named.subjectId());
      boolean ofClient = token.clientId().equals(named.clientId());
      boolean isHit =
          switch (scope) {
            case 0 -> token == named;
            case 1 -> ofSubject;
            case 2 -> ofClient;
            case 3 -> ofSubject && ofClient;
            default -> true;
          };
      if (isHit) {
        token.end(world.now, revision);
      }
    }
  }

  /** What it says of a token now. */
  Answer<Token> read(Token token) {
    boolean isLive = token.isLive(world.now);
    long nanos = (token.expiresAt - world.now) * 1_000_000;
    return new Answer<>(revision(), isLive ? token : null, nanos);
  }

  /** One stream. Each heartbeat is answered by a reading that begins after it arrived. */
  final class Reader {
    boolean leavesOut;
    private final Consumer<Message> line;
    private boolean isAfresh;
    private long told;
    private long heartbeat;

    Reader(OptionalLong resume, Consumer<Message> line) {
      this.line = line;
      this.isAfresh = resume.isEmpty() || resume.getAsLong() < purged;
      this.told = resume.orElse(0);
    }

    void arrived(long number, long acknowledged) {
      promised = Math.max(promised, acknowledged);
      heartbeat = Math.max(heartbeat, number);
      long newest = heartbeat;
      world.after(world.random.nextInt(4), () -> read(newest));
    }

    private void read(long newest) {
      long revision = revision();
      long from = told;
      List<Event> events =
          isAfresh ? List.of() : List.copyOf(log.subList((int) from, (int) revision));
      if (leavesOut && events.size() > 1) {
        events = events.subList(0, events.size() - 1);
        // As a store that was restored and went on: events have the numbers of others.
        leavesOut = false;
      }
      line.accept(new Message(from, events, revision, newest, isAfresh, -1));
      told = revision;
      isAfresh = false;
    }
  }
}
