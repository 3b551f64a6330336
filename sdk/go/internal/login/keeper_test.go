package login

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

func TestNobodyIsSignedIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if failure := w.fails(codes.Unauthenticated); failure.Message != "sign in first" {
		t.Error(failure)
	}
	if _, ok := w.keeper.Current(); ok || w.keeper.Refused(context.Background(), "token") {
		t.Error("somebody is signed in")
	}
	w.expect()
}

// From memory, and without a call, until a fifth of its lifetime is left, or five minutes.
func TestMargin(t *testing.T) {
	t.Parallel()
	for lifetime, margin := range map[time.Duration]time.Duration{time.Hour: 5 * time.Minute, 10 * time.Second: 2 * time.Second} {
		w := newWorld(t)
		first := w.record(User, "family")
		first.LifetimeMS = lifetime.Milliseconds()
		w.signIn(first)
		w.pass(lifetime - margin - time.Millisecond)
		if w.tokenAfterAll() != first.AccessToken || w.called("Refresh") != 0 {
			t.Fatal(lifetime, "too early")
		}
		w.pass(time.Millisecond)
		if w.token() != first.AccessToken {
			t.Fatal(lifetime, "waits while the old token is good")
		}
		w.expect("signed_in", "refreshed")
		if w.token() == first.AccessToken || w.called("Refresh") != 1 {
			t.Fatal(lifetime, w.called("Refresh"))
		}
	}
}

// Where the access token ends together with the login a refresh gains nothing.
func TestEndsTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.record(User, "family")
	first.LoginLifetimeMS = new(first.LifetimeMS)
	w.signIn(first)
	w.pass(lifetime - time.Second)
	if w.token() != first.AccessToken {
		t.Fatal("another token")
	}
	w.settled()
	w.pass(2 * time.Second)
	w.fails(codes.Unauthenticated)
	w.expect("signed_in", "signed_out: expired")
	if w.called("Refresh") != 0 {
		t.Fatal("it was called")
	}
}

// One refresh, however many wait; who gives up ends its own wait alone.
func TestSingleFlight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user()
	w.pass(lifetime)
	arrived, release := make(chan struct{}), make(chan struct{})
	w.refresh = func(string) (Record, error) {
		close(arrived)
		<-release
		return w.record(User, "family"), nil
	}
	given, cancel := context.WithCancel(context.Background())
	givenUp := make(chan error)
	go func() {
		_, err := w.keeper.Token(given)
		givenUp <- err
	}()
	<-arrived
	cancel()
	if err := <-givenUp; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	var all, begun sync.WaitGroup
	begun.Add(1_000)
	for range 1_000 {
		all.Go(func() {
			begun.Done()
			if _, err := w.keeper.Token(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	begun.Wait()
	close(release)
	all.Wait()
	if w.called("Refresh") != 1 {
		t.Fatal(w.called("Refresh"))
	}
	w.expect("signed_in", "refreshed")
}

// After a lost answer the same refresh token is sent again, at first after 100 ms, then twice as long up to a second.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	// Those of a line that broke too: no server gave a reason.
	for _, code := range []codes.Code{codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Internal, codes.Unknown} {
		testLostAnswer(t, code)
	}
}

func testLostAnswer(t *testing.T, code codes.Code) {
	t.Helper()
	w := newWorld(t)
	first := w.user()
	w.pass(lifetime)
	w.refresh = func(string) (Record, error) {
		if w.called("Refresh") < 6 {
			return Record{}, failed(code, "lost")
		}
		return w.record(User, "family"), nil
	}
	w.token()
	for _, sent := range w.sent {
		if sent != first.RefreshToken {
			t.Fatal("another token was sent")
		}
	}
	if fmt.Sprint(w.slept) != "[100ms 200ms 400ms 800ms 1s]" {
		t.Fatal(w.slept)
	}
}

// It failed for another reason: nothing is forgotten, and beside calls it is begun again later.
func TestFailedRefresh(t *testing.T) {
	t.Parallel()
	for _, code := range []codes.Code{codes.Internal, codes.Unauthenticated, codes.PermissionDenied, codes.ResourceExhausted} {
		w := newWorld(t)
		first := w.user()
		w.refresh = func(string) (Record, error) {
			return Record{}, &Failure{Code: code, Reason: "OF_THE_SERVER", Message: "not now"}
		}
		w.pass(lifetime - 4*time.Minute)
		expected := 0
		for _, wait := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
			for range 5 {
				if w.token() != first.AccessToken {
					t.Fatal(code, "another token")
				}
			}
			expected++
			w.until("it was begun", func() bool { return w.called("Refresh") == expected })
			w.settled()
			if w.tokenAfterAll(); w.called("Refresh") != expected {
				t.Fatal(code, "begun at each call")
			}
			w.pass(wait*time.Second - 1)
			if w.tokenAfterAll(); w.called("Refresh") != expected {
				t.Fatal(code, "too soon after", wait)
			}
			w.pass(1)
		}
		w.pass(lifetime)
		w.fails(code)
		if _, ok := w.keeper.Current(); !ok {
			t.Fatal(code, "signed out")
		}
		w.expect("signed_in")
	}
}

// The server says when to come again.
func TestAskedToWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user()
	w.refresh = func(string) (Record, error) {
		return Record{}, &Failure{Code: codes.ResourceExhausted, RetryAfter: 20 * time.Second, Message: "later"}
	}
	w.pass(lifetime - time.Minute)
	w.token()
	w.until("it was begun", func() bool { return w.called("Refresh") == 1 })
	w.settled()
	w.pass(20*time.Second - 1)
	if w.tokenAfterAll(); w.called("Refresh") != 1 {
		t.Fatal("too soon")
	}
	w.pass(1)
	w.token()
	w.until("it was begun again", func() bool { return w.called("Refresh") == 2 })
}

