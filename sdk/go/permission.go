package symbolon

import (
	"context"
	"log/slog"
	"net/http"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

// RequirePermission answers a middleware of net/http: it lets through whose token allows the permission with the target of the request, by
// [Verifier.CheckPermission]. [FromContext] has the caller then. It reads the token itself, so that it stands alone or behind [Guard.HTTP].
// target is nil for what the token stands for. Where it answers an error, or an id that is empty, the answer is 500, the
// default logger of log/slog is told why, and nobody is let through. It panics where the permission is none, as [http.ServeMux.Handle] does with a pattern.
func (g *Guard) RequirePermission(permission Permission, target func(*http.Request) (Target, error)) func(http.Handler) http.Handler {
	if err := checkQuestion(permission, Own()); err != nil {
		panic(err)
	}
	if target == nil {
		target = func(*http.Request) (Target, error) { return Own(), nil }
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
			named := func() (Target, error) { return target(request) }
			caller, denied := g.permit(request.Context(), request.Header.Values("Authorization"), permission, named)
			if denied != nil {
				denied.answer(response, g.realm)
				return
			}
			next.ServeHTTP(response, request.WithContext((&admitted{caller, g.realm}).in(request.Context())))
		})
	}
}

// Permit is for a handler of gRPC, whose message names the target: it answers the caller whose token allows the permission, or the status to
// return. It reads the token itself, so that it stands alone or behind the interceptors. A permission or a target that can't be is INTERNAL.
func (g *Guard) Permit(ctx context.Context, permission Permission, target Target) (Caller, error) {
	headers := metadata.ValueFromIncomingContext(ctx, "authorization")
	caller, denied := g.permit(ctx, headers, permission, func() (Target, error) { return target, nil })
	if denied != nil {
		return Caller{}, denied.refuse(ctx, g.realm)
	}
	return caller, nil
}

func (g *Guard) permit(ctx context.Context, headers []string, permission Permission, named func() (Target, error)) (Caller, *denial) {
	token, denied := readBearer(headers)
	if denied != nil {
		return Caller{}, denied
	}
	target, err := named()
	if err == nil {
		err = checkQuestion(permission, target)
	}
	if err != nil {
		return Caller{}, mistaken(ctx, err)
	}
	access, err := g.verifier.CheckPermission(ctx, token, permission, target)
	if err != nil {
		return Caller{}, unknown(err)
	}
	if denied := g.judge(access.Caller, access.Live); denied != nil {
		return Caller{}, denied
	}
	return access.Caller, access.denial()
}

// mistaken is of the program, which can't tell with what something is to be done. The log is told why, and who calls is not.
func mistaken(ctx context.Context, err error) *denial {
	slog.Default().ErrorContext(ctx, "symbolon: a request is refused, for its target can't be told", "error", err)
	return &denial{code: codes.Internal, message: "the target of the request can't be told"}
}

// denial is nil where it is allowed. What another grant would mend is told as RFC 6750 section 3.1 has it; for the rest it has no word.
func (a Access) denial() *denial {
	if a.Allowed {
		return nil
	}
	refused := &denial{code: codes.PermissionDenied, message: "not allowed: " + string(a.Reason)}
	if a.Reason == AccessScopeMissing || a.Reason == AccessNoConsent {
		refused.problem = "insufficient_scope"
	}
	return refused
}
