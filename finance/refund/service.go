package refund

import (
	"context"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// Service holds the verbs of refunds. Each locks the order's account first, so
// two verbs on one order never overlap; other orders are not held up.
type Service struct {
	payouts *settlement.Service
}

// New makes the service.
func New(payouts *settlement.Service) *Service { return &Service{payouts: payouts} }

// Free counts the units of each line that are in no living claim, and those
// about whose price a case may ask.
func Free(ctx context.Context, tx *db.Tx, o order.Order) (free, priced map[int]int64, err error) {
	a, all, err := peek(ctx, tx, o)
	if err != nil {
		return nil, nil, err
	}
	busy := a.book.priced(all)
	priced = make(map[int]int64, len(o.Lines))
	for _, l := range o.Lines {
		for _, gap := range busy.gaps(l) {
			priced[l.No] += gap.Count
		}
	}
	return all.free(o), priced, nil
}

// Hold claims units for a case: the lowest free ones of each line. It refuses
// with ErrWanted, or with ErrUnitsTaken and the facts line, wanted and free;
// then nothing is held. Holding is part of what the case announces.
func (s *Service) Hold(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, wanted []Wanted) (Stake, error) {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return Stake{}, err
	}
	if a.closed(all, caseID) {
		return Stake{}, ErrReserved.With("case", caseID)
	}
	runs, err := all.allocate(o, wanted, a.book.Asked)
	if err != nil {
		return Stake{}, err
	}
	if err := insert(ctx, tx, o, caseID, Held, runs); err != nil {
		return Stake{}, fmt.Errorf("holding units of %s for %s: %w", o.ID, caseID, err)
	}
	for _, r := range runs {
		all = append(all, hold{r, caseID, Held})
	}
	all.sort()
	return Stake{runs, o, a, all, caseID}, nil
}

// Stake is what a case holds of an order, with the books as they were read for
// it in this transaction.
type Stake struct {
	Runs   []Run
	order  order.Order
	books  account
	all    holds
	caseID string
}

// Quote is Service.Quote without reading the books again.
func (h Stake) Quote(runs []Run, c Claim) (Quote, error) {
	t, err := quoteFor(h.order, h.books, h.all, h.caseID, runs, c)
	return t.quote, err
}

// Release gives units back, all that the case still holds or asks about when runs is nil.
// Units it does not hold are refused with ErrNotHeld.
func (s *Service) Release(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, runs []Run) error {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return err
	}
	var rest []Run
	if asked, ok := a.book.Asked[caseID]; ok {
		if runs != nil {
			if _, rest, err = take(asked, runs); err != nil {
				return err
			}
		}
		a.book.ask(caseID, rest)
		return a.save(ctx, tx, o)
	}
	if runs != nil {
		if _, rest, err = take(all.held(caseID), runs); err != nil {
			return err
		}
	}
	if err := remove(ctx, tx, o, caseID, Held); err != nil {
		return fmt.Errorf("releasing units of %s for %s: %w", o.ID, caseID, err)
	}
	return insert(ctx, tx, o, caseID, Held, rest)
}

// Preview says what holding and reserving the wanted units would give now. It
// changes nothing and refuses as Hold does. A compensation needs no units.
func (s *Service) Preview(ctx context.Context, tx *db.Tx, o order.Order, wanted []Wanted, c Claim) (Quote, error) {
	a, all, err := peek(ctx, tx, o)
	if err != nil {
		return Quote{}, err
	}
	runs, err := a.units(o, all, wanted, c)
	if err != nil {
		return Quote{}, err
	}
	return Calculate(o, a.before(all, ""), runs, c)
}

// units are those that a claim would be about.
func (a *account) units(o order.Order, all holds, wanted []Wanted, c Claim) ([]Run, error) {
	switch {
	case c.Kind == Compensation && len(wanted) == 0:
		return nil, nil
	case c.Kind == PriceProtection:
		return a.choose(o, all, wanted)
	}
	return all.allocate(o, wanted, a.book.Asked)
}

// Quote says what reserving these units of a case would give now. It refuses
// units that the case does not hold with ErrNotHeld, and a case whose money is
// reserved with ErrReserved.
func (s *Service) Quote(ctx context.Context, tx *db.Tx, o order.Order, caseID string, runs []Run, c Claim) (Quote, error) {
	h, err := s.Look(ctx, tx, o, caseID)
	if err != nil {
		return Quote{}, err
	}
	return h.Quote(runs, c)
}

// Look reads the books for a case that holds units, or needs none.
func (s *Service) Look(ctx context.Context, tx *db.Tx, o order.Order, caseID string) (Stake, error) {
	a, all, err := peek(ctx, tx, o)
	return Stake{all.held(caseID), o, a, all, caseID}, err
}

