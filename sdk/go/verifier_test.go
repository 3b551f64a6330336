package symbolon_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

func TestVerifier(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := testserver.Start(t)
	admin := newAdmin(t, server)
	verifier := newVerifier(t, server)
	testserver.Eventually(t, "open", verifier.IsOpen)

	issued := logIn(t, admin, server, "read")
	caller, live, err := verifier.Check(ctx, issued.GetAccessToken())
	if err != nil || !live {
		t.Fatal(live, err)
	}
	if caller.Kind != symbolon.KindUser || caller.SubjectID != server.Demo.User.ID || caller.TokenID != issued.GetTokenId() ||
		caller.FamilyID != issued.GetFamilyId() || caller.ClientID != server.Demo.Admin.ClientID || caller.TenantID != "demo" ||
		!caller.HasScopes("read") || caller.HasScopes("read", "write") || !caller.ExpireTime.Equal(issued.GetExpireTime().AsTime()) {
		t.Fatalf("%+v", caller)
	}
	if verifier.Size() != 1 {
		t.Fatal("nothing is kept")
	}
	caller.Scopes()[0] = "write"
	if again, _, _ := verifier.Check(ctx, issued.GetAccessToken()); again.HasScopes("write") {
		t.Fatal("a caller's scopes are those of all")
	}

	// Out of memory before the answer to what ended it: that waits for the verifier.
	_, err = admin.Tokens.Revoke(ctx, &symbolonv1.RevokeRequest{
		Target: &symbolonv1.RevokeRequest_Token{Token: issued.GetAccessToken()},
		Wait:   symbolonv1.RevocationWait_REVOCATION_WAIT_VERIFIERS,
	})
	if err != nil {
		t.Fatal(err)
	}
	if verifier.Size() != 0 {
		t.Fatal("a revoked token is kept")
	}
	if _, live, err := verifier.Check(ctx, issued.GetAccessToken()); live || err != nil {
		t.Fatal(live, err)
	}
	for _, token := range []string{"", " ", "a b", "é", strings.Repeat("a", 121), "a\n"} {
		if _, live, err := verifier.Check(ctx, token); live || err != nil {
			t.Fatal(token, live, err)
		}
	}
}

func TestServerGoneAndBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := testserver.Start(t)
	admin := newAdmin(t, server)
	ends := make(chan *symbolon.Error, 100)
	verifier := newVerifier(t, server, symbolon.WithWatchEnd(func(err *symbolon.Error, _ time.Duration) { ends <- err }))
	testserver.Eventually(t, "open", verifier.IsOpen)
	token := logIn(t, admin, server).GetAccessToken()
	if _, live, err := verifier.Check(ctx, token); !live || err != nil {
		t.Fatal(live, err)
	}
	server.Kill()
	if err := <-ends; err.Code != codes.Unavailable || !err.Retryable {
		t.Fatal(err)
	}
	testserver.Eventually(t, "an error", func() bool {
		_, live, err := verifier.Check(ctx, token)
		var typed *symbolon.Error
		if err == nil && !live {
			t.Fatal("says that it is not live, and can't know")
		}
		return errors.As(err, &typed) && typed.Code == codes.Unavailable
	})
	server.Run(t)
	testserver.Eventually(t, "open again", verifier.IsOpen)
	if _, live, err := verifier.Check(ctx, token); !live || err != nil {
		t.Fatal(live, err)
	}
}

// Those that miss at once share calls, and one that is given up leaves the others theirs.
func TestSharedCalls(t *testing.T) {
	t.Parallel()
	server := testserver.Start(t)
	admin := newAdmin(t, server)
	verifier := newVerifier(t, server)
	token := logIn(t, admin, server).GetAccessToken()
	var all sync.WaitGroup
	for index := range 200 {
		all.Go(func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if index%2 == 1 {
				go cancel()
			}
			_, live, err := verifier.Check(ctx, token)
			if err != nil && (index%2 == 0 || !errors.Is(err, context.Canceled)) {
				t.Error(index, err)
			}
			if err == nil && !live {
				t.Error(index, "is not live")
			}
		})
	}
	all.Wait()
}

func TestClose(t *testing.T) {
	t.Parallel()
	server := testserver.Start(t)
	verifier := newVerifier(t, server)
	testserver.Eventually(t, "open", verifier.IsOpen)
	var checks sync.WaitGroup
	for range 20 {
		checks.Go(func() {
			for {
				if _, _, err := verifier.Check(context.Background(), "made-up"); err != nil {
					return
				}
			}
		})
	}
	for range 2 {
		if err := verifier.Close(); err != nil {
			t.Fatal(err)
		}
	}
	checks.Wait()
	_, live, err := verifier.Check(context.Background(), "made-up")
	var typed *symbolon.Error
	if live || !errors.As(err, &typed) || typed.Code != codes.Canceled || typed.Retryable || verifier.IsOpen() || verifier.Size() != 0 ||
		!strings.Contains(typed.Message, "the verifier is closed: make a new one") {
		t.Fatal(live, err)
	}
}

func TestWrongSecret(t *testing.T) {
	t.Parallel()
	server := testserver.Start(t)
	admin := newAdmin(t, server)
	service := server.Demo.Service
	ends := make(chan *symbolon.Error, 100)
	verifier, err := symbolon.NewVerifier(server.Demo.GRPC, service.ClientID, "wrong-secret",
		symbolon.WithWatchEnd(func(err *symbolon.Error, _ time.Duration) { ends <- err }))
	if err != nil {
		t.Fatal(err)
	}
	defer verifier.Close()
	err = <-ends
	for range 1_000 {
		_, live, checked := verifier.Check(context.Background(), "made-up")
		var typed *symbolon.Error
		if live || !errors.As(checked, &typed) || typed.Code != codes.Unauthenticated || typed.Retryable ||
			typed.Reason != "CALLER_UNAUTHENTICATED" || !strings.Contains(typed.Message, "Give a client id and a client secret that are good") {
			t.Fatalf("%#v", checked)
		}
	}
	for _, text := range []string{err.Error(), fmt.Sprintf("%v %+v %#v %s", verifier, verifier, verifier, verifier)} {
		if strings.Contains(text, "wrong-secret") {
			t.Fatal("shows a secret:", text)
		}
	}
	if err := verifier.UseClientSecret(service.ClientSecret); err != nil {
		t.Fatal(err)
	}
	testserver.Eventually(t, "open", verifier.IsOpen)
	if _, live, err := verifier.Check(context.Background(), logIn(t, admin, server).GetAccessToken()); !live || err != nil {
		t.Fatal(live, err)
	}
}
