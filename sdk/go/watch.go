package symbolon

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/clock"
	"symbolon.internal/sdk/go/internal/core"
)

const (
	watching = "the watch ended"
	replaced = "WATCHER_REPLACED"
)

var (
	errEnd    = failed(codes.Unavailable, watching, "the server ended the stream")
	errSilent = failed(codes.Unavailable, watching, "the server answers no heartbeat")
	errBroken = failed(codes.DataLoss, watching, "the server left out events")
)

// watch keeps a stream to the server for as long as the verifier lives.
type watch struct {
	state      *state
	clock      clock.Clock
	connection *connection
	onEnd      func(err *Error, retryIn time.Duration)
	// mended tells that the next stream need not wait, and forgiven that earlier failures count no more.
	mended   chan struct{}
	forgiven atomic.Bool
	// silentLines are those that brought nothing, since the last that did.
	silentLines atomic.Int32

	// What follows is of the goroutine that runs it.
	verifierID string
	// failures are those since the last stream that went well.
	failures int
}

type stream = symbolonv1.TokenService_WatchRevocationsClient

func newWatch(state *state, clock clock.Clock, connection *connection, onEnd func(*Error, time.Duration)) *watch {
	return &watch{
		state: state, clock: clock, connection: connection, onEnd: onEnd,
		mended: make(chan struct{}, 1), verifierID: newVerifierID(),
	}
}

// retryNow is called when something was mended. Also for a stream that is being begun, and is going to end by what was wrong.
func (w *watch) retryNow() {
	w.forgiven.Store(true)
	select {
	case w.mended <- struct{}{}:
	default:
	}
}

// run begins streams for as long as ctx goes on.
func (w *watch) run(ctx context.Context) {
	for {
		begun := time.Now()
		err := w.one(ctx)
		if ctx.Err() != nil {
			return
		}
		retryIn := w.ended(err, time.Since(begun))
		if w.onEnd != nil {
			go w.onEnd(err, retryIn)
		}
		select {
		case <-ctx.Done():
			return
		case <-w.mended:
		case <-time.After(retryIn):
		}
	}
}

// ended answers when the next stream is to begin.
func (w *watch) ended(err *Error, lasted time.Duration) time.Duration {
	if err.Reason == replaced {
		// Somebody else has this id, as two processes of one snapshot do.
		w.verifierID = newVerifierID()
	}
	if w.forgiven.Swap(false) || lasted >= healthy {
		w.failures = 0
	}
	failure := core.Failure{Earlier: w.failures, Hopeless: err.hopeless(), RetryAfter: err.RetryAfter}
	w.failures++
	return core.Backoff(failure, mathrand.Float64())
}

// one is a stream from its beginning to its end.
func (w *watch) one(parent context.Context) *Error {
	current := w.state.Begin()
	ctx, cancel := context.WithCancelCause(parent)
	var keeper sync.WaitGroup
	keeper.Go(func() { w.lookAfter(ctx, cancel, current) })
	defer keeper.Wait()
	defer cancel(nil)
	err := w.listen(ctx, current)
	if given, ok := errors.AsType[*Error](context.Cause(ctx)); ok {
		return given
	}
	return w.toWatchError(current, err)
}

// toWatchError also tells whether the log goes on where this verifier stands.
func (w *watch) toWatchError(current *core.Stream, cause error) *Error {
	if errors.Is(cause, io.EOF) {
		return errEnd
	}
	err := ofCheck(watching, cause)
	// INTERNAL is what grpc-go says of a message that can't be read, of which events may be missing.
	if err.Code == codes.OutOfRange || err.Code == codes.Internal || err.Reason == replaced {
		w.state.Lose(current)
	}
	return err
}

// lookAfter gives a stream up that answers no heartbeat.
func (w *watch) lookAfter(ctx context.Context, giveUp context.CancelCauseFunc, current *core.Stream) {
	ticks := time.NewTicker(core.HeartbeatEvery)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			w.clock.CatchUp()
			if w.state.Silent(current) >= core.Patience(int(w.silentLines.Load())) {
				w.silentLines.Add(1)
				w.connection.renew()
				giveUp(errSilent)
				return
			}
		}
	}
}

// listen begins the stream and applies what comes. It answers with the error that ended it.
func (w *watch) listen(ctx context.Context, current *core.Stream) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := w.connection.watch(ctx)
	if err != nil {
		return err
	}
	acknowledge := make(chan struct{}, 1)
	var speaker sync.WaitGroup
	speaker.Go(func() { w.speak(ctx, stream, current, acknowledge) })
	defer func() {
		// A Send that waits ends with the context of the stream.
		cancel()
		speaker.Wait()
	}()
	for {
		response, err := stream.Recv()
		if err != nil {
			return err
		}
		switch w.state.Receive(current, toMessage(response)) {
		case core.Broken:
			return errBroken
		case core.Old:
			return errEnd
		case core.Applied:
			if w.state.IsOpen() {
				w.silentLines.Store(0)
			}
			if response.GetAcknowledgeNow() {
				select {
				case acknowledge <- struct{}{}:
				default:
				}
			}
		}
	}
}

// speak sends the heartbeats and acknowledgements of a stream. The time of a heartbeat is taken before it is given to the stack, which may
// keep it back.
func (w *watch) speak(ctx context.Context, stream stream, current *core.Stream, acknowledge <-chan struct{}) {
	start := &symbolonv1.WatchStart{VerifierId: w.verifierID, ResumeRevision: current.Resume}
	ticks := time.NewTicker(core.HeartbeatEvery)
	defer ticks.Stop()
	request := &symbolonv1.WatchRevocationsRequest{Start: start, Heartbeat: w.state.Beat()}
	// An error of Send is told by Recv, with its status.
	for stream.Send(request) == nil {
		select {
		case <-ctx.Done():
			return
		case <-acknowledge:
			request = &symbolonv1.WatchRevocationsRequest{}
		case <-ticks.C:
			request = &symbolonv1.WatchRevocationsRequest{Heartbeat: w.state.Beat()}
		}
		request.AcknowledgedRevision = w.state.Acknowledged(current)
	}
}

// newVerifierID is new with each process.
func newVerifierID() string {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // It never fails.
	return base64.RawURLEncoding.EncodeToString(id)
}
