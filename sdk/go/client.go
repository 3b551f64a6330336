package symbolon

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
)

// Client has every call of the contract, on one channel. Errors are an [*Error], and as statuses of grpc-go too. After UNAVAILABLE a call
// is repeated, twice at most, where the contract says that this is safe. A call whose context has no deadline gets one, streams apart. All
// may be called by many goroutines at once.
type Client struct {
	// Access tells what the bearers of tokens may do.
	Access  symbolonv1.AccessServiceClient
	Audit   symbolonv1.AuditServiceClient
	Clients symbolonv1.ClientServiceClient
	// Consents keeps what users granted to clients.
	Consents symbolonv1.ConsentServiceClient
	Devices  symbolonv1.DeviceServiceClient
	// ResourceServers keeps the services that tokens may be for alone.
	ResourceServers symbolonv1.ResourceServerServiceClient
	Server          symbolonv1.ServerServiceClient
	Tenants         symbolonv1.TenantServiceClient
	Tokens          symbolonv1.TokenServiceClient
	Users           symbolonv1.UserServiceClient

	channel *grpc.ClientConn
	caller  *basic
	calls   *calls
}

// NewClient connects with its first call. A public client has an empty secret. The error is an [*Error] that names an option that is
// wrong. address is host:port of the server.
func NewClient(address, clientID, clientSecret string, options ...ClientOption) (*Client, error) {
	settings := newSettings(address, callTimeout)
	for _, option := range options {
		option.client(settings)
	}
	return settings.newClient(clientID, clientSecret)
}

func (s *settings) newClient(clientID, clientSecret string) (*Client, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if !isText(clientID) {
		return nil, invalid("client id must be a text that is not empty")
	}
	if clientSecret != "" {
		if err := checkSecret(clientSecret); err != nil {
			return nil, err
		}
	}
	calls := &calls{}
	s.dialOptions = append([]grpc.DialOption{
		grpc.WithChainUnaryInterceptor(calls.unary, withDeadline(s.timeout)),
		grpc.WithChainStreamInterceptor(calls.stream),
	}, s.dialOptions...)
	caller := newBasic(clientID, clientSecret, !s.speaksPlaintext())
	channel, err := s.connect(caller)
	if err != nil {
		return nil, err
	}
	return &Client{
		Access:          symbolonv1.NewAccessServiceClient(channel),
		Audit:           symbolonv1.NewAuditServiceClient(channel),
		Clients:         symbolonv1.NewClientServiceClient(channel),
		Consents:        symbolonv1.NewConsentServiceClient(channel),
		ResourceServers: symbolonv1.NewResourceServerServiceClient(channel),
		Devices:         symbolonv1.NewDeviceServiceClient(channel),
		Server:          symbolonv1.NewServerServiceClient(channel),
		Tenants:         symbolonv1.NewTenantServiceClient(channel),
		Tokens:          symbolonv1.NewTokenServiceClient(channel),
		Users:           symbolonv1.NewUserServiceClient(channel),
		channel:         channel,
		caller:          caller,
		calls:           calls,
	}, nil
}

// UseClientSecret goes on with another secret of the client: calls from now on carry it. The error is an [*Error]: it is empty, not
// UTF-8, or ends with a line break.
func (c *Client) UseClientSecret(clientSecret string) error {
	if err := checkSecret(clientSecret); err != nil {
		return err
	}
	c.caller.use(clientSecret)
	return nil
}

// Close ends the channel, and the calls that are under way. Calls fail from here on. It may be called again.
func (c *Client) Close() error {
	if c.calls.closed.Swap(true) {
		return nil
	}
	return c.channel.Close()
}

// Format implements [fmt.Formatter]: with every verb it shows no secret.
func (c *Client) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "symbolon.Client")
}

func withDeadline(timeout time.Duration) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, request, reply any, channel *grpc.ClientConn, invoke grpc.UnaryInvoker,
		options ...grpc.CallOption) error {
		if _, ok := ctx.Deadline(); !ok {
			limited, cancel := context.WithTimeout(ctx, timeout)
			defer cancel()
			ctx = limited
		}
		return invoke(ctx, method, request, reply, channel, options...)
	}
}

// calls are those of one client, whose errors are an [*Error].
type calls struct {
	closed atomic.Bool
}

func (c *calls) unary(ctx context.Context, method string, request, reply any, channel *grpc.ClientConn, invoke grpc.UnaryInvoker,
	options ...grpc.CallOption) error {
	return c.failed(ctx, method, invoke(ctx, method, request, reply, channel, options...))
}

func (c *calls) stream(ctx context.Context, description *grpc.StreamDesc, channel *grpc.ClientConn, method string,
	streamer grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := streamer(ctx, description, channel, method, options...)
	if err != nil {
		return nil, c.failed(ctx, method, err)
	}
	return &typedStream{stream, c, ctx, method}, nil
}

// failed is how a call ended whose caller gave this context.
func (c *calls) failed(ctx context.Context, method string, err error) error {
	code := status.Code(err)
	// What is under way then ends with one or the other.
	if isCut := code == codes.Canceled || code == codes.Unavailable; isCut && c.closed.Load() && ctx.Err() == nil {
		e := failed(codes.Canceled, method, "CANCELLED: the client is closed: make a new one")
		e.cause = status.Error(codes.Canceled, e.Message)
		return e
	}
	return ofCall(ctx, method, err)
}

type typedStream struct {
	grpc.ClientStream
	calls  *calls
	ctx    context.Context
	method string
}

func (s *typedStream) Header() (metadata.MD, error) {
	header, err := s.ClientStream.Header()
	return header, s.failed(err)
}

func (s *typedStream) CloseSend() error {
	return s.failed(s.ClientStream.CloseSend())
}

func (s *typedStream) RecvMsg(message any) error {
	return s.failed(s.ClientStream.RecvMsg(message))
}

func (s *typedStream) SendMsg(message any) error {
	return s.failed(s.ClientStream.SendMsg(message))
}

func (s *typedStream) failed(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return s.calls.failed(s.ctx, s.method, err)
}
