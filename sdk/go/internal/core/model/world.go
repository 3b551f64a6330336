// Package model has a server and verifiers as an adversary would have them, to test the core against.
package model

import (
	"container/heap"
	"time"
)

const ms = time.Millisecond

// world is real time, and everything that waits for it.
type world struct {
	now time.Duration
	// watch is to be looked at after everything that happens.
	watch   func()
	delays  []time.Duration
	drawn   int
	waiting queue
	order   int
}

type waiting struct {
	at    time.Duration
	order int
	run   func()
}

type queue []waiting

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at < q[j].at || (q[i].at == q[j].at && q[i].order < q[j].order)
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(waiting)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// delay is how long the next thing takes.
func (w *world) delay() time.Duration {
	w.drawn++
	return w.delays[w.drawn%len(w.delays)]
}

func (w *world) after(span time.Duration, run func()) {
	w.at(w.now+span, run)
}

// at: what is to be at one time is in the order in which it was said.
func (w *world) at(at time.Duration, run func()) {
	w.order++
	heap.Push(&w.waiting, waiting{max(at, w.now), w.order, run})
}

func (w *world) runUntil(end time.Duration) {
	for len(w.waiting) > 0 && w.waiting[0].at <= end {
		next := heap.Pop(&w.waiting).(waiting)
		w.now = next.at
		next.run()
		w.watch()
	}
	w.now = end
}

// line keeps the order of what is on it, and takes any time.
type line struct {
	world *world
	last  time.Duration
}

func (l *line) carry(deliver func()) {
	l.last = max(l.last, l.world.now+l.world.delay())
	l.world.at(l.last, deliver)
}
