// Package login has the rules of a login in an app: docs/login.md tells them. It has no socket, no file, no clock and no randomness of its own.
package login

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/clock"
)

// Failure is why something failed, as far as the rules go by it.
type Failure struct {
	Code codes.Code
	// Reason is an ErrorReason of the contract without its prefix.
	Reason string
	// EndedBy is why the token ended that a call was about, where the server knows.
	EndedBy    string
	RetryAfter time.Duration
	Message    string
	// Cause is what the app is told instead, where there is one.
	Cause error
}

func (f *Failure) Error() string {
	return f.Message
}

// Unwrap implements the way of package errors.
func (f *Failure) Unwrap() error {
	return f.Cause
}

func failed(code codes.Code, message string) *Failure {
	return &Failure{Code: code, Message: message}
}

// failureOf answers what is known of an error. One of an app's own store is of no code.
func failureOf(err error) *Failure {
	if known, ok := errors.AsType[*Failure](err); ok {
		return known
	}
	code := codes.Unknown
	if errors.Is(err, context.Canceled) {
		code = codes.Canceled
	} else if errors.Is(err, context.DeadlineExceeded) {
		code = codes.DeadlineExceeded
	}
	return &Failure{Code: code, Message: err.Error(), Cause: err}
}

// Server is what is asked over the network. Each call is made once, and its errors are a [*Failure].
type Server interface {
	Refresh(ctx context.Context, refreshToken string) (Record, error)
	// BeginAgain issues to the app's own client, as this kind.
	BeginAgain(ctx context.Context, kind Kind, requestID string) (Record, error)
	// Describe tells what a live access token stands for. LifetimeMS is what is left of it.
	Describe(ctx context.Context, accessToken string) (Record, error)
	Revoke(ctx context.Context, token string) error
}

// Store keeps the text of one record. An empty text is nothing.
type Store interface {
	Load(ctx context.Context) (string, error)
	Save(ctx context.Context, text string) error
	Clear(ctx context.Context) error
	// Lock answers when no other process is within it.
	Lock(ctx context.Context) (unlock func(), err error)
}

// World is what a [Keeper] is made with.
type World struct {
	Server   Server
	Store    Store
	ClientID string
	// Timeout is the time for a call, with its repeats.
	Timeout time.Duration
	Clock   clock.Clock
	// RequestID is random, and another one each time.
	RequestID func() string
	// Sleep waits, or answers sooner with an error when the context ends.
	Sleep func(ctx context.Context, time time.Duration) error
	// OnEvent is told of what happened. Nil: nobody is.
	OnEvent func(Event)
}
