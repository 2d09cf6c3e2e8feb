package policy

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// State of a version.
type State string

// The states: only a draft changes, only one version of a policy is live.
const (
	Draft    State = "draft"
	Reviewed State = "reviewed"
	InForce  State = "live"
	Retired  State = "retired"
)

// Move is one thing that can be done with a version.
type Move struct {
	From   State
	Action string
	To     State
}

// Moves are all there are. A retired version can be taken up again: it was
// read before, and what it is checked against is checked once more.
var Moves = []Move{
	{Draft, "review", Reviewed},
	{Reviewed, "reject", Draft},
	{Reviewed, "activate", InForce},
	{InForce, "retire", Retired},
	{Retired, "activate", InForce},
}

// ErrMove refuses what a state does not allow.
var ErrMove = fault.New(fault.Conflict, "policy.move", "The version cannot do this in its current state.")

func next(from State, action string) (State, error) {
	i := slices.IndexFunc(Moves, func(m Move) bool { return m.From == from && m.Action == action })
	if i < 0 {
		return "", ErrMove.With("state", string(from)).With("action", action)
	}
	return Moves[i].To, nil
}

// spans reads out of the steps of a version when it was live and is no more. A
// version from before steps were kept has one span.
func spans(version int64, from, to time.Time, steps []Step) (all []Span) {
	var since time.Time
	seen := false
	for _, s := range steps {
		switch {
		case s.Action == "activate":
			since, seen = s.At, true
		case s.Action == "retire" && !since.IsZero():
			all, since = append(all, Span{version, since, s.At}), time.Time{}
		}
	}
	if !seen && to.After(from) {
		all = append(all, Span{version, from, to})
	}
	return all
}
