package symbolon

import (
	"context"
	"sync"

	"google.golang.org/grpc"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/core"
)

// connection is a verifier's way to the server: one line, and the one before it until its calls have ended.
type connection struct {
	settings *settings
	caller   *basic

	mu      sync.Mutex
	line    *line
	retired *line
	closed  bool
}

// line is one channel. Another channel is another connection: that of a cut cable looks alive for long.
type line struct {
	channel *grpc.ClientConn
	tokens  symbolonv1.TokenServiceClient
	access  symbolonv1.AccessServiceClient
	// calls are those under way that have a deadline.
	calls   int
	retired bool
}

func newConnection(s *settings, caller *basic) (*connection, error) {
	c := &connection{settings: s, caller: caller}
	first, err := c.connect()
	if err != nil {
		return nil, err
	}
	c.line = first
	return c, nil
}

func (c *connection) connect() (*line, error) {
	channel, err := c.settings.connect(c.caller)
	if err != nil {
		return nil, err
	}
	return &line{
		channel: channel, tokens: symbolonv1.NewTokenServiceClient(channel), access: symbolonv1.NewAccessServiceClient(channel),
	}, nil
}

// renew goes on over another line. Calls on the old one end by themselves, for as long as the next one is good.
func (c *connection) renew() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	next, err := c.connect()
	if err != nil {
		return // The same settings were good before: where they aren't now, the line that there is goes on.
	}
	if c.retired != nil {
		c.retired.channel.Close()
	}
	c.retired, c.line = c.line, next
	c.retired.retired = true
	c.retired.cutIdle()
}

// cutIdle ends a line that nothing is under way on.
func (l *line) cutIdle() {
	if l.retired && l.calls == 0 {
		l.channel.Close()
	}
}

// call makes one that has a deadline.
func (c *connection) call(ctx context.Context, do func(ctx context.Context, line *line) error) error {
	c.mu.Lock()
	line := c.line
	line.calls++
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		line.calls--
		line.cutIdle()
	}()
	ctx, cancel := context.WithTimeout(ctx, c.settings.timeout)
	defer cancel()
	return do(ctx, line)
}

func (c *connection) introspect(ctx context.Context, tokens []string) (answers []core.Answer[*Caller], err error) {
	err = c.call(ctx, func(ctx context.Context, line *line) error {
		response, err := line.tokens.BatchIntrospect(ctx, &symbolonv1.BatchIntrospectRequest{Tokens: tokens})
		answers = toAnswers(response)
		return err
	})
	return answers, err
}

func (c *connection) checkAll(ctx context.Context, questions []core.Question) (answers []core.Answer[*Access], err error) {
	err = c.call(ctx, func(ctx context.Context, line *line) error {
		response, err := line.access.BatchCheck(ctx, toBatchCheck(questions))
		answers = toRights(questions, response)
		return err
	})
	return answers, err
}

// watch waits until the connection is there: what was given to the stack before would leave all together.
func (c *connection) watch(ctx context.Context) (symbolonv1.TokenService_WatchRevocationsClient, error) {
	c.mu.Lock()
	line := c.line
	c.mu.Unlock()
	return line.tokens.WatchRevocations(ctx)
}

func (c *connection) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.retired != nil {
		c.retired.channel.Close()
	}
	c.line.channel.Close()
}
