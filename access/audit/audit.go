// Package audit answers who did what, and notes what nothing else tells: that
// data left the shop as a file.
//
// It owns the reading of the log for this purpose, and the fact of an export.
// It does not own the log (platform/event) or any other fact in it: what a
// package changes, it announces itself. What is in the log stays as it was.
package audit

import (
	"time"

	"github.com/aftercare/aftercare/base/actor"
)

// Entry is one thing that somebody did.
type Entry struct {
	ID       string    `json:"id"`
	Position int64     `json:"position" doc:"Place in the log"`
	At       time.Time `json:"at"`
	Actor    Who       `json:"actor"`
	Type     string    `json:"type" doc:"What was done" example:"case.approved"`
	Stream   string    `json:"stream" doc:"Kind of thing it was done to" example:"case"`
	Subject  string    `json:"subject" doc:"Id of that thing"`
	In       string    `json:"in,omitempty" doc:"Id of the case or the order that this thing is or belongs to, where known"`
	Number   string    `json:"number,omitempty" doc:"Number of that case or order"`
	Version  int64     `json:"version"`
	Data     any       `json:"data" doc:"The fact as it was announced; docs/events.md lists them"`
}

// Who is somebody who did something.
type Who struct {
	Kind actor.Kind `json:"kind" enum:"staff,customer,key,carrier,timer,system,nobody"`
	ID   string     `json:"id,omitempty"`
	Name string     `json:"name,omitempty" doc:"As it was then"`
}
