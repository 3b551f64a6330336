package main

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

type phase int

const (
	// absent: nobody has logged in yet.
	absent phase = iota
	live
	dead
)

// unseen names a pair that was made and that nobody was answered yet.
const unseen = -1

// family is all that decides about one login: the rules of the decisions 0044 and 0045, without time. Every lifetime is longer than a
// history.
type family struct {
	phase phase
	// generation counts refreshes, and pair is the current one.
	generation int
	pair       int
	// used: the access token of the current pair was said to be active, so the server was told to end the repeat of the refresh that
	// made it. It is told without being waited for, and may not have heard. Until it has, a repeat is answered; from then on it is
	// theft. So both are right while this holds.
	used bool
	// disabled: the user can't log in.
	disabled bool
}

// step is one way in which an operation may go: the answer, and the family after it.
type step struct {
	answer output
	next   family
}

func answered(kind string, next family) step {
	return step{output{Kind: kind}, next}
}

func (f family) died() family {
	return family{phase: dead, disabled: f.disabled}
}

// steps lists every way in which an operation may go that is executed now.
func (f family) steps(in input) []step {
	switch in.Kind {
	case "issue":
		return f.issue()
	case "introspect":
		return f.introspect(in)
	case "refresh":
		return f.refresh(in)
	case "revoke":
		if f.phase == absent {
			return nil
		}
		return []step{answered("done", f.died())}
	case "revoke_all", "disable", "enable":
		return []step{answered("done", f.cutOff(in.Kind))}
	default:
		return nil
	}
}

// issue always carries the same request id: who repeats it gets the same pair, unless that was refreshed or ended since.
func (f family) issue() []step {
	switch {
	case f.disabled:
		return []step{answered("denied", f)}
	case f.phase == absent:
		return []step{{output{Kind: "pair", Pair: unseen, Generation: 0}, family{phase: live, pair: unseen}}}
	case f.phase == live && f.generation == 0:
		return []step{{output{Kind: "pair", Pair: f.pair, Generation: 0}, f}}
	default:
		return []step{answered("reused", f)}
	}
}

func (f family) introspect(in input) []step {
	switch {
	case f.phase == dead, f.phase == live && in.Generation < f.generation:
		return []step{answered("inactive", f)}
	case f.phase == live && f.isCurrent(in):
		next := f
		next.used = f.generation > 0
		return []step{{output{Kind: "active", Pair: f.pair, Generation: f.generation}, next}}
	default:
		return nil
	}
}

// refresh is decided by five cases. The last, a token of another history, can't be: no store goes back here.
func (f family) refresh(in input) []step {
	switch {
	case f.phase == dead:
		return []step{answered("refused", f)}
	case f.phase == absent:
		return nil
	case f.isCurrent(in):
		next := f
		next.generation, next.pair, next.used = f.generation+1, unseen, false
		return []step{{output{Kind: "pair", Pair: unseen, Generation: next.generation}, next}}
	case in.Generation == f.generation-1:
		again := step{output{Kind: "pair", Pair: f.pair, Generation: f.generation}, f}
		if f.used {
			return []step{again, answered("refused", f.died())}
		}
		return []step{again}
	case in.Generation < f.generation:
		return []step{answered("refused", f.died())}
	default:
		return nil
	}
}

func (f family) isCurrent(in input) bool {
	return in.Generation == f.generation && in.Pair == f.pair
}

// cutOff is what befalls the user. Whom nobody has logged in as yet has nothing to lose.
func (f family) cutOff(kind string) family {
	next := f
	if kind != "enable" && f.phase == live {
		next = f.died()
	}
	switch kind {
	case "disable":
		next.disabled = true
	case "enable":
		next.disabled = false
	}
	return next
}

// after answers the families that there may be after an operation; none when it can't have been answered so.
func (f family) after(in input, out *output) []interface{} {
	var next []interface{}
	if out == nil {
		// It may never have been executed.
		next = append(next, f)
	}
	for _, way := range f.steps(in) {
		if out == nil {
			next = append(next, way.next)
		} else if named, ok := way.accept(*out); ok {
			next = append(next, named)
		}
	}
	return next
}

// accept tells whether this is what was answered. A pair that nobody had seen has a name from then on.
func (s step) accept(out output) (family, bool) {
	if out.Kind != s.answer.Kind {
		return family{}, false
	}
	switch out.Kind {
	case "pair", "active":
		next := s.next
		if s.answer.Pair == unseen && out.Kind == "pair" {
			next.pair = out.Pair
		}
		return next, out.Generation == s.answer.Generation && out.Pair == next.pair
	default:
		return s.next, true
	}
}

func (f family) String() string {
	switch f.phase {
	case absent:
		return fmt.Sprintf("absent, disabled: %t", f.disabled)
	case dead:
		return fmt.Sprintf("dead, disabled: %t", f.disabled)
	default:
		return fmt.Sprintf("generation %d, pair %d, used: %t", f.generation, f.pair, f.used)
	}
}

// familyModel is the model of one family for porcupine.
func familyModel() porcupine.Model {
	model := porcupine.NondeterministicModel{
		Init: func() []interface{} { return []interface{}{family{}} },
		Step: func(state, in, out interface{}) []interface{} {
			return state.(family).after(in.(input), out.(*output))
		},
		Equal:             func(one, other interface{}) bool { return one.(family) == other.(family) },
		Hash:              func(state interface{}) uint64 { return state.(family).hash() },
		DescribeOperation: func(in, out interface{}) string { return fmt.Sprintf("%v: %v", in, out) },
		DescribeState:     func(state interface{}) string { return state.(family).String() },
	}
	return model.ToModel()
}

func (f family) hash() uint64 {
	h := uint64(14695981039346656037)
	for _, field := range []int{int(f.phase), f.generation, f.pair, toInt(f.used), toInt(f.disabled)} {
		h = (h ^ uint64(field)) * 1099511628211
	}
	return h
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
