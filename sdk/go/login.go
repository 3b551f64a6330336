package symbolon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/status"

	"symbolon.internal/sdk/go/internal/clock"
	"symbolon.internal/sdk/go/internal/login"
)

// Login signs a user, a device or a client in, keeps it signed in, and sends its token. An app makes one and keeps it. It is an
// [golang.org/x/oauth2.TokenSource] and a [google.golang.org/grpc/credentials.PerRPCCredentials]; [Login.UnaryInterceptor] and
// [Login.Transport] also make a call once more after its token was refused.
//
// Each method takes a context. One that ends ends the wait of its caller, and never what others wait for. Errors are an [*Error], and as
// statuses of grpc-go too. All methods may be called by many goroutines at once.
type Login struct {
	keeper      *login.Keeper
	client      *Client
	server      *loginServer
	isPlaintext bool
}

// Identity is who is signed in. It has no token in it.
type Identity struct {
	Kind Kind
	// SubjectID is the user, device or client.
	SubjectID string
	ClientID  string
	// TokenID is the public id of the access token: safe to log.
	TokenID string
	// FamilyID is the login that the token came of.
	FamilyID string
	Scopes   []string
}

// WithScopes is what the tokens of a [Login] may do: each is one that the client may ask for. Unless set none.
func WithScopes(scopes ...string) LoginOption {
	return loginOption(func(s *settings) {
		if err := checkScopes(scopes); err != nil {
			s.wrong = append(s.wrong, err.(*Error))
		}
		s.scopes = slices.Clone(scopes)
	})
}

// WithResource is the id of the resource server that the tokens of a [Login] are for alone (RFC 8707). Unless set they are for all. What is
// made by a sign-up or by onboarding is for all in any case.
func WithResource(resource string) LoginOption {
	return loginOption(func(s *settings) {
		if !isText(resource) {
			s.wrong = append(s.wrong, invalid("resource must be the id of a resource server: leave the option out for tokens that are for all"))
		}
		s.resource = resource
	})
}

// NewLogin makes one that nobody is signed in at. It makes no call. A public client, such as that of an app that people install, has an empty
// secret. The error is an [*Error] that names an option that is wrong. address is host:port of the server.
func NewLogin(address, clientID, clientSecret string, options ...LoginOption) (*Login, error) {
	settings := newSettings(address, callTimeout)
	for _, option := range options {
		option.login(settings)
	}
	client, err := settings.newClient(clientID, clientSecret)
	if err != nil {
		return nil, err
	}
	if settings.store == nil {
		settings.store = NewMemoryStore()
	}
	server := &loginServer{client: client, clientID: clientID, scopes: settings.scopes, resource: settings.resource, secret: &atomic.Pointer[string]{}}
	server.secret.Store(&clientSecret)
	keeper := login.NewKeeper(login.World{
		Server: server, Store: &loginStore{settings.store}, ClientID: clientID, Timeout: settings.timeout, Clock: clock.New(),
		RequestID: rand.Text, Sleep: sleep, OnEvent: settings.tellOfLogin(),
	})
	isPlaintext := settings.plaintext != nil && *settings.plaintext
	return &Login{keeper: keeper, client: client, server: server, isPlaintext: isPlaintext}, nil
}

func sleep(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// SignedIn tells whether a token can be had, as far as is known here. It makes no call.
func (l *Login) SignedIn() bool {
	_, ok := l.keeper.Current()
	return ok
}

// CurrentUser answers who is signed in. False: nobody is. It makes no call.
func (l *Login) CurrentUser() (Identity, bool) {
	record, ok := l.keeper.Current()
	if !ok {
		return Identity{}, false
	}
	return Identity{
		Kind: kindsOfRecords[record.Kind], SubjectID: record.SubjectID, ClientID: record.ClientID,
		TokenID: record.TokenID, FamilyID: record.FamilyID, Scopes: slices.Clone(record.Scopes),
	}, true
}

// AccessToken answers the token for a call: from memory, unless it has ended. For those who attach it by themselves; they tell
// [Login.Refused] of one that was refused.
func (l *Login) AccessToken(ctx context.Context) (string, error) {
	lease, err := l.keeper.Token(ctx)
	return lease.Token, toldOfLogin(err)
}

// Refused tells that a call with this token was answered UNAUTHENTICATED or 401. It answers whether to make the call once more: there is
// another token by now.
func (l *Login) Refused(ctx context.Context, accessToken string) bool {
	return l.keeper.Refused(ctx, accessToken)
}

// ExportTokens answers a text that [Login.Resume] takes, here or in an SDK of another language. It is a secret.
func (l *Login) ExportTokens() (string, error) {
	text, err := l.keeper.Export()
	return text, toldOfLogin(err)
}

// SignOut forgets who is signed in, in memory and in the store, and then revokes the tokens. It answers whether the server said that they have
// ended. When it is away, or ctx ends before, it is told later, for as long as the login is open. Signing out twice is not an error. A
// sign-in that is under way is given up: it is CANCELLED, and what it got is revoked.
func (l *Login) SignOut(ctx context.Context) (told bool, err error) {
	told, err = l.keeper.SignOut(ctx)
	return told, toldOfLogin(err)
}

// UseClientSecret goes on with another secret of the client: calls from now on carry it. The error is an [*Error]: it is empty, not
// UTF-8, or ends with a line break.
func (l *Login) UseClientSecret(clientSecret string) error {
	if err := l.client.UseClientSecret(clientSecret); err != nil {
		return err
	}
	l.server.secret.Store(&clientSecret)
	return nil
}

// Close refuses new calls, and ends what is under way, but for a refresh that was sent, which has 2 s to end. Nobody is signed out: the store keeps
// its record, and gets what it lacks. It may be called again.
func (l *Login) Close() error {
	l.keeper.Close()
	return l.client.Close()
}

// Format implements [fmt.Formatter]: with every verb it shows no secret and no token.
func (l *Login) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "symbolon.Login")
}

func toldOfLogin(err error) error {
	if err == nil {
		return nil
	}
	return ofLogin("login", err)
}

// ofLogin is the error of the rules of a login, and as a status of grpc-go too.
func ofLogin(doing string, err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	failure, ok := errors.AsType[*login.Failure](err)
	if !ok {
		failure = &login.Failure{Code: status.Code(err), Message: err.Error(), Cause: err}
	}
	e := failed(failure.Code, doing, nameOf(failure.Code)+": "+failure.Message)
	e.Reason = failure.Reason
	e.cause = errors.Join(status.Error(e.Code, e.Message), failure.Cause)
	return e
}
