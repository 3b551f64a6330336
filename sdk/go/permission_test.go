package symbolon_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/types/known/durationpb"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

// answering is a server that answers each question with what its token is called.
func answering(t testing.TB) *scripted {
	s := &scripted{check: func(request *symbolonv1.CheckRequest) (*symbolonv1.CheckResponse, error) {
		reason := symbolonv1.AccessReason(symbolonv1.AccessReason_value["ACCESS_REASON_"+request.GetToken()])
		response := &symbolonv1.CheckResponse{
			Allowed: reason == symbolonv1.AccessReason_ACCESS_REASON_ALLOWED, Reason: reason, TimeToLive: durationpb.New(time.Second),
			Token: liveAnswer(request.GetToken()), UserId: "ann",
		}
		if reason == symbolonv1.AccessReason_ACCESS_REASON_TOKEN_NOT_LIVE {
			response.Token = &symbolonv1.IntrospectResponse{}
		}
		response.Token.Audience = "orders"
		return response, nil
	}}
	return s.start(t)
}

func verifierOf(t testing.TB, address string) *symbolon.Verifier {
	t.Helper()
	verifier, err := symbolon.NewVerifier(address, "client", "secret", symbolon.WithWatchEnd(func(*symbolon.Error, time.Duration) {}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = verifier.Close() })
	return verifier
}

func TestCheckPermission(t *testing.T) {
	t.Parallel()
	ctx, server := context.Background(), testserver.Start(t)
	admin, verifier := newAdmin(t, server), newVerifier(t, server)
	testserver.Eventually(t, "open", verifier.IsOpen)
	token := logIn(t, admin, server).GetAccessToken()
	for _, each := range []struct {
		name       string
		token      string
		permission symbolon.Permission
		target     symbolon.Target
		want       symbolon.AccessReason
	}{
		{"the own profile", token, symbolon.ReadProfile, symbolon.Own(), symbolon.AccessAllowed},
		{"the own profile, by id", token, symbolon.ReadProfile, symbolon.User(server.Demo.User.ID), symbolon.AccessAllowed},
		{"nobody's profile", token, symbolon.ReadProfile, symbolon.User("nobody"), symbolon.AccessTargetUnknown},
		{"what can't be an id", token, symbolon.ReadDevice, symbolon.Device(strings.Repeat("a", 257)), symbolon.AccessTargetUnknown},
		{"what is not even text", token, symbolon.ReadProfile, symbolon.User("\xff\x00"), symbolon.AccessTargetUnknown},
		{"nobody's device", token, symbolon.ReadDevice, symbolon.Device("th.nobody"), symbolon.AccessTargetUnknown},
		{"a device that is not named", token, symbolon.ReadDevice, symbolon.Own(), symbolon.AccessTargetMissing},
		{"devices of a type", token, symbolon.ListDevices, symbolon.Own().OfType("a lamp: %"), symbolon.AccessAllowed},
		{"what a client does", token, symbolon.ActAsApplication, symbolon.Own(), symbolon.AccessKindNotAllowed},
		{"a token of nobody", "made-up", symbolon.ReadProfile, symbolon.Own(), symbolon.AccessTokenNotLive},
		{"no token", "a b", symbolon.ReadProfile, symbolon.Own(), symbolon.AccessTokenNotLive},
	} {
		access, err := verifier.CheckPermission(ctx, each.token, each.permission, each.target)
		isLive := each.token == token
		if err != nil || access.Reason != each.want || access.Allowed != (each.want == symbolon.AccessAllowed) || access.Live != isLive ||
			(access.Caller.SubjectID == server.Demo.User.ID) != isLive {
			t.Errorf("%s: %+v %v", each.name, access, err)
		}
	}
	access, _ := verifier.CheckPermission(ctx, token, symbolon.ReadProfile, symbolon.Own())
	if access.UserID != server.Demo.User.ID || verifier.Size() != 0 {
		t.Error(access.UserID, verifier.Size())
	}
	// Out of memory before the answer to what ended it: that waits for the verifier.
	_, err := admin.Tokens.Revoke(ctx, &symbolonv1.RevokeRequest{
		Target: &symbolonv1.RevokeRequest_Token{Token: token}, Wait: symbolonv1.RevocationWait_REVOCATION_WAIT_VERIFIERS,
	})
	if err != nil {
		t.Fatal(err)
	}
	access, err = verifier.CheckPermission(ctx, token, symbolon.ReadProfile, symbolon.Own())
	if err != nil || access.Allowed || access.Reason != symbolon.AccessTokenNotLive || access.Live {
		t.Error(access, err)
	}
	_ = verifier.Close()
	if _, err = verifier.CheckPermission(ctx, token, symbolon.ReadProfile, symbolon.Own()); err == nil {
		t.Error("it is closed, and answers")
	}
}

