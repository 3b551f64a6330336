package login

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/core"
)

const (
	firstPatience   = time.Second
	longestPatience = 30 * time.Second
	// longestRenewal keeps the store's lock shorter than others take it for that of a process that ended.
	longestRenewal = 10 * time.Second
	firstRepeat    = 100 * time.Millisecond
	longestRepeat  = time.Second
	// longestClosing is how long a refresh may go on after Close.
	longestClosing = 2 * time.Second
	// attempts is how often a call has the time to bring nothing at all.
	attempts = 2
)

// flight is the one refresh, however many wait for it.
type flight struct {
	epoch uint64
	// refused is the token that was refused, and must be replaced however long it lasts. Empty: none was.
	refused string
	// ctx ends with it.
	ctx    context.Context
	cancel context.CancelFunc
	// done is closed when err is there to be read.
	done chan struct{}
	err  error
}

// fly answers the flight that there is, or begins one. It is called with the lock held, when somebody is signed in and it is not closed.
func (k *Keeper) fly(refused string) *flight {
	if k.flight != nil {
		return k.flight
	}
	ctx, cancel := context.WithCancel(k.lasting)
	f := &flight{epoch: k.epoch, refused: refused, ctx: ctx, cancel: cancel, done: make(chan struct{})}
	k.flight = f
	k.begun.Add(1)
	go func() {
		err := k.renew(ctx, f)
		cancel()
		k.mu.Lock()
		f.err = err
		if k.flight == f {
			k.flight = nil
			k.patience.after(err, k.now())
		}
		k.mu.Unlock()
		k.begun.Done()
		k.tell()
		close(f.done)
	}()
	return f
}

// patience is when a refresh is begun again beside calls.
type patience struct {
	failures  int
	notBefore int64
}

func (p *patience) isOver(now core.Moment) bool {
	return p.failures == 0 || now.Mono >= p.notBefore
}

func (p *patience) after(err error, now core.Moment) {
	if err == nil {
		*p = patience{}
		return
	}
	wait := min(longestPatience, firstPatience<<min(p.failures, 5))
	if asked := failureOf(err).RetryAfter; asked > 0 {
		wait = asked
	}
	p.failures++
	p.notBefore = now.Mono + int64(wait)
}

// repeat makes a call again whose answer was lost, until the time for a call is over. It also answers when the first one was sent: an answer
// that is given again is as old as that.
func (k *Keeper) repeat(ctx context.Context, call func(context.Context) (*Record, error)) (*Record, core.Moment, error) {
	deadline, ok := ctx.Deadline()
	if !ok {
		panic("a call has a deadline")
	}
	each := time.Until(deadline) / attempts
	sent := k.now()
	for wait := firstRepeat; ; wait = min(longestRepeat, 2*wait) {
		attempt, cancel := context.WithTimeout(ctx, each)
		record, err := call(attempt)
		cancel()
		if err == nil || ctx.Err() != nil || !isLost(err) {
			return record, sent, err
		}
		// Who waits for it is told why it failed, and not that it took too long.
		if time.Until(deadline) <= wait || k.world.Sleep(ctx, wait) != nil {
			return nil, sent, err
		}
	}
}

// isLost tells whether the server may have done what it was asked, and the answer did not arrive.
func isLost(err error) bool {
	switch failure := failureOf(err); failure.Code {
	case codes.Unavailable, codes.DeadlineExceeded:
		return true
	case codes.Canceled, codes.Internal, codes.Unknown:
		// What gRPC says of a line that broke: no server gave a reason.
		return failure.Reason == ""
	default:
		return false
	}
}

// errDropped is that the login ended, or another began, while something was asked for it.
var errDropped = errors.New("of a login that ended")
