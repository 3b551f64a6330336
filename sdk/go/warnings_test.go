package symbolon

import (
	"bytes"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"symbolon.internal/sdk/go/internal/testserver"
)

// logged is what the default logger was told, until the test ends. It is of the process: such a test is not parallel.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func logDefault(t *testing.T) *logged {
	t.Helper()
	l := &logged{}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(l, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return l
}

func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logged) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSuffix(l.text.String(), "\n"), "\n")
}

// A service that listens to nothing is told what to mend: once, however often it is tried, and without the secret.
func TestWarnsWithoutListener(t *testing.T) {
	const secret = "sys_a-secret"
	var streams atomic.Int64
	server := grpc.NewServer(grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error {
		streams.Add(1)
		return status.Error(codes.Unauthenticated, "refused")
	}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	open := func(options ...VerifierOption) {
		t.Helper()
		verifier, err := NewVerifier(listener.Addr().String(), "client", secret, options...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = verifier.Close() })
	}
	told := logDefault(t)
	open()
	testserver.Eventually(t, "tried again", func() bool { return streams.Load() >= 3 && told.lines()[0] != "" })
	lines := told.lines()
	if len(lines) != 1 || !strings.Contains(lines[0], "level=WARN") || !strings.Contains(lines[0], "each check is a call") ||
		!strings.Contains(lines[0], "UNAUTHENTICATED: Give a client id and a client secret that are good") ||
		strings.Contains(lines[0], secret) {
		t.Fatal(lines)
	}

	ends := make(chan *Error, 1_000)
	before := streams.Load()
	told = logDefault(t)
	open(WithWatchEnd(func(err *Error, _ time.Duration) { ends <- err }))
	testserver.Eventually(t, "tried by both", func() bool { return streams.Load() >= before+3 && len(ends) >= 2 })
	if lines := told.lines(); lines[0] != "" {
		t.Fatal("although somebody listens:", lines)
	}
}

// One cause is told once a minute, and another at once.
func TestWarnsOncePerCause(t *testing.T) {
	told := logDefault(t)
	now := time.Now()
	warn := warnings(func() time.Time { return now })
	for _, each := range []struct {
		after  time.Duration
		code   codes.Code
		reason string
	}{
		{0, codes.Unavailable, ""},
		{silence - 1, codes.Unavailable, ""},
		{1, codes.Unavailable, ""},
		{1, codes.Unauthenticated, "INVALID_CREDENTIALS"},
		{1, codes.Unauthenticated, "INVALID_CREDENTIALS"},
		{1, codes.Unauthenticated, "OTHER"},
		// In turns, as with two servers behind one address.
		{1, codes.Unavailable, ""},
		{1, codes.Unauthenticated, "INVALID_CREDENTIALS"},
	} {
		now = now.Add(each.after)
		err := failed(each.code, watching, "told")
		err.Reason = each.reason
		warn(err, time.Second)
	}
	if lines := told.lines(); len(lines) != 4 {
		t.Fatal(strings.Join(lines, "\n"))
	}
}
