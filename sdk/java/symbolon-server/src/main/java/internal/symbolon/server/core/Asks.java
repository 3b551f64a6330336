package internal.symbolon.server.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Checks that memory can't answer: what misses together is asked together. {@code K} is what is
 * asked, {@code A} what the server answers, {@code R} what is told to who waits.
 */
public final class Asks<K, A, R> {
  private final Supplier<Sending> sending;
  private final int maxBatch;
  private final Keeper<K, A, R> keeper;
  private Map<K, List<Asker<R>>> unsent = new LinkedHashMap<>();

  /** Keeps an answer where that is right. */
  @FunctionalInterface
  public interface Keeper<K, A, R> {
    /** What is told to who waits. */
    R keep(K key, Sending sending, A answer);
  }

  /** Who waits for an answer. */
  public interface Asker<R> {
    /** The answer. */
    void answer(R found);

    /** Nothing is known of it. */
    void fail(Throwable error);
  }

  /** A call that is sent. */
  public record Batch<K, R>(List<K> keys, List<List<Asker<R>>> askers, Sending sending) {
    /** Nothing is known of what it asks. */
    public void fail(Throwable error) {
      askers.forEach(some -> some.forEach(asker -> asker.fail(error)));
    }

    /** A token must not get into a log. */
    @Override
    public String toString() {
      return "Batch[size=" + keys.size() + "]";
    }
  }

  /** {@code sending}: of the state that {@code keeper} keeps in. */
  public Asks(Supplier<Sending> sending, int maxBatch, Keeper<K, A, R> keeper) {
    this.sending = sending;
    this.maxBatch = maxBatch;
    this.keeper = keeper;
  }

  /**
   * Joins what is not sent yet, and nothing else: a call that was sent before may have been read
   * before a revocation that was answered before this check began. True: the first of a call that
   * is to be sent now.
   */
  public synchronized boolean ask(K key, Asker<R> asker) {
    unsent.computeIfAbsent(key, absent -> new ArrayList<>(1)).add(asker);
    return unsent.size() == 1 && unsent.get(key).size() == 1;
  }

  /** The calls that are to be sent now. Their time is taken here, before they are. */
  public List<Batch<K, R>> send() {
    Map<K, List<Asker<R>>> all;
    synchronized (this) {
      all = unsent;
      unsent = new LinkedHashMap<>();
    }
    List<Batch<K, R>> batches = new ArrayList<>();
    List<K> keys = List.copyOf(all.keySet());
    for (int begin = 0; begin < keys.size(); begin += maxBatch) {
      List<K> some = keys.subList(begin, Math.min(keys.size(), begin + maxBatch));
      batches.add(new Batch<>(some, some.stream().map(all::get).toList(), sending.get()));
    }
    return batches;
  }

  /**
   * {@code answers}: that of each key, by its place in the batch. Of one that can't be read nothing
   * is known, and the others count.
   */
  public void answer(Batch<K, R> batch, IntFunction<A> answers) {
    for (int index = 0; index < batch.keys().size(); index++) {
      List<Asker<R>> some = batch.askers().get(index);
      R found;
      try {
        found = keeper.keep(batch.keys().get(index), batch.sending(), answers.apply(index));
      } catch (RuntimeException | Error unreadable) {
        some.forEach(asker -> asker.fail(unreadable));
        continue;
      }
      some.forEach(asker -> asker.answer(found));
    }
  }
}
