package internal.symbolon.server.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Checks that memory can't answer: what misses together is asked together. */
public final class Asks<C extends Ids> {
  /** Their answers fit a message, with every scope that a token can carry. */
  private static final int MAX_BATCH = 250;

  private final VerifierState<C> state;
  private Map<String, List<Asker<C>>> unsent = new LinkedHashMap<>();

  /** Who waits for an answer. */
  public interface Asker<C> {
    /** Empty: the token is not live. */
    void answer(Optional<C> found);

    /** Nothing is known of the token. */
    void fail(Throwable error);
  }

  /** A call that is sent. */
  public record Batch<C>(List<String> tokens, List<List<Asker<C>>> askers, Sending sending) {
    /** Nothing is known of its tokens. */
    public void fail(Throwable error) {
      askers.forEach(some -> some.forEach(asker -> asker.fail(error)));
    }

    /** A token must not get into a log. */
    @Override
    public String toString() {
      return "Batch[size=" + tokens.size() + "]";
    }
  }

  /** For the verifier of this state. */
  public Asks(VerifierState<C> state) {
    this.state = state;
  }

  /**
   * Joins what is not sent yet, and nothing else: a call that was sent before may have been read
   * before a revocation that was answered before this check began. True: the first of a call that
   * is to be sent now.
   */
  public synchronized boolean ask(String token, Asker<C> asker) {
    unsent.computeIfAbsent(token, key -> new ArrayList<>(1)).add(asker);
    return unsent.size() == 1 && unsent.get(token).size() == 1;
  }

  /** The calls that are to be sent now. Their time is taken here, before they are. */
  public List<Batch<C>> send() {
    Map<String, List<Asker<C>>> all;
    synchronized (this) {
      all = unsent;
      unsent = new LinkedHashMap<>();
    }
    List<Batch<C>> batches = new ArrayList<>();
    List<String> tokens = List.copyOf(all.keySet());
    for (int begin = 0; begin < tokens.size(); begin += MAX_BATCH) {
      List<String> some = tokens.subList(begin, Math.min(tokens.size(), begin + MAX_BATCH));
      batches.add(new Batch<>(some, some.stream().map(all::get).toList(), state.sending()));
    }
    return batches;
  }

  /**
   * {@code answers}: that of each token, by its place in the batch. Of one that can't be read
   * nothing is known, and the others count.
   */
  public void answer(Batch<C> batch, IntFunction<Answer<C>> answers) {
    for (int index = 0; index < batch.tokens().size(); index++) {
      List<Asker<C>> some = batch.askers().get(index);
      Answer<C> answer;
      try {
        answer = answers.apply(index);
        state.keep(batch.tokens().get(index), batch.sending(), answer);
      } catch (RuntimeException | Error unreadable) {
        some.forEach(asker -> asker.fail(unreadable));
        continue;
      }
      Optional<C> found = Optional.ofNullable(answer.caller());
      some.forEach(asker -> asker.answer(found));
    }
  }
}
