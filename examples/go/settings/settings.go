// Package settings is what a service is told by its environment.
package settings

import (
	"log"
	"os"

	symbolon "symbolon.internal/sdk/go"
)

// Of answers one of them, and ends the program where it is not set.
func Of(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s is not set", name)
	}
	return value
}

// Verifier is made for the service's own client, which may introspect.
func Verifier() *symbolon.Verifier {
	verifier, err := symbolon.NewVerifier(Of("SYMBOLON_ADDRESS"), Of("CLIENT_ID"), Of("CLIENT_SECRET"))
	if err != nil {
		log.Fatal(err)
	}
	return verifier
}