// What is allowed is kept, and what is not is asked for each time. An id that is empty is never the token's own.
func TestPermissionsAreKept(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), answering(t)
	s.watch = func(first *symbolonv1.WatchRevocationsRequest, stream symbolonv1.TokenService_WatchRevocationsServer) error {
		return echo(stream, 1, first.GetHeartbeat(), true)
	}
	verifier := verifierOf(t, s.address)
	testserver.Eventually(t, "open", verifier.IsOpen)
	for token, calls := range map[string]int64{"ALLOWED": 1, "NO_CONSENT": 3} {
		before := s.checks.Load()
		for range 3 {
			if access, err := verifier.CheckPermission(ctx, token, symbolon.ReadDevice, symbolon.Own()); err != nil || access.Allowed != (token == "ALLOWED") {
				t.Error(token, access, err)
			}
		}
		if got := s.checks.Load() - before; got < calls || (token == "ALLOWED" && got > 2) {
			t.Error(token, "was asked about", got, "times")
		}
	}
	before := s.checks.Load()
	for _, target := range []symbolon.Target{
		symbolon.Device(""), symbolon.User(""), symbolon.Own().OfType(""),
	} {
		access, err := verifier.CheckPermission(ctx, "ALLOWED", symbolon.ReadDevice, target)
		if e, ok := errors.AsType[*symbolon.Error](err); !ok || e.Code != codes.InvalidArgument || access.Allowed {
			t.Error(target, access, err)
		}
	}
	if _, err := verifier.CheckPermission(ctx, "ALLOWED", "EVERYTHING", symbolon.Own()); err == nil {
		t.Error("an unknown permission")
	}
	if s.checks.Load() != before {
		t.Error("it is asked")
	}
	if access, err := verifier.CheckPermission(ctx, "NEWER", symbolon.ReadDevice, symbolon.Own()); err != nil || access.Reason != symbolon.AccessUnspecified {
		t.Error(access, err)
	}
}

// A server that does not know Check answers checks of tokens all the same.
func TestServerWithoutCheck(t *testing.T) {
	t.Parallel()
	verifier := verifierOf(t, (&scripted{}).start(t).address)
	for range 2 {
		_, err := verifier.CheckPermission(context.Background(), "token", symbolon.ReadDevice, symbolon.Own())
		if e, ok := errors.AsType[*symbolon.Error](err); !ok || e.Code != codes.Unimplemented {
			t.Error(err)
		}
		if _, live, err := verifier.Check(context.Background(), "token"); !live || err != nil {
			t.Error(live, err)
		}
	}
}

