package olist

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// What the data set does not say in its rows.
const (
	zone     = "America/Sao_Paulo"
	currency = "BRL"
	country  = "BR"
)

// kinds translates means of payment.
var kinds = map[string]struct{ kind, label string }{
	"credit_card": {"card", "Credit card"},
	"debit_card":  {"card", "Debit card"},
	"boleto":      {"bank", "Boleto"},
	"voucher":     {"voucher", "Voucher"},
	"not_defined": {"other", ""},
}

// draft puts an order together from its rows in all tables.
func (t *tables) draft(o row) (*order.Draft, *order.Problem, error) {
	number := o.get("order_id")
	items, err := t.items.rows(number)
	if err != nil {
		return nil, nil, err
	}
	if len(items) == 0 {
		return nil, &order.Problem{Reason: "order without items", Value: o.get("order_status")}, nil
	}
	d := &order.Draft{Number: number, Currency: currency, Country: country, Zone: zone, TaxIncluded: true}
	if problem := t.times(d, o); problem != nil {
		return nil, problem, nil
	}
	if problem, err := t.lines(d, items); problem != nil || err != nil {
		return nil, problem, err
	}
	if problem, err := t.tenders(d); problem != nil || err != nil {
		return nil, problem, err
	}
	buyer, err := t.customers.rows(o.get("customer_id"))
	if err != nil {
		return nil, nil, err
	}
	if len(buyer) == 0 {
		return nil, &order.Problem{Field: "customer_id", Reason: "no such customer", Value: o.get("customer_id")}, nil
	}
	d.Customer = &customer.Draft{Ref: buyer[0].get("customer_unique_id")}
	return d, nil, nil
}

func (t *tables) times(d *order.Draft, o row) *order.Problem {
	placed, problem := t.time(o, "order_purchase_timestamp")
	if problem != nil {
		return problem
	}
	d.PlacedAt = placed
	if o.get("order_delivered_customer_date") == "" {
		return nil
	}
	delivered, problem := t.time(o, "order_delivered_customer_date")
	d.DeliveredAt = &delivered
	return problem
}

func (t *tables) time(r row, column string) (time.Time, *order.Problem) {
	at, err := time.ParseInLocation(time.DateTime, r.get(column), t.zone)
	if err != nil {
		return at, &order.Problem{Field: column, Reason: "not a time such as 2018-01-31 10:00:00", Value: r.get(column)}
	}
	return at, nil
}

// lines makes one line of the items with one product, seller and price, each
// item being one unit. Freight is told by item and summed.
func (t *tables) lines(d *order.Draft, items []row) (*order.Problem, error) {
	slices.SortStableFunc(items, func(a, b row) int { return cmp.Compare(whole(a.get("order_item_id")), whole(b.get("order_item_id"))) })
	type article struct {
		product, seller string
		price           int64
	}
	known := map[article]int{}
	for _, item := range items {
		price, problem := amount(item, "price")
		if problem != nil {
			return problem, nil
		}
		freight, problem := amount(item, "freight_value")
		if problem != nil {
			return problem, nil
		}
		d.Shipping.Amount += freight
		a := article{item.get("product_id"), item.get("seller_id"), price}
		if i, ok := known[a]; ok {
			d.Lines[i].Quantity++
			continue
		}
		line, err := t.line(a.product)
		if err != nil {
			return nil, err
		}
		line.Seller, line.UnitPrice = a.seller, price
		known[a] = len(d.Lines)
		d.Lines = append(d.Lines, line)
	}
	return nil, nil
}

// line describes a product. The data set names none; its category has to do.
func (t *tables) line(product string) (order.DraftLine, error) {
	line := order.DraftLine{SKU: product, Title: "Product", Quantity: 1}
	rows, err := t.products.rows(product)
	if err != nil || len(rows) == 0 {
		return line, err
	}
	line.WeightGrams = whole(rows[0].get("product_weight_g"))
	line.Category = rows[0].get("product_category_name")
	if english, ok := t.categories[line.Category]; ok {
		line.Category = english
	}
	if line.Category != "" {
		line.Title = strings.ToUpper(line.Category[:1]) + strings.ReplaceAll(line.Category[1:], "_", " ")
	}
	return line, nil
}

func (t *tables) tenders(d *order.Draft) (*order.Problem, error) {
	payments, err := t.payments.rows(d.Number)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(payments, func(a, b row) int {
		return cmp.Compare(whole(a.get("payment_sequential")), whole(b.get("payment_sequential")))
	})
	for _, p := range payments {
		value, problem := amount(p, "payment_value")
		if problem != nil {
			return problem, nil
		}
		kind, ok := kinds[p.get("payment_type")]
		if !ok {
			return &order.Problem{Field: "payment_type", Reason: "unknown kind of payment", Value: p.get("payment_type")}, nil
		}
		if value > 0 {
			d.Tenders = append(d.Tenders, order.DraftTender{Kind: kind.kind, Label: kind.label, Provider: "manual", Amount: value})
		}
	}
	return nil, nil
}

func amount(r row, column string) (int64, *order.Problem) {
	a, err := money.Parse(r.get(column), currency)
	if err != nil || a.Minor < 0 {
		return 0, &order.Problem{Field: column, Reason: "not an amount of money", Value: r.get(column)}
	}
	return a.Minor, nil
}
