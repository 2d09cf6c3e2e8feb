package cases

import "github.com/aftercare/aftercare/base/actor"

// State of a case. The words follow the field: see README.
type State string

const (
	Submitted   State = "submitted"    // waits for the seller's answer
	AwaitReturn State = "await_return" // approved; waits for the customer's parcel
	Returning   State = "returning"    // parcel on its way
	Inspecting  State = "inspecting"   // parcel arrived; goods are counted and graded
	Resolving   State = "resolving"    // money reserved, being paid
	Completed   State = "completed"    // paid
	Rejected    State = "rejected"     // refused, at the request or after inspection
	Closed      State = "closed"       // withdrawn or expired
)

// States lists all of them in the order of a case's life.
var States = []State{Submitted, AwaitReturn, Returning, Inspecting, Resolving, Completed, Rejected, Closed}

// Final reports whether a case is over.
func (s State) Final() bool { return s == Completed || s == Rejected || s == Closed }

// Action is what somebody does to a case.
type Action string

const (
	Approve  Action = "approve"
	Refuse   Action = "refuse"
	Withdraw Action = "withdraw"
	HandOver Action = "hand_over" // the customer says it, or the first scan
	Deliver  Action = "deliver"   // the carrier's last scan
	Receive  Action = "receive"   // the warehouse counts
	Grade    Action = "grade"     // the warehouse judges; nothing acceptable
	Accept   Action = "accept"    // the warehouse judges; something is paid
	Settle   Action = "settle"    // the last payout succeeded
	Expire   Action = "expire"    // the customer sent nothing in time
	Note     Action = "note"
)

// Move is one step a case can take. What is not listed is not possible.
type Move struct {
	From State
	Do   Action
	To   State
	By   []actor.Kind
}

var (
	customers  = []actor.Kind{actor.Customer, actor.Staff, actor.Key}
	staff      = []actor.Kind{actor.Staff, actor.Key, actor.System}
	deciders   = []actor.Kind{actor.Staff, actor.Key, actor.System, actor.Timer}
	warehouse  = []actor.Kind{actor.Staff, actor.Key, actor.Timer}
	transport  = []actor.Kind{actor.Customer, actor.Staff, actor.Key, actor.Carrier}
	machine    = []actor.Kind{actor.System}
	timersOnly = []actor.Kind{actor.Timer}
)

// Moves is the whole life of a return. The service, the list of possible
// actions and the diagram in the documentation are made from it.
var Moves = []Move{
	{Submitted, Approve, AwaitReturn, deciders},
	{Submitted, Refuse, Rejected, staff},
	{Submitted, Withdraw, Closed, customers},
	{AwaitReturn, Withdraw, Closed, customers},
	{AwaitReturn, Expire, Closed, timersOnly},
	{AwaitReturn, HandOver, Returning, transport},
	{AwaitReturn, Deliver, Inspecting, transport}, // earlier scans were missed
	{AwaitReturn, Receive, Inspecting, warehouse}, // no scan at all: it simply arrived
	{Returning, HandOver, Returning, transport},   // scans between, or another tracking number
	{Returning, Deliver, Inspecting, transport},
	{Returning, Receive, Inspecting, warehouse},
	{Inspecting, Receive, Inspecting, warehouse},
	{Inspecting, Accept, Resolving, warehouse},
	{Inspecting, Grade, Rejected, warehouse},
	{Resolving, Settle, Completed, machine},
}

// next finds the state that an action leads to, and refuses an action that is
// not possible now or not by this party.
func next(from State, do Action, by actor.Kind) (State, error) {
	for _, m := range Moves {
		if m.From != from || m.Do != do {
			continue
		}
		for _, k := range m.By {
			if k == by {
				return m.To, nil
			}
		}
		return "", ErrParty.With("action", string(do)).With("party", string(by))
	}
	return "", ErrMove.With("state", string(from)).With("action", string(do))
}

// Diagram draws the moves as a Mermaid state diagram.
func Diagram() string {
	out := "stateDiagram-v2\n  [*] --> submitted: submit\n"
	for _, m := range Moves {
		out += "  " + string(m.From) + " --> " + string(m.To) + ": " + string(m.Do) + "\n"
	}
	for _, s := range States {
		if s.Final() {
			out += "  " + string(s) + " --> [*]\n"
		}
	}
	return out
}
