package login

import "context"

// SignOut forgets in memory and in the store, and then revokes. It answers whether the server said so. Where the server can't be reached it is
// told later. A sign-in that is under way is given up: when the server answers it, what it got is revoked.
func (k *Keeper) SignOut(ctx context.Context) (bool, error) {
	ctx, cancel := k.limited(ctx)
	defer cancel()
	defer k.tell()
	k.mu.Lock()
	if k.isClosed {
		k.mu.Unlock()
		return false, closed()
	}
	k.isGivenUp = k.isSigning
	if k.giveUp != nil {
		k.giveUp()
	}
	var record *Record
	if k.held != nil {
		record = &k.held.record
		k.end(SignedOut, false)
	}
	mayBeStored := record == nil && !k.hadLogin
	isTold := k.untold == 0
	told := make(chan bool, 1)
	k.start(func() {
		switch {
		case record != nil:
			k.forget(*record)
		case mayBeStored:
			record = k.takeStored()
		}
		if record == nil {
			told <- isTold
			return
		}
		k.revoke(record.ending(), told)
	})
	k.mu.Unlock()
	select {
	case isTold := <-told:
		return isTold, nil
	case <-ctx.Done():
		return false, nil
	}
}

// takeStored is of an app that signs out before it resumed.
func (k *Keeper) takeStored() *Record {
	var taken *Record
	k.aloneIfCanBe(func() {
		text, err := k.world.Store.Load(context.WithoutCancel(k.ctx))
		record, ok := Parse(text)
		if err == nil && (text == "" || (ok && !record.isFor(k.world.ClientID))) {
			return
		}
		if err == nil && ok {
			taken = &record
		}
		k.clear(k.ctx)
	})
	return taken
}

// end signs out. It is called with the lock held. What the store has is taken out beside, where nobody does it alone.
func (k *Keeper) end(reason Reason, mustForget bool) {
	record := k.held.record
	k.land()
	k.held, k.isUnsaved = nil, false
	k.epoch++
	k.patience = patience{}
	k.happened(Event{Kind: SignedOutEvent, Reason: reason})
	if mustForget {
		k.start(func() { k.forget(record) })
	}
}

// Ended is that the server ended the login of a family, by what was asked of it here. It waits until the store forgot it, or for ctx.
func (k *Keeper) Ended(ctx context.Context, familyID string, reason Reason) {
	ctx, cancel := k.limited(ctx)
	defer cancel()
	defer k.tell()
	k.mu.Lock()
	if k.isClosed || k.held == nil || k.held.record.FamilyID != familyID {
		k.mu.Unlock()
		return
	}
	record := k.held.record
	k.end(reason, false)
	done := make(chan struct{})
	k.start(func() {
		k.forget(record)
		close(done)
	})
	k.mu.Unlock()
	select {
	case <-done:
	case <-ctx.Done():
	}
}