// permissionAnswers are what guards make of each.
var permissionAnswers = []struct {
	headers   []string
	status    int
	code      codes.Code
	challenge string
	text      string
}{
	{nil, 401, codes.Unauthenticated, "Bearer", ""},
	{[]string{"Basic YTpi"}, 401, codes.Unauthenticated, "Bearer", ""},
	{[]string{"Bearer a", "Bearer a"}, 400, codes.InvalidArgument, `Bearer error="invalid_request"`, ""},
	{[]string{"Bearer a,"}, 400, codes.InvalidArgument, `Bearer error="invalid_request"`, ""},
	{[]string{"Bearer a.b"}, 401, codes.Unauthenticated, `Bearer error="invalid_token"`, ""},
	{[]string{"Bearer TOKEN_NOT_LIVE"}, 401, codes.Unauthenticated, `Bearer error="invalid_token"`, ""},
	{[]string{"Bearer SCOPE_MISSING"}, 403, codes.PermissionDenied, `Bearer error="insufficient_scope"`, "not allowed: SCOPE_MISSING"},
	{[]string{"Bearer NO_CONSENT"}, 403, codes.PermissionDenied, `Bearer error="insufficient_scope"`, "not allowed: NO_CONSENT"},
	{[]string{"Bearer KIND_NOT_ALLOWED"}, 403, codes.PermissionDenied, "", "not allowed: KIND_NOT_ALLOWED"},
	{[]string{"Bearer TARGET_MISSING"}, 403, codes.PermissionDenied, "", "not allowed: TARGET_MISSING"},
	{[]string{"Bearer TARGET_UNKNOWN"}, 403, codes.PermissionDenied, "", "not allowed: TARGET_UNKNOWN"},
	{[]string{"Bearer TARGET_DISABLED"}, 403, codes.PermissionDenied, "", "not allowed: TARGET_DISABLED"},
	{[]string{"Bearer NOT_THE_USER"}, 403, codes.PermissionDenied, "", "not allowed: NOT_THE_USER"},
	{[]string{"Bearer NOT_THE_OWNER"}, 403, codes.PermissionDenied, "", "not allowed: NOT_THE_OWNER"},
	{[]string{"Bearer NOT_THIS_DEVICE"}, 403, codes.PermissionDenied, "", "not allowed: NOT_THIS_DEVICE"},
	{[]string{"Bearer NEWER"}, 403, codes.PermissionDenied, "", "not allowed: UNSPECIFIED"},
	{[]string{"bearer  ALLOWED"}, 200, codes.OK, "", "the family of ALLOWED"},
}

// askHTTP answers status, challenge and text.
func askHTTP(t testing.TB, url string, headers []string) (int, http.Header, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header["Authorization"] = headers
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(text)
}

func ofDevice(request *http.Request) (symbolon.Target, error) {
	switch id := request.PathValue("id"); id {
	case "mistake":
		return symbolon.Target{}, errors.New("it can't be told")
	case "empty":
		return symbolon.Device(""), nil
	default:
		return symbolon.Device(id), nil
	}
}

func TestRequirePermission(t *testing.T) {
	t.Parallel()
	s := answering(t)
	guard := newGuard(t, verifierOf(t, s.address)) // Each is live for the guard before it.
	handled := 0
	handler := http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		caller, _ := symbolon.FromContext(request.Context())
		handled++
		_, _ = io.WriteString(response, "the family of "+caller.FamilyID)
	})
	mux := http.NewServeMux()
	mux.Handle("/alone/{id}", guard.RequirePermission(symbolon.ReadDevice, ofDevice)(handler))
	mux.Handle("/behind/{id}", guard.HTTP()(guard.RequirePermission(symbolon.ReadDevice, ofDevice)(handler)))
	mux.Handle("/own", guard.RequirePermission(symbolon.ReadDevice, nil)(handler))
	service := httptest.NewServer(mux)
	t.Cleanup(service.Close)
	for _, path := range []string{"/alone/lamp", "/behind/lamp", "/own"} {
		for _, each := range permissionAnswers {
			handled = 0
			status, header, text := askHTTP(t, service.URL+path, each.headers)
			if status != each.status || header.Get("WWW-Authenticate") != each.challenge || !strings.Contains(text, each.text) {
				t.Error(path, each.headers, status, header, text)
			}
			if isLetIn := status == 200; (handled == 1) != isLetIn || (!isLetIn && header.Get("Cache-Control") != "no-store") {
				t.Error(path, each.headers, handled, header)
			}
		}
	}
	handled = 0
	for _, path := range []string{"/alone/mistake", "/alone/empty", "/behind/empty"} {
		if status, header, text := askHTTP(t, service.URL+path, []string{"Bearer ALLOWED"}); status != 500 || header.Get("WWW-Authenticate") != "" ||
			strings.Contains(text, "it can't be told") {
			t.Error(path, status, header, text)
		}
	}
	away := newGuard(t, verifierOf(t, "127.0.0.1:1"))
	unreachable := httptest.NewServer(away.RequirePermission(symbolon.ReadDevice, nil)(handler))
	t.Cleanup(unreachable.Close)
	if status, header, _ := askHTTP(t, unreachable.URL, []string{"Bearer ALLOWED"}); status != 503 || header.Get("Retry-After") == "" || handled != 0 {
		t.Error("the server can't be asked:", status, header)
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown permission")
		}
	}()
	guard.RequirePermission("EVERYTHING", nil)
}

// permitted asks within the handler.
type permitted struct {
	healthpb.UnimplementedHealthServer
	guard *symbolon.Guard
}

