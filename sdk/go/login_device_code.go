package symbolon

import (
	"context"
	"time"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/login"
)

// DeviceCode is what a device without a browser shows its user (RFC 8628 section 3.3).
type DeviceCode struct {
	// UserCode is what the user types, as XXXX-XXXX.
	UserCode string
	// VerificationURI is where, and VerificationURIComplete the same with the code in it, for a QR code.
	VerificationURI, VerificationURIComplete string
	// TimeToLive is how long the code is good, from when it was asked for.
	TimeToLive time.Duration
}

// SignInWithDeviceCode signs in the user of a device that has no browser (RFC 8628): show tells that user where to type which code, and returns
// soon; then the server is asked until the user has decided. A user who said no is FAILED_PRECONDITION with the reason ACCESS_DENIED, and one
// who took too long with EXPIRED_TOKEN. While the server can't be reached it goes on; where its last answer was lost it is UNAVAILABLE, and
// the user signs in again. Meanwhile no other sign-in can begin, and [Login.SignOut] gives it up.
func (l *Login) SignInWithDeviceCode(ctx context.Context, show func(DeviceCode)) error {
	var shown DeviceCode
	var poll func(context.Context) (*login.Record, error)
	return toldOfLogin(l.keeper.SignInByDevice(ctx, login.DeviceSteps{
		Begin: func(ctx context.Context) (login.DeviceGrant, error) {
			begun, err := l.client.Tokens.BeginDeviceAuthorization(ctx, &symbolonv1.BeginDeviceAuthorizationRequest{
				Scopes: l.server.scopes, Resource: l.server.resource,
			})
			if err != nil {
				return login.DeviceGrant{}, toFailure(err)
			}
			shown = DeviceCode{
				begun.GetUserCode(), begun.GetVerificationUri(), begun.GetVerificationUriComplete(), begun.GetTimeToLive().AsDuration(),
			}
			poll = l.server.redeem(&symbolonv1.IssueRequest{Credential: &symbolonv1.IssueRequest_DeviceCode{
				DeviceCode: &symbolonv1.DeviceCode{DeviceCode: begun.GetDeviceCode()},
			}})
			return login.DeviceGrant{TimeToLive: shown.TimeToLive, Interval: begun.GetInterval().AsDuration()}, nil
		},
		Show: func() { show(shown) },
		Poll: func(ctx context.Context) (*login.Record, error) { return poll(ctx) },
	}))
}
