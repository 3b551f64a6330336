package symbolon

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"time"

	"google.golang.org/grpc/codes"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/login"
)

// SecondFactor is what is wanted beside a password that was right. Until it is complete nobody is signed in by it.
type SecondFactor struct {
	login      *Login
	mfaToken   string
	expireTime time.Time
}

// ExpireTime is until when it can be completed, by the server's clock. Sign in again after that, and after a code that was wrong.
func (f *SecondFactor) ExpireTime() time.Time {
	return f.expireTime
}

// Complete takes a one-time password of six digits.
func (f *SecondFactor) Complete(ctx context.Context, code string) error {
	return f.complete(ctx, &symbolonv1.SecondFactor{Factor: &symbolonv1.SecondFactor_TotpCode{TotpCode: code}})
}

// CompleteWithRecoveryCode takes a recovery code that was not used before.
func (f *SecondFactor) CompleteWithRecoveryCode(ctx context.Context, code string) error {
	return f.complete(ctx, &symbolonv1.SecondFactor{Factor: &symbolonv1.SecondFactor_RecoveryCode{RecoveryCode: code}})
}

func (f *SecondFactor) complete(ctx context.Context, factor *symbolonv1.SecondFactor) error {
	factor.MfaToken = f.mfaToken
	return toldOfLogin(f.login.keeper.SignInOnce(ctx, func(ctx context.Context) (*login.Record, error) {
		// Scopes and request id stay those of the password.
		response, err := f.login.client.Tokens.Issue(ctx, &symbolonv1.IssueRequest{
			Credential: &symbolonv1.IssueRequest_SecondFactor{SecondFactor: factor},
		})
		if err != nil {
			return nil, toFailure(err)
		}
		return pointed(toRecord(response.GetTokens()))
	}))
}

// Format implements [fmt.Formatter]: with every verb it shows no token.
func (f *SecondFactor) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "symbolon.SecondFactor")
}

func pointed(record login.Record, err error) (*login.Record, error) {
	return &record, err
}

func (l *Login) signIn(ctx context.Context, ask func(context.Context, string) (*login.Record, error)) error {
	return toldOfLogin(l.keeper.SignIn(ctx, ask))
}

func (l *Login) issue(ctx context.Context, request *symbolonv1.IssueRequest) error {
	return l.signIn(ctx, func(ctx context.Context, requestID string) (*login.Record, error) {
		return pointed(l.server.issue(ctx, requestID, request))
	})
}

// SignInUser signs a user in by login name, e-mail address or phone number. It answers nil when the user is signed in, or the second factor that
// is wanted. Who was signed in before is signed out then; a sign-in that fails changes nothing.
func (l *Login) SignInUser(ctx context.Context, username, password string) (*SecondFactor, error) {
	var wanted *SecondFactor
	request := &symbolonv1.IssueRequest{Credential: &symbolonv1.IssueRequest_UserPassword{
		UserPassword: &symbolonv1.UserPassword{Username: username, Password: password},
	}, Scopes: l.server.scopes, Resource: l.server.resource}
	err := l.signIn(ctx, func(ctx context.Context, requestID string) (*login.Record, error) {
		request.RequestId = requestID
		response, err := l.client.Tokens.Issue(ctx, request)
		if err != nil {
			return nil, toFailure(err)
		}
		if challenge := response.GetMfaChallenge(); challenge != nil {
			wanted = &SecondFactor{l, challenge.GetMfaToken(), challenge.GetExpireTime().AsTime()}
			return nil, nil
		}
		return pointed(toRecord(response.GetTokens()))
	})
	if err != nil {
		return nil, err
	}
	return wanted, nil
}

var deviceIDForm = regexp.MustCompile(`^th\.[\w-]{36}$`)

// SignInDevice signs a device in by its id (th.…) or its vendor id.
func (l *Login) SignInDevice(ctx context.Context, id, password string) error {
	device := &symbolonv1.DevicePassword{Password: password, Device: &symbolonv1.DevicePassword_VendorId{VendorId: id}}
	if deviceIDForm.MatchString(id) {
		device.Device = &symbolonv1.DevicePassword_DeviceId{DeviceId: id}
	}
	return l.issue(ctx, &symbolonv1.IssueRequest{Credential: &symbolonv1.IssueRequest_DevicePassword{DevicePassword: device}})
}

// SignInClient signs in the login's own client, which has a secret.
func (l *Login) SignInClient(ctx context.Context) error {
	if *l.server.secret.Load() == "" {
		return toldOfLogin(&login.Failure{Code: codes.FailedPrecondition, Message: "a client without a secret can't sign in: give it to NewLogin"})
	}
	return l.issue(ctx, l.server.own())
}

// SignInAnonymously signs in nobody in particular, by the login's own client, which is public.
func (l *Login) SignInAnonymously(ctx context.Context) error {
	return l.issue(ctx, l.server.anonymous())
}

// Resume goes on with what [Login.ExportTokens] gave, of this client.
func (l *Login) Resume(ctx context.Context, text string) error {
	return toldOfLogin(l.keeper.Resume(ctx, text))
}

// ResumeWithToken signs in by an access token alone: it can't be renewed, and may be one of another client. One that is not live is
// FAILED_PRECONDITION with INVALID_CREDENTIALS.
func (l *Login) ResumeWithToken(ctx context.Context, accessToken string) error {
	return l.signIn(ctx, func(ctx context.Context, _ string) (*login.Record, error) {
		return pointed(l.server.Describe(ctx, accessToken))
	})
}

// ResumeStored goes on with what the store has, and answers whether somebody is signed in. It makes no call.
func (l *Login) ResumeStored(ctx context.Context) (signedIn bool, err error) {
	signedIn, err = l.keeper.ResumeStored(ctx)
	return signedIn, toldOfLogin(err)
}
