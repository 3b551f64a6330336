package symbolon_test

import (
	"context"
	"testing"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

func newVerifier(t testing.TB, server *testserver.Server, options ...symbolon.VerifierOption) *symbolon.Verifier {
	t.Helper()
	service := server.Demo.Service
	verifier, err := symbolon.NewVerifier(server.Demo.GRPC, service.ClientID, service.ClientSecret, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = verifier.Close() })
	return verifier
}

// newAdmin is a bare client of an admin.
func newAdmin(t testing.TB, server *testserver.Server, options ...symbolon.ClientOption) *symbolon.Client {
	t.Helper()
	admin := server.Demo.Admin
	client, err := symbolon.NewClient(server.Demo.GRPC, admin.ClientID, admin.ClientSecret, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// logIn answers tokens of the demo user.
func logIn(t testing.TB, client *symbolon.Client, server *testserver.Server, scopes ...string) *symbolonv1.IssuedTokens {
	t.Helper()
	user := server.Demo.User
	response, err := client.Tokens.Issue(context.Background(), &symbolonv1.IssueRequest{
		Credential: &symbolonv1.IssueRequest_UserPassword{
			UserPassword: &symbolonv1.UserPassword{Username: user.LoginName, Password: user.Password},
		},
		Scopes: scopes,
	})
	if err != nil {
		t.Fatal(err)
	}
	return response.GetTokens()
}

func revoke(t testing.TB, client *symbolon.Client, token string) {
	t.Helper()
	_, err := client.Tokens.Revoke(context.Background(), &symbolonv1.RevokeRequest{
		Target: &symbolonv1.RevokeRequest_Token{Token: token},
	})
	if err != nil {
		t.Fatal(err)
	}
}
