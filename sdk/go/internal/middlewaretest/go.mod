module symbolon.internal/sdk/go/internal/middlewaretest

go 1.26.0

require (
	github.com/grpc-ecosystem/go-grpc-middleware/v2 v2.3.4
	google.golang.org/grpc v1.85.0
	symbolon.internal/gen/go v0.2.0
	symbolon.internal/sdk/go v0.2.0
)

require (
	golang.org/x/net v0.60.0 // indirect
	golang.org/x/oauth2 v0.38.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
	golang.org/x/text v0.42.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20261110000943-09e21b237f2c // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)

replace (
	symbolon.internal/gen/go => ../../../../gen/go
	symbolon.internal/sdk/go => ../..
)
