package main

import "symbolon.internal/sdk/go/internal/clock"

// serveWithoutVerifier serves what logins need too.
func (d *driver) serveWithoutVerifier(asked request, clock *shifted) (answer, bool) {
	switch asked.Op {
	case "shift_clock":
		clock.shift(asked.MonotonicMS, asked.WallMS)
	case "cancel":
		d.cancel(asked.Request)
	case "close":
		d.close()
		d.logins.closeAll()
		d.resetClock()
	default:
		op, isOfLogins := loginOps[asked.Op]
		if !isOfLogins {
			return nil, false
		}
		ctx, end := d.begin(asked.ID)
		defer end()
		return d.logins.serve(ctx, op, asked), true
	}
	return answer{"ok": true}, true
}

// resetClock is for what is made from now on.
func (d *driver) resetClock() {
	d.mu.Lock()
	defer d.mu.Unlock()
	current := &shifted{Clock: clock.NewSystem()}
	d.clock = current
	clock.New = func() clock.Clock { return current }
}
