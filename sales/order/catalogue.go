package order

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/product"
)

// LawsOf finds what the shop's catalogue says of articles, by number; those of
// which it says nothing are left out.
type LawsOf func(ctx context.Context, tx *db.Tx, tenant string, skus []string) (map[string]product.Law, error)

// fillIn takes from the catalogue what orders leave out of what the law asks.
// It is frozen with the order: later changes of the catalogue change nothing.
func (s *Service) fillIn(ctx context.Context, tx *db.Tx, tenant string, all []*prepared) error {
	if s.o.Laws == nil {
		return nil
	}
	var skus []string
	seen := map[string]bool{}
	for _, p := range all {
		for i := range p.order.Lines {
			if l := &p.order.Lines[i]; !seen[l.SKU] && (l.LawCategory == "" || len(l.Traits) == 0) {
				seen[l.SKU] = true
				skus = append(skus, l.SKU)
			}
		}
	}
	if len(skus) == 0 {
		return nil
	}
	laws, err := s.o.Laws(ctx, tx, tenant, skus)
	if err != nil || len(laws) == 0 {
		return err
	}
	for _, p := range all {
		for i := range p.order.Lines {
			law, ok := laws[p.order.Lines[i].SKU]
			if !ok {
				continue
			}
			p.order.take(i, law)
			if err := p.encodeLine(i); err != nil {
				return fmt.Errorf("line %d of %s: %w", i+1, p.order.Number, err)
			}
		}
	}
	return nil
}

// take fills in what line i, from 0, leaves out.
func (o *Order) take(i int, law product.Law) {
	l := &o.Lines[i]
	if l.LawCategory == "" {
		l.LawCategory = law.Category
	}
	if len(l.Traits) == 0 {
		l.Traits = law.Traits
	}
	if country, _ := o.SellerOf(l); country == "" {
		l.SellerCountry = law.SellerCountry
	}
}
