package symbolon

import (
	"context"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
)

// Client has every call of the contract, on one channel. Errors are an [*Error], and as statuses of grpc-go too. After UNAVAILABLE a call
// is repeated, twice at most, where the contract says that this is safe. A call whose context has no deadline gets one, streams apart. All
// may be called by many goroutines at once.
type Client struct {
	Audit   symbolonv1.AuditServiceClient
	Clients symbolonv1.ClientServiceClient
	Devices symbolonv1.DeviceServiceClient
	Server  symbolonv1.ServerServiceClient
	Tenants symbolonv1.TenantServiceClient
	Tokens  symbolonv1.TokenServiceClient
	Users   symbolonv1.UserServiceClient

	channel *grpc.ClientConn
	caller  *basic
}

// NewClient connects with its first call. A public client has an empty secret. The error is an [*Error] that names an option that is
// wrong. address is host:port of the server.
func NewClient(address, clientID, clientSecret string, options ...ClientOption) (*Client, error) {
	settings := newSettings(address)
	for _, option := range options {
		option.client(settings)
	}
	if err := settings.check(); err != nil {
		return nil, err
	}
	if !isText(clientID) {
		return nil, invalid("client id must be a text that is not empty")
	}
	settings.dialOptions = append([]grpc.DialOption{
		grpc.WithChainUnaryInterceptor(typedErrors, withDeadline(settings.timeout)),
		grpc.WithChainStreamInterceptor(typedStreamErrors),
	}, settings.dialOptions...)
	caller := newBasic(clientID, clientSecret, !settings.speaksPlaintext())
	channel, err := settings.connect(caller)
	if err != nil {
		return nil, err
	}
	return &Client{
		Audit:   symbolonv1.NewAuditServiceClient(channel),
		Clients: symbolonv1.NewClientServiceClient(channel),
		Devices: symbolonv1.NewDeviceServiceClient(channel),
		Server:  symbolonv1.NewServerServiceClient(channel),
		Tenants: symbolonv1.NewTenantServiceClient(channel),
		Tokens:  symbolonv1.NewTokenServiceClient(channel),
		Users:   symbolonv1.NewUserServiceClient(channel),
		channel: channel,
		caller:  caller,
	}, nil
}

// UseClientSecret goes on with another secret of the client: calls from now on carry it.
func (c *Client) UseClientSecret(clientSecret string) {
	c.caller.use(clientSecret)
}

// Close ends the channel, and the calls that are under way.
func (c *Client) Close() error {
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

func typedErrors(ctx context.Context, method string, request, reply any, channel *grpc.ClientConn, invoke grpc.UnaryInvoker,
	options ...grpc.CallOption) error {
	return ofCall(ctx, method, invoke(ctx, method, request, reply, channel, options...))
}

func typedStreamErrors(ctx context.Context, description *grpc.StreamDesc, channel *grpc.ClientConn, method string,
	streamer grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := streamer(ctx, description, channel, method, options...)
	if err != nil {
		return nil, ofCall(ctx, method, err)
	}
	return &typedStream{stream, method}, nil
}

type typedStream struct {
	grpc.ClientStream
	method string
}

func (s *typedStream) RecvMsg(message any) error {
	err := s.ClientStream.RecvMsg(message)
	if err == io.EOF {
		return err
	}
	return ofCall(s.Context(), s.method, err)
}

func (s *typedStream) SendMsg(message any) error {
	err := s.ClientStream.SendMsg(message)
	if err == io.EOF {
		return err
	}
	return ofCall(s.Context(), s.method, err)
}
