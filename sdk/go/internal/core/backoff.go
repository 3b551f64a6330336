package core

import "time"

const (
	firstWait   = 100 * time.Millisecond
	longestWait = 2 * time.Second
	// longestHopelessWait is for where repeating mends nothing, and somebody has to.
	longestHopelessWait = 30 * time.Second
)

// Failure is the end of a stream or connection.
type Failure struct {
	// Earlier is how many came before it, since the last one that went well.
	Earlier int
	// Hopeless tells whether the same call is likely to fail again.
	Hopeless bool
	// RetryAfter is how long the server asked to wait.
	RetryAfter time.Duration
}

// Backoff doubles with each failure, and is any part of it: a server that comes back is not met by all at once. What the server asked
// for comes before it. random is in [0, 1).
func Backoff(failure Failure, random float64) time.Duration {
	longest := longestWait
	if failure.Hopeless {
		longest = longestHopelessWait
	}
	// 100 ms, doubled nine times, is above both.
	span := min(longest, firstWait<<min(max(failure.Earlier, 0), 9))
	asked := min(longestHopelessWait, max(0, failure.RetryAfter))
	return asked + time.Duration(random*float64(span))
}

// Patience is how long a line may bring nothing: two bounds, doubled with each line that did. More lines don't make a server quicker
// that is reached too slowly.
func Patience(silentLines int) time.Duration {
	return 2 * MaxBound << min(silentLines, 2)
}
