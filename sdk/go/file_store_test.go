package symbolon_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

const someRecord = `{"version":1,"client_id":"app","kind":"USER","subject_id":"ann","family_id":"fm_1","token_id":"ta_1","scopes":[],` +
	`"access_token":"syu_secret","refresh_token":"syr_secret","obtained_ms":1,"lifetime_ms":3600000,"login_lifetime_ms":1209600000}`

func newFileStore(t testing.TB, path string) *symbolon.FileStore {
	t.Helper()
	store, err := symbolon.NewFileStore(path)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func lock(t testing.TB, store *symbolon.FileStore) func() {
	t.Helper()
	unlock, err := store.Lock(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return unlock
}

// beside are the files that are there beside a store.
func beside(t testing.TB, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if entry.Name() != filepath.Base(path) {
			names = append(names, entry.Name())
		}
	}
	return names
}

func age(t testing.TB, path string, by time.Duration) {
	t.Helper()
	then := time.Now().Add(-by)
	if err := os.Chtimes(path, then, then); err != nil {
		t.Fatal(err)
	}
}

func TestFileStore(t *testing.T) {
	t.Parallel()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "login.json")
	store := newFileStore(t, path)
	if text, err := store.Load(ctx); text != "" || err != nil {
		t.Fatal(err)
	}
	if err := store.Clear(ctx); err != nil {
		t.Fatal(err)
	}
	unlock := lock(t, store)
	info, err := os.Stat(path + ".lock")
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 22 {
		t.Fatal(info, err)
	}
	if err := store.Save(ctx, someRecord); err != nil {
		t.Fatal(err)
	}
	unlock()
	if info, err = os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	if text, err := newFileStore(t, path).Load(ctx); text != someRecord || err != nil {
		t.Fatal(err)
	}
	if left := beside(t, path); left != nil {
		t.Fatal(left)
	}
	if err := store.Clear(ctx); err != nil {
		t.Fatal(err)
	}
	if text, err := store.Load(ctx); text != "" || err != nil {
		t.Fatal(err)
	}
}

// What can't be believed is refused, and stays. The next record replaces it, but never what is not a regular file.
func TestSpoiledFileStore(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	write := func(t *testing.T, path, text string, mode os.FileMode) {
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil { // In spite of the umask.
			t.Fatal(err)
		}
	}
	for name, each := range map[string]struct {
		spoil    func(t *testing.T, path string)
		code     codes.Code
		told     string
		replaced bool
	}{
		"cut short":     {func(t *testing.T, path string) { write(t, path, someRecord[:200], 0o600) }, codes.DataLoss, "sign in again", true},
		"empty":         {func(t *testing.T, path string) { write(t, path, "", 0o600) }, codes.DataLoss, "sign in again", true},
		"no record":     {func(t *testing.T, path string) { write(t, path, `{"version":1}`, 0o600) }, codes.DataLoss, "sign in again", true},
		"a later one":   {func(t *testing.T, path string) { write(t, path, strings.Replace(someRecord, "1", "2", 1), 0o600) }, codes.DataLoss, "", true},
		"far too long":  {func(t *testing.T, path string) { write(t, path, someRecord+strings.Repeat(" ", 1<<17), 0o600) }, codes.DataLoss, "", true},
		"read by all":   {func(t *testing.T, path string) { write(t, path, someRecord, 0o604) }, codes.FailedPrecondition, "chmod 600", true},
		"read by some":  {func(t *testing.T, path string) { write(t, path, someRecord, 0o640) }, codes.FailedPrecondition, "chmod 600", true},
		"written by it": {func(t *testing.T, path string) { write(t, path, someRecord, 0o620) }, codes.FailedPrecondition, "chmod 600", true},
		"a directory": {func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, codes.FailedPrecondition, "not a regular file", false},
		"a link": {func(t *testing.T, path string) {
			write(t, path+".real", someRecord, 0o600)
			if err := os.Symlink(path+".real", path); err != nil {
				t.Fatal(err)
			}
		}, codes.FailedPrecondition, "not a regular file", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "login.json")
			store := newFileStore(t, path)
			each.spoil(t, path)
			before, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			text, err := store.Load(ctx)
			message := expectCodeOf(t, err, each.code)
			if text != "" || !strings.Contains(message, path) || !strings.Contains(message, each.told) || strings.Contains(message, "secret") {
				t.Error(message)
			}
			login, events := newLogin(t, "127.0.0.1:1", "app", symbolon.WithStore(store))
			if isSignedIn, err := login.ResumeStored(ctx); isSignedIn || expectCodeOf(t, err, each.code) != message {
				t.Error(isSignedIn, err)
			}
			events.expect(t, "store_failed: "+each.code.String())
			if after, err := os.Lstat(path); err != nil || after.Mode() != before.Mode() || after.Size() != before.Size() {
				t.Error("it did not stay", err)
			}
			unlock := lock(t, store)
			defer unlock()
			if err := store.Save(ctx, someRecord); (err == nil) != each.replaced {
				t.Error(err)
			}
			if text, err := store.Load(ctx); (err == nil) != each.replaced || (text == someRecord) != each.replaced {
				t.Error(err)
			}
			if err := store.Clear(ctx); (err == nil) != each.replaced {
				t.Error(err)
			}
		})
	}
}

