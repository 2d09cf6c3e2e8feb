package insight

import (
	"context"
	"encoding/json"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/order"
)

const (
	rebuildKind = "insight.rebuild"
	countKind   = "insight.count"
	stepSize    = 200
)

// stand is where a rebuild goes on: orders first, then past returns, then cases.
type stand struct {
	Part  string          `json:"part"`
	Order order.Place     `json:"order,omitzero"`
	Past  order.PastPlace `json:"past,omitzero"`
	Case  cases.Place     `json:"case,omitzero"`
}

// Rebuild empties a shop's tallies and has them counted anew from what there
// is, in steps. What happens meanwhile is counted by the follower; an entry
// counts once, whoever was first.
func (s *Service) Rebuild(ctx context.Context, tx *db.Tx, tenantID string) error {
	shop, err := tenant.ByID(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	if err := saveZone(ctx, tx, tenantID, shop.Zone); err != nil { // first: it waits for who counts at this moment
		return err
	}
	if err := sayRecounting(ctx, tx, tenantID); err != nil {
		return err
	}
	if err := wipe(ctx, tx, tenantID); err != nil {
		return err
	}
	if err := cases.ForgetMoments(ctx, tx, tenantID); err != nil {
		return err
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: tenantID, Kind: rebuildKind, Key: tenantID, Args: stand{Part: "orders"}})
}

// Jobs registers counting, counting anew, and what mends both.
func (s *Service) Jobs(q *job.Queue) {
	job.HandleFound(q, countKind, s.look, s.count)
	q.Handle(rebuildKind, s.rebuild)
	q.Handle(retryKind, s.again)
	q.Handle(watchKind, s.watch)
	q.Every(watchKind, watchEvery)
}

func (s *Service) rebuild(ctx context.Context, tx *db.Tx, j job.Job) error {
	var at stand
	if err := json.Unmarshal(j.Args, &at); err != nil {
		return job.Dead(err)
	}
	var err error
	switch at.Part {
	case "orders":
		at, err = s.ordersAgain(ctx, tx, j.Tenant, at)
	case "past":
		at, err = s.pastAgain(ctx, tx, j.Tenant, at)
	default:
		at, err = s.casesAgain(ctx, tx, j.Tenant, at)
	}
	if err != nil {
		return err
	}
	if at.Part == "" {
		if err := sayRebuilt(ctx, tx, j.Tenant, tx.Now); err != nil {
			return err
		}
		return event.Append(ctx, tx, actor.Of(j.Tenant), event.About{Stream: "insight", Subject: j.Tenant}, Rebuilt{})
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: j.Tenant, Kind: rebuildKind, Key: j.Tenant, Args: at})
}

func (s *Service) ordersAgain(ctx context.Context, tx *db.Tx, tenantID string, at stand) (stand, error) {
	zone, _, err := s.hold(ctx, tx, tenantID)
	if err != nil {
		return at, err
	}
	page, next, err := order.Page(ctx, tx, actor.Of(tenantID), order.Query{After: at.Order, Limit: stepSize})
	if err != nil {
		return at, err
	}
	ids := make([]string, 0, len(page))
	for _, one := range page {
		ids = append(ids, one.ID)
	}
	found, err := order.ByIDs(ctx, tx, tenantID, ids)
	if err != nil {
		return at, err
	}
	all := make([]order.Order, 0, len(found))
	for _, o := range found {
		all = append(all, o)
	}
	if err := s.countSales(ctx, tx, tenantID, all, zone); err != nil {
		return at, err
	}
	if at.Order = next; next == (order.Place{}) {
		at.Part = "past"
	}
	return at, nil
}

func (s *Service) pastAgain(ctx context.Context, tx *db.Tx, tenantID string, at stand) (stand, error) {
	zone, _, err := s.hold(ctx, tx, tenantID)
	if err != nil {
		return at, err
	}
	all, err := order.PastReturns(ctx, tx, tenantID, order.PastFilter{After: at.Past, Limit: stepSize})
	if err != nil {
		return at, err
	}
	f, err := about(ctx, tx, tenantID, nil, all, nil)
	if err != nil {
		return at, err
	}
	if err := s.countPast(ctx, tx, tenantID, f, zone); err != nil {
		return at, err
	}
	if len(all) > 0 {
		at.Past = all[len(all)-1].Place()
	}
	if len(all) < stepSize {
		at.Part = "cases"
	}
	return at, nil
}

func (s *Service) casesAgain(ctx context.Context, tx *db.Tx, tenantID string, at stand) (stand, error) {
	zone, _, err := s.hold(ctx, tx, tenantID)
	if err != nil {
		return at, err
	}
	all, err := cases.Past(ctx, tx, tenantID, cases.PastFilter{After: at.Case, Limit: stepSize})
	if err != nil {
		return at, err
	}
	f, err := about(ctx, tx, tenantID, nil, nil, all)
	if err != nil {
		return at, err
	}
	if err := s.countCases(ctx, tx, tenantID, f, nil, zone); err != nil {
		return at, err
	}
	if len(all) < stepSize {
		return stand{}, nil
	}
	last := all[len(all)-1]
	at.Case = cases.Place{At: last.OpenedAt, ID: last.ID}
	return at, nil
}
