package privacy

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/care/record"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/finance/wallet"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Person is who is erased, and what is known by then to be about the person.
type Person struct {
	Tenant   string
	Customer string
	Cases    []string
	Orders   []string
	Things   []string // ids of everything that events were about
}

// Forget erases a person somewhere else.
type Forget func(ctx context.Context, tx *db.Tx, p Person) error

// telling are the types of events of money with words that people wrote, or with
// means of payment. The others are amounts and ids, and stay with the books.
var telling = map[string]bool{
	"payout.submitted": true, "payout.failed": true, "payout.manual": true, "payout.reversed": true, "payout.redirected": true,
	"charge.waived": true, "charge.written_off": true, "charge.declined": true,
	"chargeback.opened": true, "wallet.adjusted": true, "wallet.refunded": true,
}

// eraseCase forgets the person in what belongs to a case.
func (s *Service) eraseCase(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, p *Person, e *Erasure) error {
	about, err := s.Record.Things(ctx, tx, by.Tenant, caseID)
	if err != nil {
		return err
	}
	for _, one := range append(about, event.About{Stream: "rating", Subject: caseID}) {
		if err := s.eraseEvents(ctx, tx, by, one, e); err != nil {
			return err
		}
		p.Things = append(p.Things, one.Subject)
	}
	for _, forget := range []func(context.Context, *db.Tx, string, string) error{shipment.Erase, inspection.Erase, settlement.Erase, charge.Erase, record.Erase} {
		if err := forget(ctx, tx, by.Tenant, caseID); err != nil {
			return err
		}
	}
	n, err := evidence.Erase(ctx, tx, by.Tenant, caseID)
	e.Files += n
	return err
}

// eraseRest forgets what belongs to no case.
func (s *Service) eraseRest(ctx context.Context, tx *db.Tx, by actor.Actor, p *Person, e *Erasure) error {
	about := []event.About{{Stream: "proof", Subject: p.Customer}, {Stream: "customer", Subject: p.Customer}}
	for _, one := range p.Orders {
		about = append(about, event.About{Stream: "order", Subject: one})
		taken, err := settlement.EraseOrder(ctx, tx, by.Tenant, one)
		if err != nil {
			return fmt.Errorf("chargebacks of order %s: %w", one, err)
		}
		for _, chargeback := range taken {
			about = append(about, event.About{Stream: "chargeback", Subject: chargeback})
		}
	}
	accounts, err := wallet.Erase(ctx, tx, by.Tenant, p.Customer)
	if err != nil {
		return err
	}
	for _, one := range accounts {
		about = append(about, event.About{Stream: "wallet", Subject: one})
	}
	for _, one := range about {
		if err := s.eraseEvents(ctx, tx, by, one, e); err != nil {
			return err
		}
		p.Things = append(p.Things, one.Subject)
	}
	n, err := evidence.EraseOwn(ctx, tx, by.Tenant, p.Customer)
	if err != nil {
		return err
	}
	e.Files += n
	if err := proof.Erase(ctx, tx, by.Tenant, p.Customer); err != nil {
		return err
	}
	for _, forget := range s.Also {
		if err := forget(ctx, tx, *p); err != nil {
			return err
		}
	}
	return nil
}

// eraseEvents erases the events about one thing; of money only those with words.
func (s *Service) eraseEvents(ctx context.Context, tx *db.Tx, by actor.Actor, about event.About, e *Erasure) error {
	all, err := event.SealedHistory(ctx, tx, by.Tenant, about.Stream, about.Subject)
	if err != nil {
		return err
	}
	var some []event.Sealed
	for _, one := range all {
		switch about.Stream {
		case "erasure":
		case "payout", "charge", "chargeback", "wallet", "clearing":
			if telling[one.Type] {
				some = append(some, one)
			}
		default:
			some = append(some, one)
		}
	}
	n, err := event.EraseThese(ctx, tx, by, about, some, e.Reason)
	e.Events += int64(n)
	return err
}
