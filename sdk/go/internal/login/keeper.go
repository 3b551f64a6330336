package login

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/core"
)

// Keeper holds the login of one user, device or client, and keeps it alive.
type Keeper struct {
	world World
	// ctx ends when the keeper is closed, and all that it began with that. A refresh that was sent has until the end of lasting.
	ctx, lasting          context.Context
	cancel, cancelLasting context.CancelFunc
	begun                 sync.WaitGroup
	// turn is who looks at the store, one at a time.
	turn chan struct{}

	mu   sync.Mutex
	held *held
	// epoch grows with each login that begins or ends: what was asked for one says nothing of the next.
	epoch     uint64
	flight    *flight
	inquiry   *inquiry
	patience  patience
	isSigning bool
	// isGivenUp: somebody signed out while the sign-in that is under way was.
	isGivenUp bool
	// giveUp ends what that sign-in waits for, where it waits for a person.
	giveUp   context.CancelFunc
	isClosed bool
	// hadLogin: one began here, or was resumed.
	hadLogin bool
	// seen is the text that the store had when it was last looked at here. Nil: it could not be read.
	seen *string
	// isUnsaved: the store lacks the record, for it could not be written.
	isUnsaved bool
	// isStoreFailing: that was told, and is not told again until it was written.
	isStoreFailing bool
	// untold is how many ended logins the server does not know of yet.
	untold    int
	events    []Event
	isTelling bool
}

// NewKeeper makes one that nobody is signed in at.
func NewKeeper(world World) *Keeper {
	k := &Keeper{world: world, turn: make(chan struct{}, 1)}
	k.ctx, k.cancel = context.WithCancel(context.Background())
	k.lasting, k.cancelLasting = context.WithCancel(context.Background())
	return k
}

// Lease is a token for a call.
type Lease struct {
	Token    string
	Kind     Kind
	FamilyID string
	// Left is how long it lasts. 0: it may have ended.
	Left time.Duration
}

// Format implements [fmt.Formatter]: with every verb it shows no token.
func (l Lease) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "login.Lease")
}

func closed() *Failure {
	return failed(codes.Canceled, "the login is closed: make a new one")
}

func nobody() *Failure {
	return failed(codes.Unauthenticated, "sign in first")
}

func (k *Keeper) now() core.Moment {
	k.world.Clock.CatchUp()
	return k.world.Clock.Now()
}

// Token answers the token for a call: from memory, wherever it can.
func (k *Keeper) Token(ctx context.Context) (Lease, error) {
	ctx, cancel := k.limited(ctx)
	defer cancel()
	defer k.tellIfAny()
	before := ""
	for waits := 0; ; waits++ {
		lease, flight, err := k.tokenNow(before, waits < maxWaits)
		if flight == nil {
			return lease, err
		}
		before = lease.Token
		select {
		case <-flight.done:
			if flight.err != nil && k.isStill(flight.epoch) {
				return Lease{}, k.orClosed(flight.err)
			}
		case <-ctx.Done():
			return Lease{}, failureOf(ctx.Err())
		case <-k.ctx.Done():
			return Lease{}, closed()
		}
	}
}

// maxWaits: a flight that was begun for something else before the token ended is not the last one.
const maxWaits = 2

// tokenNow answers a token, or what to wait for with the token that has ended. before is one that was waited with: another is answered as
// it is, so that a server whose tokens last no time is asked once for each call.
func (k *Keeper) tokenNow(before string, mayWait bool) (Lease, *flight, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	if err := k.look(now); err != nil {
		return Lease{}, nil, err
	}
	h := k.held
	left := h.leftAt(now)
	lease := Lease{Token: h.record.AccessToken, Kind: h.record.Kind, FamilyID: h.record.FamilyID, Left: max(0, left)}
	if left <= 0 && mayWait && (before == "" || before == lease.Token) {
		return lease, k.fly(""), nil
	}
	needsMore := !h.isFresh(now) && h.gains(now)
	if (needsMore || k.isUnsaved) && k.patience.isOver(now) {
		k.fly("")
	}
	return lease, nil, nil
}

// look notices an end, and answers why no token can be had. It is called with the lock held.
func (k *Keeper) look(now core.Moment) error {
	if k.isClosed {
		return closed()
	}
	if k.held != nil && k.held.isOver(now) {
		k.end(k.held.overBy(now), true)
	}
	if k.held == nil {
		return nobody()
	}
	return nil
}

// Current answers what is held, and whether a token can be had as far as is known here. It makes no call.
func (k *Keeper) Current() (Record, bool) {
	defer k.tellIfAny()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.look(k.now()) != nil {
		return Record{}, false
	}
	return k.held.record, true
}

// Export answers the record of who is signed in.
func (k *Keeper) Export() (string, error) {
	defer k.tellIfAny()
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.look(k.now()); err != nil {
		return "", err
	}
	return k.held.record.Text(), nil
}

// Close ends what is under way, but not at once a refresh that was sent: its answer would be lost, and what was sent is taken for theft when it
// is sent again much later. What is not stored yet is stored. The store keeps its record, but not one that a sign-out is to take out. It may be
// called again.
func (k *Keeper) Close() {
	defer k.tell()
	k.mu.Lock()
	isFirst, flight := !k.isClosed, k.flight
	k.isClosed = true
	k.cancel()
	if isFirst {
		k.begun.Add(1)
	}
	k.mu.Unlock()
	if isFirst {
		if flight != nil {
			_ = k.world.Sleep(flight.ctx, longestClosing)
		}
		k.cancelLasting()
		ctx, cancel := context.WithTimeout(context.Background(), longestClosing)
		k.saveUnsaved(ctx)
		cancel()
		k.begun.Done()
	}
	k.begun.Wait()
}

// start runs what Close waits for. False: it is closed. It is called with the lock held.
func (k *Keeper) start(run func()) bool {
	if k.isClosed {
		return false
	}
	k.begun.Add(1)
	go func() {
		run()
		k.begun.Done()
		k.tell()
	}()
	return true
}

// orClosed is the error of what ended because of Close.
func (k *Keeper) orClosed(err error) error {
	if err != nil && k.ctx.Err() != nil {
		return closed()
	}
	return err
}

func (k *Keeper) isStill(epoch uint64) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.epoch == epoch
}

// limited is a context that has a deadline.
func (k *Keeper) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, k.world.Timeout)
}

// tellIfAny spares the hot path.
func (k *Keeper) tellIfAny() {
	k.mu.Lock()
	isAny := len(k.events) > 0
	k.mu.Unlock()
	if isAny {
		k.tell()
	}
}
