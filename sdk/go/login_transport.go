package symbolon

import (
	"io"
	"net/http"
	"net/url"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/login"
)

// Transport attaches the token to each request, and sends a request once more that was answered 401 when there is another token by now and
// the body can be sent again: it is none, or has GetBody as [http.NewRequest] sets it. base is nil for [http.DefaultTransport].
//
// The token goes to the host that the request names, and not to where that redirects to: a request that a redirect to another scheme, host or
// port led to goes out without it. So does one that has an Authorization header of its own. A request without TLS fails, except to loopback,
// and except where the login was made with WithPlaintext(true). Use it for your own services alone, and another client for those of others.
func (l *Login) Transport(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return &transport{l, base}
}

type transport struct {
	login *Login
	base  http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Header.Get("Authorization") != "" || !isAsMeant(request) {
		return t.base.RoundTrip(request)
	}
	if !t.login.isPlaintext && !isSafe(request.URL) {
		closeBody(request)
		return nil, toldOfLogin(&login.Failure{
			Code: codes.FailedPrecondition, Message: "the token is not sent to " + request.URL.Host + " without TLS: use https there",
		})
	}
	token, err := t.login.AccessToken(request.Context())
	if err != nil {
		closeBody(request)
		return nil, err
	}
	response, err := t.base.RoundTrip(with(request, token))
	if err != nil || response.StatusCode != http.StatusUnauthorized || !canRepeat(request) {
		t.tell(request, response, token)
		return response, err
	}
	if !t.login.Refused(request.Context(), token) {
		return response, nil
	}
	again := request
	if hasBody(request) {
		body, err := request.GetBody()
		if err != nil {
			return response, nil
		}
		again = request.Clone(request.Context())
		again.Body = body
	}
	if token, err = t.login.AccessToken(request.Context()); err != nil {
		closeBody(again)
		return response, nil
	}
	// So that its connection can be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxDrained))
	_ = response.Body.Close()
	return t.base.RoundTrip(with(again, token))
}

const maxDrained = 64 << 10

// tell is of a request that can't be sent again: the next one has another token where there is one.
func (t *transport) tell(request *http.Request, response *http.Response, token string) {
	if response != nil && response.StatusCode == http.StatusUnauthorized {
		t.login.Refused(request.Context(), token)
	}
}

// CloseIdleConnections is called by that of [http.Client].
func (t *transport) CloseIdleConnections() {
	if closer, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

func with(request *http.Request, token string) *http.Request {
	attached := request.Clone(request.Context())
	attached.Header.Set("Authorization", "Bearer "+token)
	return attached
}

func hasBody(request *http.Request) bool {
	return request.Body != nil && request.Body != http.NoBody
}

func canRepeat(request *http.Request) bool {
	return !hasBody(request) || request.GetBody != nil
}

// closeBody: a RoundTripper closes the body, also where it sends nothing.
func closeBody(request *http.Request) {
	if request.Body != nil {
		_ = request.Body.Close()
	}
}

// isAsMeant goes back over the redirects that led to a request: all must be of one origin (RFC 6454 section 4).
func isAsMeant(request *http.Request) bool {
	for response := request.Response; response != nil && response.Request != nil; response = response.Request.Response {
		if originOf(response.Request.URL) != originOf(request.URL) {
			return false
		}
	}
	return true
}

func originOf(url *url.URL) string {
	port := url.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[url.Scheme]
	}
	return url.Scheme + "://" + url.Hostname() + ":" + port
}

func isSafe(url *url.URL) bool {
	return url.Scheme == "https" || isLoopbackHost(url.Hostname())
}
