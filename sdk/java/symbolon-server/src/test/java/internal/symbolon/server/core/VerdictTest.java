package internal.symbolon.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/verifier.md says of answers of Check, one by one. */
final class VerdictTest {
  private static final Question ASKED = new Question("token", "READ_DEVICE", "", "lamp", "");
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Set set = new Set();
  private final VerifierState<Bearer> state = new VerifierState<>(set, 2, 100);
  private internal.symbolon.server.core.Stream stream;

  /** Clocks that a test sets. */
  private static final class Set implements Clock {
    private long millis = 1_000_000;

    @Override
    public long monotonicNanos() {
      return millis * 1_000_000;
    }

    @Override
    public long wallMillis() {
      return millis;
    }
  }

  /** An application, by what ann granted it. */
  private record Bearer(String familyId, String subjectId, String clientId) implements Ids {}

  private static final Bearer APP = new Bearer("family", "app", "app");

  @BeforeEach
  void open() {
    stream = state.begin();
    hear(new Message(0, List.of(), 10, state.beat(), true, -1));
    assertTrue(state.isOpen());
  }

  private void hear(Message message) {
    assertEquals(VerifierState.Outcome.APPLIED, state.receive(stream, message));
  }

  /** The next event, and the verifier is open. */
  private void event(long revision, Target target) {
    List<Event> events = List.of(new Event(revision, target));
    hear(new Message(revision - 1, events, revision, state.beat(), false, -1));
  }

  private static Verdict<Bearer> allowed(long revision, Duration life) {
    return new Verdict<>(revision, APP, true, "ALLOWED", "ann", life.toNanos());
  }

  private void keep(Question question, long revision) {
    state.keep(question, state.sending(), allowed(revision, LONG));
  }

  private void pass(Duration span) {
    set.millis += span.toMillis();
    hear(new Message(10, List.of(), 10, state.beat(), false, -1));
  }

  @Test
  void answersFromMemoryUnderAllThatWasAsked() {
    keep(ASKED, 10);
    assertEquals("ann", state.find(ASKED).found().userId());
    for (Question other :
        List.of(
            new Question("other", "READ_DEVICE", "", "lamp", ""),
            new Question("token", "WRITE_DEVICE", "", "lamp", ""),
            new Question("token", "READ_DEVICE", "lamp", "", ""),
            new Question("token", "READ_DEVICE", "", "lamp2", ""),
            new Question("token", "READ_DEVICE", "", "", "lamp"),
            new Question("token", "READ_DEVICE", "", "", ""))) {
      assertNull(state.find(other), other.toString());
    }
    assertNull(state.find("token"));
    assertEquals(0, state.size());
    assertFalse(ASKED.toString().contains("token"), "a token must not get into a log");
  }

  @Test
  void isGoodForItsOwnTimeFromTheSending() {
    Sending sending = state.sending();
    pass(Duration.ofSeconds(2));
    state.keep(ASKED, sending, allowed(10, Duration.ofSeconds(5)));
    pass(Duration.ofMillis(2_999));
    assertNotNull(state.find(ASKED));
    pass(Duration.ofMillis(1));
    assertNull(state.find(ASKED));
  }

  @Test
  void isGoodForTenSecondsAtMost() {
    keep(ASKED, 10);
    pass(Duration.ofMillis(9_999));
    assertNotNull(state.find(ASKED));
    pass(Duration.ofMillis(1));
    assertNull(state.find(ASKED));
  }

  @Test
  void isNotKeptWithoutATime() {
    state.keep(ASKED, state.sending(), allowed(10, Duration.ZERO));
    assertNull(state.find(ASKED));
  }

  static Stream<Target> ends() {
    return Stream.of(
        new Target.Family("family"),
        new Target.Subject("app"),
        new Target.Client("app"),
        new Target.Subject("ann"),
        new Target.Consent("ann", "app"),
        new Target.Subject("lamp"),
        new Target.Everything());
  }

  @ParameterizedTest
  @MethodSource("ends")
  void endsByAnEvent(Target target) {
    keep(ASKED, 10);
    event(11, target);
    assertNull(state.find(ASKED));
    assertNull(state.verdictOf(ASKED));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void isNotKeptWhenItEndedOnItsWay(Target target) {
    event(11, target);
    keep(ASKED, 10);
    assertNull(state.verdictOf(ASKED));
    // What was read at the event knew of it.
    keep(ASKED, 11);
    assertNotNull(state.find(ASKED));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void staysWhenItWasReadAtTheEvent(Target target) {
    if (target instanceof Target.Everything) {
      return;
    }
    keep(ASKED, 11);
    event(11, target);
    assertNotNull(state.find(ASKED));
  }

  @Test
  void staysAfterEventsOfOthers() {
    keep(ASKED, 10);
    event(11, new Target.Subject("bob"));
    event(12, new Target.Consent("ann", "other"));
    event(13, new Target.Consent("bob", "app"));
    event(14, new Target.Family("app"));
    assertNotNull(state.find(ASKED));
  }

  @Test
  void isNotKeptWhenItIsNotAllowed() {
    keep(ASKED, 10);
    Verdict<Bearer> denied = new Verdict<>(10, APP, false, "SCOPE_MISSING", "", LONG.toNanos());
    assertEquals(denied, state.keep(ASKED, state.sending(), denied));
    assertNull(state.verdictOf(ASKED));
    Verdict<Bearer> dead = new Verdict<>(10, null, true, "ALLOWED", "", LONG.toNanos());
    state.keep(ASKED, state.sending(), dead);
    assertNull(state.verdictOf(ASKED));
  }

  @Test
  void isAskedForWhereTheVerifierIsClosed() {
    keep(ASKED, 10);
    set.millis += 1_000;
    assertNull(state.find(ASKED));
    assertNotNull(state.verdictOf(ASKED));
  }

  @Test
  void isForgottenWhenTheVerifierBeginsAfresh() {
    keep(ASKED, 10);
    Sending before = state.sending();
    stream = state.begin();
    hear(new Message(0, List.of(), 20, state.beat(), true, -1));
    assertNull(state.verdictOf(ASKED));
    // Of another generation.
    state.keep(ASKED, before, allowed(20, LONG));
    assertNull(state.verdictOf(ASKED));
    // Below the floor.
    keep(ASKED, 19);
    assertNull(state.verdictOf(ASKED));
    keep(ASKED, 20);
    assertNotNull(state.find(ASKED));
  }

  @Test
  void hasNoMoreThanItsEntries() {
    for (String device : List.of("one", "two", "three")) {
      keep(new Question("token", "READ_DEVICE", "", device, ""), 10);
    }
    assertNull(state.find(new Question("token", "READ_DEVICE", "", "one", "")));
    assertNotNull(state.find(new Question("token", "READ_DEVICE", "", "two", "")));
    assertNotNull(state.find(new Question("token", "READ_DEVICE", "", "three", "")));
  }

  @Test
  void isGoneWhenTheVerifierIsClosedForGood() {
    Sending sending = state.sending();
    keep(ASKED, 10);
    state.close();
    assertNull(state.verdictOf(ASKED));
    state.keep(ASKED, sending, allowed(10, LONG));
    assertNull(state.verdictOf(ASKED));
  }
}
