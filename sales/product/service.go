package product

import (
	"context"
	"fmt"
	"maps"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const (
	maxPage     = 500
	maxVariants = 200 // of one group that are shown
)

// Put stores an article, or what has changed of it. seen is the version its
// author read; 0 changes any. The same content again changes nothing and is
// not announced. It fails with ErrInvalid and ErrStale.
func (s *Service) Put(ctx context.Context, tx *db.Tx, by actor.Actor, d Draft, seen int64) (p Product, changed bool, err error) {
	if wrong := d.check(); wrong != nil {
		return Product{}, false, ErrInvalid.At(wrong.Field, wrong.Reason, "")
	}
	p = d.Product()
	if seen > 0 { // an article that is gone, or never was, has no version to change
		if _, err := BySKU(ctx, tx, by.Tenant, p.SKU); err != nil {
			return Product{}, false, err
		}
	}
	changed, err = upsert(ctx, tx, by.Tenant, &p, seen)
	if err != nil {
		return Product{}, false, fmt.Errorf("store product %s: %w", p.SKU, err)
	}
	if !changed {
		now, err := BySKU(ctx, tx, by.Tenant, p.SKU)
		if err == nil && seen > 0 && now.Version != seen {
			return Product{}, false, ErrStale.With("version", now.Version)
		}
		return now, false, err
	}
	fact := Saved{SKU: p.SKU, Title: p.Title, Group: p.Group, Price: p.Price, Active: p.Active}
	if p.Stock != Untold {
		fact.Stock = &p.Stock
	}
	return p, true, event.Append(ctx, tx, by, event.About{Stream: "product", Subject: p.SKU, Version: p.Version}, fact)
}

// BySKU finds an article by its number, sold at present or not, or fails with
// ErrUnknown.
func BySKU(ctx context.Context, tx *db.Tx, tenant, sku string) (Product, error) {
	return bySKU(ctx, tx, tenant, sku)
}

// Variants lists what an article may be exchanged for: those of its group that
// are sold at present, by the same seller and in the same currency, itself
// among them.
func Variants(ctx context.Context, tx *db.Tx, tenant, sku string) ([]Product, error) {
	p, err := bySKU(ctx, tx, tenant, sku)
	if err != nil {
		return nil, err
	}
	if p.Group == "" {
		if p.Active {
			return []Product{p}, nil
		}
		return nil, nil
	}
	return variants(ctx, tx, tenant, p, maxVariants)
}

// Page lists articles by number, and tells where the next page begins. A seller
// sees own articles only.
func Page(ctx context.Context, tx *db.Tx, by actor.Actor, q Query) (found []Product, next string, err error) {
	if by.Seller != "" {
		q.Seller = by.Seller
	}
	if q.Limit < 1 || q.Limit > maxPage {
		q.Limit = maxPage
	}
	want := q.Limit
	q.Limit++
	if found, err = page(ctx, tx, by.Tenant, q); err != nil {
		return nil, "", err
	}
	if len(found) > want {
		found = found[:want]
		next = found[want-1].SKU
	}
	return found, next, nil
}

// mostAtOnce bounds the articles of one statement.
const mostAtOnce = 500

// AnyLaw reports whether the shop has said of any article what the law asks:
// where it has not, nobody needs to look.
func AnyLaw(ctx context.Context, tx *db.Tx, tenant string) (bool, error) {
	return anyLaw(ctx, tx, tenant)
}

// Laws finds what the law asks about articles, by number. Articles of which
// nothing is said are left out.
func Laws(ctx context.Context, tx *db.Tx, tenant string, skus []string) (map[string]Law, error) {
	all := map[string]Law{}
	for len(skus) > 0 {
		n := min(len(skus), mostAtOnce)
		some, err := lawsOf(ctx, tx, tenant, skus[:n])
		if err != nil {
			return nil, fmt.Errorf("law of %d products: %w", n, err)
		}
		maps.Copy(all, some)
		skus = skus[n:]
	}
	return all, nil
}
