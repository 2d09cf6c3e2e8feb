package search

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// Found is what a text leads to. A nil group is one that may not be seen.
type Found struct {
	Cases     []cases.Case
	Orders    []order.Summary
	Customers []customer.Customer
}

// Find looks a text up among what the actor may see, at most limit of each.
func Find(ctx context.Context, tx *db.Tx, by actor.Actor, text string, limit int) (f Found, err error) {
	text = strings.TrimSpace(text)
	long := utf8.RuneCountInString(text) >= shortest
	if role.Allow(by, role.CaseRead) == nil {
		f.Cases = []cases.Case{}
		if long {
			if f.Cases, err = cases.Find(ctx, tx, by, text, limit); err != nil {
				return f, err
			}
		}
	}
	if role.Allow(by, role.OrderRead) != nil {
		return f, nil
	}
	f.Orders = []order.Summary{}
	if by.Seller == "" { // who bought is the shop's to know
		f.Customers = []customer.Customer{}
	}
	if !long {
		return f, nil
	}
	if f.Orders, _, err = order.Page(ctx, tx, by, order.Query{Text: text, Limit: limit}); err != nil {
		return f, err
	}
	if f.Customers != nil {
		f.Customers, err = customer.Find(ctx, tx, by.Tenant, text, limit)
	}
	return f, err
}
