package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
)

// bodies are well-formed requests for routes that need one. Those in foreign
// name something of the first shop outside the path, and have to be refused;
// the others may do to their own shop what they say.
func bodies(of map[string]string) (own, foreign map[string]any) {
	items := []map[string]any{{"line": 1, "quantity": 1, "reason": "no_longer_needed"}}
	return map[string]any{
			"POST /v1/api-keys":                                 map[string]any{"name": "made", "scopes": []string{"case.read"}},
			"POST /v1/cases/{id}/actions":                       map[string]any{"action": "note", "text": "hello"},
			"POST /v1/cases/{id}/presence":                      map[string]any{"page": "a", "doing": "looking"},
			"POST /v1/views":                                    map[string]any{"name": "Own", "query": "state=submitted"},
			"PUT /v1/views/{id}":                                map[string]any{"name": "Renamed", "query": ""},
			"PUT /v1/views-order":                               map[string]any{"ids": []string{"mine"}},
			"POST /v1/mentions/read":                            map[string]any{},
			"POST /v1/cases/{id}/messages":                      map[string]any{"text": "hello"},
			"POST /v1/cases/{id}/messages/read":                 map[string]any{"to": 1},
			"POST /v1/cases/{id}/messages/settle":               map[string]any{"to": 1},
			"POST /v1/my/cases/{id}/messages":                   map[string]any{"text": "hello"},
			"POST /v1/my/cases/{id}/messages/read":              map[string]any{"to": 1},
			"POST /v1/replies":                                  map[string]any{"title": "Own", "shortcut": "own", "texts": map[string]string{"en": "Hello {name}"}},
			"PUT /v1/replies/{id}":                              map[string]any{"title": "Own", "shortcut": "taken", "texts": map[string]string{"en": "Hello"}},
			"PUT /v1/mentions/choice":                           map[string]any{"email": true},
			"PUT /v1/alerts/choice":                             map[string]any{"email": true},
			"POST /v1/jobs/{id}/actions":                        map[string]any{"action": "run"},
			"POST /v1/my/cases/{id}/actions":                    map[string]any{"action": "withdraw"},
			"POST /v1/cases/{id}/parcels":                       map[string]any{"direction": "return"},
			"POST /v1/cases/{id}/parcels/{parcel}/actions":      map[string]any{"action": "cancel_booking"},
			"POST /v1/my/cases/{id}/parcels/{parcel}/actions":   map[string]any{"action": "cancel_booking"},
			"POST /v1/chargebacks/{id}/actions":                 map[string]any{"action": "close", "outcome": "won"},
			"POST /v1/charges/{id}/actions":                     map[string]any{"action": "waive", "reason": "kind"},
			"POST /v1/my/charges/{id}/pay":                      map[string]any{"provider": "test"},
			"POST /v1/seal/audits":                              map[string]any{},
			"POST /v1/seal/keys":                                nil,
			"POST /v1/seal/keys/{id}/retire":                    nil,
			"POST /v1/customers/{id}/erasure":                   map[string]any{"reason": "asked for"},
			"PUT /v1/customers/{id}/tier":                       map[string]any{"tier": "gold", "reason": "kind"},
			"POST /v1/customers/tiers":                          map[string]any{"source": "shop", "items": []map[string]any{{"ref": "c-tier", "tier": "gold"}}},
			"POST /v1/customers/{id}/wallet/entries":            map[string]any{"action": "adjust", "amount": 100, "kind": "store_credit", "unit": "CNY", "reason": "kind"},
			"POST /v1/orders/{id}/parcels":                      map[string]any{},
			"POST /v1/points":                                   map[string]any{"name": "Own", "address": "2 Road"},
			"PUT /v1/points/{id}":                               map[string]any{"name": "Own", "address": "2 Road"},
			"POST /v1/slots":                                    map[string]any{"from": "2030-01-01T08:00:00Z", "to": "2030-01-01T10:00:00Z", "capacity": 3},
			"PUT /v1/products/{sku}":                            map[string]any{"sku": of["products"], "title": "Pot", "price": map[string]any{"minor": 1, "currency": "CNY"}},
			"POST /v1/my/lookup":                                map[string]any{"order_number": buyers["whole"].Number, "contact": buyers["whole"].Contact},
			"POST /v1/orders":                                   map[string]any{"number": "N-1", "source": "shop", "currency": "EUR", "country": "DE", "zone": "Europe/Berlin", "placed_at": "2026-01-01T00:00:00Z", "lines": []map[string]any{{"sku": "a", "title": "A", "quantity": 1, "unit_price": 100}}, "tenders": []map[string]any{{"kind": "card", "amount": 100}}},
			"POST /v1/payouts/{id}/actions":                     map[string]any{"action": "retry"},
			"PUT /v1/policies/{id}":                             nil, // taken from the shop's own standard policy
			"PUT /v1/policies/{id}/draft":                       nil,
			"POST /v1/policies/check":                           map[string]any{"rules": rulesText},
			"POST /v1/policies/{id}/tests":                      map[string]any{},
			"POST /v1/policies/{id}/versions/{version}/actions": map[string]any{"action": "retire"},
			"POST /v1/backtests":                                map[string]any{"policy": "standard", "version": 1},
			"POST /v1/backtests/{id}/actions":                   map[string]any{"action": "cancel"},
			"POST /v1/rights/decide":                            map[string]any{"facts": map[string]any{"as_of": "2026-01-01", "buyer": map[string]any{"residence": "FR"}}},
			"POST /v1/factors/totp":                             map[string]any{"ticket": "wrong", "code": "000000", "name": "Phone"},
			"POST /v1/factors/passkey":                          map[string]any{"ticket": "wrong", "response": map[string]any{}, "name": "Key"},
			"PATCH /v1/factors/{id}":                            map[string]any{"name": "Renamed"},
			"POST /v1/session/second":                           map[string]any{"step": "wrong", "code": "000000"},
			"POST /v1/session/second/passkey":                   map[string]any{"step": "wrong"},
			"POST /v1/session/passkey":                          map[string]any{"ticket": "wrong", "response": map[string]any{}},
			"PUT /v1/sign-in-rules":                             map[string]any{"roles": []string{}},
			"PUT /v1/my/cases/{id}/rating":                      map[string]any{"score": 5},
			"POST /v1/shop/keys":                                map[string]any{"name": "made"},
			"PUT /v1/shop/settings":                             map[string]any{"name": "Second", "host": otherHost, "zone": "Europe/Berlin", "language": "en", "currency": "EUR", "return_address": map[string]any{"name": "", "lines": []string{}}},
			"POST /v1/staff":                                    map[string]any{"email": "new@shop.example", "name": "New", "role": "agent", "language": "en", "password": password},
			"PATCH /v1/staff/{id}":                              map[string]any{"name": "Renamed"},
			"PUT /v1/session/password":                          map[string]any{"current": "wrong " + password, "password": "another " + password},
			"POST /v1/session/step-up":                          map[string]any{"password": "wrong " + password},
			"POST /v1/cases/bulk":                               map[string]any{"action": "note", "text": "hello", "cases": []map[string]any{{"id": "case_06gzze38pxy1xe5dt981807gzm", "version": 1}}},
			"PUT /v1/templates/{kind}/{language}":               map[string]any{"subject": "{number}", "body": "{next}"},
			"POST /v1/templates/{kind}/{language}/actions":      map[string]any{"action": "reset"},
			"PUT /v1/shop/widget":                               map[string]any{"origins": []string{"https://second.example"}},
			"PUT /v1/shop/brand":                                map[string]any{"accent": "#0a7d55"},
			"PUT /v1/shop/brand/{picture}":                      map[string]any{"content": "R0lGODlhAQABAIAAAAAAAP///yH5BAAAAAAALAAAAAABAAEAAAIBRAA7"},
			"PUT /v1/shop/calendars/{desk}":                     openHours,
			"POST /v1/shop/calendars/{desk}/preview":            openHours,
			"POST /v1/shop/calendars/{desk}/import":             map[string]any{"content": "BEGIN:VCALENDAR\nEND:VCALENDAR"},
			"POST /v1/accounts":                                 map[string]any{"provider": "stripe", "name": "Stripe", "secrets": map[string]any{"key": "sk_live_of_a_stranger"}},
			"PUT /v1/accounts/{id}":                             map[string]any{"name": "Stolen"},
			"POST /v1/accounts/{id}/actions":                    map[string]any{"action": "test"},
			"POST /v1/webhooks":                                 map[string]any{"name": "ERP", "url": "https://erp.invalid/hook"},
			"PUT /v1/webhooks/{id}":                             map[string]any{"name": "ERP", "url": "https://erp.invalid/hook"},
			"POST /v1/webhooks/{id}/actions":                    map[string]any{"action": "disable"},
			"POST /v1/session/password":                         map[string]any{"current": "wrong " + password, "password": "another " + password},
		}, map[string]any{
			"POST /v1/cases":                               map[string]any{"order": of["orders"], "items": items},
			"POST /v1/my/cases":                            map[string]any{"order": of["orders"], "items": items, "photos": []string{of["photos"]}},
			"POST /v1/my/quotes":                           map[string]any{"order": of["orders"], "items": items},
			"POST /v1/quotes":                              map[string]any{"order": of["orders"], "items": items},
			"POST /v1/chargebacks":                         map[string]any{"order": of["orders"], "tender": "t1", "reason": "disputed"},
			"POST /v1/templates/{kind}/{language}/preview": map[string]any{"subject": "{number}", "body": "{next}", "case": of["cases"]},
			"POST /v1/replies/preview":                     map[string]any{"case": of["cases"], "language": "en", "text": "{number}"},
			"POST /v1/templates/{kind}/{language}/test":    map[string]any{"subject": "{number}", "body": "{next}", "case": of["cases"]},
			"POST /v1/policies/what-if":                    map[string]any{"case": of["cases"], "policy": "standard", "version": 1},
			"POST /v1/my/link":                             map[string]any{"link": "x"},
			"POST /v1/my/session":                          map[string]any{"challenge": "chl_06gzze38pxy1xe5dt981807gzm", "code": "000000"},
			"POST /v1/scans":                               map[string]any{"carrier": "own", "tracking": of["tracking"], "status": "lost", "at": "2026-01-01T00:00:00Z"},
			"POST /v1/session":                             map[string]any{"email": "nobody@shop.example", "password": password},
		}
}

