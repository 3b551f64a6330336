package internal.symbolon.server.model;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/verifier.md, by random interleavings: nothing is found in the core, and each mutant is
 * found.
 */
final class SafetyTest {
  private static final long SEED = Long.getLong("symbolon.model.seed", 1);
  private static final int RUNS = Integer.getInteger("symbolon.model.runs", 2_000);
  private static final String STATE = "VerifierState";
  private static final String LATER = "internal.symbolon.server.model.World.later(";

  @TempDir Path room;

  @Test
  void noCheckSaysWhatItMustNot() {
    assertTrue(Run.all(SEED, RUNS) > RUNS, "memory must answer, or nothing was tried");
  }

  static Stream<Mutant> mutants() {
    return Stream.of(
        new Mutant(
            "freshness from the receipt of an answer",
            STATE,
            "new Fresh(beat.number(), beat.sent(), boundNanos)",
            "new Fresh(beat.number(), Moment.of(clock), boundNanos)"),
        new Mutant(
            "an answer is kept without a look at what ended since",
            STATE,
            " && !killed.kills(entry)",
            ""),
        new Mutant(
            "neither floor nor generation after beginning afresh",
            "Killed",
            "revisions.clear();\n    floor = revision;",
            "revisions.clear();",
            STATE,
            "sending.generation() == generation && ",
            ""),
        new Mutant(
            "what is forgotten of events does not raise the floor",
            "Killed",
            "oldest.remove();\n    floor = Math.max(floor, revision);",
            "oldest.remove();"),
        new Mutant(
            "beginning afresh keeps the entries",
            STATE,
            "entries.clear();\n        killed.afresh",
            "killed.afresh"),
        new Mutant(
            "freshness and acknowledgement before the events",
            STATE,
            "message.events().forEach(this::apply);",
            LATER + "() -> message.events().forEach(this::apply));"),
        new Mutant(
            "events are not counted",
            STATE,
            "events.size() == message.revision() - previous",
            "true"),
        new Mutant(
            "an event that is not known is passed over",
            STATE,
            "entries.clear();\n      killed.all(revision);",
            ""),
        new Mutant(
            "consent ends nothing that is kept",
            "Entries",
            "!entry.ids().clientId().equals(consent.clientId())",
            "true"),
        new Mutant(
            "joining a call that was sent earlier",
            "Asks",
            "  /** Who waits for an answer. */",
            "  private final Map<K, List<Asker<R>>> sent = new LinkedHashMap<>();\n",
            "Asks",
            "    unsent.computeIfAbsent(",
            "    if (sent.containsKey(key)) {\n      sent.get(key).add(asker);\n"
                + "      return false;\n    }\n    unsent.computeIfAbsent(",
            "Asks",
            "all = unsent;",
            "all = unsent;\n      sent.putAll(all);",
            "Asks",
            "        found = keeper.keep(",
            "        sent.remove(batch.keys().get(index));\n        found = keeper.keep("),
        new Mutant(
            "the look at what ended and the keeping are two steps",
            STATE,
            "kept.put(entry);",
            LATER + "() -> kept.put(entry));"),
        new Mutant(
            "no look at the clock on the wall",
            "Moment",
            "passed >= 0",
            "true",
            "Moment",
            "passed * NANOS < spanNanos",
            "true"),
        new Mutant(
            "what is left of a token counts from the receipt",
            STATE,
            "sending.sent(), lifeNanos",
            "Moment.of(clock), lifeNanos"),
        new Mutant(
            "what is left of a token is not looked at",
            STATE,
            "Math.min(answer.timeToLiveNanos(), MAX_AGE_NANOS)",
            "MAX_AGE_NANOS"),
        new Mutant(
            "entries have no greatest age",
            STATE,
            "Math.min(answer.timeToLiveNanos(), MAX_AGE_NANOS)",
            "answer.timeToLiveNanos()"));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void eachMutantIsFound(Mutant mutant) {
    InvocationTargetException found =
        assertThrows(InvocationTargetException.class, () -> mutant.run(room, SEED, RUNS));
    String said = String.valueOf(found.getCause().getMessage());
    assertTrue(said.startsWith("seed "), said);
  }
}
