package core

import (
	"sync"
	"sync/atomic"
)

// entry is a token that is taken for live without asking. What readers see of it never changes.
type entry[C any] struct {
	token  string
	ids    IDs
	caller C
	// revision is what the answer was read at.
	revision uint64
	// sent is when the call was sent that was answered so, and life for how long the answer is good after that.
	sent Moment
	life int64
	// links are of the rings that it is in. Only who holds the lock of the state looks at them.
	links [rings]link[C]
}

type link[C any] struct {
	previous, next *entry[C]
}

// ring is one order of entries. Each but the first has many rings, one for each id.
type ring int

const (
	byAge ring = iota
	byFamily
	bySubject
	byClient
	rings
)

type ringKey struct {
	ring ring
	id   string
}

func (e *entry[C]) keyOf(ring ring) ringKey {
	switch ring {
	case byFamily:
		return ringKey{ring, e.ids.Family}
	case bySubject:
		return ringKey{ring, e.ids.Subject}
	case byClient:
		return ringKey{ring, e.ids.Client}
	default:
		return ringKey{ring: ring}
	}
}

// entries are kept under what an event can end them by. Reading takes no lock; all else is done under the lock of the state.
type entries[C any] struct {
	max     int
	byToken sync.Map // string to *entry[C]
	// heads are the oldest of each ring.
	heads map[ringKey]*entry[C]
	size  atomic.Int64
}

func newEntries[C any](max int) *entries[C] {
	return &entries[C]{max: max, heads: map[ringKey]*entry[C]{}}
}

func (e *entries[C]) get(token string) *entry[C] {
	found, ok := e.byToken.Load(token)
	if !ok {
		return nil
	}
	return found.(*entry[C])
}

// put takes the place of what is there of the same token. Where it is full, the one goes that was put first.
func (e *entries[C]) put(added *entry[C]) {
	e.remove(e.get(added.token))
	if int(e.size.Load()) >= e.max {
		e.remove(e.heads[ringKey{ring: byAge}])
	}
	for ring := range rings {
		e.link(ring, added)
	}
	e.byToken.Store(added.token, added)
	e.size.Add(1)
}

func (e *entries[C]) remove(gone *entry[C]) {
	if gone == nil {
		return
	}
	e.byToken.Delete(gone.token)
	for ring := range rings {
		e.unlink(ring, gone)
	}
	e.size.Add(-1)
}

// link puts it at the end of its ring, which is before the head.
func (e *entries[C]) link(ring ring, added *entry[C]) {
	head, ok := e.heads[added.keyOf(ring)]
	if !ok {
		added.links[ring] = link[C]{added, added}
		e.heads[added.keyOf(ring)] = added
		return
	}
	last := head.links[ring].previous
	added.links[ring] = link[C]{last, head}
	last.links[ring].next = added
	head.links[ring].previous = added
}

func (e *entries[C]) unlink(ring ring, gone *entry[C]) {
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
func (e *entries[C]) of(ring ring, id string) []*entry[C] {
	head := e.heads[ringKey{ring, id}]
	if head == nil {
		return nil
	}
	found := []*entry[C]{head}
	for each := head.links[ring].next; each != head; each = each.links[ring].next {
		found = append(found, each)
	}
	return found
}

func (e *entries[C]) clear() {
	e.byToken.Clear()
	clear(e.heads)
	e.size.Store(0)
}
