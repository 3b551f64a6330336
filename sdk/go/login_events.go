package symbolon

import "symbolon.internal/sdk/go/internal/login"

// LoginEventKind is what happened to a [Login].
type LoginEventKind string

const (
	// EventSignedIn is by a sign-in, a sign-up or a resume.
	EventSignedIn = LoginEventKind(login.SignedInEvent)
	// EventRefreshed is that another token was got, here or by another process.
	EventRefreshed = LoginEventKind(login.RefreshedEvent)
	// EventSignedOut has its reason.
	EventSignedOut = LoginEventKind(login.SignedOutEvent)
	// EventStoreFailed is that the store can't be read or written, with the error. It comes once until the store was written again.
	EventStoreFailed = LoginEventKind(login.StoreFailedEvent)
)

// SignOutReason is why nobody is signed in any more.
type SignOutReason string

const (
	// ReasonSignedOut is by [Login.SignOut], here or in another process on the same store.
	ReasonSignedOut       = SignOutReason(login.SignedOut)
	ReasonPasswordChanged = SignOutReason(login.PasswordChanged)
	ReasonDisabled        = SignOutReason(login.Disabled)
	ReasonDeleted         = SignOutReason(login.Deleted)
	// ReasonRevoked is also for what is newer than this package.
	ReasonRevoked = SignOutReason(login.Revoked)
	// ReasonExpired is that its time is over and nothing can renew it.
	ReasonExpired = SignOutReason(login.Expired)
	// ReasonReplaced is that another login is in the store.
	ReasonReplaced = SignOutReason(login.Replaced)
)

// LoginEvent is what [WithLoginEvents] is told. It has no token in it.
type LoginEvent struct {
	Kind LoginEventKind
	// Reason is of EventSignedOut.
	Reason SignOutReason
	// Err is of EventStoreFailed.
	Err *Error
}

// WithLoginEvents is told what happens to a [Login], one after the other and in order. Those who wait for what it tells wait for the listener
// too, so it returns soon. It may call the login. What it panics with is passed over.
func WithLoginEvents(listener func(LoginEvent)) LoginOption {
	return loginOption(func(s *settings) { s.onLogin = listener })
}

func (s *settings) tellOfLogin() func(login.Event) {
	listener := s.onLogin
	if listener == nil {
		return nil
	}
	return func(event login.Event) {
		told := LoginEvent{Kind: LoginEventKind(event.Kind), Reason: SignOutReason(event.Reason)}
		if event.Err != nil {
			told.Err = ofLogin("the store", event.Err)
		}
		listener(told)
	}
}