// questions ask for something of the first shop in the query.
func questions(of map[string]string) map[string][]string {
	return map[string][]string{
		"GET /v1/cases":          {"?q=" + of["number"], "?q=" + of["tracking"], "?counts=true"},
		"GET /v1/cases.csv":      {"?q=" + of["number"]},
		"GET /v1/orders":         {"?q=E2E-1001", "?q=lin.xiaowen"},
		"GET /v1/parcels":        {"?tracking=" + of["tracking"]},
		"GET /v1/live":           {"?case=" + of["cases"]},
		"GET /v1/my/live":        {"?case=" + of["cases"]},
		"GET /v1/sessions":       {"?all=true"},
		"GET /v1/shop/calendars": {"?seller=sel_mugs"},
	}
}

// rulesText are rules of a policy as they are written.
var rulesText = map[string]any{
	"window_days": 7, "reasons": []map[string]any{{"code": "no_longer_needed", "photos": "none", "freight": "customer"}}, "shipping": "none", "full_shipping": true,
	"answer_hours": 48, "ship_back_days": 7, "inspect_hours": 72, "payout_hours": 24,
}

// needed are the queries without which a route answers nothing.
var needed = map[string]string{"/v1/customers/{id}/wallet/entries": "?account=points", "/v1/insight.csv": "?figure=cases", "/v1/shop/qr.png": "?order=A1", "/v1/policies/{id}/diff": "?from=1&to=1", "/v1/backtests/{id}/groups": "?dimension=kind", "/v1/pickups": "?day=2030-01-01", "/v1/cases/{id}/slots": "?day=2030-01-01", "/v1/my/cases/{id}/slots": "?day=2030-01-01"}

