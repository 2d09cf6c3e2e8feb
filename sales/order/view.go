package order

import (
	"time"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/customer"
)

// OrderView is an order as the HTTP API shows it to staff. What can go back of
// it is added by package cases, for customers.
type OrderView struct {
	ID          string        `json:"id"`
	Source      string        `json:"source"`
	Number      string        `json:"number"`
	PlacedAt    time.Time     `json:"placed_at"`
	DeliveredAt *time.Time    `json:"delivered_at,omitempty"`
	Zone        string        `json:"zone"`
	Country     string        `json:"country,omitempty"`
	Currency    string        `json:"currency"`
	TaxIncluded bool          `json:"tax_included"`
	Total       money.Amount  `json:"total" doc:"Goods and shipping, with tax, after discounts"`
	Paid        money.Amount  `json:"paid" doc:"What was captured; equal to total"`
	Policy      PolicyView    `json:"policy"`
	Customer    *CustomerView `json:"customer,omitempty"`
	ShipTo      *Address      `json:"ship_to,omitempty" doc:"Where it was delivered, masked"`
	Lines       []LineView    `json:"lines" nullable:"false"`
	Shipping    ShippingView  `json:"shipping"`
	Tenders     []TenderView  `json:"tenders" nullable:"false"`
	Insurance   *Insurance    `json:"freight_insurance,omitempty" doc:"Insurance of the way back"`
	Sale
}

// PolicyView names the policy in force when the order was placed.
type PolicyView struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
}

// CustomerView is the customer of an order, for staff.
type CustomerView struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty" doc:"Masked but for the last four digits"`
}

// LineView is a line.
type LineView struct {
	No          int            `json:"no"`
	SKU         string         `json:"sku"`
	Title       string         `json:"title"`
	Variant     string         `json:"variant,omitempty"`
	ImageURL    string         `json:"image_url,omitempty"`
	Category    string         `json:"category"`
	Seller      string         `json:"seller,omitempty"`
	Quantity    int64          `json:"quantity"`
	UnitPrice   money.Amount   `json:"unit_price"`
	Discounts   []DiscountView `json:"discounts" nullable:"false"`
	Tax         money.Amount   `json:"tax"`
	Duty        *money.Amount  `json:"duty,omitempty"`
	Paid        money.Amount   `json:"paid"`
	DeliveredAt *time.Time     `json:"delivered_at,omitempty"`
	ShippedAt   *time.Time     `json:"shipped_at,omitempty"`
	Carrier     string         `json:"carrier,omitempty"`
	Tracking    string         `json:"tracking,omitempty"`
	Traits      []string       `json:"traits,omitempty" nullable:"false"`
	LineSale
}

// DiscountView is a discount on a line, or the line's share of the order's.
type DiscountView struct {
	Code   string       `json:"code"`
	Funder string       `json:"funder,omitempty"`
	Amount money.Amount `json:"amount"`
	Order  bool         `json:"order" doc:"Whether it is a share of a discount on the order"`
}

// ShippingView is what delivery cost.
type ShippingView struct {
	Paid money.Amount `json:"paid"`
}

// TenderView is a means of payment.
type TenderView struct {
	ID     string       `json:"id"`
	Kind   string       `json:"kind"`
	Label  string       `json:"label"`
	Amount money.Amount `json:"amount"`
}

// SummaryView is an order in a list.
type SummaryView struct {
	ID           string       `json:"id"`
	Source       string       `json:"source"`
	Number       string       `json:"number"`
	PlacedAt     time.Time    `json:"placed_at"`
	DeliveredAt  *time.Time   `json:"delivered_at,omitempty"`
	Currency     string       `json:"currency"`
	Total        money.Amount `json:"total"`
	Lines        int          `json:"lines"`
	Title        string       `json:"title"`
	ImageURL     string       `json:"image_url,omitempty"`
	CustomerName string       `json:"customer_name,omitempty"`
}

// View words an order in a language. The customer is added by the caller.
func View(o Order, lang string) OrderView {
	amount := func(minor int64) money.Amount { return money.Of(minor, o.Currency) }
	v := OrderView{
		ID: o.ID, Source: o.Source, Number: o.Number, PlacedAt: o.PlacedAt, DeliveredAt: known(o.DeliveredAt), Zone: o.Zone, Country: o.Country,
		Currency: o.Currency, TaxIncluded: o.TaxIncluded, Total: amount(o.Paid()), Paid: amount(o.Paid()), Policy: PolicyView{o.Policy, o.PolicyVer},
		Lines: []LineView{}, Shipping: ShippingView{amount(o.Shipping.Paid)}, Tenders: []TenderView{}, Insurance: o.Insurance, Sale: o.Sale,
	}
	for _, l := range o.Lines {
		line := LineView{
			No: l.No, SKU: l.SKU, Title: l.Title, Variant: l.Variant, ImageURL: l.ImageURL, Category: l.Category, Seller: l.Seller, Quantity: l.Quantity,
			UnitPrice: amount(l.UnitPrice), Discounts: []DiscountView{}, Tax: amount(l.Ledger.Tax), Paid: amount(l.Ledger.Paid), DeliveredAt: known(l.DeliveredAt),
			ShippedAt: known(l.ShippedAt), Carrier: l.Carrier, Tracking: l.Tracking, Traits: l.Traits, LineSale: l.LineSale,
		}
		if l.Ledger.Duty > 0 {
			duty := amount(l.Ledger.Duty)
			line.Duty = &duty
		}
		for _, d := range l.Ledger.LineDiscounts {
			line.Discounts = append(line.Discounts, DiscountView{d.Code, d.Funder, amount(d.Amount), false})
		}
		for _, d := range l.Ledger.OrderDiscounts {
			line.Discounts = append(line.Discounts, DiscountView{d.Code, d.Funder, amount(d.Amount), true})
		}
		v.Lines = append(v.Lines, line)
	}
	for _, t := range o.Tenders {
		v.Tenders = append(v.Tenders, TenderView{t.ID, t.Kind, TenderLabel(t, lang), amount(t.Amount)})
	}
	return v
}

// TenderLabel is what a means of payment is called: as the source labelled it,
// else its kind in a language where the catalogue words it.
func TenderLabel(t Tender, lang string) string {
	if key := "tender." + t.Kind; t.Label == "" && locale.Has(key) {
		return locale.Text(lang, key, nil)
	}
	if t.Label == "" {
		return t.Kind
	}
	return t.Label
}

func summaryView(s Summary, name string) SummaryView {
	return SummaryView{
		ID: s.ID, Source: s.Source, Number: s.Number, PlacedAt: s.PlacedAt, DeliveredAt: known(s.DeliveredAt), Currency: s.Currency,
		Total: money.Of(s.Paid, s.Currency), Lines: s.Lines, Title: s.Title, ImageURL: s.ImageURL, CustomerName: name,
	}
}

func customerView(c customer.Customer) *CustomerView {
	v := &CustomerView{ID: c.ID, Name: c.Name, Email: c.Email}
	if n := len(c.Phone); n > 4 {
		v.Phone = "***" + c.Phone[n-4:]
	}
	return v
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
