package app

import (
	"context"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/gate"
	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/access/reads"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app/pages"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/connect/merchant"
	"github.com/aftercare/aftercare/desk/monitor"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/desk/search"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/finance/wallet"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/live"
	"github.com/aftercare/aftercare/platform/seal"
	"github.com/aftercare/aftercare/platform/telemetry"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/web"
)

// services are the parts of one running process.
type services struct {
	api       *httpapi.API
	handler   http.Handler
	queue     *job.Queue
	tail      *event.Tail
	relay     *event.Relay
	sealed    *seal.Log
	followers *event.Followers
	gate      *gate.Gate
	reads     *reads.Log
	runLive   func(ctx context.Context) error
	endLive   func()

	shop      *tenant.Service
	accounts  *account.Service
	factors   *factor.Service
	proofs    *proof.Service
	notices   *notice.Service
	orders    *order.Service
	pay       companies
	merchants *merchant.Service
	payouts   *settlement.Service
	books     *clearing.Service
	wallets   *wallet.Service
	charges   *charge.Service
	refunds   *refund.Service
	photos    *evidence.Service
	parcels   *shipment.Service
	hub       *live.Hub
	monitor   *monitor.Service
	cases     *cases.Service
	law       *rights.Book
}

// wire connects everything that this binary knows. b is nil without a stream.
func (h *House) wire(b *bus.Bus) (*services, error) {
	metrics := telemetry.NewMetrics(h.Version)
	s := &services{
		queue:   job.NewQueue(h.DB, h.Log),
		tail:    event.NewTail(h.DB, b, h.Log),
		gate:    gate.New(),
		runLive: func(ctx context.Context) error { <-ctx.Done(); return nil },
		endLive: func() {},
	}
	s.reads = &reads.Log{Store: h.DB, Log: h.Log, Whose: whose, Names: names}
	s.relay = event.NewRelay(s.tail, event.RelayOptions{})
	var err error
	if s.sealed, err = h.Sealed(s.tail); err != nil {
		return nil, err
	}
	s.followers = event.NewFollowers(s.tail, event.FollowOptions{})
	s.api = httpapi.New(httpapi.Options{
		DB: h.DB, Log: h.Log, Identify: s.gate.Identify, Recall: s.gate.Recall, Allow: role.Allow, Hold: s.hold, Version: apiVersion, Metrics: measure(metrics, s.reads),
		TrustProxy: h.Config.TrustProxy, Origins: h.origins(), MACs: func(asked string) [][]byte { return h.Keys.MACs(keyPurpose, asked) },
		Limits: httpapi.Limits{
			Body: int64(h.Config.BodyLimit), Timeout: h.Config.RequestTimeout,
			PerSecond: float64(h.Config.RateLimit) / 60, Burst: h.Config.RateBurst,
		},
	})
	if err := h.capabilities(s); err != nil {
		return nil, err
	}
	h.routes(s)
	h.paymentHooks(s)
	h.goodsRoutes(s)
	s.jobs()
	h.keyJobs(s.queue)
	h.care(s, b)
	h.desk(s)
	h.quality(s)
	if err := h.webhooks(s); err != nil {
		return nil, err
	}
	if err := h.openMail(s); err != nil {
		return nil, err
	}
	h.templates(s)
	shown, err := pages.New(web.FS())
	if err != nil {
		return nil, err
	}
	h.brands(s, shown)
	s.api.Mount("GET /healthz", http.HandlerFunc(alive))
	s.api.Mount("GET /readyz", h.ready(b))
	s.api.Mount("/", shown)
	if h.Config.LogPublic {
		s.api.Mount("GET /log/", s.sealed.Handler("/log/"))
	}
	h.observe(s, metrics, s.hub)
	observeSeal(s.sealed, metrics)
	s.handler = h.traced(s.api.Handler())
	return s, nil
}

// hold keeps visitors of a demonstration from changing what they share.
func (s *services) hold(ctx context.Context, by actor.Actor, need actor.Permission) error {
	return s.accounts.Hold(ctx, by, need)
}

