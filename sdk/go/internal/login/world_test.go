package login

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/core"
)

// world is what a keeper is tested in: a clock that the test moves, a server that it scripts, and a store that it spoils.
type world struct {
	t      *testing.T
	keeper *Keeper
	store  *store

	mu         sync.Mutex
	mono, wall time.Duration
	calls      map[string]int
	sent       []string // Refresh tokens and request ids, in their order.
	made       int
	events     []string
	slept      []time.Duration
	refresh    func(token string) (Record, error)
	again      func() (Record, error)
	describe   func(token string) (Record, error)
	revoke     func(token string) error
	revoked    []string
	// isCut: an answer that comes after its call ended is lost.
	isCut   bool
	onEvent func(Event)
	sleep   func(ctx context.Context, wait time.Duration) error
}

const (
	lifetime      = time.Hour
	loginLifetime = 14 * 24 * time.Hour
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, store: &store{}, calls: map[string]int{}, wall: time.Duration(1_795_680_000) * time.Second}
	w.open(w.store)
	return w
}

// open makes a keeper as after a restart.
func (w *world) open(store Store) {
	w.keeper = NewKeeper(World{
		Server: w, Store: store, ClientID: "app", Timeout: 5 * time.Second, Clock: w, RequestID: w.id, Sleep: w.wait, OnEvent: w.happened,
	})
	w.t.Cleanup(w.keeper.Close)
}

func (w *world) id() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made++
	return fmt.Sprint("id", w.made)
}

func (w *world) wait(ctx context.Context, wait time.Duration) error {
	w.mu.Lock()
	w.slept = append(w.slept, wait)
	sleep := w.sleep
	w.mu.Unlock()
	if sleep != nil {
		return sleep(ctx, wait)
	}
	return ctx.Err()
}

func (w *world) happened(event Event) {
	w.mu.Lock()
	text := string(event.Kind)
	if event.Reason != "" {
		text += ": " + string(event.Reason)
	}
	w.events = append(w.events, text)
	listener := w.onEvent
	w.mu.Unlock()
	if listener != nil {
		listener(event)
	}
}

// Now and CatchUp implement clock.Clock.
func (w *world) Now() core.Moment {
	w.mu.Lock()
	defer w.mu.Unlock()
	return core.Moment{Mono: int64(w.mono), Wall: int64(w.wall)}
}

func (w *world) CatchUp() {}

func (w *world) pass(time time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mono, w.wall = w.mono+time, w.wall+time
}

func (w *world) leap(time time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wall += time
}

func (w *world) count(call, sent string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls[call]++
	w.sent = append(w.sent, sent)
}

func (w *world) called(call string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls[call]
}

// record is the next pair of a login.
func (w *world) record(kind Kind, family string) Record {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made++
	subject := "subject"
	if (Record{Kind: kind}).begunAgain() {
		subject = "app"
	}
	return Record{
		Kind: kind, SubjectID: subject, FamilyID: family, TokenID: fmt.Sprint("ta_", w.made), AccessToken: fmt.Sprint("access", w.made),
		RefreshToken: fmt.Sprint("refresh", w.made), LifetimeMS: lifetime.Milliseconds(), LoginLifetimeMS: new(loginLifetime.Milliseconds()),
	}
}

func (w *world) Refresh(ctx context.Context, token string) (Record, error) {
	w.count("Refresh", token)
	if w.refresh != nil {
		record, err := w.refresh(token)
		if w.isCut && ctx.Err() != nil {
			return Record{}, failureOf(ctx.Err())
		}
		return record, err
	}
	return w.record(User, "family"), nil
}

func (w *world) BeginAgain(_ context.Context, kind Kind, id string) (Record, error) {
	w.count("BeginAgain", id)
	if w.again != nil {
		return w.again()
	}
	return w.record(kind, "another family"), nil
}

func (w *world) Describe(_ context.Context, token string) (Record, error) {
	w.count("Describe", token)
	if w.describe != nil {
		return w.describe(token)
	}
	return Record{AccessToken: token, LifetimeMS: lifetime.Milliseconds()}, nil
}

