package symbolon

import (
	"context"

	"google.golang.org/protobuf/types/known/structpb"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/login"
)

// NewUser is what is known of a user that is made. Each may be empty, but a user that has a password has a login name, an e-mail address or
// a phone number.
type NewUser struct {
	LoginName string
	Email     string
	// Phone has its leading +, or is a local number of PhoneCountry, such as JP.
	Phone, PhoneCountry string
	DisplayName         string
	// Attributes are what the app keeps beside it.
	Attributes *structpb.Struct
}

// SignUpUser makes a user, and signs it in at once.
func (l *Login) SignUpUser(ctx context.Context, user NewUser, password string) (*symbolonv1.User, error) {
	return l.signUp(ctx, user, password)
}

// SignUpPseudoUser makes a user without a name and a password, and signs it in at once. Only its tokens bring it back, so it wants a store:
// [WithStore]. It gets a name later by [Account.BecomeNormalUser].
func (l *Login) SignUpPseudoUser(ctx context.Context, user NewUser) (*symbolonv1.User, error) {
	return l.signUp(ctx, user, "")
}

func (l *Login) signUp(ctx context.Context, user NewUser, password string) (*symbolonv1.User, error) {
	wish := &symbolonv1.TokenWish{Scopes: l.server.scopes}
	request := &symbolonv1.RegisterUserRequest{
		LoginName: user.LoginName, Email: user.Email, Phone: user.Phone, PhoneCountry: user.PhoneCountry, Password: password,
		DisplayName: user.DisplayName, Attributes: user.Attributes, WithToken: wish,
	}
	var made *symbolonv1.User
	err := l.signIn(ctx, func(ctx context.Context, requestID string) (*login.Record, error) {
		wish.RequestId = requestID
		response, err := l.client.Users.RegisterUser(ctx, request)
		if err != nil {
			return nil, toFailure(err)
		}
		made = response.GetUser()
		return pointed(toRecord(response.GetTokens()))
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// OnboardOption is one of [Login.OnboardDevice].
type OnboardOption func(*symbolonv1.OnboardDeviceRequest)

// WithOwner makes the user an owner of the device who has this access token, such as one that a phone hands to the device.
func WithOwner(accessToken string) OnboardOption {
	return func(r *symbolonv1.OnboardDeviceRequest) { r.OwnerAccessToken = accessToken }
}

// WithDeviceName is what people call the device, where it is made.
func WithDeviceName(displayName string) OnboardOption {
	return func(r *symbolonv1.OnboardDeviceRequest) { r.DisplayName = displayName }
}

// WithDeviceAttributes are what the app keeps beside the device, where it is made.
func WithDeviceAttributes(attributes *structpb.Struct) OnboardOption {
	return func(r *symbolonv1.OnboardDeviceRequest) { r.Attributes = attributes }
}

// OnboardDevice signs a device in by the id that its vendor gave it, and makes it before that where it is new.
func (l *Login) OnboardDevice(ctx context.Context, vendorID, password string, options ...OnboardOption) (*symbolonv1.Device, error) {
	request := &symbolonv1.OnboardDeviceRequest{
		Device:   &symbolonv1.OnboardDeviceRequest_VendorId{VendorId: vendorID},
		Password: password, WithToken: &symbolonv1.TokenWish{Scopes: l.server.scopes},
	}
	for _, option := range options {
		option(request)
	}
	var device *symbolonv1.Device
	err := l.signIn(ctx, func(ctx context.Context, _ string) (*login.Record, error) {
		// It needs no request id: after a lost answer the device is there, and is signed in again.
		response, err := l.client.Devices.OnboardDevice(ctx, request)
		if err != nil {
			return nil, toFailure(err)
		}
		device = response.GetDevice()
		return pointed(toRecord(response.GetTokens()))
	})
	if err != nil {
		return nil, err
	}
	return device, nil
}
