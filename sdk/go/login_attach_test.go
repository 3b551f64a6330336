package symbolon_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

// refusing is a service that takes every token but those that it refuses.
type refusing struct {
	mu      sync.Mutex
	refused map[string]bool
	seen    []string
}

func (r *refusing) takes(authorization []string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := strings.Join(authorization, ", ")
	r.seen = append(r.seen, strings.TrimPrefix(all, "Bearer "))
	return len(authorization) == 1 && !r.refused[strings.TrimPrefix(all, "Bearer ")]
}

func (r *refusing) tokens() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.seen, " ")
}

func (r *refusing) admit(ctx context.Context) error {
	if !r.takes(metadata.ValueFromIncomingContext(ctx, "authorization")) {
		return status.Error(codes.Unauthenticated, "the token is refused")
	}
	return nil
}

// serve is the service over gRPC: the stubs of Symbolon stand for its own.
func (r *refusing) serve(t testing.TB, options ...grpc.ServerOption) string {
	fake := &scripted{
		revoke: func(ctx context.Context) (*symbolonv1.RevokeResponse, error) {
			return &symbolonv1.RevokeResponse{}, r.admit(ctx)
		},
		watch: func(_ *symbolonv1.WatchRevocationsRequest, stream watchServer) error {
			return r.admit(stream.Context())
		},
	}
	return fake.start(t, options...).address
}

func dial(t testing.TB, target string, options ...grpc.DialOption) symbolonv1.TokenServiceClient {
	t.Helper()
	channel, err := grpc.NewClient(target, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = channel.Close() })
	return symbolonv1.NewTokenServiceClient(channel)
}

func callService(service symbolonv1.TokenServiceClient) error {
	_, err := service.Revoke(context.Background(), &symbolonv1.RevokeRequest{})
	return err
}

// rotated is a login whose first token the server says to be dead.
func rotated(t testing.TB, options ...symbolon.LoginOption) (*symbolon.Login, *scripted) {
	t.Helper()
	fake := loginServer(t)
	fake.issue = func(context.Context) (*symbolonv1.IssueResponse, error) {
		return &symbolonv1.IssueResponse{Result: &symbolonv1.IssueResponse_Tokens{Tokens: pair(1, time.Hour)}}, nil
	}
	fake.describe = func(request *symbolonv1.DescribeTokenRequest) error {
		if request.GetAccessToken() == "access-1" {
			return notLive()
		}
		return nil
	}
	login, _ := newLogin(t, fake.address, "app", options...)
	if _, err := login.SignInUser(context.Background(), "ann", "password"); err != nil {
		t.Fatal(err)
	}
	return login, fake
}

