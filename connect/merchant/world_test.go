package merchant_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/merchant"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

var (
	schemas = []db.Schema{event.Schema, job.Schema, httpapi.Schema, session.Schema, settlement.Schema, charge.Schema, shipment.Schema, merchant.Schema}
	start   = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
)

// companies is Stripe with several accounts: a key knows its account's payments
// only, as Stripe's do.
type companies struct {
	*httptest.Server
	mu      sync.Mutex
	owners  map[string]string // key → account
	refunds map[string][]map[string]any
	silent  bool // a refund is taken and not decided
}

func newCompanies(t *testing.T) *companies {
	c := &companies{owners: map[string]string{}, refunds: map[string][]map[string]any{}}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

func (c *companies) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	say := func(status int, v any) { w.WriteHeader(status); _ = json.NewEncoder(w).Encode(v) }
	no := func(status int, text string) {
		say(status, map[string]any{"error": map[string]string{"type": "invalid_request_error", "message": text}})
	}
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	owner := c.owners[key]
	if owner == "" {
		no(http.StatusUnauthorized, "Invalid API Key provided: "+key) // a company that repeats it
		return
	}
	_ = r.ParseForm()
	payment := r.Form.Get("payment_intent")
	if id, ok := strings.CutPrefix(r.URL.Path, "/v1/payment_intents/"); ok {
		payment = id
	}
	if payment != "" && !strings.HasPrefix(payment, "pi_"+owner) {
		no(http.StatusNotFound, "No such payment_intent: "+payment)
		return
	}
	switch {
	case r.URL.Path == "/v1/account":
		say(200, map[string]any{"id": "acct_" + owner})
	case strings.HasPrefix(r.URL.Path, "/v1/payment_intents/"):
		say(200, map[string]any{"id": payment, "currency": "cny"})
	case r.Method == http.MethodPost && r.URL.Path == "/v1/refunds":
		status := "succeeded"
		if c.silent {
			status = "pending"
		}
		made := map[string]any{"id": fmt.Sprintf("re_%s_%d", owner, len(c.refunds[owner])), "status": status, "amount": 9900, "currency": "cny", "payment_intent": payment,
			"metadata": map[string]string{"aftercare_payout": r.Form.Get("metadata[aftercare_payout]"), "aftercare_tenant": r.Form.Get("metadata[aftercare_tenant]")}}
		c.refunds[owner] = append(c.refunds[owner], made)
		say(200, made)
	case r.URL.Path == "/v1/refunds":
		found := slices.DeleteFunc(slices.Clone(c.refunds[owner]), func(one map[string]any) bool { return payment != "" && one["payment_intent"] != payment })
		say(200, map[string]any{"object": "list", "url": "/v1/refunds", "data": found})
	default:
		for _, one := range c.refunds[owner] {
			if "/v1/refunds/"+fmt.Sprint(one["id"]) == r.URL.Path {
				say(200, one)
				return
			}
		}
		no(http.StatusNotFound, "unknown")
	}
}

func (c *companies) set(change func()) { c.mu.Lock(); defer c.mu.Unlock(); change() }

// paid counts the refunds of an account.
func (c *companies) paid(owner string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.refunds[owner])
}

// house is what the program makes of these packages.
type house struct {
	*testing.T
	d         *db.DB
	clock     *dbtest.Clock
	queue     *job.Queue
	keys      *secret.Keys
	merchants *merchant.Service
	payouts   *settlement.Service
	stripe    *companies
	others    map[string]string // addresses of companies besides Stripe
	h         http.Handler
	placed    map[string]time.Time // orders
	log       *strings.Builder
}

func each(t *testing.T, test func(x *house)) {
	dbtest.EachAt(t, schemas, start, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		keys, err := secret.New([]byte(strings.Repeat("k", secret.Size)))
		if err != nil {
			t.Fatal(err)
		}
		x := &house{T: t, d: d, clock: clock, keys: keys, stripe: newCompanies(t), others: map[string]string{}, placed: map[string]time.Time{}, log: &strings.Builder{}}
		x.wire()
		test(x)
	})
}

