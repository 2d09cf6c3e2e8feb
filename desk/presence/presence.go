// Package presence says who else is at a case now: who looks at it, who types a
// note, who is about to do something.
//
// It owns the seats at a case, one per open page. It does not own cases, and
// keeps no history: a seat that is not renewed is empty after seconds. Only who
// may see a case sits at it or learns who does.
package presence

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// ErrInvalid refuses a seat that cannot be taken.
var ErrInvalid = fault.New(fault.Invalid, "presence.invalid", "This is nothing that somebody does at a case.")

// Doing is what somebody does at a case, the quietest first.
type Doing string

const (
	Looking Doing = "looking"
	Writing Doing = "writing" // a note or an answer
	Acting  Doing = "acting"  // has the form of an action open
	Gone    Doing = "gone"    // leaves the seat
)

var loudness = []Doing{Looking, Writing, Acting}

// Life is how long a seat is taken without a word from its page, and Beat how
// often a page says that it is still there.
const (
	Life = 25 * time.Second
	Beat = 10 * time.Second
)

// Seat is one person at a case. Of somebody with several pages it is the loudest
// of them, since the first.
type Seat struct {
	Person string
	Name   string
	Doing  Doing
	Since  time.Time
}
