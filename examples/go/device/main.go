// Device is one that onboards when it is started, and calls a service.
package main

import (
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"symbolon.internal/examples/go/ordersv1"
	"symbolon.internal/examples/go/settings"
	symbolon "symbolon.internal/sdk/go"
)

func main() {
	log.SetFlags(0)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	login, err := symbolon.NewLogin(settings.Of("SYMBOLON_ADDRESS"), settings.Of("CLIENT_ID"), "", symbolon.WithScopes("read"))
	if err != nil {
		return err
	}
	defer login.Close()
	device, err := login.OnboardDevice(ctx, settings.Of("VENDOR_ID"), settings.Of("PASSWORD"), symbolon.WithDeviceName("The lamp in the hall"))
	if err != nil {
		return err
	}
	fmt.Printf("onboarded: %s, %s\n", device.GetVendorId(), device.GetDisplayName())
	// On loopback the login is attached without TLS. Elsewhere the channel needs credentials.NewTLS.
	channel, err := grpc.NewClient(settings.Of("ORDERS"), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(login.UnaryInterceptor()), grpc.WithStreamInterceptor(login.StreamInterceptor()))
	if err != nil {
		return err
	}
	defer channel.Close()
	response, err := ordersv1.NewOrdersClient(channel).List(ctx, &ordersv1.ListRequest{})
	if err != nil {
		return err
	}
	fmt.Printf("gRPC with its token: %s, for %s\n", strings.Join(response.GetOrders(), " and "), response.GetClientId())
	return nil
}