func TestUnaryInterceptor(t *testing.T) {
	t.Parallel()
	plain := grpc.WithTransportCredentials(insecure.NewCredentials())
	service := &refusing{refused: map[string]bool{"access-1": true}}
	address := service.serve(t)
	login, fake := rotated(t)
	stub := dial(t, address, plain, grpc.WithUnaryInterceptor(login.UnaryInterceptor()))
	if err := callService(stub); err != nil || service.tokens() != "access-1 access-2" {
		t.Fatal(err, service.tokens())
	}
	// It is made once more, and no more often.
	service.mu.Lock()
	service.refused["access-2"], service.seen = true, nil
	service.mu.Unlock()
	if err := callService(stub); status.Code(err) != codes.Unauthenticated || service.tokens() != "access-2" || fake.refreshes.Load() != 1 {
		t.Fatal(err, service.tokens(), fake.refreshes.Load())
	}
	if _, err := login.SignOut(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := callService(stub); !strings.HasSuffix(expectCode(t, err, codes.Unauthenticated).Message, "sign in first") || service.tokens() != "access-2" {
		t.Fatal(err, service.tokens())
	}
}

func TestStreamInterceptor(t *testing.T) {
	t.Parallel()
	service := &refusing{refused: map[string]bool{"access-1": true}}
	login, _ := rotated(t)
	stub := dial(t, service.serve(t), grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithStreamInterceptor(login.StreamInterceptor()))
	run := func() error {
		stream, err := stub.WatchRevocations(context.Background())
		if err != nil {
			return err
		}
		_ = stream.Send(&symbolonv1.WatchRevocationsRequest{})
		_, err = stream.Recv()
		return err
	}
	if err := run(); status.Code(err) != codes.Unauthenticated {
		t.Fatal(err)
	}
	// The next one has another token.
	testserver.Eventually(t, "another token", func() bool { return errors.Is(run(), io.EOF) })
	if !strings.HasSuffix(service.tokens(), "access-2") {
		t.Error(service.tokens())
	}
}

// Without TLS the token goes to loopback alone, unless somebody says that the network is safe.
func TestTokensNeedTLS(t *testing.T) {
	t.Parallel()
	service := &refusing{}
	address := service.serve(t)
	plain := grpc.WithTransportCredentials(insecure.NewCredentials())
	elsewhere := grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	})
	login, _ := rotated(t)
	err := callService(dial(t, "passthrough:///services.example:1", plain, elsewhere, grpc.WithUnaryInterceptor(login.UnaryInterceptor())))
	if err == nil || service.tokens() != "" {
		t.Error("the token was sent in the clear", err)
	}
	if _, err := grpc.NewClient(address, plain, grpc.WithPerRPCCredentials(login)); err == nil {
		t.Error("a channel without TLS takes the login")
	}
	_, err = (&http.Client{Transport: login.Transport(nil)}).Get("http://services.example/")
	if !strings.Contains(expectCode(t, err, codes.FailedPrecondition).Message, "use https") {
		t.Error(err)
	}
	allowed, _ := rotated(t, symbolon.WithPlaintext(true))
	if err := callService(dial(t, "passthrough:///services.example:1", plain, elsewhere, grpc.WithUnaryInterceptor(allowed.UnaryInterceptor()))); err != nil {
		t.Error(err)
	}
	if err := callService(dial(t, address, plain, grpc.WithPerRPCCredentials(allowed))); err != nil || service.tokens() != "access-1 access-1" {
		t.Error(err, service.tokens())
	}
}

// As credentials of a channel with TLS.
func TestPerRPCCredentials(t *testing.T) {
	t.Parallel()
	certificate, roots := newCertificate(t)
	service := &refusing{}
	address := service.serve(t, grpc.Creds(credentials.NewServerTLSFromCert(&certificate)))
	login, _ := rotated(t)
	secure := grpc.WithTransportCredentials(credentials.NewClientTLSFromCert(pool(t, roots), ""))
	stub := dial(t, address, secure, grpc.WithPerRPCCredentials(login))
	if err := callService(stub); err != nil || service.tokens() != "access-1" {
		t.Fatal(err, service.tokens())
	}
	if _, err := login.SignOut(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := callService(stub); status.Code(err) != codes.Unauthenticated || !strings.Contains(err.Error(), "sign in first") {
		t.Fatal(err)
	}
	if err := callService(dial(t, address, secure, grpc.WithUnaryInterceptor(login.UnaryInterceptor()))); err == nil {
		t.Fatal("nobody is signed in")
	}
}

// ServeHTTP is the service over HTTP: it answers what it was sent.
func (r *refusing) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	if !r.takes(request.Header.Values("Authorization")) {
		response.WriteHeader(http.StatusUnauthorized)
		return
	}
	_, _ = response.Write(body)
}

