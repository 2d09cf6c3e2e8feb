package onlineretail

import (
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

const (
	zone     = "Europe/London"
	currency = "GBP"
)

// shipping are the stock codes that stand for delivery.
var shipping = map[string]bool{"POST": true, "DOT": true, "C2": true}

// bookkeeping are codes of the ledger, not of articles: nothing was bought.
var bookkeeping = map[string]string{
	"B": "bad debt", "BANK CHARGES": "bank charges", "AMAZONFEE": "fee of a marketplace", "CRUK": "donation", "D": "discount",
}

// special are codes that are sold as articles but not stocked.
var special = map[string]string{"M": "manual", "m": "manual", "S": "samples", "PADS": "samples"}

// translator makes items of invoices.
type translator struct {
	file        string
	zone        *time.Location
	skipReturns bool
	provider    string
}

func (t *translator) item(v *invoice) order.Item {
	first := v.rows[0]
	item := order.Item{File: t.file, Line: first.at.Line}
	reject := func(r row, field, reason, value string) order.Item {
		item.Rejected = append(item.Rejected, order.Rejected{File: t.file, Line: r.at.Line, Order: v.number, Field: field, Reason: reason, Value: value})
		return item
	}
	at, ok := t.time(first.date)
	switch {
	case !ok:
		return reject(first, "InvoiceDate", "not a time such as 2011-01-31 10:00:00", first.date)
	case strings.HasPrefix(v.number, "C"):
		return t.creditNote(item, v, at)
	case strings.HasPrefix(v.number, "A"):
		return reject(first, "InvoiceNo", "bookkeeping, not a sale", first.stock)
	}
	if adjustment(v.rows) {
		return reject(first, "Quantity", "stock adjustment, not a sale", first.quantity)
	}
	d := &order.Draft{Number: v.number, Currency: currency, Country: countries[first.country], Zone: zone, PlacedAt: at, DeliveredAt: &at, TaxIncluded: true}
	if first.customer != "" {
		d.Customer = &customer.Draft{Ref: first.customer}
	}
	var total int64
	for _, r := range v.rows {
		value, p := addRow(d, r)
		if p != nil {
			return reject(r, p.Field, p.Reason, p.Value)
		}
		total += value
	}
	if len(d.Lines) == 0 {
		return reject(first, "StockCode", "no article on the invoice", first.stock)
	}
	if total > 0 {
		d.Tenders = []order.DraftTender{{Kind: "card", Provider: t.provider, Amount: total}}
	}
	item.Draft = d
	return item
}

// adjustment tells whether an invoice only corrects the stock: it has no price
// and no customer, or takes away units that nobody gets money for.
func adjustment(rows []row) bool {
	for _, r := range rows {
		p, err := money.Parse(r.price, currency)
		if err != nil || p.Minor != 0 || r.customer != "" && !strings.HasPrefix(r.quantity, "-") {
			return false
		}
	}
	return true
}

// addRow adds a row of an invoice to its order and tells its value. One wrong
// row refuses the order: without it the rest would not add up.
func addRow(d *order.Draft, r row) (int64, *order.Problem) {
	quantity, err := strconv.ParseInt(r.quantity, 10, 64)
	if err != nil || quantity < 1 || quantity > order.MaxQuantity {
		return 0, &order.Problem{Field: "Quantity", Reason: "quantity not from 1 to 1000000", Value: r.quantity}
	}
	if what, ok := bookkeeping[r.stock]; ok {
		return 0, &order.Problem{Field: "StockCode", Reason: "bookkeeping, not a sale", Value: what}
	}
	price, err := money.Parse(r.price, currency)
	if err != nil {
		return 0, &order.Problem{Field: "UnitPrice", Reason: "not a price in whole pence", Value: r.price}
	}
	if price.Minor < 0 || price.Minor > order.MaxAmount/quantity {
		return 0, &order.Problem{Field: "UnitPrice", Reason: "price out of range", Value: r.price}
	}
	value := quantity * price.Minor
	if shipping[r.stock] {
		d.Shipping.Amount += value
		return value, nil
	}
	line := order.DraftLine{SKU: r.stock, Title: r.title, Category: special[r.stock], Quantity: quantity, UnitPrice: price.Minor}
	if line.Title == "" {
		line.Title = r.stock
	}
	if strings.HasPrefix(r.stock, "gift_") {
		line.Category = "gift voucher"
	}
	d.Lines = append(d.Lines, line)
	return value, nil
}

// creditNote makes a past return of each row that takes back an article.
func (t *translator) creditNote(item order.Item, v *invoice, at time.Time) order.Item {
	for i, r := range v.rows {
		reason, value := "", ""
		quantity, err := strconv.ParseInt(r.quantity, 10, 64)
		price, perr := money.Parse(r.price, currency)
		switch {
		case t.skipReturns:
			reason = "past return, skipped as asked"
		case err != nil || quantity > -1 || quantity < -order.MaxQuantity:
			reason, value = "quantity of a credit note not from -1000000 to -1", r.quantity
		case perr != nil || price.Minor < 0 || price.Minor > order.MaxAmount/-quantity:
			reason, value = "not a price in whole pence", r.price
		case shipping[r.stock]:
			reason, value = "shipping given back, which names no order", r.stock
		case bookkeeping[r.stock] != "" || special[r.stock] != "":
			reason, value = "credit that names no article", r.stock
		case r.customer == "":
			reason, value = "return without a customer", r.stock
		}
		if reason != "" {
			item.Rejected = append(item.Rejected, order.Rejected{File: t.file, Line: r.at.Line, Order: v.number, Field: "StockCode", Reason: reason, Value: value})
			continue
		}
		item.Returns = append(item.Returns, order.SourceReturn{
			Ref: v.number + "#" + strconv.Itoa(i+1), Customer: r.customer, SKU: r.stock, Quantity: -quantity, Amount: -quantity * price.Minor, Currency: currency,
			At: at, File: t.file, Line: r.at.Line, Number: v.number,
		})
	}
	return item
}

func (t *translator) time(s string) (time.Time, bool) {
	for _, layout := range layouts {
		if at, err := time.ParseInLocation(layout, s, t.zone); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// countries are the names in the data. Channel Islands, European Community and
// Unspecified have no code of a country.
var countries = map[string]string{
	"United Kingdom": "GB", "Germany": "DE", "France": "FR", "EIRE": "IE", "Spain": "ES", "Netherlands": "NL", "Belgium": "BE", "Switzerland": "CH",
	"Portugal": "PT", "Australia": "AU", "Norway": "NO", "Italy": "IT", "Finland": "FI", "Cyprus": "CY", "Sweden": "SE", "Austria": "AT",
	"Denmark": "DK", "Japan": "JP", "Poland": "PL", "Israel": "IL", "USA": "US", "Hong Kong": "HK", "Singapore": "SG", "Iceland": "IS",
	"Canada": "CA", "Greece": "GR", "Malta": "MT", "United Arab Emirates": "AE", "RSA": "ZA", "Lebanon": "LB", "Lithuania": "LT", "Brazil": "BR",
	"Czech Republic": "CZ", "Bahrain": "BH", "Saudi Arabia": "SA",
}
