package model

import (
	"fmt"
	"math/rand/v2"

	"symbolon.internal/sdk/go/internal/core"
	"symbolon.internal/sdk/go/internal/core/model/later"
)

const settled = 3_500 * ms

// Run does as many runs as are asked for, and answers how many checks memory answered. The error is the first answer that must not be.
func Run(seed uint64, runs int) (hits int, err error) {
	for index := range runs {
		p := draw(rand.New(rand.NewPCG(seed, uint64(index))))
		found, err := p.run()
		if err != nil {
			return hits, fmt.Errorf("run %d of seed %d: %w", index, seed, err)
		}
		hits += found
	}
	return hits, nil
}

// game is one run.
type game struct {
	plan      plan
	world     *world
	server    *server
	verifiers []*verifier
}

func (p plan) run() (int, error) {
	w := &world{delays: p.delays}
	later.Do = func(run func()) { w.after(max(ms, w.delay()), run) }
	g := &game{plan: p, world: w, server: newServer(w, p.rates[0])}
	for index := range 4 {
		g.issue(index, action{span: 100_000 * ms})
	}
	for index := range 2 {
		g.verifiers = append(g.verifiers, newVerifier(w, g.server, p, index))
	}
	w.watch = func() {
		for _, t := range g.server.tokens {
			for _, v := range g.verifiers {
				v.probe(t)
			}
		}
	}
	for _, t := range g.server.tokens {
		for _, v := range g.verifiers {
			v.lookUp(t)
		}
	}
	at := 60 * ms // Late enough for most to be open.
	for _, a := range p.actions {
		at += a.after
		w.at(at, func() { g.act(a) })
	}
	w.runUntil(at + settled)
	hits := 0
	for _, v := range g.verifiers {
		if v.wrong != nil {
			return 0, v.wrong
		}
		hits += v.hits
	}
	return hits, nil
}

func (g *game) issue(index int, a action) {
	ids := core.IDs{
		Family: fmt.Sprint("f", len(g.server.tokens)), Subject: fmt.Sprint("s", index%2), Client: fmt.Sprint("c", index/2%2),
	}
	g.add(&token{ids: ids, expiresAt: g.world.now + a.span})
	// A user by whose right it is allowed may have tokens of its own.
	ids.User, ids.Device = fmt.Sprint("s", index/2%2), fmt.Sprint("d", index%2)
	g.add(&token{ids: ids, expiresAt: g.world.now + a.span, isRight: true})
}

func (g *game) add(t *token) {
	t.text, t.endedAt, t.promisedAt, t.replacedAt = fmt.Sprint("token ", len(g.server.tokens)), never, never, never
	g.server.tokens = append(g.server.tokens, t)
}

// token answers one that lives, while there are some: these are of interest.
func (g *game) token(index int) *token {
	var living []*token
	for _, t := range g.server.tokens {
		if t.endedAt == never && t.replacedAt == never {
			living = append(living, t)
		}
	}
	if len(living) == 0 {
		living = g.server.tokens
	}
	return living[index%len(living)]
}

func (g *game) act(a action) {
	v := g.verifiers[a.verifier]
	switch a.kind {
	case lookUp:
		v.lookUp(g.token(a.token))
	case revoke:
		named := g.token(a.token)
		g.server.revoke(named.target(a.target, a.choice), named, a.flag)
	case cut:
		v.cut(a.flag)
	case crash:
		for _, lost := range g.server.crash() {
			for _, each := range g.verifiers {
				each.lose(lost)
			}
		}
	case purge:
		g.server.oldest = g.server.revision
	case leap:
		g.server.leap()
	case refresh:
		if t := g.token(a.token); t.replacedAt == never {
			t.replacedAt = g.world.now
		}
	case issue:
		g.issue(a.token, a)
		for _, each := range g.verifiers {
			for _, added := range g.server.tokens[len(g.server.tokens)-2:] {
				each.lookUp(added)
			}
		}
	case setClock:
		if g.plan.sleeps {
			v.sleep(a.span.Abs())
		} else {
			v.step += a.span
		}
	}
}
