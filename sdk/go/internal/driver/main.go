// Driver plays the scenarios of test/sdk for the SDK in Go: test/sdk/README.md has its protocol.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"sync"
)

type request struct {
	ID int64  `json:"id"`
	Op string `json:"op"`

	Address      string `json:"address"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Roots        string `json:"root_certificates"`
	Plaintext    *bool  `json:"plaintext"`
	TimeoutMS    *int64 `json:"timeout_ms"`
	MaxEntries   *int   `json:"max_entries"`

	Token        string  `json:"token"`
	Times        int     `json:"times"`
	Request      int64   `json:"request"`
	WallMS       float64 `json:"wall_ms"`
	MonotonicMS  float64 `json:"monotonic_ms"`
	Username     *string `json:"username"`
	Password     string  `json:"password"`
	RefreshToken string  `json:"refresh_token"`

	What    string   `json:"what"`
	Tokens  []string `json:"tokens"`
	Seconds float64  `json:"seconds"`

	UserID     string `json:"user_id"`
	DeviceID   string `json:"device_id"`
	DeviceType string `json:"device_type"`
	Permission string `json:"permission"`

	// line is the whole of it.
	line []byte
	// shown is of a sign-in that shows something.
	shown *shown
}

type answer map[string]any

func main() {
	d := &driver{under: map[int64]context.CancelFunc{}, givenUp: map[int64]bool{}, logins: newLogins()}
	d.resetClock()
	var writing sync.Mutex
	output := json.NewEncoder(os.Stdout)
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			os.Exit(0) // Also where a verifier is open, or a call is under way.
		}
		asked := request{line: line}
		if err := json.Unmarshal(line, &asked); err != nil {
			panic(err)
		}
		// In the order in which they came, so that who asks what is shown asks the last one.
		asked.shown = d.logins.announce(asked)
		go func() {
			told := d.serve(asked)
			told["id"] = asked.ID
			writing.Lock()
			defer writing.Unlock()
			if err := output.Encode(told); err != nil {
				panic(err)
			}
		}()
	}
}
