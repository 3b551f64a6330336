package login

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

// After a lost answer it is asked again with the same request id.
func TestSignInAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []string
	err := w.keeper.SignIn(context.Background(), func(_ context.Context, id string) (*Record, error) {
		if ids = append(ids, id); len(ids) < 3 {
			return nil, failed(codes.DeadlineExceeded, "lost")
		}
		return new(w.record(User, "family")), nil
	})
	if err != nil || fmt.Sprint(ids) != "[id1 id1 id1]" {
		t.Fatal(err, ids)
	}
	kept, ok := Parse(w.store.read())
	if !ok || kept.ClientID != "app" || kept.AccessToken != w.token() || kept.ObtainedMS != w.wall.Milliseconds() {
		t.Fatal(ok, kept.ClientID)
	}
	w.expect("signed_in")
}

// What is good once is sent once.
func TestSignInOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := 0
	err := w.keeper.SignInOnce(context.Background(), func(context.Context) (*Record, error) {
		asked++
		return nil, failed(codes.Unavailable, "lost")
	})
	if asked != 1 || failureOf(err).Code != codes.Unavailable {
		t.Fatal(asked, err)
	}
}

// A sign-in that fails, or that wants something more, changes nothing; a second one at a time is refused.
func TestSignInsAreOneAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	wrong := failed(codes.FailedPrecondition, "wrong")
	err := w.keeper.SignIn(context.Background(), func(context.Context, string) (*Record, error) {
		inner := w.keeper.SignIn(context.Background(), nil)
		if failureOf(inner).Code != codes.FailedPrecondition || !strings.Contains(inner.Error(), "under way") {
			t.Error(inner)
		}
		return nil, wrong
	})
	if err != wrong {
		t.Fatal(err)
	}
	if err := w.keeper.SignIn(context.Background(), func(context.Context, string) (*Record, error) { return nil, nil }); err != nil {
		t.Fatal(err)
	}
	if w.token() != first.AccessToken {
		t.Fatal("another token")
	}
	w.expect("signed_in")
}

// Who signs in as another leaves no login behind, also none that only the store knew of.
func TestLoginBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stored := w.record(User, "stored family")
	stored.Version, stored.ClientID = 1, "app"
	w.store.put(stored.Text())
	w.store.fail(nil, errDisk) // So that the one in memory is not the one in the store.
	first := w.user()
	w.store.fail(nil, nil)
	second := w.record(User, "second family")
	w.signIn(second)
	w.until("both are revoked", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return slices.Contains(w.revoked, stored.RefreshToken) && slices.Contains(w.revoked, first.RefreshToken)
	})
	if w.token() != second.AccessToken {
		t.Fatal("another token")
	}
	w.expect("store_failed", "signed_in", "signed_in")
}

func TestResume(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user()
	text, err := w.keeper.Export()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := newWorld(t)
	for _, wrong := range []string{"", "{}", text[:len(text)/2], strings.Replace(text, `"version":1`, `"version":2`, 1)} {
		if err := elsewhere.keeper.Resume(context.Background(), wrong); failureOf(err).Code != codes.InvalidArgument {
			t.Fatal(err)
		}
	}
	other := strings.Replace(text, `"client_id":"app"`, `"client_id":"other"`, 1)
	if err := elsewhere.keeper.Resume(context.Background(), other); failureOf(err).Code != codes.FailedPrecondition {
		t.Fatal(err)
	}
	elsewhere.store.put(other)
	if _, err := elsewhere.keeper.ResumeStored(context.Background()); failureOf(err).Code != codes.FailedPrecondition {
		t.Fatal(err)
	}
	elsewhere.store.put("half a rec")
	if _, err := elsewhere.keeper.ResumeStored(context.Background()); failureOf(err).Code != codes.DataLoss {
		t.Fatal(err)
	}
	elsewhere.expect()
	// Unknown members are passed over, and are not kept.
	if err := elsewhere.keeper.Resume(context.Background(), strings.Replace(text, "{", `{"later":{"a":1},`, 1)); err != nil {
		t.Fatal(err)
	}
	if again, err := elsewhere.keeper.Export(); err != nil || again != text || elsewhere.store.read() != text {
		t.Fatal("another record", err)
	}
	elsewhere.expect("signed_in")
}

