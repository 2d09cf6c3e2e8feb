package cases_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

// In Santiago the 6th of September 2026 begins at one o'clock.
func TestADayWithoutMidnightBeginsWhereTheClocksJump(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		jump := time.Date(2026, 9, 6, 4, 0, 0, 0, time.UTC)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: "main", Name: "Shop", Zone: "America/Santiago", Language: "en", Currency: "CLP",
				Return: tenant.Address{Name: "Bodega", Lines: []string{"Calle 1"}, City: "Santiago", Country: "CL"}})
			for id, at := range map[string]time.Time{"case_1": jump.Add(-30 * time.Minute), "case_2": jump} {
				if err == nil {
					err = cases.Insert(t.Context(), tx, &cases.Case{Tenant: "main", ID: id, Number: id, State: cases.Submitted, Currency: "CLP", OpenedAt: at})
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for span, want := range map[cases.Span][]string{
			{To: "2026-09-05"}:                     {"case_1"},
			{From: "2026-09-06"}:                   {"case_2"},
			{From: "2026-09-05", To: "2026-09-06"}: {"case_2", "case_1"},
		} {
			got, err := walked(t.Context(), d, actor.Actor{Tenant: "main", Kind: actor.Staff}, cases.Filter{Opened: span, Limit: 10})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%+v: %v, %v, want %v", span, got, err, want)
			}
		}
	})
}