func (p *permitted) permit(ctx context.Context, id string) error {
	caller, err := p.guard.Permit(ctx, symbolon.ReadDevice, symbolon.Device(id))
	if (err == nil) == (caller.FamilyID == "") {
		return errors.New("a caller and an error, or none of both")
	}
	return err
}

func (p *permitted) Check(ctx context.Context, request *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	return &healthpb.HealthCheckResponse{}, p.permit(ctx, request.GetService())
}

func (p *permitted) Watch(request *healthpb.HealthCheckRequest, stream healthpb.Health_WatchServer) error {
	return p.permit(stream.Context(), "lamp")
}

func TestPermit(t *testing.T) {
	t.Parallel()
	guard := newGuard(t, verifierOf(t, answering(t).address))
	alone := healthClientOf(t, &permitted{guard: guard})
	behind := healthClientOf(t, &permitted{guard: guard}, grpc.UnaryInterceptor(guard.UnaryInterceptor), grpc.StreamInterceptor(guard.StreamInterceptor))
	for name, client := range map[string]healthpb.HealthClient{"alone": alone, "behind": behind} {
		for _, each := range permissionAnswers {
			want := told{code: each.code, challenge: each.challenge}
			for _, got := range []told{callUnary(client, "lamp", each.headers...), callStream(client, each.headers...)} {
				if got != want {
					t.Error(name, each.headers, got)
				}
			}
		}
		if got := callUnary(client, "", "Bearer ALLOWED"); got != (told{code: codes.Internal}) {
			t.Error(name, "an id that is empty:", got)
		}
	}
	away := healthClientOf(t, &permitted{guard: newGuard(t, verifierOf(t, "127.0.0.1:1"))})
	if got := callUnary(away, "lamp", "Bearer ALLOWED"); got.code != codes.Unavailable || got.retry == 0 {
		t.Error("the server can't be asked:", got)
	}
}

// A guard of a resource server lets through tokens that are for it alone.
func TestAudience(t *testing.T) {
	t.Parallel()
	s := answering(t)
	s.batch = func(_ context.Context, request *symbolonv1.BatchIntrospectRequest) (*symbolonv1.BatchIntrospectResponse, error) {
		response := allLive(request)
		for index, token := range request.GetTokens() {
			if token == "ALLOWED" {
				response.Answers[index].Audience = "orders"
			}
		}
		return response, nil
	}
	verifier := verifierOf(t, s.address)
	handler := http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		caller, _ := symbolon.FromContext(request.Context())
		_, _ = io.WriteString(response, caller.Audience)
	})
	for _, each := range []struct {
		token, audience, text string
		status                int
	}{
		{"ALLOWED", "", "orders", 200}, {"ALLOWED", "orders", "orders", 200}, {"ALLOWED", "Orders", "", 401}, {"ALLOWED", "others", "", 401},
		{"forall", "", "", 200}, {"forall", "orders", "", 401},
	} {
		var options []symbolon.GuardOption
		if each.audience != "" {
			options = append(options, symbolon.WithAudience(each.audience))
		}
		guard := newGuard(t, verifier, options...)
		bearer := []string{"Bearer " + each.token}
		doors := map[string]http.Handler{"guard": guard.HTTP()(handler)}
		if each.token == "ALLOWED" {
			doors["permission"] = guard.RequirePermission(symbolon.ReadDevice, nil)(handler)
		}
		for name, door := range doors {
			service := httptest.NewServer(door)
			status, header, text := askHTTP(t, service.URL, bearer)
			service.Close()
			isRefused := header.Get("WWW-Authenticate") == `Bearer error="invalid_token"`
			if status != each.status || isRefused != (status == 401) || (status == 200 && text != each.text) {
				t.Error(name, each, status, header, text)
			}
		}
		client, _ := serve(t, grpc.UnaryInterceptor(guard.UnaryInterceptor), grpc.StreamInterceptor(guard.StreamInterceptor))
		for _, got := range []told{callUnary(client, "", bearer...), callStream(client, bearer...)} {
			if (got == told{}) != (each.status == 200) || (got.code == codes.Unauthenticated) != (each.status == 401) {
				t.Error("gRPC", each, got)
			}
		}
	}
	if _, err := symbolon.NewGuard(verifier, symbolon.WithAudience("")); err == nil {
		t.Error("an audience that is empty")
	}
}
