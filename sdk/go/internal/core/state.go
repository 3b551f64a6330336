package core

import (
	"sync"
	"sync/atomic"
	"time"
)

// maxBeats is how many heartbeats' times are kept. What is older than these was sent more than B ago.
const maxBeats = 8

// Limits are the bound, greatest age and greatest numbers, each no more than what this package allows.
type Limits struct {
	Bound, Age          time.Duration
	MaxEntries, MaxDead int
}

// DefaultLimits are those of docs/verifier.md.
func DefaultLimits() Limits {
	return Limits{Bound: MaxBound, Age: MaxAge, MaxEntries: MaxEntries, MaxDead: MaxKilled}
}

// Outcome is what became of a message.
type Outcome int

const (
	// Applied as a whole.
	Applied Outcome = iota
	// Broken: events may be missing. End the stream, and begin afresh.
	Broken
	// Old: of a stream that is heard no longer.
	Old
)

type beat struct {
	number uint64
	sent   Moment
}

// Stream is one stream, as the state sees it. Only the one that was begun last is heard.
type Stream struct {
	// Resume is the revision that the server is to go on from. Nil: afresh.
	Resume *uint64
	// heard tells whether it had a message; answered is when a heartbeat was answered last, or the stream begun.
	heard    bool
	answered Moment
}

// Sending is what must not have changed between the sending of a call and the keeping of its answer.
type Sending struct {
	sent       Moment
	generation uint64
}

// State is that of a verifier of callers C. All methods may be called by many goroutines at once.
type State[C any] struct {
	clock  Clock
	limits Limits
	// fresh is when the newest answered heartbeat was sent. A check reads it before it looks for the entry: what its message ended is
	// out of the entries by then, for atomic operations have one order in Go's memory model.
	fresh   atomic.Pointer[beat]
	bound   atomic.Int64
	entries *entries[C]

	// mu goes around a whole message, and around "compare with killed, then keep".
	mu     sync.Mutex
	killed *killed
	// known is the revision up to which everything was applied. Nil: nothing is known, begin afresh.
	known      *uint64
	generation uint64
	heartbeat  uint64
	beats      []*beat
	stream     *Stream
	closed     bool
}

// NewState begins with nothing known.
func NewState[C any](clock Clock, limits Limits) *State[C] {
	s := &State[C]{
		clock:   clock,
		limits:  limits,
		entries: newEntries[C](limits.MaxEntries),
		killed:  newKilled(limits.MaxDead),
	}
	s.bound.Store(int64(limits.Bound))
	return s
}

// IsOpen tells whether checks are answered from memory now.
func (s *State[C]) IsOpen() bool {
	fresh := s.fresh.Load()
	return fresh != nil && within(fresh.sent, s.bound.Load(), s.clock.Now())
}

// Size is how many tokens are kept.
func (s *State[C]) Size() int {
	return int(s.entries.size.Load())
}

// Find answers whom the token stands for, from memory. False says nothing of the token: ask the server.
func (s *State[C]) Find(token string) (caller C, found bool) {
	fresh := s.fresh.Load()
	now := s.clock.Now()
	if fresh == nil || !within(fresh.sent, s.bound.Load(), now) {
		return caller, false
	}
	// Now, and not before: a message may have emptied the entries and opened the verifier.
	kept := s.entries.get(token)
	if kept == nil || !within(kept.sent, kept.life, now) {
		return caller, false
	}
	return kept.caller, true
}

// Sending is taken when a call is about to be given to the stack.
func (s *State[C]) Sending() Sending {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Sending{s.clock.Now(), s.generation}
}

// Keep keeps an answer where nothing that is known ended the token since it was read. Only "active" is kept.
func (s *State[C]) Keep(token string, sending Sending, answer Answer[C]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !answer.Live {
		s.entries.remove(s.entries.get(token))
		return
	}
	if sending.generation != s.generation || s.killed.kills(answer.IDs, answer.Revision) {
		return
	}
	s.entries.put(&entry[C]{
		token: token, ids: answer.IDs, caller: answer.Caller, revision: answer.Revision,
		sent: sending.sent, life: int64(min(answer.TTL, s.limits.Age)),
	})
}

