package core

import (
	"strconv"
	"testing"
	"time"
)

// rightsWorld is a state that is open, and its stream.
type rightsWorld struct {
	t        *testing.T
	clock    *setClock
	state    *State[int, string]
	stream   *Stream
	revision uint64
}

func newRightsWorld(t *testing.T, limits Limits) *rightsWorld {
	t.Helper()
	w := &rightsWorld{t: t, clock: &setClock{}, revision: 10}
	w.state = NewState[int, string](w.clock, limits)
	w.stream = w.state.Begin()
	w.receive(Message{Previous: 10, Revision: 10, Afresh: true})
	return w
}

func (w *rightsWorld) receive(message Message) {
	w.t.Helper()
	message.Heartbeat = w.state.Beat()
	if w.state.Receive(w.stream, message) != Applied {
		w.t.Fatal("not applied")
	}
	w.revision = message.Revision
}

// tell is one event.
func (w *rightsWorld) tell(target Target) {
	w.t.Helper()
	w.receive(Message{Previous: w.revision, Revision: w.revision + 1, Events: []Event{{w.revision + 1, target}}})
}

func (w *rightsWorld) isKept() bool {
	_, found := w.state.FindRight(asked)
	return found
}

var (
	asked  = Question{Token: "token", Permission: "READ_DEVICE", Device: "lamp", DeviceType: "light"}
	ofLamp = IDs{Family: "family", Subject: "app", Client: "app", User: "ann", Device: "lamp"}
)

func allowed(revision uint64) Answer[string] {
	return Answer[string]{Revision: revision, Live: true, IDs: ofLamp, Value: "yes", TTL: time.Minute}
}

// Each names what is kept, and some name another.
var eventsOfRights = []struct {
	name   string
	target Target
	ends   bool
}{
	{"its family", Target{Kind: FamilyTarget, Family: "family"}, true},
	{"its subject", Target{Kind: SubjectTarget, Subject: "app"}, true},
	{"its client", Target{Kind: ClientTarget, Client: "app"}, true},
	{"the user by whose right it is", Target{Kind: SubjectTarget, Subject: "ann"}, true},
	{"the device that was asked about", Target{Kind: SubjectTarget, Subject: "lamp"}, true},
	{"the consent of that user", Target{Kind: ConsentTarget, Subject: "ann", Client: "app"}, true},
	{"the whole tenant", Target{Kind: TenantTarget}, true},
	{"something newer", Target{}, true},
	{"another consent of that user", Target{Kind: ConsentTarget, Subject: "ann", Client: "other"}, false},
	{"another user's consent", Target{Kind: ConsentTarget, Subject: "bob", Client: "app"}, false},
	{"another device", Target{Kind: SubjectTarget, Subject: "other"}, false},
	{"another family", Target{Kind: FamilyTarget, Family: "other"}, false},
}

func TestEventsOfRights(t *testing.T) {
	for _, each := range eventsOfRights {
		w := newRightsWorld(t, DefaultLimits())
		w.state.KeepRight(asked, w.state.Sending(), allowed(10))
		if !w.isKept() {
			t.Fatal("nothing is kept")
		}
		w.tell(each.target)
		if w.isKept() == each.ends {
			t.Error("after an event of", each.name, w.isKept())
		}
	}
}

// An answer that was read before an event comes after it.
func TestEventsBeforeRights(t *testing.T) {
	for _, each := range eventsOfRights {
		w := newRightsWorld(t, DefaultLimits())
		sending := w.state.Sending()
		w.tell(each.target)
		w.state.KeepRight(asked, sending, allowed(10))
		if w.isKept() == each.ends {
			t.Error("read before an event of", each.name, w.isKept())
		}
		w.state.KeepRight(asked, sending, allowed(11))
		if !w.isKept() {
			t.Error("read after an event of", each.name, "and not kept")
		}
	}
}

// It is good for its own time from sending, and for ten seconds at most. The token has another.
func TestRightsAreGoodForTheirOwnTime(t *testing.T) {
	for _, each := range []struct{ ttl, good time.Duration }{{4 * time.Second, 4 * time.Second}, {time.Hour, MaxRightAge}} {
		w := newRightsWorld(t, DefaultLimits())
		sending := w.state.Sending()
		answer := allowed(10)
		answer.TTL = each.ttl
		w.clock.pass(time.Second)
		w.state.KeepRight(asked, sending, answer)
		w.state.Keep("token", sending, Answer[int]{Revision: 10, Live: true, TTL: time.Hour})
		w.clock.pass(each.good - time.Second - 1)
		w.receive(Message{Previous: 10, Revision: 10})
		if !w.isKept() {
			t.Error("not kept for", each.good)
		}
		w.clock.pass(1)
		if _, found := w.state.Find("token"); w.isKept() || !found {
			t.Error("kept for longer than", each.good, "or the token is not", found)
		}
	}
}

