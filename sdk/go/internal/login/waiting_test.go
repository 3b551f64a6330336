package login

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

// device is a sign-in of a device, whose answers a test scripts. Waiting passes time at once.
type device struct {
	*world
	grant   DeviceGrant
	answers []error
	begun   int
	shown   int
	polled  []time.Duration
	record  Record
}

func newDevice(t *testing.T, answers ...error) *device {
	w := newWorld(t)
	d := &device{world: w, grant: DeviceGrant{10 * time.Minute, 5 * time.Second}, answers: answers, record: w.record(User, "family")}
	w.sleep = func(ctx context.Context, wait time.Duration) error {
		w.pass(wait)
		return ctx.Err()
	}
	return d
}

func (d *device) signIn(ctx context.Context) error {
	return d.keeper.SignInByDevice(ctx, DeviceSteps{
		Begin: func(context.Context) (DeviceGrant, error) {
			d.begun++
			return d.grant, nil
		},
		Show: func() { d.shown++ },
		Poll: func(context.Context) (*Record, error) {
			d.polled = append(d.polled, d.mono)
			if len(d.polled) > len(d.answers) {
				return &d.record, nil
			}
			return nil, d.answers[len(d.polled)-1]
		},
	})
}

func told(code codes.Code, reason string) error {
	return &Failure{Code: code, Reason: reason, Message: "told"}
}

var (
	pending = told(codes.FailedPrecondition, "AUTHORIZATION_PENDING")
	tooSoon = &Failure{Code: codes.ResourceExhausted, Reason: "SLOW_DOWN", Message: "slower"}
	lost    = told(codes.Unavailable, "")
)

// It asks each interval, more seldom where it is told to or nothing comes, and goes on.
func TestDevicePolls(t *testing.T) {
	t.Parallel()
	asked := &Failure{Code: codes.ResourceExhausted, Reason: "SLOW_DOWN", Message: "slower", RetryAfter: time.Minute}
	busy := &Failure{Code: codes.ResourceExhausted, Message: "busy", RetryAfter: 45 * time.Second}
	for name, each := range map[string]struct {
		answers []error
		polled  string
	}{
		"approved at once":        {nil, "[5s]"},
		"pending":                 {[]error{pending, pending}, "[5s 10s 15s]"},
		"slow down":               {[]error{tooSoon, pending, tooSoon}, "[5s 15s 25s 40s]"},
		"slow down, with a time":  {[]error{asked, pending}, "[5s 1m5s 1m15s]"},
		"away":                    {[]error{lost, lost, lost, lost, pending}, "[5s 15s 35s 1m5s 1m35s 1m40s]"},
		"too many calls":          {[]error{busy, pending}, "[5s 50s 55s]"},
		"a deadline":              {[]error{told(codes.DeadlineExceeded, "")}, "[5s 15s]"},
		"a line that broke":       {[]error{told(codes.Internal, ""), pending}, "[5s 15s 20s]"},
		"lost, and known to wait": {[]error{lost, pending, pending}, "[5s 15s 20s 25s]"},
	} {
		d := newDevice(t, each.answers...)
		if err := d.signIn(context.Background()); err != nil || fmt.Sprint(d.polled) != each.polled {
			t.Error(name, err, d.polled)
		}
		if d.begun != 1 || d.shown != 1 || d.token() != d.record.AccessToken || d.store.read() == "" {
			t.Error(name, d.begun, d.shown)
		}
		d.expect("signed_in")
	}
	d := newDevice(t)
	d.grant.Interval = 0
	if err := d.signIn(context.Background()); err != nil || d.polled[0] != 5*time.Second {
		t.Error("without an interval", err, d.polled)
	}
}

// These end it at once.
func TestDeviceIsRefused(t *testing.T) {
	t.Parallel()
	for name, each := range map[string]struct {
		answers []error
		code    codes.Code
		reason  string
		text    string
	}{
		"denied":               {[]error{pending, told(codes.FailedPrecondition, "ACCESS_DENIED")}, codes.FailedPrecondition, "ACCESS_DENIED", ""},
		"expired":              {[]error{told(codes.FailedPrecondition, "EXPIRED_TOKEN")}, codes.FailedPrecondition, "EXPIRED_TOKEN", ""},
		"wrong":                {[]error{told(codes.FailedPrecondition, "INVALID_GRANT")}, codes.FailedPrecondition, "INVALID_GRANT", ""},
		"the client":           {[]error{told(codes.Unauthenticated, "CALLER_UNAUTHENTICATED")}, codes.Unauthenticated, "CALLER_UNAUTHENTICATED", ""},
		"used by a lost one":   {[]error{lost, told(codes.FailedPrecondition, "INVALID_GRANT")}, codes.Unavailable, "", "sign in again"},
		"lost, and then known": {[]error{lost, pending, told(codes.FailedPrecondition, "INVALID_GRANT")}, codes.FailedPrecondition, "INVALID_GRANT", ""},
	} {
		d := newDevice(t, each.answers...)
		failure := failureOf(d.signIn(context.Background()))
		if failure.Code != each.code || failure.Reason != each.reason || !strings.Contains(failure.Message, each.text) || len(d.polled) != len(each.answers) {
			t.Error(name, failure.Code, failure, d.polled)
		}
		d.fails(codes.Unauthenticated)
		d.expect()
	}
}

