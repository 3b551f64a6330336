package symbolon_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

// person is the demo user at a browser, which follows redirects and keeps cookies.
type person struct {
	t      testing.TB
	server *testserver.Server
	client *http.Client
}

func newPerson(t testing.TB, server *testserver.Server) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t, server, &http.Client{Jar: jar}}
}

var (
	formOnPage  = regexp.MustCompile(`(?s)<form method="post" action="([^"]*)">(.*?)</form>`)
	inputOnPage = regexp.MustCompile(`<input[^>]* name="([^"]*)"[^>]*>`)
	valueOfIt   = regexp.MustCompile(` value="([^"]*)"`)
)

// submit fills in the first form of a page.
func (p *person) submit(page *url.URL, text string, filled map[string]string) (*url.URL, string) {
	form := formOnPage.FindStringSubmatch(text)
	if form == nil {
		p.t.Error("there is no form on", page, text)
		return page, text
	}
	fields := url.Values{}
	for _, input := range inputOnPage.FindAllStringSubmatch(form[2], -1) {
		if value := valueOfIt.FindStringSubmatch(input[0]); value != nil {
			fields.Set(input[1], html.UnescapeString(value[1]))
		}
	}
	for name, value := range filled {
		fields.Set(name, value)
	}
	action, err := page.Parse(html.UnescapeString(form[1]))
	if err != nil {
		p.t.Error(err)
		return page, text
	}
	return p.read(p.client.PostForm(action.String(), fields))
}

func (p *person) read(response *http.Response, err error) (*url.URL, string) {
	if err != nil {
		p.t.Error(err)
		return &url.URL{}, ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Error(err)
	}
	return response.Request.URL, string(text)
}

// decide signs in at the page, decides, and answers what the browser shows then.
func (p *person) decide(page, decision string) string {
	at, text := p.read(p.client.Get(page))
	at, text = p.submit(at, text, map[string]string{"username": p.server.Demo.User.LoginName, "password": p.server.Demo.User.Password})
	_, text = p.submit(at, text, map[string]string{"decision": decision})
	return text
}

func issuerOf(server *testserver.Server) string {
	return "http://" + server.Demo.HTTP + "/t/" + server.Demo.TenantID
}

func TestSignInWithCode(t *testing.T) {
	t.Parallel()
	ctx, server := context.Background(), testserver.Start(t)
	store := symbolon.NewMemoryStore()
	login, events := newLogin(t, server.Demo.GRPC, "demo-app", symbolon.WithScopes("read"), symbolon.WithStore(store))
	person := newPerson(t, server)
	page := symbolon.CodePage{Issuer: issuerOf(server)}
	var redirect *url.URL
	open := func(decision, shown string) func(string) error {
		return func(begun string) error {
			parsed, err := url.Parse(begun)
			if err != nil {
				return err
			}
			redirect, err = url.Parse(parsed.Query().Get("redirect_uri"))
			if text := person.decide(begun, decision); text != shown {
				t.Error(text)
			}
			return err
		}
	}
	const closeWindow = "You may close this window.\n"
	err := login.SignInWithCode(ctx, page, open("deny", closeWindow))
	if e := expectCode(t, err, codes.PermissionDenied); e.Reason != "ACCESS_DENIED" || login.SignedIn() {
		t.Error(e, e.Reason)
	}
	person = newPerson(t, server)
	if err := login.SignInWithCode(ctx, page, open("allow", closeWindow)); err != nil {
		t.Fatal(err)
	}
	if redirect.Hostname() != "127.0.0.1" || redirect.Port() == "" || redirect.Path != "/callback" {
		t.Error(redirect)
	}
	if line, err := net.Dial("tcp", redirect.Host); err == nil {
		_ = line.Close()
		t.Error("it listens still")
	}
	current, ok := login.CurrentUser()
	if !ok || current.SubjectID != server.Demo.User.ID || current.ClientID != "demo-app" || fmt.Sprint(current.Scopes) != "[read]" {
		t.Error(current)
	}
	if text, err := store.Load(ctx); err != nil || !strings.Contains(text, accessToken(t, login)) {
		t.Error("it is not stored", err)
	}
	events.expect(t, "signed_in")
}

