package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/sales/order"
)

// marks is what can only have come from the customer who is erased.
var marks = []string{"zyxmark", "13911155577"}

// stays names the columns that may tell of an erased customer, and why.
var stays = map[string]string{
	"order_order.tenders":         "how it was paid, as the books keep it: provider and reference of the payment",
	"cases_case.quote":            "the same payment, as the refund was spread over it",
	"settlement_payout.reference": "the payment that was paid back: a voucher of the books",
}

// column is a column that holds words, or bytes that may be words.
type column struct{ table, name, kind string }

// columns are those of all tables of the installation.
func columns(ctx context.Context, tx *db.Tx, engine db.Engine) ([]column, error) {
	query := `select m.name, c.name, lower(c.type) from sqlite_master m join pragma_table_info(m.name) c
		where m.type = 'table' and lower(c.type) in ('text', 'blob', 'any') order by 1, 2`
	if engine == db.Postgres {
		query = `select table_name, column_name, data_type from information_schema.columns
			where table_schema = current_schema() and data_type not in ('bigint', 'integer', 'boolean', 'smallint') order by 1, 2`
	}
	return db.List(ctx, tx, func(row db.Scanner) (c column, err error) { return c, row.Scan(&c.table, &c.name, &c.kind) }, query)
}

// told lists the columns of the database in which a mark is, with an example.
func (w *world) told(t *testing.T, database string) map[string]string {
	t.Helper()
	found := map[string]string{}
	w.inside(t, database, func(ctx context.Context, h *app.House) {
		err := h.DB.Read(ctx, func(tx *db.Tx) error {
			all, err := columns(ctx, tx, h.DB.Engine())
			if err != nil || len(all) < 300 {
				return fmt.Errorf("%d columns: %w", len(all), err)
			}
			for _, c := range all {
				text := "cast(" + c.name + " as text)"
				if c.kind == "bytea" {
					text = "encode(" + c.name + ", 'escape')"
				}
				for _, mark := range marks {
					rows, err := db.List(ctx, tx, func(row db.Scanner) (s string, err error) { return s, row.Scan(&s) },
						"select "+text+" from "+c.table+" where lower("+text+") like $1 limit 1", "%"+mark+"%")
					if err != nil {
						return fmt.Errorf("%s.%s: %w", c.table, c.name, err)
					}
					if len(rows) > 0 {
						found[c.table+"."+c.name] = rows[0]
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	return found
}

// gone is the customer who is erased: an order with everything personal that an
// order can have.
func gone(t *testing.T, email string) string {
	t.Helper()
	now := time.Now().UTC()
	line, err := json.Marshal(map[string]any{
		"number": "GONE-1", "currency": "CNY", "country": "CN", "zone": "Asia/Shanghai", "tax_included": true, "placed_at": now.AddDate(0, 0, -4), "delivered_at": now.AddDate(0, 0, -2),
		"customer": map[string]any{"name": "Zyxmark Li", "email": email, "phone": "+86 139 1115 5577", "ref": "zyxmark-77", "language": "en", "tier": "gold"},
		"ship_to":  map[string]any{"name": "Zyxmark Li", "lines": []string{"7 Zyxmark Lane"}, "city": "Zyxmarkton", "postcode": "310000", "phone": "+86 139 1115 5577"},
		"lines": []map[string]any{{"sku": "GONE-A", "title": "Lamp", "quantity": 2, "unit_price": 20000, "tax": 100, "carrier": "SF", "tracking": "SF7000000001"},
			{"sku": "GONE-B", "title": "Chair", "quantity": 1, "unit_price": 30000, "tax": 100}},
		"tenders": []map[string]any{{"kind": "card", "label": "Visa of Zyxmark Li", "provider": "test", "reference": "pay-zyxmark", "amount": 70000}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "gone.jsonl", append(line, '\n'))
}

// Nothing in the database tells of a customer who was erased, in whatever table,
// but for what the law on books wants kept.
func TestNoColumnTellsOfAnErasedCustomer(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		box := newMailbox(t)
		w := openWorld(t, database, "--mail", "smtp://"+box.address, "--mail-from", "care@shop.example")
		p := w.first
		w.run(t, "", "import", "orders", gone(t, "zyxmark@private.example"))
		w.run(t, "", "import", "orders", gone(t, "zyxmark at private"), "--source", "second")
		who := w.lives(t, database, p)
		eventually(t, "the name was learned", func() bool { return w.told(t, database)["cases_term.value"] != "" })
		before := w.told(t, database)
		for _, one := range []string{
			"cases_case.name", "cases_case.comment", "cases_term.value", "cases_address.address", "customer_customer.name", "customer_customer.email", "customer_customer.phone",
			"customer_ref.ref", "customer_tier.reason", "order_address.address", "rating_rating.comment", "event_log.data", "event_log.actor_name",
			"cases_case.detail", "cases_case.decision", "shipment_booking.address", "webhook_delivery.body",
			"search_said.term", "httpapi_key.answer", "inspection_grade.note", "shipment_parcel.address", "wallet_entry.reason", "settlement_chargeback.reason", "session_session.agent",
		} {
			if before[one] == "" {
				t.Errorf("the customer has left nothing in %s", one)
			}
		}
		officer := p.as(role.Privacy)
		path := "/v1/customers/" + who + "/erasure"
		w.must(t, "POST", path, map[string]any{"reason": "asked for by letter"}, officer)
		eventually(t, "the log was searched", func() bool { return w.must(t, "GET", path, nil, officer).field("done_at") != "" })
		after := w.told(t, database)
		for where, example := range after {
			if stays[where] == "" {
				t.Errorf("%s still tells: %.300s", where, example)
			}
		}
		for where, why := range stays {
			if after[where] == "" {
				t.Errorf("%s is said to stay (%s), and tells nothing", where, why)
			}
		}
		if out := w.run(t, "", "audit", "--files"); !strings.Contains(out, "nothing is wrong") {
			t.Errorf("audit: %s", out)
		}
	})
}

// lives lets the customer, and staff who deal with the customer, do everything
// that leaves something behind; all cases are over in the end.
func (w *world) lives(t *testing.T, database string, p *party) (customer string) {
	t.Helper()
	var token, orderID string
	w.inside(t, database, func(ctx context.Context, h *app.House) {
		err := h.DB.Write(ctx, func(tx *db.Tx) error {
			found, err := order.ByNumber(ctx, tx, p.tenant, "GONE-1")
			if err != nil || len(found) == 0 {
				return fmt.Errorf("%d orders: %w", len(found), err)
			}
			orderID, customer = found[0].ID, found[0].Customer
			token, _, err = session.Begin(ctx, tx, actor.Actor{Tenant: p.tenant, Kind: actor.Customer, ID: customer, Name: "Zyxmark Li"}, session.New{Order: orderID, Agent: "Zyxmark browser"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	me, staff := cookie(httpapi.CustomerCookie, token), p.as(role.Administrator)
	always, once := header("If-Match", "*"), func(key string) credentials { return header("Idempotency-Key", key) }
	w.must(t, "POST", "/v1/my/lookup", map[string]any{"order_number": "GONE-1", "contact": "zyxmark@private.example"})
	w.must(t, "PUT", "/v1/customers/"+customer+"/tier", map[string]any{"tier": "silver", "reason": "zyxmark is a friend"}, staff)
	w.must(t, "POST", "/v1/customers/"+customer+"/wallet/entries", map[string]any{"action": "adjust", "kind": "store_credit", "unit": "CNY", "amount": 500, "reason": "for Zyxmark"}, staff)
	w.must(t, "POST", "/v1/my/photos", photo(t), me, header("Content-Type", "image/jpeg"))
	w.must(t, "POST", "/v1/my/uploads", nil, me, header("Tus-Resumable", "1.0.0"), header("Upload-Length", "10"))
	picture := w.must(t, "POST", "/v1/my/photos", photo(t), me, header("Content-Type", "image/jpeg")).field("id")
	back := w.must(t, "POST", "/v1/my/cases", map[string]any{"order": orderID, "comment": "says Zyxmark", "photos": []string{},
		"items": []map[string]any{{"line": 1, "quantity": 1, "reason": "defective", "photos": []string{picture}}}}, me, once("zyx-1")).field("id")
	act := func(id string, body map[string]any, as ...credentials) answer {
		return w.must(t, "POST", "/v1/cases/"+id+"/actions", body, append([]credentials{staff, always}, as...)...)
	}
	act(back, map[string]any{"action": "note", "text": "called Zyxmark at 13911155577"}, once("zyx-2"))
	act(back, map[string]any{"action": "receive", "items": []map[string]any{{"line": 1, "quantity": 1}}})
	act(back, map[string]any{"action": "grade", "items": []map[string]any{{"line": 1, "count": 1, "grade": "A", "disposition": "restock", "note": "a letter of Zyxmark inside"}}})
	over := func(id string) {
		eventually(t, "the case is over", func() bool { return w.must(t, "GET", "/v1/cases/"+id, nil, staff).field("final") == "true" })
	}
	over(back)
	w.must(t, "PUT", "/v1/my/cases/"+back+"/rating", map[string]any{"score": 1, "comment": "Zyxmark is angry"}, me, always)

	w.must(t, "PUT", "/v1/products/GONE-B", map[string]any{"sku": "GONE-B", "title": "Chair", "price": map[string]any{"minor": 30000, "currency": "CNY"}}, staff, always)
	swap := w.must(t, "POST", "/v1/my/cases", map[string]any{"order": orderID, "kind": "exchange",
		"items": []map[string]any{{"line": 2, "quantity": 1, "reason": "not_as_described", "sku": "GONE-B"}}}, me).field("id")
	w.must(t, "POST", "/v1/my/cases/"+swap+"/actions", map[string]any{"action": "address",
		"address": map[string]any{"name": "Zyxmark Aunt", "lines": []string{"8 Zyxmark Road"}, "city": "Hangzhou", "postcode": "310001", "iso": "CN", "phone": "13911155577"}}, me, always)
	act(swap, map[string]any{"action": "receive", "items": []map[string]any{{"line": 2, "quantity": 1}}})
	act(swap, map[string]any{"action": "grade", "items": []map[string]any{{"line": 2, "count": 1, "grade": "A", "disposition": "restock"}}})
	w.must(t, "POST", "/v1/cases/"+swap+"/parcels", map[string]any{"direction": "replacement",
		"to": map[string]any{"name": "Zyxmark Aunt", "lines": []string{"8 Zyxmark Road"}, "city": "Hangzhou", "postcode": "310001", "iso": "CN"}}, staff)
	act(swap, map[string]any{"action": "ship", "carrier": "SF", "tracking": "SF7000000002"})
	act(swap, map[string]any{"action": "confirm"})
	over(swap)
	w.argues(t, p, orderID, me)
	taken := w.must(t, "POST", "/v1/chargebacks", map[string]any{"order": orderID, "tender": "t1", "reason": "Zyxmark went to the bank"}, staff).field("id")
	w.must(t, "POST", "/v1/chargebacks/"+taken+"/actions", map[string]any{"action": "close", "outcome": "won"}, staff, always)
	eventually(t, "the evidence can be taken", func() bool {
		return w.ask(t, "POST", "/v1/cases/"+back+"/evidence", nil, p.asKey()).status == http.StatusAccepted
	})
	return customer
}

// argues lets customer and shop disagree about the last unit: a pick-up that is
// booked and cancelled, a remark for a colleague, messages, a case that is taken
// up again by two, offers of both sides, a refusal, and another request.
func (w *world) argues(t *testing.T, p *party, orderID string, me credentials) {
	t.Helper()
	staff, always := p.as(role.Administrator), header("If-Match", "*")
	late := w.must(t, "POST", "/v1/my/cases", map[string]any{"order": orderID, "comment": "Zyxmark again",
		"items": []map[string]any{{"line": 1, "quantity": 1, "reason": "no_longer_needed"}}}, me)
	id := late.field("id")
	path := "/v1/cases/" + id
	begin := time.Now().UTC().AddDate(0, 0, 2).Truncate(time.Hour)
	slot := w.must(t, "POST", "/v1/slots", map[string]any{"from": begin, "to": begin.Add(2 * time.Hour), "capacity": 3}, staff).field("id")
	parcel := w.must(t, "GET", path, nil, staff).field("parcels.0.id")
	at := "/v1/my/cases/" + id + "/parcels/" + parcel + "/actions"
	w.must(t, "POST", at, map[string]any{"action": "book", "method": "pick_up", "place": slot, "from": begin, "to": begin.Add(2 * time.Hour),
		"address": map[string]any{"name": "Zyxmark Uncle", "lines": []string{"9 Zyxmark Road"}, "city": "Hangzhou", "postcode": "310002", "iso": "CN", "phone": "13911155577"}}, me, always)
	w.must(t, "POST", at, map[string]any{"action": "cancel_booking"}, me, always)
	w.must(t, "POST", "/v1/my/cases/"+id+"/messages", map[string]any{"text": "Zyxmark asks"}, me)
	w.must(t, "POST", path+"/messages", map[string]any{"text": "dear Zyxmark"}, staff)

	act := func(who credentials, body map[string]any) answer {
		return w.must(t, "POST", path+"/actions", body, who, always)
	}
	mine := func(body map[string]any) answer {
		return w.must(t, "POST", "/v1/my/cases/"+id+"/actions", body, me, always)
	}
	act(staff, map[string]any{"action": "note", "text": "Zyxmark again", "mentions": []string{p.ids["staff"]}})
	mine(map[string]any{"action": "withdraw", "comment": "Zyxmark keeps it"})
	act(staff, map[string]any{"action": "reopen", "comment": "Zyxmark called: by mistake"})
	act(p.asKey(), map[string]any{"action": "reopen"})
	mine(map[string]any{"action": "offer", "offer_kind": "partial", "amount": 900, "comment": "Zyxmark keeps it for less"})
	act(staff, map[string]any{"action": "offer", "offer_kind": "partial", "amount": 500, "comment": "half for Zyxmark"})
	mine(map[string]any{"action": "decline", "comment": "Zyxmark declines"})
	act(staff, map[string]any{"action": "refuse", "reason_code": "other", "comment": "no, Zyxmark"})
	mine(map[string]any{"action": "amend", "comment": "Zyxmark asks once more", "items": []map[string]any{{"line": 1, "quantity": 1, "reason": "not_as_described"}}})
	act(staff, map[string]any{"action": "refuse", "reason_code": "other", "comment": "still no, Zyxmark"})
	mine(map[string]any{"action": "withdraw"})
	eventually(t, "the case is over", func() bool { return w.must(t, "GET", path, nil, staff).field("final") == "true" })
	eventually(t, "what was written is found", func() bool {
		return w.must(t, "GET", "/v1/search?q=Zyxmark+asks", nil, staff).field("messages.0.case") == id
	})
}