// What is not allowed is kept by nobody, and takes out what was.
func TestDenialsAreNotKept(t *testing.T) {
	w := newRightsWorld(t, DefaultLimits())
	denial := Answer[string]{Revision: 10, IDs: ofLamp, Value: "no", TTL: time.Minute}
	w.state.KeepRight(asked, w.state.Sending(), denial)
	if w.isKept() {
		t.Error("a denial is kept")
	}
	w.state.KeepRight(asked, w.state.Sending(), allowed(10))
	w.state.KeepRight(asked, w.state.Sending(), denial)
	if w.isKept() {
		t.Error("it is denied, and what was allowed before is kept")
	}
}

// Each part of a question is one of its key.
func TestQuestionsAreDifferent(t *testing.T) {
	w := newRightsWorld(t, DefaultLimits())
	w.state.KeepRight(asked, w.state.Sending(), allowed(10))
	others := make([]Question, 5)
	for index := range others {
		others[index] = asked
	}
	others[0].Token, others[1].Permission, others[2].Device, others[3].DeviceType = "other", "WRITE_DEVICE", "", "other"
	others[4].User, others[4].Device = asked.Device, ""
	for index, other := range others {
		if _, found := w.state.FindRight(other); found {
			t.Error(index, "is taken for another")
		}
	}
}

// Closed, begun afresh and below the floor: as for tokens.
func TestRightsOfTheState(t *testing.T) {
	w := newRightsWorld(t, DefaultLimits())
	before := w.state.Sending()
	w.state.KeepRight(asked, before, allowed(10))
	w.clock.pass(MaxBound)
	if w.isKept() {
		t.Error("closed, and answered from memory")
	}
	w.receive(Message{Previous: 10, Revision: 10})
	if !w.isKept() {
		t.Error("open again, and forgotten")
	}
	w.receive(Message{Previous: 20, Revision: 20, Afresh: true})
	if w.isKept() {
		t.Error("kept over a loss of the log")
	}
	w.state.KeepRight(asked, before, allowed(30))
	if w.isKept() {
		t.Error("sent before it began afresh, and kept")
	}
	w.state.KeepRight(asked, w.state.Sending(), allowed(19))
	if w.isKept() {
		t.Error("read below the floor, and kept")
	}
	w.state.KeepRight(asked, w.state.Sending(), allowed(20))
	w.state.Close()
	if w.isKept() || w.state.rights.size.Load() != 0 {
		t.Error("kept after the end")
	}
}

func TestRightsAreBounded(t *testing.T) {
	limits := DefaultLimits()
	limits.MaxEntries = 3
	w := newRightsWorld(t, limits)
	for index := range 10 {
		question := asked
		question.Device = strconv.Itoa(index)
		w.state.KeepRight(question, w.state.Sending(), allowed(10))
	}
	if size := w.state.rights.size.Load(); size != 3 || len(w.state.rights.of(byUser, "ann")) != 3 || w.state.Size() != 0 {
		t.Error(size, w.state.Size())
	}
	w.tell(Target{Kind: SubjectTarget, Subject: "ann"})
	if len(w.state.rights.heads) != 0 {
		t.Error("something is left:", w.state.rights.heads)
	}
}

// A question that is on its way is joined by nobody.
func TestAsksOfRights(t *testing.T) {
	w := newRightsWorld(t, DefaultLimits())
	asks := NewRightAsks(w.state)
	first, isFirst := asks.Join(asked)
	if again, isAgain := asks.Join(asked); !isFirst || isAgain || again != first {
		t.Fatal("not joined")
	}
	for index := range MaxRightBatch {
		asks.Join(Question{Token: strconv.Itoa(index)})
	}
	batches := asks.Send()
	if later, _ := asks.Join(asked); len(batches) != 2 || later == first {
		t.Fatal(len(batches), "joined what was sent")
	}
	if asks.Answer(batches[1], nil) == nil {
		t.Error("too few answers")
	}
	if err := asks.Answer(batches[0], append([]Answer[string]{allowed(10)}, make([]Answer[string], MaxRightBatch-1)...)); err != nil {
		t.Fatal(err)
	}
	if <-first.Done; first.Value != "yes" || !first.Live || !w.isKept() {
		t.Error(first)
	}
}
