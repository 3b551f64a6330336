package symbolon

import (
	"crypto/subtle"
	"net/url"
	"strings"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/login"
)

// codeOf answers the code of a callback that is of this request.
func (r CodeRequest) codeOf(callback *url.URL) (string, error) {
	if !r.isAt(callback) {
		return "", badCallback("its path is not that of the redirect URI")
	}
	query, err := url.ParseQuery(callback.RawQuery)
	if err != nil {
		return "", badCallback("its query can't be read")
	}
	if !r.hasState(query) {
		return "", badCallback("its state is not that of this sign-in")
	}
	return r.codeIn(query)
}

// isAt compares paths: a server behind a proxy may not know by which host it was asked.
func (r CodeRequest) isAt(callback *url.URL) bool {
	redirect, err := url.Parse(r.RedirectURI)
	return err == nil && rootOf(callback) == rootOf(redirect) && callback.Opaque == redirect.Opaque
}

// rootOf: a URL with an empty path is asked for as /.
func rootOf(url *url.URL) string {
	if path := url.EscapedPath(); path != "" {
		return path
	}
	return "/"
}

// hasState compares in constant time: who may try again and again must not learn it letter by letter.
func (r CodeRequest) hasState(query url.Values) bool {
	states := query["state"]
	return r.State != "" && len(states) == 1 && subtle.ConstantTimeCompare([]byte(states[0]), []byte(r.State)) == 1
}

// codeIn is of a query whose state is right.
func (r CodeRequest) codeIn(query url.Values) (string, error) {
	if issuers := query["iss"]; len(issuers) != 1 || issuers[0] != r.Issuer {
		return "", badCallback("it is not of the issuer that was asked (RFC 9207)")
	}
	code, refusal := query["code"], query["error"]
	switch {
	case len(code) == 1 && code[0] != "" && len(refusal) == 0:
		return code[0], nil
	case len(refusal) == 1 && refusal[0] != "" && len(code) == 0:
		return "", refusedAtPage(refusal[0], query.Get("error_description"))
	default:
		return "", badCallback("it must have one code or one error")
	}
}

func badCallback(why string) error {
	return &login.Failure{Code: codes.FailedPrecondition, Message: "the callback is refused: " + why}
}

// refusedAtPage is RFC 6749 section 4.1.2.1.
func refusedAtPage(code, description string) error {
	if code == "access_denied" {
		return &login.Failure{Code: codes.PermissionDenied, Reason: "ACCESS_DENIED", Message: "the user did not agree"}
	}
	message := "the page refused it: " + printable(code, 64)
	if description != "" {
		message += ": " + printable(description, 200)
	}
	return &login.Failure{Code: codes.FailedPrecondition, Message: message}
}

// printable is of what came over a browser, which may be anybody's.
func printable(text string, longest int) string {
	text = strings.Map(func(letter rune) rune {
		if letter < ' ' || letter > '~' {
			return '?'
		}
		return letter
	}, text)
	return text[:min(len(text), longest)]
}
