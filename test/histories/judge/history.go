package main

import "fmt"

// operation is one call of one client about one family.
type operation struct {
	Client int `json:"client"`
	Family int `json:"family"`
	// Call and Return are readings of the one clock of all clients. A call whose outcome is unknown has no Return.
	Call   int64   `json:"call"`
	Return *int64  `json:"return"`
	Input  input   `json:"input"`
	Output *output `json:"output"`
}

// input is what was asked.
type input struct {
	Kind string `json:"kind"`
	// Pair and Generation are of the token that was presented. A pair is named by a number: two answers have the same number when
	// they agree in both tokens and in all ids.
	Pair       int `json:"pair"`
	Generation int `json:"generation"`
	// Note is for those who look at it.
	Note string `json:"note"`
}

// output is what was answered.
type output struct {
	Kind       string `json:"kind"`
	Pair       int    `json:"pair"`
	Generation int    `json:"generation"`
	// Revision is the tenant's, where the answer tells it.
	Revision *int64 `json:"revision"`
	// Error is an answer that no operation may get.
	Error string `json:"error"`
}

func (in input) String() string {
	switch in.Kind {
	case "introspect", "refresh":
		return fmt.Sprintf("%s(pair %d of generation %d)", in.Kind, in.Pair, in.Generation)
	case "revoke":
		return fmt.Sprintf("revoke(%s)", in.Note)
	default:
		return in.Kind
	}
}

func (out *output) String() string {
	if out == nil {
		return "unknown"
	}
	switch out.Kind {
	case "pair":
		return fmt.Sprintf("pair %d of generation %d", out.Pair, out.Generation)
	case "active":
		return fmt.Sprintf("active, generation %d", out.Generation)
	case "failed":
		return out.Error
	default:
		return out.Kind
	}
}
