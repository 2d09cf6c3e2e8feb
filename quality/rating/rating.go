// Package rating asks customers at the end of a case how satisfied they are.
//
// It owns scores from 1 to 5 with an optional word, one for each case, and who
// of the staff has looked at a low one. It does not own cases, or the messages
// that ask. Only the customer of a case rates it, only when it is over, and
// nobody else ever changes a score.
package rating

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrNone    = fault.New(fault.Missing, "rating.none", "The case has not been rated.")
	ErrEarly   = fault.New(fault.Conflict, "rating.early", "The case can be rated when it is over.")
	ErrLate    = fault.New(fault.Conflict, "rating.late", "The time to rate the case is over.")
	ErrInvalid = fault.New(fault.Invalid, "rating.invalid", "The rating is not complete.")
)

const (
	// Least and Most are the ends of the scale: very dissatisfied, very satisfied.
	Least = 1
	Most  = 5
	// Low is the highest score that somebody should look at.
	Low = 2
	// Happy is the lowest score that counts as satisfied in CSAT.
	Happy = 4
	// Words is how many characters a word to the score may have.
	Words = 1000
	// Open is how long after its end a case can be rated.
	Open = 30 * 24 * time.Hour
	// Editable is how long a rating can be changed.
	Editable = 7 * 24 * time.Hour
)

// Rating is how satisfied a customer is with a case.
type Rating struct {
	Tenant, ID string
	Case       string
	Number     string // of the case
	Kind       string // of the case
	Seller     string
	Customer   string
	Score      int64
	Comment    string
	LookedBy   string // staff id of who looked at a low score; empty: nobody
	LookedAt   time.Time
	Version    int64
	CreatedAt  time.Time
	ChangedAt  time.Time
}

// Waits tells whether a low score has not been looked at.
func (r Rating) Waits() bool { return r.Score <= Low && r.LookedAt.IsZero() }

// Figures sum up ratings. CSAT is the share of scores of 4 and 5 among all, in
// per cent; 0 where there is none.
type Figures struct {
	Count  int64    `json:"count"`
	Scores [5]int64 `json:"scores" doc:"How often each score was given, from 1 to 5"`
	CSAT   float64  `json:"csat" doc:"Share of scores of 4 and 5, in per cent, to one decimal"`
	Mean   float64  `json:"mean" doc:"To two decimals; 0 where nobody rated"`
	Low    int64    `json:"low_waiting" doc:"Low scores that nobody has looked at"`
}
