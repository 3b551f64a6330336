package symbolon_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

// happenings are the events of a login, as texts.
type happenings struct {
	mu     sync.Mutex
	events []string
}

func (e *happenings) listen(event symbolon.LoginEvent) {
	e.mu.Lock()
	defer e.mu.Unlock()
	text := string(event.Kind)
	if event.Reason != "" {
		text += ": " + string(event.Reason)
	}
	if event.Err != nil {
		text += ": " + event.Err.Code.String()
	}
	e.events = append(e.events, text)
}

func (e *happenings) expect(t testing.TB, events ...string) {
	t.Helper()
	testserver.Eventually(t, fmt.Sprint(events), func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return fmt.Sprint(e.events) == fmt.Sprint(events)
	})
}

func newLogin(t testing.TB, address, clientID string, options ...symbolon.LoginOption) (*symbolon.Login, *happenings) {
	t.Helper()
	events := &happenings{}
	login, err := symbolon.NewLogin(address, clientID, "", append(options, symbolon.WithLoginEvents(events.listen))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = login.Close() })
	return login, events
}

// signedIn is the demo user's.
func signedIn(t testing.TB, server *testserver.Server, options ...symbolon.LoginOption) (*symbolon.Login, *happenings) {
	t.Helper()
	login, events := newLogin(t, server.Demo.GRPC, server.Demo.TenantID, options...)
	wanted, err := login.SignInUser(context.Background(), server.Demo.User.LoginName, server.Demo.User.Password)
	if wanted != nil || err != nil {
		t.Fatal(wanted, err)
	}
	return login, events
}

