// Package core has the rules of a verifier, without I/O: clock and randomness come in as arguments.
package core

import "time"

// IDs is what a token can be ended by.
type IDs struct {
	Family, Subject, Client string
}

// TargetKind is what an event ends.
type TargetKind int

const (
	// UnknownTarget is newer than these stubs: everything may have ended.
	UnknownTarget TargetKind = iota
	FamilyTarget
	SubjectTarget
	ClientTarget
	// ConsentTarget is a pair of subject and client.
	ConsentTarget
	TenantTarget
)

// Target names what an event ended. The fields that its kind has no use for are empty.
type Target struct {
	Kind                    TargetKind
	Family, Subject, Client string
}

// Event ended what Target names.
type Event struct {
	Revision uint64
	Target   Target
}

// Message is one response of the stream. It is applied as a whole.
type Message struct {
	Previous uint64
	// Events are those of (Previous, Revision], in order.
	Events   []Event
	Revision uint64
	// Heartbeat is the newest that had arrived before Revision was begun to be read. 0: none.
	Heartbeat uint64
	Afresh    bool
	// LongestBound is the longest that the server lets a verifier be open. Nil: not said.
	LongestBound *time.Duration
}

// Answer is what the server says of one token.
type Answer[C any] struct {
	// Revision is what it was read at.
	Revision uint64
	Live     bool
	IDs      IDs
	Caller   C
	TTL      time.Duration
}
