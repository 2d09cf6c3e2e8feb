package opening

// Changed says that a desk of the shop works at other times, or that its
// deadlines count them otherwise. Deadlines that run are as they were.
type Changed struct {
	Desk  string   `json:"desk"`  // service, warehouse
	Parts []string `json:"parts"` // mode, zone, country, week, closures, extra, sellers
}

// Type is described at event.Fact.
func (Changed) Type() string { return "opening.changed" }

// SellerChanged says that a seller's people answer at other times than they did.
// Deadlines that run are as they were.
type SellerChanged struct {
	Desk   string   `json:"desk"` // service
	Seller string   `json:"seller"`
	Parts  []string `json:"parts"` // own where it is the first, or again one; mode, zone, country, week, closures, extra
}

// Type is described at event.Fact.
func (SellerChanged) Type() string { return "opening.seller_changed" }

// Returned says that a seller keeps the shop's calendar again.
type Returned struct {
	Desk   string `json:"desk"` // service
	Seller string `json:"seller"`
}

// Type is described at event.Fact.
func (Returned) Type() string { return "opening.seller_returned" }
