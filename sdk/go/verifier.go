package symbolon

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/clock"
	"symbolon.internal/sdk/go/internal/core"
)

const checking = "the token can't be checked"

// tokenForm is what a token can look like. Anything else is not live, and nobody need be asked.
var tokenForm = regexp.MustCompile(`^[\w-]{1,120}$`)

// Verifier tells whether tokens are live, from memory wherever it can. Make one for each tenant that a process serves, and keep it: a
// verifier that hears nothing of the server asks it at each check. All methods may be called by many goroutines at once.
type Verifier struct {
	state      *state
	tokens     *asker[string, *Caller]
	rights     *asker[core.Question, *Access]
	connection *connection
	watch      *watch
	// secrets is how many there were: what is sent with one says nothing of the next.
	secrets atomic.Int64
	// ctx ends with the verifier, and all that it began with that.
	ctx    context.Context
	cancel context.CancelFunc
	begun  sync.WaitGroup
	mu     sync.Mutex // Around begun.Go and the end of ctx.
}

type state = core.State[*Caller, *Access]

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
	state := core.NewState[*Caller, *Access](clock, limits)
	v := &Verifier{state: state, connection: connection}
	v.tokens = &asker[string, *Caller]{verifier: v, asks: core.NewAsks(state), call: connection.introspect}
	v.rights = &asker[core.Question, *Access]{verifier: v, asks: core.NewRightAsks(state), call: connection.checkAll}
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
	caller, live, err := v.tokens.ask(ctx, token)
	if err != nil || !live {
		return Caller{}, false, err
	}
	return *caller, true, nil
}

// UseClientSecret goes on with another secret of the client: calls from now on carry it. Give it before the one in use ends, and nothing
// is interrupted. The error is an [*Error]: it is empty, not UTF-8, or ends with a line break.
func (v *Verifier) UseClientSecret(clientSecret string) error {
	if err := checkSecret(clientSecret); err != nil {
		return err
	}
	v.connection.caller.use(clientSecret)
	v.secrets.Add(1)
	v.tokens.refusal.Store(nil)
	v.rights.refusal.Store(nil)
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