// In a directory that is not there a login goes on in memory.
func TestFileStoreWithoutDirectory(t *testing.T) {
	t.Parallel()
	store := newFileStore(t, filepath.Join(t.TempDir(), "nowhere", "login.json"))
	fake := loginServer(t)
	login, events := newLogin(t, fake.address, "app", symbolon.WithStore(store))
	if _, err := login.SignInUser(context.Background(), "ann", "password"); err != nil {
		t.Fatal(err)
	}
	if token := accessToken(t, login); token != "access-2" {
		t.Fatal(token)
	}
	events.expect(t, "store_failed: FailedPrecondition", "signed_in", "refreshed")
}

// A directory that goes signs nobody out, and when it is back the record is stored there.
func TestFileStoreLosesDirectory(t *testing.T) {
	t.Parallel()
	ctx, directory := context.Background(), filepath.Join(t.TempDir(), "here")
	if err := os.Mkdir(directory, 0o700); err != nil {
		t.Fatal(err)
	}
	store := newFileStore(t, filepath.Join(directory, "login.json"))
	fake := loginServer(t)
	login, events := newLogin(t, fake.address, "app", symbolon.WithStore(store))
	if _, err := login.SignInUser(ctx, "ann", "password"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(directory, directory+" no more"); err != nil {
		t.Fatal(err)
	}
	for _, do := range []func() error{
		func() error { _, err := store.Load(ctx); return err },
		func() error { return store.Save(ctx, someRecord) },
		func() error { return store.Clear(ctx) },
	} {
		if message := expectCodeOf(t, do(), codes.FailedPrecondition); !strings.Contains(message, "its directory can't be found: no such file") {
			t.Error(message)
		}
	}
	if token := accessToken(t, login); token != "access-2" {
		t.Fatal(token)
	}
	events.expect(t, "signed_in", "store_failed: FailedPrecondition", "refreshed")
	if err := os.Rename(directory+" no more", directory); err != nil {
		t.Fatal(err)
	}
	if isSignedIn, err := login.ResumeStored(ctx); err != nil || !isSignedIn || accessToken(t, login) != "access-2" {
		t.Fatal(isSignedIn, err)
	}
	if text, err := store.Load(ctx); err != nil || !strings.Contains(text, "access-2") {
		t.Error("it is not stored", err)
	}
}

// What a process left that ended while it wrote is removed when it is older than a minute, and nothing else.
func TestAbandonedFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "login.json")
	store := newFileStore(t, path)
	for name, old := range map[string]time.Duration{
		".0123456789abcdefghijkl.tmp": 61 * time.Second, ".lock.0123456789abcdefghijkl": 61 * time.Second,
		".1123456789abcdefghijkl.tmp": 50 * time.Second, ".backup": time.Hour, "2": time.Hour,
	} {
		if err := os.WriteFile(path+name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		age(t, path+name, old)
	}
	if err := store.Save(context.Background(), someRecord); err != nil {
		t.Fatal(err)
	}
	if left := fmt.Sprint(beside(t, path)); left != "[login.json.1123456789abcdefghijkl.tmp login.json.backup login.json2]" {
		t.Fatal(left)
	}
}

