package symbolon

import (
	"log/slog"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
)

// silence is after how long a cause that lasts is told again, and not at each try.
const silence = time.Minute

// warnings is the listener of a service that gave none. Without it a wrong secret would be seen by callers alone, as 503. It asks for the
// default logger each time, for a service may set it later.
func warnings(now func() time.Time) func(err *Error, retryIn time.Duration) {
	type cause struct {
		code   codes.Code
		reason string
	}
	var mu sync.Mutex
	// told is when each cause was. Those that are over are left out, so that it stays small.
	told := map[cause]time.Time{}
	return func(err *Error, retryIn time.Duration) {
		mu.Lock()
		time, current := now(), cause{err.Code, err.Reason}
		for each, at := range told {
			if time.Sub(at) >= silence {
				delete(told, each)
			}
		}
		_, isTold := told[current]
		if !isTold {
			told[current] = time
		}
		mu.Unlock()
		if !isTold {
			slog.Default().Warn("symbolon: each check is a call until the watch begins again", "error", err, "retry_in", retryIn)
		}
	}
}
