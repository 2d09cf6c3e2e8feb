package order

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/words"
	"github.com/aftercare/aftercare/sales/customer"
)

// Numbers gives the numbers of orders by their ids; those that are not there are
// left out.
func Numbers(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]string, error) {
	all, err := numbers(ctx, tx, tenant, ids)
	if err != nil {
		return nil, fmt.Errorf("reading the numbers of %d orders: %w", len(ids), err)
	}
	return all, nil
}

// Find lists the newest of the orders that the actor may see and a text finds:
// whose number begins with it, or that one of some customers placed, else whose
// number ends with it. Where there are none, one slip in a whole number is forgiven. Of very many numbers that
// begin alike it looks at some only: a longer text tells them apart. Who bought
// is not to be looked for by who may not see it.
func Find(ctx context.Context, tx *db.Tx, by actor.Actor, text string, customers []string, limit int) (found []Summary, err error) {
	text = strings.TrimSpace(text)
	if !customer.SightOf(by).Contacts() {
		customers = nil
	}
	if found, err = numbered(ctx, tx, by, text, limit); err != nil {
		return nil, fmt.Errorf("finding orders: %w", err)
	}
	if upper := strings.ToUpper(text); upper != text {
		more, err := numbered(ctx, tx, by, upper, limit)
		if err != nil {
			return nil, fmt.Errorf("finding orders: %w", err)
		}
		found = append(found, more...)
	}
	if len(customers) > 0 {
		own, err := newestOf(ctx, tx, by, customers, limit)
		if err != nil {
			return nil, fmt.Errorf("finding orders of customers: %w", err)
		}
		found = append(found, own...)
	}
	if len(found) == 0 {
		if found, err = Ending(ctx, tx, by, text, limit); err != nil {
			return nil, err
		}
	}
	if slips := words.Slips(text); len(found) == 0 && len(slips) > 0 {
		if found, err = numberedExactly(ctx, tx, by, slips, limit); err != nil {
			return nil, fmt.Errorf("finding orders but for a slip: %w", err)
		}
	}
	slices.SortFunc(found, func(a, b Summary) int { return cmp.Or(b.PlacedAt.Compare(a.PlacedAt), cmp.Compare(b.ID, a.ID)) })
	found = slices.CompactFunc(found, func(a, b Summary) bool { return a.ID == b.ID })
	found = found[:min(limit, len(found))]
	if by.Seller != "" {
		err = narrow(ctx, tx, by, found)
	}
	return found, err
}

// shortestEnd is how many last characters of a number tell orders apart.
const shortestEnd = 4

// Ending lists the newest of the orders that the actor may see and whose number
// ends with a text that has a digit, in capitals or as it is typed.
func Ending(ctx context.Context, tx *db.Tx, by actor.Actor, text string, limit int) (found []Summary, err error) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) < shortestEnd || strings.IndexFunc(text, unicode.IsDigit) < 0 {
		return nil, nil
	}
	for _, one := range slices.Compact([]string{text, strings.ToUpper(text)}) {
		some, err := ending(ctx, tx, by, one, limit)
		if err != nil {
			return nil, fmt.Errorf("finding orders by the end of their number: %w", err)
		}
		found = append(found, some...)
	}
	return found[:min(limit, len(found))], nil
}
