package gate_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/gate"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

const (
	right    = "a staple for the battery"
	blueHost = "blue.example"
	redHost  = "red.example"
)

var (
	schemas = []db.Schema{event.Schema, httpapi.Schema, job.Schema, tenant.Schema, session.Schema, factor.Schema, account.Schema, apikey.Schema}
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

// house is an API over two shops, blue and red, with an administrator each, and
// routes that answer who asks.
type house struct {
	*testing.T
	store *db.DB
	clock *dbtest.Clock
	gate  *gate.Gate
	api   http.Handler

	queue   *job.Queue
	letters *[]factor.Letter
}

type whoAnswer struct {
	Body struct {
		Tenant string     `json:"tenant"`
		Kind   actor.Kind `json:"kind"`
		ID     string     `json:"id"`
		Seller string     `json:"seller"`
	}
}

func who(_ context.Context, by actor.Actor, _ *struct{}) (*whoAnswer, error) {
	out := &whoAnswer{}
	out.Body.Tenant, out.Body.Kind, out.Body.ID, out.Body.Seller = by.Tenant, by.Kind, by.ID, by.Seller
	return out, nil
}

func each(t *testing.T, test func(h house)) {
	t.Helper()
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := house{T: t, store: d, clock: clock, gate: gate.New()}
		keys, err := secret.New([]byte("thirty-two bytes for these tests"))
		if err != nil {
			t.Fatal(err)
		}
		h.queue = job.NewQueue(d, slog.New(slog.DiscardHandler))
		h.letters = new([]factor.Letter)
		factors := factor.New(factor.Options{Store: d, Keys: keys, Queue: h.queue, Deliver: func(_ context.Context, l factor.Letter) error {
			*h.letters = append(*h.letters, l)
			return nil
		}})
		accounts := account.NewService(d, secret.NewPasswords(secret.Cost{Memory: 64, Passes: 1, Lanes: 1}), factors)
		a := httpapi.New(httpapi.Options{DB: d, Identify: h.gate.Identify, Recall: h.gate.Recall, Allow: role.Allow})
		accounts.Routes(a)
		factors.Routes(a)
		factors.Jobs(h.queue)
		apikey.Routes(a)
		tenant.New(&tenant.Demo{Staff: []tenant.DemoStaff{{Email: "demo@example.com", Password: "demo", Role: "agent"}}}).Routes(a)
		httpapi.Plain(a, httpapi.Op{Route: "GET /v1/who", Need: role.Public}, who)
		httpapi.Plain(a, httpapi.Op{Route: "GET /v1/my/who", Need: role.Public}, who)
		httpapi.Plain(a, httpapi.Op{Route: "GET /v1/cases", Need: role.CaseRead}, who)
		httpapi.Plain(a, httpapi.Op{Route: "GET /v1/my/cases", Need: role.MyCases}, who)
		h.api = a.Handler()
		for _, shop := range []string{"blue", "red"} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: shop, Name: shop, Host: shop + ".example", Zone: "Asia/Shanghai", Language: "zh-CN", Currency: "CNY"})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			h.staff(accounts, shop, "boss@"+shop+".example", role.Administrator)
			h.staff(accounts, shop, "ann@"+shop+".example", role.Agent)
		}
		test(h)
	})
}

