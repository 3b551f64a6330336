package symbolon

import (
	"encoding/json"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
)

// contract are the files that have services.
var contract = []protoreflect.FileDescriptor{
	symbolonv1.File_symbolon_v1_access_service_proto,
	symbolonv1.File_symbolon_v1_audit_service_proto,
	symbolonv1.File_symbolon_v1_client_service_proto,
	symbolonv1.File_symbolon_v1_consent_service_proto,
	symbolonv1.File_symbolon_v1_device_service_proto,
	symbolonv1.File_symbolon_v1_resource_server_service_proto,
	symbolonv1.File_symbolon_v1_server_service_proto,
	symbolonv1.File_symbolon_v1_tenant_service_proto,
	symbolonv1.File_symbolon_v1_token_service_proto,
	symbolonv1.File_symbolon_v1_user_service_proto,
}

type methodName struct {
	Service string `json:"service"`
	Method  string `json:"method"`
}

// serviceConfig repeats calls after UNAVAILABLE where the contract says that this is safe.
func serviceConfig() string {
	config := map[string]any{
		"methodConfig": []any{map[string]any{
			"name": repeatable(),
			"retryPolicy": map[string]any{
				"maxAttempts": 3, "initialBackoff": "0.05s", "maxBackoff": "0.5s", "backoffMultiplier": 3,
				"retryableStatusCodes": []string{"UNAVAILABLE"},
			},
		}},
	}
	text, err := json.Marshal(config)
	if err != nil {
		panic(err) // Of maps and texts, it can't be.
	}
	return string(text)
}

// repeatable are the methods that have an idempotency_level.
func repeatable() []methodName {
	var names []methodName
	for _, file := range contract {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				if method := service.Methods().Get(j); isRepeatable(method) {
					names = append(names, methodName{string(service.FullName()), string(method.Name())})
				}
			}
		}
	}
	return names
}

func isRepeatable(method protoreflect.MethodDescriptor) bool {
	options, ok := method.Options().(*descriptorpb.MethodOptions)
	return ok && options.GetIdempotencyLevel() != descriptorpb.MethodOptions_IDEMPOTENCY_UNKNOWN
}
