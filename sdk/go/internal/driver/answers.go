package main

import (
	"errors"
	"sync/atomic"
	"time"

	codepb "google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/status"

	symbolon "symbolon.internal/sdk/go"
	"symbolon.internal/sdk/go/internal/clock"
	"symbolon.internal/sdk/go/internal/core"
)

// shifted is the verifier's clock, which the runner sets.
type shifted struct {
	clock.Clock
	mono, wall atomic.Int64
}

func (s *shifted) Now() core.Moment {
	now := s.Clock.Now()
	return core.Moment{Mono: now.Mono + s.mono.Load(), Wall: now.Wall + s.wall.Load()}
}

func (s *shifted) shift(monoMS, wallMS float64) {
	s.mono.Add(int64(monoMS * float64(time.Millisecond)))
	s.wall.Add(int64(wallMS * float64(time.Millisecond)))
}

func now() float64 {
	return float64(time.Now().UnixMicro()) / 1_000
}

func orError(err error) answer {
	if err != nil {
		return errorOf(err)
	}
	return answer{"ok": true}
}

func errorOf(err error) answer {
	var typed *symbolon.Error
	if !errors.As(err, &typed) {
		typed = &symbolon.Error{Code: status.Code(err), Message: "not a symbolon.Error: " + err.Error()}
	}
	told := answer{
		"code": codepb.Code(typed.Code).String(), "reason": typed.Reason, "retryable": typed.Retryable, "message": typed.Message,
	}
	if typed.Field != "" {
		told["field"] = typed.Field
	}
	if typed.RetryAfter > 0 {
		told["retry_after_ms"] = float64(typed.RetryAfter) / float64(time.Millisecond)
	}
	return answer{"error": told}
}
