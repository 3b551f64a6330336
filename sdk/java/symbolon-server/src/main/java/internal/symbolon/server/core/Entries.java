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
 * What is kept, each under the ids that an event can end it by. Any thread may look for one; all
 * else is under the lock of {@link VerifierState}.
 */
final class Entries<K, V> {
  private final int maxEntries;
  private final ConcurrentHashMap<K, Entry<K, V>> byKey = new ConcurrentHashMap<>();

  /** In the order in which they were put. */
  private final Set<Entry<K, V>> inOrder = new LinkedHashSet<>();

  private final Map<String, Set<Entry<K, V>>> byFamily = new HashMap<>();
  private final Map<String, Set<Entry<K, V>>> bySubject = new HashMap<>();
  private final Map<String, Set<Entry<K, V>>> byClient = new HashMap<>();

  Entries(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  Entry<K, V> get(K key) {
    return byKey.get(key);
  }

  int size() {
    return byKey.size();
  }

  /** Takes the place of what is there under the same key. Where it is full, the oldest goes. */
  void put(Entry<K, V> entry) {
    remove(entry.key());
    if (inOrder.size() >= maxEntries) {
      Entry<K, V> oldest = inOrder.iterator().next();
      remove(oldest.key());
      // Also one whose put an error cut short, which is under no key.
      inOrder.remove(oldest);
    }
    inOrder.add(entry);
    add(byFamily, entry.ids().familyId(), entry);
    entry.subjects().forEach(id -> add(bySubject, id, entry));
    add(byClient, entry.ids().clientId(), entry);
    byKey.put(entry.key(), entry);
  }

  void remove(K key) {
    Entry<K, V> entry = byKey.remove(key);
    if (entry != null) {
      inOrder.remove(entry);
      remove(byFamily, entry.ids().familyId(), entry);
      entry.subjects().forEach(id -> remove(bySubject, id, entry));
      remove(byClient, entry.ids().clientId(), entry);
    }
  }

  /** Removes what this ended, but for answers that were read at the event or after it. */
  void end(Target target, long revision) {
    for (Entry<K, V> entry : under(target)) {
      if (entry.revision() < revision) {
        remove(entry.key());
      }
    }
  }

  private List<Entry<K, V>> under(Target target) {
    if (target instanceof Target.Family family) {
      return listOf(byFamily, family.id());
    } else if (target instanceof Target.Subject subject) {
      return listOf(bySubject, subject.id());
    } else if (target instanceof Target.Client client) {
      return listOf(byClient, client.id());
    } else if (target instanceof Target.Consent consent) {
      List<Entry<K, V>> ofSubject = listOf(bySubject, consent.subjectId());
      ofSubject.removeIf(entry -> !entry.ids().clientId().equals(consent.clientId()));
      return ofSubject;
    }
    return List.copyOf(inOrder);
  }

  void clear() {
    byKey.clear();
    inOrder.clear();
    byFamily.clear();
    bySubject.clear();
    byClient.clear();
  }

  private static <E> void add(Map<String, Set<E>> index, String id, E entry) {
    index.computeIfAbsent(id, key -> new HashSet<>(2)).add(entry);
  }

  private static <E> void remove(Map<String, Set<E>> index, String id, E entry) {
    Set<E> entries = index.get(id);
    if (entries != null && entries.remove(entry) && entries.isEmpty()) {
      index.remove(id);
    }
  }

  private static <E> List<E> listOf(Map<String, Set<E>> index, String id) {
    return new ArrayList<>(index.getOrDefault(id, Set.of()));
  }
}
