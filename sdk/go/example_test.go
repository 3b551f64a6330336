package symbolon_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os/exec"
	"time"

	"golang.org/x/oauth2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

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

func ExampleGuard_RequirePermission() {
	var guard *symbolon.Guard
	device := func(request *http.Request) (symbolon.Target, error) {
		return symbolon.Device(request.PathValue("id")), nil
	}
	http.Handle("POST /devices/{id}/actions", guard.RequirePermission(symbolon.SendAction, device)(http.NotFoundHandler()))
}

// The target is in the message, so that a handler of gRPC asks by itself.
func ExampleGuard_Permit() {
	var guard *symbolon.Guard
	handle := func(ctx context.Context, deviceID string) error {
		caller, err := guard.Permit(ctx, symbolon.ReadDevice, symbolon.Device(deviceID))
		if err != nil {
			return err
		}
		log.Println(deviceID, "is read by", caller.SubjectID)
		return nil
	}
	_ = handle
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

func ExampleNewLogin() {
	store, err := symbolon.NewFileStore("login.json")
	if err != nil {
		log.Fatal(err)
	}
	login, err := symbolon.NewLogin("symbolon.example:8443", "app", "", symbolon.WithStore(store),
		symbolon.WithLoginEvents(func(event symbolon.LoginEvent) {
			if event.Kind == symbolon.EventSignedOut {
				log.Println("show the page to sign in:", event.Reason)
			}
		}))
	if err != nil {
		log.Fatal(err)
	}
	defer login.Close()
}

func ExampleLogin_SignInUser() {
	var login *symbolon.Login
	signIn := func(ctx context.Context, username, password string, askForCode func() string) error {
		wanted, err := login.SignInUser(ctx, username, password)
		if wanted == nil || err != nil {
			return err
		}
		return wanted.Complete(ctx, askForCode())
	}
	_ = signIn
}

func ExampleLogin_SignInWithCode() {
	var login *symbolon.Login
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	page := symbolon.CodePage{Issuer: "https://login.example.com/t/shop"}
	err := login.SignInWithCode(ctx, page, func(url string) error { return exec.Command("xdg-open", url).Start() })
	if failed, ok := errors.AsType[*symbolon.Error](err); ok && failed.Reason == "ACCESS_DENIED" {
		log.Println("not this time")
	}
}

// A web server keeps what was begun in the session of the browser that it sends away.
func ExampleLogin_BeginCode() {
	var login *symbolon.Login
	begun, err := login.BeginCode(symbolon.CodePage{
		Issuer: "https://login.example.com/t/shop", RedirectURI: "https://shop.example.com/callback",
	})
	if err != nil {
		log.Fatal(err)
	}
	callback := func(response http.ResponseWriter, request *http.Request) {
		if err := login.CompleteCode(request.Context(), begun, request.URL.String()); err != nil {
			http.Error(response, "begin again", http.StatusBadRequest)
		}
	}
	_ = callback
}

func ExampleLogin_SignInWithDeviceCode() {
	var login *symbolon.Login
	err := login.SignInWithDeviceCode(context.Background(), func(code symbolon.DeviceCode) {
		fmt.Println("Go to", code.VerificationURI, "and type", code.UserCode)
	})
	if err != nil {
		log.Fatal(err)
	}
}

func ExampleLogin_Transport() {
	var login *symbolon.Login
	client := &http.Client{Transport: login.Transport(nil)}
	response, err := client.Get("https://shop.example/orders")
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
}

func ExampleLogin_UnaryInterceptor() {
	var login *symbolon.Login
	channel, err := grpc.NewClient("shop.example:443", grpc.WithTransportCredentials(credentials.NewTLS(nil)),
		grpc.WithUnaryInterceptor(login.UnaryInterceptor()), grpc.WithStreamInterceptor(login.StreamInterceptor()))
	if err != nil {
		log.Fatal(err)
	}
	defer channel.Close()
}

// A login is credentials of a channel, and the token source of package oauth2.
func ExampleLogin() {
	var login *symbolon.Login
	channel, err := grpc.NewClient("shop.example:443", grpc.WithTransportCredentials(credentials.NewTLS(nil)),
		grpc.WithPerRPCCredentials(login))
	if err != nil {
		log.Fatal(err)
	}
	defer channel.Close()
	client := oauth2.NewClient(context.Background(), login)
	defer client.CloseIdleConnections()
}

func ExampleLogin_Refused() {
	var login *symbolon.Login
	// For who attaches the token by other means.
	withToken := func(ctx context.Context, call func(token string) (isUnauthenticated bool)) error {
		for range 2 {
			token, err := login.AccessToken(ctx)
			if err != nil {
				return err
			}
			if !call(token) || !login.Refused(ctx, token) {
				break
			}
		}
		return nil
	}
	_ = withToken
}
