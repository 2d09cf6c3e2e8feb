package app

import (
	"context"
	"strings"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// names finds, for ids of things, the case or the order that each one is or
// belongs to, by the number that people say. What is gone has none. However many
// there are, each kind of thing is asked for once.
func names(ctx context.Context, tx *db.Tx, tenantID string, ids []string) (map[string]audit.Place, error) {
	kinds := map[string][]string{}
	for _, id := range ids {
		kind, _, _ := strings.Cut(id, "_") // an id says what it is of
		kinds[kind] = append(kinds[kind], id)
	}
	homes, err := casesOf(ctx, tx, tenantID, kinds)
	if err != nil {
		return nil, err
	}
	asked := kinds["case"]
	for _, caseID := range homes {
		asked = append(asked, caseID)
	}
	numbers, err := order.Numbers(ctx, tx, tenantID, kinds["ord"])
	if err != nil {
		return nil, err
	}
	found, err := cases.ByIDs(ctx, tx, tenantID, asked)
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		numbers[c.ID] = c.Number
	}
	places := map[string]audit.Place{}
	for _, id := range ids {
		home := id
		if caseID := homes[id]; caseID != "" {
			home = caseID
		}
		if number := numbers[home]; number != "" {
			places[id] = audit.Place{ID: home, Number: number}
		}
	}
	return places, nil
}

// casesOf finds the cases of what belongs to one.
func casesOf(ctx context.Context, tx *db.Tx, tenantID string, kinds map[string][]string) (map[string]string, error) {
	all := map[string]string{}
	for kind, find := range map[string]func(context.Context, *db.Tx, string, []string) (map[string]string, error){
		"par": shipment.CasesOf, "payout": settlement.CasesOf, "chg": charge.CasesOf,
	} {
		found, err := find(ctx, tx, tenantID, kinds[kind])
		if err != nil {
			return nil, err
		}
		for id, caseID := range found {
			all[id] = caseID
		}
	}
	return all, nil
}
