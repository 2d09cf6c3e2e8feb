package carrier_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/connect/carrier"
	"github.com/aftercare/aftercare/goods/shipment"
)

var now = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func newKey() ([]byte, string) {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return key, "whsec_" + base64.StdEncoding.EncodeToString(key)
}

func signed(key []byte, id string, at time.Time, body string) shipment.Hook {
	h := http.Header{}
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", fmt.Sprint(at.Unix()))
	h.Set("webhook-signature", "v1,AAAA "+carrier.Sign(key, id, at, []byte(body)))
	return shipment.Hook{Header: h, Body: []byte(body), At: now}
}

func TestAMessageIsBelievedOnlyWhenItIsSignedAndFresh(t *testing.T) {
	key, text := newKey()
	old, oldText := newKey()
	other, _ := newKey()
	a, err := carrier.New(carrier.Options{Secrets: []string{text, oldText}})
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"scans":[{"tracking":"AC123456789018","id":"s1","status":"delivered","at":"2026-03-01T07:00:00+08:00","place":"上海","note":"已签收"}]}`
	change := func(h shipment.Hook, f func(*shipment.Hook)) shipment.Hook { f(&h); return h }
	tests := []struct {
		name string
		hook shipment.Hook
		want error
	}{
		{"signed", signed(key, "m1", now, body), nil},
		{"signed with the secret that is being replaced", signed(old, "m1", now, body), nil},
		{"four minutes old", signed(key, "m1", now.Add(-4*time.Minute), body), nil},
		{"six minutes old", signed(key, "m1", now.Add(-6*time.Minute), body), shipment.ErrForged},
		{"six minutes ahead", signed(key, "m1", now.Add(6*time.Minute), body), shipment.ErrForged},
		{"another's secret", signed(other, "m1", now, body), shipment.ErrForged},
		{"another text", change(signed(key, "m1", now, body), func(h *shipment.Hook) { h.Body = []byte(strings.Replace(body, "s1", "s2", 1)) }), shipment.ErrForged},
		{"another id", change(signed(key, "m1", now, body), func(h *shipment.Hook) { h.Header["Webhook-Id"] = []string{"m2"} }), shipment.ErrForged},
		{"another time", change(signed(key, "m1", now, body), func(h *shipment.Hook) { h.Header["Webhook-Timestamp"] = []string{fmt.Sprint(now.Unix() + 1)} }), shipment.ErrForged},
		{"no headers", shipment.Hook{Body: []byte(body), At: now}, shipment.ErrForged},
		{"signed, but not JSON", signed(key, "m1", now, `{`), shipment.ErrHook},
		{"signed, but of no parcel", signed(key, "m1", now, `{"scans":[{"status":"delivered"}]}`), shipment.ErrHook},
	}
	for _, test := range tests {
		heard, err := a.Hear(test.hook)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
		if test.want != nil {
			continue
		}
		want := shipment.Told{Tracking: "AC123456789018", Scan: shipment.Scan{ID: "s1", Status: shipment.Delivered, At: time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC), Place: "上海", Note: "已签收"}}
		if heard.ID != "m1" || len(heard.Scans) != 1 || !heard.Scans[0].Scan.At.Equal(want.Scan.At) {
			t.Errorf("%s: %+v", test.name, heard)
		}
	}
	for _, bad := range []string{"", "secret", "whsec_", "whsec_c2hvcnQ="} {
		if _, err := carrier.New(carrier.Options{Secrets: []string{bad}}); err == nil {
			t.Errorf("secret %q was accepted", bad)
		}
	}
}

// The example of the specification's own documentation.
func TestTheSignatureIsThatOfStandardWebhooks(t *testing.T) {
	key, _ := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	got := carrier.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

// depot is a carrier's endpoint as docs/guides/carriers.md describes it.
type depot struct {
	mu      sync.Mutex
	booked  map[string]map[string]any
	wishes  map[string]string
	asked   []string
	trouble func(w http.ResponseWriter, r *http.Request) bool // answers instead
	lose    bool                                              // cuts the line after acting; net/http may try again by itself
}

func newDepot(t *testing.T) (*depot, *carrier.Adapter) {
	d := &depot{booked: map[string]map[string]any{}, wishes: map[string]string{}}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	a, err := carrier.New(carrier.Options{URL: server.URL + "/v1/", Token: "t0ken", Names: []string{"Depot Express", "own"}})
	if err != nil {
		t.Fatal(err)
	}
	return d, a
}

func (d *depot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, r.Method+" "+r.URL.Path)
	if r.Header.Get("Authorization") != "Bearer t0ken" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if d.trouble != nil && d.trouble(w, r) {
		return
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/v1/"), "/")
	answer := func(status int, v any) {
		if d.lose {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	switch {
	case r.Method == "GET" && parts[0] == "parcels":
		if r.URL.Query().Get("carrier") != "Depot Express" || parts[1] != "DE 1" {
			answer(404, nil)
			return
		}
		w.Header().Set("ETag", `"v7"`)
		if r.Header.Get("If-None-Match") == `"v7"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		answer(200, map[string]any{"scans": []map[string]any{{"id": "1", "status": "in_transit", "at": now, "note": "Hub"}}})
	case r.Method == "GET" && parts[0] == "slots":
		answer(200, map[string]any{"slots": []map[string]any{{"id": "am", "from": now, "to": now.Add(time.Hour), "left": 2}}})
	case r.Method == "POST" && parts[0] == "bookings":
		var in map[string]any
		_ = json.NewDecoder(r.Body).Decode(&in)
		key := r.Header.Get("Idempotency-Key")
		if key == "" || key != in["key"] {
			answer(400, nil)
			return
		}
		if d.booked[key] == nil {
			d.booked[key] = map[string]any{"reference": "R-" + key, "carrier": "Depot Express", "tracking": "DE0001", "label_url": "https://depot.example/l.pdf", "cancelled": false}
		}
		answer(201, d.booked[key])
	case parts[0] == "bookings" && d.booked[parts[1]] == nil:
		answer(404, nil)
	case r.Method == "GET" && parts[0] == "bookings":
		answer(200, d.booked[parts[1]])
	case r.Method == "DELETE" && parts[0] == "bookings":
		d.booked[parts[1]]["cancelled"] = true
		answer(200, nil)
	case r.Method == "PUT" && len(parts) == 3 && parts[2] == "interception":
		d.wishes[r.Header.Get("Idempotency-Key")] = parts[1]
		answer(202, map[string]string{"result": "accepted"})
	default:
		answer(404, nil)
	}
}

