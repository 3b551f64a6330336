package symbolon_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/testserver"
)

// watched is a verifier of an address, and the ends of its watch.
func watched(t testing.TB, address string, options ...symbolon.VerifierOption) (*symbolon.Verifier, <-chan *symbolon.Error) {
	t.Helper()
	ends := make(chan *symbolon.Error, 10_000)
	options = append(options, symbolon.WithWatchEnd(func(err *symbolon.Error, _ time.Duration) { ends <- err }))
	verifier, err := symbolon.NewVerifier(address, "client", "secret", options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = verifier.Close() })
	return verifier, ends
}

type watchServer = symbolonv1.TokenService_WatchRevocationsServer

// Whatever breaks a stream, the next one begins where it should, and nothing that may have ended is kept.
func TestBrokenStreams(t *testing.T) {
	t.Parallel()
	for name, each := range map[string]struct {
		message  any
		err      error
		isAfresh bool
	}{
		"the server ends it":   {nil, nil, false},
		"the server can't":     {nil, status.Error(codes.Unavailable, "stopping"), false},
		"the position is lost": {nil, status.Error(codes.OutOfRange, "lost"), true},
		// As an event, these three bytes end within a field.
		"it can't be read":             {&symbolonv1.UserPassword{Password: "abc"}, nil, true},
		"an event is left out":         {&symbolonv1.WatchRevocationsResponse{PreviousRevision: 7, Revision: 8}, nil, true},
		"it goes on somewhere else":    {&symbolonv1.WatchRevocationsResponse{PreviousRevision: 5, Revision: 5}, nil, true},
		"somebody else has its id":     {nil, withReason(codes.Aborted, "WATCHER_REPLACED"), true},
		"an unknown reason to end it ": {nil, withReason(codes.Aborted, "WATCHER_TOO_SLOW"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			starts := make(chan *symbolonv1.WatchStart, 10)
			var begun atomic.Int64
			fake := &scripted{}
			fake.watch = func(first *symbolonv1.WatchRevocationsRequest, stream watchServer) error {
				starts <- first.GetStart()
				if begun.Add(1) > 1 {
					revision := first.GetStart().ResumeRevision
					return echo(stream, 7, first.GetHeartbeat(), revision == nil)
				}
				opening := &symbolonv1.WatchRevocationsResponse{PreviousRevision: 7, Revision: 7, Heartbeat: first.GetHeartbeat(), Afresh: true}
				if err := stream.Send(opening); err != nil {
					return err
				}
				if each.message != nil {
					if err := stream.SendMsg(each.message); err != nil {
						return err
					}
					<-stream.Context().Done()
				}
				return each.err
			}
			verifier, ends := watched(t, fake.start(t).address)
			first, second := <-starts, <-starts
			if err := <-ends; err == nil {
				t.Fatal("nobody was told")
			}
			if (second.ResumeRevision == nil) != each.isAfresh || len(first.GetVerifierId()) != 22 {
				t.Fatal(first, second)
			}
			isReplaced := first.GetVerifierId() != second.GetVerifierId()
			if isReplaced != (name == "somebody else has its id") {
				t.Fatal("another id:", isReplaced)
			}
			testserver.Eventually(t, "open again", verifier.IsOpen)
		})
	}
}

func withReason(code codes.Code, reason string) error {
	told, err := status.New(code, "told").WithDetails(&errdetails.ErrorInfo{Domain: "symbolon.internal", Reason: reason})
	if err != nil {
		return err
	}
	return told.Err()
}

// An event that ends something this package has no word for ends everything.
func TestUnknownTarget(t *testing.T) {
	t.Parallel()
	next := make(chan *symbolonv1.WatchRevocationsResponse)
	requests := make(chan *symbolonv1.WatchRevocationsRequest, 1_000)
	fake := &scripted{}
	fake.watch = func(first *symbolonv1.WatchRevocationsRequest, stream watchServer) error {
		go func() {
			for {
				request, err := stream.Recv()
				if err != nil {
					return
				}
				requests <- request
			}
		}()
		opening := &symbolonv1.WatchRevocationsResponse{PreviousRevision: 1, Revision: 1, Heartbeat: first.GetHeartbeat(), Afresh: true}
		for {
			if err := stream.Send(opening); err != nil {
				return err
			}
			select {
			case opening = <-next:
			case <-stream.Context().Done():
				return nil
			}
		}
	}
	verifier, _ := watched(t, fake.start(t).address)
	testserver.Eventually(t, "kept", func() bool {
		_, live, err := verifier.Check(context.Background(), "token")
		return err == nil && live && verifier.Size() == 1
	})
	next <- &symbolonv1.WatchRevocationsResponse{
		PreviousRevision: 1, Revision: 2, Events: []*symbolonv1.RevocationEvent{{Revision: 2}}, AcknowledgeNow: true,
	}
	// At once, and not with the next heartbeat.
	for request := range requests {
		if request.GetAcknowledgedRevision() > 1 || request.GetHeartbeat() == 0 {
			if request.GetAcknowledgedRevision() != 2 || request.GetHeartbeat() != 0 {
				t.Fatal(request)
			}
			break
		}
	}
	if verifier.Size() != 0 {
		t.Fatal("something is kept that may have ended")
	}
}

