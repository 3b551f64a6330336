package login

// EventKind is what happened.
type EventKind string

// The kinds that there are.
const (
	SignedInEvent    EventKind = "signed_in"
	RefreshedEvent   EventKind = "refreshed"
	SignedOutEvent   EventKind = "signed_out"
	StoreFailedEvent EventKind = "store_failed"
)

// Reason is why somebody is signed out.
type Reason string

// The reasons that there are.
const (
	SignedOut       Reason = "signed_out"
	PasswordChanged Reason = "password_changed"
	Disabled        Reason = "disabled"
	Deleted         Reason = "deleted"
	Revoked         Reason = "revoked"
	Expired         Reason = "expired"
	Replaced        Reason = "replaced"
)

// reasonOf is of the endedBy of an error. What is newer than this package is as if it was revoked.
func reasonOf(endedBy string) Reason {
	switch endedBy {
	case "PASSWORD_CHANGED":
		return PasswordChanged
	case "DISABLED":
		return Disabled
	case "DELETED":
		return Deleted
	case "EXPIRED":
		return Expired
	default:
		return Revoked
	}
}

// Event is told once. It holds no token.
type Event struct {
	Kind EventKind
	// Reason is of one that is signed out.
	Reason Reason
	// Err is of a store that failed.
	Err error
}

// happened is called with the lock held.
func (k *Keeper) happened(event Event) {
	if k.world.OnEvent != nil {
		k.events = append(k.events, event)
	}
}

// tell tells what happened, without the lock held. One goroutine at a time does, so that events come in their order. What a listener
// does in it that makes another event, it is told of afterwards.
func (k *Keeper) tell() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.isTelling {
		return
	}
	k.isTelling = true
	for len(k.events) > 0 {
		next := k.events[0]
		k.events = k.events[1:]
		k.mu.Unlock()
		k.call(next)
		k.mu.Lock()
	}
	k.isTelling = false
}

// call passes over what a listener throws: it must not end a refresh, or the app.
func (k *Keeper) call(event Event) {
	defer func() { _ = recover() }()
	k.world.OnEvent(event)
}
