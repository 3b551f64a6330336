package symbolon_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

const (
	checkMethod = "/grpc.health.v1.Health/Check"
	watchMethod = "/grpc.health.v1.Health/Watch"
)

// service is the health service of grpc-go, which is as good as any other with one unary call and one stream.
type service struct {
	healthpb.HealthServer
	handled chan symbolon.Caller
}

func (s *service) Check(ctx context.Context, request *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	caller, _ := symbolon.FromContext(ctx)
	s.handled <- caller
	if request.GetService() == "admin" {
		if err := symbolon.RequireScopes(ctx, "admin"); err != nil {
			return nil, err
		}
	}
	return s.HealthServer.Check(ctx, &healthpb.HealthCheckRequest{})
}

func (s *service) Watch(_ *healthpb.HealthCheckRequest, stream healthpb.Health_WatchServer) error {
	caller, _ := symbolon.FromContext(stream.Context())
	s.handled <- caller
	return stream.Send(&healthpb.HealthCheckResponse{})
}

// serve answers a client of it, and who was handled.
func serve(t *testing.T, options ...grpc.ServerOption) (healthpb.HealthClient, <-chan symbolon.Caller) {
	t.Helper()
	handled := &service{health.NewServer(), make(chan symbolon.Caller, 1_000)}
	return healthClientOf(t, handled, options...), handled.handled
}

// healthClientOf answers a client of a service that it serves.
func healthClientOf(t *testing.T, service healthpb.HealthServer, options ...grpc.ServerOption) healthpb.HealthClient {
	t.Helper()
	server := grpc.NewServer(options...)
	healthpb.RegisterHealthServer(server, service)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	channel, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = channel.Close() })
	return healthpb.NewHealthClient(channel)
}

// told is how a call ended.
type told struct {
	code      codes.Code
	challenge string
	retry     time.Duration
}

func callUnary(client healthpb.HealthClient, service string, headers ...string) told {
	var trailer metadata.MD
	_, err := client.Check(withHeaders(headers), &healthpb.HealthCheckRequest{Service: service}, grpc.Trailer(&trailer))
	return toldOf(err, trailer)
}

func callStream(client healthpb.HealthClient, headers ...string) told {
	stream, err := client.Watch(withHeaders(headers), &healthpb.HealthCheckRequest{})
	if err != nil {
		return toldOf(err, nil)
	}
	for err == nil {
		_, err = stream.Recv()
	}
	if err == io.EOF {
		err = nil
	}
	return toldOf(err, stream.Trailer())
}

func withHeaders(headers []string) context.Context {
	ctx := context.Background()
	for _, header := range headers {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", header)
	}
	return ctx
}

func toldOf(err error, trailer metadata.MD) told {
	found := told{code: status.Code(err)}
	if challenges := trailer.Get("www-authenticate"); len(challenges) == 1 {
		found.challenge = challenges[0]
	}
	for _, detail := range status.Convert(err).Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			found.retry = retry.GetRetryDelay().AsDuration()
		}
	}
	return found
}

func newGuard(t testing.TB, verifier *symbolon.Verifier, options ...symbolon.GuardOption) *symbolon.Guard {
	t.Helper()
	guard, err := symbolon.NewGuard(verifier, options...)
	if err != nil {
		t.Fatal(err)
	}
	return guard
}

