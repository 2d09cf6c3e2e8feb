package e2e

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/role"
)

// What is known of one buyer, in the spellings in which it was told.
var (
	buyerContacts = []string{"wang.jianguo@example.com", "13812342207", "138 1234 2207", "138-1234-2207"}
	buyerWhole    = []string{"王建国", "人民路 88 号", "13900001111"} // as it is written on a parcel
)

// soldByNanshan lets the seller of this world have a case of everything: the same
// buyer, who tells e-mail and telephone wherever there is room for words.
func (w *world) soldByNanshan(t *testing.T) *party {
	t.Helper()
	p := *w.first
	p.ids = maps.Clone(w.first.ids)
	key, buyer, agent := p.asKey(), p.asCustomer(), p.as(role.Agent)
	says := " Write to " + buyerContacts[0] + " or call " + buyerContacts[2] + ", " + buyerContacts[3] + "."
	p.ids["products"] = "TENT"
	w.must(t, "PUT", "/v1/products/TENT", map[string]any{"sku": "TENT", "title": "Tent", "seller": "nanshan", "price": map[string]any{"minor": 49900, "currency": "CNY"}}, key, header("If-Match", "*"))
	sold := w.must(t, "POST", "/v1/orders", map[string]any{
		"number": "NS-1", "source": "shop", "currency": "CNY", "country": "CN", "zone": "Asia/Shanghai", "tax_included": true,
		"placed_at": time.Now().AddDate(0, 0, -4).UTC(), "delivered_at": time.Now().AddDate(0, 0, -2).UTC(),
		"customer": map[string]any{"name": "王建国", "email": buyerContacts[0], "phone": buyerContacts[1]},
		"ship_to":  map[string]any{"name": "王建国", "lines": []string{"人民路 88 号"}, "city": "杭州", "postcode": "310000", "phone": "13900001111"},
		"lines":    []map[string]any{{"sku": "TENT", "title": "Tent", "category": "outdoor", "seller": "nanshan", "quantity": 3, "unit_price": 49900}},
		"tenders":  []map[string]any{{"kind": "alipay", "label": "Alipay " + buyerContacts[0], "provider": "test", "reference": buyerContacts[0], "amount": 3 * 49900}},
	}, key)
	p.ids["orders"] = sold.field("id")
	act := func(id string, body map[string]any) answer {
		now := w.must(t, "GET", "/v1/cases/"+id, nil, key)
		return w.must(t, "POST", "/v1/cases/"+id+"/actions", body, key, header("If-Match", now.header.Get("ETag")))
	}
	item := []map[string]any{{"line": 1, "quantity": 1, "reason": "not_as_described"}}
	swap := w.must(t, "POST", "/v1/my/cases", map[string]any{"order": p.ids["orders"], "kind": "exchange", "items": item, "comment": "Too small." + says}, buyer).field("id")
	if state := w.must(t, "GET", "/v1/cases/"+swap, nil, key).field("state"); state == "submitted" {
		act(swap, map[string]any{"action": "approve", "comment": "Asked." + says})
	}
	act(swap, map[string]any{"action": "receive", "items": []map[string]any{{"line": 1, "quantity": 1}}})
	act(swap, map[string]any{"action": "grade", "items": []map[string]any{{"line": 1, "count": 1, "grade": "A", "disposition": "restock", "note": "A slip in the box." + says}}})
	w.must(t, "POST", "/v1/cases/"+swap+"/parcels", map[string]any{"direction": "replacement"}, key)
	w.must(t, "POST", "/v1/my/cases/"+swap+"/messages", map[string]any{"text": "When?" + says}, buyer)
	w.must(t, "POST", "/v1/cases/"+swap+"/messages", map[string]any{"text": "Soon." + says}, agent)
	act(swap, map[string]any{"action": "note", "text": "Called back." + says})
	p.ids["cases"] = swap
	p.ids["parcels"] = w.must(t, "GET", "/v1/cases/"+swap+"/parcels", nil, key).field("items.0.id")

	back := w.must(t, "POST", "/v1/my/cases", map[string]any{"order": p.ids["orders"], "items": item, "comment": "Torn." + says}, buyer).field("id")
	if state := w.must(t, "GET", "/v1/cases/"+back, nil, key).field("state"); state == "submitted" {
		act(back, map[string]any{"action": "approve"})
	}
	act(back, map[string]any{"action": "receive", "items": []map[string]any{{"line": 1, "quantity": 1}}})
	act(back, map[string]any{"action": "grade", "items": []map[string]any{{"line": 1, "count": 1, "grade": "A", "disposition": "restock"}}})
	eventually(t, "the seller's refund is paid", func() bool {
		return w.must(t, "GET", "/v1/cases/"+back, nil, key).field("state") == "completed"
	})
	w.must(t, "PUT", "/v1/my/cases/"+back+"/rating", map[string]any{"score": 1, "comment": "Never again." + says}, buyer)
	p.ids["replaced"], p.ids["returned"] = swap, back
	return &p
}

