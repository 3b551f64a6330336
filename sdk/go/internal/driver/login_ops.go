package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
)

type loginOp = func(context.Context, *app, loginRequest) answer

var loginOps = map[string]loginOp{
	"login_open":    nil,
	"sign_in":       signIn,
	"second_factor": secondFactor,
	"sign_up":       signUp,
	"sign_out": func(ctx context.Context, a *app, _ loginRequest) answer {
		isTold, err := a.SignOut(ctx)
		return orAnswer(answer{"told": isTold}, err)
	},
	"token": func(ctx context.Context, a *app, asked loginRequest) answer {
		return askTokens(ctx, a, max(1, asked.Times))
	},
	"refused": func(ctx context.Context, a *app, asked loginRequest) answer {
		return answer{"again": a.Refused(ctx, asked.Token)}
	},
	"login_state": func(_ context.Context, a *app, _ loginRequest) answer { return state(a) },
	"export": func(_ context.Context, a *app, _ loginRequest) answer {
		text, err := a.ExportTokens()
		return orAnswer(answer{"text": text}, err)
	},
	"resume": func(ctx context.Context, a *app, asked loginRequest) answer {
		return orError(a.Resume(ctx, asked.Text))
	},
	"resume_token": func(ctx context.Context, a *app, asked loginRequest) answer {
		return orError(a.ResumeWithToken(ctx, asked.Token))
	},
	"resume_stored": func(ctx context.Context, a *app, _ loginRequest) answer {
		isSignedIn, err := a.ResumeStored(ctx)
		return orAnswer(answer{"signed_in": isSignedIn}, err)
	},
	"account": account,
	"forgot_password": func(ctx context.Context, a *app, asked loginRequest) answer {
		return orError(a.Account().ForgotPassword(ctx, asked.username(), symbolon.Channel(asked.Channel)))
	},
	"complete_reset": func(ctx context.Context, a *app, asked loginRequest) answer {
		return orError(a.Account().CompletePasswordReset(ctx, asked.username(), asked.Code, asked.NewPassword))
	},
	"sign_in_code":        signInCode,
	"code_url":            codeURL,
	"code_begin":          codeBegin,
	"code_complete":       codeComplete,
	"sign_in_device_code": signInDeviceCode,
	"device_code_shown":   deviceCodeShown,
	"call":                callAttached,
	"login_close":         func(_ context.Context, a *app, _ loginRequest) answer { return orError(a.Close()) },
}

func orAnswer(told answer, err error) answer {
	if err != nil {
		return errorOf(err)
	}
	return told
}

func unknown(what string) answer {
	return errorOf(&symbolon.Error{Code: codes.InvalidArgument, Message: "no such " + what})
}

func signIn(ctx context.Context, a *app, asked loginRequest) answer {
	var factor *symbolon.SecondFactor
	var err error
	switch asked.As {
	case "user":
		factor, err = a.SignInUser(ctx, asked.username(), asked.Password)
	case "device":
		err = a.SignInDevice(ctx, asked.DeviceID+asked.VendorID, asked.Password)
	case "client":
		err = a.SignInClient(ctx)
	case "anonymous":
		err = a.SignInAnonymously(ctx)
	default:
		return unknown("way to sign in")
	}
	if err == nil {
		a.mu.Lock()
		a.factor = factor
		a.mu.Unlock()
	}
	return orAnswer(answer{"second_factor": factor != nil}, err)
}

func secondFactor(ctx context.Context, a *app, asked loginRequest) answer {
	a.mu.Lock()
	factor := a.factor
	a.mu.Unlock()
	if factor == nil {
		return errorOf(&symbolon.Error{Code: codes.FailedPrecondition, Message: "no second factor is wanted"})
	}
	if asked.RecoveryCode != "" {
		return orError(factor.CompleteWithRecoveryCode(ctx, asked.RecoveryCode))
	}
	return orError(factor.Complete(ctx, asked.Code))
}

func signUp(ctx context.Context, a *app, asked loginRequest) answer {
	made := symbolon.NewUser{
		LoginName: asked.LoginName, Email: textOf(asked.Email), Phone: textOf(asked.Phone), DisplayName: textOf(asked.DisplayName),
	}
	var user *symbolonv1.User
	var err error
	switch asked.As {
	case "user":
		user, err = a.SignUpUser(ctx, made, asked.Password)
	case "pseudo":
		user, err = a.SignUpPseudoUser(ctx, made)
	case "device":
		var options []symbolon.OnboardOption
		if asked.OwnerAccessToken != "" {
			options = append(options, symbolon.WithOwner(asked.OwnerAccessToken))
		}
		device, err := a.OnboardDevice(ctx, asked.VendorID, asked.Password, options...)
		return orAnswer(answer{"subject_id": device.GetDeviceId()}, err)
	default:
		return unknown("way to sign up")
	}
	return orAnswer(answer{"subject_id": user.GetUserId()}, err)
}

// many does a thing so many times at once.
func many(times int, do func() error) (errors int, failed error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	begin := make(chan struct{})
	for range times {
		all.Go(func() {
			<-begin
			if err := do(); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errors, failed = errors+1, err
			}
		})
	}
	close(begin)
	all.Wait()
	return errors, failed
}

func withErrors(told answer, errors int, failed error) answer {
	told["errors"] = errors
	if failed != nil {
		told["failed_with"] = errorOf(failed)["error"]
	}
	return told
}

func askTokens(ctx context.Context, a *app, times int) answer {
	var mu sync.Mutex
	different := map[string]bool{}
	errors, failed := many(times, func() error {
		token, err := a.AccessToken(ctx)
		if err == nil {
			mu.Lock()
			defer mu.Unlock()
			different[token] = true
		}
		return err
	})
	tokens := []string{}
	for token := range different {
		tokens = append(tokens, token)
	}
	return withErrors(answer{"tokens": tokens}, errors, failed)
}

func state(a *app) answer {
	told := answer{"signed_in": a.SignedIn()}
	if current, ok := a.CurrentUser(); ok {
		told["current_user"] = answer{
			"kind": current.Kind, "subject_id": current.SubjectID, "client_id": current.ClientID,
			"scopes": append([]string{}, current.Scopes...), "token_id": current.TokenID, "family_id": current.FamilyID,
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	told["events"] = append([]answer{}, a.events...)
	return told
}

// callAttached calls a service as an app does.
func callAttached(ctx context.Context, a *app, asked loginRequest) answer {
	times := max(1, asked.Times)
	do, end := callHTTP(ctx, a, asked.Address), func() {}
	if asked.How == "grpc" {
		channel, err := grpc.NewClient(asked.Address, grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithUnaryInterceptor(a.UnaryInterceptor()))
		if err != nil {
			return errorOf(err)
		}
		end = func() { _ = channel.Close() }
		do = func() error {
			return channel.Invoke(ctx, "/symbolon.test.Guarded/Show", &emptypb.Empty{}, &emptypb.Empty{})
		}
	}
	defer end()
	errors, failed := many(times, do)
	return withErrors(answer{"ok": times - errors}, errors, failed)
}

func callHTTP(ctx context.Context, a *app, address string) func() error {
	client := &http.Client{Transport: a.Transport(nil)}
	return func() error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/", nil)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		_, _ = io.Copy(io.Discard, response.Body)
		switch response.StatusCode {
		case http.StatusOK:
			return nil
		case http.StatusUnauthorized:
			return &symbolon.Error{Code: codes.Unauthenticated, Message: "the service answered 401"}
		default:
			return &symbolon.Error{Code: codes.Unknown, Message: fmt.Sprint("the service answered ", response.StatusCode)}
		}
	}
}
