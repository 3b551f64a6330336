package symbolon

import (
	"context"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
)

var (
	_ oauth2.TokenSource            = (*Login)(nil)
	_ credentials.PerRPCCredentials = (*Login)(nil)
)

const (
	// reuseEnd is how long before Expiry the package oauth2 takes a token for ended.
	reuseEnd = 10 * time.Second
	// reuse is how long it may hand out a token without asking again. A refresh or a sign-out ends a token sooner than its time does, and
	// asking costs a look into memory.
	reuse = 100 * time.Millisecond
)

// Token implements [oauth2.TokenSource]. It waits for no longer than the time for a call. Expiry is when to ask again, by the clock of this
// machine, and not when the token ends: what keeps tokens until then, such as [oauth2.ReuseTokenSource], hands out none that was replaced.
func (l *Login) Token() (*oauth2.Token, error) {
	lease, err := l.keeper.Token(context.Background())
	if err != nil {
		return nil, toldOfLogin(err)
	}
	return &oauth2.Token{
		AccessToken: lease.Token, TokenType: "Bearer", Expiry: time.Now().Add(min(lease.Left, reuseEnd+reuse)),
	}, nil
}

// GetRequestMetadata implements [credentials.PerRPCCredentials].
func (l *Login) GetRequestMetadata(ctx context.Context, _ ...string) (map[string]string, error) {
	token, err := l.AccessToken(ctx)
	if err != nil {
		return nil, err
	}
	return bearer(token), nil
}

// RequireTransportSecurity implements [credentials.PerRPCCredentials]: a channel without TLS does not take the login, unless it was made with
// WithPlaintext(true). To services on loopback the interceptors attach it without that.
func (l *Login) RequireTransportSecurity() bool {
	return !l.isPlaintext
}

func bearer(token string) map[string]string {
	return map[string]string{"authorization": "Bearer " + token}
}

// attached is the token of one call, so that it is known which one was refused.
type attached struct {
	token    string
	isSecure bool
}

func (a *attached) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return bearer(a.token), nil
}

func (a *attached) RequireTransportSecurity() bool {
	return a.isSecure
}

// attach is an option that has grpc-go refuse a channel without TLS to anything but loopback.
func (l *Login) attach(channel *grpc.ClientConn, options []grpc.CallOption, token string) []grpc.CallOption {
	isSecure := !l.isPlaintext && !isLoopback(channel.Target())
	return append(options[:len(options):len(options)], grpc.PerRPCCredentials(&attached{token, isSecure}))
}

// UnaryInterceptor attaches the token to each call of a channel, and makes a call once more that was answered UNAUTHENTICATED when there is
// another token by now. Give it with [grpc.WithUnaryInterceptor], and not beside [grpc.WithPerRPCCredentials]. Without TLS it attaches
// nothing, and the call fails; on loopback it does, and where the login was made with WithPlaintext(true).
func (l *Login) UnaryInterceptor() grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, request, reply any, channel *grpc.ClientConn, invoke grpc.UnaryInvoker,
		options ...grpc.CallOption) error {
		call := func() (string, error) {
			token, err := l.AccessToken(ctx)
			if err != nil {
				return "", err
			}
			return token, invoke(ctx, method, request, reply, channel, l.attach(channel, options, token)...)
		}
		token, err := call()
		if token == "" || status.Code(err) != codes.Unauthenticated || !l.Refused(ctx, token) {
			return err
		}
		if token, again := call(); token != "" {
			return again
		}
		return err
	}
}

// StreamInterceptor attaches the token to each stream of a channel when it begins. A stream that is refused is not begun again, for what was
// sent on it is gone; the next one has another token where there is one. Otherwise it is as [Login.UnaryInterceptor].
func (l *Login) StreamInterceptor() grpc.StreamClientInterceptor {
	return func(ctx context.Context, description *grpc.StreamDesc, channel *grpc.ClientConn, method string, streamer grpc.Streamer,
		options ...grpc.CallOption) (grpc.ClientStream, error) {
		token, err := l.AccessToken(ctx)
		if err != nil {
			return nil, err
		}
		stream, err := streamer(ctx, description, channel, method, l.attach(channel, options, token)...)
		if err != nil {
			return nil, err
		}
		return &attachedStream{ClientStream: stream, login: l, token: token}, nil
	}
}

type attachedStream struct {
	grpc.ClientStream
	login *Login
	token string
	once  sync.Once
}

// RecvMsg is where a stream tells how it ended.
func (s *attachedStream) RecvMsg(message any) error {
	err := s.ClientStream.RecvMsg(message)
	if status.Code(err) == codes.Unauthenticated {
		s.once.Do(func() {
			go s.login.Refused(context.Background(), s.token)
		})
	}
	return err
}