// By this clock too, also where the server says nothing any more.
func TestDeviceIsTooLate(t *testing.T) {
	t.Parallel()
	d := newDevice(t, pending, pending, pending, pending)
	d.grant.TimeToLive = 12 * time.Second
	failure := failureOf(d.signIn(context.Background()))
	if failure.Code != codes.FailedPrecondition || failure.Reason != "EXPIRED_TOKEN" || fmt.Sprint(d.polled, d.mono) != "[5s 10s] 12s" {
		t.Error(failure, d.polled, d.mono)
	}
}

// A context, a sign-out and the end of the login give up what waits for a person.
func TestWaitingIsGivenUp(t *testing.T) {
	t.Parallel()
	ways := map[string]func(*device, context.CancelFunc){
		"context":  func(_ *device, cancel context.CancelFunc) { cancel() },
		"sign-out": func(d *device, _ context.CancelFunc) { _, _ = d.keeper.SignOut(context.Background()) },
		"close":    func(d *device, _ context.CancelFunc) { go d.keeper.Close() },
	}
	for way, giveUp := range ways {
		for what, isDevice := range map[string]bool{"a device": true, "a browser": false} {
			d := newDevice(t)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			wait := func(waiting context.Context) error {
				inner := d.keeper.SignIn(context.Background(), nil)
				if failureOf(inner).Code != codes.FailedPrecondition || !strings.Contains(inner.Error(), "under way") {
					t.Error("another sign-in begins meanwhile:", inner)
				}
				giveUp(d, cancel)
				<-waiting.Done()
				return waiting.Err()
			}
			d.sleep = func(waiting context.Context, _ time.Duration) error { return wait(waiting) }
			sign := d.signIn
			if !isDevice {
				sign = func(ctx context.Context) error {
					return d.keeper.SignInAfter(ctx, wait, func(context.Context) (*Record, error) {
						t.Error("it is asked")
						return &d.record, nil
					})
				}
			}
			err := sign(ctx)
			if failureOf(err).Code != codes.Canceled || len(d.polled) != 0 {
				t.Error(what, way, err, d.polled)
			}
			isOpen := way != "close"
			if isOpen && d.keeper.SignIn(context.Background(), func(context.Context, string) (*Record, error) { return &d.record, nil }) != nil {
				t.Error(what, way, "no other sign-in can begin")
			}
		}
	}
}

// What comes of a person's doing is asked with once.
func TestSignInAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.user()
	asked := 0
	err := w.keeper.SignInAfter(context.Background(), func(context.Context) error { return nil }, func(context.Context) (*Record, error) {
		asked++
		return nil, lost
	})
	if failure := failureOf(err); asked != 1 || failure.Code != codes.Unavailable || !strings.Contains(failure.Message, "sign in again") {
		t.Error(asked, err)
	}
	no := failed(codes.PermissionDenied, "no")
	err = w.keeper.SignInAfter(context.Background(), func(context.Context) error { return no }, nil)
	if err != no || w.token() != first.AccessToken {
		t.Error(err)
	}
	second := w.record(User, "second family")
	err = w.keeper.SignInAfter(context.Background(), func(context.Context) error { return nil }, func(context.Context) (*Record, error) {
		return &second, nil
	})
	if err != nil || w.token() != second.AccessToken || !strings.Contains(w.store.read(), second.AccessToken) {
		t.Error(err)
	}
	w.until("the first is revoked", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return fmt.Sprint(w.revoked) == fmt.Sprint([]string{first.RefreshToken})
	})
	w.expect("signed_in", "signed_in")
}

// What an app's own function throws leaves nothing behind.
func TestWaitingPanics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("it is kept from the app")
			}
		}()
		_ = w.keeper.SignInAfter(context.Background(), func(context.Context) error { panic("of the app") }, nil)
	}()
	w.user()
	w.keeper.Close()
}
