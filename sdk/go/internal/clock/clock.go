// Package clock is the time of this machine, by two clocks.
package clock

import (
	"sync/atomic"
	"time"

	"symbolon.internal/sdk/go/internal/core"
)

// New makes the clock of a verifier. Tests put another one here, before they make it.
var New = func() Clock { return NewSystem() }

// Clock is that of a verifier. CatchUp is called at each heartbeat.
type Clock interface {
	core.Clock
	CatchUp()
}

// System reads both clocks of [time.Now], which costs no call of the kernel. The monotonic one stands still while the machine sleeps, and
// catches up at the next heartbeat; until then the one on the wall tells.
type System struct {
	begun time.Time
	slept atomic.Int64
	awake int64
}

// NewSystem counts what the machine sleeps from here on.
func NewSystem() *System {
	return &System{begun: time.Now(), awake: sleptEver()}
}

// Now implements [core.Clock].
func (s *System) Now() core.Moment {
	now := time.Now()
	return core.Moment{Mono: int64(now.Sub(s.begun)) + s.slept.Load(), Wall: now.UnixNano()}
}

// CatchUp adds what the machine slept, where the kernel tells.
func (s *System) CatchUp() {
	s.slept.Store(max(s.slept.Load(), sleptEver()-s.awake))
}