func (h house) staff(s *account.Service, shop, email, roleName string) {
	h.Helper()
	p, err := s.Password(h.Context(), email, right)
	if err != nil {
		h.Fatal(err)
	}
	err = h.store.Write(h.Context(), func(tx *db.Tx) error {
		_, err := s.Create(h.Context(), tx, actor.Of(shop), account.New{Email: email, Name: "N", Role: roleName, Language: "en", Password: p})
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
}

func at(host string) apitest.Option { return func(r *http.Request) { r.Host = host } }

func (h house) do(host, method, path string, opts ...apitest.Option) apitest.Answer {
	h.Helper()
	return apitest.Do(h, h.api, method, path, append([]apitest.Option{at(host)}, opts...)...)
}

// signIn returns the cookie of a person.
func (h house) signIn(host, email string) apitest.Option {
	h.Helper()
	a := h.do(host, "POST", "/v1/session", apitest.Body(map[string]string{"email": email, "password": right})).Want(h, 200, "")
	return cookie(h, a)
}

func cookie(t testing.TB, a apitest.Answer) apitest.Option {
	t.Helper()
	c, err := http.ParseSetCookie(a.Header.Get("Set-Cookie"))
	if err != nil {
		t.Fatalf("cookie %q: %v", a.Header.Get("Set-Cookie"), err)
	}
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
		t.Errorf("cookie is %s", c)
	}
	return apitest.Cookie(c)
}

func (h house) customer(shop string) apitest.Option {
	h.Helper()
	return h.session(actor.Actor{Tenant: shop, Kind: actor.Customer, ID: "cus_1"})
}

// session starts one without any proof.
func (h house) session(by actor.Actor) apitest.Option {
	h.Helper()
	var token string
	var s session.Session
	err := h.store.Write(h.Context(), func(tx *db.Tx) (err error) {
		token, s, err = session.Begin(h.Context(), tx, by, session.New{})
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	c := session.Cookie(s, token, false)
	return apitest.Cookie(&c)
}

func TestSigningInAndOut(t *testing.T) {
	each(t, func(h house) {
		ann := h.signIn(blueHost, "ann@blue.example")
		var id string
		apitest.Run(h.T, h.api, h.store, []apitest.Scenario{
			{Name: "wrong password", Method: "POST", Path: "/v1/session", Options: []apitest.Option{at(blueHost), apitest.Body(`{"email":"ann@blue.example","password":"x"}`)},
				Status: 401, Code: "account.wrong_credentials"},
			{Name: "nobody's e-mail", Method: "POST", Path: "/v1/session", Options: []apitest.Option{at(blueHost), apitest.Body(`{"email":"x@blue.example","password":"x"}`)},
				Status: 401, Code: "account.wrong_credentials"},
			{Name: "right password", Method: "POST", Path: "/v1/session", Options: []apitest.Option{at(blueHost), apitest.Body(`{"email":"ann@blue.example","password":"` + right + `"}`)},
				Status: 200, Events: []string{"session.started"}, Fields: map[string]any{"staff.email": "ann@blue.example", "staff.role": "agent", "staff.permissions.0": "order.read", "expires_at": "2026-03-08T12:00:00Z"}},
			{Name: "nobody", Method: "GET", Path: "/v1/session", Options: []apitest.Option{at(blueHost)}, Status: 401, Code: "request.unauthenticated"},
			{Name: "who I am", Method: "GET", Path: "/v1/session", Options: []apitest.Option{at(blueHost), ann}, Status: 200, Fields: map[string]any{"staff.email": "ann@blue.example"}},
			{Name: "my sessions", Method: "GET", Path: "/v1/sessions", Options: []apitest.Option{at(blueHost), ann}, Status: 200,
				Fields: map[string]any{"items.0.current": false, "items.1.current": true, "items.2": nil, "items.0.staff.name": "N", "items.0.ip": "192.0.2.1"},
				After:  func(t *testing.T, a apitest.Answer) { id = a.Text("items.0.id") }},
			{Name: "everybody's sessions", Method: "GET", Path: "/v1/sessions?all=true", Options: []apitest.Option{at(blueHost), ann}, Status: 403, Code: "role.denied"},
			{Name: "sign out", Method: "DELETE", Path: "/v1/session", Options: []apitest.Option{at(blueHost), ann}, Status: 204, Events: []string{"session.ended"}},
			{Name: "dead at once", Method: "GET", Path: "/v1/session", Options: []apitest.Option{at(blueHost), ann}, Status: 401, Code: "request.unauthenticated"},
			{Name: "sign out again", Method: "DELETE", Path: "/v1/session", Options: []apitest.Option{at(blueHost), ann}, Status: 204},
		})
		boss := h.signIn(blueHost, "boss@blue.example")
		h.do(redHost, "DELETE", "/v1/sessions/"+id, h.signIn(redHost, "boss@red.example")).Want(h, 404, "session.unknown")
		a := h.do(blueHost, "GET", "/v1/sessions?all=true&limit=1", boss).Want(h, 200, "")
		next := a.Text("next")
		if next == "" || a.At("items.1") != nil {
			h.Errorf("first page: %s", a.Raw)
		}
		if a := h.do(blueHost, "GET", "/v1/sessions?all=true&limit=1&cursor="+next, boss).Want(h, 200, ""); a.Text("items.0.id") != id {
			h.Errorf("second page: %s, want session %s", a.Raw, id)
		}
		h.do(blueHost, "DELETE", "/v1/sessions/"+id, boss).Want(h, 204, "")
		h.do(blueHost, "DELETE", "/v1/sessions/"+id, boss).Want(h, 404, "session.unknown")
		other := h.signIn(blueHost, "boss@blue.example")
		h.do(blueHost, "DELETE", "/v1/sessions", boss).Want(h, 204, "")
		h.do(blueHost, "GET", "/v1/session", other).Want(h, 401, "request.unauthenticated")
		h.do(blueHost, "GET", "/v1/session", boss).Want(h, 200, "")
	})
}

func TestACookieIsSecureBehindHTTPS(t *testing.T) {
	each(t, func(h house) {
		for proto, want := range map[string]bool{"": false, "http": false, "https": true} {
			a := h.do(blueHost, "POST", "/v1/session", apitest.Header("X-Forwarded-Proto", proto),
				apitest.Body(map[string]string{"email": "ann@blue.example", "password": right})).Want(h, 200, "")
			if got := strings.Contains(a.Header.Get("Set-Cookie"), "Secure"); got != want {
				h.Errorf("forwarded by %q: secure %v, want %v", proto, got, want)
			}
		}
	})
}

func TestABlockTellsUntilWhen(t *testing.T) {
	each(t, func(h house) {
		wrong := apitest.Body(`{"email":"ann@blue.example","password":"x"}`)
		for range account.Tries {
			h.do(blueHost, "POST", "/v1/session", wrong).Want(h, 401, "account.wrong_credentials")
		}
		a := h.do(blueHost, "POST", "/v1/session", wrong).Want(h, 403, "account.locked")
		if a.Text("until") != "2026-03-01T12:15:00Z" {
			h.Errorf("until %v", a.At("until"))
		}
		list := h.do(blueHost, "GET", "/v1/staff", h.signIn(blueHost, "boss@blue.example")).Want(h, 200, "")
		if list.Text("items.0.locked_until") != "2026-03-01T12:15:00Z" {
			h.Errorf("staff: %s", list.Raw)
		}
	})
}

func TestManagingStaff(t *testing.T) {
	each(t, func(h house) {
		boss, ann := h.signIn(blueHost, "boss@blue.example"), h.signIn(blueHost, "ann@blue.example")
		body := apitest.Body(map[string]string{"email": "new@blue.example", "name": "New", "role": "warehouse", "password": right})
		h.do(blueHost, "POST", "/v1/staff", ann, body).Want(h, 403, "role.denied")
		h.do(blueHost, "GET", "/v1/staff", ann).Want(h, 403, "role.denied")
		made := h.do(blueHost, "POST", "/v1/staff", boss, body).Want(h, 201, "")
		id := made.Text("id")
		if made.Text("state") != "active" || made.Header.Get("ETag") != `"1"` || strings.Contains(string(made.Raw), "argon") {
			h.Errorf("made %s", made.Raw)
		}
		h.do(blueHost, "POST", "/v1/staff", boss, body).Want(h, 409, "account.taken")
		h.do(blueHost, "POST", "/v1/staff", boss, apitest.Body(`{"email":"b@blue.example","name":"B","role":"owner","password":"x"}`)).Want(h, 422, "request.invalid")
		h.do(blueHost, "POST", "/v1/staff", boss, apitest.Body(`{"email":"b@blue.example","name":"B","role":"agent","password":"x"}`)).Want(h, 422, "account.password")

		neu := h.signIn(blueHost, "new@blue.example")
		h.do(redHost, "PATCH", "/v1/staff/"+id, h.signIn(redHost, "boss@red.example"), apitest.Body(`{"password":"`+right+`x"}`)).Want(h, 404, "account.unknown")
		h.do(redHost, "PATCH", "/v1/staff/"+id, h.signIn(redHost, "boss@red.example"), apitest.Body(`{"state":"disabled"}`)).Want(h, 404, "account.unknown")
		h.do(blueHost, "PATCH", "/v1/staff/"+id, boss, apitest.Body(`{"role":"auditor"}`)).Want(h, 200, "")
		if a := h.do(blueHost, "GET", "/v1/session", neu).Want(h, 200, ""); a.Text("staff.role") != "auditor" {
			h.Errorf("the role does not count at once: %s", a.Raw)
		}
		h.do(blueHost, "PATCH", "/v1/staff/"+id, boss, apitest.Body(`{"state":"disabled"}`)).Want(h, 200, "")
		h.do(blueHost, "GET", "/v1/session", neu).Want(h, 401, "request.unauthenticated")
		leftover := h.session(actor.Actor{Tenant: "blue", Kind: actor.Staff, ID: id})
		h.do(blueHost, "GET", "/v1/session", leftover).Want(h, 401, "request.unauthenticated")
		h.do(blueHost, "POST", "/v1/session", apitest.Body(map[string]string{"email": "new@blue.example", "password": right})).Want(h, 401, "account.wrong_credentials")
		if a := h.do(redHost, "GET", "/v1/staff", h.signIn(redHost, "boss@red.example")).Want(h, 200, ""); strings.Contains(string(a.Raw), "blue.example") {
			h.Errorf("red sees blue's staff: %s", a.Raw)
		}
	})
}

func TestCredentialsCountInTheirPlaceOnly(t *testing.T) {
	each(t, func(h house) {
		ann, buyer := h.signIn(blueHost, "ann@blue.example"), h.customer("blue")
		tests := []struct {
			name, host, path string
			opts             []apitest.Option
			status           int
			code, kind       string
		}{
			{"staff", blueHost, "/v1/who", []apitest.Option{ann}, 200, "", "staff"},
			{"staff where customers go", blueHost, "/v1/my/who", []apitest.Option{ann}, 200, "", "nobody"},
			{"customer", blueHost, "/v1/my/who", []apitest.Option{buyer}, 200, "", "customer"},
			{"customer where staff goes", blueHost, "/v1/who", []apitest.Option{buyer}, 200, "", "nobody"},
			{"both cookies, staff's route", blueHost, "/v1/cases", []apitest.Option{ann, buyer}, 200, "", "staff"},
			{"both cookies, customer's route", blueHost, "/v1/my/cases", []apitest.Option{ann, buyer}, 200, "", "customer"},
			{"staff's cookie, customer's route", blueHost, "/v1/my/cases", []apitest.Option{ann}, 401, "request.unauthenticated", ""},
			{"customer's cookie, staff's route", blueHost, "/v1/cases", []apitest.Option{buyer}, 401, "request.unauthenticated", ""},
			{"staff at another shop", redHost, "/v1/cases", []apitest.Option{ann}, 401, "request.unauthenticated", ""},
			{"customer at another shop", redHost, "/v1/my/cases", []apitest.Option{buyer}, 401, "request.unauthenticated", ""},
			{"a proxy's password beside the cookie", blueHost, "/v1/cases", []apitest.Option{ann, apitest.Header("Authorization", "Basic eDp5")}, 200, "", "staff"},
			{"a wrong key beside the cookie", blueHost, "/v1/cases", []apitest.Option{ann, apitest.Bearer("ak_wrong")}, 401, "apikey.wrong", ""},
			{"a wrong key", blueHost, "/v1/cases", []apitest.Option{apitest.Bearer("ak_wrong")}, 401, "apikey.wrong", ""},
			{"an empty key", blueHost, "/v1/cases", []apitest.Option{apitest.Bearer("")}, 401, "apikey.wrong", ""},
		}
		for _, test := range tests {
			a := h.do(test.host, "GET", test.path, test.opts...)
			if a.Status != test.status || a.Code() != test.code || a.Text("kind") != test.kind {
				h.Errorf("%s: %d %s, want %d %q %q", test.name, a.Status, a.Raw, test.status, test.code, test.kind)
			}
		}
	})
}

func TestAnAPIKeyLivesFromItsMakingToItsEnd(t *testing.T) {
	each(t, func(h house) {
		boss := h.signIn(blueHost, "boss@blue.example")
		body := apitest.Body(`{"name":"importer","scopes":["order.write","case.read","case.read"],"expires_at":"2026-03-02T12:00:00Z"}`)
		h.do(blueHost, "POST", "/v1/api-keys", h.signIn(blueHost, "ann@blue.example"), body).Want(h, 403, "role.denied")
		since := apitest.Events(h, h.store)
		made := h.do(blueHost, "POST", "/v1/api-keys", boss, body, apitest.Key("k1")).Want(h, 201, "")
		if got := since(); len(got) != 1 || got[0] != "key.created" {
			h.Errorf("events %v", got)
		}
		shown, id := made.Text("secret"), made.Text("id")
		if made.Text("scopes.0") != "case.read" || made.Text("scopes.1") != "order.write" || made.At("scopes.2") != nil {
			h.Errorf("scopes of %s", made.Raw)
		}
		again := h.do(blueHost, "POST", "/v1/api-keys", boss, body, apitest.Key("k1"))
		if strings.Contains(string(again.Raw), shown) {
			h.Errorf("the key was shown twice: %s", again.Raw)
		}
		h.do(blueHost, "GET", "/v1/cases", apitest.Bearer(shown)).Want(h, 200, "")
		h.do(redHost, "GET", "/v1/cases", apitest.Bearer(shown)).Want(h, 401, "apikey.wrong")
		h.do(blueHost, "GET", "/v1/staff", apitest.Bearer(shown)).Want(h, 403, "role.denied")
		h.do(blueHost, "GET", "/v1/my/cases", apitest.Bearer(shown)).Want(h, 403, "role.denied")
		h.do(blueHost, "GET", "/v1/session", apitest.Bearer(shown)).Want(h, 403, "role.denied")

		if err := h.gate.Flush(h.Context(), h.store); err != nil {
			h.Fatal(err)
		}
		list := h.do(blueHost, "GET", "/v1/api-keys", boss).Want(h, 200, "")
		if list.Text("items.0.last_used_at") != "2026-03-01T12:00:00Z" || strings.Contains(string(list.Raw), shown) {
			h.Errorf("list %s", list.Raw)
		}
		redBoss := h.signIn(redHost, "boss@red.example")
		if a := h.do(redHost, "GET", "/v1/api-keys", redBoss).Want(h, 200, ""); a.At("items.0") != nil {
			h.Errorf("red sees blue's keys: %s", a.Raw)
		}
		h.do(redHost, "DELETE", "/v1/api-keys/"+id, redBoss).Want(h, 404, "apikey.unknown")

		h.clock.Set(noon.Add(24*time.Hour - time.Millisecond))
		h.do(blueHost, "GET", "/v1/cases", apitest.Bearer(shown)).Want(h, 200, "")
		h.clock.Set(noon.Add(24 * time.Hour))
		h.do(blueHost, "GET", "/v1/cases", apitest.Bearer(shown)).Want(h, 401, "apikey.wrong")

		boss = h.signIn(blueHost, "boss@blue.example")
		made = h.do(blueHost, "POST", "/v1/api-keys", boss, apitest.Body(`{"name":"viewer","role":"auditor"}`)).Want(h, 201, "")
		h.do(blueHost, "GET", "/v1/cases", apitest.Bearer(made.Text("secret"))).Want(h, 200, "")
		h.do(blueHost, "DELETE", "/v1/api-keys/"+made.Text("id"), boss).Want(h, 204, "")
		h.do(blueHost, "GET", "/v1/cases", apitest.Bearer(made.Text("secret"))).Want(h, 401, "apikey.wrong")
		h.do(blueHost, "DELETE", "/v1/api-keys/"+made.Text("id"), boss).Want(h, 404, "apikey.unknown")
	})
}

func TestKeysCannotHoldMoreThanTheyMay(t *testing.T) {
	each(t, func(h house) {
		boss := h.signIn(blueHost, "boss@blue.example")
		for name, body := range map[string]string{
			"customers' permission": `{"name":"k","scopes":["my.cases"]}`,
			"staff":                 `{"name":"k","scopes":["case.read","staff.manage"]}`,
			"keys":                  `{"name":"k","scopes":["key.manage"]}`,
			"everything":            `{"name":"k","scopes":["*"]}`,
			"a smuggled one":        `{"name":"k","scopes":["case.read order.write"]}`,
			"nothing":               `{"name":"k","scopes":[]}`,
			"an unknown role":       `{"name":"k","role":"owner"}`,
			"role and scopes":       `{"name":"k","role":"agent","scopes":["case.read"]}`,
			"the shop's, of seller": `{"name":"k","scopes":["job.read"],"seller":"sel_1"}`,
			"no name":               `{"name":" ","scopes":["case.read"]}`,
			"the past":              `{"name":"k","scopes":["case.read"],"expires_at":"2026-03-01T12:00:00Z"}`,
		} {
			if a := h.do(blueHost, "POST", "/v1/api-keys", boss, apitest.Body(body)); a.Status != 422 || a.Code() != "apikey.invalid" {
				h.Errorf("%s: %d %s", name, a.Status, a.Raw)
			}
		}
		made := h.do(blueHost, "POST", "/v1/api-keys", boss, apitest.Body(`{"name":"k","role":"administrator","seller":"sel_1"}`)).Want(h, 201, "")
		a := h.do(blueHost, "GET", "/v1/who", apitest.Bearer(made.Text("secret"))).Want(h, 200, "")
		if a.Text("seller") != "sel_1" || a.Text("kind") != "key" {
			h.Errorf("acts as %s", a.Raw)
		}
		if strings.Contains(string(made.Raw), "job.read") {
			h.Errorf("a seller's key got %s", made.Raw)
		}
	})
}

func TestUsesAreNotedOnceAMinuteAndKeepSessionsAlive(t *testing.T) {
	each(t, func(h house) {
		ann := h.signIn(blueHost, "ann@blue.example")
		seen := func() string {
			h.Helper()
			if err := h.gate.Flush(h.Context(), h.store); err != nil {
				h.Fatal(err)
			}
			return h.do(blueHost, "GET", "/v1/sessions", ann).Want(h, 200, "").Text("items.0.last_seen_at")
		}
		for _, step := range []struct {
			add  time.Duration
			want string
		}{
			{59 * time.Second, "2026-03-01T12:00:00Z"}, {time.Second, "2026-03-01T12:01:00Z"}, {30 * time.Second, "2026-03-01T12:01:00Z"}, {11 * time.Hour, "2026-03-01T23:01:30Z"}, {11 * time.Hour, "2026-03-02T10:01:30Z"},
		} {
			h.clock.Add(step.add)
			h.do(blueHost, "GET", "/v1/who", ann)
			if got := seen(); got != step.want {
				h.Errorf("after %v last seen %s, want %s", step.add, got, step.want)
			}
		}
		h.clock.Add(session.StaffIdle)
		h.do(blueHost, "GET", "/v1/session", ann).Want(h, 401, "request.unauthenticated")
	})
}

func TestTheShopOfTheHost(t *testing.T) {
	each(t, func(h house) {
		a := h.do(blueHost+":443", "GET", "/v1/shop").Want(h, 200, "")
		if a.Text("id") != "blue" || a.Text("default_language") != "zh-CN" || a.At("demo") != true || a.Text("demo_staff.0.email") != "demo@example.com" {
			h.Errorf("shop %s", a.Raw)
		}
		h.do("other.example", "GET", "/v1/shop").Want(h, 404, "tenant.unknown")
	})
}

func TestColleaguesAreForWhoeverIsSignedIn(t *testing.T) {
	each(t, func(h house) {
		a := h.do(blueHost, "GET", "/v1/colleagues", h.signIn(blueHost, "ann@blue.example")).Want(h, 200, "")
		if a.Text("items.0.name") != "N" || a.Text("items.0.roles.0") != "agent" || a.At("items.1.active") != true || a.At("items.2") != nil || strings.Contains(string(a.Raw), "@") {
			h.Errorf("colleagues %s", a.Raw)
		}
		h.do(blueHost, "GET", "/v1/colleagues").Want(h, 401, "request.unauthenticated")
		h.do(blueHost, "GET", "/v1/colleagues", h.customer("blue")).Want(h, 401, "request.unauthenticated")
		h.do(redHost, "GET", "/v1/colleagues", h.signIn(blueHost, "ann@blue.example")).Want(h, 401, "request.unauthenticated")
	})
}
