// App is a command-line app that stays signed in: `app sign-in`, `app orders` and `app sign-out`.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc/codes"

	"symbolon.internal/examples/go/settings"
	symbolon "symbolon.internal/sdk/go"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: app sign-in | orders | sign-out")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx, os.Args[1]); err != nil {
		if failed, ok := errors.AsType[*symbolon.Error](err); ok && failed.Code == codes.Unauthenticated {
			log.Fatal("sign in first: app sign-in")
		}
		log.Fatal(err)
	}
}

func run(ctx context.Context, command string) error {
	store, err := symbolon.NewFileStore(settings.Of("STORE"))
	if err != nil {
		return err
	}
	login, err := symbolon.NewLogin(settings.Of("SYMBOLON_ADDRESS"), settings.Of("CLIENT_ID"), "",
		symbolon.WithStore(store), symbolon.WithScopes("read"))
	if err != nil {
		return err
	}
	defer login.Close()
	if _, err := login.ResumeStored(ctx); err != nil {
		log.Println(err) // What is in the store can't be used: sign in again.
	}
	switch command {
	case "sign-in":
		return signIn(ctx, login)
	case "orders":
		return orders(ctx, login)
	case "sign-out":
		if _, err := login.SignOut(ctx); err != nil {
			return err
		}
		fmt.Println("signed out")
		return nil
	default:
		return fmt.Errorf("there is no command %q", command)
	}
}

func signIn(ctx context.Context, login *symbolon.Login) error {
	wanted, err := login.SignInUser(ctx, settings.Of("LOGIN_NAME"), settings.Of("PASSWORD"))
	if err != nil {
		return err
	}
	if wanted != nil {
		fmt.Print("code: ")
		var code string
		if _, err := fmt.Scanln(&code); err != nil {
			return err
		}
		if err := wanted.Complete(ctx, code); err != nil {
			return err
		}
	}
	current, _ := login.CurrentUser()
	fmt.Println("signed in, a", current.Kind)
	return nil
}

func orders(ctx context.Context, login *symbolon.Login) error {
	client := &http.Client{Transport: login.Transport(nil)}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+settings.Of("SHOP")+"/orders", nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Orders   []string `json:"orders"`
		ClientID string   `json:"client_id"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	fmt.Printf("%s, for %s\n", strings.Join(answer.Orders, " and "), answer.ClientID)
	return nil
}
