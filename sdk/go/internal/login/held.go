package login

import (
	"fmt"
	"io"
	"time"

	"symbolon.internal/sdk/go/internal/core"
)

const (
	// A fifth of its lifetime before its end a token is replaced, so that no call waits for that. Of long ones it is enough to be early.
	marginParts   = 5
	longestMargin = 5 * time.Minute
)

// held is the login in memory. It is never changed, but replaced.
type held struct {
	record Record
	// since is the monotonic clock when the call was sent whose answer it is, or when it was read from what was kept.
	since int64
	// left and loginLeft are what was left then, of the access token and of the login.
	left, loginLeft time.Duration
	// isBegunAgain: it is of the app's own client, which can begin it again with what it has.
	isBegunAgain bool
	// isDoubtful: it was over when it was read, by the clock on the wall. That may have been set meanwhile, so the server is asked.
	isDoubtful bool
	// isUnrenewable: the server refused its refresh token without a reason.
	isUnrenewable bool
	// isDead: the server said that the access token is not live.
	isDead bool
}

// answered is a login that the server just answered. sent is when the first call was sent that may have made it.
func (k *Keeper) answered(record Record, sent core.Moment) *held {
	record.ObtainedMS = sent.Wall / int64(time.Millisecond)
	return &held{
		record: record, since: sent.Mono, left: record.lifetime(), loginLeft: record.loginLifetime(), isBegunAgain: record.isOf(k.world.ClientID),
	}
}

// resumed is a login that was written down some time ago. Only the clock on the wall tells when.
func (k *Keeper) resumed(record Record, now core.Moment) *held {
	passed := time.Duration(now.Wall) - time.Duration(record.ObtainedMS)*time.Millisecond
	rest := func(lifetime time.Duration) time.Duration {
		return min(lifetime, max(0, lifetime-passed))
	}
	h := k.answered(record, now)
	h.record, h.left, h.loginLeft = record, rest(record.lifetime()), rest(record.loginLifetime())
	h.isDoubtful = h.left == 0 && h.loginLeft == 0
	return h
}

func (h *held) leftAt(now core.Moment) time.Duration {
	if h.isDead {
		return 0
	}
	return h.left - h.passed(now)
}

func (h *held) passed(now core.Moment) time.Duration {
	return time.Duration(max(0, now.Mono-h.since))
}

func (h *held) isLoginOver(now core.Moment) bool {
	return h.loginLeft <= h.passed(now)
}

func (h *held) isFresh(now core.Moment) bool {
	return h.leftAt(now) > min(h.record.lifetime()/marginParts, longestMargin)
}

// gains tells whether a refresh beside calls brings more time.
func (h *held) gains(now core.Moment) bool {
	if h.isBegunAgain {
		return true
	}
	return h.record.RefreshToken != "" && !h.record.endsTogether() && h.isRenewable(now)
}

// isRenewable tells whether another token may come, as far as is known here.
func (h *held) isRenewable(now core.Moment) bool {
	if h.isBegunAgain {
		return true
	}
	if h.isUnrenewable {
		return false
	}
	if h.isDoubtful {
		return !h.isDead || h.record.RefreshToken != ""
	}
	return h.record.RefreshToken != "" && !h.isLoginOver(now)
}

// isOver tells whether no token can be had any more.
func (h *held) isOver(now core.Moment) bool {
	return h.leftAt(now) <= 0 && !h.isRenewable(now)
}

// overBy is the reason of that.
func (h *held) overBy(now core.Moment) Reason {
	if h.isUnrenewable && !h.isLoginOver(now) {
		return Revoked
	}
	return Expired
}

// Format implements [fmt.Formatter]: with every verb it shows no token.
func (h *held) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "login.held")
}
