package customer_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/customer"
)

var tierSchemas = []db.Schema{event.Schema, customer.Schema}

func TestTheTierOfAMomentIsWhatWasToldLastBeforeIt(t *testing.T) {
	dbtest.Each(t, tierSchemas, func(t *testing.T, d *db.DB) {
		c := upsert(t, d, by, customer.Draft{Source: "shop", Ref: "1"})
		other := upsert(t, d, by, customer.Draft{Source: "shop", Ref: "2"})
		day := func(n int) time.Time { return time.Date(2026, 3, n, 8, 0, 0, 0, time.UTC) }
		write := func(f func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		order := func(tier, until string, at time.Time) {
			t.Helper()
			write(func(tx *db.Tx) error {
				return customer.Draft{Source: "shop", Tier: tier, TierUntil: until}.Tell(t.Context(), tx, by, c.ID, at)
			})
		}
		order("gold", "2026-03-20T08:00:00Z", day(10))
		order("gold", "2026-03-20T08:00:00Z", day(12)) // says nothing new
		order("silver", "", day(5))                    // an older order that comes late
		order("", "", day(15))                         // says nothing at all
		var told []customer.Standing
		write(func(tx *db.Tx) error {
			all, err := customer.Standings(t.Context(), tx, "shop", []string{c.ID, other.ID})
			told = all[c.ID]
			return err
		})
		got := map[int]string{}
		for _, n := range []int{4, 5, 9, 10, 19, 20, 25} {
			got[n] = customer.TierAt(told, day(n))
		}
		want := map[int]string{4: "", 5: "silver", 9: "silver", 10: "gold", 19: "gold", 20: "", 25: ""}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if len(told) != 2 {
			t.Errorf("%d standings are kept: %+v", len(told), told)
		}
	})
}

func TestStaffGiveATierWithAReasonAndItIsAnnounced(t *testing.T) {
	dbtest.Each(t, tierSchemas, func(t *testing.T, d *db.DB) {
		c := upsert(t, d, by, customer.Draft{Source: "shop", Ref: "1"})
		lin := actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Name: "Lin"}
		set := func(by actor.Actor, told customer.Told) (changed bool, err error) {
			err = d.Write(t.Context(), func(tx *db.Tx) error {
				changed, err = customer.SetTier(t.Context(), tx, by, c.ID, told)
				return err
			})
			return changed, err
		}
		for name, told := range map[string]customer.Told{
			"no reason":      {Tier: "gold"},
			"no name":        {Tier: "Gold!", Reason: "asked"},
			"over already":   {Tier: "gold", Reason: "asked", Until: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)},
			"an end of none": {Reason: "asked", Until: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)},
		} {
			if _, err := set(lin, told); !errors.Is(err, customer.ErrTier) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, step := range []struct {
			told    customer.Told
			changed bool
		}{{customer.Told{Tier: "gold", Reason: "a good customer"}, true}, {customer.Told{Tier: "gold", Reason: "again"}, false}, {customer.Told{Reason: "a mistake"}, true}} {
			if changed, err := set(lin, step.told); err != nil || changed != step.changed {
				t.Errorf("%+v: changed %v, %v", step.told, changed, err)
			}
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			events, err := event.History(t.Context(), tx, "shop", "customer", c.ID)
			if len(events) != 2 || events[0].Type != "customer.tier_set" || events[0].Name != "Lin" {
				t.Errorf("events %+v", events)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = set(actor.Actor{Tenant: "other", Kind: actor.Staff, ID: "stf_2"}, customer.Told{Tier: "gold", Reason: "x"})
		if !errors.Is(err, customer.ErrUnknown) {
			t.Errorf("another shop's customer: %v", err)
		}
	})
}
