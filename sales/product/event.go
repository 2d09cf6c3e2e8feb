package product

import "github.com/aftercare/aftercare/base/money"

// Saved says that an article is new or has changed.
type Saved struct {
	SKU    string       `json:"sku"`
	Title  string       `json:"title"`
	Group  string       `json:"group,omitempty"`
	Price  money.Amount `json:"price"`
	Stock  *int64       `json:"stock,omitempty"`
	Active bool         `json:"active"`
}

// Type names the fact.
func (Saved) Type() string { return "product.saved" }
