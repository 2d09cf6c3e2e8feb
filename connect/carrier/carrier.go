// Package carrier is the adapter for carriers that speak our own protocol, and
// the way all adapters of carriers talk HTTP.
//
// It owns the protocol: a signed webhook, and a JSON endpoint that is asked
// about parcels, slots, bookings and interceptions. It does not own parcels
// (goods/shipment). A message is believed only with a fresh signature; what a
// carrier does not answer is not known, never "no".
package carrier

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/goods/shipment"
)

// Name is what the adapter is called in addresses and slots.
const Name = "generic"

// Options are what the adapter is made from. Each half may be missing: without
// URL nothing is asked, without Secrets no webhook is believed.
type Options struct {
	URL     string   // base of the carrier's endpoint
	Token   string   // bearer token for it
	Secrets []string // of the webhook: "whsec_" and base64; several while one is replaced
	Names   []string // carriers whose parcels are followed, as customers name them; "*": all
	HTTP    *http.Client
}

// Adapter is the carrier.
type Adapter struct {
	wire  *Wire
	keys  [][]byte
	names map[string]bool
}

// New checks the options and makes the adapter.
func New(o Options) (*Adapter, error) {
	a := &Adapter{names: map[string]bool{}}
	for _, text := range o.Secrets {
		key, err := secret(text)
		if err != nil {
			return nil, err
		}
		a.keys = append(a.keys, key)
	}
	if o.URL != "" {
		a.wire = &Wire{Base: o.URL, HTTP: o.HTTP, Sign: func(r *http.Request) {
			if o.Token != "" {
				r.Header.Set("Authorization", "Bearer "+o.Token)
			}
		}}
	}
	for _, name := range o.Names {
		a.names[Folded(name)] = true
	}
	return a, nil
}

// Folded is a carrier's name as names are compared: without case and blanks.
func Folded(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(name), ""))
}

// Name is the adapter's.
func (a *Adapter) Name() string { return Name }

// Carries tells whether the carrier is among the names of the options and can
// be asked.
func (a *Adapter) Carries(carrier, _ string) bool {
	return a.wire != nil && (a.names["*"] || a.names[Folded(carrier)])
}

// scan is a scan as the protocol writes it.
type scan struct {
	Tracking string         `json:"tracking,omitempty"`
	ID       string         `json:"id,omitempty"`
	Status   shipment.State `json:"status"`
	At       time.Time      `json:"at"`
	Place    string         `json:"place,omitempty"`
	Note     string         `json:"note,omitempty"`
}

func (s scan) ours() shipment.Scan {
	return shipment.Scan{ID: s.ID, Status: s.Status, At: s.At, Place: s.Place, Note: s.Note}
}

// Track asks for the scans of a parcel, unless they are those of the last time.
func (a *Adapter) Track(ctx context.Context, w shipment.Watch) (shipment.Report, error) {
	if a.wire == nil {
		return shipment.Report{}, shipment.ErrNotOffered
	}
	header := http.Header{}
	if w.Mark != "" {
		header.Set("If-None-Match", w.Mark)
	}
	answer, err := a.wire.Call(ctx, http.MethodGet, "/parcels/"+url.PathEscape(w.Tracking)+"?carrier="+url.QueryEscape(w.Carrier), header, nil)
	if err != nil {
		return shipment.Report{}, err
	}
	switch answer.Status {
	case http.StatusNotModified:
		return shipment.Report{Mark: w.Mark, Again: answer.Wait}, nil
	case http.StatusNotFound: // not scanned yet
		return shipment.Report{Again: answer.Wait}, nil
	case http.StatusOK:
	default:
		return shipment.Report{}, answer.Unexpected()
	}
	var body struct {
		Scans []scan `json:"scans"`
	}
	if err := answer.Into(&body); err != nil {
		return shipment.Report{}, err
	}
	r := shipment.Report{Mark: answer.Header.Get("ETag"), Again: answer.Wait}
	for _, s := range body.Scans {
		r.Scans = append(r.Scans, s.ours())
	}
	return r, nil
}

// Intercept asks for a parcel to be brought back.
func (a *Adapter) Intercept(ctx context.Context, i shipment.Interception) (shipment.Wish, error) {
	if a.wire == nil {
		return "", shipment.ErrNotOffered
	}
	header := http.Header{"Idempotency-Key": {i.Key}}
	answer, err := a.wire.JSON(ctx, http.MethodPut, "/parcels/"+url.PathEscape(i.Tracking)+"/interception", header, map[string]string{"carrier": i.Carrier})
	if err != nil {
		return "", err
	}
	switch answer.Status {
	case http.StatusOK, http.StatusAccepted:
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return "", shipment.ErrNotOffered
	default:
		return "", answer.Refusal()
	}
	var body struct {
		Result string `json:"result"`
		Reason string `json:"reason"`
	}
	if err := answer.Into(&body); err != nil {
		return "", err
	}
	switch body.Result {
	case "accepted":
		return shipment.Asked, nil
	case "intercepted":
		return shipment.Stopped, nil
	case "refused":
		return "", &shipment.Declined{Reason: body.Reason}
	}
	return "", fmt.Errorf("the carrier answers %q about an interception", body.Result)
}

// Hear reads a webhook.
func (a *Adapter) Hear(h shipment.Hook) (shipment.Heard, error) {
	id, err := a.verify(http.Header(h.Header), h.Body, h.At)
	if err != nil {
		return shipment.Heard{}, err
	}
	var body struct {
		Scans []scan `json:"scans"`
	}
	if err := json.Unmarshal(h.Body, &body); err != nil {
		return shipment.Heard{}, shipment.ErrHook.Because(err.Error())
	}
	out := shipment.Heard{ID: id}
	for _, s := range body.Scans {
		if s.Tracking == "" {
			return shipment.Heard{}, shipment.ErrHook.Because("A scan has no tracking number.")
		}
		out.Scans = append(out.Scans, shipment.Told{Tracking: s.Tracking, Scan: s.ours()})
	}
	return out, nil
}
