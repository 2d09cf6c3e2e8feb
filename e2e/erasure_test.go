package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/seal/bundle"
)

// A customer who is erased is nowhere any more; what was sealed of its cases
// before and after still proves itself, and the audit knows what was erased.
func TestAnErasedCustomerIsGoneAndEveryProofStays(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		w := openWorld(t, database)
		id, who := w.first.ids["cases"], w.first.ids["customer"]
		officer := w.first.as(role.Privacy)
		because := map[string]any{"reason": "asked for by the customer"}
		path := "/v1/customers/" + who + "/erasure"
		if a := w.ask(t, "POST", path, because, w.first.as(role.Agent)); a.status != 403 {
			t.Errorf("an agent may erase: %d", a.status)
		}
		if a := w.ask(t, "POST", path, because, officer); a.field("code") != "cases.unfinished" {
			t.Fatalf("with an open case: %d %s", a.status, a.body)
		}
		w.finish(t, w.first)
		verified := func(data []byte) (bundle.Result, bundle.Bundle) {
			t.Helper()
			r, err := bundle.Verify(bytes.NewReader(data), int64(len(data)), bundle.Trust{})
			if err != nil || !r.Good {
				t.Fatalf("%v %+v", err, r.Statements)
			}
			b, err := bundle.Read(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			return r, b
		}
		sealedNow := func() bool {
			return w.must(t, "GET", "/v1/cases/"+id+"/seal", nil, w.first.asKey()).field("waiting") == "0"
		}
		eventually(t, "the case is sealed", sealedNow)
		before := w.must(t, "GET", "/v1/cases/"+id+"/evidence.zip", nil, officer).body

		w.must(t, "POST", path, because, officer)
		if a := w.ask(t, "POST", path, because, officer); a.field("code") != "privacy.erased" {
			t.Errorf("twice: %d %s", a.status, a.body)
		}
		eventually(t, "the log was searched", func() bool { return w.must(t, "GET", path, nil, officer).field("done_at") != "" })
		eventually(t, "the erasure is sealed", sealedNow)

		verified(before)
		after := w.must(t, "GET", "/v1/cases/"+id+"/evidence.zip", nil, officer).body
		r, b := verified(after)
		words := ""
		for _, s := range r.Statements {
			words += s.Text + "\n"
		}
		if !strings.Contains(words, "were erased, which was announced") {
			t.Errorf("the bundle does not say that events were erased:\n%s", words)
		}
		if len(b.Files) > 0 {
			t.Error("the bundle still has files")
		}
		for _, one := range []string{buyers["pages"].Name, "wang.jianguo"} {
			if bytes.Contains(after, []byte(one)) {
				t.Errorf("the bundle tells %q", one)
			}
			for _, list := range []string{"/v1/cases?q=", "/v1/orders?q="} {
				if a := w.must(t, "GET", list+one, nil, officer); strings.Contains(string(a.body), id) || strings.Contains(string(a.body), w.first.ids["orders"]) {
					t.Errorf("%s%s finds the customer", list, one)
				}
			}
			w.nowhere(t, database, one)
		}
		if a := w.ask(t, "GET", "/v1/my/cases/"+id, nil, w.first.asCustomer()); a.status != 401 {
			t.Errorf("the customer's session: %d", a.status)
		}
		w.must(t, "GET", "/v1/cases/"+id, nil, officer)
		if out := w.run(t, "", "audit", "--files"); !strings.Contains(out, "nothing is wrong") || strings.Contains(out, " 0 with an erased body") {
			t.Errorf("audit: %s", out)
		}
	})
}

// finish brings all cases of a shop to their end.
func (w *world) finish(t *testing.T, p *party) {
	t.Helper()
	w.must(t, "POST", "/v1/chargebacks/"+p.ids["chargebacks"]+"/actions", map[string]any{"action": "close", "outcome": "won"}, p.as(role.Administrator), header("If-Match", "*"))
	var list struct{ Items []struct{ ID string } }
	if err := json.Unmarshal(w.must(t, "GET", "/v1/cases?limit=50", nil, p.asKey()).body, &list); err != nil {
		t.Fatal(err)
	}
	for _, one := range list.Items {
		id := one.ID
		now := w.must(t, "GET", "/v1/cases/"+id, nil, p.asKey())
		if now.field("final") != "true" {
			eventually(t, "the case goes on", func() bool { // the end of the dispute may be noted meanwhile
				return w.ask(t, "POST", "/v1/cases/"+id+"/actions", map[string]any{"action": "convert"}, p.asKey(), header("If-Match", "*")).status < 300
			})
		}
		eventually(t, "the case is over", func() bool { return w.must(t, "GET", "/v1/cases/"+id, nil, p.asKey()).field("final") == "true" })
	}
}

// nowhere looks for words in the rows of the first shop, and in its events.
func (w *world) nowhere(t *testing.T, database, words string) {
	t.Helper()
	w.inside(t, database, func(ctx context.Context, h *app.House) {
		for _, where := range []string{
			"event_log where actor_name || data", "customer_customer where name || folded || email", "customer_start where start",
			"cases_case where name || comment || decision || detail", "cases_term where value", "order_address where address", "shipment_parcel where address", "job_job where args",
		} {
			err := h.DB.Read(ctx, func(tx *db.Tx) error {
				var n int
				err := tx.QueryRow(ctx, "select count(*) from "+where+" like $1 and tenant = $2", "%"+words+"%", w.first.tenant).Scan(&n)
				if n > 0 {
					t.Errorf("%d rows of %s still tell %q", n, where, words)
				}
				return err
			})
			if err != nil {
				t.Fatalf("%s: %v", where, err)
			}
		}
	})
}
