// Package record shows that a case's history is sealed, and hands it out as one
// file that a stranger can verify.
//
// It owns what belongs to a case's evidence and what each reader gets of it. It
// does not own cases (package cases), photos (package evidence), the log
// (package seal) or the file's format (package bundle). A customer gets every
// event of the case with its proof, but neither the names of staff nor remarks
// that only staff see.
package record

import (
	"github.com/aftercare/aftercare/base/fault"
)

// ErrUnsealed says that nothing of a case is sealed yet.
var ErrUnsealed = fault.New(fault.Conflict, "record.unsealed", "The case is not sealed yet. Try again in a few seconds.")
