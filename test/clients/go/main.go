// Runs the flows of golang.org/x/oauth2. It reads where and as whom from its first line of stdin, prints a JSON object for each step, and
// is answered a line.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/url"
	"os"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

type client struct {
	ID       string `json:"client_id"`
	Secret   string `json:"client_secret"`
	Redirect string `json:"redirect_uri"`
}

type settings struct {
	Issuer  string `json:"issuer"`
	Web     client `json:"web"`
	Native  client `json:"native"`
	TV      client `json:"tv"`
	Trusted client `json:"trusted"`
	User    struct {
		Name     string `json:"username"`
		Password string `json:"password"`
	} `json:"user"`
}

type line map[string]any

var answers = bufio.NewScanner(os.Stdin)

func main() {
	answers.Scan()
	var at settings
	must(json.Unmarshal(answers.Bytes(), &at))
	ctx := context.Background()
	code(ctx, at, "web", at.Web, oauth2.AuthStyleInHeader)
	code(ctx, at, "web", at.Web, oauth2.AuthStyleInParams)
	// Tries Basic first, which a client without a secret can't prove itself by.
	code(ctx, at, "native", at.Native, oauth2.AuthStyleAutoDetect)
	clientCredentials(ctx, at)
	password(ctx, at)
	device(ctx, at)
}

// say answers what it is answered.
func say(what line) string {
	text, err := json.Marshal(what)
	must(err)
	fmt.Println(string(text))
	answers.Scan()
	return answers.Text()
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func (c client) config(at settings, style oauth2.AuthStyle) oauth2.Config {
	return oauth2.Config{
		ClientID:     c.ID,
		ClientSecret: c.Secret,
		RedirectURL:  c.Redirect,
		Scopes:       []string{"read"},
		Endpoint: oauth2.Endpoint{
			AuthURL:       at.Issuer + "/oauth2/authorize",
			TokenURL:      at.Issuer + "/oauth2/token",
			DeviceAuthURL: at.Issuer + "/oauth2/device_authorization",
			AuthStyle:     style,
		},
	}
}

func code(ctx context.Context, at settings, name string, as client, style oauth2.AuthStyle) {
	config := as.config(at, style)
	verifier := oauth2.GenerateVerifier()
	back, err := url.Parse(say(line{"open": config.AuthCodeURL("a state", oauth2.S256ChallengeOption(verifier))}))
	must(err)
	if back.Query().Get("state") != "a state" {
		log.Fatalf("another state came back: %s", back.Query().Get("state"))
	}
	token, err := config.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(verifier))
	must(err)
	say(line{"flow": "code", "as": name, "token": token.AccessToken})
	// A source refreshes what has expired.
	token.Expiry = time.Now().Add(-time.Minute)
	renewed, err := config.TokenSource(ctx, token).Token()
	must(err)
	say(line{"flow": "refresh", "as": name, "token": renewed.AccessToken})
	_, err = config.Exchange(ctx, "made-up", oauth2.VerifierOption(verifier))
	say(line{"flow": "a code that is made up", "as": name, "error": errorOf(err)})
}

func errorOf(err error) string {
	var retrieve *oauth2.RetrieveError
	if !errors.As(err, &retrieve) {
		log.Fatalf("not an error of the standard: %v", err)
	}
	return retrieve.ErrorCode
}

func clientCredentials(ctx context.Context, at settings) {
	config := clientcredentials.Config{
		ClientID:     at.Web.ID,
		ClientSecret: at.Web.Secret,
		TokenURL:     at.Issuer + "/oauth2/token",
		Scopes:       []string{"read"},
	}
	token, err := config.Token(ctx)
	must(err)
	say(line{"flow": "client credentials", "as": "web", "token": token.AccessToken})
	config.ClientSecret = "wrong"
	_, err = config.Token(ctx)
	say(line{"flow": "a wrong secret", "as": "web", "error": errorOf(err)})
}

func password(ctx context.Context, at settings) {
	config := at.Trusted.config(at, oauth2.AuthStyleAutoDetect)
	token, err := config.PasswordCredentialsToken(ctx, at.User.Name, at.User.Password)
	must(err)
	say(line{"flow": "password", "as": "trusted", "token": token.AccessToken})
}

func device(ctx context.Context, at settings) {
	config := at.TV.config(at, oauth2.AuthStyleInParams)
	begun, err := config.DeviceAuth(ctx)
	must(err)
	say(line{"type": begun.UserCode, "at": begun.VerificationURI})
	token, err := config.DeviceAccessToken(ctx, begun)
	must(err)
	say(line{"flow": "device", "as": "tv", "token": token.AccessToken})
}
