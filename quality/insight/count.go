package insight

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/order"
)

// pageSize is how many events are counted together: enough that cases of one
// day share their tallies, few enough that nobody waits long for the writer.
const pageSize = 1000

// news is what a page of the log says has changed.
type news struct {
	cases  []string
	orders []string
	past   []order.PastReturn
	seen   map[string]bool
	opened map[string]bool  // cases whose history begins in this page
	answer map[string]first // first answer of them in this page
}

// count reads on in the log from where this shop's counting stands, and counts
// what the events name as it is now. The place moves in the same transaction.
// After each failure it reads a tenth as much; what fails alone is set aside.
func (s *Service) count(ctx context.Context, tx *db.Tx, j job.Job) error {
	var step stride
	if err := json.Unmarshal(j.Args, &step); err != nil {
		return job.Dead(err)
	}
	zone, position, err := s.hold(ctx, tx, j.Tenant)
	if err != nil {
		return err
	}
	size := step.after(j.Attempt)
	events, err := event.Page(ctx, tx, j.Tenant, position, counted, size)
	if err != nil || len(events) == 0 {
		return err
	}
	if j.Attempt >= patience {
		if err := s.setAside(ctx, tx, events[0]); err != nil {
			return err
		}
		events = events[:1]
	} else if err := s.countEvents(ctx, tx, j.Tenant, events, zone); err != nil {
		return err
	}
	if err := savePosition(ctx, tx, j.Tenant, events[len(events)-1].Position); err != nil || len(events) < size {
		return err
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: j.Tenant, Kind: countKind, Key: j.Tenant, Args: longer(size)})
}

func (s *Service) countEvents(ctx context.Context, tx *db.Tx, tenantID string, events []event.Event, zone *time.Location) error {
	n, err := read(events)
	if err != nil {
		return err
	}
	return s.countNews(ctx, tx, tenantID, n, zone)
}

func read(events []event.Event) (*news, error) {
	n := &news{seen: map[string]bool{}, opened: map[string]bool{}, answer: map[string]first{}}
	for _, e := range events {
		if err := n.take(e); err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
	}
	return n, nil
}

func (n *news) take(e event.Event) error {
	switch {
	case still[e.Type]:
		return nil
	case e.Type == "order.imported":
		n.orders = n.once(n.orders, e.Subject)
		return nil
	case e.Type == "order.returned":
		r := order.PastReturn{Order: e.Subject}
		if err := json.Unmarshal(e.Data, &r.Returned); err != nil {
			return err
		}
		n.past = append(n.past, r)
		return nil
	case e.Stream == "payout":
		var about settlement.About
		if err := json.Unmarshal(e.Data, &about); err != nil {
			return err
		}
		n.cases = n.once(n.cases, about.Case)
		return nil
	}
	n.cases = n.once(n.cases, e.Subject)
	if e.Version == 1 {
		n.opened[e.Subject] = true
	}
	if _, found := n.answer[e.Subject]; found || !n.opened[e.Subject] {
		return nil
	}
	answer, found, err := answerOf(e)
	if found {
		n.answer[e.Subject] = answer
	}
	return err
}

func (n *news) once(to []string, id string) []string {
	if id == "" || n.seen[id] {
		return to
	}
	n.seen[id] = true
	return append(to, id)
}

func (s *Service) countNews(ctx context.Context, tx *db.Tx, tenantID string, n *news, zone *time.Location) error {
	orders, err := order.ByIDs(ctx, tx, tenantID, n.orders)
	if err != nil {
		return err
	}
	var sold []order.Order
	for _, id := range n.orders {
		if o, found := orders[id]; found {
			sold = append(sold, o)
		}
	}
	if err := s.countSales(ctx, tx, tenantID, sold, zone); err != nil {
		return err
	}
	if err := s.countPast(ctx, tx, tenantID, n.past, zone); err != nil {
		return err
	}
	all, err := cases.ByIDs(ctx, tx, tenantID, n.cases) // a payout without a case is money of a chargeback
	if err != nil {
		return err
	}
	return s.countCases(ctx, tx, tenantID, all, n.answer, zone)
}

// countCases counts cases of a shop as they are now. First answers that are
// known to the caller need not be looked up.
func (s *Service) countCases(ctx context.Context, tx *db.Tx, tenantID string, all []cases.Case, answers map[string]first, zone *time.Location) error {
	var keys, orderIDs, paid []string
	for _, c := range all {
		keys, orderIDs = append(keys, c.ID), append(orderIDs, c.Order)
		if c.Refunded > 0 {
			paid = append(paid, c.ID)
		}
	}
	orders, err := order.ByIDs(ctx, tx, tenantID, orderIDs)
	if err != nil {
		return err
	}
	payouts, err := settlement.ByCases(ctx, tx, tenantID, paid)
	if err != nil {
		return err
	}
	known, err := entriesOf(ctx, tx, tenantID, keys)
	if err != nil {
		return err
	}
	entries := make([]Entry, 0, len(all))
	for _, c := range all {
		e := entryOf(c, orders[c.Order], payouts[c.ID], zone)
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

// firstAnswer finds the first approval or refusal of a case in its history: a
// case keeps only its last.
func firstAnswer(ctx context.Context, tx *db.Tx, c cases.Case) (first, error) {
	events, err := event.History(ctx, tx, c.Tenant, "case", c.ID)
	if err != nil {
		return first{}, err
	}
	for _, e := range events {
		if answer, found, err := answerOf(e); err != nil || found {
			return answer, err
		}
	}
	return first{}, nil
}

func answerOf(e event.Event) (answer first, found bool, err error) {
	if e.Type != "case.approved" && e.Type != "case.rejected" {
		return first{}, false, nil
	}
	var d cases.Decided
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return first{}, false, fmt.Errorf("event %s: %w", e.ID, err)
	}
	return first{e.At, d.By}, true, nil
}
