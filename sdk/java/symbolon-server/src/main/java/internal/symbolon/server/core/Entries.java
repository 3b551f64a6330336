package internal.symbolon.server.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens that are taken for live, each under the ids that an event can end it by. Any thread
 * may look for one; all else is under the lock of {@link VerifierState}.
 */
final class Entries<C extends Ids> {
  private final int maxEntries;
  private final ConcurrentHashMap<String, Entry<C>> byToken = new ConcurrentHashMap<>();

  /** In the order in which they were put. */
  private final Set<Entry<C>> inOrder = new LinkedHashSet<>();

  private final Map<String, Set<Entry<C>>> byFamily = new HashMap<>();
  private final Map<String, Set<Entry<C>>> bySubject = new HashMap<>();
  private final Map<String, Set<Entry<C>>> byClient = new HashMap<>();

  Entries(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  Entry<C> get(String token) {
    return byToken.get(token);
  }

  int size() {
    return byToken.size();
  }

  /** Takes the place of what is there of the same token. Where it is full, the oldest goes. */
  void put(Entry<C> entry) {
    remove(entry.token());
    if (inOrder.size() >= maxEntries) {
      Entry<C> oldest = inOrder.iterator().next();
      remove(oldest.token());
      // Also one whose put an error cut short, which is under no token.
      inOrder.remove(oldest);
    }
    inOrder.add(entry);
    add(byFamily, entry.caller().familyId(), entry);
    add(bySubject, entry.caller().subjectId(), entry);
    add(byClient, entry.caller().clientId(), entry);
    byToken.put(entry.token(), entry);
  }

  void remove(String token) {
    Entry<C> entry = byToken.remove(token);
    if (entry != null) {
      inOrder.remove(entry);
      remove(byFamily, entry.caller().familyId(), entry);
      remove(bySubject, entry.caller().subjectId(), entry);
      remove(byClient, entry.caller().clientId(), entry);
    }
  }

  List<Entry<C>> ofFamily(String id) {
    return listOf(byFamily, id);
  }

  List<Entry<C>> ofSubject(String id) {
    return listOf(bySubject, id);
  }

  List<Entry<C>> ofClient(String id) {
    return listOf(byClient, id);
  }

  void clear() {
    byToken.clear();
    inOrder.clear();
    byFamily.clear();
    bySubject.clear();
    byClient.clear();
  }

  private static <C extends Ids> void add(
      Map<String, Set<Entry<C>>> index, String id, Entry<C> entry) {
    index.computeIfAbsent(id, key -> new HashSet<>(2)).add(entry);
  }

  private static <C extends Ids> void remove(
      Map<String, Set<Entry<C>>> index, String id, Entry<C> entry) {
    Set<Entry<C>> entries = index.get(id);
    if (entries != null && entries.remove(entry) && entries.isEmpty()) {
      index.remove(id);
    }
  }

  private static <C extends Ids> List<Entry<C>> listOf(
      Map<String, Set<Entry<C>>> index, String id) {
    return new ArrayList<>(index.getOrDefault(id, Set.of()));
  }
}