// An older server knows neither call: an error that names the mend, and not a call for each check.
func TestOlderServer(t *testing.T) {
	t.Parallel()
	fake := &scripted{
		batch: func(context.Context, *symbolonv1.BatchIntrospectRequest) (*symbolonv1.BatchIntrospectResponse, error) {
			return nil, status.Error(codes.Unimplemented, "unknown method BatchIntrospect")
		},
		watch: func(*symbolonv1.WatchRevocationsRequest, watchServer) error {
			return status.Error(codes.Unimplemented, "unknown method WatchRevocations")
		},
	}
	verifier, ends := watched(t, fake.start(t).address)
	if err := <-ends; err.Code != codes.Unimplemented {
		t.Fatal(err)
	}
	begun := time.Now()
	for range 10_000 {
		_, live, err := verifier.Check(context.Background(), "token")
		var typed *symbolon.Error
		if live || !errors.As(err, &typed) || typed.Code != codes.Unimplemented || typed.Retryable ||
			!strings.Contains(typed.Message, "Bring the server to the version of this package") {
			t.Fatal(live, err)
		}
		// A handler that returns it as it is must not tell a client that its own token is bad.
		if status.Code(err) != codes.Unknown {
			t.Fatal("it is a status of gRPC")
		}
	}
	if limit := 2 + int64(time.Since(begun)/time.Second); fake.calls.Load() > limit {
		t.Fatal("too many calls:", fake.calls.Load())
	}
}

// What the server answers of other tokens is of no use.
func TestWrongAnswers(t *testing.T) {
	t.Parallel()
	fake := &scripted{}
	fake.batch = func(context.Context, *symbolonv1.BatchIntrospectRequest) (*symbolonv1.BatchIntrospectResponse, error) {
		return &symbolonv1.BatchIntrospectResponse{Answers: []*symbolonv1.IntrospectResponse{liveAnswer("a"), liveAnswer("b")}}, nil
	}
	verifier, _ := watched(t, fake.start(t).address)
	_, live, err := verifier.Check(context.Background(), "token")
	var typed *symbolon.Error
	if live || !errors.As(err, &typed) || typed.Code != codes.Internal {
		t.Fatal(live, err)
	}
}

