// Package product is what the shop sells now: a small catalogue, so that goods
// exchanged for other goods have a price that can be trusted.
//
// It owns articles with their present price and whether they can be had. It
// does not own what was paid for anything (sales/order froze that), or the
// stock of a warehouse: the shop's own system tells both, and tells them again
// when they change. An article number is unique in a shop.
package product

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
)

var (
	ErrUnknown = fault.New(fault.Missing, "product.unknown", "There is no such product.")
	ErrInvalid = fault.New(fault.Invalid, "product.invalid", "The product is not complete or not possible.")
	ErrStale   = fault.New(fault.Stale, "product.stale", "The product has changed since you read it.")
)

// Product is one article: one variant of what people call a product.
type Product struct {
	SKU       string
	Title     string
	Variant   string // colour, size and the like
	Group     string // shared by the variants of one thing; empty: it has none
	Category  string
	ImageURL  string
	Seller    string // in a marketplace; empty: the shop itself
	Price     money.Amount
	Tax       int64 // inside the price, minor units
	Stock     int64 // Untold where the shop does not say
	Active    bool  // sold at present
	Law       Law
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Law is what the law asks about an article. Orders take it over where they say
// nothing themselves.
type Law struct {
	Category      string   `json:"law_category,omitempty" doc:"Kind of article in the words of the law: phone, laptop, car, food …" pattern:"^[a-z][a-z0-9_]*$" maxLength:"40"`
	Traits        []string `json:"traits,omitempty" doc:"Words about the article that rules may ask for, such as custom, perishable, sealed_hygiene, second_hand; see the guide to facts of orders" nullable:"false" maxItems:"20"`
	SellerCountry string   `json:"seller_country,omitempty" doc:"ISO 3166-1 alpha-2 code of the country in which the seller sits" pattern:"^[A-Z]{2}$"`
}

// Known reports whether anything is said.
func (l Law) Known() bool { return l.Category != "" || len(l.Traits) > 0 || l.SellerCountry != "" }

// Untold is the stock of an article of which the shop does not say how much
// there is.
const Untold = -1

// Has reports whether a quantity can be had now, as far as the shop has said.
func (p Product) Has(quantity int64) bool {
	return p.Active && (p.Stock == Untold || p.Stock >= quantity)
}

// Draft is an article as the shop tells it. It is also the published product
// file: one such JSON object a line.
type Draft struct {
	SKU      string       `json:"sku" doc:"Article number, unique in the shop" example:"NS-JK-M" minLength:"1" maxLength:"200"`
	Title    string       `json:"title" doc:"Name of the article" example:"Nanshan 3-in-1 jacket" minLength:"1" maxLength:"500"`
	Variant  string       `json:"variant,omitempty" doc:"Colour, size and the like" example:"navy / M" maxLength:"500"`
	Group    string       `json:"group,omitempty" doc:"Shared by the variants of one thing, such as all sizes of a jacket; customers exchange within it" example:"NS-JK" maxLength:"200"`
	Category string       `json:"category,omitempty" doc:"The shop's category, as policies name it" maxLength:"200"`
	ImageURL string       `json:"image_url,omitempty" doc:"Address of a picture" maxLength:"2000"`
	Seller   string       `json:"seller,omitempty" doc:"Seller in a marketplace" maxLength:"100"`
	Price    money.Amount `json:"price" doc:"Price of one unit as it is charged now, with tax"`
	Tax      int64        `json:"tax,omitempty" doc:"Tax inside the price of one unit, in minor units of its currency" example:"8042" minimum:"0"`
	Stock    *int64       `json:"stock,omitempty" doc:"Units that can be sold; missing: not known, so it counts as there" minimum:"0" maximum:"1000000000"`
	Active   *bool        `json:"active,omitempty" doc:"Whether it is sold at present; missing: it is"`
	Law
}

// Product is what the draft says.
func (d Draft) Product() Product {
	p := Product{
		SKU: d.SKU, Title: d.Title, Variant: d.Variant, Group: d.Group, Category: d.Category, ImageURL: d.ImageURL, Seller: d.Seller,
		Price: d.Price, Tax: d.Tax, Stock: Untold, Active: true, Law: d.Law,
	}
	if d.Stock != nil {
		p.Stock = *d.Stock
	}
	if d.Active != nil {
		p.Active = *d.Active
	}
	return p
}

// Query chooses articles. Empty fields choose all.
type Query struct {
	Text   string // part of number, title or variant
	Group  string
	Seller string
	Active bool   // only what is sold at present
	After  string // the article number after which the page begins
	Limit  int
}

// Service has the verbs on products.
type Service struct{}