func TestAnUnchangedParcelIsNotSentAgain(t *testing.T) {
	_, a := newDepot(t)
	w := shipment.Watch{Carrier: "Depot Express", Tracking: "DE 1"}
	first, err := a.Track(t.Context(), w)
	if err != nil || len(first.Scans) != 1 || first.Mark != `"v7"` {
		t.Fatalf("first: %+v, %v", first, err)
	}
	w.Mark = first.Mark
	if again, err := a.Track(t.Context(), w); err != nil || len(again.Scans) != 0 || again.Mark != first.Mark {
		t.Errorf("again: %+v, %v", again, err)
	}
	if none, err := a.Track(t.Context(), shipment.Watch{Carrier: "Depot Express", Tracking: "DE 2"}); err != nil || len(none.Scans) != 0 {
		t.Errorf("a parcel that was not scanned: %+v, %v", none, err)
	}
	for name, want := range map[string]bool{"depot EXPRESS": true, "own": true, "YTO": false} {
		if a.Carries(name, "") != want {
			t.Errorf("Carries(%q) is not %v", name, want)
		}
	}
}

func TestABookingIsMadeOnceFoundAndCancelled(t *testing.T) {
	d, a := newDepot(t)
	b := shipment.Booking{ID: "book_1", Method: shipment.PickUp, Place: "am", From: now, To: now.Add(time.Hour), Sender: shipment.Address{Name: "Zoë"}}
	if _, err := a.Find(t.Context(), b); !errors.Is(err, shipment.ErrAbsent) {
		t.Errorf("before: %v", err)
	}
	d.lose = true
	if _, err := a.Book(t.Context(), b); err == nil {
		t.Error("a lost answer was taken for one")
	}
	d.lose = false
	found, err := a.Find(t.Context(), b)
	want := shipment.Booked{Reference: "R-book_1", Carrier: "Depot Express", Tracking: "DE0001", Slip: "https://depot.example/l.pdf"}
	if diff := cmp.Diff(want, found); err != nil || diff != "" || len(d.booked) != 1 {
		t.Errorf("found %v %s", err, diff)
	}
	for range 2 {
		if err := a.Cancel(t.Context(), b); err != nil {
			t.Error(err)
		}
	}
	if err := a.Cancel(t.Context(), shipment.Booking{ID: "book_2"}); err != nil {
		t.Errorf("what was never booked: %v", err)
	}
	if found, err := a.Find(t.Context(), b); err != nil || !found.Gone {
		t.Errorf("after cancelling: %+v, %v", found, err)
	}
	slots, err := a.Slots(t.Context(), shipment.Address{City: "X"}, now)
	if err != nil || len(slots) != 1 || slots[0].Carrier != carrier.Name || slots[0].Left != 2 {
		t.Errorf("slots %+v, %v", slots, err)
	}
	wish, err := a.Intercept(t.Context(), shipment.Interception{Key: "par_1", Carrier: "Depot Express", Tracking: "DE0001"})
	if err != nil || wish != shipment.Asked || d.wishes["par_1"] != "DE0001" {
		t.Errorf("interception %s, %v, %v", wish, err, d.wishes)
	}
}

