// Package monitor compares the sealed log with the database again and again, and
// shows what was found.
//
// Administrators change the keys of the log here.
//
// It owns the runs of the audit: when they happen, how far they are, what the
// last ones said, and what one run hands to the next so that a fork or a rollback
// is noticed. It does not own the audit itself (package seal, and the composition
// for what events speak of). Whoever can write to the database can also change
// what is kept here: an auditor keeps a file of his own with `aftercare audit --seen`.
package monitor

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// ErrElsewhere refuses runs and keys for a shop that is not the installation's first: the
// log is of all shops, and a run tells of all; its keys sign for all.
var ErrElsewhere = fault.New(fault.Denied, "monitor.elsewhere", "The log is looked after by the first shop of this installation.")

// States of a run.
const (
	Waiting = "waiting"
	Running = "running"
	Ended   = "ended"  // it has a report
	Failed  = "failed" // it could not be finished
)

// Daily is how often the log is audited without being asked.
const Daily = 24 * time.Hour

const kept = 60 // runs that are shown

// Run is one audit.
type Run struct {
	Tenant  string
	ID      string
	State   string
	Files   bool   // stored files were read as well
	By      string // name of who asked; empty: the program itself
	AskedAt time.Time
	EndedAt time.Time
	Done    int64 // entries that were compared
	Of      int64
	Report  []byte // seal.Report as JSON, once it ended
	Problem string
	Seen    string // what the next run compares with, of one that found nothing
}
