package app_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/platform/db"
)

func TestThingsAreToldByTheNumberOfTheirCaseOrOrder(t *testing.T) {
	eachHouse(t, []string{"--demo"}, func(t *testing.T, cfg *config.Config) {
		h := open(t, cfg)
		if err := h.TellDemo(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		err := h.DB.Read(t.Context(), func(tx *db.Tx) error {
			want := map[string]audit.Place{}
			for kind, of := range map[string]string{
				"case": `select id, id, number from cases_case`, "order": `select id, id, number from order_order`,
				"parcel":  `select p.id, c.id, c.number from shipment_parcel p join cases_case c on c.tenant = p.tenant and c.id = p.case_id`,
				"payout":  `select p.id, c.id, c.number from settlement_payout p join cases_case c on c.tenant = p.tenant and c.id = p.case_id`,
				"payment": `select p.id, c.id, c.number from charge_charge p join cases_case c on c.tenant = p.tenant and c.id = p.case_id`,
			} {
				before := len(want)
				_, err := db.List(t.Context(), tx, func(row db.Scanner) (id string, err error) {
					var at audit.Place
					err = row.Scan(&id, &at.ID, &at.Number)
					want[id] = at
					return id, err
				}, of)
				if err != nil {
					return err
				}
				if len(want) == before {
					t.Errorf("the demo has no %s to look for", kind)
				}
			}
			ids := []string{"", "case_", "par_gone", "payout_gone", "chg_gone", "ord_gone", "case_gone", "stf_1", "main"}
			for id := range maps.Keys(want) {
				ids = append(ids, id)
			}
			got, err := app.Names(t.Context(), tx, "main", ids)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
			if got, err := app.Names(t.Context(), tx, "north", ids); err != nil || len(got) > 0 {
				t.Errorf("another shop is told %v, %v", got, err)
			}
			if got, err := app.Names(t.Context(), tx, "main", nil); err != nil || len(got) > 0 {
				t.Errorf("of nothing: %v, %v", got, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