// codeServer redeems any code, and keeps what it was asked.
func codeServer(t testing.TB) *scripted {
	fake := &scripted{}
	fake.issue = func(context.Context) (*symbolonv1.IssueResponse, error) {
		return &symbolonv1.IssueResponse{Result: &symbolonv1.IssueResponse_Tokens{Tokens: pair(1, time.Hour)}}, nil
	}
	return fake.start(t)
}

const issuer = "https://login.example/t/shop"

func callbackOf(request symbolon.CodeRequest, with url.Values) string {
	query := url.Values{"state": {request.State}, "iss": {issuer}, "code": {"the-code"}}
	for name, values := range with {
		query[name] = values
	}
	return request.RedirectURI + "?" + query.Encode()
}

func TestBeginAndCompleteCode(t *testing.T) {
	t.Parallel()
	ctx, fake := context.Background(), codeServer(t)
	login, events := newLogin(t, fake.address, "app", symbolon.WithScopes("read", "write"), symbolon.WithResource("orders"))
	begun, err := login.BeginCode(symbolon.CodePage{Issuer: issuer, RedirectURI: "com.example.app:/back"})
	if err != nil {
		t.Fatal(err)
	}
	at, query, _ := strings.Cut(begun.URL, "?")
	asked, err := url.ParseQuery(query)
	challenge := sha256.Sum256([]byte(begun.CodeVerifier))
	for name, want := range map[string]string{
		"response_type": "code", "client_id": "app", "redirect_uri": "com.example.app:/back", "scope": "read write", "resource": "orders",
		"state": begun.State, "code_challenge": base64.RawURLEncoding.EncodeToString(challenge[:]), "code_challenge_method": "S256",
	} {
		if got := asked[name]; len(got) != 1 || got[0] != want {
			t.Error(name, got)
		}
	}
	if err != nil || at != issuer+"/oauth2/authorize" || len(asked) != 8 || len(begun.State) != 43 || len(begun.CodeVerifier) != 43 {
		t.Error(begun.URL, err)
	}
	for name, callback := range map[string]string{
		"another path":           strings.Replace(callbackOf(begun, nil), "/back", "/other", 1),
		"another state":          callbackOf(begun, url.Values{"state": {begun.State[1:] + "a"}}),
		"no state":               callbackOf(begun, url.Values{"state": nil}),
		"two states":             callbackOf(begun, url.Values{"state": {begun.State, begun.State}}),
		"another issuer":         callbackOf(begun, url.Values{"iss": {"https://login.example/t/other"}}),
		"no issuer":              callbackOf(begun, url.Values{"iss": nil}),
		"two issuers":            callbackOf(begun, url.Values{"iss": {issuer, issuer}}),
		"no code":                callbackOf(begun, url.Values{"code": nil}),
		"an empty code":          callbackOf(begun, url.Values{"code": {""}}),
		"two codes":              callbackOf(begun, url.Values{"code": {"a", "b"}}),
		"a code and an error":    callbackOf(begun, url.Values{"error": {"access_denied"}}),
		"a query that is broken": callbackOf(begun, nil) + "&a=%zz",
	} {
		if err := login.CompleteCode(ctx, begun, callback); expectCode(t, err, codes.FailedPrecondition).Retryable {
			t.Error(name, err)
		}
	}
	bad := url.Values{"code": nil, "error": {"invalid_scope"}, "error_description": {"no\nsuch \x1b[31m scope" + strings.Repeat("!", 1_000)}}
	if e := expectCode(t, login.CompleteCode(ctx, begun, callbackOf(begun, bad)), codes.FailedPrecondition); len(e.Message) > 400 ||
		!strings.Contains(e.Message, "invalid_scope: no?such ?[31m scope!") {
		t.Error(e)
	}
	denied := url.Values{"code": nil, "error": {"access_denied"}}
	if e := expectCode(t, login.CompleteCode(ctx, begun, callbackOf(begun, denied)), codes.PermissionDenied); e.Reason != "ACCESS_DENIED" {
		t.Error(e)
	}
	if login.SignedIn() || fake.calls.Load() != 0 {
		t.Fatal("it went on with a callback that is wrong")
	}
	// It may be kept as JSON until the callback comes.
	text, err := json.Marshal(begun)
	var kept symbolon.CodeRequest
	if err != nil || json.Unmarshal(text, &kept) != nil || kept != begun {
		t.Error(string(text), err)
	}
	if err := login.CompleteCode(ctx, kept, callbackOf(kept, nil)); err != nil || !login.SignedIn() {
		t.Fatal(err)
	}
	sent := fake.issued[0]
	code := sent.GetAuthorizationCode()
	if code.GetCode() != "the-code" || code.GetRedirectUri() != "com.example.app:/back" || code.GetCodeVerifier() != begun.CodeVerifier ||
		sent.GetResource() != "orders" || sent.GetRequestId() != "" || len(sent.GetScopes()) != 0 || sent.GetExpireTime() != nil {
		t.Error(sent)
	}
	events.expect(t, "signed_in")
	for _, wrong := range []symbolon.CodePage{
		{}, {Issuer: issuer}, {Issuer: issuer, RedirectURI: "/back"}, {Issuer: issuer, RedirectURI: "https://a.example/#b"},
		{Issuer: "http://login.example", RedirectURI: "https://a.example/"}, {Issuer: issuer + "?a=b", RedirectURI: "https://a.example/"},
		{Issuer: issuer + "#a", RedirectURI: "https://a.example/"}, {Issuer: "ftp://127.0.0.1/", RedirectURI: "https://a.example/"},
		{Issuer: "login.example", RedirectURI: "https://a.example/"}, {Issuer: "https://a@login.example", RedirectURI: "https://a.example/"},
	} {
		if begun, err := login.BeginCode(wrong); err == nil || begun.URL != "" {
			t.Error(wrong, "is begun")
		}
	}
}

