package insight

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// facts are the things that events name, as they are when they are read.
type facts struct {
	sold    []order.Order
	past    []order.PastReturn
	cases   []cases.Case
	orders  map[string]order.Order // of past returns and cases
	payouts map[string][]settlement.Payout
}

func gather(ctx context.Context, tx *db.Tx, tenantID string, n *news) (*facts, error) {
	orders, err := order.ByIDs(ctx, tx, tenantID, n.orders)
	if err != nil {
		return nil, err
	}
	var sold []order.Order
	for _, id := range n.orders {
		if o, found := orders[id]; found {
			sold = append(sold, o)
		}
	}
	all, err := cases.ByIDs(ctx, tx, tenantID, n.cases) // a payout without a case is money of a chargeback
	if err != nil {
		return nil, err
	}
	return about(ctx, tx, tenantID, sold, n.past, all)
}

// about reads what belongs to orders, past returns and cases that are known.
func about(ctx context.Context, tx *db.Tx, tenantID string, sold []order.Order, past []order.PastReturn, all []cases.Case) (*facts, error) {
	f := &facts{sold: sold, past: past, cases: all}
	var wanted, paid []string
	for _, r := range past {
		wanted = append(wanted, r.Order)
	}
	for _, c := range all {
		wanted = append(wanted, c.Order)
		if c.Refunded > 0 {
			paid = append(paid, c.ID)
		}
	}
	var err error
	if f.orders, err = order.ByIDs(ctx, tx, tenantID, wanted); err != nil {
		return nil, err
	}
	f.payouts, err = settlement.ByCases(ctx, tx, tenantID, paid)
	return f, err
}

// countFacts counts facts of a shop. First answers that are known to the caller
// need not be looked up.
func (s *Service) countFacts(ctx context.Context, tx *db.Tx, tenantID string, f *facts, answers map[string]first, zone *time.Location) error {
	if err := s.countSales(ctx, tx, tenantID, f.sold, zone); err != nil {
		return err
	}
	if err := s.countPast(ctx, tx, tenantID, f, zone); err != nil {
		return err
	}
	return s.countCases(ctx, tx, tenantID, f, answers, zone)
}

func (s *Service) countCases(ctx context.Context, tx *db.Tx, tenantID string, f *facts, answers map[string]first, zone *time.Location) error {
	keys := make([]string, 0, len(f.cases))
	for _, c := range f.cases {
		keys = append(keys, c.ID)
	}
	known, err := entriesOf(ctx, tx, tenantID, keys)
	if err != nil {
		return err
	}
	entries := make([]Entry, 0, len(f.cases))
	for _, c := range f.cases {
		e := entryOf(c, f.orders[c.Order], f.payouts[c.ID], zone)
		if c.Decision.Outcome != "" {
			answer, found := known[c.ID].answer()
			if !found {
				answer, found = answers[c.ID]
			}
			if !found {
				if answer, err = firstAnswer(ctx, tx, c); err != nil {
					return err
				}
			}
			e.Cells, e.Moments = append(e.Cells, answer.cells(c, zone)...), append(e.Moments, answer.moment(c)...)
		}
		entries = append(entries, e)
	}
	return replace(ctx, tx, tenantID, known, entries)
}