func TestGuardOverGRPC(t *testing.T) {
	t.Parallel()
	server := testserver.Start(t)
	admin := newAdmin(t, server)
	verifier := newVerifier(t, server)
	issued := logIn(t, admin, server, "read")
	bearer := "Bearer " + issued.GetAccessToken()
	guarded := func(options ...symbolon.GuardOption) (healthpb.HealthClient, <-chan symbolon.Caller) {
		guard := newGuard(t, verifier, options...)
		return serve(t, grpc.UnaryInterceptor(guard.UnaryInterceptor), grpc.StreamInterceptor(guard.StreamInterceptor))
	}
	plain, handled := guarded()
	for _, each := range []struct {
		name    string
		headers []string
		told    told
	}{
		{"nothing", nil, told{code: codes.Unauthenticated, challenge: "Bearer"}},
		{"another scheme", []string{"Basic YTpi"}, told{code: codes.Unauthenticated, challenge: "Bearer"}},
		{"two headers", []string{bearer, bearer}, told{code: codes.InvalidArgument, challenge: `Bearer error="invalid_request"`}},
		{"malformed", []string{bearer + ","}, told{code: codes.InvalidArgument, challenge: `Bearer error="invalid_request"`}},
		{"not live", []string{"Bearer made-up"}, told{code: codes.Unauthenticated, challenge: `Bearer error="invalid_token"`}},
		{"a refresh token", []string{"Bearer " + issued.GetRefreshToken()},
			told{code: codes.Unauthenticated, challenge: `Bearer error="invalid_token"`}},
	} {
		if got := callUnary(plain, "", each.headers...); got != each.told {
			t.Error(each.name, got)
		}
		if got := callStream(plain, each.headers...); got != each.told {
			t.Error(each.name, "in a stream", got)
		}
	}
	if len(handled) != 0 {
		t.Fatal("a handler ran for one that was refused")
	}
	for _, got := range []told{callUnary(plain, "", bearer), callStream(plain, "bearer  "+issued.GetAccessToken())} {
		if got != (told{}) {
			t.Fatal(got)
		}
		if caller := <-handled; caller.SubjectID != server.Demo.User.ID || caller.Kind != symbolon.KindUser {
			t.Fatalf("%+v", caller)
		}
	}
	insufficient := told{code: codes.PermissionDenied, challenge: `Bearer realm="shop", error="insufficient_scope", scope="read write"`}
	scoped, handledScoped := guarded(symbolon.WithRealm("shop"), symbolon.WithMethodScopes(checkMethod, "read", "write"))
	if got := callUnary(scoped, "", bearer); got != insufficient {
		t.Error(got)
	}
	if len(handledScoped) != 0 {
		t.Fatal("a handler ran for one that was refused")
	}
	enough, handledEnough := guarded(symbolon.WithRealm("shop"), symbolon.WithMethodScopes(checkMethod, "read"),
		symbolon.WithPublicMethods(watchMethod))
	if got := callUnary(enough, "", bearer); got != (told{}) || (<-handledEnough).SubjectID == "" {
		t.Error(got)
	}
	if got := callStream(enough); got != (told{}) || (<-handledEnough).SubjectID != "" {
		t.Error("a public method:", got)
	}
	want := told{code: codes.PermissionDenied, challenge: `Bearer realm="shop", error="insufficient_scope", scope="admin"`}
	if got := callUnary(enough, "admin", bearer); got != want {
		t.Error("a scope that the handler needs:", got)
	}
	<-handledEnough

	revoke(t, admin, issued.GetAccessToken())
	testserver.Eventually(t, "denied", func() bool { return callUnary(plain, "", bearer).code == codes.Unauthenticated })
	server.Kill()
	testserver.Eventually(t, "closed", func() bool { return !verifier.IsOpen() })
	for len(handled) > 0 {
		<-handled
	}
	unknown := told{code: codes.Unavailable, retry: time.Second}
	for _, got := range []told{callUnary(plain, "", bearer), callStream(plain, bearer), callUnary(plain, "", "Bearer made-up")} {
		if got != unknown {
			t.Error("where nothing is known:", got)
		}
	}
	if len(handled) != 0 {
		t.Fatal("a handler ran for one that was refused")
	}
}

