package login

import (
	"context"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/core"
)

// renew gets another token, here or from another process. An answer for a login that ended meanwhile is dropped.
func (k *Keeper) renew(ctx context.Context, f *flight) error {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(k.ctx, cancel)()
	err := k.alone(waiting, func() error {
		h, err := k.reread(ctx, f.epoch)
		if err != nil {
			return err
		}
		now := k.now()
		isGood := h.isFresh(now) || (h.leftAt(now) > 0 && !h.gains(now))
		if isGood && h.record.AccessToken != f.refused {
			return k.saveAgain(ctx, f.epoch, h)
		}
		return k.replace(ctx, f, h)
	})
	if err == errDropped {
		return nil
	}
	return err
}

// saveUnsaved writes what could not be written before, unless another process was quicker.
func (k *Keeper) saveUnsaved(ctx context.Context) {
	k.mu.Lock()
	isDue, epoch := k.isUnsaved && k.held != nil, k.epoch
	k.mu.Unlock()
	if !isDue {
		return
	}
	// Where it can't be locked, or was signed out meanwhile, nothing is written.
	_ = k.alone(ctx, func() error {
		h, err := k.reread(ctx, epoch)
		if err != nil {
			return err
		}
		return k.saveAgain(ctx, epoch, h)
	})
}

// saveAgain writes what could not be written before. It is called alone.
func (k *Keeper) saveAgain(ctx context.Context, epoch uint64, h *held) error {
	k.mu.Lock()
	isDue := k.isUnsaved && k.epoch == epoch
	k.mu.Unlock()
	if !isDue {
		return nil
	}
	k.save(ctx, h.record)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.isUnsaved {
		return failed(codes.Unavailable, "the store can't be written")
	}
	return nil
}

// replace asks the server. The store has the new record before any call gets its token: else a process that ends in between comes back with
// a refresh token that is taken for theft.
func (k *Keeper) replace(ctx context.Context, f *flight, h *held) error {
	if k.ctx.Err() != nil {
		return closed() // Nothing was sent yet.
	}
	next, err := k.another(ctx, h)
	if err != nil {
		return k.notReplaced(ctx, f, h, err)
	}
	if !k.isStill(f.epoch) {
		return errDropped
	}
	k.save(ctx, next.record)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.epoch != f.epoch {
		return errDropped // Who signed out waits for its turn, and takes out what was just written.
	}
	k.held = next
	k.happened(Event{Kind: RefreshedEvent})
	return nil
}

// another asks for the next token of a login.
func (k *Keeper) another(ctx context.Context, h *held) (*held, error) {
	limit := min(k.world.Timeout, longestRenewal)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	record, refreshToken := h.record, h.record.RefreshToken
	if refreshToken == "" && !h.isBegunAgain {
		return k.asked(ctx, record)
	}
	if refreshToken != "" && !(h.isBegunAgain && record.endsTogether()) {
		next, sent, err := k.repeat(ctx, func(ctx context.Context) (*Record, error) {
			return pointed(k.world.Server.Refresh(ctx, refreshToken))
		})
		if err == nil {
			return k.of(*next, record, sent), nil
		}
		if !h.isBegunAgain || !isRefused(err) {
			return nil, err
		}
	}
	id := k.world.RequestID()
	next, sent, err := k.repeat(ctx, func(ctx context.Context) (*Record, error) {
		return pointed(k.world.Server.BeginAgain(ctx, record.Kind, id))
	})
	if err != nil {
		return nil, err
	}
	return k.of(*next, record, sent), nil
}

// asked is of a token that can't be renewed, and that ended by the clock on the wall alone.
func (k *Keeper) asked(ctx context.Context, record Record) (*held, error) {
	sent := k.now()
	told, err := k.world.Server.Describe(ctx, record.AccessToken)
	if err != nil {
		return nil, err
	}
	record.LifetimeMS = told.LifetimeMS
	return k.answered(record, sent), nil
}

// notReplaced goes by why there is no other token.
func (k *Keeper) notReplaced(ctx context.Context, f *flight, h *held, err error) error {
	failure := failureOf(err)
	if !isRefused(err) && !isNotLive(err) {
		return err // Nothing is forgotten.
	}
	k.mu.Lock()
	if k.epoch != f.epoch {
		k.mu.Unlock()
		return errDropped
	}
	if failure.EndedBy != "" {
		k.end(reasonOf(failure.EndedBy), false)
	} else {
		// The access token is used for as long as it lasts.
		spent := *k.held
		spent.isUnrenewable = true
		spent.isDead = spent.isDead || isNotLive(err)
		k.held = &spent
		if now := k.now(); spent.isOver(now) {
			k.end(spent.overBy(now), false)
		}
	}
	hasEnded := k.epoch != f.epoch
	k.mu.Unlock()
	if hasEnded {
		k.forgetAlone(ctx, h.record)
		return errDropped
	}
	return err
}

// isRefused tells whether it is the refresh token that was refused, and not the app's own client.
func isRefused(err error) bool {
	failure := failureOf(err)
	return failure.Code == codes.FailedPrecondition && failure.Reason == "INVALID_REFRESH_TOKEN"
}

// isNotLive tells whether DescribeToken said so.
func isNotLive(err error) bool {
	failure := failureOf(err)
	return failure.Code == codes.FailedPrecondition && failure.Reason == "INVALID_CREDENTIALS"
}

func (k *Keeper) of(next, before Record, sent core.Moment) *held {
	next.Version, next.ClientID = recordVersion, before.ClientID
	return k.answered(next, sent)
}

func pointed(record Record, err error) (*Record, error) {
	if err != nil {
		return nil, err
	}
	return &record, nil
}
