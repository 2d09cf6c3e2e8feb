package testpay

import (
	"context"

	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
)

// Collect takes money from a customer at once, without a page, unless the means
// of payment asks for trouble with one of the markers.
func (p *Provider) Collect(ctx context.Context, r charge.Request) (charge.Session, error) {
	got, err := p.Refund(ctx, turned(r))
	return collected(r, got), err
}

// Collected tells what became of a key.
func (p *Provider) Collected(ctx context.Context, r charge.Request) (charge.Session, error) {
	got, err := p.Lookup(ctx, turned(r))
	return collected(r, got), err
}

// taken is the purpose under which the books have money that came from
// customers: what was paid to them has others.
const taken = "collect "

// turned is a request for the same books, in the other direction.
func turned(r charge.Request) settlement.Request {
	return settlement.Request{Key: r.Key, Tenant: r.Tenant, Case: r.Case, Order: r.Order, Purpose: taken + r.Purpose, Reference: r.Means, Amount: r.Amount}
}

// collected turns an answer round again.
func collected(r charge.Request, got settlement.Result) charge.Session {
	switch got.Outcome {
	case settlement.Paid:
		return charge.Session{Outcome: charge.Collected, Reference: got.Reference, Amount: r.Amount}
	case settlement.Pending:
		return charge.Session{Outcome: charge.Pending, Reference: got.Reference}
	case settlement.Declined, settlement.ByHand:
		return charge.Session{Outcome: charge.Declined, Reason: got.Reason}
	case settlement.Absent:
		return charge.Session{Outcome: charge.Absent}
	}
	return charge.Session{} // with an error
}

var _ charge.Collector = (*Provider)(nil)
