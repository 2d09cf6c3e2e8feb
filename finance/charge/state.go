package charge

// State of a charge.
type State string

const (
	Due        State = "due"
	Paid       State = "paid"
	Waived     State = "waived"      // given up before its time: it is not owed any more
	Expired    State = "expired"     // not paid in time
	WrittenOff State = "written_off" // owed, and given up
)

// Action moves a charge.
type Action string

const (
	Pay      Action = "pay"
	Waive    Action = "waive"
	WriteOff Action = "write_off"
	expire   Action = "expire"
)

// Move is one possible change of state.
type Move struct {
	From State
	On   Action
	To   State
}

// Moves are all that can happen to a charge. One that has expired can still be
// paid to a person, except the difference of an exchange, which is off then.
var Moves = []Move{
	{Due, Pay, Paid},
	{Due, Waive, Waived},
	{Due, WriteOff, WrittenOff},
	{Due, expire, Expired},
	{Expired, Pay, Paid},
	{Expired, WriteOff, WrittenOff},
}

// next refuses what Moves does not list.
func next(c Charge, on Action) (State, error) {
	for _, m := range Moves {
		off := c.State == Expired && c.Purpose == ExchangeDifference
		if m.From == c.State && m.On == on && !(on == Pay && off) {
			return m.To, nil
		}
	}
	return "", ErrMove.With("state", string(c.State)).With("action", string(on))
}