func accessToken(t testing.TB, login *symbolon.Login) string {
	t.Helper()
	token, err := login.AccessToken(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func isLive(t testing.TB, server *testserver.Server, token string) bool {
	t.Helper()
	response, err := newAdmin(t, server).Tokens.Introspect(context.Background(), &symbolonv1.IntrospectRequest{Token: token})
	if err != nil {
		t.Fatal(err)
	}
	return response.GetActive()
}

func expectCode(t testing.TB, err error, code codes.Code) *symbolon.Error {
	t.Helper()
	typed, ok := errors.AsType[*symbolon.Error](err)
	if !ok || typed.Code != code || status.Code(err) != code {
		t.Fatalf("must be %v: %v", code, err)
	}
	return typed
}

func TestLogin(t *testing.T) {
	t.Parallel()
	server, ctx := testserver.Start(t), context.Background()
	login, events := newLogin(t, server.Demo.GRPC, server.Demo.TenantID)
	_, err := login.AccessToken(ctx)
	if e := expectCode(t, err, codes.Unauthenticated); !strings.HasSuffix(e.Message, "sign in first") {
		t.Error(e)
	}
	_, err = login.SignInUser(ctx, server.Demo.User.LoginName, "wrong")
	if e := expectCode(t, err, codes.FailedPrecondition); e.Reason != "INVALID_CREDENTIALS" || login.SignedIn() {
		t.Error(e)
	}
	if _, err := login.SignInUser(ctx, server.Demo.User.LoginName, server.Demo.User.Password); err != nil {
		t.Fatal(err)
	}
	current, ok := login.CurrentUser()
	if !ok || !login.SignedIn() || current.Kind != symbolon.KindUser || current.SubjectID != server.Demo.User.ID ||
		current.ClientID != server.Demo.TenantID || current.TokenID == "" || current.FamilyID == "" {
		t.Error(current)
	}
	token := accessToken(t, login)
	if login.Refused(ctx, token) || !login.Refused(ctx, "another") {
		t.Error("a live token was refused for another reason")
	}
	user, err := login.Account().Get(ctx)
	if err != nil || user.GetUserId() != server.Demo.User.ID {
		t.Error(user, err)
	}
	if err := expectCode(t, login.Account().ChangePassword(ctx, "wrong", "another one", ""), codes.FailedPrecondition); err.Reason != "INVALID_CREDENTIALS" {
		t.Error(err)
	}
	isTold, err := login.SignOut(ctx)
	if !isTold || err != nil || login.SignedIn() || isLive(t, server, token) {
		t.Error(isTold, err)
	}
	events.expect(t, "signed_in", "signed_out: signed_out")
	_ = login.Close()
	if _, err := login.AccessToken(ctx); !strings.Contains(expectCode(t, err, codes.Canceled).Message, "closed") {
		t.Error(err)
	}
	expectCode(t, login.Account().ForgotPassword(ctx, "ann", symbolon.ChannelEmail), codes.Canceled)
}

// A login goes on elsewhere, by its text, its token alone, or a store.
func TestResumes(t *testing.T) {
	t.Parallel()
	server, ctx := testserver.Start(t), context.Background()
	store := symbolon.NewMemoryStore()
	login, _ := signedIn(t, server, symbolon.WithStore(store))
	token := accessToken(t, login)
	text, err := login.ExportTokens()
	if err != nil {
		t.Fatal(err)
	}
	_ = login.Close()
	stored, _ := newLogin(t, server.Demo.GRPC, server.Demo.TenantID, symbolon.WithStore(store))
	if isSignedIn, err := stored.ResumeStored(ctx); err != nil || !isSignedIn || accessToken(t, stored) != token {
		t.Fatal(isSignedIn, err)
	}
	resumed, events := newLogin(t, server.Demo.GRPC, server.Demo.TenantID)
	if err := resumed.Resume(ctx, text); err != nil || accessToken(t, resumed) != token {
		t.Fatal(err)
	}
	events.expect(t, "signed_in")
	expectCode(t, resumed.Resume(ctx, "rubbish"), codes.InvalidArgument)
	alone, _ := newLogin(t, server.Demo.GRPC, server.Demo.TenantID)
	if e := expectCode(t, alone.ResumeWithToken(ctx, "made-up"), codes.FailedPrecondition); e.Reason != "INVALID_CREDENTIALS" {
		t.Error(e)
	}
	if err := alone.ResumeWithToken(ctx, token); err != nil || accessToken(t, alone) != token {
		t.Fatal(err)
	}
	if current, _ := alone.CurrentUser(); current.SubjectID != server.Demo.User.ID {
		t.Error(current)
	}
}

func TestClientsAndNobody(t *testing.T) {
	t.Parallel()
	server, ctx := testserver.Start(t), context.Background()
	service := server.Demo.Service
	login, err := symbolon.NewLogin(server.Demo.GRPC, service.ClientID, service.ClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = login.Close() })
	if err := login.SignInClient(ctx); err != nil {
		t.Fatal(err)
	}
	if current, _ := login.CurrentUser(); current.Kind != symbolon.KindApplication || current.SubjectID != service.ClientID {
		t.Error(current)
	}
	_, err = login.Account().Get(ctx)
	expectCode(t, err, codes.FailedPrecondition)
	// Its tokens were revoked: it begins again.
	token := accessToken(t, login)
	revoke(t, newAdmin(t, server), token)
	if !login.Refused(ctx, token) || accessToken(t, login) == token {
		t.Error("it did not begin again")
	}
	anonymous, _ := newLogin(t, server.Demo.GRPC, server.Demo.TenantID)
	expectCode(t, anonymous.SignInClient(ctx), codes.FailedPrecondition)
	if err := anonymous.SignInAnonymously(ctx); err != nil {
		t.Fatal(err)
	}
	if current, _ := anonymous.CurrentUser(); current.Kind != symbolon.KindAnonymous {
		t.Error(current)
	}
	// A token of another client stays one of that.
	if err := login.ResumeWithToken(ctx, accessToken(t, anonymous)); err != nil {
		t.Fatal(err)
	}
	if current, _ := login.CurrentUser(); current.Kind != symbolon.KindAnonymous || current.ClientID != server.Demo.TenantID {
		t.Error(current)
	}
}

// When the server is away it is told later that somebody signed out.
func TestSignOutWhileAway(t *testing.T) {
	t.Parallel()
	server, ctx := testserver.Start(t), context.Background()
	login, events := signedIn(t, server)
	token := accessToken(t, login)
	server.Kill()
	if isTold, err := login.SignOut(ctx); isTold || err != nil || login.SignedIn() {
		t.Fatal(isTold, err)
	}
	server.Run(t)
	testserver.Eventually(t, "the server knows", func() bool { return !isLive(t, server, token) })
	events.expect(t, "signed_in", "signed_out: signed_out")
}

// pair is what a scripted server gives: an access token for so long, with a refresh token.
func pair(number int64, lifetime time.Duration) *symbolonv1.IssuedTokens {
	now := time.Now().Add(-2 * time.Hour) // By its own clock, which is two hours off.
	return &symbolonv1.IssuedTokens{
		AccessToken: fmt.Sprint("access-", number), RefreshToken: fmt.Sprint("refresh-", number), TokenId: fmt.Sprint("ta_", number),
		Kind: symbolonv1.TokenKind_TOKEN_KIND_USER, SubjectId: "ann", FamilyId: "fm_1", IssueTime: timestamppb.New(now),
		ExpireTime: timestamppb.New(now.Add(lifetime)), RefreshExpireTime: timestamppb.New(now.Add(14 * 24 * time.Hour)),
	}
}

// loginServer gives tokens whose first one has ended already, and counts.
func loginServer(t testing.TB) *scripted {
	fake := &scripted{}
	fake.issue = func(context.Context) (*symbolonv1.IssueResponse, error) {
		return &symbolonv1.IssueResponse{Result: &symbolonv1.IssueResponse_Tokens{Tokens: pair(1, 0)}}, nil
	}
	fake.refresh = func(_ context.Context, request *symbolonv1.RefreshRequest) (*symbolonv1.RefreshResponse, error) {
		if request.GetRefreshToken() != "refresh-1" {
			return nil, status.Error(codes.Internal, "another token was sent")
		}
		return &symbolonv1.RefreshResponse{Tokens: pair(1+fake.refreshes.Load(), time.Hour)}, nil
	}
	return fake.start(t)
}

// A refresh that was sent before a close ends before the connection does.
func TestCloseDuringRefresh(t *testing.T) {
	t.Parallel()
	fake, store := loginServer(t), symbolon.NewMemoryStore()
	refresh := fake.refresh
	arrived, release := make(chan struct{}), make(chan struct{})
	fake.refresh = func(ctx context.Context, request *symbolonv1.RefreshRequest) (*symbolonv1.RefreshResponse, error) {
		close(arrived)
		<-release
		return refresh(ctx, request)
	}
	login, events := newLogin(t, fake.address, "app", symbolon.WithStore(store))
	if _, err := login.SignInUser(context.Background(), "ann", "password"); err != nil {
		t.Fatal(err)
	}
	waited := make(chan error)
	go func() {
		_, err := login.AccessToken(context.Background())
		waited <- err
	}()
	<-arrived
	closing := make(chan struct{})
	go func() {
		_ = login.Close()
		close(closing)
	}()
	if !strings.Contains(expectCode(t, <-waited, codes.Canceled).Message, "closed") {
		t.Error("it was not said why")
	}
	close(release)
	<-closing
	if text, err := store.Load(context.Background()); err != nil || !strings.Contains(text, "access-2") {
		t.Error("the answer is lost", err)
	}
	events.expect(t, "signed_in", "refreshed")
}

func TestThousandGoroutines(t *testing.T) {
	t.Parallel()
	fake := loginServer(t)
	login, events := newLogin(t, fake.address, "app")
	if _, err := login.SignInUser(context.Background(), "ann", "password"); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 1_000 {
		all.Go(func() {
			if token, err := login.AccessToken(context.Background()); err != nil || token != "access-2" {
				t.Error(token, err)
			}
		})
	}
	all.Wait()
	if fake.refreshes.Load() != 1 {
		t.Error(fake.refreshes.Load())
	}
	events.expect(t, "signed_in", "refreshed")
}

// The line is lost after the server did what it was asked: the same refresh token, and the same request id, are sent again.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	fake := loginServer(t)
	refresh, issue := fake.refresh, fake.issue
	fake.refresh = func(ctx context.Context, request *symbolonv1.RefreshRequest) (*symbolonv1.RefreshResponse, error) {
		if fake.refreshes.Load() < 3 {
			return nil, status.Error(codes.Unavailable, "the line was lost")
		}
		return refresh(ctx, request)
	}
	fake.issue = func(ctx context.Context) (*symbolonv1.IssueResponse, error) {
		if fake.calls.Load() < 3 {
			return nil, status.Error(codes.Unavailable, "the line was lost")
		}
		return issue(ctx)
	}
	login, _ := newLogin(t, fake.address, "app")
	if _, err := login.SignInUser(context.Background(), "ann", "password"); err != nil {
		t.Fatal(err)
	}
	if token := accessToken(t, login); token != "access-4" || fake.calls.Load() != 3 || fake.refreshes.Load() != 3 {
		t.Fatal(token, fake.calls.Load(), fake.refreshes.Load())
	}
	if ids := fake.requestIDs(); len(ids) != 3 || ids[0] == "" || ids[1] != ids[0] || ids[2] != ids[0] {
		t.Fatal(ids)
	}
}

