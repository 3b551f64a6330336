package main

import (
	"context"
	"encoding/base64"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
)

// denied asks each millisecond until the token is not live, and answers when that was.
func denied(verifier *symbolon.Verifier, token string) answer {
	for {
		_, live, err := verifier.Check(context.Background(), token)
		if err == nil && !live {
			return answer{"denied_ms": now()}
		}
		time.Sleep(time.Millisecond)
	}
}

// keepAll lets them miss together, so that all are in memory.
func keepAll(verifier *symbolon.Verifier, tokens []string) {
	var all sync.WaitGroup
	for _, token := range tokens {
		all.Go(func() { _, _, _ = verifier.Check(context.Background(), token) })
	}
	all.Wait()
}

// bench does one thing over and over, one at a time, and answers how often a second.
func (d *driver) bench(verifier *symbolon.Verifier, client *symbolon.Client, asked request) answer {
	ctx := context.Background()
	do, end := func(string) error { return nil }, func() error { return nil }
	switch asked.What {
	case "check":
		do = func(token string) error { _, _, err := verifier.Check(ctx, token); return err }
	case "introspect":
		do = func(token string) error {
			_, err := client.Tokens.Introspect(ctx, &symbolonv1.IntrospectRequest{Token: token})
			return err
		}
	case "stub":
		conn, err := grpc.NewClient(asked.Address, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return errorOf(err)
		}
		end = conn.Close
		pair := base64.StdEncoding.EncodeToString([]byte(asked.ClientID + ":" + asked.ClientSecret))
		authorized := metadata.AppendToOutgoingContext(ctx, "authorization", "Basic "+pair)
		stub := symbolonv1.NewTokenServiceClient(conn)
		do = func(token string) error {
			limited, cancel := context.WithTimeout(authorized, 2*time.Second)
			defer cancel()
			_, err := stub.Introspect(limited, &symbolonv1.IntrospectRequest{Token: token})
			return err
		}
	}
	if asked.What == "check" {
		keepAll(verifier, asked.Tokens)
	}
	began := time.Now()
	done := 0
	// The clock is looked at once for all tokens.
	for time.Since(began) < time.Duration(asked.Seconds*float64(time.Second)) {
		for _, token := range asked.Tokens {
			if err := do(token); err != nil {
				return errorOf(err)
			}
		}
		done += len(asked.Tokens)
	}
	rate := float64(done) / time.Since(began).Seconds()
	if err := end(); err != nil {
		return errorOf(err)
	}
	return answer{"per_second": rate}
}
