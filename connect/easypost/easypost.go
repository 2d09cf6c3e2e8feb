// Package easypost is the adapter for EasyPost, which follows parcels, sells
// labels and has parcels fetched by carriers of North America and beyond.
//
// It owns that protocol, its signatures and what its states mean in ours. It
// does not own parcels (goods/shipment). A label or a pick-up is bought once for
// a booking: each step looks for what an earlier try has left behind.
package easypost

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/aftercare/aftercare/connect/carrier"
	"github.com/aftercare/aftercare/goods/shipment"
)

// Name is the adapter's.
const Name = "easypost"

// Options are what the adapter is made from.
type Options struct {
	URL    string // https://api.easypost.com/v2 unless a test says otherwise
	Key    string
	Secret string   // of webhooks; without it none is believed
	Names  []string // carriers as EasyPost writes them, whose parcels are followed
	Grams  int      // weight of a parcel for which a label is bought
	HTTP   *http.Client
}

// Adapter is EasyPost.
type Adapter struct {
	o     Options
	wire  *carrier.Wire
	names map[string]string
}

// New makes the adapter.
func New(o Options) *Adapter {
	if o.URL == "" {
		o.URL = "https://api.easypost.com/v2"
	}
	if o.Grams <= 0 {
		o.Grams = 1000
	}
	a := &Adapter{o: o, names: map[string]string{}}
	for _, name := range o.Names {
		a.names[carrier.Folded(name)] = strings.TrimSpace(name)
	}
	a.wire = &carrier.Wire{Base: o.URL, HTTP: o.HTTP, Sign: func(r *http.Request) { r.SetBasicAuth(o.Key, "") }}
	return a
}

// Name is the adapter's.
func (a *Adapter) Name() string { return Name }

// Carries tells whether the carrier is among the names of the options.
func (a *Adapter) Carries(name, _ string) bool { return a.names[carrier.Folded(name)] != "" }

// tracker is EasyPost's word for a parcel that is followed.
type tracker struct {
	ID      string   `json:"id"`
	Code    string   `json:"tracking_code"`
	Details []detail `json:"tracking_details"`
}

type detail struct {
	Status   string    `json:"status"`
	Detail   string    `json:"status_detail"`
	Message  string    `json:"message"`
	At       time.Time `json:"datetime"`
	Location struct {
		City    string `json:"city"`
		State   string `json:"state"`
		Country string `json:"country"`
	} `json:"tracking_location"`
}

// How often to ask when webhooks come, and when not.
const (
	pushed   = 12 * time.Hour
	unpushed = 2 * time.Hour
)

// Track has a parcel followed the first time, and reads what is known of it.
func (a *Adapter) Track(ctx context.Context, w shipment.Watch) (shipment.Report, error) {
	r := shipment.Report{Mark: w.Mark, Again: unpushed}
	if a.o.Secret != "" {
		r.Again = pushed
	}
	var t tracker
	var err error
	if w.Mark == "" {
		err = a.send(ctx, "/trackers", map[string]any{"tracker": map[string]string{"tracking_code": w.Tracking, "carrier": a.names[carrier.Folded(w.Carrier)]}}, &t)
	} else {
		err = a.get(ctx, "/trackers/"+url.PathEscape(w.Mark), &t)
	}
	if err != nil {
		return r, err
	}
	r.Mark, r.Scans = t.ID, t.scans()
	return r, nil
}

func (t tracker) scans() []shipment.Scan {
	var all []shipment.Scan
	for _, d := range t.Details {
		status, ok := meaning(d)
		if !ok || d.At.IsZero() {
			continue
		}
		place := strings.Join(slices.DeleteFunc([]string{d.Location.City, d.Location.State, d.Location.Country}, func(s string) bool { return s == "" }), ", ")
		sum := sha256.Sum256([]byte(d.At.UTC().Format(time.RFC3339) + "\x00" + string(status) + "\x00" + d.Message + "\x00" + place))
		all = append(all, shipment.Scan{ID: hex.EncodeToString(sum[:12]), Status: status, At: d.At.UTC(), Place: place, Note: d.Message})
	}
	slices.SortStableFunc(all, func(a, b shipment.Scan) int { return a.At.Compare(b.At) })
	return all
}

