package symbolon

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/login"
)

// Enrollment is the shared secret of a second factor (RFC 6238). It can't be told again.
type Enrollment struct {
	// Secret is base32, to be typed in.
	Secret string
	// OTPAuthURI is the same, to be shown as a QR code.
	OTPAuthURI string
}

// Format implements [fmt.Formatter]: with every verb it shows no secret.
func (e Enrollment) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "symbolon.Enrollment")
}

// EnrollSecondFactor makes the secret of a second factor. Logins do not need it until it is confirmed.
func (a *Account) EnrollSecondFactor(ctx context.Context, password string) (made Enrollment, err error) {
	_, err = a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		response, err := a.login.client.Users.EnrollTotp(ctx, &symbolonv1.EnrollTotpRequest{User: who, Password: password})
		made = Enrollment{response.GetSecret(), response.GetOtpauthUri()}
		return err
	})
	return made, err
}

// ConfirmSecondFactor takes a one-time password of it, and answers the recovery codes, each of which is good once.
func (a *Account) ConfirmSecondFactor(ctx context.Context, code string) (recoveryCodes []string, err error) {
	_, err = a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		response, err := a.login.client.Users.ConfirmTotp(ctx, &symbolonv1.ConfirmTotpRequest{User: who, Code: code})
		recoveryCodes = response.GetRecoveryCodes()
		return err
	})
	return recoveryCodes, err
}

// RemoveSecondFactor takes a one-time password or a recovery code.
func (a *Account) RemoveSecondFactor(ctx context.Context, code string) error {
	request := &symbolonv1.RemoveTotpRequest{Factor: &symbolonv1.RemoveTotpRequest_RecoveryCode{RecoveryCode: code}}
	if isOneTimePassword(code) {
		request.Factor = &symbolonv1.RemoveTotpRequest_TotpCode{TotpCode: code}
	}
	_, err := a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		request.User = who
		_, err := a.login.client.Users.RemoveTotp(ctx, request)
		return err
	})
	return err
}

var oneTimePasswordForm = regexp.MustCompile(`^\s*\d{3}\s?\d{3}\s*$`)

func isOneTimePassword(code string) bool {
	return oneTimePasswordForm.MatchString(code)
}

// Logins answers the live logins of the user, whichever client they are of, in the order in which they began.
func (a *Account) Logins(ctx context.Context) (families []*symbolonv1.TokenFamily, err error) {
	_, err = a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		families = nil
		subject := &symbolonv1.ListTokensRequest_AccessToken{AccessToken: who.GetAccessToken()}
		for page := ""; ; {
			response, err := a.login.client.Tokens.ListTokens(ctx, &symbolonv1.ListTokensRequest{Subject: subject, PageToken: page})
			if err != nil {
				return err
			}
			families = append(families, response.GetFamilies()...)
			if page = response.GetNextPageToken(); page == "" {
				return nil
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return families, nil
}

// RevokeLogin ends one of them. Where it is the login here, that is signed out as revoked.
func (a *Account) RevokeLogin(ctx context.Context, familyID string) error {
	own, err := a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		_, err := a.login.client.Tokens.Revoke(ctx, &symbolonv1.RevokeRequest{
			Target: &symbolonv1.RevokeRequest_FamilyId{FamilyId: familyID}, UserAccessToken: who.GetAccessToken(),
		})
		return err
	})
	if own != familyID {
		return err
	}
	return a.ended(ctx, err, own, login.Revoked)
}

// Channel is how a code reaches a person.
type Channel string

const (
	ChannelEmail Channel = "email"
	ChannelPhone Channel = "phone"
)

// ForgotPassword sends a code to a verified address of a user. It answers the same whether there is such a user or not.
func (a *Account) ForgotPassword(ctx context.Context, username string, channel Channel) error {
	request := &symbolonv1.RequestPasswordResetRequest{User: toUserRef(username)}
	switch channel {
	case ChannelEmail:
		request.Channel = symbolonv1.MessageChannel_MESSAGE_CHANNEL_EMAIL
	case ChannelPhone:
		request.Channel = symbolonv1.MessageChannel_MESSAGE_CHANNEL_SMS
	default:
		return invalid("channel must be ChannelEmail or ChannelPhone")
	}
	_, err := a.login.client.Users.RequestPasswordReset(ctx, request)
	return err
}

// CompletePasswordReset takes that code, and ends every token of the user.
func (a *Account) CompletePasswordReset(ctx context.Context, username, code, newPassword string) error {
	_, err := a.login.client.Users.CompletePasswordReset(ctx, &symbolonv1.CompletePasswordResetRequest{
		User: toUserRef(username), Code: code, NewPassword: newPassword,
	})
	return err
}

// toUserRef goes by the form, as Issue does.
func toUserRef(username string) *symbolonv1.UserRef {
	name := strings.TrimSpace(username)
	ref := func(prefix string) (string, bool) { return strings.CutPrefix(name, prefix) }
	if email, ok := ref("EMAIL:"); ok || strings.Contains(name, "@") {
		return &symbolonv1.UserRef{User: &symbolonv1.UserRef_Email{Email: email}}
	}
	if phone, ok := ref("PHONE:"); ok || strings.HasPrefix(name, "+") {
		return &symbolonv1.UserRef{User: &symbolonv1.UserRef_Phone{Phone: phone}}
	}
	loginName, _ := ref("LOGIN_NAME:")
	return &symbolonv1.UserRef{User: &symbolonv1.UserRef_LoginName{LoginName: loginName}}
}

// Format implements [fmt.Formatter]: with every verb it shows no token.
func (a *Account) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "symbolon.Account")
}
