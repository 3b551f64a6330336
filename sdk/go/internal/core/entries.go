package core

import (
	"slices"
	"sync"
	"sync/atomic"
)

// entry is a good answer that is given without asking: a token that is taken for live, or a question that is allowed. What readers see of it
// never changes.
type entry[K comparable, V any] struct {
	key   K
	ids   IDs
	value V
	// revision is what the answer was read at.
	revision uint64
	// sent is when the call was sent that was answered so, and life for how long the answer is good after that.
	sent Moment
	life int64
	// links are of the rings that it is in. Only who holds the lock of the state looks at them.
	links [rings]link[K, V]
}

type link[K comparable, V any] struct {
	previous, next *entry[K, V]
}

// ring is one order of entries. Each but the first has many rings, one for each id.
type ring int

const (
	byAge ring = iota
	byFamily
	bySubject
	byClient
	// byUser and byDevice are of answers of Check: who else an event of a subject may name.
	byUser
	byDevice
	rings
)

type ringKey struct {
	ring ring
	id   string
}

func (e *entry[K, V]) keyOf(ring ring) ringKey {
	switch ring {
	case byFamily:
		return ringKey{ring, e.ids.Family}
	case bySubject:
		return ringKey{ring, e.ids.Subject}
	case byClient:
		return ringKey{ring, e.ids.Client}
	case byUser:
		return ringKey{ring, e.ids.User}
	case byDevice:
		return ringKey{ring, e.ids.Device}
	default:
		return ringKey{ring: ring}
	}
}

// isIn tells whether there is an id to be ended by.
func (e *entry[K, V]) isIn(ring ring) bool {
	return (ring != byUser && ring != byDevice) || e.keyOf(ring).id != ""
}

// entries are kept under what an event can end them by. Reading takes no lock; all else is done under the lock of the state.
type entries[K comparable, V any] struct {
	max   int
	byKey sync.Map // K to *entry[K, V]
	// heads are the oldest of each ring.
	heads map[ringKey]*entry[K, V]
	size  atomic.Int64
}

func newEntries[K comparable, V any](max int) *entries[K, V] {
	return &entries[K, V]{max: max, heads: map[ringKey]*entry[K, V]{}}
}

func (e *entries[K, V]) get(key K) *entry[K, V] {
	found, ok := e.byKey.Load(key)
	if !ok {
		return nil
	}
	return found.(*entry[K, V])
}

// find answers what is good for longer than now.
func (e *entries[K, V]) find(key K, now Moment) (value V, found bool) {
	kept := e.get(key)
	if kept == nil || !within(kept.sent, kept.life, now) {
		return value, false
	}
	return kept.value, true
}

// put takes the place of what is there under the same key. Where it is full, the one goes that was put first.
func (e *entries[K, V]) put(added *entry[K, V]) {
	e.remove(e.get(added.key))
	if int(e.size.Load()) >= e.max {
		e.remove(e.heads[ringKey{ring: byAge}])
	}
	for ring := range rings {
		if added.isIn(ring) {
			e.link(ring, added)
		}
	}
	e.byKey.Store(added.key, added)
	e.size.Add(1)
}

func (e *entries[K, V]) remove(gone *entry[K, V]) {
	if gone == nil {
		return
	}
	e.byKey.Delete(gone.key)
	for ring := range rings {
		if gone.isIn(ring) {
			e.unlink(ring, gone)
		}
	}
	e.size.Add(-1)
}

// link puts it at the end of its ring, which is before the head.
func (e *entries[K, V]) link(ring ring, added *entry[K, V]) {
	head, ok := e.heads[added.keyOf(ring)]
	if !ok {
		added.links[ring] = link[K, V]{added, added}
		e.heads[added.keyOf(ring)] = added
		return
	}
	last := head.links[ring].previous
	added.links[ring] = link[K, V]{last, head}
	last.links[ring].next = added
	head.links[ring].previous = added
}

func (e *entries[K, V]) unlink(ring ring, gone *entry[K, V]) {
	key := gone.keyOf(ring)
	previous, next := gone.links[ring].previous, gone.links[ring].next
	if next == gone {
		delete(e.heads, key)
		return
	}
	previous.links[ring].next = next
	next.links[ring].previous = previous
	if e.heads[key] == gone {
		e.heads[key] = next
	}
}

// of answers all that one event may end.
func (e *entries[K, V]) of(ring ring, id string) []*entry[K, V] {
	head := e.heads[ringKey{ring, id}]
	if head == nil {
		return nil
	}
	found := []*entry[K, V]{head}
	for each := head.links[ring].next; each != head; each = each.links[ring].next {
		found = append(found, each)
	}
	return found
}

// end removes what an event ends that names something.
func (e *entries[K, V]) end(event Event) {
	switch target := event.Target; target.Kind {
	case FamilyTarget:
		e.kill(e.of(byFamily, target.Family), event.Revision)
	case SubjectTarget:
		e.kill(e.of(bySubject, target.Subject), event.Revision)
		e.kill(e.of(byUser, target.Subject), event.Revision)
		e.kill(e.of(byDevice, target.Subject), event.Revision)
	case ClientTarget:
		e.kill(e.of(byClient, target.Client), event.Revision)
	case ConsentTarget:
		e.kill(e.consented(bySubject, target), event.Revision)
		e.kill(e.consented(byUser, target), event.Revision)
	}
}

// consented are those of the user of a consent that came by its client.
func (e *entries[K, V]) consented(ring ring, target Target) []*entry[K, V] {
	return slices.DeleteFunc(e.of(ring, target.Subject), func(each *entry[K, V]) bool { return each.ids.Client != target.Client })
}

// kill spares an answer that was read at the event or later: it knew of it.
func (e *entries[K, V]) kill(found []*entry[K, V], revision uint64) {
	for _, each := range found {
		if each.revision < revision {
			e.remove(each)
		}
	}
}

func (e *entries[K, V]) clear() {
	e.byKey.Clear()
	clear(e.heads)
	e.size.Store(0)
}
