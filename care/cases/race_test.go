package cases_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const crowd = 32

// together lets many do something at the same moment and counts who succeeded.
// Whoever did not was refused, and knows why.
func (s *shop) together(do func(n int) error) (won int64) {
	s.t.Helper()
	var start, all sync.WaitGroup
	start.Add(1)
	var count atomic.Int64
	for n := range crowd {
		all.Go(func() {
			start.Wait()
			err := do(n)
			var f *fault.Fault
			switch {
			case err == nil:
				count.Add(1)
			case !errors.As(err, &f):
				s.t.Errorf("client %d: %v", n, err)
			}
		})
	}
	start.Done()
	all.Wait()
	return count.Load()
}

// unbroken checks that the events of a case are its versions, each once, each
// from where the one before it led.
func (s *shop) unbroken(c cases.Case) {
	s.t.Helper()
	now, last, at := s.reload(c), int64(0), cases.State("")
	s.write(func(tx *db.Tx) error {
		all, err := event.History(s.t.Context(), tx, "main", "case", c.ID)
		last, at = 0, ""
		for _, e := range all {
			if e.Version == 0 || e.Type == "case.noted" || e.Version == 1 && last == 1 {
				continue
			}
			fact := movedIn(s.t, e)
			if e.Version != last+1 || fact.To != "" && at != "" && fact.From != at {
				s.t.Errorf("%s: version %d behind %d, from %s behind %s", e.Type, e.Version, last, fact.From, at)
			}
			last, at = e.Version, fact.To
		}
		return err
	})
	if last != now.Version {
		s.t.Errorf("events up to %d of version %d", last, now.Version)
	}
}

func TestOfManyWhoDecideOnOneCaseOneWins(t *testing.T) {
	steps := []cases.Input{yes, no, do(cases.Withdraw), partial, goods, ours}
	eachShop(t, func(s *shop) {
		for _, seen := range []bool{true, false} {
			c := s.open(s.buyer2(fmt.Sprint("R1", seen), 89900), s.lastOrder, 1, "wrong_size")
			won := s.together(func(n int) error {
				who, at := s.agent, c
				if n%3 == 0 {
					who = s.buyer
				}
				if !seen {
					at.Version = 0 // whatever the case has come to
				}
				_, err := s.try(who, at, steps[n%len(steps)])
				return err
			})
			if seen && won != 1 || won < 1 || s.reload(c).Version != c.Version+won {
				t.Errorf("%d of %d won, the case went from version %d to %d", won, crowd, c.Version, s.reload(c).Version)
			}
			s.unbroken(c)
		}
	})
}

func TestManyInspectorsGradeOnceAndItIsPaidOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.act(s.agent, s.open(s.buyer2("R2", 19900), s.lastOrder, 2, "not_as_described"), received(2))
		won := s.together(func(n int) error {
			at := c
			if at.Version = 0; n%2 == 0 {
				at.Version = c.Version
			}
			_, err := s.try(s.agent, at, graded(int64(n%3), 2-int64(n%3)))
			return err
		})
		s.work()
		c = s.reload(c)
		if won != 1 || s.reserved(c) != c.Refunded || s.bank.total() != c.Refunded {
			t.Errorf("%d graded; %d reserved in %d, %d paid", won, c.Refunded, s.reserved(c), s.bank.total())
		}
		s.unbroken(c)
	})
}

// Many requests for few units: each unit is in one case.
func TestManyRequestsShareTheUnitsOfAnOrder(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.crate("R3", 40)
		var got atomic.Int64
		s.together(func(n int) error {
			count := int64(1 + n%3)
			_, err := s.tryOpen(s.buyer, o, cases.Wanted{Line: 1, Quantity: count, Reason: "wrong_size"})
			if err == nil {
				got.Add(count)
			}
			return err
		})
		units := s.sum(`select coalesce(sum(units), 0) from refund_claim where order_id = $1`, o.ID)
		if units != got.Load() || units > 40 || units < 38 {
			t.Errorf("%d units held, %d given to cases, of 40", units, got.Load())
		}
		if twice := s.sum(`select count(*) from refund_claim a, refund_claim b where a.order_id = $1 and b.order_id = a.order_id
			and a.first_unit < b.first_unit and b.first_unit < a.first_unit + a.units`, o.ID); twice != 0 {
			t.Errorf("%d claims overlap", twice)
		}
	})
}

func TestADeadlineAndPeopleAtTheSameMomentDecideOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		for n := range 4 {
			c := s.open(s.buyer2(fmt.Sprint("R5-", n), 89900), s.lastOrder, 1, "wrong_size")
			s.clock.Set(c.Deadline.Add(time.Millisecond))
			won := s.together(func(n int) error {
				if n%4 == 0 {
					_, err := s.queue.RunDue(t.Context())
					return errors.Join(err, errQuiet)
				}
				_, err := s.try(s.agent, c, []cases.Input{yes, no, do(cases.Withdraw), partial}[n%4])
				return err
			})
			if _, err := s.queue.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			now := s.reload(c)
			if now.Version != c.Version+1 || won > 1 || won == 0 && now.Decision.By != "timer" {
				t.Errorf("%d people won; %s at version %d by %s", won, now.State, now.Version, now.Decision.By)
			}
			s.unbroken(c)
		}
	})
}

// errQuiet marks what is neither won nor lost.
var errQuiet = fault.New(fault.Conflict, "test.quiet", "This does not count.")

func TestManyWhoReopenAreTwoPeople(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.act(s.agent, s.open(s.buyer2("R6", 19900), s.lastOrder, 1, "wrong_size"), do(cases.Withdraw))
		won := s.together(func(n int) error {
			who := s.agent
			who.ID = fmt.Sprint("stf_", n%8)
			at := c
			at.Version = 0
			_, err := s.try(who, at, again)
			return err
		})
		now := s.reload(c)
		if won != 2 || now.State != cases.Submitted || now.Detail.Reopened != 1 {
			t.Errorf("%d took part; %s, reopened %d times", won, now.State, now.Detail.Reopened)
		}
		var people []string
		for _, e := range (&tour{shop: s}).told(c) {
			people = append(people, e.ActorID)
		}
		if len(people) != 2 || people[0] == people[1] {
			t.Errorf("reopened by %v", people)
		}
		s.unbroken(c)
	})
}

func (s *shop) sum(query string, args ...any) (n int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error { return tx.QueryRow(s.t.Context(), query, args...).Scan(&n) })
	return n
}
