package main

import (
	"context"
	"encoding/json"
	"maps"
	"sync"

	"google.golang.org/grpc/codes"

	symbolon "symbolon.internal/sdk/go"
)

// shown is what one sign-in shows, once it does.
type shown struct {
	once sync.Once
	// done is closed when what can be read. Nil then: it ended and showed nothing.
	done chan struct{}
	what answer
}

func newShown() *shown {
	return &shown{done: make(chan struct{})}
}

func (s *shown) set(what answer) {
	s.once.Do(func() {
		s.what = what
		close(s.done)
	})
}

func (s *shown) wait(ctx context.Context) answer {
	select {
	case <-s.done:
		if s.what == nil {
			return errorOf(&symbolon.Error{Code: codes.FailedPrecondition, Message: "the sign-in ended, and showed nothing"})
		}
		return maps.Clone(s.what)
	case <-ctx.Done():
		return errorOf(&symbolon.Error{Code: codes.Canceled, Message: "nothing was shown"})
	}
}

// announce is called for each request, in their order.
func (l *logins) announce(asked request) *shown {
	if asked.Op != "sign_in_code" && asked.Op != "sign_in_device_code" {
		return nil
	}
	full := loginRequest{Login: "one"}
	_ = json.Unmarshal(asked.line, &full) // What is wrong with it is told when it is served.
	l.mu.Lock()
	app, ok := l.apps[full.Login]
	l.mu.Unlock()
	next := newShown()
	if ok {
		app.mu.Lock()
		defer app.mu.Unlock()
		if asked.Op == "sign_in_code" {
			app.url = next
		} else {
			app.deviceCode = next
		}
	}
	return next
}

func signInCode(ctx context.Context, a *app, asked loginRequest) answer {
	page := symbolon.CodePage{Issuer: asked.Issuer, RedirectURI: asked.RedirectURI}
	defer asked.shown.set(nil)
	return orError(a.SignInWithCode(ctx, page, func(url string) error {
		asked.shown.set(answer{"url": url})
		return nil
	}))
}

func codeURL(ctx context.Context, a *app, _ loginRequest) answer {
	a.mu.Lock()
	last := a.url
	a.mu.Unlock()
	return last.wait(ctx)
}

func codeBegin(_ context.Context, a *app, asked loginRequest) answer {
	begun, err := a.BeginCode(symbolon.CodePage{Issuer: asked.Issuer, RedirectURI: asked.RedirectURI})
	if err == nil {
		a.mu.Lock()
		a.begun = begun
		a.mu.Unlock()
	}
	return orAnswer(answer{"url": begun.URL, "state": begun.State}, err)
}

func codeComplete(ctx context.Context, a *app, asked loginRequest) answer {
	a.mu.Lock()
	begun := a.begun
	a.mu.Unlock()
	return orError(a.CompleteCode(ctx, begun, asked.Callback))
}

func signInDeviceCode(ctx context.Context, a *app, asked loginRequest) answer {
	defer asked.shown.set(nil)
	return orError(a.SignInWithDeviceCode(ctx, func(code symbolon.DeviceCode) {
		asked.shown.set(answer{
			"user_code": code.UserCode, "verification_uri": code.VerificationURI, "verification_uri_complete": code.VerificationURIComplete,
		})
	}))
}

func deviceCodeShown(ctx context.Context, a *app, _ loginRequest) answer {
	a.mu.Lock()
	last := a.deviceCode
	a.mu.Unlock()
	return last.wait(ctx)
}