// What a server says of the end of a login reaches those who listen.
func TestEndedElsewhere(t *testing.T) {
	t.Parallel()
	fake := loginServer(t)
	fake.refresh = func(context.Context, *symbolonv1.RefreshRequest) (*symbolonv1.RefreshResponse, error) {
		refused, err := status.New(codes.FailedPrecondition, "it has ended").WithDetails(&errdetails.ErrorInfo{
			Domain: "symbolon.internal", Reason: "INVALID_REFRESH_TOKEN", Metadata: map[string]string{"endedBy": "PASSWORD_CHANGED"},
		})
		if err != nil {
			return nil, err
		}
		return nil, refused.Err()
	}
	login, events := newLogin(t, fake.address, "app")
	if _, err := login.SignInUser(context.Background(), "ann", "password"); err != nil {
		t.Fatal(err)
	}
	_, err := login.AccessToken(context.Background())
	expectCode(t, err, codes.Unauthenticated)
	events.expect(t, "signed_in", "signed_out: password_changed")
}

// What package oauth2 keeps must not outlive the token: it is asked for again, which costs a look into memory.
func TestTokenSource(t *testing.T) {
	t.Parallel()
	server := testserver.Start(t)
	login, _ := signedIn(t, server)
	kept := oauth2.ReuseTokenSource(nil, login)
	first, err := kept.Token()
	if err != nil || first.AccessToken != accessToken(t, login) || first.Type() != "Bearer" || first.RefreshToken != "" {
		t.Fatal(err)
	}
	if left := time.Until(first.Expiry); left <= 10*time.Second-time.Second || left > 11*time.Second {
		t.Error("asked for again in", left)
	}
	if fresh, err := login.Token(); err != nil || !fresh.Valid() {
		t.Error("it is not good when it comes", err)
	}
	if _, err := login.SignInUser(context.Background(), server.Demo.User.LoginName, server.Demo.User.Password); err != nil {
		t.Fatal(err)
	}
	testserver.Eventually(t, "the token of the next login", func() bool {
		token, err := kept.Token()
		return err == nil && token.AccessToken == accessToken(t, login)
	})
}

