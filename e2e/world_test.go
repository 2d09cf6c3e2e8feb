package e2e

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/spf13/pflag"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

const otherHost = "second.example"

// party is one shop of the installation, and everybody in it.
type party struct {
	tenant, host string
	key          string            // an API key with every scope that keys may have
	staff        map[string]string // session by role
	spare        map[string]string // another one, to be ended
	customer     string            // session
	ids          map[string]string // of what it owns, by the kind of thing
}

// from makes a request come from a shop's host, with credentials.
func (p *party) from(c credentials) credentials {
	return func(r *http.Request) {
		if p.host != "" {
			r.Host = p.host
		}
		if c != nil {
			c(r)
		}
	}
}

func (p *party) asKey() credentials { return p.from(bearer(p.key)) }
func (p *party) as(role string) credentials {
	return p.from(cookie(httpapi.StaffCookie, p.staff[role]))
}
func (p *party) asSpare(role string) credentials {
	return p.from(cookie(httpapi.StaffCookie, p.spare[role]))
}
func (p *party) asCustomer() credentials {
	return p.from(cookie(httpapi.CustomerCookie, p.customer))
}

// world is an installation with two shops.
type world struct {
	*server
	first, second *party
	routes        []route
}

// openWorld sets up two shops with all roles, serves them, and lets the first
// have one of everything.
func openWorld(t *testing.T, database string, flags ...string) *world {
	t.Helper()
	w := &world{server: installation(t, database)}
	w.first = &party{tenant: tenant.Default}
	w.second = &party{tenant: "second", host: otherHost}
	w.run(t, "", "import", "orders", writeOrders(t, buyers))
	w.inside(t, database, func(ctx context.Context, h *app.House) {
		if _, err := h.Found(ctx); err != nil { // its first administrator is a second pair of eyes
			t.Fatal(err)
		}
		second := actor.Of(w.second.tenant)
		err := h.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tenant.Create(ctx, tx, tenant.Tenant{ID: w.second.tenant, Name: "Second", Host: otherHost, Zone: "Europe/Berlin", Language: "en", Currency: "EUR"})
			if err != nil {
				return err
			}
			return (&policy.Service{}).Found(ctx, tx, second)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	w.run(t, "", "import", "orders", "--tenant", w.second.tenant, writeOrders(t, map[string]buyer{"pages": buyers["pages"]}))
	w.inside(t, database, func(ctx context.Context, h *app.House) {
		hashed, err := h.Accounts().Password(ctx, "somebody@shop.example", password)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []*party{w.first, w.second} {
			if err := h.DB.Write(ctx, func(tx *db.Tx) error { return p.people(ctx, tx, h.Accounts(), hashed) }); err != nil {
				t.Fatal(err)
			}
		}
	})
	w.start(t, append([]string{"--mail", "off", "--rate-limit", "0"}, flags...)...)
	w.first.own(t, w.server)
	w.routes = readRoutes(t, w.server)
	return w
}

// inside opens the installation without serving it.
func (w *world) inside(t *testing.T, database string, do func(ctx context.Context, h *app.House)) {
	t.Helper()
	environ := []string{"AFTERCARE_DATA=" + w.data}
	if database != "" {
		environ = append(environ, "AFTERCARE_DATABASE="+database)
	}
	cfg, err := config.Load(pflag.NewFlagSet("", pflag.ContinueOnError), environ)
	if err != nil {
		t.Fatal(err)
	}
	h, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	do(t.Context(), h)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

// people gives the shop one person of each role, a program, and a customer's
// session, all signed in.
func (p *party) people(ctx context.Context, tx *db.Tx, accounts *account.Service, hashed account.Password) (err error) {
	by := actor.Of(p.tenant)
	p.staff, p.spare, p.ids = map[string]string{}, map[string]string{}, map[string]string{}
	for _, name := range role.Roles {
		n := account.New{Email: name + "@shop.example", Name: name, Role: name, Language: "en", Password: hashed}
		if name == role.Seller {
			n.Seller = "nanshan"
		}
		a, err := accounts.Create(ctx, tx, by, n)
		if err != nil {
			return err
		}
		for _, into := range []map[string]string{p.staff, p.spare} {
			token, s, err := session.Begin(ctx, tx, a.Actor(""), session.New{})
			if err != nil {
				return err
			}
			into[name] = token
			p.ids["sessions"] = s.ID
		}
		if name == role.Administrator {
			if err := p.confirm(ctx, tx, a.Actor("")); err != nil {
				return err
			}
		}
		p.ids["staff"] = a.ID
	}
	careful, err := accounts.Create(ctx, tx, by, account.New{Email: "careful@shop.example", Name: "careful", Role: role.Agent, Language: "en", Password: hashed})
	if err != nil {
		return err
	}
	if p.staff["careful"], _, err = session.Begin(ctx, tx, careful.Actor(""), session.New{}); err != nil {
		return err
	}
	k, secret, err := apikey.Create(ctx, tx, by, apikey.New{Name: "everything", Scopes: role.Grantable("")})
	if err != nil {
		return err
	}
	p.key, p.ids["api-keys"] = secret, k.ID
	found, err := order.ByNumber(ctx, tx, p.tenant, buyers["pages"].Number)
	if err != nil {
		return err
	}
	o := found[0]
	p.ids["orders"], p.ids["customer"] = o.ID, o.Customer
	p.customer, _, err = session.Begin(ctx, tx, actor.Actor{Tenant: p.tenant, Kind: actor.Customer, ID: o.Customer}, session.New{Order: o.ID})
	return err
}

// own makes one of everything that belongs to a shop: a return that was paid,
// with its photo, parcel, payouts and jobs, and a policy of its own.
func (p *party) own(t *testing.T, s *server) {
	t.Helper()
	s.returnAddress(t, p.as(role.Administrator))
	p.ids["photos"] = s.must(t, "POST", "/v1/my/photos", photo(t), p.asCustomer(), header("Content-Type", "image/jpeg")).field("id")
	made := s.must(t, "POST", "/v1/my/cases", map[string]any{
		"order": p.ids["orders"], "items": []map[string]any{{"line": 1, "quantity": 1, "reason": "defective", "photos": []string{p.ids["photos"]}}}, "photos": []string{},
	}, p.asCustomer())
	id := made.field("id")
	p.ids["cases"], p.ids["number"] = id, made.field("number")
	act := func(body map[string]any) answer {
		now := s.must(t, "GET", "/v1/cases/"+id, nil, p.asKey())
		return s.must(t, "POST", "/v1/cases/"+id+"/actions", body, p.asKey(), header("If-Match", now.header.Get("ETag")))
	}
	p.ids["tracking"] = act(map[string]any{"action": "approve"}).field("parcel.tracking")
	act(map[string]any{"action": "receive", "items": []map[string]any{{"line": 1, "quantity": 1}}})
	act(map[string]any{"action": "grade", "items": []map[string]any{{"line": 1, "count": 1, "grade": "A", "disposition": "restock"}}})
	eventually(t, "the refund is paid", func() bool {
		return s.must(t, "GET", "/v1/cases/"+id, nil, p.asKey()).field("state") == "completed"
	})
	p.ids["payouts"] = s.must(t, "GET", "/v1/payouts", nil, p.asKey()).field("items.0.id")
	p.ids["parcels"] = s.must(t, "GET", "/v1/cases/"+id, nil, p.asKey()).field("parcels.0.id")
	eventually(t, "the evidence of the case can be taken", func() bool { // it is sealed
		asked := s.ask(t, "POST", "/v1/cases/"+id+"/evidence", nil, p.asKey())
		p.ids["evidence"] = asked.field("id")
		return asked.status == http.StatusAccepted
	})
	p.owes(t, s)
	policy := s.must(t, "GET", "/v1/policies/standard", nil, p.asKey())
	var rules struct {
		Rules json.RawMessage `json:"rules"`
	}
	if err := json.Unmarshal(policy.body, &rules); err != nil {
		t.Fatal(err)
	}
	p.ids["policies"], p.ids["versions"] = "special-"+p.tenant, "1"
	special := map[string]any{"name": "Special", "rules": rules.Rules}
	alone := s.ask(t, "PUT", "/v1/policies/"+p.ids["policies"], special, p.asKey(), header("If-Match", "*"))
	if alone.field("code") != "policy.four_eyes" { // two administrators may publish
		t.Fatalf("a policy that nobody else has read: %d %s", alone.status, alone.body)
	}
	s.must(t, "PUT", "/v1/policies/"+p.ids["policies"]+"/draft", special, p.as(role.Administrator), header("If-Match", "*"))
	for _, action := range []string{"review", "activate"} { // by somebody else than the author
		s.must(t, "POST", "/v1/policies/"+p.ids["policies"]+"/versions/1/actions", map[string]any{"action": action}, p.asKey())
	}
	p.ids["backtests"] = s.must(t, "POST", "/v1/backtests", map[string]any{"policy": "standard", "version": 1}, p.asKey()).field("id")
	p.ids["views"] = s.must(t, "POST", "/v1/views", map[string]any{"name": "Ours", "query": "state=submitted", "shared": true}, p.as(role.Administrator)).field("id")
	p.ids["notes"] = p.remark(t, s, id)
	s.must(t, "POST", "/v1/my/cases/"+id+"/messages", map[string]any{"text": "when?"}, p.asCustomer())
	s.must(t, "POST", "/v1/cases/"+id+"/messages", map[string]any{"text": "now"}, p.as(role.Administrator))
	p.ids["replies"] = s.must(t, "POST", "/v1/replies", map[string]any{"title": "Ours", "shortcut": "ours", "shared": true, "texts": map[string]string{"en": "Hello {name}"}}, p.as(role.Administrator)).field("id")
	p.ids["factors"] = p.enrol(t, s)
	begun := s.must(t, "POST", "/v1/my/uploads", nil, p.asCustomer(), header("Tus-Resumable", "1.0.0"), header("Upload-Length", "10"))
	p.ids["uploads"] = strings.TrimPrefix(begun.header.Get("Location"), "/v1/my/uploads/")
	p.ids["templates"], p.ids["approved"] = "approved", "en"
	s.must(t, "PUT", "/v1/templates/approved/en", map[string]any{"subject": "Yes to {number}", "body": "{next}"}, p.asKey(), header("If-Match", "*"))
	logo := s.must(t, "PUT", "/v1/shop/brand/logo", map[string]any{"content": photo(t)}, p.as(role.Administrator), header("If-Match", "*"))
	p.ids["brand"], p.ids["pictures"] = "logo", strings.TrimPrefix(logo.field("logo.url"), "/v1/shop/pictures/")
	p.ids["calendars"] = "service"
	s.must(t, "PUT", "/v1/shop/calendars/service", map[string]any{"mode": "clock", "zone": "Asia/Shanghai", "week": openHours["week"], "extra": []any{},
		"closures": []map[string]any{{"from": "2030-02-04", "to": "2030-02-11", "name": "Spring at the " + p.tenant}}}, p.as(role.Administrator), header("If-Match", "*"))
	p.ids["webhooks"] = s.must(t, "POST", "/v1/webhooks", map[string]any{"name": "ERP", "url": "https://erp.invalid/hook"}, p.as(role.Administrator)).field("id")
	s.must(t, "POST", "/v1/webhooks/"+p.ids["webhooks"]+"/actions", map[string]any{"action": "ping"}, p.as(role.Administrator))
	p.ids["deliveries"] = s.must(t, "GET", "/v1/webhooks/"+p.ids["webhooks"]+"/deliveries", nil, p.as(role.Administrator)).field("items.0.id")
	p.ids["accounts"] = s.must(t, "POST", "/v1/accounts", map[string]any{"provider": "kuaidi100", "name": "Kuaidi100", "settings": map[string]any{"customer": p.tenant}, "secrets": map[string]any{"key": "not a real one"}}, p.as("sure")).field("id")
	p.ids[p.tenant] = p.ids["accounts"] // as messages of companies name it
	p.ids["keys"] = s.must(t, "POST", "/v1/shop/keys", map[string]any{"name": "website"}, p.as(role.Administrator)).field("id")
	p.ids["jobs"] = s.must(t, "GET", "/v1/jobs", nil, p.asKey()).field("items.0.id")
	for _, kind := range []string{"photos", "cases", "tracking", "payouts", "orders", "staff", "api-keys", "sessions", "policies", "parcels", "customers", "products", "charges", "chargebacks", "points", "backtests", "factors"} {
		if p.ids[kind] == "" {
			t.Fatalf("the first shop has no %s", kind)
		}
	}
}

// confirm begins one more session of somebody who has just given the password
// once more.
func (p *party) confirm(ctx context.Context, tx *db.Tx, by actor.Actor) error {
	token, s, err := session.Begin(ctx, tx, by, session.New{})
	if err != nil {
		return err
	}
	p.staff["sure"], by.Session = token, s.ID
	_, err = session.Confirm(ctx, tx, by)
	return err
}

// enrol gives a member of staff an app as second factor.
func (p *party) enrol(t *testing.T, s *server) string {
	t.Helper()
	me := p.as("careful")
	s.must(t, "POST", "/v1/session/step-up", map[string]any{"password": password}, me)
	asked := s.must(t, "POST", "/v1/factors/totp/options", nil, me)
	code, err := totp.GenerateCode(asked.field("secret"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return s.must(t, "POST", "/v1/factors/totp", map[string]any{"ticket": asked.field("ticket"), "code": code, "name": "Phone"}, me).field("factor.id")
}

// owes makes what belongs to money and ways of returning: an article, an exchange
// for it whose difference the customer owes, a chargeback, a drop-off point.
func (p *party) owes(t *testing.T, s *server) {
	t.Helper()
	p.ids["customers"], p.ids["products"] = p.ids["customer"], "POT-"+p.tenant
	s.must(t, "PUT", "/v1/products/"+p.ids["products"], map[string]any{"sku": p.ids["products"], "title": "Pot", "price": map[string]any{"minor": 99900, "currency": "CNY"}}, p.asKey(), header("If-Match", "*"))
	swap := s.must(t, "POST", "/v1/my/cases", map[string]any{"order": p.ids["orders"], "kind": "exchange",
		"items": []map[string]any{{"line": 2, "quantity": 1, "reason": "not_as_described", "sku": p.ids["products"]}}}, p.asCustomer())
	for _, body := range []map[string]any{
		{"action": "receive", "items": []map[string]any{{"line": 2, "quantity": 1}}},
		{"action": "grade", "items": []map[string]any{{"line": 2, "count": 1, "grade": "A", "disposition": "restock"}}},
	} {
		now := s.must(t, "GET", "/v1/cases/"+swap.field("id"), nil, p.asKey())
		swap = s.must(t, "POST", "/v1/cases/"+swap.field("id")+"/actions", body, p.asKey(), header("If-Match", now.header.Get("ETag")))
	}
	p.ids["charges"] = swap.field("exchange.charge")
	p.ids["chargebacks"] = s.must(t, "POST", "/v1/chargebacks", map[string]any{"order": p.ids["orders"], "tender": "t1", "reason": "disputed"}, p.as(role.Administrator)).field("id")
	p.ids["points"] = s.must(t, "POST", "/v1/points", map[string]any{"name": "Station", "address": "1 Road"}, p.as(role.Administrator)).field("id")
	for _, adapter := range []string{"alipay", "stripe", "wechatpay", "generic"} {
		p.ids[adapter] = p.tenant
	}
	p.ids["carriers"] = "generic"
}

// route is one operation of the OpenAPI document.
type route struct {
	method, path string
	permission   actor.Permission // empty: open to everybody
	body         bool             // a JSON body is required
}

func (r route) String() string { return r.method + " " + r.path }

// readRoutes reads the document that the server publishes. What ends all
// sessions, or the own one, comes last.
func readRoutes(t *testing.T, s *server) []route {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			Permission  actor.Permission `json:"x-permission"`
			RequestBody *struct {
				Content map[string]any
			}
		}
	}
	if err := json.NewDecoder(bytes.NewReader(s.must(t, "GET", "/openapi.json", nil).body)).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	var all []route
	for path, methods := range doc.Paths {
		for method, op := range methods {
			r := route{method: strings.ToUpper(method), path: path, permission: op.Permission}
			if op.RequestBody != nil {
				_, r.body = op.RequestBody.Content["application/json"]
			}
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b route) int {
		return cmp.Or(cmp.Compare(ends(a), ends(b)), strings.Compare(a.String(), b.String()))
	})
	if len(all) < 40 {
		t.Fatalf("the document lists %d operations only", len(all))
	}
	return all
}

// ends sorts the routes that end the asker's session behind all others.
func ends(r route) int {
	switch {
	case r.method != "DELETE" || strings.Contains(r.path, "{"):
		return 0
	case r.path == "/v1/sessions":
		return 1
	}
	return 2
}

// eventually waits for something that happens elsewhere.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for !happened() {
		if time.Now().After(deadline) {
			t.Fatalf("still not: %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// remark writes a note about a case and returns the id of its entry.
func (p *party) remark(t *testing.T, s *server, id string) string {
	t.Helper()
	var c struct{ Timeline []struct{ ID, Type string } }
	noted := s.must(t, "POST", "/v1/cases/"+id+"/actions", map[string]any{"action": "note", "text": "secret"}, p.as(role.Administrator), header("If-Match", "*"))
	if err := json.Unmarshal(noted.body, &c); err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Timeline {
		if e.Type == "case.noted" {
			return e.ID
		}
	}
	t.Fatalf("no note in %s", noted.body)
	return ""
}
