package main

import (
	"context"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
)

// driver has one verifier and one bare client at a time, and any number of logins.
type driver struct {
	mu       sync.Mutex
	verifier *symbolon.Verifier
	client   *symbolon.Client
	clock    *shifted
	others   []*symbolon.Verifier // Made by mistake.
	under    map[int64]context.CancelFunc
	givenUp  map[int64]bool // Cancelled before their goroutine began.
	logins   *logins
}

// begin is the context of a request, which may be cancelled meanwhile.
func (d *driver) begin(id int64) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	d.mu.Lock()
	defer d.mu.Unlock()
	d.under[id] = cancel
	if d.givenUp[id] {
		delete(d.givenUp, id)
		cancel()
	}
	return ctx, func() {
		cancel()
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.under, id)
	}
}

func (d *driver) cancel(id int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if cancel, ok := d.under[id]; ok {
		cancel()
	} else {
		d.givenUp[id] = true
	}
}

func (d *driver) serve(asked request) answer {
	if asked.Op == "open" {
		return orError(d.open(asked))
	}
	d.mu.Lock()
	verifier, client, clock := d.verifier, d.client, d.clock
	d.mu.Unlock()
	if asked.Op == "fork" {
		return answer{"unsupported": true}
	}
	if told, isServed := d.serveWithoutVerifier(asked, clock); isServed {
		return told
	}
	if verifier == nil {
		return errorOf(&symbolon.Error{Code: codes.FailedPrecondition, Message: "no verifier is open"})
	}
	ctx, end := d.begin(asked.ID)
	defer end()
	switch asked.Op {
	case "check":
		return check(ctx, verifier, asked.Token)
	case "permit":
		return permit(ctx, verifier, asked)
	case "check_anew":
		return d.checkAnew(asked)
	case "check_many":
		return checkMany(verifier, asked.Token, asked.Times)
	case "denied":
		return denied(verifier, asked.Token)
	case "bench":
		return d.bench(verifier, client, asked)
	case "state":
		return answer{"open": verifier.IsOpen(), "size": verifier.Size()}
	case "use_client_secret":
		if err := client.UseClientSecret(asked.ClientSecret); err != nil {
			return orError(err)
		}
		return orError(verifier.UseClientSecret(asked.ClientSecret))
	default:
		return call(ctx, client, asked)
	}
}

func options(asked request) ([]symbolon.ClientOption, []symbolon.VerifierOption) {
	shared := []symbolon.Option{}
	if asked.Roots != "" {
		shared = append(shared, symbolon.WithRootCertificates([]byte(asked.Roots)))
	}
	if asked.Plaintext != nil {
		shared = append(shared, symbolon.WithPlaintext(*asked.Plaintext))
	}
	if asked.TimeoutMS != nil {
		shared = append(shared, symbolon.WithTimeout(time.Duration(*asked.TimeoutMS)*time.Millisecond))
	}
	var ofClient []symbolon.ClientOption
	var ofVerifier []symbolon.VerifierOption
	for _, option := range shared {
		ofClient, ofVerifier = append(ofClient, option), append(ofVerifier, option)
	}
	if asked.MaxEntries != nil {
		ofVerifier = append(ofVerifier, symbolon.WithMaxEntries(*asked.MaxEntries))
	}
	return ofClient, ofVerifier
}

func (d *driver) open(asked request) error {
	d.close()
	d.resetClock()
	ofClient, ofVerifier := options(asked)
	d.mu.Lock()
	defer d.mu.Unlock()
	client, err := symbolon.NewClient(asked.Address, asked.ClientID, asked.ClientSecret, ofClient...)
	if err != nil {
		return err
	}
	verifier, err := symbolon.NewVerifier(asked.Address, asked.ClientID, asked.ClientSecret, ofVerifier...)
	if err != nil {
		_ = client.Close()
		return err
	}
	d.client, d.verifier = client, verifier
	return nil
}

func (d *driver) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.verifier != nil {
		_, _ = d.verifier.Close(), d.client.Close()
		d.verifier, d.client = nil, nil
	}
	for _, other := range d.others {
		_ = other.Close()
	}
	d.others = nil
}

// checkAnew makes a verifier for each check, and closes none.
func (d *driver) checkAnew(asked request) answer {
	_, ofVerifier := options(asked)
	var active, inactive int
	var failed []error
	for range asked.Times {
		verifier, err := symbolon.NewVerifier(asked.Address, asked.ClientID, asked.ClientSecret, ofVerifier...)
		live := false
		if err == nil {
			d.mu.Lock()
			d.others = append(d.others, verifier)
			d.mu.Unlock()
			_, live, err = verifier.Check(context.Background(), asked.Token)
		}
		switch {
		case err != nil:
			failed = append(failed, err)
		case live:
			active++
		default:
			inactive++
		}
	}
	told := answer{"active": active, "inactive": inactive, "errors": len(failed)}
	if len(failed) > 0 {
		told["failed_with"] = errorOf(failed[0])["error"]
	}
	return told
}