// Neither fmt nor log/slog shows what proves who asked.
func TestCodeRequestIsSecret(t *testing.T) {
	t.Parallel()
	login, _ := newLogin(t, "127.0.0.1:1", "app")
	begun, err := login.BeginCode(symbolon.CodePage{Issuer: issuer, RedirectURI: "https://shop.example/callback"})
	if err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("begun", "request", begun, "pointer", &begun)
	text := fmt.Sprintf("%v %+v %#v %s %q %v %+v", begun, begun, begun, begun, begun, &begun, struct{ R symbolon.CodeRequest }{begun}) + logged.String()
	if strings.Contains(text, begun.CodeVerifier) || strings.Contains(text, begun.State) {
		t.Error("shows a secret:", text)
	}
}

// byBrowser begins a sign-in that waits for what ask does, and answers how it ended.
func byBrowser(t testing.TB, ctx context.Context, login *symbolon.Login, ask func(redirect *url.URL, state string)) error {
	t.Helper()
	return login.SignInWithCode(ctx, symbolon.CodePage{Issuer: issuer, RedirectURI: "http://localhost/back/here?a=1"}, func(begun string) error {
		parsed, err := url.Parse(begun)
		if err != nil {
			return err
		}
		redirect, err := url.Parse(parsed.Query().Get("redirect_uri"))
		if err == nil {
			ask(redirect, parsed.Query().Get("state"))
		}
		return err
	})
}

