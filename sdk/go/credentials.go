package symbolon

import (
	"context"
	"encoding/base64"
	"net/url"
	"strings"
	"sync/atomic"
)

// basic names the client of each call (RFC 7617). What holds the secret is behind a pointer, which fmt does not follow.
type basic struct {
	clientID string
	header   atomic.Pointer[string]
	isSecure bool
}

func newBasic(clientID, clientSecret string, isSecure bool) *basic {
	b := &basic{clientID: clientID, isSecure: isSecure}
	b.use(clientSecret)
	return b
}

// use is for calls from now on. Both halves are form-encoded (RFC 6749 section 2.3.1): a secret may have a colon in it.
func (b *basic) use(clientSecret string) {
	pair := formEncode(b.clientID) + ":" + formEncode(clientSecret)
	header := "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))
	b.header.Store(&header)
}

// GetRequestMetadata implements credentials.PerRPCCredentials. It never blocks.
func (b *basic) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": *b.header.Load()}, nil
}

// RequireTransportSecurity implements credentials.PerRPCCredentials: a secret leaves in the clear only where that was asked for.
func (b *basic) RequireTransportSecurity() bool {
	return b.isSecure
}

// formEncode writes a space as %20, which those read too who don't take a plus for one.
func formEncode(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
