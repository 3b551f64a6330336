package main

import (
	"syscall"
	"time"
)

// When the calls of one connection are due. Each counts from that moment, though it could not begin before: a server that stood still for
// a second delayed all calls that were due in it, and not one. Nil where a call is due as soon as there is room for it.
type pace struct {
	interval time.Duration
	due      time.Time
}

// The connections take turns.
func newPace(p *plan, connection int) *pace {
	if p.Rate <= 0 {
		return nil
	}
	between := time.Duration(float64(time.Second) / p.Rate)
	offset := between * time.Duration(connection)
	return &pace{interval: between * time.Duration(p.Connections), due: time.Now().Add(offset)}
}

func (p *pace) isDue() bool {
	return p == nil || time.Since(p.due) >= 0
}

// From when the call counts that begins now.
func (p *pace) take() time.Time {
	if p == nil {
		return time.Now()
	}
	due := p.due
	p.due = due.Add(p.interval)
	return due
}

// The timers of Go wake half a millisecond late; the kernel's do not. Where calls are behind, it waits a moment nevertheless.
func (p *pace) wait() {
	if p == nil {
		return
	}
	for {
		moment := max(time.Until(p.due), minWait)
		duration := syscall.NsecToTimespec(moment.Nanoseconds())
		// A signal may cut it short, such as those of Go's own collector.
		_ = syscall.Nanosleep(&duration, nil)
		if p.isDue() {
			return
		}
	}
}

const minWait = 50 * time.Microsecond
