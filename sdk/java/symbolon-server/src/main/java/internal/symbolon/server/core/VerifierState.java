package internal.symbolon.server.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The state of a verifier and its rules, without I/O. docs/verifier.md proves the bound from the
 * order of the steps here, and the model of the tests breaks each of them to see that it matters.
 *
 * <p>Checks take no lock: they read {@code fresh} and then the entry. Whole messages, and "compare
 * with what was ended, then keep", are under one lock.
 */
public final class VerifierState<C extends Ids> {
  /** The longest that a verifier may be open after the sending of a heartbeat. */
  public static final long MAX_BOUND_NANOS = 1_000_000_000L;

  /** How often a heartbeat is sent, no matter whether those before were answered. */
  public static final long HEARTBEAT_NANOS = 250_000_000L;

  /** A refresh is not an event, and ends the old token all the same. */
  public static final long MAX_AGE_NANOS = 60_000_000_000L;

  /** No event tells that a device has another owner, or that less was granted anew. */
  public static final long MAX_VERDICT_NANOS = 10_000_000_000L;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Entries<String, Optional<C>> entries;

  /** What Check allowed. */
  private final Entries<Question, Verdict<C>> verdicts;

  private final Killed killed;
  private final Beats beats = new Beats();

  /** When the newest answered heartbeat was sent, and for how long that counts. Null: never. */
  private volatile Fresh fresh;

  private volatile long generation;
  private OptionalLong known = OptionalLong.empty();
  private long boundNanos = MAX_BOUND_NANOS;
  private Stream stream;
  private boolean hasMessage;
  private long answeredAt;

  private record Fresh(long heartbeat, Moment sent, long boundNanos) {
    boolean isGood(long monotonicNanos, long wallMillis) {
      return sent.isWithin(boundNanos, monotonicNanos, wallMillis);
    }
  }

  /** What became of a message. */
  public enum Outcome {
    /** It counts. */
    APPLIED,
    /** Events may be missing: end the stream. */
    BROKEN,
    /** It is of a stream that is heard no longer. */
    OLD
  }

  /**
   * {@code maxEntries}: how many tokens are kept, and as many answers of Check. {@code maxKilled}:
   * how many events are remembered for answers that are on their way.
   */
  public VerifierState(Clock clock, int maxEntries, int maxKilled) {
    this.clock = clock;
    this.entries = new Entries<>(maxEntries);
    this.verdicts = new Entries<>(maxEntries);
    this.killed = new Killed(maxKilled);
  }

  /** Whether checks are answered from memory now. */
  public boolean isOpen() {
    long monotonicNanos = clock.monotonicNanos();
    long wallMillis = clock.wallMillis();
    Fresh now = fresh;
    return now != null && now.isGood(monotonicNanos, wallMillis);
  }

  /** How many tokens are kept. */
  public int size() {
    return entries.size();
  }

  /** What is kept of a token, also while it counts for nothing. Null: nothing. */
  public Entry<String, Optional<C>> entryOf(String token) {
    return entries.get(token);
  }

  /** What is kept of a question, also while it counts for nothing. Null: nothing. */
  public Entry<Question, Verdict<C>> verdictOf(Question question) {
    return verdicts.get(question);
  }

  /** Whom the token stands for, from memory. Null says nothing of the token: ask the server. */
  public Entry<String, Optional<C>> find(String token) {
    return find(entries, token);
  }

  /** What was allowed, from memory. Null says nothing of the question: ask the server. */
  public Entry<Question, Verdict<C>> find(Question question) {
    return find(verdicts, question);
  }

  private <K, V> Entry<K, V> find(Entries<K, V> kept, K key) {
    long monotonicNanos = clock.monotonicNanos();
    long wallMillis = clock.wallMillis();
    Fresh now = fresh;
    if (now == null || !now.isGood(monotonicNanos, wallMillis)) {
      return null;
    }
    Entry<K, V> entry = kept.get(key);
    return entry != null && entry.isGood(monotonicNanos, wallMillis) ? entry : null;
  }

  /** A call is about to be given to the stack. */
  public Sending sending() {
    return new Sending(Moment.of(clock), generation);
  }

  /** Keeps an answer where nothing that is known ended the token since it was read. */
  public Optional<C> keep(String token, Sending sending, Answer<C> answer) {
    C caller = answer.caller();
    Optional<C> found = Optional.ofNullable(caller);
    if (caller == null) {
      remove(entries, token);
      return found;
    }
    List<String> subjects = List.of(caller.subjectId());
    long lifeNanos = Math.min(answer.timeToLiveNanos(), MAX_AGE_NANOS);
    long revision = answer.revision();
    keep(
        entries,
        sending,
        new Entry<>(token, found, caller, subjects, revision, sending.sent(), lifeNanos));
    return found;
  }

