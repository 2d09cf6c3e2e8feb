package stock

// Moved says that goods of a case go somewhere. It is about the case and stands
// in its stream with version 0.
type Moved struct {
	Movement string `json:"movement"`
	Line     int    `json:"line,omitempty"`
	Order    string `json:"order,omitempty"`
	Seller   string `json:"seller,omitempty"`
	SKU      string `json:"sku,omitempty"`
	Title    string `json:"title,omitempty"`
	Quantity int64  `json:"quantity"`
	From     Place  `json:"from"`
	To       Place  `json:"to"`
	Grade    string `json:"grade,omitempty"`
}

// Type names the fact.
func (Moved) Type() string { return "stock.moved" }
