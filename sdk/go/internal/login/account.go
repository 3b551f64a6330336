package login

import (
	"context"

	"google.golang.org/grpc/codes"
)

// AsUser makes a call that names the user by the access token of the moment. It is made once more when that has just ended.
func (k *Keeper) AsUser(ctx context.Context, do func(ctx context.Context, token string) error) (Lease, error) {
	ctx, cancel := k.limited(ctx)
	defer cancel()
	for isFirst := true; ; isFirst = false {
		lease, err := k.Token(ctx)
		if err != nil {
			return lease, err
		}
		if lease.Kind != User {
			return lease, failed(codes.FailedPrecondition, "an account is of a user, and a "+string(lease.Kind)+" is signed in")
		}
		err = do(ctx, lease.Token)
		// A wrong password is told in the same words: then the token is live, and Refused says no.
		if err == nil || !isFirst || !isNotLive(err) || !k.Refused(ctx, lease.Token) {
			return lease, err
		}
	}
}