// wire starts the program anew, as another process would.
func (x *house) wire() {
	log := slog.New(slog.NewTextHandler(x.log, nil))
	x.queue = job.NewQueue(x.d, log)
	x.payouts = settlement.New(x.d, x.queue, log)
	endpoints := map[string]string{stripe.Name: x.stripe.URL}
	maps.Copy(endpoints, x.others)
	x.merchants = merchant.New(merchant.Options{
		Store: x.d, Queue: x.queue, Keys: x.keys, Log: log, Base: "https://care.example", Endpoints: endpoints,
		Guarded: http.DefaultClient, Plain: true,
		UnderWay: func(ctx context.Context, tx *db.Tx, tenant, account string) (int64, error) {
			a, err := settlement.UnderWay(ctx, tx, tenant, account)
			b, errB := shipment.UnderWay(ctx, tx, tenant, account)
			c, errC := charge.UnderWay(ctx, tx, tenant, account)
			return a + b + c, firstOf(err, errB, errC)
		},
		Notice: func(ctx context.Context, tenant, payout string, r settlement.Result) error {
			return x.d.Write(ctx, func(tx *db.Tx) error { return x.payouts.Notice(ctx, tx, tenant, payout, r) })
		},
	})
	x.payouts.AccountOf = func(ctx context.Context, tx *db.Tx, tenant, provider, order string) (string, error) {
		return x.merchants.Took(ctx, tx, tenant, provider, func() (time.Time, error) { return x.placed[order], nil })
	}
	x.payouts.Own = x.merchants.Pays
	x.payouts.Jobs(x.queue)
	x.merchants.Jobs(x.queue)
	api := apitest.New(x.d, role.Allow)
	x.merchants.Routes(api)
	x.h = api.Handler()
}

func firstOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *house) write(do func(tx *db.Tx) error) {
	x.Helper()
	if err := x.d.Write(x.Context(), do); err != nil {
		x.Fatal(err)
	}
}

// add gives a shop an account at Stripe.
func (x *house) add(shop, name, key string, since *time.Time) (a merchant.Account) {
	x.Helper()
	x.write(func(tx *db.Tx) (err error) {
		a, err = x.merchants.Add(x.Context(), tx, actor.Of(shop), merchant.Account{Provider: stripe.Name, Name: name},
			map[string]string{"key": key, "webhook_secret": "whsec_of_" + key}, since)
		return err
	})
	return a
}

func (x *house) change(do func(tx *db.Tx) (merchant.Account, error)) (a merchant.Account) {
	x.Helper()
	x.write(func(tx *db.Tx) (err error) { a, err = do(tx); return err })
	return a
}

// owe makes a payout of an order of a shop.
func (x *house) owe(shop, order, payment string) (p settlement.Payout) {
	x.Helper()
	x.write(func(tx *db.Tx) error {
		all, err := x.payouts.Reserve(x.Context(), tx, actor.Of(shop), settlement.Plan{Case: "case_" + order + payment, Order: order, Currency: "CNY", Parts: []settlement.Part{
			{Purpose: settlement.Goods, Tender: "t1", Kind: "card", Provider: stripe.Name, Reference: payment, Amount: 9900}}})
		if err == nil {
			p = all[0]
		}
		return err
	})
	return p
}

func (x *house) run() {
	x.Helper()
	for range 20 {
		n, err := x.queue.RunDue(x.Context())
		if err != nil {
			x.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func (x *house) payout(shop, id string) (p settlement.Payout) {
	x.Helper()
	x.write(func(tx *db.Tx) (err error) { p, err = settlement.ByID(x.Context(), tx, shop, id); return err })
	return p
}

// admin is an administrator of a shop with a session, who has confirmed or not.
func (x *house) admin(shop string, confirmed bool) actor.Actor {
	x.Helper()
	by := actor.Actor{Tenant: shop, Kind: actor.Staff, ID: "stf_1", Name: "Su Qing", Role: role.Administrator}
	x.write(func(tx *db.Tx) error {
		_, s, err := session.Begin(x.Context(), tx, by, session.New{Factors: session.Password})
		if err != nil {
			return err
		}
		by.Session = s.ID
		if confirmed {
			_, err = session.Confirm(x.Context(), tx, by)
		}
		return err
	})
	return by
}

func (x *house) do(by actor.Actor, method, path string, body any, opts ...apitest.Option) apitest.Answer {
	x.Helper()
	opts = append(slices.Clone(opts), apitest.As(by))
	if body != nil {
		opts = append(opts, apitest.Body(body))
	}
	return apitest.Do(x, x.h, method, path, opts...)
}

// everything is what the database holds, as text.
func (x *house) everything() string {
	x.Helper()
	columns, err := x.d.Columns(x.Context())
	if err != nil {
		x.Fatal(err)
	}
	tables := map[string]int{}
	for _, c := range columns {
		tables[c.Table]++
	}
	var all strings.Builder
	x.write(func(tx *db.Tx) error {
		for _, table := range slices.Sorted(maps.Keys(tables)) {
			rows, err := tx.Query(x.Context(), "select * from "+table)
			if err != nil {
				return err
			}
			for rows.Next() {
				row := make([]any, tables[table])
				for i := range row {
					row[i] = new(any)
				}
				if err := rows.Scan(row...); err != nil {
					return err
				}
				for _, cell := range row {
					if raw, ok := (*cell.(*any)).([]byte); ok {
						fmt.Fprintf(&all, "%s\n", raw)
					} else {
						fmt.Fprintf(&all, "%v\n", *cell.(*any))
					}
				}
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	return all.String()
}
