package symbolon

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"symbolon.internal/sdk/go/internal/clock"
	"symbolon.internal/sdk/go/internal/core"
)

const (
	checking = "the token can't be checked"
	// refusedFor is how long no check asks again after the server refused this client: each would be refused, and they may be thousands
	// a second.
	refusedFor = time.Second
	// maxYields is how often what is about to ask lets others go first.
	maxYields = 8
)

// tokenForm is what a token can look like. Anything else is not live, and nobody need be asked.
var tokenForm = regexp.MustCompile(`^[\w-]{1,120}$`)

// Verifier tells whether tokens are live, from memory wherever it can. Make one for each tenant that a process serves, and keep it: a
// verifier that hears nothing of the server asks it at each check. All methods may be called by many goroutines at once.
type Verifier struct {
	state      *core.State[*Caller]
	asks       *core.Asks[*Caller]
	connection *connection
	watch      *watch
	// refusal is that the server takes no calls of this client, or did not a moment ago.
	refusal atomic.Pointer[refusal]
	// secrets is how many there were: what is sent with one says nothing of the next.
	secrets atomic.Int64
	// ctx ends with the verifier, and all that it began with that.
	ctx    context.Context
	cancel context.CancelFunc
	begun  sync.WaitGroup
	mu     sync.Mutex // Around begun.Go and the end of ctx.
}

type refusal struct {
	err *Error
	// secret is the number of the one that was refused: nothing is said of the next.
	secret int64
	time   time.Time
}

// NewVerifier begins to watch the tenant of the client, which needs the role INTROSPECT. It does not wait for the server. The error is
// an [*Error] that names an option that is wrong; what can only be seen at the server is told by [Verifier.Check] and [WithWatchEnd].
// address is host:port of the server.
func NewVerifier(address, clientID, clientSecret string, options ...VerifierOption) (*Verifier, error) {
	settings := newSettings(address, checkTimeout)
	for _, option := range options {
		option.verifier(settings)
	}
	if err := settings.check(); err != nil {
		return nil, err
	}
	if !isText(clientID) {
		return nil, invalid("client id must be a text that is not empty")
	}
	if err := checkSecret(clientSecret); err != nil {
		return nil, err
	}
	caller := newBasic(clientID, clientSecret, !settings.speaksPlaintext())
	connection, err := newConnection(settings, caller)
	if err != nil {
		return nil, err
	}
	if settings.onWatchEnd == nil {
		settings.onWatchEnd = warnings(time.Now)
	}
	limits := core.DefaultLimits()
	limits.MaxEntries = settings.maxEntries
	clock := clock.New()
	state := core.NewState[*Caller](clock, limits)
	v := &Verifier{state: state, asks: core.NewAsks(state), connection: connection}
	v.ctx, v.cancel = context.WithCancel(context.Background())
	v.watch = newWatch(state, clock, connection, settings.onWatchEnd)
	v.start(func() { v.watch.run(v.ctx) })
	return v, nil
}

// start runs a goroutine that Close waits for. False: it is closed.
func (v *Verifier) start(run func()) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ctx.Err() != nil {
		return false
	}
	v.begun.Go(run)
	return true
}

// IsOpen tells whether checks can be answered from memory now. They are right in either case.
func (v *Verifier) IsOpen() bool {
	return v.state.IsOpen()
}

// Size is how many tokens are kept.
func (v *Verifier) Size() int {
	return v.state.Size()
}

// Check answers whom the token stands for, and whether it is live. An error is an [*Error], and says nothing of the token: refuse with
// UNAVAILABLE or 503. Where memory can't answer it asks the server, for as long as ctx goes on. Checks that ask at the same time share a
// call, which goes on when one of them is given up.
func (v *Verifier) Check(ctx context.Context, token string) (caller Caller, live bool, err error) {
	if kept, found := v.state.Find(token); found {
		return *kept, true, nil
	}
	return v.ask(ctx, token)
}

func (v *Verifier) ask(ctx context.Context, token string) (Caller, bool, error) {
	if v.ctx.Err() != nil {
		return Caller{}, false, closed()
	}
	if !tokenForm.MatchString(token) {
		return Caller{}, false, nil
	}
	if refusal := v.refusal.Load(); refusal != nil && refusal.secret == v.secrets.Load() && time.Since(refusal.time) < refusedFor {
		return Caller{}, false, refusal.err
	}
	ask, isFirst := v.asks.Join(token)
	if isFirst && !v.start(v.send) {
		v.failUnsent()
	}
	select {
	case <-ask.Done:
		if ask.Err != nil {
			return Caller{}, false, ask.Err
		}
		if !ask.Live {
			return Caller{}, false, nil
		}
		return *ask.Caller, true, nil
	case <-ctx.Done():
		return Caller{}, false, ofContext(checking, ctx.Err())
	}
}

// send asks for all that misses together: others that are ready to run go first, for as long as that brings more.
func (v *Verifier) send() {
	for yields, before := 0, 0; yields < maxYields; yields++ {
		runtime.Gosched()
		waiting := v.asks.Waiting()
		if yields > 0 && waiting == before {
			break
		}
		before = waiting
	}
	for _, batch := range v.asks.Send() {
		if !v.start(func() { v.introspect(batch) }) {
			batch.Fail(closed())
		}
	}
}

func (v *Verifier) failUnsent() {
	for _, batch := range v.asks.Send() {
		batch.Fail(closed())
	}
}

func (v *Verifier) introspect(batch *core.Batch[*Caller]) {
	secret := v.secrets.Load()
	response, err := v.connection.introspect(v.ctx, batch.Tokens)
	if v.ctx.Err() != nil {
		batch.Fail(closed())
		return
	}
	if status.Code(err) == codes.Canceled {
		// Nobody gave the call up: its line was cut, because it brought nothing.
		err = failed(codes.Unavailable, checking, "the server can't be reached")
	}
	if err != nil {
		v.fail(batch, err, secret)
		return
	}
	v.refusal.Store(nil)
	if err := v.asks.Answer(batch, toAnswers(response)); err != nil {
		batch.Fail(failed(codes.Internal, checking, err.Error()))
	}
}

func (v *Verifier) fail(batch *core.Batch[*Caller], cause error, secret int64) {
	err := ofCheck(checking, cause)
	if err.hopeless() && secret == v.secrets.Load() {
		v.refusal.Store(&refusal{err, secret, time.Now()})
	}
	batch.Fail(err)
}

// UseClientSecret goes on with another secret of the client: calls from now on carry it. Give it before the one in use ends, and nothing
// is interrupted. The error is an [*Error]: it is empty, not UTF-8, or ends with a line break.
func (v *Verifier) UseClientSecret(clientSecret string) error {
	if err := checkSecret(clientSecret); err != nil {
		return err
	}
	v.connection.caller.use(clientSecret)
	v.secrets.Add(1)
	v.refusal.Store(nil)
	v.watch.retryNow()
	return nil
}

// Close ends the watch, forgets every token, and returns when nothing runs any more but a listener that was begun. Checks fail from here on.
// It may be called again.
func (v *Verifier) Close() error {
	v.mu.Lock()
	v.cancel()
	v.mu.Unlock()
	v.state.Close()
	v.connection.close()
	v.begun.Wait()
	return nil
}

// Format implements [fmt.Formatter]: with every verb it shows no secret and no token.
func (v *Verifier) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "symbolon.Verifier")
}

func closed() *Error {
	return failed(codes.Canceled, checking, "the verifier is closed: make a new one")
}
