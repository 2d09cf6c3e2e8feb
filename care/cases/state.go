package cases

import (
	"cmp"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
)

// State of a case. The words follow the field: see README.
type State string

const (
	Submitted    State = "submitted"     // waits for the seller's answer
	Negotiating  State = "negotiating"   // an offer waits for the other side's answer
	AwaitReturn  State = "await_return"  // approved; waits for the goods to set out
	Returning    State = "returning"     // goods on their way to the shop
	Inspecting   State = "inspecting"    // goods arrived; they are counted and graded
	Resolving    State = "resolving"     // money reserved or a replacement due
	AwaitConfirm State = "await_confirm" // a replacement was sent; waits for the customer's word
	Completed    State = "completed"     // over: what was owed is done
	Rejected     State = "rejected"      // refused; the customer may still answer
	Closed       State = "closed"        // over without effect: see ClosedAs
)

// States lists all of them in the order of a case's life.
var States = []State{Submitted, Negotiating, AwaitReturn, Returning, Inspecting, Resolving, AwaitConfirm, Completed, Rejected, Closed}

// Final reports whether a case is over. Two people together may reopen it.
func (s State) Final() bool { return s == Completed || s == Closed }

// Idle reports whether a case holds no units.
func (s State) idle() bool { return s.Final() || s == Rejected }

// Action is what somebody does to a case.
type Action string

const (
	Approve   Action = "approve"
	Refuse    Action = "refuse"
	Propose   Action = "offer"     // or a counter-offer
	Accept    Action = "accept"    // the other side's offer
	Decline   Action = "decline"   // it, or take back one's own
	Lapse     Action = "lapse"     // nobody answered the offer
	Amend     Action = "amend"     // ask again after a refusal
	Answer    Action = "answer"    // what was asked of the customer
	Withdraw  Action = "withdraw"  // the customer does not want it any more
	HandOver  Action = "hand_over" // the customer says it, or the first scan
	Deliver   Action = "deliver"   // the carrier's last scan
	Miss      Action = "miss"      // an interception came too late: the customer has the goods
	Lose      Action = "lose"      // the carrier lost the parcel, or nobody heard of it
	Receive   Action = "receive"   // the warehouse counts
	Grade     Action = "grade"     // the warehouse judges
	Ship      Action = "ship"      // a replacement, or refused goods back
	BackLog   Action = "back_order"
	Convert   Action = "convert"  // an exchange into a refund
	Collect   Action = "collect"  // the customer paid the difference of an exchange
	Settle    Action = "settle"   // all is paid and sent
	Confirm   Action = "confirm"  // the replacement is right
	Expire    Action = "expire"   // nobody acted in time
	Escalate  Action = "escalate" // nor answered what only a person may grant
	Reopen    Action = "reopen"   // one proposes, another agrees
	Keep      Action = "keep_closed"
	AddParcel Action = "add_parcel"
	Liable    Action = "liability" // who bears the freight
	Readdress Action = "address"   // where a replacement goes
	Assign    Action = "assign"
	Note      Action = "note"
)

// Guard is a condition of a move, worded for the diagram.
type Guard string

const (
	GoodsBack   Guard = "goods_come_back"
	NoGoods     Guard = "nothing_comes_back"
	Asked       Guard = "from_request"
	Refused     Guard = "from_refusal"
	Amendable   Guard = "amendments_left"
	Questioned  Guard = "questions_open"
	Unchecked   Guard = "nobody_checked"
	NotHere     Guard = "goods_not_here"
	GoodsHere   Guard = "goods_here"
	OnTheirWay  Guard = "outbound_parcel_on_its_way"
	More        Guard = "more_parcels_come"
	Last        Guard = "last_parcel"
	Passed      Guard = "something_accepted"
	Failed      Guard = "nothing_accepted"
	Exchanging  Guard = "exchange_not_sent"
	MustSend    Guard = "replacement_due"
	Unpaid      Guard = "difference_due"
	Replaced    Guard = "replacement_sent"
	NotSent     Guard = "no_replacement"
	NotAdvanced Guard = "nothing_paid_in_advance"
	First       Guard = "nobody_proposed"
	Second      Guard = "another_proposed"
	SecondPaid  Guard = "another_proposed_paid"
	Sendable    Guard = "replacement_to_send"
)

