package easypost_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/connect/easypost"
	"github.com/aftercare/aftercare/goods/shipment"
)

const (
	key    = "EZTKtest"
	secret = "sécret" // NFKD changes it
)

var tomorrow = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// post is EasyPost as its documents describe it, with books that a test can
// read, and a bad line.
type post struct {
	mu        sync.Mutex
	shipments map[string]map[string]any // by id
	pickups   map[string]map[string]any
	trackers  map[string]map[string]any
	byRef     map[string]string
	bought    map[string]int
	lose      string // the end of a path whose answer is lost once, after acting
	noPickup  bool
	noRefund  bool
	busy      int
}

func newPost(t *testing.T) (*post, *easypost.Adapter) {
	p := &post{shipments: map[string]map[string]any{}, pickups: map[string]map[string]any{}, trackers: map[string]map[string]any{}, byRef: map[string]string{}, bought: map[string]int{}}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return p, easypost.New(easypost.Options{URL: server.URL + "/v2", Key: key, Secret: secret, Names: []string{"USPS", "DHL Express"}})
}

type object = map[string]any

func (p *post) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	answer := func(status int, v any) {
		if p.lose != "" && strings.HasSuffix(r.Method+r.URL.Path, p.lose) {
			p.lose = ""
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	no := func(status int, code string) { answer(status, object{"error": object{"code": code, "message": "no"}}) }
	if user, _, _ := r.BasicAuth(); user != key {
		no(http.StatusUnauthorized, "APIKEY.INVALID")
		return
	}
	if p.busy > 0 {
		p.busy--
		w.Header().Set("Retry-After", "30")
		no(http.StatusTooManyRequests, "RATE_LIMITED")
		return
	}
	var in object
	_ = json.NewDecoder(r.Body).Decode(&in)
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/v2/"), "/")
	id := ""
	if len(parts) > 1 {
		if id = parts[1]; p.byRef[parts[0]+id] != "" {
			id = p.byRef[parts[0]+id]
		}
	}
	book := map[string]map[string]object{"shipments": p.shipments, "pickups": p.pickups, "trackers": p.trackers}[parts[0]]
	if id != "" && book[id] == nil {
		no(http.StatusNotFound, "NOT_FOUND")
		return
	}
	switch strings.Join(append([]string{r.Method, parts[0]}, parts[min(2, len(parts)):]...), " ") {
	case "GET shipments", "GET pickups", "GET trackers":
		answer(200, book[id])
	case "POST trackers":
		t := in["tracker"].(object)
		if t["carrier"] != "USPS" {
			no(422, "TRACKER.CREATE.ERROR")
			return
		}
		id := "trk_" + t["tracking_code"].(string)
		if p.trackers[id] == nil {
			p.trackers[id] = object{"id": id, "tracking_code": t["tracking_code"], "tracking_details": []object{}}
		}
		answer(201, p.trackers[id])
	case "POST shipments":
		s := in["shipment"].(object)
		to := s["to_address"].(object)
		if to["country"] != "US" || to["street1"] == "" || s["parcel"].(object)["weight"].(float64) < 35 { // ounces
			no(422, "ADDRESS.COUNTRY.INVALID")
			return
		}
		id := "shp_" + s["reference"].(string)
		p.byRef["shipments"+s["reference"].(string)] = id
		p.shipments[id] = object{"id": id, "is_return": s["is_return"], "refund_status": nil, "rates": []object{
			{"id": "rate_1", "carrier": "UPS", "service": "Ground", "rate": "12.10"}, {"id": "rate_2", "carrier": "USPS", "service": "GroundAdvantage", "rate": "9.45"}}}
		answer(201, p.shipments[id])
	case "POST shipments buy":
		s := book[id]
		if s["postage_label"] != nil {
			no(422, "SHIPMENT.POSTAGE.EXISTS")
			return
		}
		if in["rate"].(object)["id"] != "rate_2" {
			no(422, "SHIPMENT.POSTAGE.FAILURE")
			return
		}
		p.bought["label"]++
		s["tracking_code"], s["postage_label"] = "9400100000001", object{"label_url": "https://labels.easypost.example/1.png"}
		s["selected_rate"] = s["rates"].([]object)[1]
		answer(200, s)
	case "POST shipments refund":
		s := book[id]
		if s["refund_status"] = "submitted"; p.noRefund {
			s["refund_status"] = "rejected"
		}
		answer(200, s)
	case "POST pickups":
		u := in["pickup"].(object)
		id := "pickup_" + u["reference"].(string)
		p.byRef["pickups"+u["reference"].(string)] = id
		rates := []object{{"carrier": "USPS", "service": "NextDay", "rate": "0.00"}, {"carrier": "UPS", "service": "Sameday", "rate": "-"}}
		if p.noPickup {
			rates = nil
		}
		p.pickups[id] = object{"id": id, "status": "unknown", "pickup_rates": rates}
		answer(201, p.pickups[id])
	case "POST pickups buy":
		if in["carrier"] != "USPS" || in["service"] != "NextDay" {
			no(422, "PICKUP.BUY.ERROR")
			return
		}
		p.bought["pickup"]++
		book[id]["status"] = "scheduled"
		answer(200, book[id])
	case "POST pickups cancel":
		book[id]["status"] = "canceled"
		answer(200, book[id])
	default:
		no(http.StatusNotFound, "NOT_FOUND")
	}
}

func booking(method shipment.Method) shipment.Booking {
	at := func(name string) shipment.Address {
		return shipment.Address{Name: name, Lines: []string{"1 Main St", "Dock 2", "Rear"}, City: "Austin", Region: "TX", Postcode: "78701", ISO: "US"}
	}
	return shipment.Booking{ID: "book_1", Method: method, Direction: shipment.Return, Sender: at("Zoë"), Receiver: at("Depot"), From: tomorrow, To: tomorrow.Add(4 * time.Hour), State: shipment.BookRequested}
}

// persist asks as the job does, until there is an answer.
func persist(t *testing.T, a *easypost.Adapter, b shipment.Booking) (shipment.Booked, error) {
	t.Helper()
	for try := range 10 {
		got, err := shipment.Booked{}, shipment.ErrAbsent
		if try > 0 {
			got, err = a.Find(t.Context(), b)
		}
		if errors.Is(err, shipment.ErrAbsent) {
			got, err = a.Book(t.Context(), b)
		}
		_, no := errors.AsType[*shipment.Declined](err)
		if err == nil || no {
			return got, err
		}
	}
	t.Fatal("no answer")
	return shipment.Booked{}, nil
}

func TestALabelAndAPickUpAreBoughtOnceWhicheverAnswerIsLost(t *testing.T) {
	for _, lose := range []string{"", "POST/v2/shipments", "shp_book_1/buy", "POST/v2/pickups", "pickup_book_1/buy", "GET/v2/shipments/book_1", "GET/v2/pickups/book_1"} {
		p, a := newPost(t)
		p.lose = lose
		got, err := persist(t, a, booking(shipment.PickUp))
		want := shipment.Booked{Reference: "shp_book_1 pickup_book_1", Carrier: "USPS", Tracking: "9400100000001", Slip: "https://labels.easypost.example/1.png"}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("lost %q: %v %s", lose, err, diff)
		}
		if diff := cmp.Diff(map[string]int{"label": 1, "pickup": 1}, p.bought); diff != "" || len(p.shipments) != 1 {
			t.Errorf("lost %q: bought %s", lose, diff)
		}
	}
}