// Anything on this machine may ask at the port. Only the right state ends the wait.
func TestListenerIsAskedByOthers(t *testing.T) {
	t.Parallel()
	fake := codeServer(t)
	login, _ := newLogin(t, fake.address, "app")
	ask := func(method string, redirect *url.URL, path string, query url.Values) int {
		asked := *redirect
		asked.Path, asked.RawQuery = path, query.Encode()
		request, err := http.NewRequest(method, asked.String(), nil)
		if err != nil {
			t.Error(err)
			return 0
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Error(err)
			return 0
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		if response.Header.Get("Cache-Control") != "no-store" || strings.Contains(string(text), "<") || strings.Contains(string(text), "evil") {
			t.Error(response.Header, string(text))
		}
		return response.StatusCode
	}
	err := byBrowser(t, context.Background(), login, func(redirect *url.URL, state string) {
		right := url.Values{"a": {"1"}, "state": {state}, "iss": {issuer}, "code": {"the-code"}}
		for name, each := range map[string]struct {
			got, want int
		}{
			"another path":   {ask("GET", redirect, "/evil", right), 404},
			"the root":       {ask("GET", redirect, "/", right), 404},
			"another method": {ask("POST", redirect, redirect.Path, right), 405},
			"HEAD":           {ask("HEAD", redirect, redirect.Path, right), 405},
			"no state":       {ask("GET", redirect, redirect.Path, url.Values{"code": {"evil"}}), 400},
			"another state":  {ask("GET", redirect, redirect.Path, url.Values{"code": {"evil"}, "state": {"evil"}, "iss": {issuer}}), 400},
			"a wrong error":  {ask("GET", redirect, redirect.Path, url.Values{"error": {"access_denied"}, "iss": {issuer}}), 400},
		} {
			if each.got != each.want {
				t.Error(name, each.got)
			}
		}
		if fake.calls.Load() != 0 || login.SignedIn() {
			t.Error("it went on")
		}
		if got := ask("GET", redirect, redirect.Path, right); got != 200 {
			t.Error(got)
		}
	})
	if err != nil || !login.SignedIn() || fake.issued[0].GetAuthorizationCode().GetCode() != "the-code" {
		t.Fatal(err)
	}
	if uri := fake.issued[0].GetAuthorizationCode().GetRedirectUri(); !regexp.MustCompile(`^http://localhost:\d+/back/here\?a=1$`).MatchString(uri) {
		t.Error(uri)
	}
}

// However it ends, nothing listens any more and another sign-in can begin.
func TestSignInWithCodeEnds(t *testing.T) {
	t.Parallel()
	fake := codeServer(t)
	come := func(with url.Values) func(*url.URL, string) {
		return func(redirect *url.URL, state string) {
			query := url.Values{"state": {state}, "iss": {issuer}, "code": {"the-code"}}
			for name, values := range with {
				query[name] = values
			}
			asked := *redirect
			asked.RawQuery = query.Encode()
			if response, err := http.Get(asked.String()); err != nil {
				t.Error(err)
			} else {
				_ = response.Body.Close()
			}
		}
	}
	for name, each := range map[string]struct {
		ask  func(*symbolon.Login, context.CancelFunc) func(*url.URL, string)
		code codes.Code
	}{
		"another issuer": {func(*symbolon.Login, context.CancelFunc) func(*url.URL, string) {
			return come(url.Values{"iss": {"https://evil.example"}})
		}, codes.FailedPrecondition},
		"no issuer": {func(*symbolon.Login, context.CancelFunc) func(*url.URL, string) {
			return come(url.Values{"iss": nil})
		}, codes.FailedPrecondition},
		"the user says no": {func(*symbolon.Login, context.CancelFunc) func(*url.URL, string) {
			return come(url.Values{"code": nil, "error": {"access_denied"}})
		}, codes.PermissionDenied},
		"cancelled": {func(_ *symbolon.Login, cancel context.CancelFunc) func(*url.URL, string) {
			return func(*url.URL, string) { cancel() }
		}, codes.Canceled},
		"signed out": {func(login *symbolon.Login, _ context.CancelFunc) func(*url.URL, string) {
			return func(*url.URL, string) { _, _ = login.SignOut(context.Background()) }
		}, codes.Canceled},
		"closed": {func(login *symbolon.Login, _ context.CancelFunc) func(*url.URL, string) {
			return func(*url.URL, string) { _ = login.Close() }
		}, codes.Canceled},
		"too late": {nil, codes.DeadlineExceeded},
	} {
		login, _ := newLogin(t, fake.address, "app")
		ctx, cancel := context.WithCancel(context.Background())
		ask := func(*url.URL, string) {}
		if each.ask != nil {
			ask = each.ask(login, cancel)
		} else {
			ctx, cancel = context.WithTimeout(context.Background(), 50*time.Millisecond)
		}
		var at *url.URL
		began := make(chan struct{})
		err := byBrowser(t, ctx, login, func(redirect *url.URL, state string) {
			at = redirect
			close(began)
			ask(redirect, state)
		})
		<-began
		cancel()
		expectCode(t, err, each.code)
		if line, err := net.Dial("tcp", "127.0.0.1:"+at.Port()); err == nil {
			_ = line.Close()
			t.Error(name, "it listens still")
		}
		if name != "closed" && login.SignInAnonymously(context.Background()) != nil {
			t.Error(name, "no other sign-in can begin")
		}
	}
	login, _ := newLogin(t, fake.address, "app")
	broken := errors.New("there is no browser")
	err := login.SignInWithCode(context.Background(), symbolon.CodePage{Issuer: issuer}, func(string) error { return broken })
	if e := expectCode(t, err, codes.FailedPrecondition); !errors.Is(e, broken) {
		t.Error(e)
	}
	for _, redirect := range []string{
		"https://127.0.0.1/a", "http://shop.example/a", "http://127.0.0.1/#a", "com.example:/a", "http://a@127.0.0.1/", "%",
	} {
		err := login.SignInWithCode(context.Background(), symbolon.CodePage{Issuer: issuer, RedirectURI: redirect}, func(string) error {
			t.Error(redirect, "is opened")
			return nil
		})
		if err == nil {
			t.Error(redirect)
		}
	}
}

// A code that comes twice is theft: it is sent once, whatever became of the answer.
func TestCodeIsSentOnce(t *testing.T) {
	t.Parallel()
	fake := &scripted{issue: func(context.Context) (*symbolonv1.IssueResponse, error) {
		return nil, status.Error(codes.Unavailable, "lost")
	}}
	fake.start(t)
	login, events := newLogin(t, fake.address, "app")
	begun, err := login.BeginCode(symbolon.CodePage{Issuer: issuer, RedirectURI: "https://shop.example/callback"})
	if err != nil {
		t.Fatal(err)
	}
	err = login.CompleteCode(context.Background(), begun, callbackOf(begun, nil))
	if e := expectCode(t, err, codes.Unavailable); !strings.Contains(e.Message, "sign in again") || fake.calls.Load() != 1 || login.SignedIn() {
		t.Error(e, fake.calls.Load())
	}
	if strings.Contains(err.Error(), "the-code") || strings.Contains(err.Error(), begun.CodeVerifier) {
		t.Error("shows a secret:", err)
	}
	events.expect(t)
}

func TestSignInWithDeviceCode(t *testing.T) {
	t.Parallel()
	asked := 0
	fake := &scripted{begin: func(request *symbolonv1.BeginDeviceAuthorizationRequest) (*symbolonv1.BeginDeviceAuthorizationResponse, error) {
		if fmt.Sprint(request.GetScopes()) != "[read]" || request.GetResource() != "orders" {
			return nil, status.Error(codes.InvalidArgument, request.String())
		}
		return &symbolonv1.BeginDeviceAuthorizationResponse{
			DeviceCode: "device-code", UserCode: "ABCD-EFGH", VerificationUri: "https://login.example/device",
			VerificationUriComplete: "https://login.example/device?user_code=ABCD-EFGH", TimeToLive: durationpb.New(10 * time.Minute),
			Interval: durationpb.New(time.Millisecond),
		}, nil
	}}
	fake.issue = func(context.Context) (*symbolonv1.IssueResponse, error) {
		if asked++; asked < 3 {
			return nil, withReason(codes.FailedPrecondition, "AUTHORIZATION_PENDING")
		}
		return &symbolonv1.IssueResponse{Result: &symbolonv1.IssueResponse_Tokens{Tokens: pair(1, time.Hour)}}, nil
	}
	fake.start(t)
	login, events := newLogin(t, fake.address, "tv", symbolon.WithScopes("read"), symbolon.WithResource("orders"))
	var shown []symbolon.DeviceCode
	err := login.SignInWithDeviceCode(context.Background(), func(code symbolon.DeviceCode) { shown = append(shown, code) })
	if err != nil || !login.SignedIn() || len(fake.issued) != 3 {
		t.Fatal(err, len(fake.issued))
	}
	want := symbolon.DeviceCode{
		UserCode: "ABCD-EFGH", VerificationURI: "https://login.example/device",
		VerificationURIComplete: "https://login.example/device?user_code=ABCD-EFGH", TimeToLive: 10 * time.Minute,
	}
	if len(shown) != 1 || shown[0] != want {
		t.Error(shown)
	}
	for _, sent := range fake.issued {
		if sent.GetDeviceCode().GetDeviceCode() != "device-code" || sent.GetResource() != "orders" || sent.GetRequestId() != "" || len(sent.GetScopes()) != 0 {
			t.Error(sent)
		}
	}
	events.expect(t, "signed_in")
	fake.issue = func(context.Context) (*symbolonv1.IssueResponse, error) {
		return nil, withReason(codes.FailedPrecondition, "ACCESS_DENIED")
	}
	err = login.SignInWithDeviceCode(context.Background(), func(symbolon.DeviceCode) {})
	if e := expectCode(t, err, codes.FailedPrecondition); e.Reason != "ACCESS_DENIED" || !login.SignedIn() {
		t.Error(e)
	}
}

// The resource goes with each way to sign in that takes it, also when a client's login is begun again.
func TestResource(t *testing.T) {
	t.Parallel()
	ctx, fake := context.Background(), codeServer(t)
	fake.issue = func(context.Context) (*symbolonv1.IssueResponse, error) {
		issued := pair(1, 0)
		issued.Kind, issued.SubjectId, issued.RefreshToken = symbolonv1.TokenKind_TOKEN_KIND_APPLICATION, "app", ""
		return &symbolonv1.IssueResponse{Result: &symbolonv1.IssueResponse_Tokens{Tokens: issued}}, nil
	}
	login, err := symbolon.NewLogin(fake.address, "app", "secret", symbolon.WithResource("orders"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = login.Close() })
	if _, err := login.SignInUser(ctx, "ann", "password"); err != nil {
		t.Error(err)
	}
	if err := errors.Join(login.SignInDevice(ctx, "lamp", "password"), login.SignInAnonymously(ctx), login.SignInClient(ctx)); err != nil {
		t.Error(err)
	}
	_, _ = login.AccessToken(ctx) // It has ended, and is begun again.
	fake.mu.Lock()
	defer fake.mu.Unlock()
	if len(fake.issued) < 5 {
		t.Error("asked", len(fake.issued), "times")
	}
	for _, sent := range fake.issued {
		if sent.GetResource() != "orders" {
			t.Error(sent)
		}
	}
	if _, err := symbolon.NewLogin(fake.address, "app", "", symbolon.WithResource("")); err == nil {
		t.Error("a resource that is empty")
	}
}
