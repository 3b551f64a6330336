// Orders is a microservice over gRPC that only lets in who has a live token.
package main

import (
	"context"
	"fmt"
	"log"
	"net"

	"google.golang.org/grpc"

	"symbolon.internal/examples/go/ordersv1"
	"symbolon.internal/examples/go/settings"
	symbolon "symbolon.internal/sdk/go"
)

type orders struct {
	ordersv1.UnimplementedOrdersServer
}

func (orders) List(ctx context.Context, _ *ordersv1.ListRequest) (*ordersv1.ListResponse, error) {
	caller, _ := symbolon.FromContext(ctx)
	return &ordersv1.ListResponse{Orders: []string{"bread", "cheese"}, ClientId: caller.ClientID}, nil
}

func (orders) Cancel(context.Context, *ordersv1.CancelRequest) (*ordersv1.CancelResponse, error) {
	return &ordersv1.CancelResponse{}, nil
}

func main() {
	guard, err := symbolon.NewGuard(settings.Verifier(), symbolon.WithRealm("orders"),
		symbolon.WithMethodScopes(ordersv1.Orders_List_FullMethodName, "read"),
		symbolon.WithMethodScopes(ordersv1.Orders_Cancel_FullMethodName, "write"))
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.UnaryInterceptor(guard.UnaryInterceptor), grpc.StreamInterceptor(guard.StreamInterceptor))
	ordersv1.RegisterOrdersServer(server, orders{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready", listener.Addr())
	log.Fatal(server.Serve(listener))
}