func TestALabelWhosePickUpIsDeclinedIsGivenBack(t *testing.T) {
	for _, lose := range []string{"", "refund"} {
		p, a := newPost(t)
		p.noPickup, p.lose = true, lose
		_, err := persist(t, a, booking(shipment.PickUp))
		if _, no := errors.AsType[*shipment.Declined](err); !no || p.shipments["shp_book_1"]["refund_status"] != "submitted" {
			t.Errorf("lost %q: %v, %v", lose, err, p.shipments)
		}
	}
}

func TestWhatWasBoughtIsCancelledAsOftenAsItIsSaid(t *testing.T) {
	p, a := newPost(t)
	b := booking(shipment.PickUp)
	got, err := persist(t, a, b)
	if err != nil {
		t.Fatal(err)
	}
	b.Reference = got.Reference
	for range 2 {
		if err := a.Cancel(t.Context(), b); err != nil {
			t.Error(err)
		}
	}
	if p.pickups["pickup_book_1"]["status"] != "canceled" || p.shipments["shp_book_1"]["refund_status"] != "submitted" {
		t.Errorf("%v %v", p.pickups, p.shipments)
	}
	if found, err := a.Find(t.Context(), b); err != nil || !found.Gone {
		t.Errorf("found %+v, %v", found, err)
	}
	q, a := newPost(t)
	q.noRefund = true
	b = booking(shipment.DropOff)
	if got, err = persist(t, a, b); err != nil {
		t.Fatal(err)
	}
	b.Reference = got.Reference
	if _, no := errors.AsType[*shipment.Declined](a.Cancel(t.Context(), b)); !no {
		t.Error("a label that is not paid back counts as cancelled")
	}
}

