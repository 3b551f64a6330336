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
	// Age is of tokens, and RightAge of answers of Check.
	Bound, Age, RightAge time.Duration
	// MaxEntries is of tokens, and of answers of Check too.
	MaxEntries, MaxDead int
}

// DefaultLimits are those of docs/verifier.md.
func DefaultLimits() Limits {
	return Limits{Bound: MaxBound, Age: MaxAge, RightAge: MaxRightAge, MaxEntries: MaxEntries, MaxDead: MaxKilled}
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

// State is that of a verifier: of tokens it keeps callers C, and of questions of Check answers R. All methods may be called by many goroutines at once.
type State[C, R any] struct {
	clock  Clock
	limits Limits
	// fresh is when the newest answered heartbeat was sent. A check reads it before it looks for the entry: what its message ended is
	// out of the entries by then, for atomic operations have one order in Go's memory model.
	fresh   atomic.Pointer[beat]
	bound   atomic.Int64
	entries *entries[string, C]
	// rights are the questions that are allowed.
	rights *entries[Question, R]

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
func NewState[C, R any](clock Clock, limits Limits) *State[C, R] {
	s := &State[C, R]{
		clock:   clock,
		limits:  limits,
		entries: newEntries[string, C](limits.MaxEntries),
		rights:  newEntries[Question, R](limits.MaxEntries),
		killed:  newKilled(limits.MaxDead),
	}
	s.bound.Store(int64(limits.Bound))
	return s
}

// IsOpen tells whether checks are answered from memory now.
func (s *State[C, R]) IsOpen() bool {
	_, isOpen := s.look()
	return isOpen
}

// look looks at the clock and at freshness, before anything else.
func (s *State[C, R]) look() (now Moment, isOpen bool) {
	fresh := s.fresh.Load()
	now = s.clock.Now()
	return now, fresh != nil && within(fresh.sent, s.bound.Load(), now)
}

// Size is how many tokens are kept.
func (s *State[C, R]) Size() int {
	return int(s.entries.size.Load())
}

// Find answers whom the token stands for, from memory. False says nothing of the token: ask the server.
func (s *State[C, R]) Find(token string) (caller C, found bool) {
	now, isOpen := s.look()
	if !isOpen {
		return caller, false
	}
	// Now, and not before: a message may have emptied the entries and opened the verifier.
	return s.entries.find(token, now)
}

// FindRight answers what the bearer may do, from memory. False says nothing of it: ask the server.
func (s *State[C, R]) FindRight(question Question) (right R, found bool) {
	now, isOpen := s.look()
	if !isOpen {
		return right, false
	}
	return s.rights.find(question, now)
}

// Sending is taken when a call is about to be given to the stack.
func (s *State[C, R]) Sending() Sending {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Sending{s.clock.Now(), s.generation}
}

// Keep keeps an answer where nothing that is known ended the token since it was read. Only "active" is kept.
func (s *State[C, R]) Keep(token string, sending Sending, answer Answer[C]) {
	keep(s, s.entries, token, sending, answer, s.limits.Age)
}

// KeepRight is the same of an answer of Check. Only "allowed" is kept: the user may grant in the next moment what is not.
func (s *State[C, R]) KeepRight(question Question, sending Sending, answer Answer[R]) {
	keep(s, s.rights, question, sending, answer, s.limits.RightAge)
}

func keep[C, R any, K comparable, V any](s *State[C, R], kept *entries[K, V], key K, sending Sending, answer Answer[V], age time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !answer.Live {
		kept.remove(kept.get(key))
		return
	}
	if sending.generation != s.generation || s.killed.kills(answer.IDs, answer.Revision) {
		return
	}
	kept.put(&entry[K, V]{
		key: key, ids: answer.IDs, value: answer.Value, revision: answer.Revision,
		sent: sending.sent, life: int64(min(answer.TTL, age)),
	})
}

// Begin is called when a stream is about to be begun, and takes the place of the one before.
func (s *State[C, R]) Begin() *Stream {
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
func (s *State[C, R]) Beat() uint64 {
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
func (s *State[C, R]) Acknowledged(stream *Stream) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stream != s.stream || !stream.heard || s.known == nil {
		return 0
	}
	return *s.known
}

// Silent is for how long the stream has answered no heartbeat.
func (s *State[C, R]) Silent(stream *Stream) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Duration(s.clock.Now().Mono - stream.answered.Mono)
}

// Lose is called where the log does not go on at what is known: the next stream begins afresh. What was fresh is good until B.
func (s *State[C, R]) Lose(stream *Stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stream == s.stream {
		s.known = nil
	}
}

// Close forgets everything, for good.
func (s *State[C, R]) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.fresh.Store(nil)
	s.clear()
	s.stream = nil
	s.generation++
}

// Receive applies a message of a stream.
func (s *State[C, R]) Receive(stream *Stream, message Message) Outcome {
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
		s.clear()
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
func (s *State[C, R]) continues(message Message) bool {
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

func (s *State[C, R]) refresh(stream *Stream, message Message) {
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
func (s *State[C, R]) apply(event Event) {
	switch event.Target.Kind {
	case FamilyTarget, SubjectTarget, ClientTarget, ConsentTarget:
		s.entries.end(event)
		s.rights.end(event)
		s.killed.add(event.Target, event.Revision)
	default:
		s.clear()
		s.killed.all(event.Revision)
	}
}

func (s *State[C, R]) clear() {
	s.entries.clear()
	s.rights.clear()
}