// Nobody sees a secret who prints what an app holds.
func TestLoginShowsNoSecret(t *testing.T) {
	t.Parallel()
	server := testserver.Start(t)
	path := t.TempDir() + "/login.json"
	files, err := symbolon.NewFileStore(path)
	if err != nil {
		t.Fatal(err)
	}
	memory := symbolon.NewMemoryStore()
	var events []symbolon.LoginEvent
	login, _ := signedIn(t, server, symbolon.WithStore(files))
	other, _ := signedIn(t, server, symbolon.WithStore(memory))
	secrets := []string{accessToken(t, login), accessToken(t, other), server.Demo.User.Password, "syr_", "syu_", "base32"}
	current, _ := login.CurrentUser()
	metadata, err := login.GetRequestMetadata(context.Background())
	if err != nil || metadata["authorization"] != "Bearer "+secrets[0] || !login.RequireTransportSecurity() {
		t.Fatal(err)
	}
	made := symbolon.Enrollment{Secret: "base32", OTPAuthURI: "otpauth://totp/?secret=base32"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		for _, each := range []any{
			login, memory, files, login.Account(), current, events, made, &made, &symbolon.SecondFactor{},
			symbolon.NewUser{}, symbolon.UserChanges{}, symbolon.WithOwner(secrets[0]), symbolon.WithStore(memory), login.Transport(nil),
		} {
			text := fmt.Sprintf(verb, each)
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					t.Errorf("%s of %T shows a secret", verb, each)
				}
			}
		}
	}
	_, err = login.SignInUser(context.Background(), server.Demo.User.LoginName, "not-the-password")
	if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, "not-the-password") {
		t.Error("an error shows a password")
	}
}

