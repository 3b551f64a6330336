package core

import "container/list"

// killed is what events have ended lately: an answer that was read before one of them may still be on its way.
type killed struct {
	max int
	// byTarget has the elements of order, which are dead, the one with the oldest revision first.
	byTarget map[Target]*list.Element
	order    *list.List
	floor    uint64
}

type dead struct {
	target   Target
	revision uint64
}

func newKilled(max int) *killed {
	return &killed{max: max, byTarget: map[Target]*list.Element{}, order: list.New()}
}

func (k *killed) clear() {
	clear(k.byTarget)
	k.order.Init()
}

// all: everything may have ended up to this revision.
func (k *killed) all(revision uint64) {
	k.clear()
	k.floor = max(k.floor, revision)
}

// afresh: nothing that was read before this revision counts, also where it is less than what was known.
func (k *killed) afresh(revision uint64) {
	k.clear()
	k.floor = revision
}

func (k *killed) add(target Target, revision uint64) {
	if element, ok := k.byTarget[target]; ok {
		k.order.Remove(element)
	}
	k.byTarget[target] = k.order.PushBack(dead{target, revision})
	if k.order.Len() > k.max {
		k.forgetOldest()
	}
}

// forgetOldest raises the floor over it: what is not remembered must not be needed.
func (k *killed) forgetOldest() {
	oldest := k.order.Remove(k.order.Front()).(dead)
	delete(k.byTarget, oldest.target)
	k.floor = max(k.floor, oldest.revision)
}

// kills tells whether an answer that was read at this revision may be of a token that ended since.
func (k *killed) kills(ids IDs, revision uint64) bool {
	return revision < k.floor ||
		k.isAfter(revision, Target{Kind: FamilyTarget, Family: ids.Family}) ||
		k.isAfter(revision, Target{Kind: ClientTarget, Client: ids.Client}) ||
		k.killsSubject(ids.Subject, revision) || k.killsSubject(ids.User, revision) || k.killsSubject(ids.Device, revision) ||
		k.killsConsent(ids.Subject, ids.Client, revision) || k.killsConsent(ids.User, ids.Client, revision)
}

func (k *killed) killsSubject(id string, revision uint64) bool {
	return id != "" && k.isAfter(revision, Target{Kind: SubjectTarget, Subject: id})
}

func (k *killed) killsConsent(subject, client string, revision uint64) bool {
	return subject != "" && k.isAfter(revision, Target{Kind: ConsentTarget, Subject: subject, Client: client})
}

func (k *killed) isAfter(revision uint64, target Target) bool {
	element, ok := k.byTarget[target]
	return ok && element.Value.(dead).revision > revision
}
