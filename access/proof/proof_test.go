package proof_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/gate"
	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

var (
	schemas = []db.Schema{event.Schema, httpapi.Schema, job.Schema, tenant.Schema, session.Schema, account.Schema, apikey.Schema, proof.Schema}
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	blue    = actor.Actor{Tenant: "blue", Kind: actor.Nobody}
	red     = actor.Actor{Tenant: "red", Kind: actor.Nobody}
)

// desk stands for the rooms above: the orders that exist, and the messages sent.
type desk struct {
	mu      sync.Mutex
	holders map[string]proof.Holder // by tenant and number
	sent    []string
}

func (d *desk) byNumber(_ context.Context, _ *db.Tx, tenant, number string) ([]proof.Holder, error) {
	if number == "ONE" {
		return []proof.Holder{{Customer: "cus_lin", Order: "ord_a1"}}, nil
	}
	if number == "TWO" {
		return []proof.Holder{{Customer: "cus_lin", Order: "ord_2"}, {Customer: "cus_two", Order: "ord_3"}}, nil
	}
	if h, ok := d.holders[tenant+" "+number]; ok {
		return []proof.Holder{{Customer: "cus_other", Order: "ord_other", Email: "someone@else.example"}, h}, nil
	}
	return nil, nil
}

func (d *desk) byCustomer(_ context.Context, _ *db.Tx, tenant, customer string) (proof.Holder, bool, error) {
	for key, h := range d.holders {
		if strings.HasPrefix(key, tenant+" ") && h.Customer == customer {
			h.Order = ""
			return h, true, nil
		}
	}
	return proof.Holder{}, false, nil
}

func (d *desk) deliverLink(_ context.Context, to proof.Contact, link, _, language string) error {
	return d.deliver(context.Background(), to, link, language)
}

func (d *desk) deliver(_ context.Context, to proof.Contact, code, language string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent = append(d.sent, fmt.Sprintf("%s %s %s %s %s", to.Tenant, to.Channel, to.Address, language, code))
	return nil
}

type house struct {
	*testing.T
	store *db.DB
	clock *dbtest.Clock
	queue *job.Queue
	desk  *desk
	s     *proof.Service
	api   http.Handler
}

func each(t *testing.T, demo bool, test func(h house)) {
	t.Helper()
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		keys, err := secret.New(bytes.Repeat([]byte{7}, secret.Size))
		if err != nil {
			t.Fatal(err)
		}
		h := house{T: t, store: d, clock: clock, queue: job.NewQueue(d, slog.New(slog.DiscardHandler)), desk: &desk{holders: map[string]proof.Holder{
			"blue A1": {Customer: "cus_lin", Order: "ord_a1", Ref: "shop-7", Name: "Lin", Email: "Lin@Example.com", Phone: "+86 138-0013-8000", Language: "zh-CN"},
			"red R1":  {Customer: "cus_rot", Order: "ord_r1", Name: "Rot", Email: "rot@example.com", Language: "en"},
		}}}
		h.s = proof.New(proof.Options{
			Store: d, Keys: keys, Queue: h.queue, Base: "https://portal.example", Demo: demo, Deliver: h.desk.deliver, DeliverLink: h.desk.deliverLink,
			Book: proof.Book{ByNumber: h.desk.byNumber, ByCustomer: h.desk.byCustomer},
		})
		h.s.Jobs(h.queue)
		a := httpapi.New(httpapi.Options{DB: d, Identify: gate.New().Identify, Allow: role.Allow})
		h.s.Routes(a)
		h.api = a.Handler()
		for _, shop := range []string{"blue", "red"} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: shop, Name: shop, Host: shop + ".example", Zone: "UTC", Language: "en", Currency: "CNY"})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		test(h)
	})
}

func (h house) post(host, path string, body any, opts ...apitest.Option) apitest.Answer {
	h.Helper()
	opts = append(opts, func(r *http.Request) { r.Host = host + ".example" }, apitest.Body(body))
	return apitest.Do(h, h.api, "POST", path, opts...)
}

