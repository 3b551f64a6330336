package symbolon

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// domain is that of the ErrorInfo of the contract.
const domain = "symbolon.internal"

// Error is a call that failed. Of a check it says nothing of the token: refuse the request with UNAVAILABLE or 503, and not with
// UNAUTHENTICATED or 401, for these tell a client to throw its token away.
type Error struct {
	// Code is the gRPC status.
	Code codes.Code
	// Reason is the ErrorReason of the contract without its prefix, such as INVALID_CREDENTIALS. Empty where no server said one.
	Reason string
	// Retryable tells whether the same call may succeed later.
	Retryable bool
	// RetryAfter is after what time to repeat it. 0 where the server does not say.
	RetryAfter time.Duration
	// EndedBy is why the token ended that a call was about, such as PASSWORD_CHANGED. Empty where the server does not say.
	EndedBy string
	// Field is what is taken, of ALREADY_EXISTS, such as login_name. Empty where the server does not say.
	Field string
	// Message is for people. It has no secret and no token in it.
	Message string
	cause   error
}

func (e *Error) Error() string {
	return e.Message
}

// Unwrap answers what the error came of: the error of a context, and at a [Client] the status of gRPC.
func (e *Error) Unwrap() error {
	return e.cause
}

// hopeless tells whether the same call fails again until somebody mends what is wrong.
func (e *Error) hopeless() bool {
	return e.Code == codes.Unauthenticated || e.Code == codes.PermissionDenied || e.Code == codes.Unimplemented
}

func isRetryable(code codes.Code) bool {
	switch code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.ResourceExhausted, codes.Aborted:
		return true
	default:
		return false
	}
}

func invalid(format string, args ...any) *Error {
	return &Error{Code: codes.InvalidArgument, Message: fmt.Sprintf("symbolon: "+format, args...)}
}

// failed is an error of ours. doing: what failed, as in "the token can't be checked".
func failed(code codes.Code, doing, why string) *Error {
	return &Error{Code: code, Retryable: isRetryable(code), Message: "symbolon: " + doing + ": " + why}
}

// ofContext is the error of a call that its caller gave up.
func ofContext(doing string, err error) *Error {
	e := failed(status.FromContextError(err).Code(), doing, err.Error())
	e.cause = err
	return e
}

// toError makes one of what gRPC says.
func toError(doing string, err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	told := status.Convert(err)
	e := failed(told.Code(), doing, "")
	for _, detail := range told.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			if detail.GetDomain() == domain {
				e.Reason = detail.GetReason()
				e.EndedBy, e.Field = detail.GetMetadata()["endedBy"], detail.GetMetadata()["field"]
			}
		case *errdetails.RetryInfo:
			e.RetryAfter = max(0, detail.GetRetryDelay().AsDuration())
		}
	}
	e.Message += nameOf(e.Code) + ": "
	if mend := mendOf(e.Code, e.Reason, told.Message()); mend != "" {
		e.Message += mend + " (" + told.Message() + ")"
	} else {
		e.Message += told.Message()
	}
	return e
}

// ofCheck is of a verifier. Its cause is left out: as a status of gRPC a handler could answer it, and the client would be told that its
// own token is bad where the service's secret is.
func ofCheck(doing string, err error) *Error {
	return toError(doing, err)
}

// ofCall keeps the status of gRPC, and the errors of contexts.
func ofCall(ctx context.Context, method string, err error) error {
	if err == nil {
		return nil
	}
	e := *toError(method, err)
	e.cause = err
	if ctx.Err() != nil {
		e.cause = errors.Join(err, ctx.Err())
	}
	return &e
}

// nameOf is as the contract and other languages spell it.
func nameOf(code codes.Code) string {
	if name, ok := codeNames[code]; ok {
		return name
	}
	return code.String()
}

var codeNames = map[codes.Code]string{
	codes.Canceled: "CANCELLED", codes.Unknown: "UNKNOWN", codes.InvalidArgument: "INVALID_ARGUMENT",
	codes.DeadlineExceeded: "DEADLINE_EXCEEDED", codes.NotFound: "NOT_FOUND", codes.AlreadyExists: "ALREADY_EXISTS",
	codes.PermissionDenied: "PERMISSION_DENIED", codes.ResourceExhausted: "RESOURCE_EXHAUSTED",
	codes.FailedPrecondition: "FAILED_PRECONDITION", codes.Aborted: "ABORTED", codes.OutOfRange: "OUT_OF_RANGE",
	codes.Unimplemented: "UNIMPLEMENTED", codes.Internal: "INTERNAL", codes.Unavailable: "UNAVAILABLE",
	codes.DataLoss: "DATA_LOSS", codes.Unauthenticated: "UNAUTHENTICATED",
}
