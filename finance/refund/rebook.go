package refund

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// Reopen lets a case that is reserved hold units and reserve once more. What it
// was paid stays. It refuses a case without money with ErrNone.
func (s *Service) Reopen(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string) error {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return err
	}
	r, err := a.known(ctx, tx, o, all, caseID)
	if err != nil {
		return err
	}
	if r.Advance {
		return ErrNone.With("case", caseID)
	}
	r.Open = true
	return s.pay(ctx, tx, by, o, &a, caseID, settlement.Plan{}, nil)
}

// Rebook reckons a reserved case anew under another claim, most often because
// the liability changed, or because an exchange becomes a refund. Only the
// difference is paid, as an adjustment, and only the difference is booked. What
// the customer has too much is owed, until Restore or Forgive. It refuses a case
// without money with ErrNone.
func (s *Service) Rebook(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, c Claim) (Delta, error) {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return Delta{}, err
	}
	r, err := a.known(ctx, tx, o, all, caseID)
	if err != nil {
		return Delta{}, err
	}
	runs := slices.Concat(all.in(Paid, caseID), all.in(Advanced, caseID))
	if len(runs) == 0 {
		runs = r.Runs
	}
	if was := (Claim{Kind: r.Kind}); was.keepsGoods() != c.keepsGoods() {
		return Delta{}, ErrTerms.At("kind", "does not suit what was reserved", r.Kind)
	}
	return s.anew(ctx, tx, by, o, &a, all, caseID, runs, c)
}

// known is a case's record; one that was reserved before records were kept is
// made from its payouts.
func (a *account) known(ctx context.Context, tx *db.Tx, o order.Order, all holds, caseID string) (*record, error) {
	if r, ok := a.book.Cases[caseID]; ok {
		return r, nil
	}
	if !all.settled(caseID) {
		return nil, ErrNone.With("case", caseID)
	}
	payouts, err := settlement.ByCase(ctx, tx, o.Tenant, caseID)
	if err != nil {
		return nil, fmt.Errorf("payouts of %s: %w", caseID, err)
	}
	r := a.book.record(caseID)
	*r = *fromPayouts(payouts)
	return r, nil
}

// anew puts a new quote in the place of what a case has moved.
func (s *Service) anew(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, a *account, all holds, caseID string, runs []Run, c Claim) (Delta, error) {
	r := a.book.record(caseID)
	before := a.before(all, caseID)
	q, entries, err := Reckon(o, before, runs, c)
	if err != nil {
		return Delta{}, err
	}
	pay, over := r.differ(q)
	for id, n := range r.Used {
		a.tenders[id] -= n
		a.refunded -= n
	}
	a.shipping -= r.Shipping
	fresh := &record{Kind: q.Kind, Money: r.Money, Turns: r.Turns, Sets: r.Sets, Gone: r.Gone, Added: r.Added, Advance: r.Advance, Open: r.Open}
	fresh.hold(q, runs)
	*r = *fresh
	a.shipping += r.Shipping
	a.use(q.Carried)
	a.use(q.Turned)
	a.book.forget(caseID)
	for _, p := range q.Parts {
		p.Case = caseID
		a.book.Parts = append(a.book.Parts, p)
	}
	p := settlement.Plan{Case: caseID, Order: o.ID, Currency: o.Currency}
	d := Delta{Quote: q, Pay: total(pay)}
	for _, part := range pay {
		add(&r.Money, part.Tender, part.Amount)
		if t, ok := tender(o, part.Tender); ok {
			d.Restored += pointsOf(t, a.tenders[t.ID]+part.Amount) - pointsOf(t, a.tenders[t.ID])
			a.tenders[part.Tender] += part.Amount
			a.refunded += part.Amount
		}
	}
	d.Owed = max(r.total()-q.Total, 0)
	r.Owed, r.Over = d.Owed, over
	if len(pay) > 0 {
		r.Turns++
		p.Parts = named(o, q, pay, settlement.Adjustment(r.Turns))
	}
	if err := a.check(o); err != nil {
		return Delta{}, err
	}
	g := ledger{all: entries}
	g.move(CodeOwed, d.Owed+r.Gone, caseSeller(o, all.of(caseID, r)), theCustomer)
	g.move(CodeCompensation, r.Added, caseSeller(o, all.of(caseID, r)), theCustomer)
	delta, err := s.difference(ctx, tx, by, caseID, g)
	if err != nil {
		return Delta{}, err
	}
	return d, s.pay(ctx, tx, by, o, a, caseID, p, delta)
}