func (h house) lookup(host, number, contact string) apitest.Answer {
	h.Helper()
	return h.post(host, "/v1/my/lookup", map[string]string{"order_number": number, "contact": contact}, apitest.Header("Accept-Language", "zh-TW"))
}

func (h house) try(host, challenge, code string) apitest.Answer {
	h.Helper()
	return h.post(host, "/v1/my/session", map[string]string{"challenge": challenge, "code": code})
}

// sent runs the due jobs and returns the code of the last message.
func (h house) sent() (all []string, code string) {
	h.Helper()
	if _, err := h.queue.RunDue(h.Context()); err != nil {
		h.Fatal(err)
	}
	if len(h.desk.sent) == 0 {
		return nil, ""
	}
	last := h.desk.sent[len(h.desk.sent)-1]
	return h.desk.sent, last[len(last)-6:]
}

func wrongFor(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestACodeSentToTheOrdersContactSignsIn(t *testing.T) {
	tests := []struct{ number, contact, channel, masked, message string }{
		{"A1", "lin@example.com", "email", "l***@example.com", "blue email Lin@Example.com zh-TW "},
		{" #A1 ", " LIN@EXAMPLE.COM ", "email", "l***@example.com", "blue email Lin@Example.com zh-TW "},
		{"Ａ１", "ｌｉｎ＠example.com", "email", "l***@example.com", "blue email Lin@Example.com zh-TW "},
		{"A1", "13800138000", "sms", "13****00", "blue sms +86 138-0013-8000 zh-TW "},
		{"A1", "+86 138 0013 8000", "sms", "13****00", "blue sms +86 138-0013-8000 zh-TW "},
		{"A1", "0086-13800138000", "sms", "13****00", "blue sms +86 138-0013-8000 zh-TW "},
		{"A1", "（＋８６）１３８００１３８０００", "sms", "13****00", "blue sms +86 138-0013-8000 zh-TW "},
	}
	for _, test := range tests {
		t.Run(test.contact, func(t *testing.T) {
			each(t, false, func(h house) {
				a := h.lookup("blue", test.number, test.contact).Want(h, 202, "")
				want := map[string]any{"challenge": a.Text("challenge"), "channel": test.channel, "sent_to": test.masked, "expires_at": "2026-03-01T12:10:00Z"}
				if diff := cmp.Diff(want, a.JSON); diff != "" {
					h.Errorf("(-want +got):\n%s", diff)
				}
				all, code := h.sent()
				if len(all) != 1 || all[0] != test.message+code {
					h.Fatalf("sent %q, want %q and a code", all, test.message)
				}
				since := apitest.Events(h, h.store)
				in := h.try("blue", a.Text("challenge"), " "+code[:3]+" "+code[3:]).Want(h, 200, "")
				if in.Text("customer.id") != "cus_lin" || in.Text("customer.name") != "Lin" || in.Text("order") != "ord_a1" || in.Text("expires_at") != "2026-03-08T12:00:00Z" {
					h.Errorf("signed in as %s", in.Raw)
				}
				if diff := cmp.Diff([]string{"proof.succeeded", "session.started"}, since()); diff != "" {
					h.Errorf("events (-want +got):\n%s", diff)
				}
				c, err := http.ParseSetCookie(in.Header.Get("Set-Cookie"))
				if err != nil || c.Name != "aftercare_customer" || !c.HttpOnly {
					h.Fatalf("cookie %v, %v", c, err)
				}
				host := func(r *http.Request) { r.Host = "blue.example" }
				me := apitest.Do(h, h.api, "GET", "/v1/my/session", host, apitest.Cookie(c)).Want(h, 200, "")
				if diff := cmp.Diff(in.JSON, me.JSON); diff != "" {
					h.Errorf("who I am (-signed in +got):\n%s", diff)
				}
				apitest.Do(h, h.api, "GET", "/v1/my/session", func(r *http.Request) { r.Host = "red.example" }, apitest.Cookie(c)).Want(h, 401, "request.unauthenticated")
				apitest.Do(h, h.api, "DELETE", "/v1/my/session", host, apitest.Cookie(c)).Want(h, 204, "")
				apitest.Do(h, h.api, "GET", "/v1/my/session", host, apitest.Cookie(c)).Want(h, 401, "request.unauthenticated")
			})
		})
	}
}

// Nothing that a stranger can see depends on whether an order exists or whose
// it is: not the answer, not the tries, not their end.
func TestAWrongContactCannotBeToldFromARightOne(t *testing.T) {
	each(t, false, func(h house) {
		play := func(number, contact string) (log []string) {
			a := h.lookup("blue", number, contact)
			shape := fmt.Sprint(a.Status, slices.Sorted(maps.Keys(a.JSON.(map[string]any))), a.Text("channel"), a.Text("expires_at"), len(a.Text("challenge")))
			log = append(log, shape)
			for range proof.Tries + 2 {
				try := h.try("blue", a.Text("challenge"), "12345x")
				body := maps.Clone(try.JSON.(map[string]any))
				delete(body, "request_id")
				log = append(log, fmt.Sprint(try.Status, body))
			}
			return log
		}
		want := play("A1", "lin@example.com")
		if !strings.Contains(want[1], "attempts_left:4") || !strings.Contains(want[5], "attempts_left:0") || !strings.Contains(want[6], "proof.over") {
			h.Errorf("tries:\n%s", strings.Join(want, "\n"))
		}
		for name, got := range map[string][]string{
			"wrong contact":         play("A1", "eve@example.com"),
			"no such order":         play("A2", "lin@example.com"),
			"another tenant's":      play("R1", "rot@example.com"),
			"same number, not hers": play("A1", "lin@example.co"),
		} {
			if diff := cmp.Diff(want, got); diff != "" {
				h.Errorf("%s (-right +got):\n%s", name, diff)
			}
		}
		if all, _ := h.sent(); len(all) > 1 {
			h.Errorf("sent %q, want at most the right one", all)
		}
		var jobs, challenges int
		err := h.store.Read(h.Context(), func(tx *db.Tx) error {
			if err := tx.QueryRow(h.Context(), `select count(*) from job_job where kind = 'proof.send_code'`).Scan(&jobs); err != nil {
				return err
			}
			return tx.QueryRow(h.Context(), `select count(*) from proof_challenge`).Scan(&challenges)
		})
		if err != nil || jobs > 1 || challenges != 5 {
			h.Errorf("%d jobs and %d challenges, %v", jobs, challenges, err)
		}
	})
}

func TestANonMatchingChallengeCannotBeSolved(t *testing.T) {
	each(t, true, func(h house) { // a demonstration tells the code
		a := h.lookup("blue", "A1", "eve@example.com").Want(h, 202, "")
		h.try("blue", a.Text("challenge"), a.Text("demo_code")).Want(h, 401, "proof.wrong_code")
		b := h.lookup("blue", "A1", "lin@example.com").Want(h, 202, "")
		h.try("red", b.Text("challenge"), b.Text("demo_code")).Want(h, 401, "proof.over")
		h.try("blue", b.Text("challenge"), b.Text("demo_code")).Want(h, 200, "")
	})
}

func TestACodeIsUsedOnceAndExpires(t *testing.T) {
	each(t, false, func(h house) {
		a := h.lookup("blue", "A1", "lin@example.com").Want(h, 202, "")
		_, code := h.sent()
		h.try("blue", a.Text("challenge"), code).Want(h, 200, "")
		h.try("blue", a.Text("challenge"), code).Want(h, 401, "proof.over")
		for _, test := range []struct {
			after  time.Duration
			status int
			code   string
		}{{proof.Life - time.Millisecond, 200, ""}, {proof.Life, 401, "proof.over"}} {
			a := h.lookup("blue", "A1", "lin@example.com").Want(h, 202, "")
			_, code := h.sent()
			h.clock.Add(test.after)
			h.try("blue", a.Text("challenge"), code).Want(h, test.status, test.code)
		}
		h.try("blue", "chl_unknown", "123456").Want(h, 401, "proof.over")
	})
}

func TestFiveTriesHoweverManyArriveAtOnce(t *testing.T) {
	each(t, false, func(h house) {
		a := h.lookup("blue", "A1", "lin@example.com").Want(h, 202, "")
		_, code := h.sent()
		var all sync.WaitGroup
		var mu sync.Mutex
		codes := map[string]int{}
		for range 32 {
			all.Go(func() {
				got := h.try("blue", a.Text("challenge"), wrongFor(code))
				mu.Lock()
				defer mu.Unlock()
				codes[got.Code()]++
			})
		}
		all.Wait()
		if diff := cmp.Diff(map[string]int{"proof.wrong_code": proof.Tries, "proof.over": 32 - proof.Tries}, codes); diff != "" {
			h.Errorf("(-want +got):\n%s", diff)
		}
		h.try("blue", a.Text("challenge"), code).Want(h, 401, "proof.over")
	})
}

func TestARightCodeAtTheSameTimeSignsInOnce(t *testing.T) {
	each(t, false, func(h house) {
		a := h.lookup("blue", "A1", "lin@example.com").Want(h, 202, "")
		_, code := h.sent()
		var all sync.WaitGroup
		var mu sync.Mutex
		in := 0
		for range 8 {
			all.Go(func() {
				if got := h.try("blue", a.Text("challenge"), code); got.Status == 200 {
					mu.Lock()
					in++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if in != 1 {
			h.Errorf("%d sessions from one code, want 1", in)
		}
	})
}

func TestAskingIsLimited(t *testing.T) {
	each(t, false, func(h house) {
		for range 6 {
			h.lookup("blue", "A1", "lin@example.com").Want(h, 202, "")
		}
		a := h.lookup("blue", "A1", "LIN@example.com").Want(h, 429, "proof.too_many")
		if a.Text("until") != "2026-03-01T13:00:00Z" || a.Header.Get("Retry-After") != "3601" {
			h.Errorf("until %v, Retry-After %s", a.At("until"), a.Header.Get("Retry-After"))
		}
		h.lookup("blue", "A9", "lin@example.com").Want(h, 429, "proof.too_many")
		h.lookup("red", "A1", "lin@example.com").Want(h, 202, "")
		for range 6 {
			h.lookup("blue", "A1", "eve@example.com").Want(h, 202, "")
		}
		h.lookup("blue", "A1", "eve@example.com").Want(h, 429, "proof.too_many")
		for i := range 48 { // 60 from this network with the 12 above
			h.lookup("blue", "A1", fmt.Sprintf("x%d@example.com", i)).Want(h, 202, "")
		}
		h.lookup("blue", "A1", "y@example.com").Want(h, 429, "proof.too_many")
		h.clock.Add(proof.Window)
		h.lookup("blue", "A1", "lin@example.com").Want(h, 202, "")
	})
}

func TestInputThatIsNeitherIsRefused(t *testing.T) {
	each(t, false, func(h house) {
		for _, try := range [][2]string{
			{"A1", ""}, {"A1", "lin"}, {"A1", "@example.com"}, {"A1", "lin@"}, {"A1", "a@b@c.example"}, {"A1", "12345"}, {"A1", "1234567890123456"},
			{"A1", "13800138000x"}, {"", "lin@example.com"}, {" # ", "lin@example.com"},
		} {
			h.lookup("blue", try[0], try[1]).Want(h, 422, "proof.contact")
		}
		h.post("blue", "/v1/my/session", map[string]string{}).Want(h, 422, "request.invalid")
		h.post("blue", "/v1/my/session", map[string]string{"link": "x", "challenge": "y"}).Want(h, 422, "request.invalid")
	})
}

func TestACodeIsNotSentToAnotherContactOrTooLate(t *testing.T) {
	tests := []struct {
		name string
		do   func(h house)
	}{
		{"the contact changed", func(h house) {
			lin := h.desk.holders["blue A1"]
			lin.Email = "new@example.com"
			h.desk.holders["blue A1"] = lin
		}},
		{"the customer was erased", func(h house) { delete(h.desk.holders, "blue A1") }},
		{"the code expired", func(h house) { h.clock.Add(proof.Life) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			each(t, false, func(h house) {
				h.lookup("blue", "A1", "lin@example.com").Want(h, 202, "")
				test.do(h)
				if all, _ := h.sent(); len(all) != 0 {
					h.Errorf("sent %q", all)
				}
			})
		})
	}
}

func TestNothingPersonalIsStoredOrAnnounced(t *testing.T) {
	each(t, false, func(h house) {
		a := h.lookup("blue", "A1", "lin@example.com").Want(h, 202, "")
		_, code := h.sent()
		h.try("blue", a.Text("challenge"), wrongFor(code)).Want(h, 401, "proof.wrong_code")
		h.try("blue", a.Text("challenge"), code).Want(h, 200, "")
		err := h.store.Read(h.Context(), func(tx *db.Tx) error {
			text := func(row db.Scanner) (s string, err error) { return s, row.Scan(&s) }
			log, err := db.List(h.Context(), tx, text, `select type || ' ' || data || ' ' || actor_name from event_log where stream <> 'tenant' order by seq`)
			if err != nil {
				return err
			}
			want := []string{`proof.failed {"attempts":1} `, `proof.succeeded {"by":"code","order":"ord_a1"} `, `session.started {"kind":"customer"} `}
			if diff := cmp.Diff(want, log); diff != "" {
				h.Errorf("events (-want +got):\n%s", diff)
			}
			rows, err := db.List(h.Context(), tx, text, `select customer || order_id || channel || language || id from proof_challenge`)
			if len(rows) != 1 || strings.Contains(strings.ToLower(rows[0]), "example.com") || strings.Contains(rows[0], code) {
				h.Errorf("stored %q", rows)
			}
			return err
		})
		if err != nil {
			h.Fatal(err)
		}
	})
}

func TestCodesOfChallengesDiffer(t *testing.T) {
	each(t, true, func(h house) {
		seen := map[string]bool{}
		for i := range 30 {
			a := h.lookup("blue", "A1", fmt.Sprintf("x%d@example.com", i)).Want(h, 202, "")
			code := a.Text("demo_code")
			if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
				h.Fatalf("code %q", code)
			}
			seen[code] = true
		}
		if len(seen) < 29 {
			h.Errorf("%d different codes of 30", len(seen))
		}
	})
}

func TestWhatExpiredIsSwept(t *testing.T) {
	each(t, false, func(h house) {
		h.lookup("blue", "A2", "lin@example.com").Want(h, 202, "")
		h.clock.Add(proof.Window)
		err := h.store.Write(h.Context(), func(tx *db.Tx) error {
			return h.queue.Enqueue(h.Context(), tx, job.New{Tenant: "system", Kind: "proof.sweep"})
		})
		if err != nil {
			h.Fatal(err)
		}
		h.sent()
		var n int
		err = h.store.Read(h.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(h.Context(), `select (select count(*) from proof_challenge) + (select count(*) from proof_count)`).Scan(&n)
		})
		if err != nil || n != 0 {
			h.Errorf("%d rows left, %v", n, err)
		}
	})
}

// A refusal must not undo the count of the try, whatever the caller forgets.
func TestARefusalComesBesideANilError(t *testing.T) {
	each(t, false, func(h house) {
		a := h.lookup("blue", "A1", "lin@example.com").Want(h, 202, "")
		_, code := h.sent()
		for _, by := range []actor.Actor{red, blue} {
			var refused *fault.Fault
			err := h.store.Write(h.Context(), func(tx *db.Tx) (err error) {
				_, refused, err = h.s.Redeem(h.Context(), tx, by, a.Text("challenge"), wrongFor(code), session.New{})
				return err
			})
			if err != nil || refused == nil || !errors.Is(refused, proof.ErrCode) && !errors.Is(refused, proof.ErrOver) {
				h.Errorf("%s: refused %v, %v", by.Tenant, refused, err)
			}
		}
	})
}
