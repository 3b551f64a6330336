package symbolon

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/login"
)

// Account is what users do for themselves: those of a [Login], each by the access token of the moment. A call is made once more after a
// refresh when that token has just ended. Only [Account.ForgotPassword] and [Account.CompletePasswordReset] need nobody who is signed in.
type Account struct {
	login *Login
}

// Account answers what the user that is signed in does for itself.
func (l *Login) Account() *Account {
	return &Account{l}
}

// asUser names the user of the login, and answers by which login.
func (a *Account) asUser(ctx context.Context, do func(ctx context.Context, user *symbolonv1.UserRef) error) (familyID string, err error) {
	lease, err := a.login.keeper.AsUser(ctx, func(ctx context.Context, token string) error {
		err := do(ctx, &symbolonv1.UserRef{User: &symbolonv1.UserRef_AccessToken{AccessToken: token}})
		if err != nil {
			return toFailure(err)
		}
		return nil
	})
	return lease.FamilyID, toldOfLogin(err)
}

// Get answers the user.
func (a *Account) Get(ctx context.Context) (user *symbolonv1.User, err error) {
	_, err = a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		response, err := a.login.client.Users.GetUser(ctx, &symbolonv1.GetUserRequest{User: who})
		user = response.GetUser()
		return err
	})
	return user, err
}

// UserChanges is what [Account.Update] changes. Nil leaves as it is, and an empty text takes away.
type UserChanges struct {
	LoginName, Email *string
	// Phone has its leading +, or is a local number of PhoneCountry.
	Phone        *string
	PhoneCountry string
	DisplayName  *string
	// Attributes replace all that there are.
	Attributes *structpb.Struct
}

// Update changes the user, and answers it as it is then. A new address waits until it is confirmed.
func (a *Account) Update(ctx context.Context, changes UserChanges) (*symbolonv1.User, error) {
	request := &symbolonv1.UpdateUserRequest{PhoneCountry: changes.PhoneCountry, Attributes: changes.Attributes, UpdateMask: &fieldmaskpb.FieldMask{}}
	set := func(name string, field, to *string) {
		if to != nil {
			*field = *to
			request.UpdateMask.Paths = append(request.UpdateMask.Paths, name)
		}
	}
	set("login_name", &request.LoginName, changes.LoginName)
	set("email", &request.Email, changes.Email)
	set("phone", &request.Phone, changes.Phone)
	set("display_name", &request.DisplayName, changes.DisplayName)
	if changes.Attributes != nil {
		request.UpdateMask.Paths = append(request.UpdateMask.Paths, "attributes")
	}
	return a.update(ctx, request)
}

// BecomeNormalUser gives a pseudo user its first names and its password. It keeps its id. What is empty stays as it is.
func (a *Account) BecomeNormalUser(ctx context.Context, user NewUser, password string) (*symbolonv1.User, error) {
	request := &symbolonv1.UpdateUserRequest{
		LoginName: user.LoginName, Email: user.Email, Phone: user.Phone, PhoneCountry: user.PhoneCountry, DisplayName: user.DisplayName,
		Attributes: user.Attributes, Password: password, UpdateMask: &fieldmaskpb.FieldMask{},
	}
	for _, field := range []struct{ name, text string }{
		{"login_name", user.LoginName}, {"email", user.Email}, {"phone", user.Phone}, {"display_name", user.DisplayName},
	} {
		if field.text != "" {
			request.UpdateMask.Paths = append(request.UpdateMask.Paths, field.name)
		}
	}
	if user.Attributes != nil {
		request.UpdateMask.Paths = append(request.UpdateMask.Paths, "attributes")
	}
	return a.update(ctx, request)
}

func (a *Account) update(ctx context.Context, request *symbolonv1.UpdateUserRequest) (user *symbolonv1.User, err error) {
	_, err = a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		request.User = who
		response, err := a.login.client.Users.UpdateUser(ctx, request)
		user = response.GetUser()
		return err
	})
	return user, err
}

// ChangePassword ends every token of the user, also the one here: the login is signed out as password_changed. code is of the second factor
// where one is on: a one-time password or a recovery code. Else it is empty.
func (a *Account) ChangePassword(ctx context.Context, oldPassword, newPassword, code string) error {
	request := &symbolonv1.ChangeUserPasswordRequest{OldPassword: oldPassword, NewPassword: newPassword}
	switch {
	case isOneTimePassword(code):
		request.Factor = &symbolonv1.ChangeUserPasswordRequest_TotpCode{TotpCode: code}
	case code != "":
		request.Factor = &symbolonv1.ChangeUserPasswordRequest_RecoveryCode{RecoveryCode: code}
	}
	familyID, err := a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		request.User = who
		_, err := a.login.client.Users.ChangeUserPassword(ctx, request)
		return err
	})
	return a.ended(ctx, err, familyID, login.PasswordChanged)
}

// ended signs out where the call ended the login that it was made by.
func (a *Account) ended(ctx context.Context, err error, familyID string, reason login.Reason) error {
	if err == nil {
		a.login.keeper.Ended(ctx, familyID, reason)
	}
	return err
}

// Delete ends the user, and signs out as deleted.
func (a *Account) Delete(ctx context.Context) error {
	familyID, err := a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		_, err := a.login.client.Users.DeleteUser(ctx, &symbolonv1.DeleteUserRequest{User: who})
		return err
	})
	return a.ended(ctx, err, familyID, login.Deleted)
}

// SentCode is where a code goes to.
type SentCode struct {
	Address string
	// ExpireTime is until when it is good, by the server's clock.
	ExpireTime time.Time
}

// StartEmail sends a code to the e-mail address of the user, or to the one that waits to take its place.
func (a *Account) StartEmail(ctx context.Context) (sent SentCode, err error) {
	_, err = a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		response, err := a.login.client.Users.StartEmailVerification(ctx, &symbolonv1.StartEmailVerificationRequest{User: who})
		sent = SentCode{response.GetAddress(), response.GetExpireTime().AsTime()}
		return err
	})
	return sent, err
}

// ConfirmEmail takes that code: the user can be signed in by the address then.
func (a *Account) ConfirmEmail(ctx context.Context, code string) error {
	_, err := a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		_, err := a.login.client.Users.ConfirmEmailVerification(ctx, &symbolonv1.ConfirmEmailVerificationRequest{User: who, Code: code})
		return err
	})
	return err
}

// StartPhone is as [Account.StartEmail] for the phone number.
func (a *Account) StartPhone(ctx context.Context) (sent SentCode, err error) {
	_, err = a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		response, err := a.login.client.Users.StartPhoneVerification(ctx, &symbolonv1.StartPhoneVerificationRequest{User: who})
		sent = SentCode{response.GetAddress(), response.GetExpireTime().AsTime()}
		return err
	})
	return sent, err
}

// ConfirmPhone is as [Account.ConfirmEmail] for the phone number.
func (a *Account) ConfirmPhone(ctx context.Context, code string) error {
	_, err := a.asUser(ctx, func(ctx context.Context, who *symbolonv1.UserRef) error {
		_, err := a.login.client.Users.ConfirmPhoneVerification(ctx, &symbolonv1.ConfirmPhoneVerificationRequest{User: who, Code: code})
		return err
	})
	return err
}