// openHours is the calendar of a desk.
var openHours = map[string]any{
	"mode": "wait", "zone": "Europe/Berlin", "closures": []any{}, "extra": []any{},
	"week": []map[string]any{{"day": 1, "from": "08:00", "to": "20:00"}},
}

// named by their shop: the same name in two shops means two things.
var natural = []string{"policies", "products", "versions", "approved"}

// words are ids of everybody: a number, a kind of message, a language.
var words = []string{"versions", "templates", "approved", "brand", "carriers", "calendars"}

func TestAShopSeesAndChangesNothingOfAnother(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		w := openWorld(t, database)
		own, foreign := bodies(w.first.ids)
		asked := questions(w.first.ids)
		var standard any = rulesOf(t, w)
		before := w.picture(t)
		for _, r := range w.routes {
			path, kind := w.first.fill(t, r)
			body, known := own[r.String()]
			if r.String() == "PUT /v1/policies/{id}" || r.String() == "PUT /v1/policies/{id}/draft" {
				body = standard
			}
			if hostile, ok := foreign[r.String()]; ok {
				body, known = hostile, true
			}
			if r.body && !known {
				t.Errorf("%s: this test has no body for it: add one to bodies()", r)
				continue
			}
			for who, as := range map[string]credentials{
				"key": w.second.asKey(), "administrator": w.second.as(role.Administrator), "customer": w.second.asCustomer(), "nobody": w.second.from(nil),
			} {
				for _, query := range append([]string{needed[r.path]}, asked[r.String()]...) {
					got := w.ask(t, r.method, path+query, body, as, header("If-Match", ifMatch(kind)))
					w.judge(t, r, who, query, kind, foreign[r.String()] != nil || strings.HasPrefix(query, "?case="), got)
				}
			}
			if r.permission != "" {
				for who, as := range map[string]credentials{
					"key": bearer(w.second.key), "administrator": cookie("aftercare_staff", w.second.staff[role.Administrator]), "customer": cookie("aftercare_customer", w.second.customer),
				} {
					if got := w.ask(t, r.method, path, body, as, header("If-Match", "*")); got.status != http.StatusUnauthorized {
						t.Errorf("%s on the first shop's host by the second shop's %s: %d, want 401", r, who, got.status)
					}
				}
			}
		}
		if after := w.picture(t); after != before {
			t.Errorf("the first shop's data changed:\n%s\n%s", before, after)
		}
	})
}

