package cases

import (
	"context"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Find lists the newest of the cases that the actor may see and a text finds:
// see Filter.Query. Where there are none, slips of the keyboard are forgiven: one
// in a whole number, and some in names and titles; the cases of some customers
// are listed then as well. It gives what lists show of a case.
func Find(ctx context.Context, tx *db.Tx, by actor.Actor, text string, customers []string, limit int) ([]Case, error) {
	return find(ctx, tx, by, text, limit, func() (finding, error) { return nearly(ctx, tx, by, text, customers) })
}

// FindNumber is Find for a text that is a number: slips are forgiven in numbers
// alone.
func FindNumber(ctx context.Context, tx *db.Tx, by actor.Actor, number string, limit int) ([]Case, error) {
	return find(ctx, tx, by, number, limit, func() (finding, error) { return nearNumber(ctx, tx, by, number) })
}

func find(ctx context.Context, tx *db.Tx, by actor.Actor, text string, limit int, near func() (finding, error)) ([]Case, error) {
	wish := Filter{Query: text, Limit: limit}
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	found, _, err := page(ctx, tx, by, wish)
	if err != nil || len(found) > 0 {
		return found, err
	}
	// So many numbers may begin alike that none is among the newest cases.
	ids, err := byNumber(ctx, tx, by.Tenant, strings.ToLower(strings.TrimSpace(text)))
	if err != nil {
		return nil, err
	}
	if len(ids) > 0 {
		wish.found = &finding{few: true, parts: []part{{column: "id", values: ids}}}
		if found, _, err = page(ctx, tx, by, wish); err != nil || len(found) > 0 {
			return found, err
		}
	}
	meant, err := near()
	if err != nil || len(meant.parts) == 0 {
		return nil, err
	}
	wish.found = &meant
	found, _, err = page(ctx, tx, by, wish)
	return found, err
}

// OfOrders lists the newest of the cases about some orders that the actor may
// see.
func OfOrders(ctx context.Context, tx *db.Tx, by actor.Actor, orders []string, limit int) ([]Case, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	values := make([]any, len(orders))
	for i, one := range orders {
		values[i] = one
	}
	found, _, err := page(ctx, tx, by, Filter{Limit: limit, found: &finding{few: true, parts: []part{{column: "order_id", values: values}}}})
	return found, err
}

// Relearn makes the next names and titles of cases searchable as this version
// of the program cuts and spells them. It tells where to go on; empty: all are.
func Relearn(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (string, error) {
	return relearn(ctx, tx, tenant, after, limit)
}

// NoteSales notes of the next cases by id how and where to their goods were
// sold, for lists that are narrowed by it. It tells where to go on; empty: all
// are noted.
func NoteSales(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (string, error) {
	return saleAgain(ctx, tx, tenant, after, limit)
}

// NoteArticles notes of the next cases by id which articles they are about, for
// lists that are narrowed by one. It tells where to go on; empty: all are noted.
func NoteArticles(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (string, error) {
	return articlesAgain(ctx, tx, tenant, after, limit)
}
