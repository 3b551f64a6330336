package symbolon_test

import (
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
)

// scripted plays what a real server never does, over a real socket.
type scripted struct {
	symbolonv1.UnimplementedTokenServiceServer
	address string
	// batch answers BatchIntrospect, and watch WatchRevocations.
	batch   func(context.Context, *symbolonv1.BatchIntrospectRequest) (*symbolonv1.BatchIntrospectResponse, error)
	watch   func(*symbolonv1.WatchRevocationsRequest, symbolonv1.TokenService_WatchRevocationsServer) error
	revoke  func(context.Context) (*symbolonv1.RevokeResponse, error)
	issue   func(context.Context) (*symbolonv1.IssueResponse, error)
	refresh func(context.Context, *symbolonv1.RefreshRequest) (*symbolonv1.RefreshResponse, error)
	// describe answers DescribeToken: nil is live.
	describe func(*symbolonv1.DescribeTokenRequest) error
	calls    atomic.Int64
	streams  atomic.Int64
	// refreshes are the calls of Refresh; ids the request ids of Issue.
	refreshes atomic.Int64
	mu        sync.Mutex
	ids       []string
	// issued are the requests of Issue.
	issued []*symbolonv1.IssueRequest
	// begin answers BeginDeviceAuthorization, and check each question of BatchCheck.
	begin  func(*symbolonv1.BeginDeviceAuthorizationRequest) (*symbolonv1.BeginDeviceAuthorizationResponse, error)
	check  func(*symbolonv1.CheckRequest) (*symbolonv1.CheckResponse, error)
	checks atomic.Int64
}

func (s *scripted) BeginDeviceAuthorization(_ context.Context, request *symbolonv1.BeginDeviceAuthorizationRequest) (*symbolonv1.BeginDeviceAuthorizationResponse, error) {
	return s.begin(request)
}

type scriptedAccess struct {
	symbolonv1.UnimplementedAccessServiceServer
	*scripted
}

func (s scriptedAccess) BatchCheck(_ context.Context, request *symbolonv1.BatchCheckRequest) (*symbolonv1.BatchCheckResponse, error) {
	s.checks.Add(1)
	response := &symbolonv1.BatchCheckResponse{}
	for _, each := range request.GetChecks() {
		answer, err := s.check(each)
		if err != nil {
			return nil, err
		}
		response.Answers = append(response.Answers, answer)
	}
	return response, nil
}

func (s *scripted) BatchIntrospect(ctx context.Context, request *symbolonv1.BatchIntrospectRequest) (*symbolonv1.BatchIntrospectResponse, error) {
	s.calls.Add(1)
	if s.batch == nil {
		return allLive(request), nil
	}
	return s.batch(ctx, request)
}

func (s *scripted) Revoke(ctx context.Context, _ *symbolonv1.RevokeRequest) (*symbolonv1.RevokeResponse, error) {
	s.calls.Add(1)
	if s.revoke == nil {
		return &symbolonv1.RevokeResponse{}, nil
	}
	return s.revoke(ctx)
}

func (s *scripted) Issue(ctx context.Context, request *symbolonv1.IssueRequest) (*symbolonv1.IssueResponse, error) {
	s.calls.Add(1)
	s.mu.Lock()
	s.ids = append(s.ids, request.GetRequestId())
	s.issued = append(s.issued, request)
	s.mu.Unlock()
	return s.issue(ctx)
}

func (s *scripted) Refresh(ctx context.Context, request *symbolonv1.RefreshRequest) (*symbolonv1.RefreshResponse, error) {
	s.refreshes.Add(1)
	return s.refresh(ctx, request)
}

func (s *scripted) DescribeToken(_ context.Context, request *symbolonv1.DescribeTokenRequest) (*symbolonv1.DescribeTokenResponse, error) {
	return &symbolonv1.DescribeTokenResponse{Kind: symbolonv1.TokenKind_TOKEN_KIND_USER}, s.describe(request)
}

// notLive is what DescribeToken answers of a token that has ended.
func notLive() error {
	told, err := status.New(codes.FailedPrecondition, "it is not live").WithDetails(
		&errdetails.ErrorInfo{Domain: "symbolon.internal", Reason: "INVALID_CREDENTIALS"})
	if err != nil {
		return err
	}
	return told.Err()
}

func (s *scripted) requestIDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids)
}

func (s *scripted) WatchRevocations(stream symbolonv1.TokenService_WatchRevocationsServer) error {
	s.streams.Add(1)
	if s.watch == nil {
		return status.Error(codes.Unavailable, "not now")
	}
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	return s.watch(first, stream)
}

// echo answers each heartbeat from here on, until the stream ends.
func echo(stream symbolonv1.TokenService_WatchRevocationsServer, revision uint64, heartbeat uint64, afresh bool) error {
	for {
		response := &symbolonv1.WatchRevocationsResponse{
			PreviousRevision: revision, Revision: revision, Heartbeat: heartbeat, Afresh: afresh,
		}
		if err := stream.Send(response); err != nil {
			return err
		}
		request, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		heartbeat, afresh = request.GetHeartbeat(), false
	}
}

func allLive(request *symbolonv1.BatchIntrospectRequest) *symbolonv1.BatchIntrospectResponse {
	response := &symbolonv1.BatchIntrospectResponse{}
	for _, token := range request.GetTokens() {
		response.Answers = append(response.Answers, liveAnswer(token))
	}
	return response
}

// start serves it until the test ends.
func (s *scripted) start(t testing.TB, options ...grpc.ServerOption) *scripted {
	t.Helper()
	server := grpc.NewServer(options...)
	symbolonv1.RegisterTokenServiceServer(server, s)
	if s.check != nil {
		symbolonv1.RegisterAccessServiceServer(server, scriptedAccess{scripted: s})
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return s
}

// peer accepts connections and does with each what it is told to; it counts them.
type peer struct {
	address  string
	accepted atomic.Int64
	open     atomic.Int64
}

func newPeer(t testing.TB, serve func(net.Conn)) *peer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{address: listener.Addr().String()}
	var all sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		all.Wait()
	})
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.accepted.Add(1)
			p.open.Add(1)
			all.Go(func() {
				defer p.open.Add(-1)
				defer conn.Close()
				serve(conn)
			})
		}
	})
	return p
}
