package core

import "time"

// Moment is when something was, by both clocks. Nanoseconds since times of their own.
type Moment struct {
	// Mono never goes back. It may stand still while the machine sleeps.
	Mono int64
	// Wall is the time of day, which people and NTP set.
	Wall int64
}

// Clock tells the time. Now is called by every check.
type Clock interface {
	Now() Moment
}

// within tells whether less than span passed between since and now, by both clocks. The monotonic one misses the time that a machine
// slept, the other one the time that it was set back by. A time before since tells that it was.
func within(since Moment, span int64, now Moment) bool {
	passed := now.Wall - since.Wall
	return now.Mono-since.Mono < span && passed >= 0 && passed < span
}

const (
	// MaxBound is the longest that a verifier may be open after the sending of a heartbeat. Less is allowed, more is not.
	MaxBound = time.Second
	// HeartbeatEvery is how often one is sent, no matter whether those before were answered.
	HeartbeatEvery = 250 * time.Millisecond
	// MaxAge is how long an entry is good at most: a refresh is not an event, and ends the old token all the same.
	MaxAge = time.Minute
	// MaxRightAge is the same of an answer of Check: no event tells that a device has another owner.
	MaxRightAge = 10 * time.Second
	// MaxEntries is how many tokens are kept unless something else is asked for, and how many answers of Check.
	MaxEntries = 100_000
	// MaxKilled is how many ended targets are remembered: far more than can end within the deadline of a call.
	MaxKilled = 10_000
)
