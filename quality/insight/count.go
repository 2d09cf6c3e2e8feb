package insight

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

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

// page is what a job has found in the log behind a place, and the things that it
// names as they were then.
type page struct {
	position int64
	size     int // events that it may have
	events   []event.Event
	news     *news
	facts    *facts
}

// look reads on in the log from where this shop's counting stands.
func (s *Service) look(ctx context.Context, tx *db.Tx, j job.Job) (p page, err error) {
	if s.looked != nil {
		defer s.looked()
	}
	var step stride
	if err := json.Unmarshal(j.Args, &step); err != nil {
		return p, job.Dead(err)
	}
	p.size = step.after(j.Attempt)
	if _, p.position, err = standOf(ctx, tx, j.Tenant); err != nil {
		return p, err
	}
	if p.events, err = event.Page(ctx, tx, j.Tenant, p.position, counted, p.size); err != nil || j.Attempt >= patience {
		return p, err
	}
	if p.news, err = read(p.events); err != nil {
		return p, err
	}
	p.facts, err = gather(ctx, tx, j.Tenant, p.news)
	return p, err
}

// count counts what the events of a page name as it was when the page was read:
// what changed since then has an event behind the page. The place moves in the
// same transaction. After each failure a page is a tenth as long; what fails
// alone is set aside.
func (s *Service) count(ctx context.Context, tx *db.Tx, j job.Job, p page) error {
	zone, position, err := s.hold(ctx, tx, j.Tenant)
	if err != nil {
		return err
	}
	if position != p.position || len(p.events) == 0 { // somebody else has counted meanwhile, or there was nothing
		return s.goOn(ctx, tx, j.Tenant, position, 0)
	}
	if p.facts == nil {
		if err := s.setAside(ctx, tx, p.events[0]); err != nil {
			return err
		}
		p.events = p.events[:1]
	} else if err := s.countFacts(ctx, tx, j.Tenant, p.facts, p.news.answer, zone); err != nil {
		return err
	}
	position = p.events[len(p.events)-1].Position
	if err := savePosition(ctx, tx, j.Tenant, position); err != nil {
		return err
	}
	full := 0
	if len(p.events) == p.size {
		full = p.size
	}
	return s.goOn(ctx, tx, j.Tenant, position, full)
}

// goOn has the next page counted: at once and longer behind a full one, of so
// many events; after a pause where events came after the page was read, which
// found this job on its way.
func (s *Service) goOn(ctx context.Context, tx *db.Tx, tenantID string, position int64, full int) error {
	next := job.New{Tenant: tenantID, Kind: countKind, Key: tenantID}
	if full > 0 {
		next.Args = longer(full)
		return s.Queue.Enqueue(ctx, tx, next)
	}
	waiting, err := event.Page(ctx, tx, tenantID, position, counted, 1)
	if err != nil || len(waiting) == 0 {
		return err
	}
	next.RunAt = tx.Now.Add(pause)
	return s.Queue.Enqueue(ctx, tx, next)
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

// firstAnswer finds the first approval or refusal of a case in its history: a
// case keeps only its last.
func firstAnswer(ctx context.Context, tx *db.Tx, c cases.Case) (first, error) {
	events, err := event.History(ctx, tx, c.Tenant, "case", c.ID, answers...)
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

// answers are the events by which a case is approved or refused.
var answers = []string{"case.approved", "case.rejected"}

func answerOf(e event.Event) (answer first, found bool, err error) {
	if !slices.Contains(answers, e.Type) {
		return first{}, false, nil
	}
	var d cases.Decided
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return first{}, false, fmt.Errorf("event %s: %w", e.ID, err)
	}
	return first{e.At, d.By}, true, nil
}
