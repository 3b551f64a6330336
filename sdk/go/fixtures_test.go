package symbolon_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

// bearerFixture is one of what all languages read of headers.
type bearerFixture struct {
	Name    string   `json:"name"`
	Headers []string `json:"headers"`
	Refusal string   `json:"refusal"`
}

func TestBearerFixturesOverHTTP(t *testing.T) {
	t.Parallel()
	guard := newGuard(t, newVerifier(t, testserver.Start(t)))
	type answer struct {
		status    int
		challenge string
	}
	for _, each := range fixtures[bearerFixture](t, "bearer.json") {
		request := httptest.NewRequest("GET", "/", nil)
		request.Header["Authorization"] = each.Headers
		response := httptest.NewRecorder()
		guard.HTTP()(http.NotFoundHandler()).ServeHTTP(response, request)
		want := map[string]answer{
			"missing":         {401, "Bearer"},
			"invalid_request": {400, `Bearer error="invalid_request"`},
			// Well formed, and of nobody.
			"": {401, `Bearer error="invalid_token"`},
		}[each.Refusal]
		if got := (answer{response.Code, response.Header().Get("WWW-Authenticate")}); got != want {
			t.Error(each.Name, got)
		}
	}
}

// Over a socket where grpc-go sends such a header, and in any case as the server hands it over.
func TestBearerFixturesOverGRPC(t *testing.T) {
	t.Parallel()
	guard := newGuard(t, newVerifier(t, testserver.Start(t)))
	client, handled := serve(t, grpc.UnaryInterceptor(guard.UnaryInterceptor), grpc.StreamInterceptor(guard.StreamInterceptor))
	throughAuthFunc, handledThere := serve(t, grpc.UnaryInterceptor(authUnary(guard)), grpc.StreamInterceptor(authStream(guard)))
	sent := 0
	for _, each := range fixtures[bearerFixture](t, "bearer.json") {
		want := map[string]told{
			"missing":         {code: codes.Unauthenticated, challenge: "Bearer"},
			"invalid_request": {code: codes.InvalidArgument, challenge: `Bearer error="invalid_request"`},
			"":                {code: codes.Unauthenticated, challenge: `Bearer error="invalid_token"`},
		}[each.Refusal]
		ways := map[string]told{
			"unary": handedOver(each.Headers, func(ctx context.Context) error {
				_, err := guard.UnaryInterceptor(ctx, nil, &grpc.UnaryServerInfo{FullMethod: checkMethod}, nil)
				return err
			}),
			"stream": handedOver(each.Headers, func(ctx context.Context) error {
				return guard.StreamInterceptor(nil, handedStream{ctx: ctx}, &grpc.StreamServerInfo{FullMethod: watchMethod}, nil)
			}),
			"AuthFunc": handedOver(each.Headers, func(ctx context.Context) error {
				_, err := guard.AuthFunc(ctx)
				return err
			}),
		}
		if canBeSent(each.Headers) {
			sent++
			ways["unary, sent"] = callUnary(client, "", each.Headers...)
			ways["stream, sent"] = callStream(client, each.Headers...)
			ways["AuthFunc, sent"] = callUnary(throughAuthFunc, "", each.Headers...)
			ways["AuthFunc of a stream, sent"] = callStream(throughAuthFunc, each.Headers...)
		}
		for way, got := range ways {
			if got != want {
				t.Error(each.Name, way, got)
			}
		}
	}
	if sent < 20 || len(handled)+len(handledThere) != 0 {
		t.Fatal("sent:", sent, "handlers:", len(handled)+len(handledThere))
	}
}

// authUnary is what the middleware makes of an AuthFunc.
func authUnary(guard *symbolon.Guard) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		ctx, err := guard.AuthFunc(ctx)
		if err != nil {
			return nil, err
		}
		return handler(ctx, request)
	}
}

func authStream(guard *symbolon.Guard) grpc.StreamServerInterceptor {
	return func(server any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		ctx, err := guard.AuthFunc(stream.Context())
		if err != nil {
			return err
		}
		return handler(server, handedStream{stream, ctx})
	}
}

// canBeSent tells whether grpc-go sends headers like these: in printable ASCII.
func canBeSent(headers []string) bool {
	for _, header := range headers {
		for _, letter := range header {
			if letter < ' ' || letter > '~' {
				return false
			}
		}
	}
	return true
}

// handedOver is how a call ends that came with these headers.
func handedOver(headers []string, call func(context.Context) error) told {
	var trailer metadata.MD
	ctx := metadata.NewIncomingContext(context.Background(), metadata.MD{"authorization": headers})
	err := call(grpc.NewContextWithServerTransportStream(ctx, handedCall{&trailer}))
	return toldOf(err, trailer)
}

type handedCall struct{ trailer *metadata.MD }

func (handedCall) Method() string               { return checkMethod }
func (handedCall) SetHeader(metadata.MD) error  { return nil }
func (handedCall) SendHeader(metadata.MD) error { return nil }
func (c handedCall) SetTrailer(md metadata.MD) error {
	*c.trailer = metadata.Join(*c.trailer, md)
	return nil
}

type handedStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s handedStream) Context() context.Context { return s.ctx }

func TestTokenFixtures(t *testing.T) {
	t.Parallel()
	// Nobody listens there: what is asked for fails.
	verifier, err := symbolon.NewVerifier("127.0.0.1:1", "client", "secret")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = verifier.Close() })
	for _, each := range fixtures[struct{ Name, Token, Sent string }](t, "tokens.json") {
		_, live, err := verifier.Check(context.Background(), each.Token)
		isSent := err != nil
		if live || (each.Sent == "always" && !isSent) || (each.Sent == "never" && isSent) {
			t.Error(each.Name, live, err)
		}
	}
}

func fixtures[T any](t testing.TB, name string) []T {
	t.Helper()
	bytes, err := os.ReadFile(filepath.Join(testserver.Root(), "test", "sdk", "fixtures", name))
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	if err := json.Unmarshal(bytes, &all); err != nil || len(all) == 0 {
		t.Fatal(name, err)
	}
	return all
}
