// Command judge reads a history of calls from its standard input and tells of each family whether there is an order of its calls that
// explains all answers: one that the model of a family allows, and in which no call comes before one that had ended when it began.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"time"

	"github.com/anishathalye/porcupine"
)

type verdict struct {
	Family     int `json:"family"`
	Operations int `json:"operations"`
	// Result is "Ok", "Illegal", or "Unknown" when the time was over first.
	Result string `json:"result"`
	// Page shows an illegal history in a browser.
	Page string `json:"page,omitempty"`
}

type judgement struct {
	Families  []verdict `json:"families"`
	Revisions []string  `json:"revisions"`
}

func main() {
	pages := flag.String("pages", "", "the directory for pages that show illegal histories; empty: none are written")
	timeout := flag.Duration("timeout", 20*time.Second, "how long one family may take")
	flag.Parse()
	if err := run(*pages, *timeout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(pages string, timeout time.Duration) error {
	var history []operation
	if err := json.NewDecoder(os.Stdin).Decode(&history); err != nil {
		return fmt.Errorf("standard input must be a JSON array of operations: %w", err)
	}
	families := map[int][]porcupine.Operation{}
	end := endOf(history)
	for _, op := range history {
		families[op.Family] = append(families[op.Family], ofPorcupine(op, end))
	}
	found := judgement{Families: []verdict{}, Revisions: append([]string{}, revisionFaults(history)...)}
	for family, operations := range families {
		verdict, err := judge(family, operations, pages, timeout)
		if err != nil {
			return err
		}
		found.Families = append(found.Families, verdict)
	}
	sort.Slice(found.Families, func(i, j int) bool { return found.Families[i].Family < found.Families[j].Family })
	return json.NewEncoder(os.Stdout).Encode(found)
}

// endOf answers a time after all calls.
func endOf(history []operation) int64 {
	end := int64(0)
	for _, op := range history {
		if op.Call > end {
			end = op.Call
		}
		if op.Return != nil && *op.Return > end {
			end = *op.Return
		}
	}
	return end + 1
}

// ofPorcupine: a call whose outcome is unknown may be executed at any time until the end of all.
func ofPorcupine(op operation, end int64) porcupine.Operation {
	if op.Return != nil && op.Output != nil {
		end = *op.Return
	}
	return porcupine.Operation{ClientId: op.Client, Input: op.Input, Call: op.Call, Output: op.Output, Return: end}
}

func judge(family int, operations []porcupine.Operation, pages string, timeout time.Duration) (verdict, error) {
	model := familyModel()
	result := porcupine.CheckOperationsTimeout(model, operations, timeout)
	judged := verdict{Family: family, Operations: len(operations), Result: string(result)}
	if result != porcupine.Illegal || pages == "" {
		return judged, nil
	}
	_, info := porcupine.CheckOperationsVerbose(model, operations, timeout)
	judged.Page = filepath.Join(pages, fmt.Sprintf("family-%d.html", family))
	return judged, porcupine.VisualizePath(model, info, judged.Page)
}
