package model

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// change replaces a text of a file of the core, which must be there once.
type change struct{ file, from, to string }

const lockedLater = `later.Do(func() { s.mu.Lock(); defer s.mu.Unlock(); `

// mutants are what looks right and is not: docs/verifier.md tells each.
var mutants = map[string][]change{
	"freshness from the receipt of an answer": {
		{"state.go", "s.fresh.Store(each)", "s.fresh.Store(&beat{each.number, s.clock.Now()})"},
	},
	"the time of a heartbeat is taken when it leaves the stack": {
		{"state.go", "	if len(s.beats) > maxBeats {", "	given := s.beats[len(s.beats)-1]\n	" + lockedLater + "given.sent = s.clock.Now() })\n	if len(s.beats) > maxBeats {"},
	},
	"an answer is kept without a look at what ended since": {
		{"state.go", " || s.killed.kills(answer.IDs, answer.Revision)", ""},
	},
	"neither floor nor generation after beginning afresh": {
		{"killed.go", "	k.clear()\n	k.floor = revision", "	k.clear()"},
		{"state.go", "sending.generation != s.generation || ", ""},
	},
	"what is forgotten of events does not raise the floor": {
		{"killed.go", "	k.floor = max(k.floor, oldest.revision)\n", ""},
	},
	"beginning afresh keeps the entries": {
		{"state.go", "		s.entries.clear()\n		s.killed.afresh", "		s.killed.afresh"},
	},
	"freshness before the events of its message": {
		{"state.go", "			s.apply(event)\n", "			" + lockedLater + "s.apply(event) })\n"},
	},
	"events are not counted": {
		{"state.go", " || uint64(len(message.Events)) != message.Revision-message.Previous", ""},
	},
	"an event that is not known is passed over": {
		{"state.go", "	default:\n		s.entries.clear()", "	case UnknownTarget:\n		return\n	default:\n		s.entries.clear()"},
	},
	"consent ends nothing that is kept": {
		{"state.go", "if each.ids.Client == target.Client {", "if false {"},
	},
	"joining a call that was sent earlier": {
		{"asks.go", "	a.tokens, a.unsent = nil, map[string]*Ask[C]{}\n", "	a.tokens = nil\n"},
		{"asks.go", "	for index, ask := range batch.asks {\n", "	for index, ask := range batch.asks {\n		delete(a.unsent, batch.Tokens[index])\n"},
		{"asks.go", "	var batches []*Batch[C]", "	unsent = maps.Clone(unsent)\n	var batches []*Batch[C]"},
		{"asks.go", `	"fmt"`, "	\"fmt\"\n	\"maps\""},
	},
	"the look at what ended and the keeping are two steps": {
		{"state.go", "	s.entries.put(&entry[C]{", "	kept := &entry[C]{"},
		{"state.go", "life: int64(min(answer.TTL, s.limits.Age)),\n	})", "life: int64(min(answer.TTL, s.limits.Age)),\n	}\n	" + lockedLater + "s.entries.put(kept) })"},
	},
	"the entry before freshness": {
		{"state.go", "// Sending is taken when", `func (s *State[C]) FindStepwise(token string, done func(C, bool)) {
	var none C
	kept := s.entries.get(token)
	if kept == nil {
		done(none, false)
		return
	}
	later.Do(func() { done(kept.caller, s.IsOpen()) })
}

// Sending is taken when`},
	},
	"the acknowledgement before the purge": {
		{"state.go", "	closed     bool", "	closed     bool\n	early      uint64"},
		{"state.go", "	return *s.known\n", "	return max(*s.known, s.early)\n"},
		{"state.go", "	if stream != s.stream {\n		return Old\n	}\n", `	if stream != s.stream {
		return Old
	}
	if !message.Afresh && s.continues(message) && len(message.Events) > 0 && s.early < message.Revision {
		s.early = message.Revision
		later.Do(func() { s.Receive(stream, message) })
		return Applied
	}
`},
	},
	"no look at the clock on the wall": {
		{"moments.go", " && passed >= 0 && passed < span", ""},
		{"moments.go", "	passed := now.Wall - since.Wall\n", ""},
	},
	"what is left of a token counts from the receipt of the answer": {
		{"state.go", "sent: sending.sent, life", "sent: s.clock.Now(), life"},
	},
	"what is left of a token is not looked at": {
		{"state.go", "min(answer.TTL, s.limits.Age)", "s.limits.Age"},
	},
	"entries have no greatest age": {
		{"state.go", "min(answer.TTL, s.limits.Age)", "answer.TTL"},
	},
}

// Each is a build of the tests with the changed files in the place of the core's, and must fail in the same runs.
func TestMutants(t *testing.T) {
	t.Parallel()
	for name, changes := range mutants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			overlay := filepath.Join(t.TempDir(), "overlay.json")
			bytes, err := json.Marshal(map[string]any{"Replace": changed(t, changes)})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(overlay, bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			command := exec.Command("go", "test", "-vet=off", "-overlay", overlay, "-run", "^TestNeverSaysActiveWhenItMustNot$", ".")
			output, err := command.CombinedOutput()
			if err == nil || !strings.Contains(string(output), "says active") {
				t.Fatalf("nobody finds it out: %v\n%s", err, output)
			}
		})
	}
}

// changed writes the files with their changes elsewhere, and answers where.
func changed(t *testing.T, changes []change) map[string]string {
	t.Helper()
	places := map[string]string{}
	for _, each := range changes {
		original, err := filepath.Abs(filepath.Join("..", each.file))
		if err != nil {
			t.Fatal(err)
		}
		place, ok := places[original]
		if !ok {
			place = filepath.Join(t.TempDir(), each.file)
			places[original] = place
			copyFile(t, original, place)
		}
		text := read(t, place)
		if strings.Count(text, each.from) != 1 {
			t.Fatalf("%s has %q %d times. Write the mutant anew", each.file, each.from, strings.Count(text, each.from))
		}
		text = strings.Replace(text, each.from, each.to, 1)
		if strings.Contains(text, "later.Do") && !strings.Contains(text, "/later\"") {
			text = strings.Replace(text, "import (", "import (\n\t\"symbolon.internal/sdk/go/internal/core/model/later\"", 1)
		}
		write(t, place, text)
	}
	return places
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	write(t, to, read(t, from))
}

func read(t *testing.T, path string) string {
	t.Helper()
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
