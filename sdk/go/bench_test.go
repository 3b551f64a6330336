//go:build unix

package symbolon_test

import (
	"context"
	"encoding/base64"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/testserver"
)

// BenchmarkCheck is a check that memory answers, of one of a hundred tokens. The target is 200 ns on a core.
func BenchmarkCheck(b *testing.B) {
	check, tokens := kept(b, 100)
	index := 0
	begun := cpuTime(b)
	for b.Loop() {
		check(tokens[index])
		index = (index + 1) % len(tokens)
	}
	tellCPU(b, begun)
}

// tellCPU is what a machine that does much else does not change.
func tellCPU(b *testing.B, begun time.Duration) {
	b.ReportMetric(float64(cpuTime(b)-begun)/float64(b.N), "cpu-ns/op")
}

// cpuTime is what this process has used so far.
func cpuTime(b *testing.B) time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
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
	begun := cpuTime(b)
	for b.Loop() {
		response, err := admin.Tokens.Introspect(ctx, &symbolonv1.IntrospectRequest{Token: token})
		if err != nil || !response.GetActive() {
			b.Fatal(err)
		}
	}
	tellCPU(b, begun)
}

// BenchmarkBareStub is the same by the generated stub alone.
func BenchmarkBareStub(b *testing.B) {
	server := testserver.Start(b)
	token := logIn(b, newAdmin(b, server), server).GetAccessToken()
	channel, err := grpc.NewClient(server.Demo.GRPC, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		b.Fatal(err)
	}
	defer channel.Close()
	stub := symbolonv1.NewTokenServiceClient(channel)
	pair := base64.StdEncoding.EncodeToString([]byte(server.Demo.Admin.ClientID + ":" + server.Demo.Admin.ClientSecret))
	begun := cpuTime(b)
	for b.Loop() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Basic "+pair)
		response, err := stub.Introspect(ctx, &symbolonv1.IntrospectRequest{Token: token})
		cancel()
		if err != nil || !response.GetActive() {
			b.Fatal(err)
		}
	}
	tellCPU(b, begun)
}
