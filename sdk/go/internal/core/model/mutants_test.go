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
		{"state.go", "		s.clear()\n		s.killed.afresh", "		s.killed.afresh"},
	},
	"freshness before the events of its message": {
		{"state.go", "			s.apply(event)\n", "			" + lockedLater + "s.apply(event) })\n"},
	},
	"events are not counted": {
		{"state.go", " || uint64(len(message.Events)) != message.Revision-message.Previous", ""},
	},
	"an event that is not known is passed over": {
		{"state.go", "	default:\n		s.clear()", "	case UnknownTarget:\n		return\n	default:\n		s.clear()"},
	},
	"consent ends nothing that is kept": {
		{"entries.go", "return each.ids.Client != target.Client", "return true"},
	},
	"joining a call that was sent earlier": {
		{"asks.go", "	a.questions, a.unsent = nil, map[Q]*Ask[V]{}\n", "	a.questions = nil\n"},
		{"asks.go", "	for index, ask := range batch.asks {\n", "	for index, ask := range batch.asks {\n		delete(a.unsent, batch.Questions[index])\n"},
		{"asks.go", "	var batches []*Batch[Q, V]", "	unsent = maps.Clone(unsent)\n	var batches []*Batch[Q, V]"},
		{"asks.go", `	"fmt"`, "	\"fmt\"\n	\"maps\""},
	},
	"the look at what ended and the keeping are two steps": {
		{"state.go", "	kept.put(&entry[K, V]{", "	added := &entry[K, V]{"},
		{"state.go", "life: int64(min(answer.TTL, age)),\n	})", "life: int64(min(answer.TTL, age)),\n	}\n	" + lockedLater + "kept.put(added) })"},
	},
	"the entry before freshness": {
		{"state.go", "// Sending is taken when", `func (s *State[C, R]) FindStepwise(token string, done func(C, bool)) {
	var none C
	kept := s.entries.get(token)
	if kept == nil {
		done(none, false)
		return
	}
	later.Do(func() { done(kept.value, s.IsOpen()) })
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
		{"state.go", "min(answer.TTL, age)", "age"},
	},
	"entries have no greatest age": {
		{"state.go", "min(answer.TTL, age)", "answer.TTL"},
	},
}

// mutantsOfRights are found by the tests of the core itself: of answers of Check each rule is seen alone there.
var mutantsOfRights = map[string][]change{
	"an answer of Check is kept as long as a token": {
		{"state.go", "answer, s.limits.RightAge)", "answer, s.limits.Age)"},
	},
	"an event of the user leaves what is allowed by its right": {
		{"entries.go", "		e.kill(e.of(byUser, target.Subject), event.Revision)\n", ""},
	},
	"an event of a device leaves what was allowed with it": {
		{"entries.go", "		e.kill(e.of(byDevice, target.Subject), event.Revision)\n", ""},
	},
	"a consent withdrawn leaves what is allowed by its user's right": {
		{"entries.go", "		e.kill(e.consented(byUser, target), event.Revision)\n", ""},
	},
	"what is allowed is kept without a look at events of its user": {
		{"killed.go", "k.killsSubject(ids.User, revision) || ", ""},
	},
	"what is allowed is kept without a look at events of its device": {
		{"killed.go", " || k.killsSubject(ids.Device, revision)", ""},
	},
	"what is allowed is kept without a look at consents of its user": {
		{"killed.go", " || k.killsConsent(ids.User, ids.Client, revision)", ""},
	},
	"what is allowed outlives the loss of the log": {
		{"state.go", "	s.rights.clear()\n", ""},
	},
	"a denial takes nothing out": {
		{"state.go", "		kept.remove(kept.get(key))\n", ""},
	},
	"a denial is kept": {
		{"state.go", "	if !answer.Live {", "	if answer.IDs == (IDs{}) {"},
	},
}

// Each is a build of the tests with the changed files in the place of the core's, and must fail in the same runs.
func TestMutants(t *testing.T) {
	t.Parallel()
	for name, changes := range mutants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mustFail(t, changes, "^TestNeverSaysActiveWhenItMustNot$", ".", "says active")
		})
	}
	for name, changes := range mutantsOfRights {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mustFail(t, changes, "Rights|Denials", "..", "rights_test.go")
		})
	}
}

func mustFail(t *testing.T, changes []change, tests, of, told string) {
	t.Helper()
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	bytes, err := json.Marshal(map[string]any{"Replace": changed(t, changes)})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("go", "test", "-vet=off", "-overlay", overlay, "-run", tests, of)
	output, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(output), told) {
		t.Fatalf("nobody finds it out: %v\n%s", err, output)
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
