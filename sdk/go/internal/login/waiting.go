package login

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/core"
)

const (
	// firstInterval is where the server names none, and slowDown how much longer it is after each SLOW_DOWN (RFC 8628 sections 3.2 and 3.5).
	firstInterval = 5 * time.Second
	slowDown      = 5 * time.Second
	// longestInterval is how long it is at most because the server could not be reached.
	longestInterval = 30 * time.Second
)

// waitingFor is a context that SignOut and Close end too. It is of a sign-in that waits for a person.
func (k *Keeper) waitingFor(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(k.ctx, cancel)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.giveUp = cancel
	if k.isGivenUp {
		cancel()
	}
	return ctx, func() {
		stop()
		cancel()
		k.mu.Lock()
		defer k.mu.Unlock()
		k.giveUp = nil
	}
}

// orGivenUp is the error of what ended because of SignOut or Close.
func (k *Keeper) orGivenUp(err error) error {
	if given := k.unlessGivenUp(); given != nil && k.ctx.Err() == nil {
		return given
	}
	return k.orClosed(err)
}

// SignInAfter waits for a person, as at the page of a browser, and then asks once with what came of it: that is good once.
func (k *Keeper) SignInAfter(ctx context.Context, wait func(ctx context.Context) error, ask func(ctx context.Context) (*Record, error)) error {
	return k.signing(func() error {
		if err := k.waited(ctx, wait); err != nil {
			return err
		}
		return k.signedInBy(ctx, k.once(ctx, ask))
	})
}

func (k *Keeper) waited(ctx context.Context, wait func(ctx context.Context) error) error {
	waiting, end := k.waitingFor(ctx)
	defer end()
	if err := wait(waiting); err != nil {
		return k.orGivenUp(err)
	}
	return k.orClosed(k.unlessGivenUp())
}

// DeviceGrant is a login that a person is to approve elsewhere (RFC 8628).
type DeviceGrant struct {
	// TimeToLive is how long its codes are good, from when it was asked for.
	TimeToLive, Interval time.Duration
}

// DeviceSteps are what such a login asks and shows. Poll is called again and again; the others once, but for lost answers.
type DeviceSteps struct {
	Begin func(ctx context.Context) (DeviceGrant, error)
	Show  func()
	Poll  func(ctx context.Context) (*Record, error)
}

// SignInByDevice asks until the person has decided, or the time for that is over.
func (k *Keeper) SignInByDevice(ctx context.Context, steps DeviceSteps) error {
	return k.signing(func() error {
		waiting, end := k.waitingFor(ctx)
		defer end()
		grant, begun, err := k.beginDevice(waiting, steps)
		if err != nil {
			return k.orGivenUp(err)
		}
		steps.Show()
		record, sent, err := k.poll(waiting, grant, begun, steps)
		if err != nil {
			return k.orGivenUp(err)
		}
		return k.got(ctx, record, sent)
	})
}

// beginDevice may be repeated: a code that nobody saw approves nothing.
func (k *Keeper) beginDevice(ctx context.Context, steps DeviceSteps) (grant DeviceGrant, begun core.Moment, err error) {
	limited, cancel := context.WithTimeout(ctx, k.world.Timeout)
	defer cancel()
	_, begun, err = k.repeat(limited, func(ctx context.Context) (*Record, error) {
		var err error
		grant, err = steps.Begin(ctx)
		return nil, err
	})
	return grant, begun, err
}

// polling is when to ask next.
type polling struct {
	interval, wait time.Duration
	failures       int
	// isLost: an answer was lost that may have been the tokens.
	isLost bool
}

func (k *Keeper) poll(ctx context.Context, grant DeviceGrant, begun core.Moment, steps DeviceSteps) (*Record, core.Moment, error) {
	p := &polling{interval: grant.Interval}
	if p.interval <= 0 {
		p.interval = firstInterval
	}
	p.wait = p.interval
	for {
		left := grant.TimeToLive - time.Duration(k.now().Mono-begun.Mono)
		if left > 0 {
			if err := k.world.Sleep(ctx, min(p.wait, left)); err != nil {
				return nil, begun, failureOf(err)
			}
		}
		sent := k.now()
		if time.Duration(sent.Mono-begun.Mono) >= grant.TimeToLive {
			return nil, sent, &Failure{
				Code: codes.FailedPrecondition, Reason: "EXPIRED_TOKEN", Message: "nobody approved it in time: sign in again",
			}
		}
		record, err := k.pollOnce(ctx, steps)
		if err == nil {
			return record, sent, nil
		}
		if ctx.Err() != nil {
			return nil, sent, failureOf(ctx.Err())
		}
		if err := p.after(err); err != nil {
			return nil, sent, err
		}
	}
}

func (k *Keeper) pollOnce(ctx context.Context, steps DeviceSteps) (*Record, error) {
	limited, cancel := context.WithTimeout(ctx, k.world.Timeout)
	defer cancel()
	return steps.Poll(limited)
}

// after answers an error where there is nothing more to wait for.
func (p *polling) after(err error) error {
	failure := failureOf(err)
	switch {
	case failure.Reason == "AUTHORIZATION_PENDING":
		// A server that gave tokens would not say so.
		*p = polling{interval: p.interval, wait: p.interval}
	case failure.Reason == "SLOW_DOWN":
		p.interval += slowDown
		p.wait = max(p.interval, failure.RetryAfter)
	case failure.Reason == "INVALID_GRANT" && p.isLost:
		return lostForGood(err)
	case isLost(err) || failure.Code == codes.ResourceExhausted:
		p.isLost = p.isLost || isLost(err)
		p.failures++
		p.wait = max(min(p.interval<<min(p.failures, 8), max(longestInterval, p.interval)), failure.RetryAfter)
	default:
		return err
	}
	return nil
}
