package symbolon

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"symbolon.internal/sdk/go/internal/core"
)

const (
	// refusedFor is how long no check asks again after the server refused this client: each would be refused, and they may be thousands
	// a second.
	refusedFor = time.Second
	// maxYields is how often what is about to ask lets others go first.
	maxYields = 8
)

// asker asks the server what memory can't answer, by one method.
type asker[Q comparable, V any] struct {
	verifier *Verifier
	asks     *core.Asks[Q, V]
	call     func(ctx context.Context, questions []Q) ([]core.Answer[V], error)
	// refusal is that the server takes no such calls of this client, or did not a moment ago.
	refusal atomic.Pointer[refusal]
}

type refusal struct {
	err *Error
	// secret is the number of the one that was refused: nothing is said of the next.
	secret int64
	time   time.Time
}

// ask waits for the answer, or for ctx.
func (a *asker[Q, V]) ask(ctx context.Context, question Q) (value V, live bool, err error) {
	if refusal := a.refusal.Load(); refusal != nil && refusal.secret == a.verifier.secrets.Load() && time.Since(refusal.time) < refusedFor {
		return value, false, refusal.err
	}
	ask, isFirst := a.asks.Join(question)
	if isFirst && !a.verifier.start(a.send) {
		a.failUnsent()
	}
	select {
	case <-ask.Done:
		return ask.Value, ask.Live, ask.Err
	case <-ctx.Done():
		return value, false, ofContext(checking, ctx.Err())
	}
}

// send asks for all that misses together: others that are ready to run go first, for as long as that brings more.
func (a *asker[Q, V]) send() {
	for yields, before := 0, 0; yields < maxYields; yields++ {
		runtime.Gosched()
		waiting := a.asks.Waiting()
		if yields > 0 && waiting == before {
			break
		}
		before = waiting
	}
	for _, batch := range a.asks.Send() {
		if !a.verifier.start(func() { a.sendBatch(batch) }) {
			batch.Fail(closed())
		}
	}
}

func (a *asker[Q, V]) failUnsent() {
	for _, batch := range a.asks.Send() {
		batch.Fail(closed())
	}
}

func (a *asker[Q, V]) sendBatch(batch *core.Batch[Q, V]) {
	v := a.verifier
	secret := v.secrets.Load()
	answers, err := a.call(v.ctx, batch.Questions)
	if v.ctx.Err() != nil {
		batch.Fail(closed())
		return
	}
	if status.Code(err) == codes.Canceled {
		// Nobody gave the call up: its line was cut, because it brought nothing.
		err = failed(codes.Unavailable, checking, "the server can't be reached")
	}
	if err != nil {
		a.fail(batch, err, secret)
		return
	}
	a.refusal.Store(nil)
	if err := a.asks.Answer(batch, answers); err != nil {
		batch.Fail(failed(codes.Internal, checking, err.Error()))
	}
}

func (a *asker[Q, V]) fail(batch *core.Batch[Q, V], cause error, secret int64) {
	err := ofCheck(checking, cause)
	if err.hopeless() && secret == a.verifier.secrets.Load() {
		a.refusal.Store(&refusal{err, secret, time.Now()})
	}
	batch.Fail(err)
}
