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

func TestStaffBlockAndRedirect(t *testing.T) {
	all := append([]db.Schema{httpapi.Schema}, schemas...)
	dbtest.EachAt(t, all, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		f := office{t, d, clock, newBank()}
		f.bank.answer = closedCard
		a := apitest.New(d, role.Allow)
		settlement.New(d, job.NewQueue(d, slog.New(slog.DiscardHandler)), slog.New(slog.DiscardHandler), f.bank).Routes(a)
		h := a.Handler()
		boss := staff(role.Supervisor)
		seller := apitest.As(actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_2", Role: role.Supervisor, Seller: "sel_1"})

		apitest.Do(t, h, "POST", "/v1/chargebacks", staff(role.Agent), apitest.Body(`{"order":"ord_1","reason":"x"}`)).Want(t, 403, "role.denied")
		apitest.Do(t, h, "POST", "/v1/chargebacks", boss, apitest.Body(`{"reason":"x"}`)).Want(t, 422, "settlement.chargeback_against")
		opened := apitest.Do(t, h, "POST", "/v1/chargebacks", boss, apitest.Body(`{"order":"ord_1","tender":"t1","reason":"fraudulent"}`)).Want(t, 201, "")
		path := "/v1/chargebacks/" + opened.Text("id")
		p := f.reserve("case_a", "bank", 10)[0]
		if got := apitest.Do(t, h, "GET", "/v1/payouts?state=blocked", boss).Want(t, 200, ""); got.Text("items.0.id") != p.ID {
			t.Errorf("%s", got.Raw)
		}
		apitest.Do(t, h, "GET", path, seller).Want(t, 404, "settlement.no_chargeback")
		apitest.Do(t, h, "POST", path+"/actions", seller, apitest.IfMatch(1), apitest.Body(`{"action":"close","outcome":"won"}`)).Want(t, 404, "settlement.no_chargeback")
		for _, list := range []string{"/v1/chargebacks", "/v1/payouts", "/v1/payouts?order=ord_1", "/v1/payouts?case=case_a"} {
			if got := apitest.Do(t, h, "GET", list, seller).Want(t, 200, ""); got.At("items.0") != nil {
				t.Errorf("a seller sees %s", got.Raw)
			}
			if got := apitest.Do(t, h, "GET", list, boss).Want(t, 200, ""); got.At("items.0") == nil || got.At("items.1") != nil {
				t.Errorf("%s: %s", list, got.Raw)
			}
		}
		if got := apitest.Do(t, h, "GET", "/v1/payouts?order=ord_1&case=case_b", boss).Want(t, 200, ""); got.At("items.0") != nil {
			t.Errorf("%s", got.Raw)
		}
		closed := apitest.Do(t, h, "POST", path+"/actions", boss, apitest.IfMatch(1), apitest.Body(`{"action":"close","outcome":"won"}`)).Want(t, 200, "")
		if closed.Text("state") != "won" || closed.Text("closed_at") == "" {
			t.Errorf("%s", closed.Raw)
		}
		apitest.Do(t, h, "POST", path+"/actions", boss, apitest.IfMatch(2), apitest.Body(`{"action":"close","outcome":"lost"}`)).Want(t, 409, "settlement.chargeback_closed")
		f.finish()

		one := apitest.Do(t, h, "GET", "/v1/payouts/"+p.ID, boss).Want(t, 200, "")
		if one.Text("state") != "failed" || one.Text("actions.2") != "redirect" || one.Text("key") != p.ID {
			t.Errorf("%s", one.Raw)
		}
		redirect := `{"action":"redirect","to":{"kind":"store_credit","provider":"bank","reference":"acc_1"},"consent":"wrote"}`
		apitest.Do(t, h, "POST", "/v1/payouts/"+p.ID+"/actions", boss, apitest.IfMatch(1), apitest.Body(redirect)).Want(t, 412, "settlement.stale")
		apitest.Do(t, h, "POST", "/v1/payouts/"+p.ID+"/actions", boss, apitest.Header("If-Match", "*"), apitest.Body(`{"action":"redirect"}`)).Want(t, 422, "settlement.target")
		done := apitest.Do(t, h, "POST", "/v1/payouts/"+p.ID+"/actions", boss, apitest.Header("If-Match", "*"), apitest.Body(redirect)).Want(t, 200, "")
		if done.Text("state") != "reserved" || done.Text("key") != p.ID+"-2" || done.Text("tender.kind") != "store_credit" {
			t.Errorf("%s", done.Raw)
		}
	})
}
