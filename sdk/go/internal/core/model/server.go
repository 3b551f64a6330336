package model

import (
	"time"

	"symbolon.internal/sdk/go/internal/core"
)

const wait = 1_200 * ms

// server has a tenant's log, streams, readings of the log, and the barrier.
type server struct {
	world    *world
	wait     time.Duration
	tokens   []*token
	log      map[uint64]core.Target
	revision uint64
	// oldest: what is before it was purged.
	oldest    uint64
	streams   []*stream
	barriers  []*barrier
	crashedAt time.Duration
}

// stream is the server's end of one.
type stream struct {
	verifier     int
	receive      func(core.Message, bool)
	ended        func(isOutOfRange bool)
	down         *line
	sent         *uint64
	acknowledged uint64
	heartbeat    uint64
	reading      bool
	mustRead     bool
	hasSent      bool
	// closedAt is never while it is open.
	closedAt time.Duration
}

type barrier struct {
	revision uint64
	tokens   []*token
	answered bool
}

func newServer(w *world, rate float64) *server {
	slow := time.Duration(float64(wait) / rate)
	return &server{world: w, wait: slow, log: map[uint64]core.Target{}, revision: 7, oldest: 7, crashedAt: -time.Hour}
}

// connect is when a stream's first request arrives.
func (s *server) connect(added *stream) {
	for _, each := range s.streams {
		if each.verifier == added.verifier {
			s.close(each)
		}
	}
	added.closedAt, added.down = never, &line{world: s.world}
	if added.sent != nil {
		added.acknowledged = *added.sent
	}
	s.streams = append(s.streams, added)
	s.read(added)
}

// hear is when a later request arrives.
func (s *server) hear(from *stream, heartbeat, acknowledged uint64) {
	if from.closedAt != never {
		return
	}
	from.acknowledged = max(from.acknowledged, acknowledged)
	s.settle()
	if heartbeat > from.heartbeat {
		from.heartbeat = heartbeat
		s.read(from)
	}
}

// close is when the server notices that a stream has ended, or ends it.
func (s *server) close(each *stream) {
	if each.closedAt == never {
		each.closedAt = s.world.now
	}
}

// crash: a member dies, and its registry with it. Answers the streams that it had.
func (s *server) crash() []*stream {
	lost := s.streams
	for _, each := range lost {
		s.close(each)
	}
	s.streams, s.crashedAt = nil, s.world.now
	return lost
}

func (s *server) revoke(target core.Target, named *token, waits bool) {
	s.revision++
	s.log[s.revision] = target
	var hit []*token
	for _, each := range s.tokens {
		if each.isHit(target, named) {
			hit = append(hit, each)
		}
	}
	s.end(hit, waits)
}

// leap is a restore: the revision leaps, the log has a gap, and no event tells of what ended. Streams may live through it.
func (s *server) leap() {
	s.revision += 1_000
	s.end(s.tokens, false)
}

func (s *server) introspect(text string) core.Answer[*token] {
	for _, each := range s.tokens {
		isLive := each.endedAt == never && each.replacedAt == never && each.expiresAt > s.world.now
		if each.text == text && isLive {
			left := each.expiresAt - s.world.now
			return core.Answer[*token]{Revision: s.revision, Live: true, IDs: each.ids, Value: each, TTL: left}
		}
	}
	return core.Answer[*token]{Revision: s.revision}
}

func (s *server) end(hit []*token, waits bool) {
	for _, each := range hit {
		if each.endedAt == never {
			each.endedRevision, each.endedAt = s.revision, s.world.now
		}
	}
	if waits {
		b := &barrier{revision: s.revision, tokens: hit}
		s.barriers = append(s.barriers, b)
		s.world.after(s.wait, func() { s.answer(b) })
	}
	for _, each := range s.streams {
		s.read(each)
	}
	s.settle()
}

// read begins a reading for a stream, or another one after that which goes on.
func (s *server) read(each *stream) {
	each.mustRead = true
	if each.reading || each.closedAt != never {
		return
	}
	each.mustRead, each.reading = false, true
	heartbeat, revision := each.heartbeat, s.revision
	s.world.after(s.world.delay(), func() {
		each.reading = false
		if each.closedAt != never {
			return
		}
		s.tell(each, revision, heartbeat)
		if each.mustRead {
			s.read(each)
		}
	})
}

func (s *server) tell(each *stream, revision, heartbeat uint64) {
	message := core.Message{Previous: revision, Revision: revision, Heartbeat: heartbeat, Afresh: each.sent == nil}
	if each.sent != nil {
		message.Previous = *each.sent
		for at := *each.sent + 1; at <= revision; at++ {
			if target, ok := s.log[at]; ok {
				message.Events = append(message.Events, core.Event{Revision: at, Target: target})
			}
		}
		isWhole := *each.sent <= revision && uint64(len(message.Events)) == revision-*each.sent
		// Whoever connects is told of any gap. A stream that is open has to see for itself that events are missing.
		if *each.sent < s.oldest || *each.sent > revision || (!each.hasSent && !isWhole) {
			s.close(each)
			each.down.carry(func() { each.ended(true) })
			return
		}
	}
	if !each.hasSent {
		bound := core.MaxBound
		message.LongestBound = &bound
	}
	acknowledgeNow := false
	for _, b := range s.barriers {
		acknowledgeNow = acknowledgeNow || (!b.answered && b.revision <= revision)
	}
	each.sent, each.hasSent = &revision, true
	each.down.carry(func() { each.receive(message, acknowledgeNow) })
}

// settle answers the barriers that no stream holds back.
func (s *server) settle() {
	if s.world.now-s.crashedAt < s.wait {
		return
	}
	for _, b := range s.barriers {
		isHeld := false
		for _, each := range s.streams {
			counts := each.closedAt == never || s.world.now-each.closedAt < s.wait
			isHeld = isHeld || (counts && each.acknowledged < b.revision)
		}
		if !isHeld {
			s.answer(b)
		}
	}
}

func (s *server) answer(b *barrier) {
	if b.answered {
		return
	}
	b.answered = true
	for _, each := range b.tokens {
		if each.promisedAt == never {
			each.promisedAt = s.world.now
		}
	}
}
