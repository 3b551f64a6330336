package symbolon

import (
	"context"
	"fmt"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

// challengeKey is that of the trailing metadata.
const challengeKey = "www-authenticate"

// UnaryInterceptor is a [grpc.UnaryServerInterceptor].
func (g *Guard) UnaryInterceptor(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, err := g.admitMethod(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	return handler(ctx, request)
}

// StreamInterceptor is a [grpc.StreamServerInterceptor]. A stream is checked when it begins, and not later: end long ones yourself.
func (g *Guard) StreamInterceptor(server any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, err := g.admitMethod(stream.Context(), info.FullMethod)
	if err != nil {
		return err
	}
	return handler(server, &guardedStream{stream, ctx})
}

type guardedStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s *guardedStream) Context() context.Context {
	return s.ctx
}

// AuthFunc is an auth.AuthFunc of github.com/grpc-ecosystem/go-grpc-middleware/v2.
func (g *Guard) AuthFunc(ctx context.Context) (context.Context, error) {
	method, ok := grpc.Method(ctx)
	if !ok {
		return nil, status.Error(codes.Internal, "symbolon: AuthFunc is for calls that a gRPC server serves")
	}
	return g.admitMethod(ctx, method)
}

func (g *Guard) admitMethod(ctx context.Context, method string) (context.Context, error) {
	if g.public[method] {
		return withoutCaller(ctx), nil
	}
	scopes, isListed := g.scopes[method]
	admitted, denied := g.admit(ctx, metadata.ValueFromIncomingContext(ctx, "authorization"), scopes)
	if denied != nil {
		return nil, denied.refuse(ctx, g.realm)
	}
	if g.scopes != nil && !isListed {
		return nil, status.Error(codes.PermissionDenied, fmt.Sprintf("%s is for nobody: give it to WithMethodScopes", method))
	}
	return admitted, nil
}

// refuse is also told in the trailing metadata, as over HTTP.
func (d *denial) refuse(ctx context.Context, realm string) error {
	if challenge := d.challenge(realm); challenge != "" {
		// Without a server's stream there is nobody to tell.
		_ = grpc.SetTrailer(ctx, metadata.Pairs(challengeKey, challenge))
	}
	refused := status.New(d.code, d.message)
	if d.retryAfter > 0 {
		retry := &errdetails.RetryInfo{RetryDelay: durationpb.New(d.retryAfter)}
		if detailed, err := refused.WithDetails(retry); err == nil {
			refused = detailed
		}
	}
	return refused.Err()
}

// RequireScopes is for a handler that needs scopes which only it knows: it answers the status to return, or nil.
func RequireScopes(ctx context.Context, scopes ...string) error {
	admitted, ok := ctx.Value(callerKey{}).(*admitted)
	if !ok || admitted == nil {
		return (&denial{code: codes.Unauthenticated, message: "a token is needed"}).refuse(ctx, "")
	}
	if !admitted.caller.HasScopes(scopes...) {
		return lacks(scopes).refuse(ctx, admitted.realm)
	}
	return nil
}
