//go:build unix

package symbolon_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	symbolon "symbolon.internal/sdk/go"
)

// within fails when it hangs.
func within(t testing.TB, what string, do func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal(what, "hangs")
		return nil
	}
}

// A pipe, a directory or a link in the place of the lock is none: nobody waits for it, and it stays.
func TestLockIsNoFile(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, make := range map[string]func(path string) error{
		"a pipe":           func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"a directory":      func(path string) error { return os.Mkdir(path, 0o700) },
		"a link":           func(path string) error { return os.Symlink("nowhere", path) },
		"a link to a pipe": func(path string) error { return os.Symlink(path[:len(path)-len("login.json.lock")]+"pipe", path) },
	} {
		path := filepath.Join(t.TempDir(), "login.json")
		if err := syscall.Mkfifo(filepath.Join(filepath.Dir(path), "pipe"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := make(path + ".lock"); err != nil {
			t.Fatal(err)
		}
		_ = os.Chtimes(path+".lock", time.Now().Add(-time.Minute), time.Now().Add(-time.Minute)) // That of a link may lead nowhere.
		store := newFileStore(t, path)
		err := within(t, name, func() error {
			_, err := store.Lock(ctx)
			return err
		})
		if message := expectCodeOf(t, err, codes.FailedPrecondition); !strings.Contains(message, "remove "+path+".lock") {
			t.Error(name, message)
		}
		if _, err := os.Lstat(path + ".lock"); err != nil {
			t.Error(name, err)
		}
	}
}

// One that comes in the place of a lock that is held is not waited for either.
func TestPipeInPlaceOfLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "login.json")
	store := newFileStore(t, path)
	unlock := lock(t, store)
	if err := os.Remove(path + ".lock"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path+".lock", 0o600); err != nil {
		t.Fatal(err)
	}
	expectCodeOf(t, within(t, "save", func() error { return store.Save(context.Background(), someRecord) }), codes.Aborted)
	_ = within(t, "unlock", func() error {
		unlock()
		return nil
	})
}

// A login goes on with a lock that nobody can take.
func TestLoginWithPipeAsLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "login.json")
	if err := syscall.Mkfifo(path+".lock", 0o600); err != nil {
		t.Fatal(err)
	}
	fake := loginServer(t)
	login, events := newLogin(t, fake.address, "app", symbolon.WithStore(newFileStore(t, path)))
	if err := within(t, "the sign-in", func() error {
		_, err := login.SignInUser(context.Background(), "ann", "password")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if token := accessToken(t, login); token != "access-2" {
		t.Fatal(token)
	}
	events.expect(t, "store_failed: FailedPrecondition", "signed_in", "store_failed: FailedPrecondition", "refreshed")
	if text, err := newFileStore(t, path).Load(context.Background()); err != nil || !strings.Contains(text, "access-2") {
		t.Error(err)
	}
}