// meaning of a detail; false for what is no scan: a label that was made, or
// made void.
func meaning(d detail) (shipment.State, bool) {
	switch d.Detail {
	case "lost":
		return shipment.Lost, true
	case "refused":
		return shipment.Refused, true
	case "received_at_origin_facility":
		return shipment.HandedOver, true
	}
	switch d.Status {
	case "in_transit":
		return shipment.InTransit, true
	case "out_for_delivery", "available_for_pickup":
		return shipment.OutForDelivery, true
	case "delivered":
		return shipment.Delivered, true
	case "return_to_sender":
		if strings.Contains(strings.ToLower(d.Message), "delivered") {
			return shipment.Returned, true
		}
		return shipment.Refused, true
	case "failure", "error":
		return shipment.Exception, true
	}
	return "", false
}

// Hear reads a webhook. Events that are not about a tracker say nothing.
func (a *Adapter) Hear(h shipment.Hook) (shipment.Heard, error) {
	given := http.Header(h.Header).Get("X-Hmac-Signature")
	mac := hmac.New(sha256.New, norm.NFKD.Bytes([]byte(a.o.Secret)))
	mac.Write(h.Body)
	if a.o.Secret == "" || !hmac.Equal([]byte(given), []byte("hmac-sha256-hex="+hex.EncodeToString(mac.Sum(nil)))) {
		return shipment.Heard{}, shipment.ErrForged.Because("The signature is wrong.")
	}
	var body struct {
		ID          string          `json:"id"`
		Description string          `json:"description"`
		Result      json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(h.Body, &body); err != nil {
		return shipment.Heard{}, shipment.ErrHook.Because(err.Error())
	}
	if !strings.HasPrefix(body.Description, "tracker.") {
		return shipment.Heard{}, nil
	}
	var t tracker
	if err := json.Unmarshal(body.Result, &t); err != nil {
		return shipment.Heard{}, shipment.ErrHook.Because(err.Error())
	}
	out := shipment.Heard{ID: body.ID}
	for _, sc := range t.scans() {
		out.Scans = append(out.Scans, shipment.Told{Tracking: t.Code, Scan: sc})
	}
	return out, nil
}

// Intercept is not offered: a person has to call the carrier.
func (a *Adapter) Intercept(context.Context, shipment.Interception) (shipment.Wish, error) {
	return "", shipment.ErrNotOffered
}

func (a *Adapter) send(ctx context.Context, path string, in, out any) error {
	answer, err := a.wire.JSON(ctx, http.MethodPost, path, nil, in)
	if err != nil {
		return err
	}
	return read(answer, out)
}

func (a *Adapter) get(ctx context.Context, path string, out any) error {
	answer, err := a.wire.Call(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return err
	}
	return read(answer, out)
}

// read takes an answer, or tells what kind of no it is. A wrong key is no
// carrier's no: somebody has to set it right.
func read(a carrier.Answer, out any) error {
	if a.Status == http.StatusOK || a.Status == http.StatusCreated {
		return a.Into(out)
	}
	var body struct {
		Error struct {
			Code    string          `json:"code"`
			Message json.RawMessage `json:"message"` // a text, sometimes a list
		} `json:"error"`
	}
	_ = json.Unmarshal(a.Body, &body) // a no without words is a no
	text := strings.TrimSpace(body.Error.Code + " " + strings.Trim(string(body.Error.Message), `"`))
	switch a.Status {
	case http.StatusNotFound:
		return shipment.ErrAbsent
	case http.StatusBadRequest, http.StatusPaymentRequired, http.StatusConflict, http.StatusUnprocessableEntity:
		return &shipment.Declined{Reason: text}
	}
	return &shipment.Slow{Err: fmt.Errorf("EasyPost answers %d %s", a.Status, text), Until: time.Hour}
}
