// Package webhook tells other programs what happened in a shop: each event that
// an endpoint wants is sent to it, signed as Standard Webhooks says.
//
// It owns endpoints, deliveries and their log. It does not own events. A
// delivery is written in the transaction that reads its event, so that nothing
// is lost; it is sent at least once, and of one subject in the order of its
// events. It reaches no private network unless the installation allows it.
package webhook

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrUnknown  = fault.New(fault.Missing, "webhook.unknown", "There is no such webhook.")
	ErrInvalid  = fault.New(fault.Invalid, "webhook.invalid", "The webhook is not complete.")
	ErrStale    = fault.New(fault.Stale, "webhook.stale", "The webhook has changed since you read it.")
	ErrMove     = fault.New(fault.Conflict, "webhook.move", "The webhook cannot do this in its current state.")
	ErrDelivery = fault.New(fault.Missing, "webhook.delivery_unknown", "There is no such delivery.")
	ErrMany     = fault.New(fault.Conflict, "webhook.too_many", "The shop has as many webhooks as it can have.")
)

// State of an endpoint.
type State string

const (
	Active   State = "active"
	Disabled State = "disabled" // by a person, or after days without success
)

// State of a delivery.
const (
	Waiting   = "waiting"   // to be sent, or sent again
	Delivered = "delivered" // the receiver said so
	Failed    = "failed"    // given up; a person can send it again
)

// Limits.
const (
	mostEndpoints = 20
	patience      = 15 * time.Second    // for one answer
	mostAnswer    = 64 << 10            // bytes of an answer that are read
	excerpt       = 1 << 10             // and kept
	rotation      = 24 * time.Hour      // for which an old secret also signs
	giveUp        = 72 * time.Hour      // without any success until an endpoint is disabled
	mostAttempts  = 90                  // of one delivery: about three days
	keep          = 30 * 24 * time.Hour // of deliveries in the log
)

// Endpoint is where events of a shop are sent.
type Endpoint struct {
	ID           string
	Tenant       string
	Name         string
	URL          string
	Kinds        []string // exact types, or families such as "case.*"; empty: all that are offered
	State        State
	Why          string // of a disabled one: person, gone, failing
	Secret       []byte // sealed
	OldSecret    []byte // sealed; empty: none
	OldUntil     time.Time
	FailingSince time.Time // zero: the last attempt succeeded
	Version      int64
	CreatedAt    time.Time
}

// Delivery is one event on its way to one endpoint.
type Delivery struct {
	ID        string
	Tenant    string
	Endpoint  string
	Event     string // webhook-id: the same for each attempt
	Kind      string
	Subject   string
	Body      string
	State     string
	Attempts  int64
	Status    int64 // of the last answer; 0: none came
	Took      int64 // milliseconds
	Error     string
	Answer    string // the beginning of the last answer
	CreatedAt time.Time
	TriedAt   time.Time
}

// Families are the kinds of events that programs outside are told. Who signed
// in and what staff did to accounts stays inside.
var Families = []string{"case", "charge", "chargeback", "clearing", "notice", "order", "parcel", "payout", "photo", "policy", "product", "stock", "unit", "wallet"}

// ping is the kind of a test message.
const ping = "webhook.ping"

var kindShape = regexp.MustCompile(`^([a-z]+)\.(\*|[a-z_]+)$`)

// offered tells whether a kind of event is one that programs are told.
func offered(kind string) bool {
	family, _, _ := strings.Cut(kind, ".")
	return slices.Contains(Families, family)
}

// wants tells whether an endpoint is told events of a kind.
func (e Endpoint) wants(kind string) bool {
	if !offered(kind) {
		return false
	}
	family, _, _ := strings.Cut(kind, ".")
	return len(e.Kinds) == 0 || slices.Contains(e.Kinds, kind) || slices.Contains(e.Kinds, family+".*")
}

// normal is the endpoint as it is stored, or ErrInvalid with what is wrong. An
// address without TLS is only for networks that the installation allows.
func (e Endpoint) normal(allow []netip.Prefix) (Endpoint, error) {
	bad := ErrInvalid
	e.Name, e.URL = strings.TrimSpace(e.Name), strings.TrimSpace(e.URL)
	if n := utf8.RuneCountInString(e.Name); n < 1 || n > 120 {
		bad = bad.At("body.name", "is missing or too long", "1 to 120 characters")
	}
	u, err := url.Parse(e.URL)
	switch {
	case err != nil || u.Host == "" || len(e.URL) > 2000 || u.Scheme != "https" && u.Scheme != "http":
		bad = bad.At("body.url", "is not an address", "https://example.com/path")
	case u.User != nil:
		bad = bad.At("body.url", "holds a password", "an address without user and password")
	case u.Scheme == "http" && len(allow) == 0:
		bad = bad.At("body.url", "is not encrypted", "an address that begins with https://")
	default:
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !reachable(ip, allow) {
			bad = bad.At("body.url", "is inside a private network", "an address on the internet")
		}
	}
	e.Kinds = slices.Compact(slices.Sorted(slices.Values(e.Kinds)))
	for _, kind := range e.Kinds {
		if !kindShape.MatchString(kind) || !offered(kind) {
			bad = bad.At("body.kinds", kind+" is not offered", "one of GET /v1/webhooks/kinds, or a family such as case.*")
		}
	}
	if len(bad.Fields) > 0 {
		return e, bad
	}
	return e, nil
}