// Move is one step a case can take. What is not listed is not possible.
type Move struct {
	From State
	Do   Action
	When Guard // empty: always
	To   State
	By   []actor.Kind
}

var (
	anyone    = []actor.Kind{actor.Customer, actor.Staff, actor.Key}
	customers = anyone                                     // staff act for customers who call
	offerers  = append(slices.Clone(anyone), actor.System) // the policy offers by itself
	people    = []actor.Kind{actor.Staff, actor.Key}
	staff     = []actor.Kind{actor.Staff, actor.Key, actor.System}
	deciders  = []actor.Kind{actor.Staff, actor.Key, actor.System, actor.Timer}
	warehouse = []actor.Kind{actor.Staff, actor.Key, actor.Timer}
	transport = []actor.Kind{actor.Customer, actor.Staff, actor.Key, actor.Carrier}
	carriers  = []actor.Kind{actor.Staff, actor.Key, actor.Carrier}
	tracers   = []actor.Kind{actor.Staff, actor.Key, actor.Carrier, actor.Timer}
	either    = []actor.Kind{actor.Customer, actor.Staff, actor.Key, actor.Timer, actor.System}
	confirms  = []actor.Kind{actor.Customer, actor.Staff, actor.Key, actor.Timer}
	machine   = []actor.Kind{actor.System}
	timers    = []actor.Kind{actor.Timer}
)

// Moves is the whole life of a case. The service, the list of possible actions
// and the diagram in the documentation are made from it.
var Moves = []Move{
	{Submitted, Approve, GoodsBack, AwaitReturn, deciders},
	{Submitted, Approve, NoGoods, Resolving, deciders},
	{Submitted, Refuse, "", Rejected, staff},
	{Submitted, Propose, "", Negotiating, offerers},
	{Submitted, Answer, Questioned, Submitted, customers}, // then it is decided anew
	{Submitted, Expire, Questioned, Submitted, timers},    // then a person decides
	{Submitted, Escalate, Unchecked, Submitted, timers},   // a person is called
	{Submitted, Withdraw, "", Closed, customers},
	{Submitted, Liable, "", Submitted, people},

	{Negotiating, Propose, "", Negotiating, anyone},
	{Negotiating, Accept, GoodsBack, AwaitReturn, anyone},
	{Negotiating, Accept, NoGoods, Resolving, anyone},
	{Negotiating, Decline, Asked, Submitted, anyone},
	{Negotiating, Decline, Refused, Rejected, anyone},
	{Negotiating, Lapse, Asked, Submitted, timers},
	{Negotiating, Lapse, Refused, Rejected, timers},
	{Negotiating, Withdraw, NotHere, Closed, customers},

	{Rejected, Propose, "", Negotiating, offerers},
	{Rejected, Amend, Amendable, Submitted, customers},
	{Rejected, Withdraw, NotHere, Closed, customers},
	{Rejected, Ship, GoodsHere, Rejected, people}, // refused goods go back
	{Rejected, Expire, "", Closed, timers},

	{AwaitReturn, Withdraw, "", Closed, customers},
	{AwaitReturn, Expire, "", Closed, timers},
	{AwaitReturn, HandOver, "", Returning, transport},
	{AwaitReturn, Deliver, Last, Inspecting, carriers}, // earlier scans were missed
	{AwaitReturn, Deliver, More, Returning, carriers},
	{AwaitReturn, Receive, Last, Inspecting, warehouse}, // no scan at all: it simply arrived
	{AwaitReturn, Receive, More, Returning, warehouse},
	{AwaitReturn, Miss, OnTheirWay, AwaitReturn, carriers},
	{AwaitReturn, Lose, OnTheirWay, Resolving, tracers},
	{AwaitReturn, Convert, Exchanging, AwaitReturn, either},
	{AwaitReturn, AddParcel, "", AwaitReturn, anyone},
	{AwaitReturn, Liable, "", AwaitReturn, people},

	{Returning, HandOver, "", Returning, transport}, // scans between, or another tracking number
	{Returning, Deliver, Last, Inspecting, carriers},
	{Returning, Deliver, More, Returning, carriers},
	{Returning, Receive, Last, Inspecting, warehouse},
	{Returning, Receive, More, Returning, warehouse},
	{Returning, Lose, "", Resolving, tracers},
	{Returning, Convert, Exchanging, Returning, either},
	{Returning, AddParcel, "", Returning, anyone},
	{Returning, Liable, NotAdvanced, Returning, people},

	{Inspecting, Receive, "", Inspecting, warehouse},
	{Inspecting, Grade, Passed, Resolving, warehouse},
	{Inspecting, Grade, Failed, Rejected, warehouse},
	{Inspecting, Convert, Exchanging, Inspecting, either},
	{Inspecting, Liable, NotAdvanced, Inspecting, people},

	{Resolving, Collect, Unpaid, Resolving, machine},
	{Resolving, BackLog, MustSend, Resolving, people},
	{Resolving, Ship, MustSend, Resolving, people},
	{Resolving, Convert, Exchanging, Resolving, either},
	{Resolving, Settle, NotSent, Completed, machine},
	{Resolving, Settle, Replaced, AwaitConfirm, machine},

	{AwaitConfirm, Deliver, "", AwaitConfirm, carriers}, // the replacement arrived
	{AwaitConfirm, Confirm, "", Completed, confirms},

	{Closed, Reopen, First, Closed, people},
	{Closed, Reopen, Second, Submitted, people},
	{Closed, Keep, Second, Closed, people},
	{Completed, Reopen, First, Completed, people},
	{Completed, Reopen, SecondPaid, Resolving, people},
	{Completed, Keep, SecondPaid, Completed, people},
}

