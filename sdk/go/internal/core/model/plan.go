package model

import (
	"math/rand/v2"
	"time"

	"symbolon.internal/sdk/go/internal/core"
)

// plan is what one run does.
type plan struct {
	// sleeps: machines sleep, else clocks are set to another time. Both at once is beyond any protocol.
	sleeps bool
	// rates are how fast the clocks of the server and the verifiers go.
	rates   [3]float64
	maxDead int
	delays  []time.Duration
	actions []action
}

type actionKind int

const (
	lookUp actionKind = iota
	revoke
	cut
	crash
	purge
	leap
	refresh
	issue
	setClock
)

// weights are how often each kind is drawn.
var weights = map[actionKind]int{lookUp: 8, revoke: 5, cut: 3, crash: 1, purge: 2, leap: 1, refresh: 2, issue: 5, setClock: 2}

type action struct {
	kind            actionKind
	after           time.Duration
	verifier, token int
	target          core.TargetKind
	// choice is after which id of a token an event is named.
	choice int
	flag   bool
	span   time.Duration
}

func pick[T any](random *rand.Rand, all ...T) T {
	return all[random.IntN(len(all))]
}

func draw(random *rand.Rand) plan {
	p := plan{sleeps: pick(random, true, false), maxDead: pick(random, 1, 2, 100)}
	for index := range p.rates {
		// A bit more than chrony slews by.
		p.rates[index] = pick(random, 0.92, 1, 1, 1.08)
	}
	for range 24 {
		p.delays = append(p.delays, drawDelay(random))
	}
	for range 4 + random.IntN(13) {
		p.actions = append(p.actions, drawAction(random))
	}
	return p
}

func drawDelay(random *rand.Rand) time.Duration {
	if random.IntN(26) < 20 {
		return pick[time.Duration](random, 0, 1, 3, 10, 25) * ms
	}
	return pick[time.Duration](random, 60, 200, 500, 800, 1_150, 1_600) * ms
}

func drawAction(random *rand.Rand) action {
	var kinds []actionKind
	for kind := lookUp; kind <= setClock; kind++ {
		for range weights[kind] {
			kinds = append(kinds, kind)
		}
	}
	a := action{
		kind:     pick(random, kinds...),
		after:    pick[time.Duration](random, 0, 0, 0, 5, 30, 100, 300, 900) * ms,
		verifier: random.IntN(2),
		token:    random.IntN(16),
		choice:   pick(random, 0, 1, 2, 2),
		flag:     pick(random, true, false),
		target: pick(random, core.FamilyTarget, core.FamilyTarget, core.SubjectTarget, core.ClientTarget, core.ConsentTarget,
			core.TenantTarget, core.UnknownTarget),
	}
	if a.kind == issue {
		a.span = pick[time.Duration](random, 700, 1_500, 100_000) * ms
	} else {
		a.span = pick[time.Duration](random, -5_000, -1_000, -50, 700, 3_000, 10_000) * ms
	}
	return a
}
