package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/webhook"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

var (
	schemas = []db.Schema{event.Schema, job.Schema, httpapi.Schema, webhook.Schema}
	start   = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	admin   = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Name: "Su Qing", Role: role.Administrator}
	local   = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
)

// verified checks a request as the specification says, with nothing of ours.
func verified(head http.Header, body, secret string, now time.Time) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	var seconds int64
	if _, err := fmt.Sscan(head.Get("webhook-timestamp"), &seconds); err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.%s", head.Get("webhook-id"), seconds, body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return slices.ContainsFunc(strings.Fields(head.Get("webhook-signature")), func(s string) bool { return hmac.Equal([]byte(s), []byte(want)) })
}

func TestTheSpecificationsExampleIsSignedLikeThis(t *testing.T) {
	const secret, id, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", `{"test": 2432232314}`
	got, err := webhook.Signature(id, time.Unix(1614265330, 0), body, secret)
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("%s %v", got, err)
	}
}

// got is one request that a receiver took or refused.
type got struct {
	head http.Header
	body string
}

// receiver is a program that is told.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	all    []got
	status int
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{status: 204}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.all = append(r.all, got{q.Header.Clone(), string(body)})
		if r.status == 302 {
			w.Header().Set("Location", "http://127.0.0.1:1/")
		}
		w.WriteHeader(r.status)
		if r.status != 204 {
			_, _ = io.WriteString(w, "what the receiver says")
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(status int) { r.mu.Lock(); r.status = status; r.mu.Unlock() }

func (r *receiver) took() []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

type shop struct {
	*testing.T
	d     *db.DB
	clock *dbtest.Clock
	queue *job.Queue
	hooks *webhook.Service
	h     http.Handler
	n     int64
}

func eachShop(t *testing.T, allow []netip.Prefix, test func(s *shop)) {
	t.Helper()
	dbtest.EachAt(t, schemas, start, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		keys, err := secret.New([]byte("thirty-two bytes for these tests"))
		if err != nil {
			t.Fatal(err)
		}
		queue := job.NewQueue(d, slog.New(slog.DiscardHandler))
		s := &shop{T: t, d: d, clock: clock, queue: queue, hooks: webhook.New(d, queue, keys, allow)}
		s.hooks.Jobs(queue)
		a := apitest.New(d, role.Allow)
		s.hooks.Routes(a, []webhook.Kind{{Kind: "case.approved", Meaning: "Yes."}, {Kind: "session.started", Meaning: "Private."}}, numbers)
		s.h = a.Handler()
		test(s)
	})
}

// numbers are those of the cases of these tests.
func numbers(_ context.Context, _ *db.Tx, tenant string, ids []string) (map[string]audit.Place, error) {
	places := map[string]audit.Place{}
	for _, id := range ids {
		if n, ok := strings.CutPrefix(id, "case_"); ok && tenant == "main" {
			places[id] = audit.Place{ID: id, Number: "R-" + n}
		}
	}
	return places, nil
}

func (s *shop) do(method, path string, body any, options ...apitest.Option) apitest.Answer {
	s.Helper()
	options = append(options, apitest.As(admin))
	if body != nil {
		options = append(options, apitest.Body(body))
	}
	return apitest.Do(s.T, s.h, method, path, options...)
}

func (s *shop) add(url string, kinds ...string) (id, secret string) {
	s.Helper()
	made := s.do("POST", "/v1/webhooks", map[string]any{"name": "ERP", "url": url, "kinds": kinds}).Want(s.T, 201, "")
	return made.At("id").(string), made.At("secret").(string)
}

// happen lets the webhooks hear an event.
func (s *shop) happen(kind, subject string) event.Event {
	s.Helper()
	s.n++
	e := event.Event{ID: fmt.Sprintf("evt_%03d", s.n), Position: s.n, Tenant: "main", Stream: "case", Subject: subject, Version: s.n, Type: kind, Actor: actor.System, At: s.d.Now(), Data: json.RawMessage(`{"n":1}`)}
	_, react := s.hooks.Events()
	if err := s.d.Write(s.Context(), func(tx *db.Tx) error { return react(s.Context(), tx, e) }); err != nil {
		s.Fatal(err)
	}
	return e
}

func (s *shop) work() {
	s.Helper()
	if _, err := s.queue.RunDue(s.Context()); err != nil {
		s.Fatal(err)
	}
}

func (s *shop) log(id string) []any {
	s.Helper()
	return s.do("GET", "/v1/webhooks/"+id+"/deliveries", nil).Want(s.T, 200, "").At("items").([]any)
}

