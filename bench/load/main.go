// Calls one method over and over, and counts: reads a plan from standard input, carries it out, and prints a result. plan.ts has both.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
)

type plan struct {
	Protocol      string   `json:"protocol"`
	Address       string   `json:"address"`
	Path          string   `json:"path"`
	Authorization string   `json:"authorization"`
	ContentType   string   `json:"contentType"`
	Messages      [][]byte `json:"messages"`
	Order         string   `json:"order"`
	Connections   int      `json:"connections"`
	Streams       int      `json:"streams"`
	Rate          float64  `json:"rate"`
	WarmupSeconds float64  `json:"warmupSeconds"`
	Seconds       float64  `json:"seconds"`
	AnswerStart   string   `json:"answerStart"`
	KeepAnswers   bool     `json:"keepAnswers"`
	ServerPID     int      `json:"serverPid"`
	StorePID      int      `json:"storePid"`
}

func main() {
	var p plan
	if err := json.NewDecoder(os.Stdin).Decode(&p); err != nil {
		fail(fmt.Errorf("the plan can't be read: %w", err))
	}
	if err := requireLoopback(p.Address); err != nil {
		fail(err)
	}
	result, err := carryOut(&p)
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fail(err)
	}
}

// A load is a flood: it is for a server of one's own.
func requireLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("the load goes to addresses of this machine alone, such as 127.0.0.1:50051, and not to %s", address)
	}
	return nil
}

func fail(err error) {
	fmt.Fprintf(os.Stderr, "load: %v\n", err)
	os.Exit(1)
}
