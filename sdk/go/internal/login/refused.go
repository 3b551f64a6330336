package login

import "context"

// inquiry is what is found out about a token that was refused, however many calls were refused with it.
type inquiry struct {
	token string
	// done is closed when again is there to be read.
	done  chan struct{}
	again bool
}

// Refused tells that a call with this token was UNAUTHENTICATED, and answers whether to make it once more: there is another token.
func (k *Keeper) Refused(ctx context.Context, token string) bool {
	ctx, cancel := k.limited(ctx)
	defer cancel()
	defer k.tell()
	k.mu.Lock()
	if k.isClosed || k.held == nil {
		k.mu.Unlock()
		return false
	}
	if k.held.record.AccessToken != token {
		k.mu.Unlock()
		return true
	}
	if k.inquiry == nil || k.inquiry.token != token {
		k.inquire(token)
	}
	current := k.inquiry
	k.mu.Unlock()
	select {
	case <-current.done:
		return current.again
	case <-ctx.Done():
		return false
	case <-k.ctx.Done():
		return false
	}
}

// inquire begins an inquiry. It is called with the lock held.
func (k *Keeper) inquire(token string) {
	i := &inquiry{token: token, done: make(chan struct{})}
	k.inquiry = i
	epoch := k.epoch
	k.start(func() {
		i.again = k.findOut(epoch, token)
		k.mu.Lock()
		if k.inquiry == i {
			k.inquiry = nil
		}
		k.mu.Unlock()
		close(i.done)
	})
}

func (k *Keeper) findOut(epoch uint64, token string) bool {
	h, err := k.rereadInTurn(epoch)
	if err != nil {
		return false
	}
	if h.record.AccessToken != token {
		return true
	}
	ctx, cancel := context.WithTimeout(k.ctx, k.world.Timeout)
	_, err = k.world.Server.Describe(ctx, token)
	cancel()
	if err == nil || !isNotLive(err) {
		return false // The service had another reason, or nothing is known.
	}
	return k.replaceDead(epoch, token, failureOf(err).EndedBy)
}

func (k *Keeper) rereadInTurn(epoch uint64) (*held, error) {
	var h *held
	err := k.inTurn(k.ctx, func() error {
		var err error
		h, err = k.reread(k.ctx, epoch)
		return err
	})
	return h, k.orClosed(err)
}

// replaceDead gets another token for one that is not live, or signs out where there can't be one.
func (k *Keeper) replaceDead(epoch uint64, token, endedBy string) bool {
	for {
		k.mu.Lock()
		if k.isClosed || k.epoch != epoch {
			k.mu.Unlock()
			return false
		}
		if k.held.record.AccessToken != token {
			k.mu.Unlock()
			return true
		}
		dead := *k.held
		dead.isDead = true
		k.held = &dead
		if !dead.isRenewable(k.now()) {
			k.end(reasonOf(endedBy), true)
			k.mu.Unlock()
			return false
		}
		flight := k.fly(token)
		k.mu.Unlock()
		<-flight.done
		if flight.refused == token && flight.err != nil {
			return false
		}
	}
}
