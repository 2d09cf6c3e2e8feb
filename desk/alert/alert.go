// Package alert calls people, by e-mail, to cases that wait past their time and
// do nothing more by themselves.
//
// It owns who was called to what, what goes out in one e-mail, and who wants
// them. It does not own deadlines (care/cases) or words (desk/notice).
package alert

import "time"

// call is one person called to one case by one event.
type call struct {
	Tenant string
	Person string
	Event  string
	Case   string
	Why    string // the deadline that passed
}

const (
	// patience is how long an e-mail waits for more of the same: the time of many
	// cases ends together, in the morning or after a holiday.
	patience = time.Minute
	// pause is the least time between two e-mails to a person: a desk that is far
	// behind is told of it, and not with every case.
	pause = time.Hour
	// most is how many calls one e-mail answers for; it does not name all of them.
	most = 500
	// memory is how long it is known who was called: longer than an e-mail is tried
	// and than an event may be heard again.
	memory = 30 * 24 * time.Hour
)
