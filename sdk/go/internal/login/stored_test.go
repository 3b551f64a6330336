package login

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

// second is another process on the same store.
func (w *world) second() *Keeper {
	w.t.Helper()
	other := NewKeeper(World{
		Server: w, Store: w.store, ClientID: "app", Timeout: 5 * time.Second, Clock: w, RequestID: w.id, Sleep: w.wait,
	})
	w.t.Cleanup(other.Close)
	if isSignedIn, err := other.ResumeStored(context.Background()); err != nil || !isSignedIn {
		w.t.Fatal(isSignedIn, err)
	}
	return other
}

// Another process was quicker: its token is taken.
func TestAnotherWasQuicker(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user()
	other := w.second()
	w.pass(lifetime)
	lease, err := other.Token(context.Background())
	if err != nil || w.token() != lease.Token || w.called("Refresh") != 1 {
		t.Fatal(err, w.calls)
	}
	w.expect("signed_in", "refreshed")
}

// Signed out there, and here too; signed in anew there, and signed out here.
func TestStoreWasChanged(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"signed_out", "replaced"} {
		w := newWorld(t)
		w.user()
		next := w.record(User, "next family")
		next.Version, next.ClientID = 1, "app"
		if reason == "replaced" {
			w.store.put(next.Text())
		} else {
			w.store.put("")
		}
		w.pass(lifetime)
		w.fails(codes.Unauthenticated)
		w.expect("signed_in", "signed_out: "+reason)
		if w.called("Refresh") != 0 || (reason == "replaced") != (w.store.read() == next.Text()) {
			t.Fatal(w.calls)
		}
	}
}

// Who looks for what is stored finds that another process signed out, also where what is held could not be written yet.
func TestResumeStoredEmptied(t *testing.T) {
	t.Parallel()
	for _, isSaved := range []bool{true, false} {
		w := newWorld(t)
		w.user()
		if !isSaved {
			w.store.fail(nil, errDisk)
			w.pass(lifetime)
			w.tokenAfterAll()
			w.store.fail(nil, nil)
		}
		w.store.put("")
		if isSignedIn, err := w.keeper.ResumeStored(context.Background()); err != nil || isSignedIn {
			t.Error("saved:", isSaved, isSignedIn, err)
		}
		if w.store.read() != "" {
			t.Error("it is there again; saved:", isSaved)
		}
	}
	// What never got there is not gone from there.
	w := newWorld(t)
	w.store.fail(nil, errDisk)
	first := w.user()
	w.store.fail(nil, nil)
	if isSignedIn, err := w.keeper.ResumeStored(context.Background()); err != nil || !isSignedIn {
		t.Error(isSignedIn, err)
	}
	if kept, _ := Parse(w.store.read()); kept.AccessToken != first.AccessToken {
		t.Error("it is not stored")
	}
}

// The store has the new record before any call gets the new token.
func TestSavedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	w.pass(lifetime - time.Minute)
	w.store.onSave = func() {
		w.keeper.mu.Lock()
		defer w.keeper.mu.Unlock()
		if w.keeper.held.record.AccessToken != first.AccessToken {
			t.Error("a call may have the new token")
		}
	}
	w.token()
	w.expect("signed_in", "refreshed")
	if kept, _ := Parse(w.store.read()); kept.AccessToken != w.token() {
		t.Error("it is not stored")
	}
}

// Where the store can't be written the login goes on in memory, says so once, and writes at the next occasion.
func TestUnwritableStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user()
	w.store.fail(nil, errDisk)
	w.pass(lifetime)
	second := w.token()
	w.expect("signed_in", "store_failed", "refreshed")
	for range 3 {
		// What the store has is of the token before, and is not taken for that of another process.
		if w.token() != second {
			t.Fatal("another token")
		}
		w.settled()
		w.pass(time.Second)
	}
	w.expect("signed_in", "store_failed", "refreshed")
	w.store.fail(nil, nil)
	w.pass(30 * time.Second)
	w.token()
	w.until("it is written", func() bool {
		kept, _ := Parse(w.store.read())
		return kept.AccessToken == second
	})
	w.settled()
	w.store.fail(nil, errDisk)
	w.pass(lifetime)
	w.token()
	w.expect("signed_in", "store_failed", "refreshed", "store_failed", "refreshed")
	if w.called("Refresh") != 2 {
		t.Fatal(w.calls)
	}
}

// A sign-in succeeds where the store can't be read, locked or written. What was there before is not taken for something newer.
func TestUnreadableStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.record(User, "old family")
	old.Version, old.ClientID = 1, "app"
	w.store.put(old.Text())
	w.store.fail(errDisk, errDisk)
	if _, err := w.keeper.ResumeStored(context.Background()); failureOf(err).Message != errDisk.Error() {
		t.Fatal(err)
	}
	w.store.locking = failed(codes.FailedPrecondition, "no directory")
	first := w.user()
	w.store.fail(nil, errDisk)
	w.pass(lifetime - time.Minute)
	if w.token() != first.AccessToken {
		t.Fatal("another token")
	}
	w.expect("store_failed", "signed_in", "refreshed")
}

// While another process stays within the lock nothing is refreshed: the token may be used twice.
func TestLockOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user()
	w.store.locking = failed(codes.Unavailable, "another process")
	w.pass(lifetime)
	w.fails(codes.Unavailable)
	if w.called("Refresh") != 0 {
		t.Fatal(w.calls)
	}
	w.expect("signed_in")
	// Who signs out wants no token left.
	if _, err := w.keeper.SignOut(context.Background()); err != nil || w.store.read() != "" {
		t.Fatal(err)
	}
	w.expect("signed_in", "signed_out: signed_out", "store_failed")
}

func TestRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	first := w.user()
	// Live: the service had another reason.
	for range 3 {
		if w.keeper.Refused(ctx, first.AccessToken) {
			t.Fatal("it would be refused again")
		}
	}
	// Not known: nothing is forgotten.
	w.describe = away
	if w.keeper.Refused(ctx, first.AccessToken) || w.called("Refresh") != 0 {
		t.Fatal(w.calls)
	}
	// Not live, and the server is away then: it is not answered any more.
	w.describe, w.refresh = notLive(""), away
	if w.keeper.Refused(ctx, first.AccessToken) {
		t.Fatal("there is no other")
	}
	w.fails(codes.Unavailable)
	w.refresh = nil
	w.expect("signed_in")
	if !w.keeper.Refused(ctx, first.AccessToken) || w.token() == first.AccessToken {
		t.Fatal("there is another")
	}
	calls := w.called("Describe")
	if !w.keeper.Refused(ctx, first.AccessToken) || w.called("Describe") != calls {
		t.Fatal("it was known")
	}
	w.expect("signed_in", "refreshed")
	// Ended: with the reason.
	w.refresh = refusal("DISABLED")
	if w.keeper.Refused(ctx, w.token()) {
		t.Fatal("there is no other")
	}
	w.expect("signed_in", "refreshed", "signed_out: disabled")
}

// Another process has another token: it is taken without asking.
func TestRefusedAndStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	other := w.second()
	other.mu.Lock()
	other.fly(first.AccessToken)
	other.mu.Unlock()
	w.until("the other has one", func() bool {
		lease, err := other.Token(context.Background())
		return err == nil && lease.Token != first.AccessToken
	})
	if !w.keeper.Refused(context.Background(), first.AccessToken) || w.called("Describe") != 0 || w.called("Refresh") != 1 {
		t.Fatal(w.calls)
	}
}

// Many calls that are refused with one token are one question, and one refresh.
func TestRefusedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	const calls = 100
	var waiting int
	release := make(chan struct{})
	w.describe = func(string) (Record, error) {
		<-release
		return notLive("")("")
	}
	answers := make(chan bool, calls)
	for range calls {
		go func() {
			w.mu.Lock()
			waiting++
			w.mu.Unlock()
			answers <- w.keeper.Refused(context.Background(), first.AccessToken)
		}()
	}
	w.until("all wait", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return waiting == calls
	})
	close(release)
	for range calls {
		if !<-answers {
			t.Fatal("there is another")
		}
	}
	if w.called("Describe") != 1 || w.called("Refresh") != 1 {
		t.Fatal(w.calls)
	}
}

// Without a refresh token one that is not live signs out, with the reason.
func TestRefusedWithoutRefreshToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.record(User, "family")
	first.RefreshToken, first.LoginLifetimeMS = "", nil
	w.signIn(first)
	w.describe = notLive("PASSWORD_CHANGED")
	if w.keeper.Refused(context.Background(), first.AccessToken) || w.called("Describe") != 1 {
		t.Fatal("there is no other, and it was asked about")
	}
	w.expect("signed_in", "signed_out: password_changed")
	w.until("the store forgets", func() bool { return w.store.read() == "" })
}

// What could not be written is newer than what the store has: it is kept, and written now.
func TestResumeStoredUnsaved(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"refreshed", "signed in anew", "unread", "another process has a newer one"} {
		w := newWorld(t)
		first := w.user()
		w.store.fail(nil, errDisk)
		w.pass(lifetime)
		expected := ""
		switch what {
		case "signed in anew":
			next := w.record(User, "next family")
			w.signIn(next)
			expected = next.AccessToken
		case "unread":
			w.store.fail(errDisk, errDisk)
			next := w.record(User, "family")
			w.signIn(next)
			expected = next.AccessToken
		default:
			expected = w.tokenAfterAll()
		}
		if what == "another process has a newer one" {
			newer := first
			newer.Version, newer.ClientID, newer.AccessToken, newer.ObtainedMS = 1, "app", "newer", w.wall.Milliseconds()+1
			w.store.put(newer.Text())
			expected = newer.AccessToken
		}
		w.store.fail(nil, nil)
		if isSignedIn, err := w.keeper.ResumeStored(context.Background()); err != nil || !isSignedIn {
			t.Fatal(what, isSignedIn, err)
		}
		kept, _ := Parse(w.store.read())
		record, _ := w.keeper.Current()
		if record.AccessToken != expected || kept.AccessToken != expected {
			t.Error(what, "held", record.AccessToken, "stored", kept.AccessToken, "and not", expected)
		}
	}
}

// While a refresh waits for another process, its login is resumed: it goes on.
func TestResumeStoredDuringRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	w.pass(lifetime - time.Minute)
	w.keeper.turn <- struct{}{}
	w.token()
	begun := w.keeper.flight
	resumed := make(chan error)
	go func() {
		_, err := w.keeper.ResumeStored(context.Background())
		resumed <- err
	}()
	if _, err := w.keeper.holdStored(context.Background()); err != nil || w.keeper.flight != begun {
		t.Error("it was given up", err)
	}
	<-w.keeper.turn
	if err := <-resumed; err != nil {
		t.Fatal(err)
	}
	w.expect("signed_in", "refreshed")
	if w.token() == first.AccessToken || w.called("Refresh") != 1 {
		t.Error(w.calls)
	}
}