func TestEventsArriveSignedAndOnlyThoseThatAreWanted(t *testing.T) {
	eachShop(t, local, func(s *shop) {
		r := newReceiver(s.T)
		id, secret := s.add(r.URL, "case.approved", "payout.*")
		want := s.happen("case.approved", "case_1")
		s.happen("case.rejected", "case_1")
		s.happen("payout.succeeded", "pay_1")
		s.happen("session.started", "ses_1")
		s.work()
		took := r.took()
		if len(took) != 2 {
			s.Fatalf("%d requests", len(took))
		}
		for _, one := range took {
			if !verified(one.head, one.body, secret, s.d.Now()) || one.head.Get("Content-Type") != "application/json" {
				s.Errorf("%v %s", one.head, one.body)
			}
			if verified(one.head, one.body+" ", secret, s.d.Now()) {
				s.Error("another body has the same signature")
			}
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(took[0].body), &m); err != nil || took[0].head.Get("webhook-id") != want.ID || m["type"] != "case.approved" || m["subject"] != "case_1" || m["timestamp"] != "2026-03-02T02:00:00Z" {
			s.Errorf("%s %v", took[0].body, err)
		}
		entry := s.log(id)[1].(map[string]any)
		if entry["state"] != "delivered" || entry["status"] != 204.0 || entry["attempts"] != 1.0 || entry["request"] != took[0].body {
			s.Errorf("%v", entry)
		}
		if strings.Contains(fmt.Sprint(s.do("GET", "/v1/webhooks", nil).At("items")), "whsec_") {
			s.Error("the list shows a secret")
		}
	})
}

func TestOfOneCaseTheOrderIsKeptAndNothingIsLost(t *testing.T) {
	eachShop(t, local, func(s *shop) {
		r := newReceiver(s.T)
		id, _ := s.add(r.URL)
		r.answer(500)
		for range 3 {
			s.happen("case.noted", "case_1")
			s.work()
		}
		for _, one := range r.took() {
			if one.head.Get("webhook-id") != "evt_001" {
				s.Errorf("%s was sent before the first was taken", one.head.Get("webhook-id"))
			}
		}
		failed := s.do("GET", "/v1/webhooks/"+id, nil)
		if failed.At("failing_since") == nil || failed.At("waiting") != 3.0 {
			s.Errorf("%s", failed.Raw)
		}
		tried := len(r.took())
		r.answer(204)
		s.clock.Add(time.Hour)
		s.work()
		var ids []string
		for _, one := range r.took()[tried:] {
			ids = append(ids, one.head.Get("webhook-id"))
		}
		if !slices.Equal(ids, []string{"evt_001", "evt_002", "evt_003"}) {
			s.Errorf("%v", ids)
		}
		if now := s.do("GET", "/v1/webhooks/"+id, nil); now.At("failing_since") != nil || now.At("waiting") != 0.0 {
			s.Errorf("%s", now.Raw)
		}
	})
}

func TestAfterARotationBothSecretsSignForADay(t *testing.T) {
	eachShop(t, local, func(s *shop) {
		r := newReceiver(s.T)
		id, before := s.add(r.URL)
		after := s.do("POST", "/v1/webhooks/"+id+"/actions", map[string]any{"action": "rotate"}).Want(s.T, 200, "").At("secret").(string)
		check := func(old bool) {
			s.Helper()
			s.happen("case.noted", "case_1")
			s.work()
			last := r.took()[len(r.took())-1]
			if !verified(last.head, last.body, after, s.d.Now()) || verified(last.head, last.body, before, s.d.Now()) != old {
				s.Errorf("old %v: %v", old, last.head)
			}
		}
		check(true)
		s.clock.Add(25 * time.Hour)
		check(false)
	})
}

func TestAnEndpointThatNeverAnswersIsDisabledAndLosesNothing(t *testing.T) {
	eachShop(t, local, func(s *shop) {
		r := newReceiver(s.T)
		id, _ := s.add(r.URL)
		r.answer(503)
		s.happen("case.noted", "case_1")
		for range 40 {
			s.work()
			s.clock.Add(2 * time.Hour)
		}
		now := s.do("GET", "/v1/webhooks/"+id, nil)
		if now.At("state") != "disabled" || now.At("why") != "failing" || now.At("waiting") != 1.0 {
			s.Fatalf("%s", now.Raw)
		}
		s.do("POST", "/v1/webhooks/"+id+"/actions", map[string]any{"action": "ping"}).Want(s.T, 409, "webhook.move")
		tried := len(r.took())
		s.clock.Add(time.Hour)
		s.work()
		if len(r.took()) != tried {
			s.Error("a disabled endpoint is called")
		}
		r.answer(204)
		s.do("POST", "/v1/webhooks/"+id+"/actions", map[string]any{"action": "enable"}).Want(s.T, 200, "")
		s.work()
		if last := s.log(id)[0].(map[string]any); last["state"] != "delivered" {
			s.Errorf("%v", last)
		}
		var history []event.Event
		if err := s.d.Read(s.Context(), func(tx *db.Tx) (err error) {
			history, err = event.History(s.Context(), tx, "main", "webhook", id)
			return err
		}); err != nil || len(history) != 3 || history[1].Type != "webhook.gave_up" {
			s.Errorf("%v %v", history, err)
		}
		r.answer(410)
		s.happen("case.noted", "case_2")
		s.work()
		if gone := s.do("GET", "/v1/webhooks/"+id, nil); gone.At("why") != "gone" {
			s.Errorf("%s", gone.Raw)
		}
	})
}