// capabilities makes the services, lower rooms first.
func (h *House) capabilities(s *services) error {
	pay, err := h.providers(s)
	if err != nil {
		return err
	}
	if s.law, err = Law(h.Config); err != nil {
		return err
	}
	s.shop = tenant.New(h.demo())
	s.shop.Base = h.Config.BaseURL.Reveal()
	s.accounts, s.factors = h.Staff(s.queue, func(ctx context.Context, l factor.Letter) error { return s.notices.Colleague(ctx, l) })
	s.wallets = wallet.New(h.DB, nil)
	pay = append(pay, s.wallets)
	s.charges = charge.NewService(h.DB, s.queue, h.Log, collectors(pay)...)
	s.payouts = settlement.New(h.DB, s.queue, h.Log, pay...)
	s.payouts.Known = func(ctx context.Context, tx *db.Tx, by actor.Actor, orderID string) error {
		_, err := order.ByID(ctx, tx, by, orderID)
		return err
	}
	s.books = &clearing.Service{Store: h.DB}
	s.refunds = refund.New(s.payouts)
	s.orders = h.orders(s.refunds)
	if s.merchants, err = h.merchantAccounts(s); err != nil {
		return err
	}
	if s.parcels, err = h.parcels(s); err != nil {
		return err
	}
	s.join()
	s.proofs = proof.New(proof.Options{
		Store: h.DB, Keys: h.Keys, Queue: s.queue, Book: book(), Base: h.base(), Demo: h.Config.Demo,
		Deliver: func(ctx context.Context, to proof.Contact, code, language string) error {
			return s.notices.Code(ctx, to, code, language)
		},
		DeliverLink: func(ctx context.Context, to proof.Contact, link, order, language string) error {
			return s.notices.Link(ctx, to, link, order, language)
		},
		Framed: framed,
	})
	return nil
}

// routes registers what HTTP can ask.
func (h *House) routes(s *services) {
	s.accounts.Routes(s.api)
	s.factors.Routes(s.api)
	apikey.Routes(s.api)
	audit.Routes(s.api, h.DB, names)
	s.reads.Routes(s.api)
	s.monitor = &monitor.Service{Store: h.DB, Log: h.Log, Owner: tenant.Default, Sealed: s.sealed, Audit: h.Audit}
	s.monitor.Routes(s.api)
	s.proofs.Routes(s.api)
	s.payouts.Routes(s.api)
	s.books.Routes(s.api)
	s.wallets.Routes(s.api)
	customer.Routes(s.api)
	s.charges.Routes(s.api)
	s.merchants.Routes(s.api)
	s.shop.Routes(s.api)
	s.orders.Routes(s.api)
	s.law.Routes(s.api)
	(&owed.Service{Book: s.law}).Routes(s.api)
	search.Routes(s.api)
	search.Jobs(s.queue)
	h.manifestRoute(s.api)
	s.queue.Routes(s.api, role.JobRead, role.JobManage)
}

// jobs registers what workers can do.
func (s *services) jobs() {
	s.queue.Handle("httpapi.forget", func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		_, err := s.api.Forget(ctx, tx)
		return err
	})
	s.queue.Every("httpapi.forget", 10*time.Minute)
	session.Jobs(s.queue)
	s.accounts.Jobs(s.queue)
	s.factors.Jobs(s.queue)
	s.proofs.Jobs(s.queue)
	s.payouts.Jobs(s.queue)
	s.wallets.Jobs(s.queue)
	s.charges.Jobs(s.queue)
	s.merchants.Jobs(s.queue)
}

// collectors are the companies that also take money from customers.
func collectors(pay []settlement.Provider) (all []charge.Collector) {
	for _, p := range pay {
		if c, ok := p.(charge.Collector); ok {
			all = append(all, c)
		}
	}
	return all
}

func (h *House) origins() []string {
	if h.Config.BaseURL == "" {
		return nil
	}
	return []string{h.Config.BaseURL.Reveal()}
}
