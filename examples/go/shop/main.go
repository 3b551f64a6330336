// Shop is a service over HTTP that only lets in who has a live token.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"

	"symbolon.internal/examples/go/settings"
	symbolon "symbolon.internal/sdk/go"
)

func list(response http.ResponseWriter, request *http.Request) {
	caller, _ := symbolon.FromContext(request.Context())
	response.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(response).Encode(map[string]any{"orders": []string{"bread", "cheese"}, "client_id": caller.ClientID})
}

func cancel(response http.ResponseWriter, _ *http.Request) {
	response.WriteHeader(http.StatusNoContent)
}

func main() {
	guard, err := symbolon.NewGuard(settings.Verifier(), symbolon.WithRealm("shop"))
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /orders", guard.HTTP("read")(http.HandlerFunc(list)))
	mux.Handle("DELETE /orders", guard.HTTP("write")(http.HandlerFunc(cancel)))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready", listener.Addr())
	log.Fatal(http.Serve(listener, mux))
}
