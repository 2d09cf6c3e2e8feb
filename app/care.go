package app

import (
	"context"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/record"
	"github.com/aftercare/aftercare/connect/webhook"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/desk/privacy"
	"github.com/aftercare/aftercare/desk/search"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/live"
	"github.com/aftercare/aftercare/platform/mail"
	"github.com/aftercare/aftercare/quality/rating"
	"github.com/aftercare/aftercare/rules/opening"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
)

// openMail connects the messages to the mail server; without one none are made.
func (h *House) openMail(s *services) error {
	s.notices = &notice.Service{Store: h.DB, Queue: s.queue, Proofs: s.proofs, Base: h.base(), Patience: h.Config.MessageMailAfter}
	target := h.Config.MailURL()
	if target == "" {
		return nil
	}
	sender, err := mail.Open(target, mail.Options{From: h.Config.MailFrom})
	if err != nil {
		return err
	}
	h.closing = append(h.closing, sender.Close)
	s.notices.Send = func(ctx context.Context, e notice.Envelope) error {
		err := sender.Send(ctx, mail.Message{Key: e.Key, To: e.To, Subject: e.Subject, Text: e.Text, HTML: e.HTML, Language: e.Language})
		if mail.Permanent(err) {
			return job.Dead(err)
		}
		return err
	}
	s.notices.Jobs(s.queue)
	types, react := s.notices.Events()
	s.followers.FollowFromNow("notices", types, react)
	return nil
}

// base is the address of the installation.
func (h *House) base() string {
	if h.Config.BaseURL != "" {
		return strings.TrimSuffix(h.Config.BaseURL.Reveal(), "/")
	}
	return "http://" + h.Config.Listen
}

// home is the address that the customers of a shop use. Where it cannot be read
// it is the installation's: a payment shall not fail for where it leads back to.
func (h *House) home(ctx context.Context, shop string) (at string) {
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		t, err := tenant.ByID(ctx, tx, shop)
		at = t.At(h.base())
		return err
	})
	if err != nil {
		h.Log.ErrorContext(ctx, "the address of a shop cannot be read", "tenant", shop, "err", err)
		return h.base()
	}
	return at
}

// care makes the services of a case, from the goods up, and connects them.
func (h *House) care(s *services, b *bus.Bus) {
	rules := policy.New(s.law, publishers)
	rules.Together = owed.Together(s.law)
	parcels := s.parcels
	photos := h.evidence()
	hub := live.New(h.DB, s.tail, b, live.Options{Log: h.Log, Gather: 10 * time.Millisecond, Identify: s.gate.Identify})
	all := &cases.Service{
		Store: h.DB, Queue: s.queue, Refund: s.refunds, Shipment: parcels, Inspection: &inspection.Service{}, Stock: &stock.Service{}, Charge: s.charges, Payouts: s.payouts, Orders: s.orders, Evidence: photos, Live: hub, Book: s.law,
		Base: strings.TrimSuffix(h.Config.BaseURL.Reveal(), "/"), Hours: opening.Keeping,
	}
	photos.CanSee = func(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) error {
		_, err := cases.ByID(ctx, tx, by, caseID)
		return err
	}
	parcels.Scanned, parcels.Another, parcels.Destination = all.Scan, all.AnotherParcel, all.DestinationOf
	s.cases, s.photos, s.hub = all, photos, hub
	rules.Routes(s.api)
	(&opening.Service{Running: cases.Running}).Routes(s.api, h.DB)
	parcels.Routes(s.api)
	photos.Routes(s.api)
	all.Routes(s.api)
	records := &record.Service{Store: h.DB, Blobs: h.Blobs, Queue: s.queue, Also: []record.Things{notice.Things}}
	records.Routes(s.api)
	records.Jobs(s.queue)
	persons := &privacy.Service{Store: h.DB, Queue: s.queue, Cases: all, Record: records, First: []privacy.Forget{
		func(ctx context.Context, tx *db.Tx, p privacy.Person) error {
			return search.Forget(ctx, tx, p.Tenant, p.Cases)
		},
	}, Also: []privacy.Forget{
		func(ctx context.Context, tx *db.Tx, p privacy.Person) error {
			return rating.Erase(ctx, tx, p.Tenant, p.Cases)
		},
		func(ctx context.Context, tx *db.Tx, p privacy.Person) error {
			return webhook.Erase(ctx, tx, p.Tenant, p.Things)
		},
		func(ctx context.Context, tx *db.Tx, p privacy.Person) error {
			return httpapi.Erase(ctx, tx, p.Tenant, p.Things)
		},
	}}
	persons.Routes(s.api)
	persons.Jobs(s.queue)
	photos.Jobs(s.queue)
	all.Jobs(s.queue)
	types, react := all.Events()
	s.followers.Follow("cases", types, react)
	watching, end := context.WithCancel(context.Background())
	s.endLive = end // screens are sent away first, so that the server can stop
	s.runLive = func(ctx context.Context) error {
		stop := context.AfterFunc(ctx, end)
		defer stop()
		err := hub.Run(watching)
		<-ctx.Done()
		return err
	}
}
