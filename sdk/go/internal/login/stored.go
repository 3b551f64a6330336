package login

import (
	"context"

	"google.golang.org/grpc/codes"
)

// alone runs what looks at the store and writes it: no other goroutine does meanwhile, and no other process.
func (k *Keeper) alone(ctx context.Context, do func() error) error {
	return k.inTurn(ctx, func() error {
		unlock, err := k.world.Store.Lock(ctx)
		if err != nil {
			if code := failureOf(err).Code; code == codes.Unavailable || ctx.Err() != nil {
				return err // Another process is within it.
			}
			// Nobody else can be within what can't be locked by anybody.
			k.storeFailed(err)
			return do()
		}
		defer unlock()
		return do()
	})
}

// inTurn runs what no other goroutine does meanwhile.
func (k *Keeper) inTurn(ctx context.Context, do func() error) error {
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return failureOf(ctx.Err())
	}
	defer func() { <-k.turn }()
	return do()
}

func (k *Keeper) storeFailed(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.tellOfStore(err)
}

// tellOfStore tells once until it is written again, and not at each try. It is called with the lock held.
func (k *Keeper) tellOfStore(err error) {
	if !k.isStoreFailing {
		k.isStoreFailing = true
		k.happened(Event{Kind: StoreFailedEvent, Err: err})
	}
}

// reread looks whether another process was quicker, signed out, or signed in anew. It is called alone. What it answers is held now.
func (k *Keeper) reread(ctx context.Context, epoch uint64) (*held, error) {
	text, err := k.world.Store.Load(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.epoch != epoch {
		return nil, errDropped
	}
	if err != nil {
		k.tellOfStore(err)
		return k.held, nil
	}
	wasSeen := k.seen != nil
	if wasSeen && *k.seen == text {
		return k.held, nil
	}
	k.seen = &text
	record, ok := Parse(text)
	switch {
	case !wasSeen && !(ok && record.isLater(k.held.record)):
		// It was there before what is held, which could not be written.
	case text == "":
		k.end(SignedOut, false)
		return nil, errDropped
	case !ok:
		k.tellOfStore(noRecord())
	case !record.isOfLogin(k.held.record):
		k.end(Replaced, false)
		return nil, errDropped
	case record.AccessToken != k.held.record.AccessToken:
		k.held, k.isUnsaved = k.resumed(record, k.now()), false
		k.happened(Event{Kind: RefreshedEvent})
	}
	return k.held, nil
}

func noRecord() *Failure {
	return failed(codes.DataLoss, "the store has no record of a login, or a part of one: sign in again")
}

// save writes what is or is about to be held. Where it can't be written the login goes on in memory. It is called alone.
func (k *Keeper) save(ctx context.Context, record Record) {
	text := record.Text()
	err := k.world.Store.Save(context.WithoutCancel(ctx), text)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.isUnsaved = err != nil
	if err != nil {
		k.tellOfStore(err)
		return
	}
	k.seen, k.isStoreFailing = &text, false
}

// forget takes a login out of the store, and not one that came in its place.
func (k *Keeper) forget(record Record) {
	k.aloneIfCanBe(func() { k.forgetAlone(k.ctx, record) })
}

// aloneIfCanBe is of who signs out, and wants no token left: also where another process died within the lock, and where it is closed meanwhile,
// for the next start would go on with what is there.
func (k *Keeper) aloneIfCanBe(do func()) {
	run := func() error {
		do()
		return nil
	}
	err := k.alone(k.ctx, run)
	if err != nil && k.ctx.Err() != nil {
		ctx, cancel := context.WithTimeout(context.Background(), longestClosing)
		defer cancel()
		err = k.alone(ctx, run)
	}
	if err != nil {
		k.storeFailed(err)
		do()
	}
}

func (k *Keeper) forgetAlone(ctx context.Context, record Record) {
	text, err := k.world.Store.Load(context.WithoutCancel(ctx))
	if err == nil {
		if other, ok := Parse(text); text == "" || (ok && !other.isOfLogin(record)) {
			return
		}
	}
	if k.isHeld(record) {
		return // It was resumed meanwhile.
	}
	k.clear(ctx)
}

// clear tells of a failure in any case: a token was left.
func (k *Keeper) clear(ctx context.Context) {
	err := k.world.Store.Clear(context.WithoutCancel(ctx))
	k.mu.Lock()
	defer k.mu.Unlock()
	k.isStoreFailing = false
	if err != nil {
		k.tellOfStore(err)
		return
	}
	nothing := ""
	k.seen = &nothing
}

func (k *Keeper) isHeld(record Record) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.held != nil && k.held.record.isOfLogin(record)
}
