package model

import (
	"time"

	"symbolon.internal/sdk/go/internal/core"
)

// token has what ended it. Times are real, and negative where it was not.
type token struct {
	text      string
	ids       core.IDs
	expiresAt time.Duration
	// endedRevision is what ended it, and endedAt when that could be answered.
	endedRevision uint64
	endedAt       time.Duration
	// promisedAt is when all that wait for its end were told that no check says active any more.
	promisedAt time.Duration
	// replacedAt is when a refresh replaced it, which is not an event.
	replacedAt time.Duration
}

const never = -1

// target is what an event of this kind that is named after the token looks like to a verifier.
func (t *token) target(kind core.TargetKind) core.Target {
	switch kind {
	case core.FamilyTarget:
		return core.Target{Kind: kind, Family: t.ids.Family}
	case core.SubjectTarget:
		return core.Target{Kind: kind, Subject: t.ids.Subject}
	case core.ClientTarget:
		return core.Target{Kind: kind, Client: t.ids.Client}
	case core.ConsentTarget:
		return core.Target{Kind: kind, Subject: t.ids.Subject, Client: t.ids.Client}
	default:
		return core.Target{Kind: kind}
	}
}

// isHit tells whether that event ends another token too.
func (t *token) isHit(kind core.TargetKind, other *token) bool {
	switch kind {
	case core.TenantTarget:
		return true
	case core.UnknownTarget:
		return t == other
	default:
		return t.target(kind) == other.target(kind)
	}
}

// limits are those of a verifier; rate is that of its clock: on a slow one, B takes longer.
type limits struct {
	bound, age time.Duration
	rate       float64
}

func (l limits) longest(span time.Duration) time.Duration {
	return time.Duration(float64(span) * max(1, 1/l.rate))
}

// mustBeDenied tells whether no check that begins now may say active.
func (t *token) mustBeDenied(now time.Duration, l limits) bool {
	return t.promisedAt != never ||
		(t.endedAt != never && now > t.endedAt+l.longest(l.bound)) ||
		(t.replacedAt != never && now > t.replacedAt+l.longest(l.age)) ||
		// What is left of a token is counted from the call's sending, by this clock.
		now > t.expiresAt+l.longest(l.age)-l.age
}
