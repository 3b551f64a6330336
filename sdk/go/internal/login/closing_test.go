package login

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

// patient lets a closing keeper wait until what it waits for has ended.
func (w *world) patient() {
	w.sleep = func(ctx context.Context, wait time.Duration) error {
		if wait == longestClosing {
			<-ctx.Done()
		}
		return ctx.Err()
	}
}

// A refresh that was sent is let end, and its answer is stored. Who waits for it is told at once that the login is closed.
func TestCloseDuringRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.patient()
	w.isCut = true
	w.user()
	w.pass(lifetime)
	arrived, release := make(chan struct{}), make(chan struct{})
	next := w.record(User, "family")
	w.refresh = func(string) (Record, error) {
		close(arrived)
		<-release
		return next, nil
	}
	waited := make(chan error)
	go func() {
		_, err := w.keeper.Token(context.Background())
		waited <- err
	}()
	<-arrived
	closing := make(chan struct{})
	go func() {
		w.keeper.Close()
		close(closing)
	}()
	if err := <-waited; failureOf(err).Code != codes.Canceled || !strings.Contains(err.Error(), "closed") {
		t.Error(err)
	}
	w.fails(codes.Canceled)
	close(release)
	<-closing
	if kept, _ := Parse(w.store.read()); kept.AccessToken != next.AccessToken {
		t.Error("the answer is lost")
	}
	w.expect("signed_in", "refreshed")
}

// A refresh whose first answer was lost is asked for again meanwhile; one that is never answered is given up.
func TestCloseDuringRepeats(t *testing.T) {
	t.Parallel()
	for _, isAnswered := range []bool{true, false} {
		w := newWorld(t)
		w.user()
		w.pass(lifetime - time.Minute)
		before := w.store.read()
		arrived, release := make(chan struct{}), make(chan struct{})
		end := sync.OnceFunc(func() { close(release) })
		t.Cleanup(end)
		w.refresh = func(token string) (Record, error) {
			if w.called("Refresh") == 1 {
				close(arrived)
				<-release
				return away(token)
			}
			return w.record(User, "family"), nil
		}
		if isAnswered {
			w.patient()
		}
		w.token()
		<-arrived
		closing := make(chan struct{})
		go func() {
			w.keeper.Close()
			close(closing)
		}()
		if isAnswered {
			<-w.keeper.ctx.Done()
		} else {
			w.until("it is given up", func() bool { return w.keeper.lasting.Err() != nil })
		}
		end()
		<-closing
		if (w.store.read() != before) != isAnswered {
			t.Error("answered:", isAnswered, w.calls)
		}
	}
}

// One that waits for another process sends nothing after that.
func TestCloseBeforeRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.patient()
	w.user()
	w.pass(lifetime - time.Minute)
	w.store.turn.Lock()
	w.token()
	closing := make(chan struct{})
	go func() {
		w.keeper.Close()
		close(closing)
	}()
	<-w.keeper.ctx.Done()
	w.store.turn.Unlock()
	<-closing
	if w.called("Refresh") != 0 {
		t.Error(w.calls)
	}
}

// What could not be stored is stored at the end, once, unless another process has something newer there.
func TestCloseUnsaved(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"stored", "still fails", "another was quicker"} {
		w := newWorld(t)
		w.user()
		before := w.store.read()
		w.store.fail(nil, errDisk)
		w.pass(lifetime)
		second := w.tokenAfterAll()
		saves := 0
		w.store.onSave = func() { saves++ }
		expected, times := second, 1
		switch what {
		case "stored":
			w.store.fail(nil, nil)
		case "still fails":
			expected = ""
		case "another was quicker":
			w.store.fail(nil, nil)
			other := w.record(User, "family")
			other.Version, other.ClientID, expected, times = 1, "app", other.AccessToken, 0
			w.store.put(other.Text())
		}
		w.keeper.Close()
		w.keeper.Close()
		kept, _ := Parse(w.store.read())
		if saves != times || (expected != "" && kept.AccessToken != expected) || (expected == "" && w.store.read() != before) {
			t.Error(what, saves)
		}
	}
}

// busy is a store whose lock another process has for as long as free is not closed.
type busy struct {
	*store
	mu      sync.Mutex
	free    chan struct{}
	waiters int
}

func (b *busy) Lock(ctx context.Context) (func(), error) {
	b.mu.Lock()
	free := b.free
	b.waiters++
	b.mu.Unlock()
	if free != nil {
		select {
		case <-free:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return b.store.Lock(ctx)
}

func (b *busy) waiting() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.waiters > 0
}

// Who signed out is not signed in at the next start, also where it was closed before the store could be emptied.
func TestCloseDuringSignOut(t *testing.T) {
	t.Parallel()
	for _, isResumed := range []bool{true, false} {
		w := newWorld(t)
		w.user()
		if !isResumed {
			w.keeper.Close()
		}
		text := w.store.read()
		b := &busy{store: w.store}
		w.open(b)
		if isResumed {
			if err := w.keeper.Resume(context.Background(), text); err != nil {
				t.Fatal(err)
			}
		}
		b.mu.Lock()
		b.free, b.waiters = make(chan struct{}), 0
		b.mu.Unlock()
		go func() { _, _ = w.keeper.SignOut(context.Background()) }()
		w.until("it waits for the lock", b.waiting)
		closing := make(chan struct{})
		go func() {
			w.keeper.Close()
			close(closing)
		}()
		<-w.keeper.ctx.Done()
		close(b.free)
		<-closing
		if w.store.read() != "" {
			t.Error("the store has it still; resumed:", isResumed)
		}
	}
}
