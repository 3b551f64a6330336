package clock

import "golang.org/x/sys/unix"

// sleptEver is how long the machine slept since it was started, in nanoseconds: CLOCK_BOOTTIME goes on then, CLOCK_MONOTONIC does not.
// The two are read one after the other, so it may be short by as much, until the next time.
func sleptEver() int64 {
	var awake, all unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &all) != nil || unix.ClockGettime(unix.CLOCK_MONOTONIC, &awake) != nil {
		return 0
	}
	return all.Nano() - awake.Nano()
}
