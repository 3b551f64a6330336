package model

import (
	"fmt"
	"time"

	"symbolon.internal/sdk/go/internal/core"
)

const (
	age      = 2_500 * ms
	rightAge = 1_700 * ms
)

// verifier drives the core: its clocks, its line to the server, its calls and its checks.
type verifier struct {
	world  *world
	server *server
	index  int
	limits limits
	state  *core.State[*token, *token]
	asks   *core.Asks[string, *token]
	rights *core.Asks[core.Question, *token]
	// hits are how many checks memory answered; wrong is the first answer that must not be.
	hits    int
	wrong   error
	asked   []asked
	denied  map[*token]bool
	between map[*token]bool
	// sleepsUntil is real; slept and step are what the clocks are apart from real time.
	sleepsUntil, slept, step time.Duration
	line                     *connection
}

type asked struct {
	ask          *core.Ask[*token]
	token        *token
	mustBeDenied bool
}

// connection is one stream, as this end has it.
type connection struct {
	current *core.Stream
	up      *line
	// stream is the server's end, once the first request is there.
	stream *stream
	isUp   bool
}

// stepwise is what a mutant may have: a check in two steps.
type stepwise interface {
	FindStepwise(text string, done func(found *token, ok bool))
}

// Now implements core.Clock. The clock on the wall is slewed as the other one is, and goes on while the machine sleeps.
func (v *verifier) Now() core.Moment {
	awake := v.world.now - v.slept + max(0, v.sleepsUntil-v.world.now)
	scale := func(span time.Duration) int64 { return int64(float64(span) * v.limits.rate) }
	return core.Moment{Mono: scale(awake), Wall: scale(v.world.now) + int64(v.step)}
}

func newVerifier(w *world, s *server, p plan, index int) *verifier {
	v := &verifier{world: w, server: s, index: index, denied: map[*token]bool{}, between: map[*token]bool{}}
	v.limits = limits{core.MaxBound, age, rightAge, p.rates[index+1]}
	v.state = core.NewState[*token, *token](v, core.Limits{
		Bound: core.MaxBound, Age: age, RightAge: rightAge, MaxEntries: 6, MaxDead: p.maxDead,
	})
	v.asks, v.rights = core.NewAsks(v.state), core.NewRightAsks(v.state)
	v.connect()
	v.beat()
	return v
}

// awake runs it when the machine is.
func (v *verifier) awake(run func()) {
	if v.world.now >= v.sleepsUntil {
		run()
	} else {
		v.world.at(v.sleepsUntil, func() { v.awake(run) })
	}
}

func (v *verifier) connect() {
	c := &connection{current: v.state.Begin(), up: &line{world: v.world}, isUp: true}
	v.line = c
	heartbeat := v.state.Beat()
	c.up.carry(func() {
		if !c.isUp {
			return
		}
		c.stream = &stream{verifier: v.index, sent: c.current.Resume, heartbeat: heartbeat}
		c.stream.receive = func(message core.Message, acknowledgeNow bool) {
			v.awake(func() { v.receive(c, message, acknowledgeNow) })
		}
		c.stream.ended = func(isOutOfRange bool) { v.awake(func() { v.ended(c, isOutOfRange) }) }
		v.server.connect(c.stream)
	})
}

func (v *verifier) receive(c *connection, message core.Message, acknowledgeNow bool) {
	switch v.state.Receive(c.current, message) {
	case core.Broken:
		v.drop(c)
		v.ended(c, false)
	case core.Applied:
		if acknowledgeNow {
			v.tell(c, 0)
		}
	}
}

func (v *verifier) tell(c *connection, heartbeat uint64) {
	acknowledged := v.state.Acknowledged(c.current)
	c.up.carry(func() {
		if c.stream != nil {
			v.server.hear(c.stream, heartbeat, acknowledged)
		}
	})
}

// drop: the server learns of an end that was on this side, sooner or later.
func (v *verifier) drop(c *connection) {
	c.isUp = false
	v.world.after(v.world.delay(), func() {
		if c.stream != nil {
			v.server.close(c.stream)
		}
	})
}

func (v *verifier) ended(c *connection, isOutOfRange bool) {
	if c != v.line {
		return
	}
	v.line, c.isUp = nil, false
	if isOutOfRange {
		v.state.Lose(c.current)
	}
	v.world.after(v.world.delay(), func() { v.awake(v.connect) })
}

