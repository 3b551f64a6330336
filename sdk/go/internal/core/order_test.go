package core

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// setClock is one that a test sets.
type setClock struct{ now atomic.Int64 }

func (c *setClock) Now() Moment {
	now := c.now.Load()
	return Moment{Mono: now, Wall: now}
}

func (c *setClock) pass(span time.Duration) {
	c.now.Add(int64(span))
}

// A message that ends a token opens the verifier. Who looks meanwhile finds it closed, or without the entry.
func TestFreshnessBeforeEntry(t *testing.T) {
	const events = 200
	clock := &setClock{}
	// Callers are the revision that they were kept at.
	state := NewState[uint64, int](clock, DefaultLimits())
	stream := state.Begin()
	state.Receive(stream, Message{Previous: 1, Revision: 1, Afresh: true, Heartbeat: state.Beat()})
	var ended atomic.Uint64
	var stopped atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !stopped.Load() {
				before := ended.Load()
				if kept, found := state.Find("token"); found && kept < before {
					t.Errorf("kept at %d, and taken for live after %d ended it", kept, before)
					return
				}
			}
		})
	}
	for revision := uint64(1); revision < 1_000*events && !t.Failed(); revision += events {
		answer := Answer[uint64]{Revision: revision, Live: true, IDs: IDs{Family: "family", Subject: "subject", Client: "client"}, Value: revision, TTL: time.Minute}
		state.Keep("token", state.Sending(), answer)
		clock.pass(2 * MaxBound)
		ended.Store(revision + events)
		// The one that ends it is the last of many, which gives readers time.
		message := Message{Previous: revision, Revision: revision + events, Heartbeat: state.Beat()}
		for index := revision + 1; index < message.Revision; index++ {
			message.Events = append(message.Events, Event{index, Target{Kind: FamilyTarget, Family: "another"}})
		}
		message.Events = append(message.Events, Event{message.Revision, Target{Kind: FamilyTarget, Family: "family"}})
		state.Receive(stream, message)
		if _, found := state.Find("token"); found || !state.IsOpen() {
			t.Fatal("closed, or the entry is there")
		}
	}
	stopped.Store(true)
	readers.Wait()
}

// What is kept is bounded, and the one that was put first goes.
func TestEntriesAreBounded(t *testing.T) {
	clock := &setClock{}
	limits := DefaultLimits()
	limits.MaxEntries = 3
	state := NewState[int, int](clock, limits)
	state.Receive(state.Begin(), Message{Revision: 1, Previous: 1, Afresh: true, Heartbeat: state.Beat()})
	for index := range 10 {
		answer := Answer[int]{Revision: 1, Live: true, Value: index, TTL: time.Minute}
		state.Keep(strconv.Itoa(index), state.Sending(), answer)
		state.Keep(strconv.Itoa(index), state.Sending(), answer)
	}
	if state.Size() != 3 || len(state.entries.of(byAge, "")) != 3 || len(state.entries.of(byFamily, "")) != 3 {
		t.Fatal(state.Size(), state.entries.of(byAge, ""))
	}
	for index := range 10 {
		if caller, found := state.Find(strconv.Itoa(index)); found != (index >= 7) || (found && caller != index) {
			t.Error(index, found, caller)
		}
	}
	for _, text := range []string{"8", "7", "9"} {
		state.Keep(text, state.Sending(), Answer[int]{Revision: 1})
	}
	if state.Size() != 0 || len(state.entries.heads) != 0 {
		t.Fatal("something is left:", state.entries.heads)
	}
}

// A target that is newer than this package ends everything, and a server may shorten the bound.
func TestMessages(t *testing.T) {
	clock := &setClock{}
	state := NewState[int, int](clock, DefaultLimits())
	stream := state.Begin()
	half := MaxBound / 2
	message := Message{Revision: 5, Previous: 5, Afresh: true, Heartbeat: state.Beat(), LongestBound: &half}
	if state.Receive(stream, message) != Applied || !state.IsOpen() || state.Acknowledged(stream) != 5 {
		t.Fatal("not applied")
	}
	clock.pass(half)
	if state.IsOpen() {
		t.Fatal("open for longer than the server lets it")
	}
	for name, broken := range map[string]Message{
		"another one before it": {Previous: 4, Revision: 5, Events: []Event{{Revision: 5}}},
		"an event is missing":   {Previous: 5, Revision: 7, Events: []Event{{Revision: 7}}},
		"events out of order":   {Previous: 5, Revision: 7, Events: []Event{{Revision: 7}, {Revision: 6}}},
		"a revision goes back":  {Previous: 5, Revision: 4},
	} {
		state.Receive(stream, Message{Revision: 5, Previous: 5, Afresh: true})
		if state.Receive(stream, broken) != Broken || state.Begin().Resume != nil {
			t.Error(name, "is applied")
		}
		stream = state.Begin()
	}
	if state.Receive(&Stream{}, message) != Old {
		t.Error("another stream is heard")
	}
	state.Close()
	if state.Receive(state.Begin(), message) != Old || state.IsOpen() {
		t.Error("it is closed, and hears")
	}
}

func TestBackoff(t *testing.T) {
	for _, each := range []struct {
		failure Failure
		longest time.Duration
	}{
		{Failure{}, 100 * time.Millisecond},
		{Failure{Earlier: 2}, 400 * time.Millisecond},
		{Failure{Earlier: 1_000}, 2 * time.Second},
		{Failure{Earlier: 1_000, Hopeless: true}, 30 * time.Second},
		{Failure{RetryAfter: 5 * time.Second}, 5*time.Second + 100*time.Millisecond},
		{Failure{RetryAfter: time.Hour}, 30*time.Second + 100*time.Millisecond},
		{Failure{RetryAfter: -time.Hour}, 100 * time.Millisecond},
	} {
		if got := Backoff(each.failure, 1); got != each.longest {
			t.Error(each.failure, got)
		}
	}
	if Backoff(Failure{Earlier: 5}, 0) != 0 || Patience(0) != 2*MaxBound || Patience(9) != 8*MaxBound {
		t.Error("no random part, or patience")
	}
}