// A refresh token that was refused with a reason signs out with it, and the store forgets.
func TestEndedBy(t *testing.T) {
	t.Parallel()
	for endedBy, reason := range map[string]string{
		"PASSWORD_CHANGED": "password_changed", "DISABLED": "disabled", "DELETED": "deleted", "EXPIRED": "expired", "REVOKED": "revoked",
		"REFRESH_REUSE": "revoked", "RESTORED": "revoked", "SECRET_RESET": "revoked", "NEWER": "revoked",
	} {
		w := newWorld(t)
		w.user()
		w.refresh = refusal(endedBy)
		w.pass(lifetime)
		w.fails(codes.Unauthenticated)
		w.expect("signed_in", "signed_out: "+reason)
		if w.store.read() != "" || w.called("Refresh") != 1 {
			t.Fatal(endedBy, w.store.read(), w.called("Refresh"))
		}
	}
}

// Without a reason the access token is used for as long as it lasts.
func TestRefusedWithoutReason(t *testing.T) {
	t.Parallel()
	for loginLifetime, reason := range map[time.Duration]string{14 * 24 * time.Hour: "revoked", lifetime + time.Second: "expired"} {
		w := newWorld(t)
		first := w.record(User, "family")
		first.LoginLifetimeMS = new(loginLifetime.Milliseconds())
		w.signIn(first)
		w.refresh = refusal("")
		w.pass(lifetime - time.Minute)
		for range 3 {
			if w.token() != first.AccessToken {
				t.Fatal("another token")
			}
			w.settled()
		}
		if w.called("Refresh") != 1 {
			t.Fatal(w.called("Refresh"))
		}
		w.expect("signed_in")
		w.pass(time.Minute + 2*time.Second)
		w.fails(codes.Unauthenticated)
		w.expect("signed_in", "signed_out: "+reason)
		w.until("the store forgets", func() bool { return w.store.read() == "" })
	}
}

// A client's login is begun again, by the same rules; a user's ends with its token.
func TestWithoutRefreshToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	without := func(kind Kind, family string) Record {
		record := w.record(kind, family)
		record.RefreshToken, record.LoginLifetimeMS = "", nil
		return record
	}
	w.again = func() (Record, error) { return without(Application, "another family"), nil }
	first := without(Application, "family")
	w.signIn(first)
	w.pass(lifetime - time.Minute)
	if w.token() != first.AccessToken {
		t.Fatal("it is waited for")
	}
	w.expect("signed_in", "refreshed")
	w.pass(lifetime)
	w.token()
	if w.called("BeginAgain") != 2 || w.called("Refresh") != 0 {
		t.Fatal(w.calls)
	}

	w = newWorld(t)
	first = w.record(User, "family")
	first.RefreshToken, first.LoginLifetimeMS = "", nil
	w.signIn(first)
	w.pass(lifetime - time.Millisecond)
	if w.token() != first.AccessToken {
		t.Fatal("another token")
	}
	w.pass(time.Millisecond)
	if _, ok := w.keeper.Current(); ok {
		t.Fatal("still signed in")
	}
	w.expect("signed_in", "signed_out: expired")
	w.until("the store forgets", func() bool { return w.store.read() == "" })
}

// A client's login whose refresh token was refused is begun again, and another process takes it.
func TestClientBeginsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn(w.record(Application, "family"))
	other := NewKeeper(w.keeper.world)
	defer other.Close()
	if _, err := other.ResumeStored(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.refresh = refusal("REVOKED")
	w.pass(lifetime)
	token := w.token()
	lease, err := other.Token(context.Background())
	if err != nil || lease.Token != token || w.called("BeginAgain") != 1 {
		t.Fatal(err, lease.Token, token, w.calls)
	}
}