  /**
   * The same of an answer of Check. What is not allowed is not kept: the user may grant it in the
   * next moment.
   */
  public Verdict<C> keep(Question question, Sending sending, Verdict<C> verdict) {
    C caller = verdict.caller();
    if (!verdict.isAllowed() || caller == null) {
      remove(verdicts, question);
      return verdict;
    }
    long spanNanos = Math.min(verdict.timeToLiveNanos(), MAX_VERDICT_NANOS);
    long revision = verdict.revision();
    List<String> subjects = subjectsOf(question, verdict);
    keep(
        verdicts,
        sending,
        new Entry<>(question, verdict, caller, subjects, revision, sending.sent(), spanNanos));
    return verdict;
  }

  /** Whose end ends what was allowed: the caller's, the granting user's, and the device's. */
  private static List<String> subjectsOf(Question question, Verdict<?> verdict) {
    List<String> subjects = new ArrayList<>(3);
    subjects.add(verdict.caller().subjectId());
    for (String id : List.of(verdict.userId(), question.deviceId())) {
      if (!id.isEmpty() && !subjects.contains(id)) {
        subjects.add(id);
      }
    }
    return List.copyOf(subjects);
  }

  private <K, V> void remove(Entries<K, V> kept, K key) {
    lock.lock();
    try {
      kept.remove(key);
    } finally {
      lock.unlock();
    }
  }

  private <K, V> void keep(Entries<K, V> kept, Sending sending, Entry<K, V> entry) {
    lock.lock();
    try {
      boolean isCurrent = sending.generation() == generation && !killed.kills(entry);
      if (isCurrent) {
        kept.put(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A stream is about to be begun, and takes the place of the one before. */
  public Stream begin() {
    lock.lock();
    try {
      stream = new Stream(known);
      hasMessage = false;
      answeredAt = clock.monotonicNanos();
      return stream;
    } finally {
      lock.unlock();
    }
  }

  /** The number of a heartbeat that is about to be given to the stack. */
  public long beat() {
    lock.lock();
    try {
      return beats.next(clock);
    } finally {
      lock.unlock();
    }
  }

  /** Everything up to it is out of the cache. 0: nothing yet on this stream. */
  public long acknowledged() {
    lock.lock();
    try {
      return hasMessage ? known.orElse(0) : 0;
    } finally {
      lock.unlock();
    }
  }

  /** For how long the current stream has answered no heartbeat. */
  public long silentNanos() {
    lock.lock();
    try {
      return clock.monotonicNanos() - answeredAt;
    } finally {
      lock.unlock();
    }
  }

  /** The log does not go on where this verifier stands: the next stream begins afresh. */
  public void lose() {
    lock.lock();
    try {
      known = OptionalLong.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets everything, for good. */
  public void close() {
    lock.lock();
    try {
      fresh = null;
      verdicts.clear();
      entries.clear();
      stream = null;
      generation += 1;
    } finally {
      lock.unlock();
    }
  }

  /** Applies a message of a stream. */
  public Outcome receive(Stream from, Message message) {
    lock.lock();
    try {
      if (from != stream) {
        return Outcome.OLD;
      }
      if (!message.isAfresh() && !isNext(message)) {
        known = OptionalLong.empty();
        return Outcome.BROKEN;
      }
      if (message.isAfresh()) {
        verdicts.clear();
        entries.clear();
        killed.afresh(message.revision());
        generation += 1;
      } else {
        message.events().forEach(this::apply);
      }
      known = OptionalLong.of(message.revision());
      refresh(message);
      return Outcome.APPLIED;
    } finally {
      lock.unlock();
    }
  }

  private boolean isNext(Message message) {
    long previous = message.previousRevision();
    List<Event> events = message.events();
    boolean isNext =
        known.isPresent()
            && known.getAsLong() == previous
            && events.size() == message.revision() - previous;
    for (int index = 0; isNext && index < events.size(); index++) {
      isNext = events.get(index).revision() == previous + index + 1;
    }
    return isNext;
  }

  private void refresh(Message message) {
    hasMessage = true;
    if (message.longestBoundNanos() >= 0) {
      boundNanos = Math.min(MAX_BOUND_NANOS, message.longestBoundNanos());
    }
    Fresh last = fresh;
    Beats.Beat beat = beats.get(message.heartbeat());
    if (beat != null) {
      answeredAt = clock.monotonicNanos();
    }
    if (beat != null && (last == null || beat.number() > last.heartbeat())) {
      fresh = new Fresh(beat.number(), beat.sent(), boundNanos);
    } else if (last != null && last.boundNanos() != boundNanos) {
      fresh = new Fresh(last.heartbeat(), last.sent(), boundNanos);
    }
  }

  /** Removes what it ends, and remembers that for answers that are on their way. */
  private void apply(Event event) {
    long revision = event.revision();
    Target target = event.target();
    if (target instanceof Target.Everything) {
      verdicts.clear();
      entries.clear();
      killed.all(revision);
      return;
    }
    entries.end(target, revision);
    verdicts.end(target, revision);
    killed.add(target, revision);
  }
}
