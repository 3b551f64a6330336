// Command login logs in by the generated client: `login ADDRESS TENANT PASSWORD LOGIN_NAME...` prints a JSON line about each login name.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"log"
	"os"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
)

func logIn(ctx context.Context, service symbolonv1.TokenServiceClient, username, password string) map[string]any {
	credential := &symbolonv1.UserPassword{Username: username, Password: password}
	answer, err := service.Issue(ctx, &symbolonv1.IssueRequest{
		Credential: &symbolonv1.IssueRequest_UserPassword{UserPassword: credential},
	})
	if err != nil {
		failed := status.Convert(err)
		said := map[string]any{"error": failed.Code().String()}
		for _, detail := range failed.Details() {
			if info, ok := detail.(*errdetails.ErrorInfo); ok {
				said["reason"], said["domain"] = info.Reason, info.Domain
			}
		}
		return said
	}
	switch result := answer.Result.(type) {
	case *symbolonv1.IssueResponse_Tokens:
		return map[string]any{"result": "tokens", "kind": result.Tokens.Kind.String()}
	case *symbolonv1.IssueResponse_MfaChallenge:
		return map[string]any{"result": "mfa_challenge", "mfa_token": len(result.MfaChallenge.MfaToken)}
	default:
		return nil
	}
}

func main() {
	address, tenant, password, usernames := os.Args[1], os.Args[2], os.Args[3], os.Args[4:]
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	caller := base64.StdEncoding.EncodeToString([]byte(tenant + ":"))
	ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Basic "+caller)
	for _, username := range usernames {
		line := logIn(ctx, symbolonv1.NewTokenServiceClient(connection), username, password)
		if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
			log.Fatal(err)
		}
	}
}
