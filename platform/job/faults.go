package job

import "github.com/aftercare/aftercare/base/fault"

var (
	ErrUnknown = fault.New(fault.Missing, "job.unknown", "There is no such job.")
	ErrState   = fault.New(fault.Conflict, "job.state", "The job cannot do this in its current state.")
)