// Reserve makes the accepted units of a case paid for ever, releases the others
// it holds, plans the payouts and books who bears them. It refuses a second
// time with ErrReserved, units that the case does not hold with ErrNotHeld, and
// with ErrExceeds what would pay back more than a tender paid. Without accepted
// units it only releases. A total of zero makes no payouts. Where the goods stay
// with the customer (PriceProtection, Partial, Compensation) no unit is used up
// and all are released; units need not be held then, but must not be paid back, except
// for a Compensation. Of units that a case asks about (Ask) those that were paid back meanwhile get nothing; when all
// were, it refuses with ErrUnitsTaken.
// Reship reserves nothing and holds on.
func (s *Service) Reserve(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, accepted []Run, c Claim) (Quote, error) {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return Quote{}, err
	}
	t, err := quoteFor(o, a, all, caseID, accepted, c)
	if err != nil || c.Kind == Reship {
		return t.quote, err
	}
	if err := t.settle(ctx, tx, o, caseID, Paid); err != nil {
		return Quote{}, fmt.Errorf("reserving units of %s for %s: %w", o.ID, caseID, err)
	}
	a.book.ask(caseID, nil)
	return t.quote, s.commit(ctx, tx, by, o, &a, caseID, t, purposes(c))
}

// turned is a quote on its way to being carried out.
type turned struct {
	quote   Quote
	entries []clearing.Entry
	runs    []Run // that it is for
	rest    []Run // that the case holds besides
	held    []Run
	kept    bool // the goods stay with the customer
}

// quoteFor works a quote out for units that a case holds.
func quoteFor(o order.Order, a account, all holds, caseID string, runs []Run, c Claim) (t turned, err error) {
	if a.closed(all, caseID) {
		return t, ErrReserved.With("case", caseID)
	}
	t.held, t.kept = all.held(caseID), c.keepsGoods()
	asked := a.book.Asked[caseID]
	switch {
	case t.kept && len(asked) > 0:
		if t.runs, _, err = take(asked, runs); err == nil && len(t.runs) > 0 {
			if t.runs = all.kept(t.runs); len(t.runs) == 0 {
				err = ErrUnitsTaken.With("case", caseID)
			}
		}
	case t.kept && len(t.held) > 0, !t.kept:
		t.runs, t.rest, err = take(t.held, runs)
	case c.Kind == Compensation: // beyond what the goods are worth: these may be back
		t.runs, err = holds(nil).unpaid(o, runs)
	default:
		t.runs, err = all.unpaid(o, runs)
	}
	if err != nil {
		return t, err
	}
	t.quote, t.entries, err = Reckon(o, a.before(all, ""), t.runs, c)
	return t, err
}

// settle gives the runs their new state and lets the rest go.
func (t turned) settle(ctx context.Context, tx *db.Tx, o order.Order, caseID string, to State) error {
	if t.kept {
		if len(t.held) == 0 {
			return nil
		}
		return remove(ctx, tx, o, caseID, Held)
	}
	if len(t.rest) == 0 && slices.Equal(t.runs, t.held) {
		return turn(ctx, tx, o, caseID, Held, to)
	}
	if err := remove(ctx, tx, o, caseID, Held); err != nil {
		return err
	}
	return insert(ctx, tx, o, caseID, to, t.runs)
}

// commit books a quote in the account, plans its payouts and writes its entries.
func (s *Service) commit(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, a *account, caseID string, t turned, as naming) error {
	if len(t.runs) == 0 && t.quote.Total == 0 {
		return nil
	}
	r := a.book.record(caseID)
	if r.Open {
		r.Open = false
		r.Turns++
		as = adjustments(r.Turns)
	}
	if err := a.add(o, caseID, t.quote, t.runs); err != nil {
		return err
	}
	return s.pay(ctx, tx, by, o, a, caseID, plan(o, caseID, t.quote, as), t.entries)
}

// pay saves the account, reserves payouts and books entries.
func (s *Service) pay(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, a *account, caseID string, p settlement.Plan, entries []clearing.Entry) error {
	r := a.book.record(caseID)
	if len(entries) > 0 {
		r.Sets++
	}
	if err := a.save(ctx, tx, o); err != nil {
		return fmt.Errorf("account of %s: %w", o.ID, err)
	}
	if len(p.Parts) > 0 {
		if _, err := s.payouts.Reserve(ctx, tx, by, p); err != nil {
			return err
		}
	}
	if len(entries) == 0 {
		return nil
	}
	return clearing.Book(ctx, tx, by, clearing.Set{Key: fmt.Sprintf("%s:%d", caseID, r.Sets), Case: caseID, Order: o.ID, Currency: o.Currency, Entries: entries})
}

// closed tells whether the case has had its money, and was not opened again.
func (a account) closed(all holds, caseID string) bool {
	r, known := a.book.Cases[caseID]
	if known {
		return !r.Open
	}
	return all.settled(caseID)
}

// open locks the order's account and reads its claims.
func open(ctx context.Context, tx *db.Tx, o order.Order) (account, holds, error) {
	return withClaims(ctx, tx, o, lock)
}

// peek is open without the lock.
func peek(ctx context.Context, tx *db.Tx, o order.Order) (account, holds, error) {
	return withClaims(ctx, tx, o, look)
}

func withClaims(ctx context.Context, tx *db.Tx, o order.Order, accountOf func(context.Context, *db.Tx, order.Order) (account, error)) (account, holds, error) {
	a, err := accountOf(ctx, tx, o)
	if err != nil {
		return account{}, nil, fmt.Errorf("account of %s: %w", o.ID, err)
	}
	all, err := claimsOf(ctx, tx, o)
	if err != nil {
		return account{}, nil, fmt.Errorf("claims of %s: %w", o.ID, err)
	}
	return a, all, nil
}
