// Package testserver runs the server of this checkout, for tests.
package testserver

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Demo is demo.json, what a server with --demo has.
type Demo struct {
	GRPC     string `json:"grpc"`
	HTTP     string `json:"http"`
	TenantID string `json:"tenant_id"`
	Admin    Client `json:"admin"`
	Service  Client `json:"service"`
	User     struct {
		ID        string `json:"id"`
		LoginName string `json:"login_name"`
		Password  string `json:"password"`
	} `json:"user"`
}

// Client is one of the demo tenant.
type Client struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

// Server is one that runs until its test ends.
type Server struct {
	Demo    Demo
	DataDir string
	command *exec.Cmd
	address string
	args    []string
}

// patience is how long a busy machine may take.
const patience = 2 * time.Minute

// Start runs a server with the demo tenant until the test ends. It skips the test where the checkout has no node_modules, except in CI.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	s := &Server{DataDir: filepath.Join(t.TempDir(), "data"), address: "127.0.0.1:0", args: args}
	s.Run(t)
	t.Cleanup(s.Kill)
	return s
}

// Run starts it, or starts it again on its port after Kill.
func (s *Server) Run(t testing.TB) {
	t.Helper()
	root := Root()
	node := filepath.Join(root, "node_modules", ".bin", "node")
	if _, err := os.Stat(node); err != nil {
		if os.Getenv("SYMBOLON_CI") == "1" {
			t.Fatalf("run npm ci in %s first: %v", root, err)
		}
		t.Skipf("the server needs node_modules: run npm ci in %s", root)
	}
	args := append([]string{
		filepath.Join(root, "bin", "symbolon.js"), "serve", "--demo", "--data-dir", s.DataDir, "--workers", "1",
		"--grpc-address", s.address, "--http-address", "127.0.0.1:0", "--argon2-memory-kib", "8", "--argon2-passes", "1",
		"--log-level", "warn", "--metrics-address", "off",
	}, s.args...)
	s.command = exec.Command(node, args...)
	s.command.Dir, s.command.Stderr = root, os.Stderr
	output, err := s.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "symbolon ready") {
				ready <- true
			}
		}
		ready <- false
	}()
	select {
	case ok := <-ready:
		if !ok {
			t.Fatal("the server ended before it was ready")
		}
	case <-time.After(patience):
		t.Fatal("the server is not ready")
	}
	bytes, err := os.ReadFile(filepath.Join(s.DataDir, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(bytes, &s.Demo); err != nil {
		t.Fatal(err)
	}
	s.address = s.Demo.GRPC
}

// Kill ends it at once.
func (s *Server) Kill() {
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
}

// Signal stops it as a debugger would, or lets it go on.
func (s *Server) Signal(signal os.Signal) {
	_ = s.command.Process.Signal(signal)
}

// Root is the folder of the checkout.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "..")
}

// Eventually waits for a condition, and never for a time.
func Eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
	}
}