// Once scopes are given for one method, a typing error in the path of another must not open it.
func TestMethodsThatHaveNoScopes(t *testing.T) {
	t.Parallel()
	server := testserver.Start(t)
	verifier := newVerifier(t, server)
	bearer := "Bearer " + logIn(t, newAdmin(t, server), server, "read").GetAccessToken()
	guarded := func(options ...symbolon.GuardOption) map[string]healthpb.HealthClient {
		guard := newGuard(t, verifier, options...)
		intercepted, _ := serve(t, grpc.UnaryInterceptor(guard.UnaryInterceptor), grpc.StreamInterceptor(guard.StreamInterceptor))
		throughAuthFunc, _ := serve(t, grpc.UnaryInterceptor(authUnary(guard)), grpc.StreamInterceptor(authStream(guard)))
		return map[string]healthpb.HealthClient{"interceptors": intercepted, "AuthFunc": throughAuthFunc}
	}
	for name, client := range guarded(symbolon.WithMethodScopes("/grpc.health.v1.Health/Chekc")) {
		for method, got := range map[string]told{checkMethod: callUnary(client, "", bearer), watchMethod: callStream(client, bearer)} {
			if got != (told{code: codes.PermissionDenied}) {
				t.Error(name, method, got)
			}
		}
		// Who has no token is told nothing of methods.
		if got := callUnary(client, ""); got.code != codes.Unauthenticated {
			t.Error(name, got)
		}
		_, err := client.Check(withHeaders([]string{bearer}), &healthpb.HealthCheckRequest{})
		if message := status.Convert(err).Message(); message != checkMethod+" is for nobody: give it to WithMethodScopes" {
			t.Error(name, message)
		}
	}
	// Tools write the path without the first slash.
	for name, client := range guarded(symbolon.WithMethodScopes(strings.TrimPrefix(checkMethod, "/"), "write"),
		symbolon.WithPublicMethods(strings.TrimPrefix(watchMethod, "/"))) {
		if got := callUnary(client, "", bearer); got.code != codes.PermissionDenied || !strings.Contains(got.challenge, `scope="write"`) {
			t.Error(name, got)
		}
		if got := callStream(client); got != (told{}) {
			t.Error(name, "public:", got)
		}
	}
	for name, client := range guarded(symbolon.WithMethodScopes(checkMethod), symbolon.WithMethodScopes(watchMethod)) {
		for method, got := range map[string]told{checkMethod: callUnary(client, "", bearer), watchMethod: callStream(client, bearer)} {
			if got != (told{}) {
				t.Error(name, method, got)
			}
		}
	}
	_, err := symbolon.NewGuard(verifier, symbolon.WithMethodScopes(checkMethod[1:], "read"), symbolon.WithPublicMethods(checkMethod))
	if err == nil || err.Error() != `symbolon: method "`+checkMethod+`" must not be public and have scopes` {
		t.Error(err)
	}
}

func TestGuardOverHTTP(t *testing.T) {
	t.Parallel()
	server := testserver.Start(t)
	admin := newAdmin(t, server)
	verifier := newVerifier(t, server)
	guard := newGuard(t, verifier, symbolon.WithRealm("shop"))
	bearer := "Bearer " + logIn(t, admin, server, "read").GetAccessToken()
	handled := make(chan symbolon.Caller, 1_000)
	handler := http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		caller, _ := symbolon.FromContext(request.Context())
		handled <- caller
	})
	// A mux within a guarded one, as people mount them.
	inner := http.NewServeMux()
	inner.Handle("/orders/new", guard.HTTP("write")(handler))
	inner.Handle("/orders/", handler)
	outer := http.NewServeMux()
	outer.Handle("/", guard.HTTP("read")(inner))
	service := httptest.NewServer(outer)
	t.Cleanup(service.Close)

	type told struct {
		status           int
		challenge, retry string
	}
	ask := func(method, path string, headers ...string) told {
		request, err := http.NewRequest(method, service.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header["Authorization"] = headers
		response, err := service.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode >= 400 && response.Header.Get("Cache-Control") != "no-store" {
			t.Error(method, path, "may be kept on the way:", response.Header)
		}
		return told{response.StatusCode, response.Header.Get("WWW-Authenticate"), response.Header.Get("Retry-After")}
	}
	for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
		for _, each := range []struct {
			name, path string
			headers    []string
			told       told
		}{
			{"nothing", "/orders/1", nil, told{status: 401, challenge: `Bearer realm="shop"`}},
			{"nothing, at a path of nobody", "/", nil, told{status: 401, challenge: `Bearer realm="shop"`}},
			{"another scheme", "/orders/1", []string{"Basic YTpi"}, told{status: 401, challenge: `Bearer realm="shop"`}},
			{"two headers", "/orders/1", []string{bearer, bearer}, told{status: 400, challenge: `Bearer realm="shop", error="invalid_request"`}},
			{"not live", "/orders/1", []string{"Bearer made-up"}, told{status: 401, challenge: `Bearer realm="shop", error="invalid_token"`}},
			{"a scope is missing", "/orders/new", []string{bearer},
				told{status: 403, challenge: `Bearer realm="shop", error="insufficient_scope", scope="write"`}},
		} {
			if got := ask(method, each.path, each.headers...); got != each.told {
				t.Error(method, each.name, got)
			}
		}
		if len(handled) != 0 {
			t.Fatal("a handler ran for one that was refused")
		}
		if got := ask(method, "/orders/1", bearer); got != (told{status: 200}) || (<-handled).SubjectID != server.Demo.User.ID {
			t.Error(method, got)
		}
	}
	server.Kill()
	testserver.Eventually(t, "closed", func() bool { return !verifier.IsOpen() })
	if got := ask("GET", "/orders/1", bearer); got != (told{status: 503, retry: "1"}) || len(handled) != 0 {
		t.Error("where nothing is known:", got)
	}
}
