package owed

import (
	"cmp"
	"context"
	"errors"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

// ErrPlace refuses a country that does not exist.
var ErrPlace = fault.New(fault.Invalid, "owed.place", "There is no such country.")

// Want is what somebody thinks of buying.
type Want struct {
	Country  string // FR, US-NY
	SKU      string
	Category string
	Channel  string
	Business bool
}

// order is the purchase as if it were made. An article that the catalogue does
// not have, or that is not sold, is any article of the category.
func (w Want) order(ctx context.Context, tx *db.Tx, tenant string, book *rights.Book) (order.Order, error) {
	if !order.KnownPlace(w.Country) {
		return order.Order{}, ErrPlace.At("query.country", "is not an ISO 3166 code", "FR or US-NY")
	}
	o := order.Order{Country: w.Country[:2], Currency: cmp.Or(book.Currency(w.Country), "USD"), Zone: cmp.Or(book.Zone(w.Country), "UTC"), Sale: order.Sale{Channel: w.Channel}}
	if len(w.Country) > 2 {
		o.Region = w.Country
	}
	if w.Business {
		o.Buyer = "business"
	}
	l := order.Line{No: 1, Category: w.Category, Quantity: 1}
	if w.SKU != "" {
		p, err := product.BySKU(ctx, tx, tenant, w.SKU)
		if err != nil && !errors.Is(err, product.ErrUnknown) {
			return order.Order{}, err
		}
		if err == nil && p.Active {
			l.SKU, l.Title, l.Category, l.Seller, l.UnitPrice, l.Ledger.Paid = p.SKU, p.Title, p.Category, p.Seller, p.Price.Minor, p.Price.Minor
			l.LawCategory, l.Traits, l.SellerCountry = p.Law.Category, p.Law.Traits, p.Law.SellerCountry
			o.Currency = p.Price.Currency
		}
	}
	o.Lines = []order.Line{l}
	return o, nil
}
