// Package backtest tries rules on the past before they are live: it decides
// again what customers have asked for, by the rules of then and by the rules
// tried, and counts what would have changed.
//
// It owns runs, their progress and their figures. It does not own rules (package
// policy), decisions (package owed), cases or money, and it changes none of
// them. What a run has counted is counted once, whatever dies; what was not
// known about a request is counted as not known and never made up.
package backtest

import (
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown = fault.New(fault.Missing, "backtest.unknown", "There is no such back-test.")
	ErrInvalid = fault.New(fault.Invalid, "backtest.invalid", "The back-test is not described correctly.")
	ErrGoods   = fault.New(fault.Conflict, "backtest.goods", "The order of the case does not have its goods.")
	ErrMove    = fault.New(fault.Conflict, "backtest.move", "The back-test cannot do this in its current state.")
	ErrWaiting = fault.New(fault.Limited, "backtest.waiting", "Too many back-tests are waiting. Cancel one, or wait until one has ended.")
)

// Limits.
const (
	MaxRequests = 1_000_000 // of a run
	MaxWaiting  = 20        // runs of a shop that have not ended
	MaxSamples  = 100       // kept of each change
	KeepDays    = 90        // after its end a run is forgotten
)

// Run is one back-test.
type Run struct {
	ID        string
	Tenant    string
	State     State
	Policy    string          // id of the policy
	PolicyVer int64           // version that is tried; 0: rules that are no version
	Rules     json.RawMessage // the rules that are tried, as they were at the request
	Scope     Scope
	By        string // name of who asked
	Place     Place  // where reading goes on
	Done      int64  // requests decided
	Total     int64  // requests to decide
	Busy      time.Duration
	Figures   Tally
	Error     string // why it failed
	Version   int64
	CreatedAt time.Time
	StartedAt time.Time
	UpdatedAt time.Time // of the last progress
	EndedAt   time.Time
}

// Scope says on which part of the past rules are tried.
type Scope struct {
	From    time.Time `json:"from,omitzero"` // asked for at or after it
	To      time.Time `json:"to"`            // and before it
	Kinds   []string  `json:"kinds,omitempty"`
	Sellers []string  `json:"sellers,omitempty"`
	Sources []string  `json:"sources"` // Cases, History
	Limit   int64     `json:"limit"`
	Against string    `json:"against"` // Then, Live
	Reason  string    `json:"reason"`  // what a past return without a reason is read as
}

// Sources of the past.
const (
	Cases   = "cases"   // what was asked of Aftercare
	History = "history" // returns that came with an import
)

// What the tried rules are compared with.
const (
	Then = "then" // the version that was in force at each purchase
	Live = "live" // the version that is in force at the start of the run
)

// Place is where reading the past goes on: behind a request of a source. Within
// a source the latest comes first.
type Place struct {
	Source int       `json:"source"` // index into Scope.Sources; their number at the end
	At     time.Time `json:"at,omitzero"`
	Of     string    `json:"of,omitempty"` // source of an import
	ID     string    `json:"id,omitempty"`
}

// Side is what one of the two sets of rules says about a request.
type Side struct {
	Policy  string `json:"policy"`
	Version int64  `json:"version,omitempty"` // 0: rules that are no version
	Outcome string `json:"outcome"`
	Refund  int64  `json:"refund"` // if it is approved, minor units
	Fees    int64  `json:"fees,omitempty"`
	Freight string `json:"freight,omitempty"` // who pays the way back; empty: nothing comes back
	Label   int64  `json:"label,omitempty"`   // what the way back costs who pays it, minor units
}

// Rate is requests a second while the run was at work, 0 before it has begun.
func (r Run) Rate() float64 {
	if r.Busy <= 0 {
		return 0
	}
	return float64(r.Done) / r.Busy.Seconds()
}

// Left is how long the rest will take at the present rate; false where nobody
// can tell.
func (r Run) Left() (time.Duration, bool) {
	rate := r.Rate()
	if r.State != Running || rate == 0 {
		return 0, false
	}
	return time.Duration(float64(max(r.Total-r.Done, 0)) / rate * float64(time.Second)).Round(time.Second), true
}
