package symbolon

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/login"
)

// CodePage is where a user signs in and agrees, in a browser (RFC 6749 section 4.1).
type CodePage struct {
	// Issuer is that of the tenant, such as https://login.example.com/t/shop. It is http on loopback alone.
	Issuer string
	// RedirectURI is one that the client registered. Of [Login.SignInWithCode] it is on loopback, and the port is put in that is free then
	// (RFC 8252 section 7.3); empty stands for http://127.0.0.1/callback.
	RedirectURI string
}

const defaultRedirectURI = "http://127.0.0.1/callback"

// CodeRequest is a sign-in in a browser that was begun. It is plain data, to be kept where the same user's callback finds it, such as in the
// session, and nobody else. It has a secret: with every verb of fmt and in log/slog it shows none.
type CodeRequest struct {
	// URL is where the browser is sent.
	URL   string `json:"url"`
	State string `json:"state"`
	// CodeVerifier proves that who brings the code is who asked for it (RFC 7636). It is a secret.
	CodeVerifier string `json:"code_verifier"`
	RedirectURI  string `json:"redirect_uri"`
	Issuer       string `json:"issuer"`
}

// Format implements [fmt.Formatter]: with every verb it shows no secret.
func (r CodeRequest) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "symbolon.CodeRequest")
}

// LogValue implements [slog.LogValuer].
func (r CodeRequest) LogValue() slog.Value {
	return slog.StringValue("symbolon.CodeRequest")
}

// BeginCode is for apps that get the redirect by themselves, such as a web server or a phone's custom scheme: they send the browser to the URL
// of what it answers, and give the URL that the browser came back by to [Login.CompleteCode]. It makes no call.
func (l *Login) BeginCode(page CodePage) (CodeRequest, error) {
	issuer, err := parseIssuer(page.Issuer)
	if err != nil {
		return CodeRequest{}, err
	}
	if redirect, err := url.Parse(page.RedirectURI); err != nil || redirect.Scheme == "" || strings.Contains(page.RedirectURI, "#") {
		return CodeRequest{}, invalid("redirect URI must be a URI with a scheme and without a fragment, such as https://shop.example/callback")
	}
	request := CodeRequest{State: random32(), CodeVerifier: random32(), RedirectURI: page.RedirectURI, Issuer: page.Issuer}
	challenge := sha256.Sum256([]byte(request.CodeVerifier))
	query := url.Values{
		"response_type": {"code"}, "client_id": {l.server.clientID}, "redirect_uri": {request.RedirectURI}, "state": {request.State},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
	if len(l.server.scopes) > 0 {
		query.Set("scope", strings.Join(l.server.scopes, " "))
	}
	if l.server.resource != "" {
		query.Set("resource", l.server.resource)
	}
	request.URL = strings.TrimSuffix(issuer.String(), "/") + "/oauth2/authorize?" + query.Encode()
	return request, nil
}

func random32() string {
	bytes := make([]byte, 32)
	_, _ = rand.Read(bytes) // It never fails.
	return base64.RawURLEncoding.EncodeToString(bytes)
}

// parseIssuer: RFC 8414 section 2, and a code must not pass over a network in the clear.
func parseIssuer(issuer string) (*url.URL, error) {
	parsed, err := url.Parse(issuer)
	if err != nil || parsed.Host == "" || parsed.User != nil || strings.ContainsAny(issuer, "?#") || !isSafe(parsed) ||
		(parsed.Scheme != "https" && parsed.Scheme != "http") {
		return nil, invalid("issuer must be an https URL without query and fragment, such as https://login.example.com/t/shop; http on loopback alone")
	}
	return parsed, nil
}

// CompleteCode signs in with what the browser brought back: callbackURL is the whole URL of that request, or its path and query. A callback
// that is not of this request, or not of its issuer (RFC 9207), is FAILED_PRECONDITION, and changes nothing. A user who said no is
// PERMISSION_DENIED with the reason ACCESS_DENIED. The code is sent once: after a lost answer it is UNAVAILABLE, and the user signs in again.
func (l *Login) CompleteCode(ctx context.Context, request CodeRequest, callbackURL string) error {
	callback, err := url.Parse(callbackURL)
	if err != nil {
		return invalid("callback URL must be the URL that the browser came back by")
	}
	code, err := request.codeOf(callback)
	if err != nil {
		return toldOfLogin(err)
	}
	return toldOfLogin(l.keeper.SignInOnce(ctx, l.server.redeem(request.credential(code))))
}

func (r CodeRequest) credential(code string) *symbolonv1.IssueRequest {
	return &symbolonv1.IssueRequest{Credential: &symbolonv1.IssueRequest_AuthorizationCode{AuthorizationCode: &symbolonv1.AuthorizationCode{
		Code: code, RedirectUri: r.RedirectURI, CodeVerifier: r.CodeVerifier,
	}}}
}

// codeWait is how long a browser is waited for where ctx has no deadline.
const codeWait = 5 * time.Minute

// SignInWithCode signs a user in by the browser of this machine (RFC 8252): open, which runs in a goroutine of its own, shows the URL there, and
// on a free port of loopback it is waited for what comes back: until ctx ends, or for 5 minutes where that has no deadline. Meanwhile no other
// sign-in can begin, and [Login.SignOut] gives it up. An error of open ends it; else errors are as of [Login.CompleteCode].
func (l *Login) SignInWithCode(ctx context.Context, page CodePage, open func(url string) error) error {
	if page.RedirectURI == "" {
		page.RedirectURI = defaultRedirectURI
	}
	if _, err := parseIssuer(page.Issuer); err != nil {
		return err
	}
	redirect, err := parseLoopback(page.RedirectURI)
	if err != nil {
		return err
	}
	ask := func(context.Context) (*login.Record, error) { return nil, nil }
	err = l.keeper.SignInAfter(ctx, func(ctx context.Context) error {
		request, code, err := l.codeByBrowser(ctx, page.Issuer, redirect, open)
		if err != nil {
			return err
		}
		ask = l.server.redeem(request.credential(code))
		return nil
	}, func(ctx context.Context) (*login.Record, error) { return ask(ctx) })
	return toldOfLogin(err)
}

// codeByBrowser listens for no longer than it waits.
func (l *Login) codeByBrowser(ctx context.Context, issuer string, redirect *url.URL, open func(string) error) (request CodeRequest, code string, err error) {
	if _, ok := ctx.Deadline(); !ok {
		limited, cancel := context.WithTimeout(ctx, codeWait)
		defer cancel()
		ctx = limited
	}
	listener, err := listenAt(redirect)
	if err != nil {
		return request, "", err
	}
	defer listener.close()
	if request, err = l.BeginCode(CodePage{Issuer: issuer, RedirectURI: listener.redirectURI}); err != nil {
		return request, "", err
	}
	listener.serve(request)
	failed := make(chan error, 1)
	go func() {
		if err := open(request.URL); err != nil {
			failed <- err
		}
	}()
	select {
	case came := <-listener.came:
		return request, came.code, came.err
	case err := <-failed:
		return request, "", &login.Failure{Code: codes.FailedPrecondition, Message: "the browser can't be opened: " + err.Error(), Cause: err}
	case <-ctx.Done():
		return request, "", &login.Failure{
			Code: status.FromContextError(ctx.Err()).Code(), Message: "nobody came back from the browser: " + ctx.Err().Error(), Cause: ctx.Err(),
		}
	}
}
