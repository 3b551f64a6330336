package symbolon

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
)

// bearerForm is RFC 6750 section 2.1, with the scheme in any case. What begins with the scheme and goes on otherwise is malformed: the
// letters, digits and marks of a token (RFC 9110 section 5.6.2) would be another scheme.
var (
	bearerForm   = regexp.MustCompile(`^(?i:bearer) +([A-Za-z0-9\-._~+/]+=*)$`)
	schemeForm   = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+\\-.^_`|~]*")
	scopeForm    = regexp.MustCompile(`^[\x21\x23-\x5b\x5d-\x7e]+$`)
	realmForm    = regexp.MustCompile(`^[\x20\x21\x23-\x5b\x5d-\x7e]+$`)
	retryDefault = time.Second
)

// readBearer answers the token of the one authorization header.
func readBearer(headers []string) (string, *denial) {
	if len(headers) > 1 {
		return "", &denial{code: codes.InvalidArgument, problem: "invalid_request", message: "more than one authorization header"}
	}
	value := ""
	if len(headers) == 1 {
		value = strings.Trim(headers[0], " \t")
	}
	if found := bearerForm.FindStringSubmatch(value); found != nil {
		return found[1], nil
	}
	if strings.EqualFold(schemeForm.FindString(value), "bearer") {
		return "", &denial{code: codes.InvalidArgument, problem: "invalid_request", message: "the authorization header has no token of RFC 6750"}
	}
	return "", &denial{code: codes.Unauthenticated, message: "a token is needed, as authorization: Bearer"}
}

// denial is why a request is refused.
type denial struct {
	code codes.Code
	// problem is the error code of RFC 6750 section 3.1. Empty where the request named no token.
	problem string
	// scopes are those that the request needs.
	scopes     []string
	retryAfter time.Duration
	message    string
}

// challenge is the value of WWW-Authenticate (RFC 6750 section 3). Empty where nothing is known of the token, and where another token would
// be of no more use.
func (d *denial) challenge(realm string) string {
	if d.code != codes.Unauthenticated && d.problem == "" {
		return ""
	}
	var parts []string
	if realm != "" {
		parts = append(parts, `realm="`+realm+`"`)
	}
	if d.problem != "" {
		parts = append(parts, `error="`+d.problem+`"`)
	}
	if len(d.scopes) > 0 {
		parts = append(parts, `scope="`+strings.Join(d.scopes, " ")+`"`)
	}
	return strings.TrimSpace("Bearer " + strings.Join(parts, ", "))
}

func (d *denial) status() int {
	switch d.code {
	case codes.InvalidArgument:
		return http.StatusBadRequest
	case codes.Unauthenticated:
		return http.StatusUnauthorized
	case codes.PermissionDenied:
		return http.StatusForbidden
	case codes.Internal:
		return http.StatusInternalServerError
	default:
		return http.StatusServiceUnavailable
	}
}

// retrySeconds is for Retry-After, which has whole seconds.
func (d *denial) retrySeconds() string {
	return strconv.FormatInt(int64((d.retryAfter+time.Second-1)/time.Second), 10)
}

func unknown(err error) *denial {
	retryAfter := retryDefault
	if typed, ok := errors.AsType[*Error](err); ok && typed.RetryAfter > 0 {
		retryAfter = typed.RetryAfter
	}
	return &denial{code: codes.Unavailable, retryAfter: retryAfter, message: "the token can't be checked now"}
}

func lacks(scopes []string) *denial {
	return &denial{
		code: codes.PermissionDenied, problem: "insufficient_scope", scopes: scopes,
		message: "the token lacks a scope of: " + strings.Join(scopes, " "),
	}
}

// Guard lets through who presents a live token, over gRPC and HTTP. [FromContext] has the caller then. All others are refused before the
// handler runs, also where nothing is known of the token. A stream is checked when it begins.
type Guard struct {
	verifier *Verifier
	realm    string
	audience string
	// public are methods for everybody; scopes are what others need, where that is said.
	public map[string]bool
	scopes map[string][]string
}

// GuardOption is one of a [Guard].
type GuardOption func(*Guard) error

// WithRealm is told in WWW-Authenticate (RFC 6750 section 3).
func WithRealm(realm string) GuardOption {
	return func(g *Guard) error {
		if !realmForm.MatchString(realm) {
			return invalid("realm must be printable ASCII without quotes and backslashes")
		}
		g.realm = realm
		return nil
	}
}

// WithAudience is the id of this resource server: a token that is not for it alone (RFC 8707) is refused as one that is not live (RFC 9700
// section 2.3). Unless it is set tokens for any audience are let through.
func WithAudience(audience string) GuardOption {
	return func(g *Guard) error {
		if !isText(audience) {
			return invalid("audience must be the id of a resource server: leave the option out to let through tokens for any")
		}
		g.audience = audience
		return nil
	}
}

// WithPublicMethods names gRPC methods that everybody may call, such as /grpc.health.v1.Health/Check, with the first slash or without
// it. No one else is public.
func WithPublicMethods(methods ...string) GuardOption {
	return func(g *Guard) error {
		for _, name := range methods {
			method, err := fullMethod(name)
			if err != nil {
				return err
			}
			g.public[method] = true
		}
		return nil
	}
}

// WithMethodScopes says which scopes a gRPC method needs, such as /shop.v1.Orders/List. Once it is given for one method, a method that it
// is not given for and that is not public is refused: name it without scopes where a live token is enough. The first slash may be left out.
func WithMethodScopes(method string, scopes ...string) GuardOption {
	return func(g *Guard) error {
		method, err := fullMethod(method)
		if err != nil {
			return err
		}
		if err := checkScopes(scopes); err != nil {
			return err
		}
		if g.scopes == nil {
			g.scopes = map[string][]string{}
		}
		g.scopes[method] = append(g.scopes[method], scopes...)
		return nil
	}
}

// NewGuard makes one for a verifier. The error is an [*Error] that names an option that is wrong.
func NewGuard(verifier *Verifier, options ...GuardOption) (*Guard, error) {
	if verifier == nil || verifier.state == nil {
		return nil, invalid("verifier must be one that NewVerifier made")
	}
	g := &Guard{verifier: verifier, public: map[string]bool{}}
	for _, option := range options {
		if err := option(g); err != nil {
			return nil, err
		}
	}
	for method := range g.scopes {
		if g.public[method] {
			return nil, invalid("method %q must not be public and have scopes", method)
		}
	}
	return g, nil
}

var methodForm = regexp.MustCompile(`^/?([\w.]+/\w+)$`)

// fullMethod is as grpc-go has it. Tools write it without the first slash, too.
func fullMethod(name string) (string, error) {
	found := methodForm.FindStringSubmatch(name)
	if found == nil {
		return "", invalid("method %q must be as in /package.Service/Method", name)
	}
	return "/" + found[1], nil
}

// checkScopes: RFC 6749 section 3.3.
func checkScopes(scopes []string) error {
	for _, scope := range scopes {
		if !scopeForm.MatchString(scope) {
			return invalid("scope %q must be one word of printable ASCII without quotes and backslashes", scope)
		}
	}
	return nil
}

// admit answers the caller, or why there is none.
func (g *Guard) admit(ctx context.Context, headers []string, scopes []string) (context.Context, *denial) {
	token, denied := readBearer(headers)
	if denied != nil {
		return nil, denied
	}
	caller, live, err := g.verifier.Check(ctx, token)
	if err != nil {
		return nil, unknown(err)
	}
	if denied := g.judge(caller, live); denied != nil {
		return nil, denied
	}
	if !caller.HasScopes(scopes...) {
		return nil, lacks(scopes)
	}
	return (&admitted{caller, g.realm}).in(ctx), nil
}

// judge refuses a token that is not live, or not for this resource server.
func (g *Guard) judge(caller Caller, live bool) *denial {
	switch {
	case !live:
		return &denial{code: codes.Unauthenticated, problem: "invalid_token", message: "the token is not live"}
	case g.audience != "" && caller.Audience != g.audience:
		return &denial{code: codes.Unauthenticated, problem: "invalid_token", message: "the token is not for this resource server"}
	default:
		return nil
	}
}
