package login

import (
	"cmp"
	"context"
	"slices"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/core"
)

// SignIn begins a login with what the server answers, and keeps it. ask is called again with the same request id after a lost answer. It
// answers no record where something more is wanted first. A sign-in that fails changes nothing.
func (k *Keeper) SignIn(ctx context.Context, ask func(ctx context.Context, requestID string) (*Record, error)) error {
	id := k.world.RequestID()
	return k.signInBy(ctx, func(limited context.Context) (*Record, core.Moment, error) {
		return k.repeat(limited, func(ctx context.Context) (*Record, error) { return ask(ctx, id) })
	})
}

// SignInOnce is with what is good once, such as the code of a second factor: after a lost answer nobody knows, and it is of no use again.
func (k *Keeper) SignInOnce(ctx context.Context, ask func(ctx context.Context) (*Record, error)) error {
	return k.signInBy(ctx, k.once(ctx, ask))
}

func (k *Keeper) once(ctx context.Context, ask func(ctx context.Context) (*Record, error)) asking {
	return func(limited context.Context) (*Record, core.Moment, error) {
		sent := k.now()
		record, err := ask(limited)
		if err != nil && ctx.Err() == nil && isLost(err) {
			err = lostForGood(err)
		}
		return record, sent, err
	}
}

// lostForGood is what asking again does not mend. As theft is taken what is good once and comes twice.
func lostForGood(err error) error {
	return failed(codes.Unavailable, "the server's answer was lost, and it gives no other: sign in again ("+err.Error()+")")
}

// asking asks the server, and also answers when.
type asking func(ctx context.Context) (*Record, core.Moment, error)

func (k *Keeper) signInBy(ctx context.Context, ask asking) error {
	return k.signing(func() error { return k.signedInBy(ctx, ask) })
}

// signedInBy is within signing.
func (k *Keeper) signedInBy(ctx context.Context, ask asking) error {
	limited, cancel := k.limited(ctx)
	defer cancel()
	defer context.AfterFunc(k.ctx, cancel)()
	record, sent, err := ask(limited)
	if err != nil {
		return k.orClosed(err)
	}
	if record == nil {
		return k.unlessGivenUp()
	}
	return k.got(ctx, record, sent)
}

// got goes on with what the server issued.
func (k *Keeper) got(ctx context.Context, record *Record, sent core.Moment) error {
	// The server tells the client of a token that somebody else got.
	record.Version, record.ClientID = recordVersion, cmp.Or(record.ClientID, k.world.ClientID)
	return k.install(ctx, k.answered(*record, sent))
}

// signing lets one sign-in at a time through: the later of two would end what the other began.
func (k *Keeper) signing(do func() error) error {
	k.mu.Lock()
	switch {
	case k.isClosed:
		k.mu.Unlock()
		return closed()
	case k.isSigning:
		k.mu.Unlock()
		return failed(codes.FailedPrecondition, "another sign-in of this login is under way: wait until it ended")
	}
	k.isSigning, k.isGivenUp = true, false
	k.begun.Add(1)
	k.mu.Unlock()
	// Also where something of the app panics that is called meanwhile.
	defer func() {
		k.mu.Lock()
		k.isSigning = false
		k.mu.Unlock()
		k.begun.Done()
		k.tell()
	}()
	return do()
}

// Resume goes on with a record, in the form that Export answers.
func (k *Keeper) Resume(ctx context.Context, text string) error {
	return k.signing(func() error {
		record, ok := Parse(text)
		if !ok {
			return failed(codes.InvalidArgument, "the text is not a login that was exported, or it is of a later version")
		}
		if !record.isFor(k.world.ClientID) {
			return ofAnother("the text")
		}
		return k.install(ctx, k.resumed(record, k.now()))
	})
}

// ResumeStored goes on with what the store has, and answers whether somebody is signed in. It makes no call.
func (k *Keeper) ResumeStored(ctx context.Context) (bool, error) {
	err := k.signing(func() error {
		ctx, cancel := k.limited(ctx)
		defer cancel()
		// What is there is always whole, so that it is read without the store's lock.
		var stored Record
		err := k.inTurn(ctx, func() error {
			var err error
			stored, err = k.holdStored(ctx)
			return err
		})
		if err == errGivenUp {
			k.forget(stored)
			return k.givenUp(&stored)
		}
		if err == nil {
			k.saveUnsaved(ctx)
		}
		return err
	})
	if err != nil {
		return false, err
	}
	_, isSignedIn := k.Current()
	return isSignedIn, nil
}

func ofAnother(what string) *Failure {
	return failed(codes.FailedPrecondition, what+" has a login of another client: give that client's id, or another store")
}

