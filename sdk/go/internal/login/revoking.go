package login

import (
	"context"

	"google.golang.org/grpc/codes"
)

// revoke tells the server that a login ended, until it knows or the keeper is closed. told is answered whether it knew at once. Nothing is
// kept on the disk for that: who signs out wants no token left there.
func (k *Keeper) revoke(token string, told chan<- bool) {
	err := k.revokeOnce(token)
	isLater := err != nil && mayBeToldLater(err)
	if isLater {
		k.countUntold(1)
	}
	if told != nil {
		told <- err == nil
	}
	if !isLater {
		return
	}
	defer k.countUntold(-1)
	for wait := firstPatience; k.world.Sleep(k.ctx, wait) == nil; wait = min(longestPatience, 2*wait) {
		if err := k.revokeOnce(token); err == nil || !mayBeToldLater(err) {
			return
		}
	}
}

func (k *Keeper) revokeOnce(token string) error {
	ctx, cancel := context.WithTimeout(k.ctx, k.world.Timeout)
	defer cancel()
	return k.world.Server.Revoke(ctx, token)
}

func (k *Keeper) countUntold(change int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.untold += change
}

// mayBeToldLater: the server is away, or the app's own client is refused until somebody mends that.
func mayBeToldLater(err error) bool {
	switch failureOf(err).Code {
	case codes.InvalidArgument, codes.FailedPrecondition, codes.NotFound, codes.Unimplemented:
		return false
	default:
		return true
	}
}