func (w *world) Revoke(_ context.Context, token string) error {
	w.count("Revoke", token)
	if w.revoke != nil {
		if err := w.revoke(token); err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.revoked = append(w.revoked, token)
	return nil
}

func (w *world) signIn(record Record) {
	w.t.Helper()
	err := w.keeper.SignIn(context.Background(), func(context.Context, string) (*Record, error) { return &record, nil })
	if err != nil {
		w.t.Fatal(err)
	}
}

// user signs a user in, and answers what the server gave.
func (w *world) user() Record {
	record := w.record(User, "family")
	w.signIn(record)
	return record
}

func (w *world) token() string {
	w.t.Helper()
	lease, err := w.keeper.Token(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return lease.Token
}

// tokenAfterAll answers one when all that it began is done.
func (w *world) tokenAfterAll() string {
	w.t.Helper()
	token := w.token()
	w.settled()
	return token
}

func (w *world) fails(code codes.Code) *Failure {
	w.t.Helper()
	_, err := w.keeper.Token(context.Background())
	if err == nil || failureOf(err).Code != code {
		w.t.Fatalf("must be %v: %v", code, err)
	}
	return failureOf(err)
}

// expect waits until these and no others happened.
func (w *world) expect(events ...string) {
	w.t.Helper()
	w.until(fmt.Sprint(events), func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return fmt.Sprint(w.events) == fmt.Sprint(events)
	})
}

// impatient is of mutants, which fail.
const impatient = "SYMBOLON_IMPATIENT"

func (w *world) until(what string, is func() bool) {
	w.t.Helper()
	patience := time.Minute
	if os.Getenv(impatient) != "" {
		patience = 2 * time.Second // What is wrong stays so.
	}
	for end := time.Now().Add(patience); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.t.Fatalf("not so: %s; events %v, calls %v", what, w.events, w.calls)
		}
	}
}

// settled waits until nothing is under way beside.
func (w *world) settled() {
	w.t.Helper()
	w.until("nothing is under way", func() bool {
		w.keeper.mu.Lock()
		defer w.keeper.mu.Unlock()
		return w.keeper.flight == nil && !w.keeper.isTelling
	})
}

func away(string) (Record, error) {
	return Record{}, failed(codes.Unavailable, "the server is away")
}

func refusal(endedBy string) func(string) (Record, error) {
	return func(string) (Record, error) {
		return Record{}, &Failure{Code: codes.FailedPrecondition, Reason: "INVALID_REFRESH_TOKEN", EndedBy: endedBy, Message: "refused"}
	}
}

func notLive(endedBy string) func(string) (Record, error) {
	return func(string) (Record, error) {
		return Record{}, &Failure{Code: codes.FailedPrecondition, Reason: "INVALID_CREDENTIALS", EndedBy: endedBy, Message: "not live"}
	}
}

// store is one in memory that fails when it is told to.
type store struct {
	turn     sync.Mutex
	mu       sync.Mutex
	text     string
	loading  error
	saving   error
	clearing error
	locking  error
	isLocked bool
	onLoad   func()
	onSave   func()
}

func (s *store) read() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text
}

func (s *store) put(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = text
}

func (s *store) fail(loading, saving error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loading, s.saving = loading, saving
}

func (s *store) Load(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.onLoad != nil {
		s.onLoad()
	}
	return s.text, s.loading
}

func (s *store) Save(_ context.Context, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.isLocked && s.locking == nil {
		panic("saved outside of the lock")
	}
	if s.onSave != nil {
		s.onSave()
	}
	if s.saving == nil {
		s.text = text
	}
	return s.saving
}

func (s *store) Clear(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clearing == nil {
		s.text = ""
	}
	return s.clearing
}

func (s *store) Lock(context.Context) (func(), error) {
	s.mu.Lock()
	locking := s.locking
	s.mu.Unlock()
	if locking != nil {
		return nil, locking
	}
	s.turn.Lock()
	s.setLocked(true)
	return func() {
		s.setLocked(false)
		s.turn.Unlock()
	}, nil
}

func (s *store) setLocked(isLocked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.isLocked = isLocked
}

var errDisk = errors.New("the disk is full")
