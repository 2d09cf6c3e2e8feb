package order

import (
	"context"
	"iter"
	"time"
)

// Source reads orders out of foreign data, in an order that is the same every
// time. The packages in connect implement it.
type Source interface {
	// Name is part of an order's identity: "olist".
	Name() string
	// Fingerprint tells whether the data is the same as at an earlier time, so
	// that a position still means something.
	Fingerprint() (string, error)
	// Size is the bytes to read, for progress; 0 if not known.
	Size() int64
	// Items reads from a position; the zero position is the start. An error
	// ends the reading: data that is wrong comes as rejected items instead.
	Items(ctx context.Context, from Position) iter.Seq2[Item, error]
}

// Position is how far a source was read.
type Position struct {
	Offset int64    `json:"offset"`         // bytes or records, as the source counts
	Line   int64    `json:"line,omitempty"` // lines read, for messages
	Skip   []string `json:"skip,omitempty"` // numbers after the offset that were read already
}

// Item is what a source reads at a time: an order, or returns of earlier
// orders, or rows that are neither. Several may be set.
type Item struct {
	Draft    *Draft
	Returns  []SourceReturn
	Rejected []Rejected
	File     string // where the item starts, for messages
	Line     int64
	Next     Position // goes on after this item
	Read     int64    // bytes read so far, for progress
}

// SourceReturn is a past return that names no order: it belongs to the same
// customer's latest earlier purchase of the article with enough left of it.
type SourceReturn struct {
	Ref      string // the source's own name of the return, unique in the source
	Customer string // the source's reference of the customer
	SKU      string
	Quantity int64
	Amount   int64 // minor units given back
	Currency string
	At       time.Time
	File     string // where it stands, for messages
	Line     int64
	Number   string // of the document it stands in
}

// Rejected is one row that did not become part of an order.
type Rejected struct {
	File   string `json:"file"`
	Line   int64  `json:"line,omitempty"`
	Order  string `json:"order,omitempty"` // its number, where known
	Field  string `json:"field,omitempty"` // path, as in lines[2].quantity
	Reason string `json:"reason"`          // the same sentence each time
	Value  string `json:"value,omitempty"` // what was found, shortened
}