func TestAPersonTestsAndSendsAgain(t *testing.T) {
	eachShop(t, local, func(s *shop) {
		r := newReceiver(s.T)
		id, _ := s.add(r.URL)
		r.answer(400)
		s.do("POST", "/v1/webhooks/"+id+"/actions", map[string]any{"action": "ping"}).Want(s.T, 200, "")
		s.work()
		entry := s.log(id)[0].(map[string]any)
		if entry["state"] != "failed" || entry["kind"] != "webhook.ping" || entry["answer"] != "what the receiver says" || entry["status"] != 400.0 {
			s.Fatalf("%v", entry)
		}
		r.answer(200)
		s.do("POST", "/v1/webhooks/"+id+"/deliveries/"+entry["id"].(string)+"/redeliver", nil).Want(s.T, 200, "")
		s.work()
		if entry := s.log(id)[0].(map[string]any); entry["state"] != "delivered" {
			s.Errorf("%v", entry)
		}
		s.do("POST", "/v1/webhooks/"+id+"/deliveries/whd_none/redeliver", nil).Want(s.T, 404, "webhook.delivery_unknown")
	})
}

func TestTheLogTellsNumbersThatPeopleKnow(t *testing.T) {
	eachShop(t, local, func(s *shop) {
		r := newReceiver(s.T)
		id, _ := s.add(r.URL)
		s.happen("case.approved", "case_7")
		s.do("POST", "/v1/webhooks/"+id+"/actions", map[string]any{"action": "ping"}).Want(s.T, 200, "")
		test, approved := s.log(id)[0].(map[string]any), s.log(id)[1].(map[string]any)
		if approved["in"] != "case_7" || approved["number"] != "R-7" || test["in"] != nil || test["number"] != nil {
			s.Errorf("%v\n%v", approved, test)
		}
	})
}

func TestNothingInsideIsReached(t *testing.T) {
	eachShop(t, nil, func(s *shop) {
		for _, url := range []string{"http://example.com/", "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/",
			"https://100.64.1.1/", "https://user:pass@example.com/", "ftp://example.com/", "https:///path", "https://0.0.0.0/", "https://[fd00::1]/"} {
			s.do("POST", "/v1/webhooks", map[string]any{"name": "ERP", "url": url}).Want(s.T, 422, "webhook.invalid")
		}
		// A name is looked at when it is called: this one leads inside.
		id, _ := s.add("https://localhost:1/")
		s.do("POST", "/v1/webhooks/"+id+"/actions", map[string]any{"action": "ping"}).Want(s.T, 200, "")
		s.work()
		if entry := s.log(id)[0].(map[string]any); entry["error"] != "the address is inside a private network" {
			s.Errorf("%v", entry)
		}
		s.do("POST", "/v1/webhooks", map[string]any{"name": "", "url": "https://example.com", "kinds": []string{"session.started"}}).Want(s.T, 422, "webhook.invalid")
	})
	eachShop(t, local, func(s *shop) {
		r := newReceiver(s.T)
		id, _ := s.add(r.URL)
		r.answer(302)
		s.do("POST", "/v1/webhooks/"+id+"/actions", map[string]any{"action": "ping"}).Want(s.T, 200, "")
		s.work()
		if entry := s.log(id)[0].(map[string]any); entry["status"] != 302.0 || entry["state"] != "failed" || len(r.took()) != 1 {
			s.Errorf("%v", entry)
		}
	})
}

func TestOnlyAdministratorsManageWebhooks(t *testing.T) {
	eachShop(t, local, func(s *shop) {
		id, _ := s.add("https://example.com/")
		for _, name := range role.Roles {
			by := actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_9", Role: name}
			want, code := 403, "role.denied"
			if name == role.Administrator {
				want, code = 200, ""
			}
			apitest.Do(s.T, s.h, "GET", "/v1/webhooks/"+id, apitest.As(by)).Want(s.T, want, code)
		}
		key := actor.Actor{Tenant: "main", Kind: actor.Key, ID: "key_1", Scopes: "webhook.manage"}
		apitest.Do(s.T, s.h, "GET", "/v1/webhooks", apitest.As(key)).Want(s.T, 403, "role.denied")
		other := admin
		other.Tenant = "other"
		apitest.Do(s.T, s.h, "GET", "/v1/webhooks/"+id, apitest.As(other)).Want(s.T, 404, "webhook.unknown")
		if kinds := s.do("GET", "/v1/webhooks/kinds", nil).At("items").([]any); len(kinds) != 1 {
			s.Errorf("%v", kinds)
		}
		put := map[string]any{"name": "New", "url": "https://example.com/2"}
		s.do("PUT", "/v1/webhooks/"+id, put, apitest.Header("If-Match", `"7"`)).Want(s.T, 412, "webhook.stale")
		s.do("PUT", "/v1/webhooks/"+id, put, apitest.Header("If-Match", `"1"`)).Want(s.T, 200, "")
		s.do("DELETE", "/v1/webhooks/"+id, nil).Want(s.T, 204, "")
		s.do("GET", "/v1/webhooks/"+id, nil).Want(s.T, 404, "webhook.unknown")
	})
}