func TestTransport(t *testing.T) {
	t.Parallel()
	service := &refusing{refused: map[string]bool{"access-1": true}}
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	login, _ := rotated(t)
	client := &http.Client{Transport: login.Transport(nil)}
	// A body that can be sent again is.
	answer, err := client.Post(server.URL, "text/plain", strings.NewReader("bread"))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK || string(body) != "bread" || service.tokens() != "access-1 access-2" {
		t.Fatal(answer.Status, string(body), service.tokens())
	}
	// By a transport of another package, too.
	login, _ = rotated(t)
	var bodies []string
	_, err = (&http.Client{Transport: login.Transport(roundTrip(func(request *http.Request) int {
		body, _ := io.ReadAll(request.Body)
		bodies = append(bodies, string(body))
		return http.StatusUnauthorized
	}))}).Post(server.URL, "text/plain", strings.NewReader("cheese"))
	if err != nil || strings.Join(bodies, " ") != "cheese cheese" {
		t.Fatal(err, bodies)
	}
	// One that was a stream is gone; the next request has another token.
	login, _ = rotated(t)
	service.mu.Lock()
	service.seen = nil
	service.mu.Unlock()
	client = &http.Client{Transport: login.Transport(nil)}
	answer, err = client.Post(server.URL, "text/plain", struct{ io.Reader }{strings.NewReader("bread")})
	if err != nil || answer.StatusCode != http.StatusUnauthorized {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer, err = client.Get(server.URL); err != nil || answer.StatusCode != http.StatusOK || service.tokens() != "access-1 access-2" {
		t.Fatal(err, service.tokens())
	}
	_ = answer.Body.Close()
	// What an app says of its own stays.
	request, _ := http.NewRequest(http.MethodGet, server.URL, nil)
	request.Header.Set("Authorization", "Bearer own")
	if answer, err = client.Do(request); err != nil || !strings.HasSuffix(service.tokens(), " own") {
		t.Fatal(err, service.tokens())
	}
	_ = answer.Body.Close()
	// The request of an app is not changed.
	request.Header.Del("Authorization")
	if answer, err = login.Transport(nil).RoundTrip(request); err != nil || request.Header.Get("Authorization") != "" {
		t.Fatal(err, "the request was changed")
	}
	_ = answer.Body.Close()
	// Nobody is signed in: nothing is sent, and the body is closed.
	if _, err := login.SignOut(context.Background()); err != nil {
		t.Fatal(err)
	}
	closes := &closing{Reader: strings.NewReader("bread")}
	if _, err = client.Post(server.URL, "text/plain", closes); err == nil || !closes.isClosed {
		t.Error(err, closes.isClosed)
	}
	expectCode(t, err, codes.Unauthenticated)
	client.CloseIdleConnections()
}

type roundTrip func(*http.Request) (status int)

func (r roundTrip) RoundTrip(request *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: r(request), Body: http.NoBody, Request: request}, nil
}

type closing struct {
	io.Reader
	isClosed bool
}

func (c *closing) Close() error {
	c.isClosed = true
	return nil
}

// A service that redirects elsewhere gets no token there, also where it is led back.
func TestRedirects(t *testing.T) {
	t.Parallel()
	login, _ := rotated(t)
	thief := &refusing{refused: map[string]bool{"": true}}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		if back := request.URL.Query().Get("back"); back != "" {
			thief.takes(request.Header.Values("Authorization"))
			http.Redirect(response, request, back, http.StatusTemporaryRedirect)
			return
		}
		thief.ServeHTTP(response, request)
	}))
	t.Cleanup(elsewhere.Close)
	service := &refusing{}
	mux := http.NewServeMux()
	own := httptest.NewServer(mux)
	t.Cleanup(own.Close)
	mux.Handle("/", service)
	mux.Handle("/away", http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	mux.Handle("/round", http.RedirectHandler(elsewhere.URL+"?back="+own.URL, http.StatusTemporaryRedirect))
	mux.Handle("/within", http.RedirectHandler("/", http.StatusTemporaryRedirect))
	client := &http.Client{Transport: login.Transport(nil)}
	for path, expected := range map[string]int{"/away": http.StatusUnauthorized, "/round": http.StatusUnauthorized, "/within": http.StatusOK} {
		answer, err := client.Get(own.URL + path)
		if err != nil || answer.StatusCode != expected {
			t.Error(path, err)
			continue
		}
		_ = answer.Body.Close()
	}
	if strings.TrimSpace(thief.tokens()) != "" {
		t.Error("the thief has", thief.tokens())
	}
	if strings.TrimSpace(service.tokens()) != "access-1" {
		t.Error("the service has", service.tokens())
	}
}
