package order

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
)

// Summary is an order in a list. A seller in a marketplace sees the own part.
type Summary struct {
	ID          string
	Source      string
	Number      string
	Customer    string // customer id; may be empty
	Currency    string
	PlacedAt    time.Time
	DeliveredAt time.Time // zero while not delivered
	Paid        int64     // minor units, goods and shipping
	Lines       int
	Title       string // of the first line
	ImageURL    string
}

// Query asks for a page of a list.
type Query struct {
	Text    string // start of a number, or exactly a name, e-mail or phone; empty: all
	Channel string // how the contract was made; UnknownChannel: nobody has said; empty: all
	After   Place  // where the page before ended; zero: the newest
	Limit   int    // 1 to 200; 50 where 0
}

// UnknownChannel chooses the orders of which no channel is known.
const UnknownChannel = "-"

// Place is an order's place in the list. The zero place is before the newest.
type Place struct {
	At time.Time // placed
	ID string
}

// Page lists the orders that the actor may see, newest first, and tells where
// the next page goes on; the zero place at the end.
func Page(ctx context.Context, tx *db.Tx, by actor.Actor, q Query) (items []Summary, next Place, err error) {
	if q.Limit < 1 || q.Limit > 200 {
		q.Limit = 50
	}
	text := strings.TrimSpace(q.Text)
	var customers []string
	if text != "" && customer.SightOf(by).Contacts() { // else a guess could be confirmed
		if customers, err = customer.Search(ctx, tx, by.Tenant, text, 100); err != nil {
			return nil, Place{}, err
		}
	}
	items, err = page(ctx, tx, by, text, q.Channel, customers, q.After, q.Limit+1)
	if err != nil {
		return nil, Place{}, fmt.Errorf("listing orders: %w", err)
	}
	if len(items) > q.Limit {
		items = items[:q.Limit]
		last := items[q.Limit-1]
		next = Place{last.PlacedAt, last.ID}
	}
	if by.Seller != "" {
		err = narrow(ctx, tx, by, items)
	}
	return items, next, err
}

// narrow reduces summaries to the lines of the actor's seller.
func narrow(ctx context.Context, tx *db.Tx, by actor.Actor, items []Summary) error {
	for i := range items {
		lines, err := linesOf(ctx, tx, by.Tenant, items[i].ID)
		if err != nil {
			return fmt.Errorf("reading lines of order %s: %w", items[i].ID, err)
		}
		own := Order{Lines: lines}.Seen(by)
		items[i].Paid, items[i].Lines = own.Paid(), len(own.Lines)
		if len(own.Lines) > 0 {
			items[i].Title, items[i].ImageURL = own.Lines[0].Title, own.Lines[0].ImageURL
		}
	}
	return nil
}
