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
	sees, orders := role.Allow(by, role.CaseRead) == nil, role.Allow(by, role.OrderRead) == nil
	if sees {
		f.Cases = []cases.Case{}
	}
	if orders {
		f.Orders = []order.Summary{}
	}
	if orders && by.Seller == "" { // who bought is the shop's to know
		f.Customers = []customer.Customer{}
	}
	if !long {
		return f, nil
	}
	var who []string
	if f.Customers != nil {
		if f.Customers, err = customer.Find(ctx, tx, by.Tenant, text, limit); err != nil {
			return f, err
		}
		for _, c := range f.Customers {
			who = append(who, c.ID)
		}
	}
	if sees {
		if f.Cases, err = cases.Find(ctx, tx, by, text, who, limit); err != nil {
			return f, err
		}
	}
	if orders {
		f.Orders, err = order.Find(ctx, tx, by, text, who, limit)
	}
	return f, err
}
