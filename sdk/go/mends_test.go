package symbolon_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

const (
	rightPort = "See that address is the port of gRPC, and that both sides speak TLS or neither ("
	hungUp    = "The other side hung up. Where that comes each time, see that address is the port of gRPC, and that both sides speak TLS"
	noTLS     = "The server speaks without TLS: on a safe network give WithPlaintext(true) ("
	authority = "WithRootCertificates lacks the authority of the server's certificate ("
)

// What is wrong between a service and the server is told in the words of all languages, before those of grpc-go.
func TestMends(t *testing.T) {
	t.Parallel()
	server := testserver.Start(t)
	service, admin := server.Demo.Service, newAdmin(t, server)
	certificate, roots := newCertificate(t)
	_, others := newCertificate(t)
	older := scripted{
		batch: func(context.Context, *symbolonv1.BatchIntrospectRequest) (*symbolonv1.BatchIntrospectResponse, error) {
			return nil, status.Error(codes.Unimplemented, "unknown method")
		},
		watch: func(*symbolonv1.WatchRevocationsRequest, watchServer) error {
			return status.Error(codes.Unimplemented, "unknown method")
		},
	}
	old := older.start(t).address
	secure := (&scripted{}).start(t, grpc.Creds(credentials.NewServerTLSFromCert(&certificate))).address
	_, port, _ := net.SplitHostPort(secure)
	elsewhere := symbolon.WithDialOptions(grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", secure)
	}))
	without := newRoleless(t, admin)
	for name, each := range map[string]struct {
		address string
		client  testserver.Client
		options []symbolon.Option
		told    string
	}{
		"TLS to a server without":     {server.Demo.GRPC, service, []symbolon.Option{symbolon.WithPlaintext(false)}, noTLS},
		"no TLS to a server with it":  {secure, service, nil, rightPort},
		"the other side hangs up":     {newPeer(t, func(net.Conn) {}).address, service, nil, hungUp},
		"the port of HTTP":            {server.Demo.HTTP, service, nil, rightPort},
		"nobody listens":              {"127.0.0.1:1", service, nil, "Nobody listens at address ("},
		"no such host":                {"nobody.invalid:1", service, nil, "No such host as address names is known ("},
		"the authority of another":    {secure, service, []symbolon.Option{symbolon.WithRootCertificates(others)}, authority},
		"the authorities that are so": {secure, service, []symbolon.Option{symbolon.WithPlaintext(false)}, authority},
		"of another host": {"passthrough:///other.example:" + port, service,
			[]symbolon.Option{symbolon.WithRootCertificates(roots), elsewhere},
			"The server's certificate is not one of the host that address names ("},
		"a wrong secret": {server.Demo.GRPC, testserver.Client{ClientID: service.ClientID, ClientSecret: "wrong-secret"}, nil,
			"Give a client id and a client secret that are good ("},
		"no role": {server.Demo.GRPC, without, nil,
			"Give the client the role that the call needs (INTROSPECT to check tokens) ("},
		"an older server": {old, service, nil, "Bring the server to the version of this package ("},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ends := make(chan *symbolon.Error, 10_000)
			verifierOptions := []symbolon.VerifierOption{
				symbolon.WithWatchEnd(func(err *symbolon.Error, _ time.Duration) { ends <- err }), symbolon.WithTimeout(time.Minute),
			}
			clientOptions := []symbolon.ClientOption{symbolon.WithTimeout(time.Minute)}
			for _, option := range each.options {
				verifierOptions, clientOptions = append(verifierOptions, option), append(clientOptions, option)
			}
			verifier, err := symbolon.NewVerifier(each.address, each.client.ClientID, each.client.ClientSecret, verifierOptions...)
			if err != nil {
				t.Fatal(err)
			}
			defer verifier.Close()
			_, _, err = verifier.Check(context.Background(), "made-up")
			expectMend(t, err, "symbolon: the token can't be checked: ", each.told)
			expectMend(t, <-ends, "symbolon: the watch ended: ", each.told)
			client, err := symbolon.NewClient(each.address, each.client.ClientID, each.client.ClientSecret, clientOptions...)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			_, err = client.Tokens.Introspect(context.Background(), &symbolonv1.IntrospectRequest{Token: "made-up"})
			expectMend(t, err, "symbolon: /symbolon.v1.TokenService/Introspect: ", each.told)
		})
	}
}

func expectMend(t *testing.T, err error, doing, mend string) {
	t.Helper()
	if err == nil {
		t.Fatal("nothing failed")
	}
	told, ok := strings.CutPrefix(err.Error(), doing)
	_, told, found := strings.Cut(told, ": ")
	if !ok || !found || (!strings.HasPrefix(told, mend) && !mayHangUp(told, mend)) || strings.Contains(told, "wrong-secret") {
		t.Fatal(err)
	}
}

// mayHangUp: who reads what it can't take may say so, or just end the connection.
func mayHangUp(told, mend string) bool {
	return mend == rightPort && strings.HasPrefix(told, hungUp)
}

// newRoleless is a client that may check no tokens.
func newRoleless(t *testing.T, admin *symbolon.Client) testserver.Client {
	t.Helper()
	response, err := admin.Clients.CreateClient(context.Background(), &symbolonv1.CreateClientRequest{Confidential: true})
	if err != nil {
		t.Fatal(err)
	}
	return testserver.Client{ClientID: response.GetClient().GetClientId(), ClientSecret: response.GetClientSecret()}
}

// A server that tells why it is unavailable is reached: its words are not those of a connection.
func TestServersOwnWords(t *testing.T) {
	t.Parallel()
	fake := &scripted{issue: func(context.Context) (*symbolonv1.IssueResponse, error) {
		told, err := status.New(codes.Unavailable, "name resolver error of the store").WithDetails(
			&errdetails.ErrorInfo{Domain: "symbolon.internal", Reason: "UNAVAILABLE"})
		if err != nil {
			return nil, err
		}
		return nil, told.Err()
	}}
	client := newClient(t, fake.start(t).address)
	_, err := client.Tokens.Issue(context.Background(), &symbolonv1.IssueRequest{})
	expectMend(t, err, "symbolon: /symbolon.v1.TokenService/Issue: ", "name resolver error of the store")
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, what := range map[string]string{
		"localhost":               "such as 127.0.0.1:50051: its port is missing",
		"[::1]":                   "its port is missing",
		"localhost:":              "its port is missing",
		"grpc://127.0.0.1:50051":  "and not a URL",
		"grpcs://example:443":     "and not a URL",
		"HTTP://localhost:1":      "and not a URL",
		"tcp://localhost:1":       "and not a URL",
		"grpc:localhost:1":        "address must be host:port",
		"localhost:http":          "address must be host:port",
		"localhost:1/path":        "address must be host:port",
		"::1:50051":               "address must be host:port",
		"user:password@example:1": "address must be host:port",
	} {
		expectInvalid(t, what, address, "client", "secret")
		if client, err := symbolon.NewClient(address, "client", ""); client != nil || err == nil {
			t.Error(address)
		}
	}
	for _, address := range []string{"localhost:1", "[::1]:1", "dns:///localhost:1", "dns://127.0.0.1/a.example:1", "passthrough:///a:1"} {
		client, err := symbolon.NewClient(address, "client", "")
		if err != nil {
			t.Fatal(address, err)
		}
		_ = client.Close()
	}
}
