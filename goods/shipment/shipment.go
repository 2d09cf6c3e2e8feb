// Package shipment follows the parcels of a case: what comes back to the shop,
// what is sent to the customer, and what shall be stopped on its way.
//
// It owns parcels, their scans, bookings of carriers and the printed label. It
// does not own the case a parcel belongs to (care/cases) nor what is found
// inside (goods/inspection). A parcel's state only moves forward, however late,
// often or out of order its scans arrive; no scan is lost; what is booked with
// a carrier is booked once.
package shipment

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown  = fault.New(fault.Missing, "shipment.unknown", "There is no such parcel.")
	ErrAddress  = fault.New(fault.Invalid, "shipment.address", "The return address is not complete or does not fit on a label.")
	ErrScan     = fault.New(fault.Invalid, "shipment.scan", "The scan is not complete or not possible.")
	ErrTracking = fault.New(fault.Invalid, "shipment.tracking", "This is not a tracking number.")
	ErrTaken    = fault.New(fault.Conflict, "shipment.tracking_taken", "The tracking number belongs to another parcel.")
	ErrArrived  = fault.New(fault.Conflict, "shipment.arrived", "The parcel has already arrived.")
	ErrMany     = fault.New(fault.Conflict, "shipment.too_many", "The case has as many parcels as it may have.")
	ErrWay      = fault.New(fault.Invalid, "shipment.direction", "A parcel does not travel this way.")
)

// Direction is which way a parcel travels.
type Direction string

const (
	Return      Direction = "return"      // from the customer to the shop
	Replacement Direction = "replacement" // from the shop to the customer, in exchange or afterwards
	Back        Direction = "back"        // goods that were not accepted, to the customer
	Original    Direction = "original"    // the order's own parcel, to be stopped or refused at the door
)

// Incoming tells whether the parcel ends at the shop.
func (d Direction) Incoming() bool { return d == Return || d == Original }

// MostParcels is how many parcels one case may have in one direction.
const MostParcels = 20

// Parcel is one box of a case.
type Parcel struct {
	ID        string
	Tenant    string
	Case      string
	Direction Direction
	Seq       int64  // place among the parcels of its case and direction, from 1
	Label     string // number printed on our label; never changes
	Carrier   string // who carries it, as the customer named it; Own for our label
	Tracking  string // number to follow it by: the label's, or the carrier's own once named
	State     State
	Method    Method // how the customer gives it away, once chosen
	Wish      Wish   // of stopping it on its way
	Slip      string // address of the carrier's own label, where one was bought
	To        Address
	Scans     []Scan // by time; filled by ByCase, ByTracking and Of only
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Own is the carrier of a parcel that travels with the shop's label.
const Own = "own"

// Address is where a parcel goes. Lines are printed as they are.
type Address struct {
	Name     string   `json:"name"`
	Lines    []string `json:"lines"`
	City     string   `json:"city,omitempty"`
	Region   string   `json:"region,omitempty"` // state or province, where addresses there have one
	Postcode string   `json:"postcode,omitempty"`
	Country  string   `json:"country,omitempty"` // as printed, in the receiver's language
	ISO      string   `json:"iso,omitempty"`     // the country's code, for carriers: "US"
	Phone    string   `json:"phone,omitempty"`
}

// Scan is one report of a carrier about a parcel.
type Scan struct {
	ID     string    `json:"id,omitempty"` // the carrier's own; makes repeating harmless
	Status State     `json:"status"`       // one of Vocabulary
	At     time.Time `json:"at"`           // when it happened, by the carrier's clock
	Place  string    `json:"place,omitempty"`
	Note   string    `json:"note,omitempty"` // the carrier's own words
}

// Method is how a parcel gets to the carrier.
type Method string

const (
	DropOff  Method = "drop_off"  // brought to a point
	PickUp   Method = "pick_up"   // fetched in a slot
	SelfShip Method = "self_ship" // by a carrier of the customer's choice
)

// Wish is what became of the wish to stop a parcel on its way.
type Wish string

const (
	Requested Wish = "intercept_requested" // to be asked: by a job, or by a person where no adapter can
	Asked     Wish = "intercept_accepted"  // the carrier tries
	Refusal   Wish = "intercept_refused"   // the carrier does not, or could not
	Stopped   Wish = "intercepted"
)

// check refuses an address that a carrier could not deliver to.
func (a Address) check() error {
	switch {
	case strings.TrimSpace(a.Name) == "":
		return ErrAddress.At("name", "is empty", "who receives the parcel")
	case strings.TrimSpace(strings.Join(a.Lines, "")) == "":
		return ErrAddress.At("lines", "are empty", "street and house")
	case len(a.Lines) > 8:
		return ErrAddress.At("lines", "are too many for a label", "at most 8")
	case !printable(strings.Join(a.Lines, "")+a.Name+a.City+a.Region+a.Postcode+a.Country+a.Phone, 400) || len(a.ISO) > 2:
		return ErrAddress.At("lines", "are too long for a label, or not text", "at most 400 characters in all")
	}
	return nil
}

// nowhere tells whether nothing is said about where something is.
func (a Address) nowhere() bool {
	return strings.TrimSpace(a.Name+strings.Join(a.Lines, "")) == ""
}

// normal brings a tracking number to the form it is stored and looked up in:
// capitals and digits, without the blanks and dashes people type.
func normal(tracking string) (string, error) {
	var b strings.Builder
	for _, r := range tracking {
		if r >= '！' && r <= '～' {
			r -= '！' - '!' // full-width forms, as Chinese keyboards type them
		}
		r = unicode.ToUpper(r)
		switch {
		case r == ' ' || r == '-' || r == '\t' || r == '\u3000':
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		default:
			return "", ErrTracking.At("tracking", "has a character that no carrier uses", "letters A to Z and digits")
		}
	}
	if b.Len() < 5 || b.Len() > 40 {
		return "", ErrTracking.At("tracking", "has the wrong length", "5 to 40 letters and digits")
	}
	return b.String(), nil
}

// printable refuses text that is too long or holds control characters.
func printable(text string, most int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= most && strings.IndexFunc(text, unicode.IsControl) < 0
}
