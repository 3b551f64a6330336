package symbolon_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"google.golang.org/grpc"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
)

func ExampleNewVerifier() {
	verifier, err := symbolon.NewVerifier("symbolon.example:8443", "orders", "its secret",
		symbolon.WithWatchEnd(func(err *symbolon.Error, retryIn time.Duration) {
			log.Print(err, ", and again in ", retryIn)
		}))
	if err != nil {
		log.Fatal(err)
	}
	defer verifier.Close()
}

func ExampleVerifier_Check() {
	var verifier *symbolon.Verifier
	greet := func(response http.ResponseWriter, request *http.Request, token string) {
		caller, live, err := verifier.Check(request.Context(), token)
		switch {
		case err != nil:
			// Nothing is known of the token: the client must keep it.
			http.Error(response, "try again", http.StatusServiceUnavailable)
		case !live:
			http.Error(response, "log in", http.StatusUnauthorized)
		default:
			fmt.Fprintln(response, "Hello,", caller.SubjectID)
		}
	}
	_ = greet
}

func ExampleGuard() {
	var verifier *symbolon.Verifier
	guard, err := symbolon.NewGuard(verifier,
		symbolon.WithPublicMethods("/grpc.health.v1.Health/Check"),
		symbolon.WithMethodScopes("/shop.v1.Orders/List", "read"))
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.UnaryInterceptor(guard.UnaryInterceptor), grpc.StreamInterceptor(guard.StreamInterceptor))
	defer server.Stop()
}

func ExampleGuard_HTTP() {
	var guard *symbolon.Guard
	orders := http.NotFoundHandler()
	mux := http.NewServeMux()
	mux.Handle("GET /orders", guard.HTTP("read")(orders))
	mux.Handle("DELETE /orders", guard.HTTP("write")(orders))
}

func ExampleNewClient() {
	client, err := symbolon.NewClient("symbolon.example:8443", "app", "")
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	_, err = client.Tokens.Refresh(context.Background(), &symbolonv1.RefreshRequest{RefreshToken: "a refresh token"})
	var failed *symbolon.Error
	if errors.As(err, &failed) && failed.Retryable {
		time.Sleep(failed.RetryAfter)
	}
}
