package symbolon_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

// A proxy that the environment names gets nothing that is meant for this machine. Go reads the environment once in the life of a process,
// so that the calls are made by another one.
func TestProxies(t *testing.T) {
	t.Parallel()
	heard := make(chan string, 1_000)
	proxy := newPeer(t, func(conn net.Conn) {
		line, _ := bufio.NewReader(conn).ReadString('\n')
		heard <- strings.TrimSpace(line)
	})
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	isProxy := func(each string) bool { return strings.Contains(strings.ToLower(each), "_proxy") }
	environment := slices.DeleteFunc(os.Environ(), isProxy)
	for _, names := range [][]string{{"https_proxy"}, {"HTTPS_PROXY"}, {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "grpc_proxy"}} {
		run := exec.Command(self, "-test.run=^TestBehindProxy$", "-test.v")
		run.Env = append(slices.Clone(environment), "SYMBOLON_TEST_BEHIND_PROXY=1")
		for _, name := range names {
			run.Env = append(run.Env, name+"=http://"+proxy.address)
		}
		if output, err := run.CombinedOutput(); err != nil || !strings.Contains(string(output), "--- PASS: TestBehindProxy") {
			t.Errorf("%s: %v\n%s", names, err, output)
		}
		last, err := net.Dial("tcp", proxy.address)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(last, "last")
		var lines []string
		for line := ""; line != "last"; lines = append(lines, line) {
			line = <-heard
		}
		testserver.Eventually(t, "no connection", func() bool { return proxy.open.Load() == 0 })
		for len(heard) > 0 {
			lines = append(lines, <-heard)
		}
		_ = last.Close()
		// For what is not of this machine it is used, so that it is seen to be one.
		isElsewhere := func(line string) bool { return strings.HasPrefix(line, "CONNECT tokens.invalid:1 ") }
		isUsed := strings.EqualFold(names[0], "https_proxy")
		others := slices.DeleteFunc(slices.Clone(lines), isElsewhere)
		if len(others) != 1 || isUsed != (len(lines) > 1) {
			t.Errorf("%s: the proxy got %q", names, lines)
		}
	}
}

func TestBehindProxy(t *testing.T) {
	if os.Getenv("SYMBOLON_TEST_BEHIND_PROXY") == "" {
		t.Skip("is run by TestProxies")
	}
	fake := &scripted{revoke: func(context.Context) (*symbolonv1.RevokeResponse, error) {
		return &symbolonv1.RevokeResponse{}, nil
	}}
	fake.start(t)
	_, port, err := net.SplitHostPort(fake.address)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "socket")
	addresses := []string{
		"localhost:" + port, "127.0.0.1:" + port, "[::ffff:127.0.0.1]:" + port, "dns:localhost:" + port, "dns:///127.0.0.1:" + port,
		"passthrough:///localhost:" + port, "unix:" + path,
	}
	serveAt(t, fake, path)
	if runtime.GOOS == "linux" {
		name := fmt.Sprint("symbolon-test-", os.Getpid())
		serveAt(t, fake, "@"+name)
		addresses = append(addresses, "unix-abstract:"+name)
	}
	ctx := context.Background()
	for _, address := range addresses {
		if _, err := newClient(t, address).Tokens.Revoke(ctx, &symbolonv1.RevokeRequest{}); err != nil {
			t.Error(address, err)
		}
		verifier, _ := watched(t, address)
		if _, live, err := verifier.Check(ctx, "token"); !live || err != nil {
			t.Error(address, live, err)
		}
		// With TLS too: at the proxy, localhost is another machine.
		secure := newClient(t, address, symbolon.WithPlaintext(false))
		if _, err := secure.Tokens.Revoke(ctx, &symbolonv1.RevokeRequest{}); err == nil {
			t.Error(address, "took plaintext for TLS")
		}
	}
	elsewhere := newClient(t, "tokens.invalid:1", symbolon.WithTimeout(time.Second))
	if _, err := elsewhere.Tokens.Revoke(ctx, &symbolonv1.RevokeRequest{}); err == nil {
		t.Error("there is no such server")
	}
}

// serveAt serves it at a socket of Unix too.
func serveAt(t testing.TB, fake *scripted, path string) {
	t.Helper()
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	symbolonv1.RegisterTokenServiceServer(server, fake)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
}