// Whatever somebody without customer.read may ask, no answer has the buyer's
// e-mail or telephone, and whoever packs no parcels gets neither name nor address.
func TestNobodyIsToldMoreOfABuyerThanTheRoleNeeds(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		w := openWorld(t, database)
		p := w.soldByNanshan(t)
		made := w.must(t, "POST", "/v1/api-keys", map[string]any{"name": "seller's", "seller": "nanshan", "scopes": role.Grantable("nanshan")}, p.as("sure"))
		reader := w.must(t, "POST", "/v1/api-keys", map[string]any{"name": "reader", "scopes": []string{"case.read", "order.read", "case.export", "insight.read"}}, p.as("sure"))
		asked := map[string]int{}
		for who, as := range map[string]credentials{
			role.Seller: p.as(role.Seller), role.Warehouse: p.as(role.Warehouse), "key of the seller": p.from(bearer(made.field("secret"))), "key that reads": p.from(bearer(reader.field("secret"))),
		} {
			hidden := slices.Clone(buyerContacts)
			if who != role.Warehouse {
				hidden = append(hidden, buyerWhole...)
			}
			look := func(path string) {
				t.Helper()
				got := w.ask(t, "GET", path, nil, as)
				if got.status >= 500 {
					t.Errorf("%s by %s: %d %s", path, who, got.status, got.body)
				}
				if got.status == http.StatusOK {
					asked[who]++
				}
				for _, secret := range hidden {
					if said, _ := url.QueryUnescape(path); strings.Contains(string(got.body), secret) && !strings.Contains(said, secret) {
						t.Errorf("%s by %s tells %s: %s", path, who, secret, around(string(got.body), secret))
					}
				}
			}
			for _, r := range w.routes {
				if r.method != "GET" || strings.HasPrefix(string(r.permission), "my.") || r.path == "/v1/live" { // of which changes tell no more than that there is one
					continue
				}
				path, _ := p.fill(t, r)
				look(path + needed[r.path])
				if strings.Contains(r.path, "/cases/{id}") {
					look(strings.Replace(path, p.ids["replaced"], p.ids["returned"], 1) + needed[r.path])
				}
			}
			for _, guess := range []string{buyerContacts[0], buyerContacts[1], "王建国"} {
				for _, path := range []string{"/v1/orders?q=", "/v1/cases?q=", "/v1/search?q="} {
					got := w.ask(t, "GET", path+url.QueryEscape(guess), nil, as)
					found := strings.Contains(string(got.body), p.ids["orders"]) || strings.Contains(string(got.body), p.ids["replaced"])
					if names := who == role.Warehouse && guess == "王建国"; found && !names && got.status == http.StatusOK {
						t.Errorf("%s%s by %s confirms the guess: %s", path, guess, who, got.body)
					}
				}
			}
			if got := w.ask(t, "GET", "/v1/cases/"+p.ids["replaced"], nil, as); who != role.Warehouse && got.field("customer.name") != "王**" {
				t.Errorf("%s sees the buyer as %q", who, got.field("customer.name"))
			}
			if label := w.ask(t, "GET", outgoing(t, w, p), nil, as); (label.status == http.StatusOK) != (who == role.Warehouse) {
				t.Errorf("the label with the buyer's address by %s: %d %s", who, label.status, label.field("code"))
			}
		}
		for who, n := range asked {
			if n < 20 {
				t.Errorf("%s was answered %d questions only", who, n)
			}
		}
		if got := w.must(t, "GET", "/v1/cases/"+p.ids["replaced"], nil, p.as(role.Agent)); !strings.Contains(string(got.body), buyerContacts[0]) || !strings.Contains(string(got.body), buyerContacts[2]) {
			t.Errorf("an agent, who may know the buyer, is told %s", got.body)
		}
	})
}

// outgoing is the label of the parcel that goes to the buyer.
func outgoing(t *testing.T, w *world, p *party) string {
	t.Helper()
	var list struct {
		Items []struct{ ID, Direction string }
	}
	got := w.must(t, "GET", "/v1/cases/"+p.ids["replaced"]+"/parcels", nil, p.asKey())
	if err := json.Unmarshal(got.body, &list); err != nil {
		t.Fatal(err)
	}
	for _, one := range list.Items {
		if one.Direction == "replacement" {
			return "/v1/cases/" + p.ids["replaced"] + "/parcels/" + one.ID + "/label.pdf"
		}
	}
	t.Fatal("there is no parcel to the buyer")
	return ""
}

// around is where a text has a secret.
func around(text, secret string) string {
	at := strings.Index(text, secret)
	return text[max(0, at-80):min(len(text), at+len(secret)+40)]
}
