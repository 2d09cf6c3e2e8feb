package clearing_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
)

var (
	schemas = []db.Schema{event.Schema, clearing.Schema}
	shop    = actor.Of("shop")
	monday  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

type books struct {
	t     *testing.T
	d     *db.DB
	clock *dbtest.Clock
}

func each(t *testing.T, test func(t *testing.T, b books)) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { test(t, books{t, d, clock}) })
}

func (b books) book(set clearing.Set) error {
	return b.d.Write(context.Background(), func(tx *db.Tx) error { return clearing.Book(context.Background(), tx, shop, set) })
}

func (b books) read(fn func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.d.Read(context.Background(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b books) all(by actor.Actor, f clearing.Filter) (lines []string) {
	b.t.Helper()
	f.Limit = 100
	b.read(func(tx *db.Tx) error {
		all, _, err := clearing.Page(b.t.Context(), tx, by, f)
		for _, e := range all {
			lines = append(lines, fmt.Sprintf("%s %s:%s %s %d", e.Key, e.Account, e.Party, e.Code, e.Amount))
		}
		return err
	})
	return lines
}

func (b books) events() (all []clearing.BookedFact) {
	b.t.Helper()
	b.read(func(tx *db.Tx) error {
		booked, _, err := clearing.Page(b.t.Context(), tx, shop, clearing.Filter{Limit: 100})
		seen := map[string]bool{}
		for _, e := range booked {
			if seen[e.ID] {
				continue
			}
			seen[e.ID] = true
			history, err := event.History(b.t.Context(), tx, "shop", "clearing", e.ID)
			if err != nil {
				return err
			}
			for _, e := range history {
				var fact clearing.BookedFact
				if err := json.Unmarshal(e.Data, &fact); err != nil {
					return err
				}
				all = append(all, fact)
			}
		}
		return err
	})
	return all
}

// refund is what a return of 100.00 at seller sel_1 makes, with its commission.
func refund(key, seller string) clearing.Set {
	return clearing.Set{Key: key, Case: "case_" + key, Order: "ord_1", Currency: "CNY", Entries: []clearing.Entry{
		{Account: clearing.Customer, Code: "goods", Amount: 10000},
		{Account: clearing.Seller, Party: seller, Code: "goods", Amount: -10000},
		{Account: clearing.Seller, Party: seller, Code: "commission", Amount: 500},
		{Account: clearing.Commission, Code: "commission", Amount: -500},
		{Account: clearing.Platform, Code: "shipping", Amount: 0},
	}}
}

func TestASetIsBookedWithItsEntriesAndAnnounced(t *testing.T) {
	each(t, func(t *testing.T, b books) {
		if err := b.book(refund("a", "sel_1")); err != nil {
			t.Fatal(err)
		}
		want := []string{"a commission: commission -500", "a customer: goods 10000", "a seller:sel_1 commission 500", "a seller:sel_1 goods -10000"}
		if diff := cmp.Diff(want, b.all(shop, clearing.Filter{Case: "case_a"})); diff != "" {
			t.Error(diff)
		}
		facts := b.events()
		if len(facts) != 1 || len(facts[0].Entries) != 4 || facts[0].Key != "a" || facts[0].Case != "case_a" || facts[0].Currency != "CNY" {
			t.Errorf("%+v", facts)
		}
	})
}

func TestAKeyHasOneSet(t *testing.T) {
	each(t, func(t *testing.T, b books) {
		set := refund("a", "sel_1")
		if err := b.book(set); err != nil {
			t.Fatal(err)
		}
		set.Entries[0], set.Entries[1] = set.Entries[1], set.Entries[0]
		if err := b.book(set); err != nil {
			t.Errorf("the same in another order: %v", err)
		}
		set.Entries = append(set.Entries, clearing.Entry{Account: clearing.Carrier, Code: "freight", Amount: -7}, clearing.Entry{Account: clearing.Platform, Code: "freight", Amount: 7})
		if err := b.book(set); !errors.Is(err, clearing.ErrDiffers) {
			t.Errorf("more entries: %v", err)
		}
		other := refund("a", "sel_1")
		other.Case = "case_z"
		if err := b.book(other); !errors.Is(err, clearing.ErrDiffers) {
			t.Errorf("another case: %v", err)
		}
		if got := b.all(shop, clearing.Filter{}); len(got) != 4 || len(b.events()) != 1 {
			t.Errorf("%v", got)
		}
	})
}

func TestManyAtOnceBookOnce(t *testing.T) {
	each(t, func(t *testing.T, b books) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		outcomes := map[string]int{}
		for i := range 32 {
			wg.Go(func() {
				set := refund("a", "sel_1")
				if i%2 == 1 {
					set.Order = "ord_2"
				}
				err := b.book(set)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					outcomes["booked"]++
				case errors.Is(err, clearing.ErrDiffers):
					outcomes["differs"]++
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if outcomes["booked"] != 16 || outcomes["differs"] != 16 || len(b.all(shop, clearing.Filter{})) != 4 || len(b.events()) != 1 {
			t.Errorf("%v, %v", outcomes, b.all(shop, clearing.Filter{}))
		}
	})
}

func TestWhatDoesNotAddUpIsRefused(t *testing.T) {
	tests := []struct {
		name   string
		change func(s *clearing.Set)
	}{
		{"sum", func(s *clearing.Set) { s.Entries[0].Amount++ }},
		{"account", func(s *clearing.Set) { s.Entries[0].Account = "bank" }},
		{"currency", func(s *clearing.Set) { s.Currency = "XYZ" }},
		{"key", func(s *clearing.Set) { s.Key = "" }},
		{"case", func(s *clearing.Set) { s.Case = "" }},
		{"overflow", func(s *clearing.Set) { s.Entries[0].Amount, s.Entries[2].Amount = 1<<62, 1<<62 }},
	}
	each(t, func(t *testing.T, b books) {
		for _, test := range tests {
			set := refund("a", "sel_1")
			test.change(&set)
			if err := b.book(set); !errors.Is(err, clearing.ErrInvalid) {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		if err := b.book(clearing.Set{Key: "a", Case: "case_a", Currency: "CNY", Entries: []clearing.Entry{{Account: clearing.Customer}}}); err != nil {
			t.Errorf("nothing but zeros: %v", err)
		}
		if got := b.all(shop, clearing.Filter{}); len(got) != 0 {
			t.Errorf("booked %v", got)
		}
	})
}

func TestTotalsArePerPartyAndCurrencyInAPeriod(t *testing.T) {
	each(t, func(t *testing.T, b books) {
		yen := refund("y", "sel_1")
		yen.Currency = "JPY"
		for i, set := range []clearing.Set{refund("a", "sel_1"), refund("b", "sel_1"), refund("c", "sel_2"), yen} {
			b.clock.Set(monday.Add(time.Duration(i) * time.Hour))
			if err := b.book(set); err != nil {
				t.Fatal(err)
			}
		}
		sums := func(f clearing.Filter) (all []clearing.Total) {
			b.read(func(tx *db.Tx) (err error) {
				all, err = clearing.Totals(t.Context(), tx, shop, f)
				return err
			})
			return all
		}
		want := []clearing.Total{
			{Account: clearing.Seller, Party: "sel_1", Amount: money.Of(-19000, "CNY"), Entries: 4},
			{Account: clearing.Seller, Party: "sel_1", Amount: money.Of(-9500, "JPY"), Entries: 2},
			{Account: clearing.Seller, Party: "sel_2", Amount: money.Of(-9500, "CNY"), Entries: 2},
		}
		if diff := cmp.Diff(want, sums(clearing.Filter{Account: clearing.Seller})); diff != "" {
			t.Error(diff)
		}
		period := clearing.Filter{Party: "sel_1", From: monday.Add(time.Hour), To: monday.Add(2 * time.Hour)}
		if diff := cmp.Diff([]clearing.Total{{Account: clearing.Seller, Party: "sel_1", Amount: money.Of(-9500, "CNY"), Entries: 2}}, sums(period)); diff != "" {
			t.Error(diff)
		}
	})
}
