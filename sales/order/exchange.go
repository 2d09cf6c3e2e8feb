package order

// NewItem is an article that goes out in an exchange, as it is charged.
type NewItem struct {
	SKU       string `json:"sku"`
	Title     string `json:"title"`
	Variant   string `json:"variant,omitempty"`
	Category  string `json:"category,omitempty"`
	ImageURL  string `json:"image_url,omitempty"`
	Seller    string `json:"seller,omitempty"`
	Quantity  int64  `json:"quantity"`
	UnitPrice int64  `json:"unit_price"` // what one unit is charged, with tax
	Tax       int64  `json:"tax"`        // of all its units, in the price
}

// Total is what all units of the item cost, with tax.
func (i NewItem) Total() int64 { return i.Quantity * i.UnitPrice }