// Begin is called when a stream is about to be begun, and takes the place of the one before.
func (s *State[C]) Begin() *Stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	stream := &Stream{answered: s.clock.Now()}
	if s.known != nil {
		resume := *s.known
		stream.Resume = &resume
	}
	if !s.closed {
		s.stream = stream
	}
	return stream
}

// Beat answers the number of a heartbeat that is about to be given to the stack: its time is taken before that.
func (s *State[C]) Beat() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heartbeat++
	s.beats = append(s.beats, &beat{s.heartbeat, s.clock.Now()})
	if len(s.beats) > maxBeats {
		s.beats = s.beats[1:]
	}
	return s.heartbeat
}

// Acknowledged is what the stream may acknowledge: everything up to it is out of the cache. 0: nothing yet on this stream.
func (s *State[C]) Acknowledged(stream *Stream) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stream != s.stream || !stream.heard || s.known == nil {
		return 0
	}
	return *s.known
}

// Silent is for how long the stream has answered no heartbeat.
func (s *State[C]) Silent(stream *Stream) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Duration(s.clock.Now().Mono - stream.answered.Mono)
}

// Lose is called where the log does not go on at what is known: the next stream begins afresh. What was fresh is good until B.
func (s *State[C]) Lose(stream *Stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stream == s.stream {
		s.known = nil
	}
}

// Close forgets everything, for good.
func (s *State[C]) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.fresh.Store(nil)
	s.entries.clear()
	s.stream = nil
	s.generation++
}

// Receive applies a message of a stream.
func (s *State[C]) Receive(stream *Stream, message Message) Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stream != s.stream {
		return Old
	}
	if !message.Afresh && !s.continues(message) {
		s.known = nil
		return Broken
	}
	if message.Afresh {
		s.entries.clear()
		s.killed.afresh(message.Revision)
		s.generation++
	} else {
		for _, event := range message.Events {
			s.apply(event)
		}
	}
	revision := message.Revision
	s.known = &revision
	stream.heard = true
	// Last: who sees it must find nothing that the message ended.
	s.refresh(stream, message)
	return Applied
}

// continues tells whether the message goes on where this verifier stands, and leaves out no event.
func (s *State[C]) continues(message Message) bool {
	isNext := s.known != nil && message.Previous == *s.known && message.Revision >= message.Previous
	if !isNext || uint64(len(message.Events)) != message.Revision-message.Previous {
		return false
	}
	for index, event := range message.Events {
		if event.Revision != message.Previous+uint64(index)+1 {
			return false
		}
	}
	return true
}

func (s *State[C]) refresh(stream *Stream, message Message) {
	if message.LongestBound != nil {
		s.bound.Store(int64(min(s.limits.Bound, *message.LongestBound)))
	}
	for _, each := range s.beats {
		if each.number != message.Heartbeat {
			continue
		}
		stream.answered = s.clock.Now()
		if fresh := s.fresh.Load(); fresh == nil || each.number > fresh.number {
			s.fresh.Store(each)
		}
	}
}

// apply removes what the event ends, and remembers that for answers that are on their way.
func (s *State[C]) apply(event Event) {
	switch target := event.Target; target.Kind {
	case FamilyTarget:
		s.kill(s.entries.of(byFamily, target.Family), event.Revision)
	case SubjectTarget:
		s.kill(s.entries.of(bySubject, target.Subject), event.Revision)
	case ClientTarget:
		s.kill(s.entries.of(byClient, target.Client), event.Revision)
	case ConsentTarget:
		s.killConsent(target, event.Revision)
	default:
		s.entries.clear()
		s.killed.all(event.Revision)
		return
	}
	s.killed.add(event.Target, event.Revision)
}

func (s *State[C]) killConsent(target Target, revision uint64) {
	for _, each := range s.entries.of(bySubject, target.Subject) {
		if each.ids.Client == target.Client {
			s.kill([]*entry[C]{each}, revision)
		}
	}
}

// kill spares an answer that was read at the event or later: it knew of it.
func (s *State[C]) kill(found []*entry[C], revision uint64) {
	for _, each := range found {
		if each.revision < revision {
			s.entries.remove(each)
		}
	}
}
