// Caller is a service that calls the others with a token of its own.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"symbolon.internal/examples/go/ordersv1"
	"symbolon.internal/examples/go/settings"
	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	id, secret := settings.Of("CLIENT_ID"), settings.Of("CLIENT_SECRET")
	client, err := symbolon.NewClient(settings.Of("SYMBOLON_ADDRESS"), id, secret)
	if err != nil {
		return err
	}
	defer client.Close()
	issued, err := client.Tokens.Issue(ctx, &symbolonv1.IssueRequest{
		Credential: &symbolonv1.IssueRequest_ClientSecret{
			ClientSecret: &symbolonv1.ClientSecret{ClientId: id, ClientSecret: secret},
		},
		Scopes: []string{"read"},
	})
	if err != nil {
		return err
	}
	token := issued.GetTokens().GetAccessToken()
	channel, err := grpc.NewClient(settings.Of("ORDERS"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer channel.Close()
	orders := ordersv1.NewOrdersClient(channel)

	fmt.Println("gRPC with the token:", list(ctx, orders, token))
	fmt.Println("gRPC without a token:", list(ctx, orders, ""))
	fmt.Println("gRPC for a scope that the token lacks:", cancelOrder(ctx, orders, token))
	fmt.Println("HTTP with the token:", fetch(ctx, http.MethodGet, token))
	fmt.Println("HTTP without a token:", fetch(ctx, http.MethodGet, ""))
	fmt.Println("HTTP for a scope that the token lacks:", fetch(ctx, http.MethodDelete, token))

	// With Wait, the answer comes when no service takes the token for live any more.
	_, err = client.Tokens.Revoke(ctx, &symbolonv1.RevokeRequest{
		Target: &symbolonv1.RevokeRequest_Token{Token: token},
		Wait:   symbolonv1.RevocationWait_REVOCATION_WAIT_VERIFIERS,
	})
	if err != nil {
		return err
	}
	overGRPC, _, _ := strings.Cut(list(ctx, orders, token), ",")
	overHTTP, _, _ := strings.Cut(fetch(ctx, http.MethodGet, token), ",")
	fmt.Printf("revoked: gRPC %s, HTTP %s\n", overGRPC, overHTTP)
	return nil
}

func list(ctx context.Context, orders ordersv1.OrdersClient, token string) string {
	var trailer metadata.MD
	response, err := orders.List(with(ctx, token), &ordersv1.ListRequest{}, grpc.Trailer(&trailer))
	if err != nil {
		return refused(err, trailer)
	}
	return fmt.Sprintf("%s, for %s", strings.Join(response.GetOrders(), " and "), response.GetClientId())
}

func cancelOrder(ctx context.Context, orders ordersv1.OrdersClient, token string) string {
	var trailer metadata.MD
	if _, err := orders.Cancel(with(ctx, token), &ordersv1.CancelRequest{}, grpc.Trailer(&trailer)); err != nil {
		return refused(err, trailer)
	}
	return "cancelled"
}

func with(ctx context.Context, token string) context.Context {
	if token == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
}

func refused(err error, trailer metadata.MD) string {
	return fmt.Sprintf("%s, %s", code.Code(status.Code(err)), strings.Join(trailer.Get("www-authenticate"), ""))
}

func fetch(ctx context.Context, method, token string) string {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+settings.Of("SHOP")+"/orders", nil)
	if err != nil {
		return err.Error()
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Sprintf("%d, %s", response.StatusCode, response.Header.Get("WWW-Authenticate"))
	}
	var answer struct {
		Orders   []string `json:"orders"`
		ClientID string   `json:"client_id"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d, %s, for %s", response.StatusCode, strings.Join(answer.Orders, " and "), answer.ClientID)
}
