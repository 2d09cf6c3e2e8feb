package search

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

// Found is what a text leads to. A nil group is one that may not be seen.
type Found struct {
	Cases     []cases.Case
	Orders    []order.Summary
	Customers []customer.Customer
	Products  []product.Product
	Said      []Said
}

// Find looks a text up among what the actor may see, at most limit of each.
func Find(ctx context.Context, tx *db.Tx, by actor.Actor, text string, limit int) (f Found, err error) {
	text = strings.TrimSpace(text)
	long := utf8.RuneCountInString(text) >= shortest
	sees, orders, products := role.Allow(by, role.CaseRead) == nil, role.Allow(by, role.OrderRead) == nil, role.Allow(by, role.ProductRead) == nil
	if sees {
		f.Cases, f.Said = []cases.Case{}, []Said{}
	}
	if orders {
		f.Orders = []order.Summary{}
	}
	if orders && customer.SightOf(by).Contacts() {
		f.Customers = []customer.Customer{}
	}
	if products {
		f.Products = []product.Product{}
	}
	if !long {
		return f, nil
	}
	var who []string
	if f.Customers != nil {
		found, err := customer.Find(ctx, tx, by.Tenant, text, limit)
		if err != nil {
			return f, err
		}
		f.Customers = append(f.Customers, found...)
		for _, c := range found {
			who = append(who, c.ID)
		}
	}
	if sees {
		found, err := findCases(ctx, tx, by, text, who, limit)
		if err != nil {
			return f, err
		}
		f.Cases = append(f.Cases, found...)
		heard, err := findSaid(ctx, tx, by, text, limit)
		if err != nil {
			return f, fmt.Errorf("finding messages: %w", err)
		}
		f.Said = append(f.Said, heard...)
	}
	if orders {
		found, err := order.Find(ctx, tx, by, text, who, limit)
		if whole := together(text); err == nil && len(found) == 0 && whole != text {
			found, err = order.Find(ctx, tx, by, whole, who, limit)
		}
		if err != nil {
			return f, err
		}
		f.Orders = append(f.Orders, found...)
	}
	if products {
		found, err := product.Find(ctx, tx, by, text, limit)
		if err != nil {
			return f, err
		}
		f.Products = append(f.Products, found...)
	}
	return f, nil
}

// findCases lists cases that a text finds, as it is typed, else as a number
// without blanks, else by the end of their order's number. A number without its
// blanks is no name or title that was misspelt: that was looked for before.
func findCases(ctx context.Context, tx *db.Tx, by actor.Actor, text string, who []string, limit int) ([]cases.Case, error) {
	whole := together(text)
	found, err := cases.Find(ctx, tx, by, text, who, limit)
	if err == nil && len(found) == 0 && whole != text {
		found, err = cases.FindNumber(ctx, tx, by, whole, limit)
	}
	if err != nil || len(found) > 0 {
		return found, err
	}
	orders, err := order.Ending(ctx, tx, by, whole, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(orders))
	for i, o := range orders {
		ids[i] = o.ID
	}
	return cases.OfOrders(ctx, tx, by, ids, limit)
}

// together is a number that was typed in groups, "SF 1234 5678", without the
// blanks; any other text stays.
func together(text string) string {
	digits, groups := 0, strings.Fields(text)
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r != ' ' && r != '-' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z'):
			return text
		}
	}
	if digits < 4 || len(groups) < 2 {
		return text
	}
	return strings.Join(groups, "")
}
