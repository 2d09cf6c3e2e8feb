package settlement_test

import (
	"log/slog"
	"net/http"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
)

func staff(r string) apitest.Option {
	return apitest.As(actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Role: r})
}

func TestStaffWorkOnPayouts(t *testing.T) {
	all := append([]db.Schema{httpapi.Schema}, schemas...)
	dbtest.EachAt(t, all, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		f := office{t, d, clock, newBank()}
		f.bank.answer = func(settlement.Request) settlement.Result {
			return settlement.Result{Outcome: settlement.Declined, Reason: "closed"}
		}
		payouts := f.reserve("case_a", "bank", 10, 20, 30)
		f.run()
		a := apitest.New(d, role.Allow)
		settlement.New(d, job.NewQueue(d, slog.New(slog.DiscardHandler)), slog.New(slog.DiscardHandler), f.bank).Routes(a)
		h := a.Handler()

		seen := map[string]bool{}
		next := ""
		for range 2 {
			got := apitest.Do(t, h, "GET", "/v1/payouts?state=failed&limit=2&cursor="+next, staff(role.Auditor)).Want(t, http.StatusOK, "")
			for _, item := range got.At("items").([]any) {
				seen[item.(map[string]any)["id"].(string)] = true
			}
			next = got.Text("next")
		}
		if len(seen) != len(payouts) || next != "" {
			t.Errorf("%d of %d payouts listed, next %q", len(seen), len(payouts), next)
		}
		apitest.Do(t, h, "GET", "/v1/payouts?state=lost", staff(role.Auditor)).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "GET", "/v1/payouts", staff(role.Warehouse)).Want(t, 403, "role.denied")

		path := "/v1/payouts/" + payouts[0].ID
		one := apitest.Do(t, h, "GET", path, staff(role.Agent)).Want(t, 200, "")
		if one.Text("last_error") != "closed" || one.At("amount.minor") != 10.0 || one.Text("actions.0") != "retry" {
			t.Errorf("%s", one.Raw)
		}
		retry := apitest.Body(map[string]string{"action": "retry"})
		apitest.Do(t, h, "POST", path+"/actions", staff(role.Agent), apitest.IfMatch(2), retry).Want(t, 403, "role.denied")
		apitest.Do(t, h, "POST", path+"/actions", staff(role.Supervisor), retry).Want(t, 428, "request.precondition_required")
		apitest.Do(t, h, "POST", path+"/actions", staff(role.Supervisor), apitest.IfMatch(1), retry).Want(t, 412, "settlement.stale")
		apitest.Do(t, h, "POST", path+"/actions", staff(role.Supervisor), apitest.IfMatch(2), apitest.Body(map[string]string{"action": "mark_paid"})).
			Want(t, 422, "settlement.reference")
		done := apitest.Do(t, h, "POST", path+"/actions", staff(role.Supervisor), apitest.IfMatch(2),
			apitest.Body(map[string]string{"action": "mark_paid", "reference": "SEPA 1"})).Want(t, 200, "")
		if done.Text("state") != "succeeded" || done.Header.Get("ETag") != `"3"` {
			t.Errorf("%s", done.Raw)
		}
		f.expect(payouts[0].ID, settlement.Succeeded, 0, "reserved failed succeeded")
		apitest.Do(t, h, "POST", path+"/actions", staff(role.Supervisor), apitest.IfMatch(3), retry).Want(t, 409, "settlement.move")
		apitest.Do(t, h, "GET", "/v1/payouts/payout_none", staff(role.Agent)).Want(t, 404, "settlement.unknown")
		other := apitest.As(actor.Actor{Tenant: "other", Kind: actor.Staff, ID: "stf_2", Role: role.Administrator})
		apitest.Do(t, h, "GET", path, other).Want(t, 404, "settlement.unknown")
	})
}
