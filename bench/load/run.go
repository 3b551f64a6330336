package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

type result struct {
	CallsPerSecond float64  `json:"callsPerSecond"`
	MeasuredCalls  int      `json:"measuredCalls"`
	Calls          int      `json:"calls"`
	Failed         int      `json:"failed"`
	Failures       []string `json:"failures"`
	P50Ms          float64  `json:"p50Ms"`
	P99Ms          float64  `json:"p99Ms"`
	Seconds        float64  `json:"seconds"`
	Load           cpuUse   `json:"load"`
	Server         cpuUse   `json:"server"`
	StoreBusy      float64  `json:"storeBusy"`
	// That watches were told, all of them together, from the first moment on.
	Events  int      `json:"events"`
	Answers [][]byte `json:"answers"`
}

// What goes over one connection: it keeps so many calls in flight as long as there are messages.
type connection interface {
	serve() error
}

// A run is shared by its connections, each of which counts in a tally of its own.
type run struct {
	plan        *plan
	messages    messages
	answerStart []byte
	ending      atomic.Bool
	measuring   atomic.Bool
}

// What was counted on one connection. Only that connection writes it, until it has ended or the time is over.
type tally struct {
	sync.Mutex
	run       *run
	latencies []time.Duration
	calls     int
	failed    int
	failures  map[string]bool
	answers   [][]byte
	// Of watches.
	events int
}

const maxFailures = 5

func carryOut(p *plan) (*result, error) {
	start, err := hex.DecodeString(p.AnswerStart)
	if err != nil {
		return nil, fmt.Errorf("answerStart is not in hex: %w", err)
	}
	r := &run{plan: p, messages: newMessages(p), answerStart: start}
	tallies := make([]*tally, p.Connections)
	ended := make(chan error, p.Connections)
	for i := range tallies {
		tallies[i] = &tally{run: r, failures: map[string]bool{}}
		c, err := open(r, tallies[i], newPace(p, i))
		if err != nil {
			return nil, err
		}
		go func() { ended <- c.serve() }()
	}
	all := waitFor(ended, p.Connections)
	measured, err := r.measure(tallies, all)
	if err != nil {
		return nil, err
	}
	if err := <-all; err != nil {
		return nil, err
	}
	for _, t := range tallies {
		measured.Calls += t.calls
		measured.Failed += t.failed
		measured.Events += t.events
		measured.Answers = append(measured.Answers, t.answers...)
		for failure := range t.failures {
			if len(measured.Failures) < maxFailures {
				measured.Failures = append(measured.Failures, failure)
			}
		}
	}
	return measured, nil
}

func open(r *run, t *tally, p *pace) (connection, error) {
	switch r.plan.Protocol {
	case "http":
		return newHTTPConnection(r, t, p), nil
	case "watch":
		return dialWatches(r, t)
	default:
		return dialGRPC(r, t, p)
	}
}

// One answer for all, which may be taken many times.
func waitFor(ended <-chan error, count int) <-chan error {
	all := make(chan error, 2)
	go func() {
		var first error
		for range count {
			if err := <-ended; err != nil && first == nil {
				first = err
				break
			}
		}
		all <- first
		all <- first
	}()
	return all
}

// From the end of the warm-up to the end of the time, or to the last answer when messages run out before.
func (r *run) measure(tallies []*tally, all <-chan error) (*result, error) {
	if err, isOver := sleep(r.plan.WarmupSeconds, all); isOver && err != nil {
		return nil, err
	}
	if r.plan.WarmupSeconds > 0 {
		for _, t := range tallies {
			t.take()
		}
	}
	load, server, store := startMeter(0), startMeter(r.plan.ServerPID), startFamilyMeter(r.plan.StorePID)
	begin := time.Now()
	if err, isOver := sleep(r.plan.Seconds, all); isOver && err != nil {
		return nil, err
	}
	seconds := time.Since(begin).Seconds()
	measured := &result{Failures: []string{}, Answers: [][]byte{}, Seconds: seconds, Load: load(), Server: server(), StoreBusy: store()}
	var latencies []time.Duration
	for _, t := range tallies {
		latencies = append(latencies, t.take()...)
	}
	r.ending.Store(true)
	sort.Slice(latencies, func(i, j int) bool { return latencies[i] < latencies[j] })
	measured.MeasuredCalls = len(latencies)
	measured.CallsPerSecond = float64(len(latencies)) / seconds
	measured.P50Ms, measured.P99Ms = at(latencies, 0.5), at(latencies, 0.99)
	return measured, nil
}

func at(sorted []time.Duration, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[int(float64(len(sorted)-1)*share)].Microseconds()) / 1_000
}

func sleep(seconds float64, all <-chan error) (error, bool) {
	select {
	case err := <-all:
		return err, true
	case <-time.After(time.Duration(seconds * float64(time.Second))):
		return nil, false
	}
}

// The next message to send; nil when this connection shall send no more.
func (r *run) next() []byte {
	if r.ending.Load() {
		return nil
	}
	return r.messages.next()
}

func (t *tally) count(answer []byte, failure string, took time.Duration) {
	r := t.run
	if failure == "" && !bytes.HasPrefix(answer, r.answerStart) {
		failure = "an answer that begins otherwise"
	}
	t.Lock()
	defer t.Unlock()
	t.calls++
	t.latencies = append(t.latencies, took)
	if failure != "" {
		t.failed++
		if len(t.failures) < maxFailures {
			t.failures[failure] = true
		}
		return
	}
	r.messages.answered(answer)
	if r.plan.KeepAnswers {
		t.answers = append(t.answers, bytes.Clone(answer))
	}
}

func (t *tally) countEvents(count int) {
	t.Lock()
	defer t.Unlock()
	t.events += count
}

// The latencies since they were taken last.
func (t *tally) take() []time.Duration {
	t.Lock()
	defer t.Unlock()
	taken := t.latencies
	t.latencies = make([]time.Duration, 0, cap(taken))
	return taken
}