// Any are steps that every state allows and that leave it as it is.
var Any = []Move{
	{"", Assign, "", "", people},
	{"", Note, "", "", people},
	{"", Readdress, Sendable, "", anyone},
}

var every = slices.Concat(Moves, Any)

// told are the guards that the step itself answers; the others follow from the
// case alone, and so from what lists of actions can say.
var told = []Guard{More, Last, Passed, Failed, First, Second, SecondPaid}

// next finds the state that an action leads to, and refuses an action that is
// not possible now or not by this party. given are the answers to told guards.
func (c *Case) next(do Action, by actor.Kind, given ...Guard) (State, error) {
	listed, party := false, false
	for _, m := range every {
		if m.From != c.State && m.From != "" || m.Do != do {
			continue
		}
		listed = true
		if !slices.Contains(m.By, by) {
			continue
		}
		party = true
		if m.When == "" || slices.Contains(given, m.When) || !slices.Contains(told, m.When) && guards[m.When](c) {
			return cmp.Or(m.To, c.State), nil
		}
	}
	switch {
	case listed && !party:
		return "", ErrParty.With("action", string(do)).With("party", string(by))
	case listed:
		return "", ErrGuard.With("action", string(do)).With("needed", string(c.missing(do, by)))
	}
	return "", ErrMove.With("state", string(c.State)).With("action", string(do))
}

// can tells whether a party may take a step now, whatever the step will say.
func (c *Case) can(do Action, by actor.Kind) error {
	_, err := c.next(do, by, told...)
	return err
}

// missing is the condition that keeps a listed step from being possible.
func (c *Case) missing(do Action, by actor.Kind) Guard {
	for _, m := range every {
		if (m.From == c.State || m.From == "") && m.When != "" && m.Do == do && slices.Contains(m.By, by) && !slices.Contains(told, m.When) && !guards[m.When](c) {
			return m.When
		}
	}
	return ""
}
