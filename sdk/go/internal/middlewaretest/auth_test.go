package middlewaretest

import (
	"context"
	"net"
	"testing"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/auth"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

// service tells who calls.
type service struct {
	healthpb.HealthServer
	handled chan symbolon.Caller
}

func (s *service) Check(ctx context.Context, request *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	caller, _ := symbolon.FromContext(ctx)
	s.handled <- caller
	return s.HealthServer.Check(ctx, request)
}

func (s *service) Watch(_ *healthpb.HealthCheckRequest, stream healthpb.Health_WatchServer) error {
	caller, _ := symbolon.FromContext(stream.Context())
	s.handled <- caller
	return nil
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func TestAuthFunc(t *testing.T) {
	running := testserver.Start(t)
	demo := running.Demo
	ctx := context.Background()
	verifier := must[*symbolon.Verifier](t)(symbolon.NewVerifier(demo.GRPC, demo.Service.ClientID, demo.Service.ClientSecret))
	t.Cleanup(func() { _ = verifier.Close() })
	guard := must[*symbolon.Guard](t)(symbolon.NewGuard(verifier, symbolon.WithMethodScopes("/grpc.health.v1.Health/Check", "read"),
		symbolon.WithMethodScopes("/grpc.health.v1.Health/Watch", "write")))
	var authenticate auth.AuthFunc = guard.AuthFunc
	server := grpc.NewServer(
		grpc.ChainUnaryInterceptor(auth.UnaryServerInterceptor(authenticate)),
		grpc.ChainStreamInterceptor(auth.StreamServerInterceptor(authenticate)),
	)
	handled := &service{health.NewServer(), make(chan symbolon.Caller, 10)}
	healthpb.RegisterHealthServer(server, handled)
	listener := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	channel := must[*grpc.ClientConn](t)(grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials())))
	t.Cleanup(func() { _ = channel.Close() })
	client := healthpb.NewHealthClient(channel)

	admin := must[*symbolon.Client](t)(symbolon.NewClient(demo.GRPC, demo.Admin.ClientID, demo.Admin.ClientSecret))
	t.Cleanup(func() { _ = admin.Close() })
	issued := must[*symbolonv1.IssueResponse](t)(admin.Tokens.Issue(ctx, &symbolonv1.IssueRequest{
		Credential: &symbolonv1.IssueRequest_UserPassword{
			UserPassword: &symbolonv1.UserPassword{Username: demo.User.LoginName, Password: demo.User.Password},
		},
		Scopes: []string{"read"},
	}))
	with := metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+issued.GetTokens().GetAccessToken())

	var trailer metadata.MD
	_, err := client.Check(ctx, &healthpb.HealthCheckRequest{}, grpc.Trailer(&trailer))
	if status.Code(err) != codes.Unauthenticated || len(trailer.Get("www-authenticate")) != 1 {
		t.Fatal(err, trailer)
	}
	if _, err := client.Check(with, &healthpb.HealthCheckRequest{}); err != nil {
		t.Fatal(err)
	}
	if caller := <-handled.handled; caller.SubjectID != demo.User.ID {
		t.Fatalf("%+v", caller)
	}
	stream := must[healthpb.Health_WatchClient](t)(client.Watch(with, &healthpb.HealthCheckRequest{}))
	_, err = stream.Recv()
	want := `Bearer error="insufficient_scope", scope="write"`
	if told := stream.Trailer().Get("www-authenticate"); status.Code(err) != codes.PermissionDenied || len(told) != 1 || told[0] != want {
		t.Fatal(err, stream.Trailer())
	}
	if len(handled.handled) != 0 {
		t.Fatal("a handler ran for one that was refused")
	}
}
