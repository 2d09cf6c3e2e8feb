package order

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
)

// NewItem is an article that goes out in an exchange, as it is charged.
type NewItem struct {
	SKU       string `json:"sku"`
	Title     string `json:"title"`
	Variant   string `json:"variant,omitempty"`
	Category  string `json:"category,omitempty"`
	ImageURL  string `json:"image_url,omitempty"`
	Seller    string `json:"seller,omitempty"`
	Quantity  int64  `json:"quantity"`
	UnitPrice int64  `json:"unit_price"` // what one unit is charged, with tax
	Tax       int64  `json:"tax"`        // of all its units, in the price
}

// Total is what all units of the item cost, with tax.
func (i NewItem) Total() int64 { return i.Quantity * i.UnitPrice }

// Carried is what one tender of the first order pays of what goes out.
type Carried struct {
	Tender string // id in the first order
	Amount int64
}

// FollowUp stores the order of what goes out in an exchange: the same customer,
// policy and tenders as the first order, with what each tender carries over and
// what was charged on top. What that is more than the articles cost is the
// outbound shipping; what it is less was waived, and is a discount that the
// seller gave, for the new goods are worth what was really paid for them. It left
// the shop now. Its number is the first order's with -X1, -X2 …; the same case
// again gives the order that is there.
func (s *Service) FollowUp(ctx context.Context, tx *db.Tx, by actor.Actor, o Order, caseID string, items []NewItem, carried []Carried, charge *DraftTender) (Order, error) {
	for n := 1; ; n++ {
		number := fmt.Sprintf("%s-X%d", o.Number, n)
		id, _, err := stored(ctx, tx, by.Tenant, o.Source, number)
		if err != nil {
			return Order{}, fmt.Errorf("looking for exchange %s: %w", number, err)
		}
		if id == "" {
			return s.follow(ctx, tx, by, o, caseID, number, items, tendersOf(o, carried, charge))
		}
		known, err := byID(ctx, tx, by.Tenant, id)
		if err != nil {
			return Order{}, fmt.Errorf("reading exchange %s: %w", number, err)
		}
		if known.Follows.Case == caseID {
			return known, nil
		}
	}
}

func (s *Service) follow(ctx context.Context, tx *db.Tx, by actor.Actor, o Order, caseID, number string, items []NewItem, tenders []DraftTender) (Order, error) {
	d := Draft{
		Source: o.Source, Number: number, Currency: o.Currency, Country: o.Country, Zone: o.Zone, PlacedAt: tx.Now,
		TaxIncluded: true, Policy: o.Policy, Tenders: tenders, Sale: o.Sale,
	}
	var paid, cost int64
	for _, t := range tenders {
		paid += t.Amount
	}
	sent := tx.Now
	for _, i := range items {
		d.Lines = append(d.Lines, DraftLine{SKU: i.SKU, Title: i.Title, Variant: i.Variant, Category: i.Category, ImageURL: i.ImageURL,
			Seller: i.Seller, Quantity: i.Quantity, UnitPrice: i.UnitPrice, Tax: i.Tax, ShippedAt: &sent})
		d.Lines[len(d.Lines)-1].likeIn(o)
		if i.Quantity > 0 && i.UnitPrice > MaxAmount/i.Quantity {
			return Order{}, ErrInvalid.At(at("lines", len(d.Lines)-1, "unit_price"), "amounts too large", "")
		}
		cost += i.Total()
	}
	if d.Shipping.Amount = max(paid-cost, 0); cost > paid {
		d.Discounts = []DraftDiscount{{Code: "waived", Funder: "seller", Amount: cost - paid}}
		for i := range d.Lines {
			d.Lines[i].Tax = money.Part(d.Lines[i].Tax, paid, cost)
		}
	}
	p, problem := prepare(newChecker(tx.Now), d)
	if problem != nil {
		return Order{}, invalid(problem)
	}
	f := &p.order
	f.Tenant, f.Customer, f.Policy, f.PolicyVer, f.Follows = by.Tenant, o.Customer, o.Policy, o.PolicyVer, Follows{o.ID, caseID}
	if problem := p.encode(); problem != nil {
		return Order{}, invalid(problem)
	}
	if err := s.fillIn(ctx, tx, by.Tenant, []*prepared{p}); err != nil {
		return Order{}, fmt.Errorf("articles of exchange %s: %w", number, err)
	}
	if err := insert(ctx, tx, []*prepared{p}); err != nil {
		return Order{}, fmt.Errorf("storing exchange %s: %w", number, err)
	}
	return *f, announce(ctx, tx, by, f)
}

// likeIn takes over what was known of the article when it was bought first. Days
// belong to the first parcel.
func (l *DraftLine) likeIn(o Order) {
	i := slices.IndexFunc(o.Lines, func(x Line) bool { return x.SKU == l.SKU })
	if i < 0 {
		return // another article: the catalogue knows it
	}
	l.Traits, l.LineSale = o.Lines[i].Traits, o.Lines[i].LineSale
	l.PromisedAt, l.InstalledAt, l.PerishesAt = "", "", ""
}

// tendersOf are the first order's tenders with what they carry. Points keep
// their count by the same rule as everywhere: ⌊count·amount/all⌋.
func tendersOf(o Order, carried []Carried, charge *DraftTender) (all []DraftTender) {
	for _, c := range carried {
		for _, t := range o.Tenders {
			if t.ID != c.Tender || c.Amount <= 0 || c.Amount > t.Amount {
				continue
			}
			d := DraftTender{Kind: t.Kind, Label: t.Label, Provider: t.Provider, Reference: t.Reference, Amount: c.Amount,
				Points: money.Part(t.Points, c.Amount, t.Amount)}
			if t.ExpiresAt != 0 {
				expires := time.UnixMilli(t.ExpiresAt).UTC()
				d.ExpiresAt = &expires
			}
			all = append(all, d)
		}
	}
	if charge != nil && charge.Amount > 0 {
		all = append(all, *charge)
	}
	return all
}