// The login was signed out while the refresh was under way: its answer is dropped, and nothing is written.
func TestDropped(t *testing.T) {
	t.Parallel()
	for _, isSignedInAnew := range []bool{false, true} {
		w := newWorld(t)
		w.user()
		w.pass(lifetime)
		arrived, release := make(chan struct{}), make(chan struct{})
		w.refresh = func(string) (Record, error) {
			close(arrived)
			<-release
			return w.record(User, "family"), nil
		}
		waited := make(chan error)
		go func() {
			_, err := w.keeper.Token(context.Background())
			waited <- err
		}()
		<-arrived
		done := make(chan struct{})
		next := w.record(User, "next family")
		go func() {
			defer close(done)
			if isSignedInAnew {
				w.signIn(next)
			} else if _, err := w.keeper.SignOut(context.Background()); err != nil {
				t.Error(err)
			}
		}()
		w.until("it is signed out here", func() bool {
			w.keeper.mu.Lock()
			defer w.keeper.mu.Unlock()
			return w.keeper.flight == nil
		})
		close(release)
		<-done
		err := <-waited
		if isSignedInAnew {
			if kept, _ := Parse(w.store.read()); err != nil || kept.AccessToken != next.AccessToken || w.token() != next.AccessToken {
				t.Fatal(err, "not the one that was signed in anew")
			}
			w.expect("signed_in", "signed_in")
			continue
		}
		if err == nil || failureOf(err).Code != codes.Unauthenticated || w.store.read() != "" {
			t.Fatal(err, w.store.read())
		}
		w.expect("signed_in", "signed_out: signed_out")
	}
}

// Nothing of the clock on the wall counts while a process lives.
func TestClocks(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{-2 * time.Hour, 2 * time.Hour, -20 * 24 * time.Hour, 20 * 24 * time.Hour} {
		w := newWorld(t)
		w.leap(off)
		first := w.user()
		for _, leap := range []time.Duration{-off, off, 2 * off} {
			w.leap(leap)
			if w.token() != first.AccessToken {
				t.Fatal(off, leap)
			}
		}
		w.pass(lifetime)
		if w.token() == first.AccessToken || w.called("Refresh") != 1 {
			t.Fatal(off, w.calls)
		}
	}
}

// After a restart a clock that was set costs a refresh too early, and never the login.
func TestClockOverRestart(t *testing.T) {
	t.Parallel()
	for off, refreshes := range map[time.Duration]int{
		-2 * time.Hour: 0, 2 * time.Hour: 1, -20 * 24 * time.Hour: 0, 20 * 24 * time.Hour: 1, 30 * time.Minute: 0,
	} {
		w := newWorld(t)
		w.user()
		w.keeper.Close()
		w.leap(off)
		w.open(w.store)
		isSignedIn, err := w.keeper.ResumeStored(context.Background())
		if err != nil || !isSignedIn {
			t.Fatal(off, isSignedIn, err)
		}
		w.token()
		w.settled()
		if w.called("Refresh") != refreshes {
			t.Fatal(off, w.calls)
		}
		w.expect(append([]string{"signed_in", "signed_in"}, []string{"refreshed"}[:refreshes]...)...)
	}
}

// A token without a refresh token that ended by the clock on the wall alone is asked about: that of a pseudo user is all there is of it.
func TestDoubt(t *testing.T) {
	t.Parallel()
	for _, isLive := range []bool{true, false} {
		w := newWorld(t)
		first := w.record(User, "family")
		first.RefreshToken, first.LoginLifetimeMS = "", nil
		w.signIn(first)
		w.keeper.Close()
		w.leap(2 * time.Hour)
		w.open(w.store)
		if isSignedIn, err := w.keeper.ResumeStored(context.Background()); err != nil || !isSignedIn {
			t.Fatal(isSignedIn, err)
		}
		if isLive {
			if w.token() != first.AccessToken || w.token() != first.AccessToken || w.called("Describe") != 1 {
				t.Fatal(w.calls)
			}
			continue
		}
		w.describe = notLive("")
		w.fails(codes.Unauthenticated)
		w.expect("signed_in", "signed_in", "signed_out: expired")
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	w.pass(lifetime)
	arrived := make(chan struct{})
	w.refresh = func(string) (Record, error) {
		close(arrived)
		<-w.keeper.ctx.Done()
		return Record{}, failureOf(w.keeper.ctx.Err())
	}
	waited := make(chan error)
	go func() {
		_, err := w.keeper.Token(context.Background())
		waited <- err
	}()
	<-arrived
	w.keeper.Close()
	w.keeper.Close()
	_, exported := w.keeper.Export()
	_, signedOut := w.keeper.SignOut(context.Background())
	_, resumed := w.keeper.ResumeStored(context.Background())
	for _, err := range []error{<-waited, exported, signedOut, resumed, w.fails(codes.Canceled)} {
		if failureOf(err).Code != codes.Canceled || !strings.Contains(err.Error(), "closed") {
			t.Error(err)
		}
	}
	if kept, _ := Parse(w.store.read()); kept.AccessToken != first.AccessToken {
		t.Error("the store lost its record")
	}
	w.expect("signed_in")
}
