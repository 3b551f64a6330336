package main

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	symbolon "symbolon.internal/sdk/go"
)

// loginRequest has what ops of logins have beside those of request.
type loginRequest struct {
	request
	Login            string  `json:"login"`
	Store            string  `json:"store"`
	As               string  `json:"as"`
	VendorID         string  `json:"vendor_id"`
	OwnerAccessToken string  `json:"owner_access_token"`
	Code             string  `json:"code"`
	RecoveryCode     string  `json:"recovery_code"`
	LoginName        string  `json:"login_name"`
	Email            *string `json:"email"`
	Phone            *string `json:"phone"`
	DisplayName      *string `json:"display_name"`
	Text             string  `json:"text"`
	Call             string  `json:"call"`
	OldPassword      string  `json:"old_password"`
	NewPassword      string  `json:"new_password"`
	FamilyID         string  `json:"family_id"`
	Channel          string  `json:"channel"`
	How              string  `json:"how"`

	Resource    string   `json:"resource"`
	Scopes      []string `json:"scopes"`
	Issuer      string   `json:"issuer"`
	RedirectURI string   `json:"redirect_uri"`
	Callback    string   `json:"callback"`

	// shown is what a sign-in that waits for a person shows.
	shown *shown
}

func (r loginRequest) username() string {
	return textOf(r.Username)
}

func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// app is one login, as an app has it.
type app struct {
	*symbolon.Login
	mu     sync.Mutex
	events []answer
	factor *symbolon.SecondFactor
	begun  symbolon.CodeRequest
	// url and deviceCode are of the last sign-in that shows them.
	url, deviceCode *shown
}

func (a *app) happened(event symbolon.LoginEvent) {
	told := answer{"event": event.Kind}
	if event.Reason != "" {
		told["reason"] = event.Reason
	}
	if event.Err != nil {
		told["error"] = errorOf(event.Err)["error"]
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.events = append(a.events, told)
}

// logins are by name.
type logins struct {
	mu   sync.Mutex
	apps map[string]*app
}

func newLogins() *logins {
	return &logins{apps: map[string]*app{}}
}

func (l *logins) serve(ctx context.Context, op func(context.Context, *app, loginRequest) answer, asked request) answer {
	full := loginRequest{request: asked, Login: "one", shown: asked.shown}
	if err := json.Unmarshal(asked.line, &full); err != nil {
		return errorOf(&symbolon.Error{Code: codes.InvalidArgument, Message: "the request has a field of another type"})
	}
	if asked.Op == "login_open" {
		return orError(l.open(full))
	}
	l.mu.Lock()
	app, ok := l.apps[full.Login]
	if asked.Op == "login_close" {
		delete(l.apps, full.Login)
	}
	l.mu.Unlock()
	if !ok {
		return errorOf(&symbolon.Error{Code: codes.FailedPrecondition, Message: "no such login is open"})
	}
	return op(ctx, app, full)
}

func (l *logins) open(asked loginRequest) error {
	opened := &app{url: newShown(), deviceCode: newShown()}
	options := []symbolon.LoginOption{symbolon.WithLoginEvents(opened.happened)}
	if asked.Roots != "" {
		options = append(options, symbolon.WithRootCertificates([]byte(asked.Roots)))
	}
	if asked.Plaintext != nil {
		options = append(options, symbolon.WithPlaintext(*asked.Plaintext))
	}
	if asked.TimeoutMS != nil {
		options = append(options, symbolon.WithTimeout(time.Duration(*asked.TimeoutMS)*time.Millisecond))
	}
	if asked.Resource != "" {
		options = append(options, symbolon.WithResource(asked.Resource))
	}
	if len(asked.Scopes) > 0 {
		options = append(options, symbolon.WithScopes(asked.Scopes...))
	}
	if asked.Store != "" {
		store, err := symbolon.NewFileStore(asked.Store)
		if err != nil {
			return err
		}
		options = append(options, symbolon.WithStore(store))
	}
	login, err := symbolon.NewLogin(asked.Address, asked.ClientID, asked.ClientSecret, options...)
	if err != nil {
		return err
	}
	opened.Login = login
	l.mu.Lock()
	before := l.apps[asked.Login]
	l.apps[asked.Login] = opened
	l.mu.Unlock()
	if before != nil {
		return before.Close()
	}
	return nil
}

func (l *logins) closeAll() {
	l.mu.Lock()
	open := l.apps
	l.apps = map[string]*app{}
	l.mu.Unlock()
	for _, each := range open {
		_ = each.Close()
	}
}
