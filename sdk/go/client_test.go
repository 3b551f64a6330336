package symbolon_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

func liveAnswer(token string) *symbolonv1.IntrospectResponse {
	return &symbolonv1.IntrospectResponse{
		Active: true, SubjectId: "of " + token, FamilyId: token, Revision: 1, Kind: symbolonv1.TokenKind_TOKEN_KIND_USER,
		TimeToLive: durationpb.New(time.Hour),
	}
}

func newClient(t testing.TB, address string, options ...symbolon.ClientOption) *symbolon.Client {
	t.Helper()
	client, err := symbolon.NewClient(address, "client", "a secret: with %", options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// What the contract says is safe is repeated after UNAVAILABLE, and nothing else.
func TestRetries(t *testing.T) {
	t.Parallel()
	fake := &scripted{}
	fake.revoke = func(context.Context) (*symbolonv1.RevokeResponse, error) {
		if fake.calls.Load() < 3 {
			return nil, status.Error(codes.Unavailable, "not now")
		}
		return &symbolonv1.RevokeResponse{Revoked: true}, nil
	}
	fake.issue = func(context.Context) (*symbolonv1.IssueResponse, error) {
		return nil, status.Error(codes.Unavailable, "not now")
	}
	client := newClient(t, fake.start(t).address)
	response, err := client.Tokens.Revoke(context.Background(), &symbolonv1.RevokeRequest{})
	if err != nil || !response.GetRevoked() || fake.calls.Load() != 3 {
		t.Fatal(err, fake.calls.Load())
	}
	fake.calls.Store(0)
	_, err = client.Tokens.Issue(context.Background(), &symbolonv1.IssueRequest{})
	if status.Code(err) != codes.Unavailable || fake.calls.Load() != 1 {
		t.Fatal("a login is repeated, or is not an error:", err, fake.calls.Load())
	}
	fake.calls.Store(0)
	fake.revoke = func(context.Context) (*symbolonv1.RevokeResponse, error) {
		return nil, status.Error(codes.Aborted, "no")
	}
	if _, err = client.Tokens.Revoke(context.Background(), &symbolonv1.RevokeRequest{}); fake.calls.Load() != 1 {
		t.Fatal("what is not UNAVAILABLE is repeated:", err, fake.calls.Load())
	}
}

func TestTypedErrors(t *testing.T) {
	t.Parallel()
	fake := &scripted{}
	fake.issue = func(ctx context.Context) (*symbolonv1.IssueResponse, error) {
		told, _ := metadata.FromIncomingContext(ctx)
		failed, err := status.New(codes.FailedPrecondition, fmt.Sprint(len(told.Get("authorization")))).WithDetails(
			&errdetails.ErrorInfo{Domain: "another.example", Reason: "ANOTHER"},
			&errdetails.ErrorInfo{Domain: "symbolon.internal", Reason: "LOGIN_LOCKED"},
			&errdetails.RetryInfo{RetryDelay: durationpb.New(1_500 * time.Millisecond)},
		)
		if err != nil {
			return nil, err
		}
		return nil, failed.Err()
	}
	client := newClient(t, fake.start(t).address)
	_, err := client.Tokens.Issue(context.Background(), &symbolonv1.IssueRequest{})
	var typed *symbolon.Error
	if !errors.As(err, &typed) || typed.Code != codes.FailedPrecondition || typed.Reason != "LOGIN_LOCKED" || typed.Retryable ||
		typed.RetryAfter != 1_500*time.Millisecond || status.Code(err) != codes.FailedPrecondition {
		t.Fatalf("%#v", err)
	}
	if !strings.HasSuffix(typed.Message, "FAILED_PRECONDITION: 1") {
		t.Fatal("the caller is not named once:", typed.Message)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %d", client, client, client, client, client), fmt.Sprintf("%#v", err)} {
		if strings.Contains(text, "a secret") || strings.Contains(text, "a%20secret") {
			t.Fatal("shows a secret:", text)
		}
	}
}

// Who sets no deadline gets one; who sets one has it; who gives up is not held.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	fake := &scripted{}
	deadlines := make(chan time.Duration, 10)
	fake.issue = func(ctx context.Context) (*symbolonv1.IssueResponse, error) {
		deadline, ok := ctx.Deadline()
		if !ok {
			return nil, status.Error(codes.Internal, "no deadline")
		}
		deadlines <- time.Until(deadline)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	address := fake.start(t).address
	short := newClient(t, address, symbolon.WithTimeout(50*time.Millisecond))
	_, err := short.Tokens.Issue(context.Background(), &symbolonv1.IssueRequest{})
	var typed *symbolon.Error
	if !errors.As(err, &typed) || typed.Code != codes.DeadlineExceeded || !typed.Retryable {
		t.Fatal(err)
	}
	client := newClient(t, address)
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	failed := make(chan error)
	go func() {
		_, err := client.Tokens.Issue(ctx, &symbolonv1.IssueRequest{})
		failed <- err
	}()
	for deadline := time.Duration(0); deadline <= time.Minute; {
		deadline = <-deadlines // That of the short one may come first, or not at all.
	}
	cancel()
	if err := <-failed; !errors.As(err, &typed) || typed.Code != codes.Canceled || !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// The server's certificate is looked at. What is wrong with it: TestMends.
func TestTLS(t *testing.T) {
	t.Parallel()
	certificate, roots := newCertificate(t)
	fake := &scripted{revoke: func(context.Context) (*symbolonv1.RevokeResponse, error) {
		return &symbolonv1.RevokeResponse{}, nil
	}}
	fake.start(t, grpc.Creds(credentials.NewServerTLSFromCert(&certificate)))
	client := newClient(t, fake.address, symbolon.WithRootCertificates(roots))
	if _, err := client.Tokens.Revoke(context.Background(), &symbolonv1.RevokeRequest{}); err != nil {
		t.Fatal(err)
	}
}

func newCertificate(t testing.TB) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func pool(t testing.TB, roots []byte) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(roots) {
		t.Fatal("no certificate")
	}
	return pool
}

// What is wrong is told when it is made, and names the mend.
func TestOptions(t *testing.T) {
	t.Parallel()
	_, roots := newCertificate(t)
	for what, options := range map[string][]symbolon.VerifierOption{
		"timeout must be from a millisecond":           {symbolon.WithTimeout(-1)},
		"give 2*time.Second for two seconds":           {symbolon.WithTimeout(2)},
		"from a millisecond to a minute":               {symbolon.WithTimeout(time.Hour)},
		"max entries must be 1 or more":                {symbolon.WithMaxEntries(0)},
		"must be certificates in PEM":                  {symbolon.WithRootCertificates([]byte("ca.pem"))},
		"plaintext must not stand beside":              {symbolon.WithPlaintext(true), symbolon.WithRootCertificates(roots)},
		"plaintext must not stand beside root certifi": {symbolon.WithRootCertificates(roots), symbolon.WithPlaintext(true)},
	} {
		expectInvalid(t, what, "localhost:1", "client", "secret", options...)
	}
	for _, address := range []string{"", "https://localhost:1", "http://localhost:1/", "localhost", "local host:1"} {
		expectInvalid(t, "address must be host:port", address, "client", "secret")
	}
	expectInvalid(t, "client id must be", "localhost:1", "", "secret")
	expectInvalid(t, "client secret must be", "localhost:1", "client", "")
	expectInvalid(t, "client secret must be", "localhost:1", "client", "\xff")
	for _, secret := range []string{"secret\n", "secret\r\n", "secret\r", "\n"} {
		expectInvalid(t, "client secret must not end with a line break", "localhost:1", "client", secret)
	}
	for _, verifier := range []*symbolon.Verifier{nil, {}} {
		var typed *symbolon.Error
		if _, err := symbolon.NewGuard(verifier); !errors.As(err, &typed) || !strings.Contains(typed.Message, "NewVerifier") {
			t.Error("a guard of no verifier:", err)
		}
	}
	// A public client has an empty secret, and goes on with none.
	client := newClient(t, "localhost:1")
	verifier, err := symbolon.NewVerifier("localhost:1", "client", "secret", symbolon.WithTimeout(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = verifier.Close() })
	for _, secret := range []string{"", "\xff", "secret\n"} {
		for _, use := range []func(string) error{client.UseClientSecret, verifier.UseClientSecret} {
			var typed *symbolon.Error
			if err := use(secret); !errors.As(err, &typed) || typed.Code != codes.InvalidArgument {
				t.Errorf("%q: %v", secret, err)
			}
		}
	}
	for _, secret := range []string{"\xff", "secret\n"} {
		if _, err := symbolon.NewClient("localhost:1", "client", secret); err == nil {
			t.Errorf("%q: no client can have such a secret", secret)
		}
	}
}

func expectInvalid(t *testing.T, what, address, id, secret string, options ...symbolon.VerifierOption) {
	t.Helper()
	verifier, err := symbolon.NewVerifier(address, id, secret, options...)
	var typed *symbolon.Error
	if verifier != nil || !errors.As(err, &typed) || typed.Code != codes.InvalidArgument || !strings.Contains(typed.Message, what) {
		t.Errorf("%s: %v", what, err)
	}
}

// Off loopback nothing leaves in the clear unless that is asked for.
func TestLoopback(t *testing.T) {
	t.Parallel()
	lookUp := func(context.Context, string) (net.Conn, error) { return nil, errors.New("not there") }
	for address, isPlain := range map[string]bool{
		"localhost:1": true, "127.0.0.1:1": true, "127.8.8.8:1": true, "[::1]:1": true, "dns:///localhost:1": true, "dns:localhost:1": true,
		"localhost.example:1": false, "127.0.0.1.example:1": false, "10.0.0.1:1": false, "[::2]:1": false, "dns:///example:1": false,
	} {
		// What needs TLS for its secret is refused where there is none.
		needs := symbolon.WithDialOptions(grpc.WithPerRPCCredentials(needsTLS{}), grpc.WithContextDialer(lookUp))
		_, err := symbolon.NewVerifier(address, "client", "secret", needs)
		if (err != nil) != isPlain {
			t.Error(address, err)
		}
	}
}

type needsTLS struct{}

func (needsTLS) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return nil, nil
}
func (needsTLS) RequireTransportSecurity() bool { return true }

// An idle client pings, so that nothing between forgets the connection; the server takes that.
func TestKeepalive(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes the half minute that is between pings")
	}
	server := testserver.Start(t)
	var upward atomic.Int64
	between := newPeer(t, func(client net.Conn) {
		target, err := net.Dial("tcp", server.Demo.GRPC)
		if err != nil {
			return
		}
		defer target.Close()
		go func() { _, _ = io.Copy(client, target) }()
		for bytes := make([]byte, 4_096); ; {
			n, err := client.Read(bytes)
			upward.Add(int64(n))
			if _, failed := target.Write(bytes[:n]); err != nil || failed != nil {
				return
			}
		}
	})
	admin := server.Demo.Admin
	client, err := symbolon.NewClient(between.address, admin.ClientID, admin.ClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	call := func() {
		request := &symbolonv1.IntrospectRequest{Token: "made-up"}
		if _, err := client.Tokens.Introspect(context.Background(), request); err != nil {
			t.Error(err)
		}
	}
	call()
	testserver.Eventually(t, "the server's frames are acknowledged", func() bool {
		before := upward.Load()
		time.Sleep(200 * time.Millisecond)
		return before == upward.Load()
	})
	before := upward.Load()
	testserver.Eventually(t, "a ping", func() bool { return upward.Load() > before })
	call()
	if between.accepted.Load() != 1 {
		t.Error("the connection did not live through it")
	}
}

// A public client names itself only: it logs users in, and may do no more.
func TestPublicClient(t *testing.T) {
	t.Parallel()
	server := testserver.Start(t)
	client, err := symbolon.NewClient(server.Demo.GRPC, server.Demo.TenantID, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	ctx := context.Background()
	refreshed, err := client.Tokens.Refresh(ctx, &symbolonv1.RefreshRequest{RefreshToken: logIn(t, client, server).GetRefreshToken()})
	if err != nil {
		t.Fatal(err)
	}
	token := refreshed.GetTokens().GetAccessToken()
	_, err = client.Tokens.Introspect(ctx, &symbolonv1.IntrospectRequest{Token: token})
	var typed *symbolon.Error
	if !errors.As(err, &typed) || typed.Code != codes.PermissionDenied {
		t.Fatal(err)
	}
	revoke(t, client, token)
	answer, err := newAdmin(t, server).Tokens.Introspect(ctx, &symbolonv1.IntrospectRequest{Token: token})
	if err != nil || answer.GetActive() {
		t.Fatal(answer, err)
	}
}