// holdStored goes on with what the store has, unless the same is held, or something newer that the store lacks. It is called in turn: what is
// under way then ends before.
func (k *Keeper) holdStored(ctx context.Context) (Record, error) {
	text, err := k.world.Store.Load(ctx)
	if err != nil {
		k.storeFailed(err)
		return Record{}, err
	}
	if text == "" {
		return Record{}, k.followEmptied(ctx)
	}
	record, ok := Parse(text)
	if !ok {
		return Record{}, noRecord()
	}
	if !record.isFor(k.world.ClientID) {
		return Record{}, ofAnother("the store")
	}
	if !k.isHeldLater(text, record) && !k.hold(k.resumed(record, k.now()), kept{seen: &text}) {
		return record, errGivenUp
	}
	return record, nil
}

// followEmptied signs out where another process did.
func (k *Keeper) followEmptied(ctx context.Context) error {
	k.mu.Lock()
	isHeld, epoch := k.held != nil, k.epoch
	k.mu.Unlock()
	if isHeld {
		if _, err := k.reread(ctx, epoch); err != errDropped {
			return err
		}
	}
	return nil
}

// isHeldLater tells whether what is held is what the store has, or was got after that and could not be written.
func (k *Keeper) isHeldLater(text string, record Record) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.held == nil {
		return false
	}
	if k.held.record.AccessToken == record.AccessToken {
		return true
	}
	isUnchanged := k.seen != nil && *k.seen == text
	return k.isUnsaved && (isUnchanged || (record.isOfLogin(k.held.record) && !record.isLater(k.held.record)))
}

// install stores a login and holds it. What was there before is revoked. The caller's giving up does not undo what the server began.
func (k *Keeper) install(ctx context.Context, h *held) error {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(k.ctx, cancel)()
	k.mu.Lock()
	k.land()
	k.epoch++ // What was asked for the login before is of no use any more.
	k.mu.Unlock()
	text := h.record.Text()
	keep := func() error {
		if k.unlessGivenUp() != nil {
			return k.givenUp(&h.record)
		}
		var stored *Record
		before, err := k.world.Store.Load(ctx)
		if other, ok := Parse(before); err == nil && ok {
			stored = &other
		}
		seen := &before
		if err != nil {
			seen = nil
		}
		err = k.world.Store.Save(context.WithoutCancel(ctx), text)
		if err == nil {
			seen = &text
		}
		if !k.hold(h, kept{seen, stored, err}) {
			k.forgetAlone(ctx, h.record)
			return k.givenUp(stored, &h.record)
		}
		return nil
	}
	err := k.alone(ctx, keep)
	switch {
	case err == nil || err == errGivenUp:
		return err
	case k.ctx.Err() != nil:
		return closed()
	case !k.hold(h, kept{err: err}):
		return k.givenUp(&h.record)
	default:
		return nil
	}
}

// errGivenUp is of a sign-in.
var errGivenUp = failed(codes.Canceled, "signed out while the sign-in was under way")

func (k *Keeper) unlessGivenUp() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.isGivenUp {
		return errGivenUp
	}
	return nil
}

// givenUp revokes what a sign-in got that is of no use any more.
func (k *Keeper) givenUp(got ...*Record) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.revokeBeside(got)
	return errGivenUp
}

// kept is what became of the store. err: it lacks what is held.
type kept struct {
	seen   *string
	before *Record
	err    error
}

// hold makes it the login of the moment, and revokes those before: the one that was held, and the one that the store had. False: somebody
// signed out meanwhile, and nothing is held.
func (k *Keeper) hold(h *held, kept kept) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.isGivenUp {
		return false
	}
	before := []*Record{kept.before}
	if k.held != nil {
		before = append(before, &k.held.record)
	}
	k.land()
	k.held, k.seen, k.isUnsaved, k.hadLogin = h, kept.seen, kept.err != nil, true
	k.epoch++
	k.patience = patience{}
	if kept.err != nil {
		k.tellOfStore(kept.err)
	} else {
		k.isStoreFailing = false
	}
	k.happened(Event{Kind: SignedInEvent})
	k.revokeBeside(before, h.record.FamilyID)
	return true
}

// revokeBeside tells the server of each login once, and not of the families that are spared. It is called with the lock held.
func (k *Keeper) revokeBeside(logins []*Record, spared ...string) {
	for _, each := range logins {
		if each != nil && !slices.Contains(spared, each.FamilyID) {
			spared = append(spared, each.FamilyID)
			token := each.ending()
			k.start(func() { k.revoke(token, nil) })
		}
	}
}

// land gives up the refresh that is under way. It is called with the lock held.
func (k *Keeper) land() {
	if k.flight != nil {
		k.flight.cancel()
		k.flight = nil
	}
}
