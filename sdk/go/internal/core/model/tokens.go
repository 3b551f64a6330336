package model

import (
	"time"

	"symbolon.internal/sdk/go/internal/core"
)

// token has what ended it. Times are real, and negative where it was not.
type token struct {
	text string
	// isRight: it is what Check allows with a token, which is ended by what ends that and by more.
	isRight   bool
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

func (t *token) question() core.Question {
	return core.Question{Token: t.text, Permission: "READ_DEVICE", Device: t.ids.Device}
}

// target is what an event of this kind that is named after the token looks like to a verifier. choice: after which of its ids.
func (t *token) target(kind core.TargetKind, choice int) core.Target {
	subjects := []string{t.ids.Subject}
	if t.isRight {
		subjects = append(subjects, t.ids.User, t.ids.Device)
	}
	switch kind {
	case core.FamilyTarget:
		return core.Target{Kind: kind, Family: t.ids.Family}
	case core.SubjectTarget:
		return core.Target{Kind: kind, Subject: subjects[choice%len(subjects)]}
	case core.ClientTarget:
		return core.Target{Kind: kind, Client: t.ids.Client}
	case core.ConsentTarget:
		return core.Target{Kind: kind, Subject: subjects[choice%min(2, len(subjects))], Client: t.ids.Client}
	default:
		return core.Target{Kind: kind}
	}
}

// isHit tells whether an event ends it that was named after another token.
func (t *token) isHit(target core.Target, named *token) bool {
	isUser := target.Subject == t.ids.Subject || (t.isRight && target.Subject == t.ids.User)
	switch target.Kind {
	case core.FamilyTarget:
		return target.Family == t.ids.Family
	case core.SubjectTarget:
		return isUser || (t.isRight && target.Subject == t.ids.Device)
	case core.ClientTarget:
		return target.Client == t.ids.Client
	case core.ConsentTarget:
		return isUser && target.Client == t.ids.Client
	case core.TenantTarget:
		return true
	default:
		return t == named
	}
}

// limits are those of a verifier; rate is that of its clock: on a slow one, B takes longer.
type limits struct {
	bound, age, rightAge time.Duration
	rate                 float64
}

func (l limits) ageOf(t *token) time.Duration {
	if t.isRight {
		return l.rightAge
	}
	return l.age
}

func (l limits) longest(span time.Duration) time.Duration {
	return time.Duration(float64(span) * max(1, 1/l.rate))
}

// mustBeDenied tells whether no check that begins now may say active.
func (t *token) mustBeDenied(now time.Duration, l limits) bool {
	return t.promisedAt != never ||
		(t.endedAt != never && now > t.endedAt+l.longest(l.bound)) ||
		(t.replacedAt != never && now > t.replacedAt+l.longest(l.ageOf(t))) ||
		// What is left of a token is counted from the call's sending, by this clock.
		now > t.expiresAt+l.longest(l.ageOf(t))-l.ageOf(t)
}