// judge compares one answer with what a stranger may get.
func (w *world) judge(t *testing.T, r route, who, query, kind string, foreign bool, got answer) {
	t.Helper()
	wrongKind := r.permission != "" && (strings.HasPrefix(string(r.permission), "my.") != (who == "customer") || who == "nobody")
	switch {
	case got.status >= 500:
		t.Errorf("%s%s by %s: %d %s", r, query, who, got.status, got.body)
	case wrongKind && got.status != http.StatusUnauthorized && got.status != http.StatusForbidden:
		t.Errorf("%s%s by %s: %d %s, want 401 or 403", r, query, who, got.status, got.body)
	case wrongKind, got.status == http.StatusForbidden && who == "key":
		return
	case strings.Contains(string(got.body), "session.step_up_required"): // asked before anything is looked up
		return
	case kind == "brand": // every shop has a logo of its own
		return
	case strings.HasPrefix(r.path, "/v1/public-calendars") && got.status == http.StatusOK: // of countries, such as China's mainland: no shop's
		return
	case kind == "calendars": // every shop has the same desks
		if strings.Contains(string(got.body), "Spring at the first") {
			t.Errorf("%s by %s tells the calendar of the first shop: %s", r, who, got.body)
		}
		return
	case kind == "approved": // every shop has words for it
		if strings.Contains(string(got.body), "Yes to") {
			t.Errorf("%s by %s tells the words of the first shop: %s", r, who, got.body)
		}
		return
	case kind != "" && got.status != http.StatusNotFound && !slices.Contains(natural, kind):
		t.Errorf("%s of the first shop's by %s: %d %s, want 404", r, who, got.status, got.body)
	case kind != "" && slices.Contains(natural, kind) && got.status != http.StatusNotFound && got.status != http.StatusPreconditionFailed:
		t.Errorf("%s of the first shop's by %s: %d %s, want 404 or 412", r, who, got.status, got.body)
	case foreign && got.status < 400:
		t.Errorf("%s%s with an id of the first shop's by %s: %d %s, want a refusal", r, query, who, got.status, got.body)
	}
	if got.status >= 400 {
		return // a refusal repeats what was asked for
	}
	for name, id := range w.first.ids {
		if id != "" && !slices.Contains(words, name) && strings.Contains(string(got.body), id) {
			t.Errorf("%s%s by %s tells %s of the first shop", r, query, who, name)
		}
	}
}

// fill puts the shop's own ids into the path of a route.
func (p *party) fill(t *testing.T, r route) (path, kind string) {
	t.Helper()
	parts := strings.Split(strings.TrimPrefix(r.path, "/"), "/")
	for i, part := range parts {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		kind = parts[i-1]
		if kind == "packs" || kind == "public-calendars" { // the law, and what countries publish, belong to everybody
			parts[i], kind = "CN", ""
			continue
		}
		id := p.ids[kind]
		if kind == "jobs" && id == "" {
			id = "job_06gzze38pxy1xe5dt981807gzm"
		}
		if id == "" {
			t.Errorf("%s: this test has no id for %s of %s: let party.own make one", r, part, kind)
		}
		parts[i] = id
	}
	return "/" + strings.Join(parts, "/"), kind
}

func ifMatch(kind string) string {
	if slices.Contains(natural, kind) {
		return `"1"`
	}
	return "*"
}

// picture is what the first shop has, as its administrator sees it.
func (w *world) picture(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, path := range []string{
		"/v1/cases/" + w.first.ids["cases"], "/v1/cases", "/v1/orders?limit=200", "/v1/payouts", "/v1/staff", "/v1/api-keys",
		"/v1/policies", "/v1/shop/settings", "/v1/charges", "/v1/chargebacks", "/v1/points", "/v1/products", "/v1/customers/" + w.first.ids["customers"] + "/wallet", "/v1/photos/" + w.first.ids["photos"],
	} {
		got := w.must(t, "GET", path, nil, w.first.as(role.Administrator))
		b.Write(withoutTimes(got.body))
	}
	return b.String()
}

func rulesOf(t *testing.T, w *world) map[string]any {
	t.Helper()
	got := w.must(t, "GET", "/v1/policies/standard", nil, w.second.asKey())
	return map[string]any{"name": "Mine", "rules": got.object(t)["rules"]}
}
