package symbolon

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	"symbolon.internal/sdk/go/internal/core"
)

const (
	// healthy is how long a stream or connection lasted that was no failure.
	healthy = 2 * time.Second
	// pingEvery keeps what is between here and the server from forgetting the connection. The server lets clients ping so often.
	pingEvery   = 30 * time.Second
	pingTimeout = 10 * time.Second
)

var errPause = errors.New("connections end as soon as they are set up. See that the address is the port of gRPC, that both sides " +
	"speak TLS or neither, that the certificate is good, and that there are not hundreds of verifiers: one is enough for a process")

// connect makes a channel. It connects with the first call.
func (s *settings) connect(caller *basic) (*grpc.ClientConn, error) {
	transport := insecure.NewCredentials()
	if !s.speaksPlaintext() {
		transport = credentials.NewClientTLSFromCert(s.roots, "")
	}
	options := append([]grpc.DialOption{
		grpc.WithTransportCredentials(&paced{transport, &pace{}}),
		grpc.WithPerRPCCredentials(caller),
		grpc.WithDefaultServiceConfig(serviceConfig()),
		// What DNS says of retries can't be what the contract says.
		grpc.WithDisableServiceConfig(),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: pingEvery, Timeout: pingTimeout, PermitWithoutStream: true}),
		grpc.WithConnectParams(grpc.ConnectParams{
			// As the watch itself waits: a server that is back must not be waited for longer.
			Backoff: backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 2, Jitter: 0.5, MaxDelay: 2 * time.Second},
			// As long as a stream is waited for at most. More connections make a slow server no quicker.
			MinConnectTimeout: core.Patience(math.MaxInt),
		}),
	}, s.dialOptions...)
	channel, err := grpc.NewClient(s.address, options...)
	if err != nil {
		return nil, invalid("address can't be used: %v", err)
	}
	return channel, nil
}

// paced is credentials that are given each connection before HTTP/2 is set up on it. Where one ends as soon as that is done, grpc-go
// connects again at once, for each attempt of each call.
type paced struct {
	credentials.TransportCredentials
	pace *pace
}

func (p *paced) ClientHandshake(ctx context.Context, authority string, raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	if p.pace.mustWait() {
		return nil, nil, errPause
	}
	secure, info, err := p.TransportCredentials.ClientHandshake(ctx, authority, raw)
	if err != nil {
		return nil, nil, err
	}
	return &pacedConn{Conn: secure, pace: p.pace, begun: time.Now()}, info, nil
}

func (p *paced) Clone() credentials.TransportCredentials {
	return &paced{p.TransportCredentials.Clone(), p.pace}
}

// pace is how many connections were no good one after the other, and before when there is no other.
type pace struct {
	mu        sync.Mutex
	bad       int
	notBefore time.Time
}

func (p *pace) mustWait() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Now().Before(p.notBefore)
}

func (p *pace) ended(lasted time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if lasted >= healthy {
		p.bad = 0
		return
	}
	p.notBefore = time.Now().Add(core.Backoff(core.Failure{Earlier: p.bad}, rand.Float64()))
	p.bad++
}

// pacedConn is one connection. Only those count on which the server set up HTTP/2: of others grpc-go says what is wrong, and waits.
type pacedConn struct {
	net.Conn
	pace  *pace
	begun time.Time
	// head is how much of the server's first frame was read, and isSetUp whether it is SETTINGS (RFC 9113 section 3.4).
	head    int
	isSetUp bool
	once    sync.Once
}

const (
	frameTypeAt   = 3
	frameSettings = 4
)

// Read is called by one goroutine.
func (c *pacedConn) Read(bytes []byte) (int, error) {
	n, err := c.Conn.Read(bytes)
	if c.head <= frameTypeAt {
		if at := frameTypeAt - c.head; at < n {
			c.pace.mu.Lock()
			c.isSetUp = bytes[at] == frameSettings
			c.pace.mu.Unlock()
		}
		c.head += n
	}
	return n, err
}

func (c *pacedConn) Close() error {
	c.once.Do(func() {
		c.pace.mu.Lock()
		isSetUp := c.isSetUp
		c.pace.mu.Unlock()
		if isSetUp {
			c.pace.ended(time.Since(c.begun))
		}
	})
	return c.Conn.Close()
}