func TestAnAddressThatEasyPostDoesNotTakeIsANo(t *testing.T) {
	_, a := newPost(t)
	b := booking(shipment.DropOff)
	b.Receiver.ISO = ""
	_, err := a.Book(t.Context(), b)
	if no, ok := errors.AsType[*shipment.Declined](err); !ok || !strings.Contains(no.Reason, "ADDRESS.COUNTRY.INVALID") {
		t.Errorf("%v", err)
	}
	p, a := newPost(t)
	p.busy = 1
	_, err = a.Book(t.Context(), b)
	if slow, ok := errors.AsType[*shipment.Slow](err); !ok || slow.Until != 30*time.Second {
		t.Errorf("busy: %v", err)
	}
	server := httptest.NewServer(p)
	defer server.Close()
	wrong := easypost.New(easypost.Options{URL: server.URL + "/v2", Key: "wrong"})
	if _, err := wrong.Book(t.Context(), b); err == nil {
		t.Error("a wrong key books")
	} else if _, no := errors.AsType[*shipment.Declined](err); no {
		t.Errorf("a wrong key is the carrier's no: %v", err)
	}
}

func detail(status, what, message, at string) object {
	return object{"status": status, "status_detail": what, "message": message, "datetime": at, "tracking_location": object{"city": "AUSTIN", "state": "TX", "country": nil}}
}

var details = []object{
	detail("pre_transit", "label_created", "Label made", "2026-03-01T08:00:00Z"),
	detail("in_transit", "received_at_origin_facility", "Accepted", "2026-03-01T09:00:00Z"),
	detail("in_transit", "arrived_at_facility", "Arrived", "2026-03-01T10:00:00-05:00"),
	detail("available_for_pickup", "arrived_at_pickup_location", "Ready", "2026-03-02T09:00:00Z"),
	detail("failure", "delivery_exception", "Animal", "2026-03-02T10:00:00Z"),
	detail("return_to_sender", "return", "Return to sender", "2026-03-02T11:00:00Z"),
	detail("return_to_sender", "return", "Delivered, to original sender", "2026-03-03T11:00:00Z"),
	detail("failure", "lost", "Lost", "2026-03-04T11:00:00Z"),
	detail("delivered", "arrived_at_destination", "Delivered", "2026-03-05T11:00:00Z"),
}

func TestDetailsBecomeScans(t *testing.T) {
	p, a := newPost(t)
	w := shipment.Watch{Carrier: "usps", Tracking: "9400"}
	first, err := a.Track(t.Context(), w)
	if err != nil || first.Mark != "trk_9400" || len(first.Scans) != 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	p.trackers["trk_9400"]["tracking_details"] = details
	w.Mark = first.Mark
	r, err := a.Track(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range r.Scans {
		got = append(got, s.At.Format("02 15:04 ")+string(s.Status))
	}
	want := []string{"01 09:00 handed_over", "01 15:00 in_transit", "02 09:00 out_for_delivery", "02 10:00 exception", "02 11:00 refused",
		"03 11:00 returned", "04 11:00 lost", "05 11:00 delivered"}
	if diff := cmp.Diff(want, got); diff != "" || r.Scans[0].Place != "AUSTIN, TX" {
		t.Errorf("%s %s", r.Scans[0].Place, diff)
	}
}

func event(t *testing.T, description string, mac string) shipment.Hook {
	t.Helper()
	body, err := json.Marshal(object{"id": "evt_1", "object": "Event", "description": description,
		"result": object{"object": "Tracker", "id": "trk_1", "tracking_code": "9400", "tracking_details": details[:2]}})
	if err != nil {
		t.Fatal(err)
	}
	h := hmac.New(sha256.New, []byte(mac))
	h.Write(body)
	header := http.Header{}
	header.Set("X-Hmac-Signature", "hmac-sha256-hex="+hex.EncodeToString(h.Sum(nil)))
	return shipment.Hook{Header: header, Body: body}
}

func TestAnEventIsBelievedOnlyWhenItIsSigned(t *testing.T) {
	_, a := newPost(t)
	decomposed := "se\u0301cret"
	heard, err := a.Hear(event(t, "tracker.updated", decomposed))
	if err != nil || heard.ID != "evt_1" || len(heard.Scans) != 1 || heard.Scans[0].Tracking != "9400" {
		t.Errorf("%+v, %v", heard, err)
	}
	if heard, err := a.Hear(event(t, "batch.created", decomposed)); err != nil || len(heard.Scans) != 0 {
		t.Errorf("of something else: %+v, %v", heard, err)
	}
	changed := event(t, "tracker.updated", decomposed)
	changed.Body = append(changed.Body, ' ')
	for name, hook := range map[string]shipment.Hook{"another secret": event(t, "tracker.updated", "guessed"), "another text": changed, "none": {Body: changed.Body}} {
		if _, err := a.Hear(hook); !errors.Is(err, shipment.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	unset := easypost.New(easypost.Options{Key: key})
	if _, err := unset.Hear(event(t, "tracker.updated", "")); !errors.Is(err, shipment.ErrForged) {
		t.Errorf("without a secret everything is forged: %v", err)
	}
}
