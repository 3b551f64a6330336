package symbolon

import (
	"context"
	"slices"
	"time"
)

// Kind is what a token stands for.
type Kind string

const (
	// KindUnknown is something newer than this package.
	KindUnknown     Kind = "unknown"
	KindUser        Kind = "user"
	KindDevice      Kind = "device"
	KindApplication Kind = "application"
	KindAdmin       Kind = "admin"
	KindAnonymous   Kind = "anonymous"
)

// Caller is who presents a live token, and what it may do. It is a copy: changing it changes nothing for others.
type Caller struct {
	Kind Kind
	// SubjectID is the user, device or client that the token stands for.
	SubjectID string
	// ClientID is the client that the token was issued to.
	ClientID string
	TenantID string
	// TokenID is the public id of the token: safe to log.
	TokenID string
	// FamilyID is the login that the token came of.
	FamilyID string
	// Audience is the resource server that the token is for alone (RFC 8707). Empty: it is for all.
	Audience string
	// IssueTime and ExpireTime are by the server's clock.
	IssueTime, ExpireTime time.Time
	// scopes are shared by all who check the same token.
	scopes []string
}

// Scopes answers a copy of what the token may do.
func (c Caller) Scopes() []string {
	return slices.Clone(c.scopes)
}

// HasScopes tells whether the token carries all of these.
func (c Caller) HasScopes(scopes ...string) bool {
	for _, scope := range scopes {
		if !slices.Contains(c.scopes, scope) {
			return false
		}
	}
	return true
}

// WithScopes answers a caller that has these scopes, for tests of handlers.
func (c Caller) WithScopes(scopes ...string) Caller {
	c.scopes = slices.Clone(scopes)
	return c
}

type callerKey struct{}

// FromContext answers the caller whom a [Guard] let through. False: there was no guard, or the method is public.
func FromContext(ctx context.Context) (Caller, bool) {
	admitted, ok := ctx.Value(callerKey{}).(*admitted)
	if !ok || admitted == nil {
		return Caller{}, false
	}
	return admitted.caller, true
}

// admitted is what a guard tells a handler, and [RequireScopes].
type admitted struct {
	caller Caller
	realm  string
}

func (a *admitted) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, callerKey{}, a)
}

// NewContext answers a context that has a caller, as a [Guard] makes it. For tests of handlers.
func NewContext(ctx context.Context, caller Caller) context.Context {
	return (&admitted{caller: caller}).in(ctx)
}

// withoutCaller hides what an outer guard may have put there.
func withoutCaller(ctx context.Context) context.Context {
	return (*admitted)(nil).in(ctx)
}
