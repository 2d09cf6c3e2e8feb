// Package mention tells people that a colleague has named them in a note: in the
// console, and by e-mail to those who want it.
//
// It owns who was mentioned where, what is read, and who wants e-mails. It does
// not own notes or who may see a case (care/cases): it keeps no text, and shows
// a mention only as long as its reader may see the case and the note is there.
package mention

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// ErrUnknown refuses to mark what is not there.
var ErrUnknown = fault.New(fault.Missing, "mention.unknown", "There is no such mention of you.")

// Mention is one colleague named in one note.
type Mention struct {
	Tenant string
	Person string // who is named
	ID     string // the event of the note
	Case   string
	At     time.Time
	ReadAt time.Time // zero: not yet
}

// Shown is a mention with what its reader may see of the case.
type Shown struct {
	Mention
	Number string
	Title  string
	By     string // who wrote the note
	Text   string
}

// MostCounted is how far unread mentions are counted.
const MostCounted = 99

// patience is how long an e-mail waits: who reads the mention in the console, or
// whose colleague takes the note back, gets none.
const patience = time.Minute