func TestLoginOptions(t *testing.T) {
	t.Parallel()
	for what, option := range map[string]symbolon.LoginOption{
		"store must not be nil":          symbolon.WithStore(nil),
		`scope "two words" must be`:      symbolon.WithScopes("two words"),
		"timeout must be from a millise": symbolon.WithTimeout(-1),
	} {
		login, err := symbolon.NewLogin("localhost:1", "app", "", option)
		if login != nil || !strings.Contains(expectCodeOf(t, err, codes.InvalidArgument), what) {
			t.Error(what, err)
		}
	}
	if _, err := symbolon.NewFileStore(""); err == nil {
		t.Error("a store without a path")
	}
	login, err := symbolon.NewLogin("localhost:1", "app", "", symbolon.WithPlaintext(true))
	if err != nil || login.RequireTransportSecurity() {
		t.Error(err)
	}
	_ = login.Close()
}

func expectCodeOf(t testing.TB, err error, code codes.Code) string {
	t.Helper()
	typed, ok := errors.AsType[*symbolon.Error](err)
	if !ok || typed.Code != code {
		t.Fatalf("must be %v: %v", code, err)
	}
	return typed.Message
}

// keychain is a store that an app writes: three functions, and no lock.
type keychain struct{ text string }

func (k *keychain) Load(context.Context) (string, error) { return k.text, nil }

func (k *keychain) Save(_ context.Context, text string) error {
	k.text = text
	return nil
}

func (k *keychain) Clear(context.Context) error {
	k.text = ""
	return nil
}

// lockedKeychain is one that another process stays within.
type lockedKeychain struct{ keychain }

func (*lockedKeychain) Lock(context.Context) (func(), error) {
	return nil, &symbolon.Error{Code: codes.Unavailable, Message: "another process is within it"}
}

func TestOwnStores(t *testing.T) {
	t.Parallel()
	fake, ctx := loginServer(t), context.Background()
	own := &keychain{}
	login, _ := newLogin(t, fake.address, "app", symbolon.WithStore(own))
	if _, err := login.SignInUser(ctx, "ann", "password"); err != nil {
		t.Fatal(err)
	}
	if text, err := login.ExportTokens(); err != nil || own.text != text {
		t.Error("it is not kept", err)
	}
	locked := &lockedKeychain{*own}
	next, _ := newLogin(t, fake.address, "app", symbolon.WithStore(locked))
	if isSignedIn, err := next.ResumeStored(ctx); err != nil || !isSignedIn {
		t.Fatal(isSignedIn, err)
	}
	// Nothing is refreshed: the other may do it.
	if _, err := next.AccessToken(ctx); expectCodeOf(t, err, codes.Unavailable) != "another process is within it" || fake.refreshes.Load() != 0 {
		t.Error(err, fake.refreshes.Load())
	}
	if _, err := login.SignOut(ctx); err != nil || own.text != "" {
		t.Error("it is kept still", err)
	}
}
