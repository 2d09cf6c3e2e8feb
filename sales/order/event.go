package order

import "time"

// Imported says that an order came in. It names no person beyond the id.
type Imported struct {
	Source   string    `json:"source"`
	Number   string    `json:"number"`
	Customer string    `json:"customer,omitempty"`
	Currency string    `json:"currency"`
	Paid     int64     `json:"paid"` // minor units
	Lines    int       `json:"lines"`
	PlacedAt time.Time `json:"placed_at"`
}

// Type is the fact's name in the log.
func (Imported) Type() string { return "order.imported" }

// Returned says that units came back before Aftercare knew the order.
type Returned struct {
	Source   string    `json:"source"`
	Ref      string    `json:"ref"` // the source's own name of this return, unique in the source
	Line     int       `json:"line"`
	Quantity int64     `json:"quantity"`
	Amount   int64     `json:"amount"` // minor units given back
	At       time.Time `json:"at"`
}

// Type is the fact's name in the log.
func (Returned) Type() string { return "order.returned" }

// Sent says that lines left the shop or arrived.
type Sent struct {
	Lines       []int      `json:"lines"`
	Carrier     string     `json:"carrier,omitempty"`
	Tracking    string     `json:"tracking,omitempty"`
	ShippedAt   *time.Time `json:"shipped_at,omitempty"`
	DeliveredAt *time.Time `json:"delivered_at,omitempty"`
	InstalledAt Day        `json:"installed_at,omitempty"`
}

// Type is the fact's name in the log.
func (Sent) Type() string { return "order.sent" }
