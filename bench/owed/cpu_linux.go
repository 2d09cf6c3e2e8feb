package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// processor is the time that this thread has had of a processor: others who use
// the machine do not lengthen it.
func processor() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
