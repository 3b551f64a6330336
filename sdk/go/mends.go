package symbolon

import (
	"regexp"

	"google.golang.org/grpc/codes"
)

// mendOf answers what somebody has to do about an error, in the words of all languages. Empty: only the error itself is known.
func mendOf(code codes.Code, reason, told string) string {
	if mend, ok := mendsOfCodes[code]; ok {
		return mend
	}
	if code != codes.Unavailable || reason != "" {
		return "" // With a reason it is of a server, so that the connection is good.
	}
	for _, each := range mendsOfConnections {
		if each.told.MatchString(told) {
			return each.mend
		}
	}
	return ""
}

var mendsOfCodes = map[codes.Code]string{
	codes.Unauthenticated:  "Give a client id and a client secret that are good",
	codes.PermissionDenied: "Give the client the role that the call needs (INTROSPECT to check tokens)",
	codes.Unimplemented:    "Bring the server to the version of this package",
}

// mendsOfConnections are by what grpc-go and crypto/tls say: they have no types that come through.
var mendsOfConnections = []struct {
	told *regexp.Regexp
	mend string
}{
	{regexp.MustCompile(`first record does not look like a TLS handshake`),
		"The server speaks without TLS: on a safe network give WithPlaintext(true)"},
	{regexp.MustCompile(`signed by unknown authority`), "WithRootCertificates lacks the authority of the server's certificate"},
	{regexp.MustCompile(`certificate is valid for|doesn't contain any IP SANs|not valid for any names`),
		"The server's certificate is not one of the host that address names"},
	{regexp.MustCompile(`\bEOF\b|connection reset|broken pipe|closed connection`), "The other side hung up. Where that comes each time, " +
		"see that address is the port of gRPC, and that both sides speak TLS or neither. A server also closes hundreds of " +
		"connections of one address: make one verifier and keep it"},
	{regexp.MustCompile(`error reading server preface|no application protocol`),
		"See that address is the port of gRPC, and that both sides speak TLS or neither"},
	{regexp.MustCompile(`name resolver error|no such host`), "No such host as address names is known"},
	{regexp.MustCompile(`Error while dialing: .*refused`), "Nobody listens at address"},
}