func check(ctx context.Context, verifier *symbolon.Verifier, token string) answer {
	began := now()
	caller, live, err := verifier.Check(ctx, token)
	ended := now()
	told := answer{"active": live}
	if err != nil {
		told = errorOf(err)
	} else if live {
		told["caller"] = ofCaller(caller)
	}
	told["began_ms"], told["ended_ms"] = began, ended
	return told
}

func ofCaller(caller symbolon.Caller) answer {
	told := answer{
		"kind": caller.Kind, "subject_id": caller.SubjectID, "client_id": caller.ClientID, "tenant_id": caller.TenantID,
		"scopes": append([]string{}, caller.Scopes()...), "token_id": caller.TokenID, "family_id": caller.FamilyID,
	}
	if caller.Audience != "" {
		told["audience"] = caller.Audience
	}
	return told
}

func permit(ctx context.Context, verifier *symbolon.Verifier, asked request) answer {
	target := symbolon.Own()
	switch {
	case asked.UserID != "":
		target = symbolon.User(asked.UserID)
	case asked.DeviceID != "":
		target = symbolon.Device(asked.DeviceID)
	}
	if asked.DeviceType != "" {
		target = target.OfType(asked.DeviceType)
	}
	began := now()
	access, err := verifier.CheckPermission(ctx, asked.Token, symbolon.Permission(asked.Permission), target)
	ended := now()
	told := answer{"allowed": access.Allowed, "reason": access.Reason}
	if err != nil {
		told = errorOf(err)
	}
	if access.Live {
		told["caller"] = ofCaller(access.Caller)
	}
	if access.UserID != "" {
		told["user_id"] = access.UserID
	}
	told["began_ms"], told["ended_ms"] = began, ended
	return told
}

// checkMany has a goroutine for each, and all begin at once.
func checkMany(verifier *symbolon.Verifier, token string, times int) answer {
	var active, inactive, errors int
	var mu sync.Mutex
	var all sync.WaitGroup
	begin := make(chan struct{})
	for range times {
		all.Go(func() {
			<-begin
			_, live, err := verifier.Check(context.Background(), token)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				errors++
			case live:
				active++
			default:
				inactive++
			}
		})
	}
	began := now()
	close(begin)
	all.Wait()
	return answer{"active": active, "inactive": inactive, "errors": errors, "began_ms": began, "ended_ms": now()}
}

func call(ctx context.Context, client *symbolon.Client, asked request) answer {
	if asked.TimeoutMS != nil {
		limited, cancel := context.WithTimeout(ctx, time.Duration(*asked.TimeoutMS)*time.Millisecond)
		defer cancel()
		ctx = limited
	}
	switch asked.Op {
	case "issue":
		response, err := client.Tokens.Issue(ctx, issueRequest(asked))
		return tokens(response.GetTokens(), err)
	case "refresh":
		response, err := client.Tokens.Refresh(ctx, &symbolonv1.RefreshRequest{RefreshToken: asked.RefreshToken})
		return tokens(response.GetTokens(), err)
	case "revoke":
		target := &symbolonv1.RevokeRequest_Token{Token: asked.Token}
		_, err := client.Tokens.Revoke(ctx, &symbolonv1.RevokeRequest{Target: target})
		return orError(err)
	case "introspect":
		response, err := client.Tokens.Introspect(ctx, &symbolonv1.IntrospectRequest{Token: asked.Token})
		if err != nil {
			return errorOf(err)
		}
		return answer{"active": response.GetActive()}
	default:
		return answer{"unsupported": true}
	}
}

func issueRequest(asked request) *symbolonv1.IssueRequest {
	if asked.Username == nil {
		secret := &symbolonv1.ClientSecret{ClientId: asked.ClientID, ClientSecret: asked.ClientSecret}
		return &symbolonv1.IssueRequest{Credential: &symbolonv1.IssueRequest_ClientSecret{ClientSecret: secret}}
	}
	password := &symbolonv1.UserPassword{Username: *asked.Username, Password: asked.Password}
	return &symbolonv1.IssueRequest{Credential: &symbolonv1.IssueRequest_UserPassword{UserPassword: password}}
}

func tokens(issued *symbolonv1.IssuedTokens, err error) answer {
	if err != nil {
		return errorOf(err)
	}
	return answer{"access_token": issued.GetAccessToken(), "refresh_token": issued.GetRefreshToken()}
}