// A check joins what is not sent yet, never what is on its way; one that is given up leaves the call to the others.
func TestJoinsOnlyWhatIsNotSent(t *testing.T) {
	t.Parallel()
	arrived, answer := make(chan []string, 10), make(chan struct{})
	fake := &scripted{}
	fake.batch = func(ctx context.Context, request *symbolonv1.BatchIntrospectRequest) (*symbolonv1.BatchIntrospectResponse, error) {
		arrived <- slices.Clone(request.GetTokens())
		select {
		case <-answer:
			return allLive(request), nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	verifier, _ := watched(t, fake.start(t).address, symbolon.WithTimeout(time.Minute))
	ctx, cancel := context.WithCancel(context.Background())
	given := make(chan error)
	go func() {
		_, _, err := verifier.Check(ctx, "token")
		given <- err
	}()
	<-arrived
	second := make(chan error)
	go func() {
		_, live, err := verifier.Check(context.Background(), "token")
		if err == nil && !live {
			err = errors.New("not live")
		}
		second <- err
	}()
	if tokens := <-arrived; len(tokens) != 1 {
		t.Fatal(tokens)
	}
	cancel()
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	close(answer)
	if err := <-second; err != nil {
		t.Fatal(err)
	}
	// The call of the one that was given up went on, and its answer was good for nobody; but it came.
	if fake.calls.Load() != 2 {
		t.Fatal(fake.calls.Load())
	}
}

// Many that miss at once go out in few calls, of 250 tokens at most.
func TestBatches(t *testing.T) {
	t.Parallel()
	var tokens atomic.Int64
	fake := &scripted{}
	fake.batch = func(_ context.Context, request *symbolonv1.BatchIntrospectRequest) (*symbolonv1.BatchIntrospectResponse, error) {
		if len(request.GetTokens()) > 250 {
			return nil, status.Error(codes.InvalidArgument, "too many")
		}
		tokens.Add(int64(len(request.GetTokens())))
		return allLive(request), nil
	}
	verifier, _ := watched(t, fake.start(t).address)
	// The first connects.
	if _, _, err := verifier.Check(context.Background(), "first"); err != nil {
		t.Fatal(err)
	}
	const checks = 5_000
	var all sync.WaitGroup
	begin := make(chan struct{})
	for index := range checks {
		all.Go(func() {
			<-begin
			caller, live, err := verifier.Check(context.Background(), fmt.Sprint("token-", index))
			if !live || err != nil || caller.SubjectID != fmt.Sprint("of token-", index) {
				t.Error(index, caller, live, err)
			}
		})
	}
	close(begin)
	all.Wait()
	if tokens.Load() != checks+1 || fake.calls.Load() > checks/5 {
		t.Fatal("calls:", fake.calls.Load(), "tokens:", tokens.Load())
	}
}

// Peers that accept and do nothing good: few connections, errors and not hangs, and nothing is left.
func TestBadPeers(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func(net.Conn){
		"silent":   func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) },
		"hangs up": func(net.Conn) {},
		"HTTP/1": func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
		},
		"goes away":  settingsAndGoAway,
		"only ends ": settingsAndEnd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := newPeer(t, serve)
			verifier, ends := watched(t, bad.address, symbolon.WithTimeout(300*time.Millisecond))
			begun := time.Now()
			for time.Since(begun) < 3*time.Second {
				_, live, err := verifier.Check(context.Background(), "token")
				var typed *symbolon.Error
				if live || !errors.As(err, &typed) || !typed.Retryable {
					t.Fatal(live, err)
				}
			}
			if err := <-ends; err == nil {
				t.Fatal("nobody was told")
			}
			seconds := int64(time.Since(begun)/time.Second) + 1
			if bad.accepted.Load() > 12*seconds {
				t.Error("connections:", bad.accepted.Load(), "in", seconds, "s")
			}
			_ = verifier.Close()
			testserver.Eventually(t, "its sockets are closed", func() bool { return bad.open.Load() == 0 })
		})
	}
}

func settingsAndEnd(conn net.Conn) {
	_, _ = io.ReadFull(conn, make([]byte, len(http2.ClientPreface)))
	_ = http2.NewFramer(conn, conn).WriteSettings()
}

func settingsAndGoAway(conn net.Conn) {
	_, _ = io.ReadFull(conn, make([]byte, len(http2.ClientPreface)))
	framer := http2.NewFramer(conn, conn)
	_ = framer.WriteSettings()
	_ = framer.WriteGoAway(0, http2.ErrCodeNo, nil)
	_, _ = io.Copy(io.Discard, conn)
}

// One for each request, by mistake: more than a server takes connections of one address. No check hangs or says what is not so, the service
// is told what to mend, and nothing is left of them. It is not parallel, for it counts goroutines.
func TestHundredsOfVerifiers(t *testing.T) {
	// The server takes 512 connections of one address.
	const many = 540
	server := testserver.Start(t)
	token := logIn(t, newAdmin(t, server), server).GetAccessToken()
	before := runtime.NumGoroutine()
	var isTold atomic.Bool
	var all sync.WaitGroup
	verifiers := make(chan *symbolon.Verifier, many)
	for range many {
		all.Go(func() {
			verifier := newVerifier(t, server, symbolon.WithWatchEnd(func(err *symbolon.Error, _ time.Duration) {
				// Which of both it is hangs on how long a connection lasted, so on how busy the machine is.
				told := err.Error()
				if strings.Contains(told, "one is enough for a process") || strings.Contains(told, "make one verifier and keep it") {
					isTold.Store(true)
				}
			}))
			verifiers <- verifier
			_, live, err := verifier.Check(context.Background(), token)
			var typed *symbolon.Error
			if (err == nil && !live) || (err != nil && (!errors.As(err, &typed) || !typed.Retryable)) {
				t.Error(live, err)
			}
		})
	}
	all.Wait()
	testserver.Eventually(t, "told what to mend", isTold.Load)
	for range many {
		verifier := <-verifiers
		all.Go(func() { _ = verifier.Close() })
	}
	all.Wait()
	testserver.Eventually(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= before })
	verifier := newVerifier(t, server)
	testserver.Eventually(t, "one is as good as ever", func() bool {
		_, live, err := verifier.Check(context.Background(), token)
		return err == nil && live && verifier.IsOpen()
	})
}