// differ compares a quote with what was paid: what goes out on which way, or on
// which ways there is too much. Together it is the difference of the totals.
func (r *record) differ(q Quote) (pay []settlement.Part, over map[string]int64) {
	want := q.channels()
	names := make([]string, 0, len(want)+len(r.Money))
	for name := range want {
		names = append(names, name)
	}
	for name := range r.Money {
		if _, ok := want[name]; !ok {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	more, less := make([]int64, len(names)), make([]int64, len(names))
	for i, name := range names {
		more[i], less[i] = max(want[name]-r.Money[name], 0), max(r.Money[name]-want[name], 0)
	}
	if rest := q.Total - r.total(); rest > 0 {
		for i, n := range money.Split(rest, more) {
			if n > 0 {
				pay = append(pay, settlement.Part{Tender: names[i], Amount: n})
			}
		}
		return pay, nil
	}
	for i, n := range money.Split(r.total()-q.Total, less) {
		add(&over, names[i], n)
	}
	return nil, over
}

// named completes payouts with what is known of their tenders.
func named(o order.Order, q Quote, pay []settlement.Part, purpose string) []settlement.Part {
	for i := range pay {
		p := &pay[i]
		if t, ok := tender(o, p.Tender); ok {
			*p = settlement.Part{Tender: t.ID, Kind: t.Kind, Label: t.Label, Provider: t.Provider, Reference: t.Reference, Amount: p.Amount}
		}
		for _, x := range q.Extra {
			if x.channel() == p.Tender {
				amount := p.Amount
				*p = x.part(o)
				p.Amount = amount
			}
		}
		p.Purpose = purpose
	}
	return pay
}

func tender(o order.Order, id string) (order.Tender, bool) {
	i := slices.IndexFunc(o.Tenders, func(t order.Tender) bool { return t.ID == id })
	if i < 0 {
		return order.Tender{}, false
	}
	return o.Tenders[i], true
}

func total(parts []settlement.Part) (sum int64) {
	for _, p := range parts {
		sum += p.Amount
	}
	return sum
}

// lower takes what the customer owed out of the case's money: because it came
// back, which lowers the account too, or because it never will.
func (a *account) lower(r *record, amount int64, back bool) {
	names := slices.Sorted(maps.Keys(r.Over))
	weights := make([]int64, len(names))
	for i, name := range names {
		weights[i] = r.Over[name]
	}
	for i, n := range money.Split(amount, weights) {
		add(&r.Money, names[i], -n)
		add(&r.Over, names[i], -n)
		if _, ok := a.tenders[names[i]]; ok && back {
			a.tenders[names[i]] -= n
			a.refunded -= n
		}
	}
	r.Owed -= amount
	if !back {
		r.Gone += amount
	}
}

// lessen records an amount as paid for units that are kept, as far as they are
// worth it.
func (a *account) lessen(o order.Order, runs []Run, amount int64, as string) {
	weights := make([]int64, len(runs))
	for i, r := range runs {
		if l, ok := o.Line(r.Line); ok {
			weights[i] = spreadOf(l, a.book.Parts).left(l, r.First, r.Count)
		}
	}
	for i, n := range money.Split(min(amount, sum(weights)), weights) {
		if n > 0 {
			a.book.Parts = append(a.book.Parts, Part{Line: runs[i].Line, First: runs[i].First, Count: runs[i].Count, Amount: n, Code: CodePartial, Case: as})
		}
	}
}

// difference is what has to be booked so that the case's entries become these.
func (s *Service) difference(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, want ledger) ([]clearing.Entry, error) {
	booked, err := clearing.ByCase(ctx, tx, actor.Of(by.Tenant), caseID)
	if err != nil {
		return nil, fmt.Errorf("entries of %s: %w", caseID, err)
	}
	for _, b := range booked {
		want.add(b.Code, -b.Amount, party{b.Account, b.Party})
	}
	return want.entries(), nil
}