func TestAnswersMeanWhatTheyMean(t *testing.T) {
	d, a := newDepot(t)
	status := func(code int, header, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			if name, value, ok := strings.Cut(header, ": "); ok {
				w.Header().Set(name, value)
			}
			w.WriteHeader(code)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	tests := []struct {
		name    string
		trouble func(http.ResponseWriter, *http.Request) bool
		check   func(err error) bool
	}{
		{"422 is a no", status(422, "", `{"reason":"too heavy"}`), func(err error) bool {
			no, ok := errors.AsType[*shipment.Declined](err)
			return ok && no.Reason == "too heavy"
		}},
		{"409 without words is a no", status(409, "", ``), func(err error) bool { _, ok := errors.AsType[*shipment.Declined](err); return ok }},
		{"501 is not offered", status(501, "", ``), func(err error) bool { return errors.Is(err, shipment.ErrNotOffered) }},
		{"429 asks for patience", status(429, "Retry-After: 120", ``), func(err error) bool {
			slow, ok := errors.AsType[*shipment.Slow](err)
			return ok && slow.Until == 2*time.Minute
		}},
		{"500 is not known", status(500, "", `{"reason":"no"}`), unknown},
		{"403 is not known", status(403, "", `{"reason":"no"}`), unknown},
		{"a redirect is not followed", status(302, "Location: https://elsewhere.example/", ``), unknown},
		{"half an answer is not known", status(200, "", `{"reference":`), unknown},
		{"an endless answer is not known", status(200, "", strings.Repeat(" ", 1<<20+1)), unknown},
	}
	for _, test := range tests {
		d.trouble = test.trouble
		_, err := a.Book(t.Context(), shipment.Booking{ID: "book_1"})
		if err == nil || !test.check(err) {
			t.Errorf("%s: %v", test.name, err)
		}
		if strings.Contains(fmt.Sprint(err), "127.0.0.1") {
			t.Errorf("%s: the error names the address: %v", test.name, err)
		}
	}
}

func unknown(err error) bool {
	_, no := errors.AsType[*shipment.Declined](err)
	return !no && !errors.Is(err, shipment.ErrNotOffered) && !errors.Is(err, shipment.ErrAbsent)
}