// One at a time: in this process, and in others.
func TestFileLock(t *testing.T) {
	t.Parallel()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "login.json")
	for name, other := range map[string]*symbolon.FileStore{"another": newFileStore(t, path), "the same": nil} {
		store := newFileStore(t, path)
		if other == nil {
			other = store
		}
		unlock := lock(t, store)
		taken := make(chan func())
		go func() {
			next, err := other.Lock(ctx)
			if err != nil {
				t.Error(name, err)
			}
			taken <- next
		}()
		given, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		if _, err := newFileStore(t, path).Lock(given); expectCodeOf(t, err, codes.DeadlineExceeded) == "" {
			t.Error(err)
		}
		cancel()
		select {
		case <-taken:
			t.Fatal(name, "is within it too")
		default:
		}
		unlock()
		(<-taken)()
		if left := beside(t, path); left != nil {
			t.Fatal(name, left)
		}
	}
}

// A lock that is older than 15 s is of a process that ended; a younger one is waited for.
func TestAbandonedLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "login.json")
	leave := func(old time.Duration) {
		if err := os.WriteFile(path+".lock", []byte("0123456789abcdefghijkl"), 0o600); err != nil {
			t.Fatal(err)
		}
		age(t, path+".lock", old)
	}
	leave(16 * time.Second)
	lock(t, newFileStore(t, path))()
	leave(10 * time.Second)
	given, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if _, err := newFileStore(t, path).Lock(given); expectCodeOf(t, err, codes.DeadlineExceeded) == "" {
		t.Fatal(err)
	}
	if left := fmt.Sprint(beside(t, path)); left != "[login.json.lock]" {
		t.Fatal(left)
	}
}

// Who lost the lock to another writes nothing, and leaves the other's lock.
func TestLostLock(t *testing.T) {
	t.Parallel()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "login.json")
	store := newFileStore(t, path)
	unlock := lock(t, store)
	age(t, path+".lock", time.Minute)
	next := lock(t, newFileStore(t, path))
	expectCodeOf(t, store.Save(ctx, someRecord), codes.Aborted)
	if left := fmt.Sprint(beside(t, path)); left != "[login.json.lock]" {
		t.Fatal(left)
	}
	if err := os.WriteFile(path, []byte(someRecord), 0o600); err != nil {
		t.Fatal(err)
	}
	expectCodeOf(t, store.Clear(ctx), codes.Aborted)
	unlock()
	if left := fmt.Sprint(beside(t, path)); left != "[login.json.lock]" {
		t.Fatal("the lock of the other is gone", left)
	}
	next()
	if left := beside(t, path); left != nil {
		t.Fatal(left)
	}
}

// What a child process does, by its environment: this test is run once more in it.
const (
	childOf    = "SYMBOLON_TEST_CHILD"
	childStore = "SYMBOLON_TEST_STORE"
	childDies  = "SYMBOLON_TEST_DIES"
	childApp   = "SYMBOLON_TEST_CLIENT"
)

// dying is a store of a process that ends after the answer of a refresh, before it is written.
type dying struct{ *symbolon.FileStore }

func (dying) Save(context.Context, string) error {
	fmt.Println("dies")
	os.Exit(0)
	return nil
}

// TestChild is what a child runs: it resumes, and asks for a token when it is told to.
func TestChild(t *testing.T) {
	address := os.Getenv(childOf)
	if address == "" {
		t.Skip("for other tests")
	}
	var store symbolon.Store = newFileStore(t, os.Getenv(childStore))
	if os.Getenv(childDies) != "" {
		store = dying{store.(*symbolon.FileStore)}
	}
	login, _ := newLogin(t, address, cmp.Or(os.Getenv(childApp), "app"), symbolon.WithStore(store))
	if isSignedIn, err := login.ResumeStored(context.Background()); err != nil || !isSignedIn {
		t.Fatal(isSignedIn, err)
	}
	fmt.Println("ready")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Println("token", accessToken(t, login))
}

