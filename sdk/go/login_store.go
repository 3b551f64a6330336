package symbolon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"google.golang.org/grpc/status"

	"symbolon.internal/sdk/go/internal/login"
)

// Store keeps the record of one [Login], so that it is still there after a restart. A keychain of the system is a store that an app writes.
// The text is a secret.
type Store interface {
	// Load answers the text that was saved last, or an empty one where nothing is.
	Load(ctx context.Context) (string, error)
	// Save replaces what is there: after an error or a crash it is the old text or the new one, and never a part of one.
	Save(ctx context.Context, text string) error
	// Clear makes it empty. One that is empty already is not an error.
	Clear(ctx context.Context) error
}

// LockingStore is a [Store] that many processes use.
type LockingStore interface {
	Store
	// Lock answers when no other process is within the lock, and a function that leaves it. An error with the code UNAVAILABLE is that another
	// process stays within it.
	Lock(ctx context.Context) (unlock func(), err error)
}

// WithStore is where a [Login] keeps its record. Unless set it is a [MemoryStore]: after a restart nobody is signed in.
func WithStore(store Store) LoginOption {
	return loginOption(func(s *settings) {
		if store == nil {
			s.wrong = append(s.wrong, invalid("store must not be nil: leave the option out to keep the login in memory"))
		}
		s.store = store
	})
}

// MemoryStore keeps a record for as long as the process lives.
type MemoryStore struct {
	turn chan struct{}
	mu   sync.Mutex
	// text is behind a pointer, which fmt does not follow.
	text *string
}

// NewMemoryStore makes an empty one.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{turn: make(chan struct{}, 1), text: new("")}
}

// Load implements [Store].
func (m *MemoryStore) Load(context.Context) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return *m.text, nil
}

// Save implements [Store].
func (m *MemoryStore) Save(_ context.Context, text string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.text = &text
	return nil
}

// Clear implements [Store].
func (m *MemoryStore) Clear(ctx context.Context) error {
	return m.Save(ctx, "")
}

// Lock implements [LockingStore]: for many logins in one process.
func (m *MemoryStore) Lock(ctx context.Context) (func(), error) {
	select {
	case m.turn <- struct{}{}:
		return func() { <-m.turn }, nil
	case <-ctx.Done():
		return nil, ofContext("the store can't be locked", ctx.Err())
	}
}

// Format implements [fmt.Formatter]: with every verb it shows no token.
func (m *MemoryStore) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "symbolon.MemoryStore")
}

// loginStore is a store as the rules of a login see it.
type loginStore struct{ store Store }

func (s *loginStore) Load(ctx context.Context) (string, error) {
	text, err := s.store.Load(ctx)
	return text, ofStore(err)
}

func (s *loginStore) Save(ctx context.Context, text string) error {
	return ofStore(s.store.Save(ctx, text))
}

func (s *loginStore) Clear(ctx context.Context) error {
	return ofStore(s.store.Clear(ctx))
}

func (s *loginStore) Lock(ctx context.Context) (func(), error) {
	locking, ok := s.store.(LockingStore)
	if !ok {
		return func() {}, nil
	}
	unlock, err := locking.Lock(ctx)
	return unlock, ofStore(err)
}

func ofStore(err error) error {
	if err == nil {
		return nil
	}
	failure := &login.Failure{Code: status.Code(err), Message: err.Error(), Cause: err}
	if known, ok := errors.AsType[*Error](err); ok {
		failure.Code = known.Code
	} else if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		failure.Code = status.FromContextError(err).Code()
	}
	return failure
}
