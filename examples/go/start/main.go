// Start runs all that the example is made of, and ends it. A service of your own needs nothing of this.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
)

// It is run in examples/go.
const root = "../.."

type client struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

type demo struct {
	GRPC           string `json:"grpc"`
	Admin, Service client
	User           struct {
		LoginName string `json:"login_name"`
		Password  string `json:"password"`
	}
}

func main() {
	log.SetFlags(0)
	what := ""
	if len(os.Args) > 1 {
		what = os.Args[1]
	}
	if err := run(what); err != nil {
		log.Fatal(err)
	}
}

func run(what string) error {
	directory, err := os.MkdirTemp("", "symbolon-example-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	build := exec.Command("go", "build", "-o", directory, "./orders", "./shop", "./caller", "./app", "./device")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var started []*exec.Cmd
	defer func() {
		cancel()
		for _, each := range started {
			_ = each.Wait()
		}
	}()
	start := func(prefix string, environment []string, name string, args ...string) (string, error) {
		command := exec.CommandContext(ctx, name, args...)
		line, err := startUntil(command, prefix, environment)
		if err == nil {
			started = append(started, command)
		}
		return line, err
	}

	data := filepath.Join(directory, "data")
	_, err = start("symbolon ready", nil, filepath.Join(root, "node_modules", ".bin", "node"), filepath.Join(root, "bin", "symbolon.js"), "serve",
		"--demo", "--data-dir", data, "--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0", "--metrics-address", "off", "--log-level", "warn")
	if err != nil {
		return err
	}
	var made demo
	bytes, err := os.ReadFile(filepath.Join(data, "demo.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(bytes, &made); err != nil {
		return err
	}
	reader, err := makeReader(ctx, made, what == "")
	if err != nil {
		return err
	}
	orders, err := start("ready ", made.environment(made.Service), filepath.Join(directory, "orders"))
	if err != nil {
		return err
	}
	shop, err := start("ready ", made.environment(made.Service), filepath.Join(directory, "shop"))
	if err != nil {
		return err
	}
	environment := append(made.environment(reader), "ORDERS="+orders, "SHOP="+shop)
	play := func(name string, environment []string, args ...string) error {
		program := exec.Command(filepath.Join(directory, name), args...)
		program.Env = append(os.Environ(), environment...)
		program.Stdout, program.Stderr = os.Stdout, os.Stdout
		return program.Run()
	}
	switch what {
	case "":
		return play("caller", environment)
	case "app":
		return playApp(play, append(environment, "STORE="+filepath.Join(directory, "login.json")), made)
	case "device":
		return playDevice(play, environment)
	default:
		return fmt.Errorf("there is no %q", what)
	}
}

// startUntil runs a program until a line of it begins so; answers the rest of the line.
func startUntil(command *exec.Cmd, prefix string, environment []string) (string, error) {
	command.Env, command.Stderr = append(os.Environ(), environment...), os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := command.Start(); err != nil {
		return "", err
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), prefix); ok {
			go func() {
				for lines.Scan() { // Nobody needs the rest, and it must not wait for being read.
				}
			}()
			return rest, nil
		}
	}
	return "", fmt.Errorf("%s ended before it was ready: %w", command.Path, command.Wait())
}

// makeReader makes the client that calls the services: one that has a secret, or that of an app which people install.
func makeReader(ctx context.Context, made demo, isConfidential bool) (client, error) {
	admin, err := symbolon.NewClient(made.GRPC, made.Admin.ClientID, made.Admin.ClientSecret)
	if err != nil {
		return client{}, err
	}
	defer admin.Close()
	response, err := admin.Clients.CreateClient(ctx, &symbolonv1.CreateClientRequest{
		ClientId: "demo.reader", Confidential: isConfidential, Scopes: []string{"read"},
	})
	if err != nil {
		return client{}, err
	}
	return client{"demo.reader", response.GetClientSecret()}, nil
}

// environment is what a service of this client is told.
func (d demo) environment(of client) []string {
	return []string{"SYMBOLON_ADDRESS=" + d.GRPC, "CLIENT_ID=" + of.ClientID, "CLIENT_SECRET=" + of.ClientSecret}
}
