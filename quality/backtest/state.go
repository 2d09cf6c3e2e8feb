package backtest

// State of a run.
type State string

// The states.
const (
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed"
)

// Action moves a run.
type Action string

// The actions. Only Cancel is a person's.
const (
	Start  Action = "start"
	Finish Action = "finish"
	Cancel Action = "cancel"
	Fail   Action = "fail"
)

// Move is one step that is possible.
type Move struct {
	From State
	Do   Action
	To   State
}

// Moves are all there are.
var Moves = []Move{
	{Queued, Start, Running},
	{Queued, Cancel, Cancelled},
	{Queued, Fail, Failed},
	{Running, Finish, Done},
	{Running, Cancel, Cancelled},
	{Running, Fail, Failed},
}

// Ended reports whether nothing happens to the run any more.
func (s State) Ended() bool { return s == Done || s == Cancelled || s == Failed }

func next(from State, do Action) (State, error) {
	for _, m := range Moves {
		if m.From == from && m.Do == do {
			return m.To, nil
		}
	}
	return from, ErrMove.With("state", string(from)).With("action", string(do))
}
