// Package symbolon checks tokens of Symbolon in a service, signs in and stays signed in with them in an app, and calls Symbolon.
//
// A [Login] is that of an app, or of a device: it signs in, refreshes its tokens, keeps them in a [Store], and sends them over gRPC and HTTP.
//
// A [Verifier] answers from memory, millions of times a second. A token that was revoked is denied within milliseconds, and one second
// after the revocation was answered no check takes it for live, whatever the network does. A [Guard] is its middleware for grpc-go,
// go-grpc-middleware and net/http, and [Guard.RequirePermission] tells who may do what with a user or a device. A [Client] has every call of
// the contract.
package symbolon