func (v *verifier) beat() {
	v.world.after(time.Duration(float64(core.HeartbeatEvery)/v.limits.rate), func() { v.awake(v.beat) })
	c := v.line
	if c == nil {
		return
	}
	if v.state.Silent(c.current) >= core.Patience(0) {
		v.drop(c)
		v.ended(c, false)
	} else {
		v.tell(c, v.state.Beat())
	}
}

// cut ends the line. Who notices first, the other one later.
func (v *verifier) cut(isServerFirst bool) {
	c := v.line
	if c == nil || c.stream == nil {
		return
	}
	if isServerFirst {
		v.server.close(c.stream)
		c.stream.down.carry(func() { v.awake(func() { v.ended(c, false) }) })
	} else {
		v.drop(c)
		v.ended(c, false)
	}
}

// lose: the member of this stream died.
func (v *verifier) lose(lost *stream) {
	if c := v.line; c != nil && c.stream == lost {
		v.world.after(v.world.delay(), func() { v.awake(func() { v.ended(c, false) }) })
	}
}

func (v *verifier) sleep(span time.Duration) {
	if v.world.now >= v.sleepsUntil {
		v.sleepsUntil = v.world.now + span
		v.slept += span
	}
}

// probe is a check that memory can answer, or nobody is asked.
func (v *verifier) probe(t *token) {
	if v.world.now < v.sleepsUntil {
		return
	}
	mustBeDenied := t.mustBeDenied(v.world.now, v.limits)
	judge := func(_ *token, found bool) {
		if found {
			v.hits++
		}
		v.judge(t, mustBeDenied, found, "from memory")
	}
	if slow, ok := any(v.state).(stepwise); !ok || t.isRight {
		judge(v.find(t))
	} else if !v.between[t] {
		v.between[t] = true
		slow.FindStepwise(t.text, func(found *token, ok bool) {
			v.between[t] = false
			judge(found, ok)
		})
	}
	if mustBeDenied && !v.denied[t] {
		// The first check that must not say active asks, too.
		v.denied[t] = true
		v.lookUp(t)
	}
}

func (v *verifier) find(t *token) (*token, bool) {
	if t.isRight {
		return v.state.FindRight(t.question())
	}
	return v.state.Find(t.text)
}

func (v *verifier) judge(t *token, mustBeDenied, found bool, how string) {
	if mustBeDenied && found && v.wrong == nil {
		v.wrong = fmt.Errorf("verifier %d says active %s at %v of %+v", v.index, how, v.world.now, *t)
	}
}

// lookUp is a check that asks where memory can't answer.
func (v *verifier) lookUp(t *token) {
	if v.world.now < v.sleepsUntil {
		return
	}
	mustBeDenied := t.mustBeDenied(v.world.now, v.limits)
	if _, found := v.find(t); found {
		v.judge(t, mustBeDenied, true, "from memory")
		return
	}
	if t.isRight {
		join(v, v.rights, t, t.question(), func(question core.Question) string { return question.Token })
	} else {
		join(v, v.asks, t, t.text, func(text string) string { return text })
	}
}

func join[Q comparable](v *verifier, asks *core.Asks[Q, *token], t *token, question Q, textOf func(Q) string) {
	ask, isFirst := asks.Join(question)
	v.asked = append(v.asked, asked{ask, t, t.mustBeDenied(v.world.now, v.limits)})
	if isFirst {
		v.world.after(v.world.delay()%(7*ms), func() { v.awake(func() { send(v, asks, textOf) }) })
	}
}

func send[Q comparable](v *verifier, asks *core.Asks[Q, *token], textOf func(Q) string) {
	for _, batch := range asks.Send() {
		v.world.after(v.world.delay(), func() {
			var answers []core.Answer[*token]
			for _, question := range batch.Questions {
				answers = append(answers, v.server.introspect(textOf(question)))
			}
			v.world.after(v.world.delay(), func() {
				v.awake(func() {
					if err := asks.Answer(batch, answers); err != nil {
						panic(err)
					}
					v.answered()
				})
			})
		})
	}
}

func (v *verifier) answered() {
	var left []asked
	for _, each := range v.asked {
		select {
		case <-each.ask.Done:
			v.judge(each.token, each.mustBeDenied, each.ask.Live, "from a call")
		default:
			left = append(left, each)
		}
	}
	v.asked = left
}
