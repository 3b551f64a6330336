// Package core has the rules of a verifier, without I/O: clock and randomness come in as arguments.
package core

import "time"

// IDs is what a token, or an answer of Check, can be ended by.
type IDs struct {
	Family, Subject, Client string
	// User is by whose right something is allowed, and Device the one that was asked about. Of answers of Check alone; each may be empty.
	User, Device string
}

// Question is one of Check: what the bearer of a token may do. Without User and Device it is about what the token stands for.
type Question struct {
	Token                    string
	Permission               string
	User, Device, DeviceType string
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

// Answer is what the server says of one token, or of one question.
type Answer[V any] struct {
	// Revision is what it was read at.
	Revision uint64
	// Live tells whether the token is live; of a question, whether it is allowed. Nothing else is kept.
	Live  bool
	IDs   IDs
	Value V
	TTL   time.Duration
}
