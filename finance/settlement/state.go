package settlement

// State of a payout.
type State string

const (
	Reserved  State = "reserved"  // owed, under way to the provider or waiting for its turn
	Submitted State = "submitted" // sent, and the outcome is not known yet
	Blocked   State = "blocked"   // waits for the end of a chargeback
	Succeeded State = "succeeded" // paid; final unless the money comes back
	Reversed  State = "reversed"  // was paid, and the money came back; waits for a person
	Failed    State = "failed"    // declined, or given up asking; waits for a person
	Manual    State = "manual"    // to be paid by a person
)

// Event moves a payout.
type Event string

const (
	submit   Event = "submit"    // sent, no final answer
	succeed  Event = "succeed"   // the provider says it is paid
	decline  Event = "decline"   // the provider says no
	giveUp   Event = "give_up"   // asked too often without an answer
	hand     Event = "hand"      // the provider cannot, a person must
	block    Event = "block"     // a chargeback is open on the payment
	unblock  Event = "unblock"   // the chargeback has ended
	reverse  Event = "reverse"   // the provider says that what it paid came back
	Retry    Event = "retry"     // a person wants it sent again, under the same key
	MarkPaid Event = "mark_paid" // a person has paid it by other means
	Redirect Event = "redirect"  // with the customer's consent it goes to other means
)

// Move is one possible change of state.
type Move struct {
	From State
	On   Event
	To   State
}

// Moves are all that can happen to a payout. A payout that is reserved or
// submitted may be on the wire, so no person can move it. Success is possible
// from failed because a provider's answer may come late, and from blocked
// because the chargeback may have come while the payout was on the wire.
var Moves = []Move{
	{Reserved, submit, Submitted},
	{Reserved, succeed, Succeeded},
	{Reserved, decline, Failed},
	{Reserved, hand, Manual},
	{Reserved, block, Blocked},
	{Submitted, submit, Submitted},
	{Submitted, succeed, Succeeded},
	{Submitted, decline, Failed},
	{Submitted, giveUp, Failed},
	{Submitted, hand, Manual},
	{Submitted, block, Blocked},
	{Blocked, unblock, Reserved},
	{Blocked, submit, Submitted},
	{Blocked, succeed, Succeeded},
	{Blocked, decline, Failed},
	{Blocked, hand, Manual},
	{Blocked, MarkPaid, Succeeded},
	{Failed, succeed, Succeeded},
	{Failed, Retry, Reserved},
	{Failed, MarkPaid, Succeeded},
	{Failed, Redirect, Reserved},
	{Manual, succeed, Succeeded},
	{Manual, Retry, Reserved},
	{Manual, MarkPaid, Succeeded},
	{Manual, Redirect, Reserved},
	{Succeeded, reverse, Reversed},
	{Reversed, MarkPaid, Succeeded},
	{Reversed, Redirect, Reserved},
}

// next refuses what Moves does not list.
func next(from State, on Event) (State, error) {
	for _, m := range Moves {
		if m.From == from && m.On == on {
			return m.To, nil
		}
	}
	return "", ErrMove.With("state", string(from)).With("action", string(on))
}
