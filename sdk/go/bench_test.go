package symbolon_test

import (
	"context"
	"testing"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/testserver"
)

// BenchmarkCheck is a check that memory answers, of one of a hundred tokens. The target is 200 ns on a core.
func BenchmarkCheck(b *testing.B) {
	check, tokens := kept(b, 100)
	index := 0
	for b.Loop() {
		check(tokens[index])
		index = (index + 1) % len(tokens)
	}
}

// BenchmarkCheckParallel is the same on all cores.
func BenchmarkCheckParallel(b *testing.B) {
	check, tokens := kept(b, 100)
	b.ResetTimer()
	b.RunParallel(func(each *testing.PB) {
		index := 0
		for each.Next() {
			check(tokens[index])
			index = (index + 1) % len(tokens)
		}
	})
}

func kept(b *testing.B, count int) (check func(string), tokens []string) {
	server := testserver.Start(b)
	admin := newAdmin(b, server)
	verifier := newVerifier(b, server)
	testserver.Eventually(b, "open", verifier.IsOpen)
	ctx := context.Background()
	check = func(token string) {
		if _, live, err := verifier.Check(ctx, token); !live || err != nil {
			b.Error(live, err)
		}
	}
	for range count {
		tokens = append(tokens, logIn(b, admin, server).GetAccessToken())
	}
	for _, token := range tokens {
		check(token)
	}
	if verifier.Size() != count {
		b.Fatal("not all are kept:", verifier.Size())
	}
	return check, tokens
}

// BenchmarkIntrospect is a call over the bare client, for what a check saves.
func BenchmarkIntrospect(b *testing.B) {
	server := testserver.Start(b)
	admin := newAdmin(b, server)
	token := logIn(b, admin, server).GetAccessToken()
	ctx := context.Background()
	for b.Loop() {
		response, err := admin.Tokens.Introspect(ctx, &symbolonv1.IntrospectRequest{Token: token})
		if err != nil || !response.GetActive() {
			b.Fatal(err)
		}
	}
}
