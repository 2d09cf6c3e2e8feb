package account_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

func TestColleaguesAreThoseWhomCasesCanBeGivenTo(t *testing.T) {
	each(t, func(w world) {
		boss := w.must(blue, "boss@blue.example", role.Administrator)
		lead := w.must(blue, "lead@blue.example", role.Supervisor)
		agent := w.must(blue, "agent@blue.example", role.Agent)
		merchant := w.must(blue, "seller@blue.example", role.Seller)
		left := w.must(blue, "left@blue.example", role.Agent)
		w.must(blue, "warehouse@blue.example", role.Warehouse)
		w.must(blue, "auditor@blue.example", role.Auditor)
		w.must(red, "boss@red.example", role.Administrator)
		gone := account.Disabled
		if _, err := w.update(blue, left.ID, account.Change{State: &gone}); err != nil {
			w.Fatal(err)
		}
		tests := []struct {
			name   string
			by     actor.Actor
			active bool
			want   []string
		}{
			{"an agent sees all who work on cases, also who left", agent.Actor("s"), false, []string{left.ID, merchant.ID, agent.ID, lead.ID, boss.ID}},
			{"only the active", agent.Actor("s"), true, []string{merchant.ID, agent.ID, lead.ID, boss.ID}},
			{"a seller sees nobody of the shop", merchant.Actor("s"), false, []string{merchant.ID}},
			{"another seller sees nobody", actor.Actor{Tenant: "blue", Kind: actor.Staff, Role: role.Seller, Seller: "sel_2"}, false, nil},
		}
		for _, test := range tests {
			var got []string
			err := w.store.Read(w.Context(), func(tx *db.Tx) error {
				after := ""
				for { // two at a time: pages join without a gap
					all, err := account.Colleagues(w.Context(), tx, test.by, test.active, after, 2)
					if err != nil || len(all) == 0 {
						return err
					}
					for _, a := range all {
						got, after = append(got, a.ID), a.ID
					}
				}
			})
			if err != nil {
				w.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				w.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
		}
	})
}