type child struct {
	input io.WriteCloser
	lines *bufio.Scanner
	said  []string
}

func startChild(t testing.TB, address, store string, environment ...string) *child {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.v")
	command.Env = append(append(os.Environ(), childOf+"="+address, childStore+"="+store), environment...)
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	return &child{input: input, lines: bufio.NewScanner(output)}
}

// until answers the rest of the line that begins so.
func (c *child) until(t testing.TB, prefix string) string {
	t.Helper()
	for c.lines.Scan() {
		c.said = append(c.said, c.lines.Text())
		if rest, ok := strings.CutPrefix(c.lines.Text(), prefix); ok {
			return strings.TrimSpace(rest)
		}
	}
	t.Fatal("the child ended before it said ", prefix, ": ", c.said)
	return ""
}

func (c *child) ask() {
	_, _ = fmt.Fprintln(c.input)
}

// Processes that share a store refresh once.
func TestProcessesShareAStore(t *testing.T) {
	t.Parallel()
	fake := loginServer(t)
	path := filepath.Join(t.TempDir(), "login.json")
	login, _ := newLogin(t, fake.address, "app", symbolon.WithStore(newFileStore(t, path)))
	if _, err := login.SignInUser(context.Background(), "ann", "password"); err != nil {
		t.Fatal(err)
	}
	children := []*child{startChild(t, fake.address, path), startChild(t, fake.address, path), startChild(t, fake.address, path)}
	for _, each := range children {
		each.until(t, "ready")
	}
	for _, each := range children {
		each.ask()
	}
	token := accessToken(t, login)
	for _, each := range children {
		if other := each.until(t, "token"); other != token {
			t.Error(other)
		}
	}
	if token != "access-2" || fake.refreshes.Load() != 1 {
		t.Error(token, fake.refreshes.Load())
	}
	if left := beside(t, path); left != nil {
		t.Error(left)
	}
}

// A process that ends between the answer of a refresh and the store leaves the old refresh token: the next one sends that again, and is given
// the same pair.
func TestCrashBeforeSave(t *testing.T) {
	t.Parallel()
	server, ctx := testserver.Start(t), context.Background()
	path := filepath.Join(t.TempDir(), "login.json")
	login, err := symbolon.NewLogin(server.Demo.GRPC, server.Demo.TenantID, "", symbolon.WithStore(newFileStore(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := login.SignInUser(ctx, server.Demo.User.LoginName, server.Demo.User.Password); err != nil {
		t.Fatal(err)
	}
	token := accessToken(t, login)
	_ = login.Close()
	expire(t, path)
	crashed := startChild(t, server.Demo.GRPC, path, childDies+"=1", childApp+"="+server.Demo.TenantID)
	crashed.until(t, "ready")
	crashed.ask()
	crashed.until(t, "dies")
	age(t, path+".lock", time.Minute)
	next, events := newLogin(t, server.Demo.GRPC, server.Demo.TenantID, symbolon.WithStore(newFileStore(t, path)))
	if isSignedIn, err := next.ResumeStored(ctx); err != nil || !isSignedIn {
		t.Fatal(isSignedIn, err)
	}
	if renewed := accessToken(t, next); renewed == token || !isLive(t, server, renewed) {
		t.Error("it is signed out")
	}
	events.expect(t, "signed_in", "refreshed")
}

// expire makes the record of a store so old that its access token has ended.
func expire(t testing.TB, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var record map[string]any
	if err := json.Unmarshal(text, &record); err != nil {
		t.Fatal(err)
	}
	record["obtained_ms"] = record["obtained_ms"].(float64) - record["lifetime_ms"].(float64)
	if text, err = json.Marshal(record); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
