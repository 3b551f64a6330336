package symbolon

import (
	"crypto/x509"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/grpc"

	"symbolon.internal/sdk/go/internal/core"
)

const (
	checkTimeout = 2 * time.Second
	// callTimeout is for those who wait: a login hashes a password, and may wait for others that do.
	callTimeout = 10 * time.Second
	maxTimeout  = time.Minute
)

// VerifierOption is one of a [Verifier].
type VerifierOption interface{ verifier(*settings) }

// ClientOption is one of a [Client].
type ClientOption interface{ client(*settings) }

// LoginOption is one of a [Login].
type LoginOption interface{ login(*settings) }

// Option is one of a [Verifier], of a [Client] and of a [Login].
type Option func(*settings)

func (o Option) verifier(s *settings) { o(s) }
func (o Option) client(s *settings)   { o(s) }
func (o Option) login(s *settings)    { o(s) }

type verifierOption func(*settings)

func (o verifierOption) verifier(s *settings) { o(s) }

type loginOption func(*settings)

func (o loginOption) login(s *settings) { o(s) }

// settings are what a service gives. What is wrong is told when something is made of them, and not by each call.
type settings struct {
	address     string
	roots       *x509.CertPool
	plaintext   *bool
	timeout     time.Duration
	dialOptions []grpc.DialOption
	maxEntries  int
	onWatchEnd  func(err *Error, retryIn time.Duration)
	store       Store
	scopes      []string
	resource    string
	onLogin     func(LoginEvent)
	// wrong are the options that can't be, by their order.
	wrong []*Error
}

func newSettings(address string, timeout time.Duration) *settings {
	s := &settings{address: address, timeout: timeout, maxEntries: core.MaxEntries}
	switch {
	case isAddress(address):
	case strings.Contains(address, "://"):
		s.wrong = append(s.wrong, invalid("address must be host:port of the server, such as 127.0.0.1:50051, and not a URL"))
	case lacksPort.MatchString(address):
		s.wrong = append(s.wrong, invalid("address must be host:port of the server, such as 127.0.0.1:50051: its port is missing"))
	default:
		s.wrong = append(s.wrong, invalid("address must be host:port of the server, such as 127.0.0.1:50051, with an IPv6 address in brackets"))
	}
	return s
}

// WithRootCertificates takes PEM of the authorities that the server's certificate comes from, and not the name of a file. Without it they
// are those of the system.
func WithRootCertificates(pem []byte) Option {
	pool := x509.NewCertPool()
	isGood := pool.AppendCertsFromPEM(pem)
	return func(s *settings) {
		s.roots = pool
		if !isGood {
			s.wrong = append(s.wrong, invalid("root certificates must be certificates in PEM, and not the name of a file"))
		}
	}
}

// WithPlaintext speaks without TLS where it is true, which shows secrets and tokens to the network. On loopback that is so by itself,
// unless it is false here.
func WithPlaintext(plaintext bool) Option {
	return func(s *settings) { s.plaintext = &plaintext }
}

// WithTimeout is after how long a call is given up whose context has no deadline: unless set 2 s of a [Verifier] and 10 s of a [Client] or a
// [Login]; from a millisecond to a minute. Calls that a verifier makes always have it, for other checks may share them.
func WithTimeout(timeout time.Duration) Option {
	return func(s *settings) {
		s.timeout = timeout
		if timeout < time.Millisecond || timeout > maxTimeout {
			s.wrong = append(s.wrong, invalid("timeout must be from a millisecond to a minute: give 2*time.Second for two seconds"))
		}
	}
}

// WithDialOptions gives grpc-go options besides those of this package, such as a stats handler for traces.
func WithDialOptions(options ...grpc.DialOption) Option {
	return func(s *settings) { s.dialOptions = append(s.dialOptions, options...) }
}

// WithMaxEntries is how many live tokens are kept, at about a kibibyte each: 100,000 unless set.
func WithMaxEntries(entries int) VerifierOption {
	return verifierOption(func(s *settings) {
		s.maxEntries = entries
		if entries < 1 {
			s.wrong = append(s.wrong, invalid("max entries must be 1 or more"))
		}
	})
}

// WithWatchEnd is told, in a goroutine of its own, when the watch ends, and when it is begun again. Until then checks ask the server.
// Unless it is set, the default logger of log/slog warns of it: once for each cause, and once a minute.
func WithWatchEnd(listener func(err *Error, retryIn time.Duration)) VerifierOption {
	return verifierOption(func(s *settings) { s.onWatchEnd = listener })
}

// check answers the first thing that is wrong.
func (s *settings) check() error {
	if s.plaintext != nil && *s.plaintext && s.roots != nil {
		s.wrong = append(s.wrong, invalid("plaintext must not stand beside root certificates: with it nobody looks at a certificate"))
	}
	if len(s.wrong) > 0 {
		return s.wrong[0]
	}
	return nil
}

// speaksPlaintext is so where it is asked for, and on loopback.
func (s *settings) speaksPlaintext() bool {
	if s.plaintext != nil {
		return *s.plaintext
	}
	return s.roots == nil && isLoopback(s.address)
}

// addressForm has a port, for gRPC takes 443 where there is none. The path of a socket has none.
var addressForm = regexp.MustCompile(
	`^(?:(?:dns|passthrough):(?://[^/\s]*/)?)?(?:[^\s:/?#@,\[\]]+|\[[\w:.%-]+\]):(\d{1,5})$|^unix(?:-abstract)?:\S+$`)

var lacksPort = regexp.MustCompile(`^(?:[^\s:/?#@,\[\]]+|\[[\w:.%-]+\]):?$`)

func isAddress(address string) bool {
	found := addressForm.FindStringSubmatch(address)
	if found == nil || found[1] == "" {
		return found != nil
	}
	port, err := strconv.ParseUint(found[1], 10, 16)
	return err == nil && port > 0
}

func isLoopback(address string) bool {
	if strings.HasPrefix(address, "unix:") || strings.HasPrefix(address, "unix-abstract:") {
		return true
	}
	for _, scheme := range []string{"dns:", "passthrough:"} {
		if rest, ok := strings.CutPrefix(address, scheme); ok {
			address = strings.TrimPrefix(rest, "///")
		}
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	return isLoopbackHost(host)
}

func isLoopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// checkSecret: a secret that was read of a file often has a line break at its end, and no server knows it then.
func checkSecret(clientSecret string) error {
	if !isText(clientSecret) {
		return invalid("client secret must be a text that is not empty")
	}
	if strings.HasSuffix(clientSecret, "\n") || strings.HasSuffix(clientSecret, "\r") {
		return invalid("client secret must not end with a line break: trim it where it is read")
	}
	return nil
}

// isText tells whether it can be sent as UTF-8, and is not empty.
func isText(text string) bool {
	return text != "" && utf8.ValidString(text)
}
