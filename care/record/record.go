// Package record shows that a case's history is sealed, and hands it out as one
// file that a stranger can verify.
//
// It owns what belongs to a case's evidence, what each reader gets of it, and the
// files that were asked for. It does not own cases (package cases), photos
// (package evidence), the log (package seal) or the file's format (package
// bundle). A customer gets every event of the case with its proof, but neither
// the names of staff nor remarks that only staff see.
package record

import (
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
)

var (
	// ErrUnsealed says that nothing of a case is sealed yet.
	ErrUnsealed = fault.New(fault.Conflict, "record.unsealed", "The case is not sealed yet. Try again in a few seconds.")
	ErrUnknown  = fault.New(fault.Missing, "record.unknown", "There is no such evidence file, or it was too old and has been removed.")
	ErrNotReady = fault.New(fault.Conflict, "record.not_ready", "The evidence file is not ready yet.")
)

// States of an evidence file.
const (
	Waiting = "waiting"
	Making  = "making"
	Ready   = "ready"
	Failed  = "failed"
)

// keptFor is how long a file can be fetched after it was asked for.
const keptFor = 24 * time.Hour

// File is an evidence file that somebody asked for. Nobody else gets it: what is
// in it depends on who asked.
type File struct {
	Tenant  string
	ID      string
	Case    string
	By      actor.Actor // kind, id, name and seller
	State   string
	Problem string // code of what made it fail
	Done    int64  // entries written
	Of      int64  // of how many; 0 while that is not known
	Blob    string
	Size    int64
	AskedAt time.Time
	ReadyAt time.Time
}