// It forgets here and in the store before it tells the server, and tells it later where that is away.
func TestSignOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	isAway := true
	again := make(chan struct{})
	w.revoke = func(string) error {
		if w.store.read() != "" {
			t.Error("the store knows it still")
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if isAway {
			return failed(codes.Unavailable, "away")
		}
		return nil
	}
	w.sleep = func(ctx context.Context, _ time.Duration) error {
		select {
		case <-again:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for range 2 {
		if isTold, err := w.keeper.SignOut(context.Background()); err != nil || isTold {
			t.Fatal(isTold, err)
		}
	}
	w.fails(codes.Unauthenticated)
	again <- struct{}{}
	w.until("it was told again", func() bool { return w.called("Revoke") == 2 })
	w.mu.Lock()
	isAway = false
	w.mu.Unlock()
	again <- struct{}{}
	w.until("it is told", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return fmt.Sprint(w.revoked) == "["+first.RefreshToken+"]"
	})
	w.until("nothing is to be told", func() bool {
		isTold, err := w.keeper.SignOut(context.Background())
		return err == nil && isTold
	})
	w.expect("signed_in", "signed_out: signed_out")
}

// It ends what the store has before anything was resumed, and not what another login put there.
func TestSignOutOfStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	w.keeper.Close()
	w.open(w.store)
	if isTold, err := w.keeper.SignOut(context.Background()); err != nil || !isTold || w.store.read() != "" {
		t.Fatal(isTold, err)
	}
	if fmt.Sprint(w.revoked) != "["+first.RefreshToken+"]" {
		t.Fatal("another one was revoked")
	}
	w = newWorld(t)
	w.user()
	other := w.record(User, "other family")
	other.Version, other.ClientID = 1, "app"
	w.store.put(other.Text())
	if isTold, err := w.keeper.SignOut(context.Background()); err != nil || !isTold || w.store.read() != other.Text() {
		t.Fatal("the other login is gone", isTold, err)
	}
}

// Another process that stays within the lock keeps no token there of who signs out.
func TestSignOutBehindLock(t *testing.T) {
	t.Parallel()
	for _, isResumed := range []bool{true, false} {
		w := newWorld(t)
		first := w.user()
		if !isResumed {
			w.keeper.Close()
			w.open(w.store)
		}
		w.store.mu.Lock()
		w.store.locking = failed(codes.Unavailable, "another process has it")
		w.store.mu.Unlock()
		if isTold, err := w.keeper.SignOut(context.Background()); err != nil || !isTold || w.store.read() != "" {
			t.Error(isResumed, isTold, err)
		}
		if fmt.Sprint(w.revoked) != "["+first.RefreshToken+"]" {
			t.Error("it is not revoked; resumed:", isResumed)
		}
	}
}

// The wait of one who gives up ends, and the sign-out goes on.
func TestSignOutGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user()
	ctx, cancel := context.WithCancel(context.Background())
	arrived, release := make(chan struct{}), make(chan struct{})
	w.revoke = func(string) error {
		close(arrived)
		<-release
		return nil
	}
	go func() {
		<-arrived
		cancel()
	}()
	if isTold, err := w.keeper.SignOut(ctx); err != nil || isTold {
		t.Fatal(isTold, err)
	}
	close(release)
	w.until("it is told", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.revoked) == 1
	})
}

// Events come in their order, without a lock held, and what a listener panics with is passed over.
func TestEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.onEvent = func(event Event) {
		w.keeper.Current()
		if event.Kind == SignedInEvent {
			if _, err := w.keeper.SignOut(context.Background()); err != nil {
				t.Error(err)
			}
		}
		panic("of the app")
	}
	w.user()
	w.expect("signed_in", "signed_out: signed_out")
}

// A password that is wrong is told in the words of a token that ended. Which it is, the server tells.
func TestAsUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	var tokens []string
	wrong := func(_ context.Context, token string) error {
		tokens = append(tokens, token)
		_, err := notLive("")("")
		return err
	}
	if _, err := w.keeper.AsUser(context.Background(), wrong); !isNotLive(err) || len(tokens) != 1 || w.called("Refresh") != 0 {
		t.Fatal(err, len(tokens))
	}
	w.describe = notLive("")
	lease, err := w.keeper.AsUser(context.Background(), func(ctx context.Context, token string) error {
		if token == first.AccessToken {
			return wrong(ctx, token)
		}
		return nil
	})
	if err != nil || lease.Token == first.AccessToken || w.called("Refresh") != 1 {
		t.Fatal(err, w.calls)
	}
	w.keeper.Ended(context.Background(), "another family", Deleted)
	w.keeper.Ended(context.Background(), "family", Deleted)
	if w.store.read() != "" {
		t.Fatal("the store has it still")
	}
	w.expect("signed_in", "refreshed", "signed_out: deleted")
	w.signIn(w.record(Device, "family"))
	if _, err := w.keeper.AsUser(context.Background(), wrong); failureOf(err).Code != codes.FailedPrecondition || len(tokens) != 2 {
		t.Fatal(err)
	}
}

func TestNoSecretIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	lease, err := w.keeper.Token(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		text := fmt.Sprintf(strings.Repeat(verb, 4), first, &first, lease, w.keeper.held)
		if strings.Contains(text, "access") || strings.Contains(text, "refresh") {
			t.Error(verb, "shows a token")
		}
	}
}

// A token of another client is used for as long as it lasts, here and after a restart, and nothing of the own client comes in its place.
func TestTokenOfAnotherClient(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{Application, Admin, Anonymous, User} {
		w := newWorld(t)
		other := w.record(kind, "family")
		other.RefreshToken, other.LoginLifetimeMS, other.ClientID, other.SubjectID = "", nil, "other", "other"
		w.signIn(other)
		w.keeper.Close()
		w.open(w.store)
		if isSignedIn, err := w.keeper.ResumeStored(context.Background()); err != nil || !isSignedIn {
			t.Fatal(kind, isSignedIn, err)
		}
		if current, _ := w.keeper.Current(); current.ClientID != "other" || current.SubjectID != "other" {
			t.Error(kind, "of", current.ClientID)
		}
		w.pass(lifetime - time.Minute)
		if w.tokenAfterAll() != other.AccessToken {
			t.Error(kind, "another token")
		}
		w.pass(time.Minute)
		w.fails(codes.Unauthenticated)
		if w.called("BeginAgain") != 0 {
			t.Error(kind, w.calls)
		}
		w.expect("signed_in", "signed_in", "signed_out: expired")
	}
}

// Who signs out while a sign-in is under way is signed in by nothing: what it got is revoked, and not kept.
func TestSignOutDuringSignIn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, when := range []string{"asked", "a second factor is wanted", "stored", "not locked", "resumed", "stored and resumed"} {
		w := newWorld(t)
		signedOut := make(chan error, 1)
		signOut := sync.OnceFunc(func() {
			go func() {
				_, err := w.keeper.SignOut(ctx)
				signedOut <- err
			}()
			w.until("it is signed out", func() bool { return w.keeper.unlessGivenUp() != nil || len(signedOut) > 0 })
		})
		got, stored := w.record(User, "family"), w.record(User, "stored family")
		got.Version, got.ClientID, stored.Version, stored.ClientID = 1, "app", 1, "app"
		ask := func(context.Context, string) (*Record, error) {
			if when == "asked" || when == "a second factor is wanted" {
				signOut()
			}
			if when == "a second factor is wanted" {
				return nil, nil
			}
			return &got, nil
		}
		revoked := []string{got.RefreshToken}
		var err error
		switch when {
		case "asked", "a second factor is wanted":
			err = w.keeper.SignIn(ctx, ask)
		case "stored":
			w.store.put(stored.Text())
			revoked = append(revoked, stored.RefreshToken)
			w.store.onSave = signOut
			err = w.keeper.SignIn(ctx, ask)
		case "not locked":
			w.store.locking = failed(codes.Unavailable, "another process")
			w.keeper.turn <- struct{}{}
			done := make(chan error)
			go func() { done <- w.keeper.SignIn(ctx, ask) }()
			w.until("it is got", func() bool {
				w.keeper.mu.Lock()
				defer w.keeper.mu.Unlock()
				return w.keeper.epoch > 0
			})
			signOut()
			<-w.keeper.turn
			err = <-done
		case "resumed":
			w.store.onLoad = signOut
			err = w.keeper.Resume(ctx, got.Text())
		case "stored and resumed":
			w.user()
			if _, err := w.keeper.SignOut(ctx); err != nil {
				t.Fatal(err)
			}
			w.store.put(got.Text())
			w.store.onLoad = signOut
			_, err = w.keeper.ResumeStored(ctx)
		}
		if err == nil {
			t.Fatal(when, "and signed in")
		}
		if failureOf(err).Code != codes.Canceled || !strings.Contains(err.Error(), "signed out") || w.store.read() != "" {
			t.Error(when, err, w.store.read() != "")
		}
		signOut()
		if err := <-signedOut; err != nil {
			t.Error(when, err)
		}
		w.fails(codes.Unauthenticated)
		if when == "a second factor is wanted" {
			continue
		}
		w.until(when+" and revoked", func() bool {
			w.mu.Lock()
			defer w.mu.Unlock()
			return !slices.ContainsFunc(revoked, func(token string) bool { return !slices.Contains(w.revoked, token) })
		})
		// The next one is not given up.
		w.store.onLoad, w.store.onSave, w.store.locking = nil, nil, nil
		w.user()
		w.token()
	}
}
