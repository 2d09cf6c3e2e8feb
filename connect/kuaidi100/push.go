package kuaidi100

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/secret"
)

// taken is the answer by which 快递100 knows that a push has arrived; without
// it the push comes three more times.
const taken = `{"result":true,"returnCode":"200","message":"成功"}`

// result is what 快递100 knows of a parcel, in a push and as an answer. Numbers
// come as text or as numbers, depending on the age of the account.
type result struct {
	Message    string `json:"message"`
	Number     string `json:"nu"`
	State      text   `json:"state"`
	ReturnCode text   `json:"returnCode"`
	Data       []step `json:"data"`
}

type step struct {
	Time    string `json:"time"`
	Context string `json:"context"`
	Status  string `json:"status"`
	Code    text   `json:"statusCode"`
	Area    string `json:"areaName"`
}

// text is a text that some write as a number.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		return nil
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		s = string(raw)
	}
	*t = text(s)
	return nil
}

// Hear reads a push: a form of param, which is JSON, and sign, which is the MD5
// of param and the salt.
func (a *Adapter) Hear(h shipment.Hook) (shipment.Heard, error) {
	values, err := url.ParseQuery(string(h.Body))
	if err != nil {
		return shipment.Heard{}, shipment.ErrHook.Because("The body is not a form.")
	}
	param := values.Get("param")
	if a.o.Salt == "" || !secret.Equal(strings.ToUpper(values.Get("sign")), sign(param, a.o.Salt)) {
		return shipment.Heard{}, shipment.ErrForged.Because("The signature is wrong.")
	}
	var body struct {
		Last result `json:"lastResult"`
	}
	if err := json.Unmarshal([]byte(param), &body); err != nil {
		return shipment.Heard{}, shipment.ErrHook.Because(err.Error())
	}
	out := shipment.Heard{Reply: []byte(taken)}
	for _, sc := range body.Last.scans() {
		out.Scans = append(out.Scans, shipment.Told{Tracking: body.Last.Number, Scan: sc})
	}
	return out, nil
}

// china is the zone of all times of 快递100; it has had no summer time since 1991.
var china = time.FixedZone("CST", 8*60*60)

// scans words the steps of a parcel, oldest first. Accounts without states of
// single steps get the parcel's state at the newest one.
func (r result) scans() []shipment.Scan {
	newest := -1
	var at []time.Time
	for i, s := range r.Data {
		t, err := time.ParseInLocation(time.DateTime, s.Time, china)
		if err != nil {
			t = time.Time{}
		}
		at = append(at, t)
		if newest < 0 || t.After(at[newest]) {
			newest = i
		}
	}
	var all []shipment.Scan
	for i, s := range r.Data {
		if at[i].IsZero() {
			continue
		}
		status := meaning(string(s.Code), s.Status, s.Context)
		if status == "" && i == newest {
			status = meaning(string(r.State), "", s.Context)
		}
		if status == "" {
			status = shipment.InTransit
		}
		if status == announced {
			continue // nobody has the parcel yet
		}
		all = append(all, shipment.Scan{ID: s.id(status), Status: status, At: at[i].UTC(), Place: s.Area, Note: s.Context})
	}
	slicesByTime(all)
	return all
}

// id names a step, which has none: the same step is the same in every push.
func (s step) id(status shipment.State) string {
	sum := sha256.Sum256([]byte(s.Time + "\x00" + string(status) + "\x00" + s.Context))
	return hex.EncodeToString(sum[:12])
}
