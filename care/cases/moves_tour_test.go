package cases_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/order"
)

// row names a row of the table: no two rows share all three.
type row struct {
	from cases.State
	do   cases.Action
	to   cases.State
}

// tour walks cases through a shop and keeps the rows of the table that it
// reached, and by whom. What was reached is read from the events, so it is what
// the program said it did.
type tour struct {
	*shop
	reached map[row]map[actor.Kind]bool
}

// words are the names that events have for actions where these have two.
var words = map[cases.Action]cases.Action{
	"replaced": cases.Settle, "sent_back": cases.Ship, "replacement_delivered": cases.Deliver,
	"reopen_proposed": cases.Reopen, "reopened": cases.Reopen, "unanswered": cases.Expire, "escalated": cases.Escalate,
}

// decided are what law and policy do by themselves.
var decided = map[string]cases.Action{"case.approved": cases.Approve, "case.rejected": cases.Refuse}

// do takes a step that must succeed and be announced. Before, the others whom
// the table lists try it, and it is as if they had not.
func (t *tour) do(by actor.Actor, c cases.Case, in cases.Input) cases.Case {
	t.t.Helper()
	for _, who := range t.parties() {
		if after, err := t.dry(who, c, in); err == nil {
			to := after.State
			if i := slices.IndexFunc(cases.Moves, func(m cases.Move) bool { return m.From == c.State && m.Do == in.Action }); in.Action == cases.Ship && i >= 0 {
				to = cases.Moves[i].To // it went on from there at once
			}
			t.mark(row{c.State, in.Action, to}, who.Kind)
		}
	}
	t.act(by, c, in)
	return t.seen(c, in.Action)
}

// parties are one of each sort.
func (s *shop) parties() []actor.Actor {
	return []actor.Actor{s.buyer, s.boss, {Tenant: "main", Kind: actor.Key, ID: "key_1"}, {Tenant: "main", Kind: actor.Carrier}, {Tenant: "main", Kind: actor.Timer}, actor.Of("main")}
}

var errUndo = errors.New("undone")

// dry takes a step back at once.
func (s *shop) dry(by actor.Actor, c cases.Case, in cases.Input) (after cases.Case, err error) {
	undone := s.d.Write(s.t.Context(), func(tx *db.Tx) error {
		after, err = s.cases.Act(s.t.Context(), tx, by, c.ID, c.Version, in)
		return errUndo
	})
	if !errors.Is(undone, errUndo) {
		s.t.Fatal(undone)
	}
	return after, err
}

func (t *tour) mark(r row, by actor.Kind) {
	if t.reached[r] == nil {
		t.reached[r] = map[actor.Kind]bool{}
	}
	t.reached[r][by] = true
}

// hear lets a carrier report a parcel of the case.
func (t *tour) hear(c cases.Case, tracking string, status shipment.State, do cases.Action) cases.Case {
	t.t.Helper()
	t.write(func(tx *db.Tx) error {
		return t.cases.Scan(t.t.Context(), tx, t.agent, tracking, shipment.Scan{Status: status, At: tx.Now})
	})
	return t.seen(c, do)
}

// wait lets the running deadline of the case pass.
func (t *tour) wait(c cases.Case, do cases.Action) cases.Case {
	t.t.Helper()
	t.clock.Set(c.Deadline.Add(time.Millisecond))
	t.work()
	return t.seen(c, do)
}

// hearMoney lets the bank pay and the case hear of it.
func (t *tour) hearMoney(c cases.Case, do cases.Action) cases.Case {
	t.t.Helper()
	t.work()
	return t.seen(c, do)
}

// seen marks the rows that a step took, one per version.
func (t *tour) seen(before cases.Case, do cases.Action) cases.Case {
	t.t.Helper()
	now := t.reload(before)
	if now.Version == before.Version {
		t.t.Fatalf("%s of %s in %s changed nothing", do, before.Number, before.State)
	}
	at, steps := before.State, t.told(before)
	for i, e := range steps {
		one := row{at, do, now.State}
		if e.Actor == actor.System && (e.Type == "case.review_needed" || e.Type == "case.asked") {
			continue // it stays where it is
		}
		if is, known := decided[e.Type]; known && i > 0 {
			one.do = is
		}
		if fact := movedIn(t.t, e); fact.To != "" {
			one = row{fact.From, fact.Do, fact.To}
		} else if i+1 < len(steps) {
			one.to = movedIn(t.t, steps[i+1]).From
		}
		if word, ok := words[one.do]; ok {
			one.do = word
		}
		if one.from != at {
			t.t.Errorf("%s says that it was in %s, it was in %s", e.Type, one.from, at)
		}
		t.mark(one, e.Actor)
		at = one.to
	}
	if at != now.State {
		t.t.Errorf("the events lead to %s, the case is in %s", at, now.State)
	}
	return now
}

// movedIn is what an event says of a move; nothing if it says more than that.
func movedIn(t *testing.T, e event.Event) (fact cases.Moved) {
	t.Helper()
	if err := json.Unmarshal(e.Data, &fact); err != nil {
		t.Fatal(err)
	}
	return fact
}

// told are the events of the versions that came after one.
func (t *tour) told(before cases.Case) (fresh []event.Event) {
	t.t.Helper()
	t.write(func(tx *db.Tx) error {
		all, err := event.History(t.t.Context(), tx, "main", "case", before.ID)
		for _, e := range all {
			if e.Version > before.Version {
				fresh = append(fresh, e)
			}
		}
		return err
	})
	return fresh
}

// parcels are the tracking numbers of the case, oldest first.
func (t *tour) parcels(c cases.Case) (numbers []string) {
	t.t.Helper()
	t.write(func(tx *db.Tx) error {
		all, err := shipment.Of(t.t.Context(), tx, "main", c.ID)
		for _, p := range all {
			numbers = append(numbers, p.Tracking)
		}
		return err
	})
	return numbers
}

// asks opens a request for one unit of an order's first line.
func (t *tour) asks(kind string, o order.Order) cases.Case {
	t.t.Helper()
	return t.asked(t.buyer, cases.Request{Kind: kind, Order: o.ID, Items: item(1, "not_as_described")})
}

// submitted is a request that waits for a person, approved one that one has
// agreed to.
func (t *tour) submitted(number string) cases.Case {
	return t.asks(cases.KindReturn, t.order(number, 89900))
}

func (t *tour) approved(number, kind string) cases.Case {
	t.t.Helper()
	c := t.asks(kind, t.order(number, 89900))
	if c.State == cases.AwaitReturn { // an exchange for the same costs nothing: a rule approves it
		return c
	}
	return t.do(t.agent, c, cases.Input{Action: cases.Approve})
}

func (t *tour) twoBoxes(number string) cases.Case {
	t.t.Helper()
	return t.do(t.buyer, t.approved(number, cases.KindReturn), cases.Input{Action: cases.AddParcel})
}

func eachTour(t *testing.T, test func(t *tour)) {
	t.Helper()
	eachShop(t, func(s *shop) { test(&tour{s, map[row]map[actor.Kind]bool{}}) })
}
