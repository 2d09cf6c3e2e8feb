package app

import (
	"context"
	"errors"
	"strings"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// names finds, for ids of things, the case or the order that each one is or
// belongs to, by the number that people say. What is gone has none.
func names(ctx context.Context, tx *db.Tx, tenantID string, ids []string) (map[string]audit.Place, error) {
	in := map[string]string{} // id of a thing: id of its case
	var ordered []string
	for _, id := range ids {
		if strings.HasPrefix(id, "ord_") {
			ordered = append(ordered, id)
			continue
		}
		caseID, err := caseOf(ctx, tx, tenantID, id)
		if err != nil {
			return nil, err
		}
		if caseID != "" {
			in[id] = caseID
		}
	}
	var asked []string
	for _, caseID := range in {
		asked = append(asked, caseID)
	}
	found, err := cases.ByIDs(ctx, tx, tenantID, asked)
	if err != nil {
		return nil, err
	}
	numbers, err := order.Numbers(ctx, tx, tenantID, ordered)
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		numbers[c.ID] = c.Number
	}
	places := map[string]audit.Place{}
	for _, id := range ids {
		home := id
		if caseID := in[id]; caseID != "" {
			home = caseID
		}
		if number := numbers[home]; number != "" {
			places[id] = audit.Place{ID: home, Number: number}
		}
	}
	return places, nil
}

// caseOf finds the case that a thing belongs to, by what its id says it is.
func caseOf(ctx context.Context, tx *db.Tx, tenantID, id string) (caseID string, err error) {
	kind, _, _ := strings.Cut(id, "_")
	switch kind {
	case "case":
		return id, nil
	case "par":
		caseID, err = shipment.CaseOf(ctx, tx, tenantID, id)
	case "payout":
		var p settlement.Payout
		p, err = settlement.ByID(ctx, tx, tenantID, id)
		caseID = p.Case
	case "chg":
		var c charge.Charge
		c, err = charge.ByID(ctx, tx, actor.Of(tenantID), id)
		caseID = c.Case
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Missing {
		return "", nil
	}
	return caseID, err
}
