package seal

import (
	"time"

	"github.com/aftercare/aftercare/platform/event"
)

// grace is how long a process may write with the key before, after another one
// was announced.
const grace = 10 * time.Minute

// turns follows through the log which key of the installation events may have
// been written with.
type turns struct {
	announced []time.Time
	settled   int // announcements after which only newer keys write
}

// late tells whether an event was written with a key that wrote no more: an
// earlier one in the log was written with a newer key, long after that was
// announced. The time in the event itself proves nothing, its place does.
func (t *turns) late(e event.Sealed, announces string, keys int) bool {
	if e.Gone() {
		return false
	}
	if announces != "" && e.Type == announces {
		t.announced = append(t.announced, e.At)
	}
	oldest := func(settled int) int { return max(0, keys-1-settled) }
	if t.settled < len(t.announced) && e.Age <= oldest(t.settled+1) && e.At.After(t.announced[t.settled].Add(grace)) {
		t.settled++
	}
	return e.Age > oldest(t.settled)
}
