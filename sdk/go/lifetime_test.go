package symbolon_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
)

// Those who wait for a login have 10 s, and checks have 2.
func TestDefaultTimeouts(t *testing.T) {
	t.Parallel()
	deadlines := make(chan time.Duration, 10)
	told := func(ctx context.Context) error {
		deadline, _ := ctx.Deadline()
		deadlines <- time.Until(deadline)
		return status.Error(codes.Internal, "seen")
	}
	fake := &scripted{
		issue: func(ctx context.Context) (*symbolonv1.IssueResponse, error) { return nil, told(ctx) },
		batch: func(ctx context.Context, _ *symbolonv1.BatchIntrospectRequest) (*symbolonv1.BatchIntrospectResponse, error) {
			return nil, told(ctx)
		},
	}
	client := newClient(t, fake.start(t).address)
	if _, err := client.Tokens.Issue(context.Background(), &symbolonv1.IssueRequest{}); status.Code(err) == codes.Internal {
		if left := <-deadlines; left <= 2*time.Second || left > 10*time.Second {
			t.Error("of a login:", left)
		}
	}
	verifier, _ := watched(t, fake.address)
	_, _, err := verifier.Check(context.Background(), "token")
	var typed *symbolon.Error
	if errors.As(err, &typed) && typed.Code == codes.Internal {
		if left := <-deadlines; left > 2*time.Second {
			t.Error("of a check:", left)
		}
	}
}

// A client that is closed says so, also to those who wait, and that repeating is of no use.
func TestClosedClient(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 10)
	fake := &scripted{
		issue: func(ctx context.Context) (*symbolonv1.IssueResponse, error) {
			arrived <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		},
		watch: func(_ *symbolonv1.WatchRevocationsRequest, stream watchServer) error {
			arrived <- struct{}{}
			<-stream.Context().Done()
			return nil
		},
	}
	client := newClient(t, fake.start(t).address)
	ctx := context.Background()
	issue := func() error {
		_, err := client.Tokens.Issue(ctx, &symbolonv1.IssueRequest{})
		return err
	}
	watch := func() error {
		stream, err := client.Tokens.WatchRevocations(ctx)
		if err != nil {
			return err
		}
		if err := stream.Send(&symbolonv1.WatchRevocationsRequest{}); err != nil {
			return err
		}
		_, err = stream.Recv()
		return err
	}
	ended := make(chan error, 2)
	go func() { ended <- issue() }()
	go func() { ended <- watch() }()
	<-arrived
	<-arrived
	for range 2 {
		if err := client.Close(); err != nil {
			t.Error("closed again:", err)
		}
	}
	for _, err := range []error{<-ended, <-ended, issue(), watch()} {
		var typed *symbolon.Error
		if !errors.As(err, &typed) || typed.Code != codes.Canceled || typed.Retryable ||
			!strings.HasSuffix(typed.Message, "CANCELLED: the client is closed: make a new one") || status.Code(err) != codes.Canceled {
			t.Errorf("%T %v", err, err)
		}
	}
	// Who gave up is told that, and nothing else.
	given, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := client.Tokens.Issue(given, &symbolonv1.IssueRequest{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
