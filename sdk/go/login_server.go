package symbolon

import (
	"context"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/login"
)

var kindsOfRecords = map[login.Kind]Kind{
	login.User: KindUser, login.Device: KindDevice, login.Application: KindApplication, login.Admin: KindAdmin, login.Anonymous: KindAnonymous,
}

var kindsOfTokens = map[symbolonv1.TokenKind]login.Kind{
	symbolonv1.TokenKind_TOKEN_KIND_USER:        login.User,
	symbolonv1.TokenKind_TOKEN_KIND_DEVICE:      login.Device,
	symbolonv1.TokenKind_TOKEN_KIND_APPLICATION: login.Application,
	symbolonv1.TokenKind_TOKEN_KIND_ADMIN:       login.Admin,
	symbolonv1.TokenKind_TOKEN_KIND_ANONYMOUS:   login.Anonymous,
}

// loginServer is the server, as the rules of a login ask it.
type loginServer struct {
	client   *Client
	clientID string
	scopes   []string
	resource string
	secret   *atomic.Pointer[string]
}

// toFailure is what the rules go by.
func toFailure(err error) error {
	e := toError("login", err)
	return &login.Failure{
		Code: e.Code, Reason: e.Reason, EndedBy: e.EndedBy, RetryAfter: e.RetryAfter, Message: e.Message, Cause: e,
	}
}

// Refresh implements login.Server.
func (s *loginServer) Refresh(ctx context.Context, refreshToken string) (login.Record, error) {
	response, err := s.client.Tokens.Refresh(ctx, &symbolonv1.RefreshRequest{RefreshToken: refreshToken})
	if err != nil {
		return login.Record{}, toFailure(err)
	}
	return toRecord(response.GetTokens())
}

// BeginAgain implements login.Server.
func (s *loginServer) BeginAgain(ctx context.Context, kind login.Kind, requestID string) (login.Record, error) {
	if kind == login.Anonymous {
		return s.issue(ctx, requestID, s.anonymous())
	}
	return s.issue(ctx, requestID, s.own())
}

func (s *loginServer) anonymous() *symbolonv1.IssueRequest {
	return &symbolonv1.IssueRequest{
		Credential: &symbolonv1.IssueRequest_Anonymous{Anonymous: &symbolonv1.Anonymous{ClientId: s.clientID}},
	}
}

// own is by the secret of the moment.
func (s *loginServer) own() *symbolonv1.IssueRequest {
	secret := &symbolonv1.ClientSecret{ClientId: s.clientID, ClientSecret: *s.secret.Load()}
	return &symbolonv1.IssueRequest{Credential: &symbolonv1.IssueRequest_ClientSecret{ClientSecret: secret}}
}

func (s *loginServer) issue(ctx context.Context, requestID string, request *symbolonv1.IssueRequest) (login.Record, error) {
	request.RequestId, request.Scopes, request.Resource = requestID, s.scopes, s.resource
	return s.issued(ctx, request)
}

func (s *loginServer) issued(ctx context.Context, request *symbolonv1.IssueRequest, options ...grpc.CallOption) (login.Record, error) {
	response, err := s.client.Tokens.Issue(ctx, request, options...)
	if err != nil {
		return login.Record{}, toFailure(err)
	}
	return toRecord(response.GetTokens())
}

// redeem is of what a person consented to: its scopes stay those that were asked for there, and it has no request id. It is sent once, so a
// connection that is being set up is waited for: what was not sent has no lost answer.
func (s *loginServer) redeem(request *symbolonv1.IssueRequest) func(context.Context) (*login.Record, error) {
	request.Resource = s.resource
	return func(ctx context.Context) (*login.Record, error) {
		return pointed(s.issued(ctx, request, grpc.WaitForReady(true)))
	}
}

// Describe implements login.Server.
func (s *loginServer) Describe(ctx context.Context, accessToken string) (login.Record, error) {
	told, err := s.client.Tokens.DescribeToken(ctx, &symbolonv1.DescribeTokenRequest{AccessToken: accessToken})
	if err != nil {
		return login.Record{}, toFailure(err)
	}
	kind, ok := kindsOfTokens[told.GetKind()]
	if !ok {
		return login.Record{}, unknownKind()
	}
	return login.Record{
		Kind: kind, ClientID: told.GetClientId(), SubjectID: told.GetSubjectId(), FamilyID: told.GetFamilyId(), TokenID: told.GetTokenId(),
		Scopes: told.GetScopes(), AccessToken: accessToken, LifetimeMS: max(0, told.GetTimeToLive().AsDuration().Milliseconds()),
	}, nil
}

// Revoke implements login.Server.
func (s *loginServer) Revoke(ctx context.Context, token string) error {
	request := &symbolonv1.RevokeRequest{Target: &symbolonv1.RevokeRequest_Token{Token: token}}
	if _, err := s.client.Tokens.Revoke(ctx, request); err != nil {
		return toFailure(err)
	}
	return nil
}

func unknownKind() error {
	return &login.Failure{Code: codes.Internal, Message: "the server answered no token of a kind that is known here: bring this package to its version"}
}

// toRecord goes by the server's times alone.
func toRecord(issued *symbolonv1.IssuedTokens) (login.Record, error) {
	kind, ok := kindsOfTokens[issued.GetKind()]
	if !ok || issued.GetAccessToken() == "" {
		return login.Record{}, unknownKind()
	}
	since := func(end *timestamppb.Timestamp) time.Duration {
		return max(0, end.AsTime().Sub(issued.GetIssueTime().AsTime()))
	}
	record := login.Record{
		Kind: kind, SubjectID: issued.GetSubjectId(), FamilyID: issued.GetFamilyId(), TokenID: issued.GetTokenId(), Scopes: issued.GetScopes(),
		AccessToken: issued.GetAccessToken(), RefreshToken: issued.GetRefreshToken(), LifetimeMS: since(issued.GetExpireTime()).Milliseconds(),
	}
	if record.RefreshToken != "" {
		record.LoginLifetimeMS = new(since(issued.GetRefreshExpireTime()).Milliseconds())
	}
	return record, nil
}
