module symbolon.internal/sdk/go

go 1.26.0

require (
	golang.org/x/net v0.60.0
	golang.org/x/oauth2 v0.38.0
	golang.org/x/sys v0.48.0
	google.golang.org/genproto/googleapis/rpc v0.0.0-20261110000943-09e21b237f2c
	google.golang.org/grpc v1.85.0
	google.golang.org/protobuf v1.36.12
	symbolon.internal/gen/go v0.2.0
)

require golang.org/x/text v0.42.0 // indirect

replace symbolon.internal/gen/go => ../../gen/go
