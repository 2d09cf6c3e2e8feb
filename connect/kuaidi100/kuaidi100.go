// Package kuaidi100 is the adapter for 快递100, which follows parcels of some
// hundred carriers in China: it is subscribed to for each parcel and then
// pushes, and can be asked.
//
// It owns that protocol, its signatures and what its states mean in ours. It
// does not own parcels (goods/shipment), and books and stops none: 快递100 does
// not offer that under this contract. A push is believed only with the MD5 of
// its text and the salt that only both sides know.
package kuaidi100

import (
	"context"
	"crypto/md5" //nolint:gosec // the protocol's own signature
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/connect/carrier"
	"github.com/aftercare/aftercare/goods/shipment"
)

// Name is the adapter's.
const Name = "kuaidi100"

// Options are what the adapter is made from.
type Options struct {
	URL      string // https://poll.kuaidi100.com unless a test says otherwise
	Customer string // 授权 customer
	Key      string // 授权 key
	Salt     string // of pushes; without it none is believed and none is asked for
	Callback func(tenant string) string
	HTTP     *http.Client
}

// Adapter is 快递100.
type Adapter struct {
	o    Options
	wire *carrier.Wire
}

// New makes the adapter.
func New(o Options) *Adapter {
	if o.URL == "" {
		o.URL = "https://poll.kuaidi100.com"
	}
	return &Adapter{o: o, wire: &carrier.Wire{Base: o.URL, HTTP: o.HTTP}}
}

// Name is the adapter's.
func (a *Adapter) Name() string { return Name }

// Carries tells whether the carrier has a code.
func (a *Adapter) Carries(name, _ string) bool { return code(name) != "" }

// sign is the protocol's signature: MD5 in capital hexadecimal digits.
func sign(parts ...string) string {
	sum := md5.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the protocol's own
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

func form(values url.Values) (http.Header, []byte) {
	return http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, []byte(values.Encode())
}

// The mark of a parcel that is subscribed to. Pushes then tell of it, and it is
// asked about only to find what a push did not bring: 快递100 charges for
// questions and refuses frequent ones.
const (
	subscribed = "subscribed"
	pushed     = 12 * time.Hour
	unpushed   = 2 * time.Hour
)

// Track subscribes to a parcel the first time and asks about it.
func (a *Adapter) Track(ctx context.Context, w shipment.Watch) (shipment.Report, error) {
	r := shipment.Report{Mark: w.Mark, Again: unpushed}
	if w.Mark != subscribed && a.o.Salt != "" && a.o.Callback != nil {
		if err := a.subscribe(ctx, w); err != nil {
			return r, err
		}
		r.Mark = subscribed
	}
	if r.Mark == subscribed {
		r.Again = pushed
	}
	var err error
	r.Scans, err = a.query(ctx, w)
	return r, err
}

// subscribe has 快递100 push what it hears. A subscription that it has already
// is one.
func (a *Adapter) subscribe(ctx context.Context, w shipment.Watch) error {
	parameters := map[string]string{"callbackurl": a.o.Callback(w.Tenant), "salt": a.o.Salt, "resultv2": "4"}
	if phone := digits(w.Phone); phone != "" {
		parameters["phone"] = phone
	}
	param, err := json.Marshal(map[string]any{"company": code(w.Carrier), "number": w.Tracking, "key": a.o.Key, "parameters": parameters})
	if err != nil {
		return err
	}
	header, body := form(url.Values{"schema": {"json"}, "param": {string(param)}})
	answer, err := a.wire.Call(ctx, http.MethodPost, "/poll", header, body)
	if err != nil {
		return err
	}
	var out struct {
		Result  bool   `json:"result"`
		Code    string `json:"returnCode"`
		Message string `json:"message"`
	}
	if err := answer.Into(&out); err != nil {
		return err
	}
	switch out.Code {
	case "200", "501": // taken, or taken before
		return nil
	case "500", "":
		return &shipment.Slow{Err: fmt.Errorf("快递100 does not take the subscription: %s %s", out.Code, out.Message)}
	}
	return &shipment.Slow{Err: fmt.Errorf("快递100 refuses the subscription: %s %s", out.Code, out.Message), Until: pushed}
}

// query asks what is known of a parcel. One that has not been scanned is no
// error.
func (a *Adapter) query(ctx context.Context, w shipment.Watch) ([]shipment.Scan, error) {
	ask := map[string]string{"com": code(w.Carrier), "num": w.Tracking, "resultv2": "4", "show": "0", "order": "asc"}
	if phone := digits(w.Phone); phone != "" {
		ask["phone"] = phone
	}
	param, err := json.Marshal(ask)
	if err != nil {
		return nil, err
	}
	header, body := form(url.Values{"customer": {a.o.Customer}, "param": {string(param)}, "sign": {sign(string(param), a.o.Key, a.o.Customer)}})
	answer, err := a.wire.Call(ctx, http.MethodPost, "/poll/query.do", header, body)
	if err != nil {
		return nil, err
	}
	var out result
	if err := answer.Into(&out); err != nil {
		return nil, err
	}
	switch {
	case out.ReturnCode == "" || out.ReturnCode == "200":
		return out.scans(), nil
	case out.ReturnCode == "500": // nothing known of this number yet
		return nil, nil
	case out.ReturnCode == "503" || out.ReturnCode == "601": // signature or account
		return nil, &shipment.Slow{Err: fmt.Errorf("快递100 refuses the question: %s %s", out.ReturnCode, out.Message), Until: pushed}
	}
	return nil, &shipment.Slow{Err: fmt.Errorf("快递100 answers %s %s", out.ReturnCode, out.Message), Until: unpushed}
}

func digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
}

// Slots are not offered.
func (a *Adapter) Slots(context.Context, shipment.Address, time.Time) ([]shipment.Slot, error) {
	return nil, shipment.ErrNotOffered
}

// Book is not offered.
func (a *Adapter) Book(context.Context, shipment.Booking) (shipment.Booked, error) {
	return shipment.Booked{}, shipment.ErrNotOffered
}

// Find is not offered.
func (a *Adapter) Find(context.Context, shipment.Booking) (shipment.Booked, error) {
	return shipment.Booked{}, shipment.ErrNotOffered
}

// Cancel is not offered.
func (a *Adapter) Cancel(context.Context, shipment.Booking) error { return shipment.ErrNotOffered }

// Intercept is not offered: a person has to call the carrier.
func (a *Adapter) Intercept(context.Context, shipment.Interception) (shipment.Wish, error) {
	return "", shipment.ErrNotOffered
}
