package message_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/customer"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// desk is a shop with its people, two customers, one case of the shop and one of
// a seller, both of the first customer, and one that no customer has.
type desk struct {
	*testing.T
	h     http.Handler
	d     *db.DB
	clock *dbtest.Clock
	files *evidence.Service
	talk  *message.Service
}

var people = map[string]actor.Actor{
	"mei":     {Tenant: "main", Kind: actor.Customer, ID: "cus_1", Name: "Mei"},
	"other":   {Tenant: "main", Kind: actor.Customer, ID: "cus_2", Name: "Other"},
	"ann":     {Tenant: "main", Kind: actor.Staff, ID: "ann", Name: "Ann", Role: role.Agent},
	"bob":     {Tenant: "main", Kind: actor.Staff, ID: "bob", Name: "Bob", Role: role.Supervisor},
	"sel":     {Tenant: "main", Kind: actor.Staff, ID: "sel", Name: "Sela", Role: role.Seller, Seller: "sel_1"},
	"ware":    {Tenant: "main", Kind: actor.Staff, ID: "ware", Name: "Ware", Role: role.Warehouse},
	"foreign": {Tenant: "second", Kind: actor.Staff, ID: "x", Name: "X", Role: role.Administrator},
	"nobody":  {Tenant: "main", Kind: actor.Nobody},
}

func each(t *testing.T, test func(d *desk)) {
	schemas := []db.Schema{event.Schema, job.Schema, httpapi.Schema, account.Schema, session.Schema, evidence.Schema, customer.Schema, cases.Schema, message.Schema}
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, store *db.DB, clock *dbtest.Clock) {
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		d := &desk{T: t, d: store, clock: clock, files: evidence.New(store, blobs)}
		d.talk = &message.Service{Files: d.files}
		d.write(func(tx *db.Tx) error {
			for id, of := range map[string][2]string{"case_1": {"", "cus_1"}, "case_2": {"sel_1", "cus_1"}, "case_3": {"", ""}} {
				if _, err := tx.Exec(t.Context(), insertCase, id, of[1], of[0]); err != nil {
					return err
				}
			}
			return nil
		})
		a := apitest.New(store, role.Allow)
		d.talk.Routes(a)
		(&cases.Service{Store: store}).Routes(a)
		d.h = a.Handler()
		test(d)
	})
}

const insertCase = `
	insert into cases_case (tenant, id, number, kind, state, closed_as, version, order_id, order_number, customer, name, seller, currency, quoted, refunded,
		title, quantity, reason, language, comment, items, decision, policy, policy_version, terms, quote, timer, deadline, tracking, opened_at, updated_at, assignee)
	values ('main', $1, $1, 'return_refund', 'submitted', '', 1, 'ord_1', 'SO-1', $2, 'Mei', $3, 'CNY', 100, 0,
		'Kettle', 1, 'defective', 'en', '', '[]', '{}', 'standard', 1, '{}', '{}', '', 0, '', 1772420400000, 1772420400000, '')`

func (d *desk) write(f func(tx *db.Tx) error) {
	d.Helper()
	if err := d.d.Write(d.Context(), f); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) path(who, id string) string {
	if people[who].Kind == actor.Customer {
		return "/v1/my/cases/" + id + "/messages"
	}
	return "/v1/cases/" + id + "/messages"
}

func (d *desk) do(who, method, path string, body any) apitest.Answer {
	d.Helper()
	with := []apitest.Option{apitest.As(people[who])}
	if body != nil {
		with = append(with, apitest.Body(body))
	}
	return apitest.Do(d, d.h, method, path, with...)
}

// says has somebody write, with everything on the screen up to seen.
func (d *desk) says(who, id, text string, seen int64) message.View {
	d.Helper()
	var v message.View
	d.do(who, "POST", d.path(who, id), map[string]any{"text": text, "seen": seen}).Want(d, 201, "").Into(d, &v)
	return v
}

func (d *desk) reads(who, id string, to int64) {
	d.Helper()
	d.do(who, "POST", d.path(who, id)+"/read", map[string]any{"to": to}).Want(d, 204, "")
}

func (d *desk) thread(who, id string) (v message.ThreadView) {
	d.Helper()
	d.do(who, "GET", d.path(who, id), nil).Want(d, 200, "").Into(d, &v)
	return v
}

// texts are a conversation in short: who wrote what.
func texts(v message.ThreadView) (all []string) {
	for _, m := range v.Items {
		all = append(all, fmt.Sprintf("%d %s %s: %s", m.Seq, m.By, m.Name, m.Text))
	}
	return all
}

// listed is what the list of cases shows of the first one.
func (d *desk) listed(who, query string) (s []cases.Summary) {
	d.Helper()
	path := "/v1/cases"
	if people[who].Kind == actor.Customer {
		path = "/v1/my/cases"
	}
	var out struct{ Items []cases.Summary }
	d.do(who, "GET", path+query, nil).Want(d, 200, "").Into(d, &out)
	return out.Items
}

func (d *desk) one(who string) cases.Summary {
	d.Helper()
	for _, s := range d.listed(who, "") {
		if s.ID == "case_1" {
			return s
		}
	}
	d.Fatalf("%s sees no case", who)
	return cases.Summary{}
}

func (d *desk) picture(by actor.Actor) string {
	d.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16)), nil); err != nil {
		d.Fatal(err)
	}
	p, err := d.files.Upload(d.Context(), by, &b)
	if err != nil {
		d.Fatal(err)
	}
	return p.ID
}

func TestBothSidesReadAConversationAndHowFarTheOtherIs(t *testing.T) {
	each(t, func(d *desk) {
		d.says("mei", "case_1", "  The lid is\r\nbroken\u202e.  ", 0)
		if s := d.one("ann"); s.Unread != 1 || s.WroteAt == nil || !s.WroteAt.Equal(noon) {
			d.Errorf("the shop's list: %d unread, waits since %v", s.Unread, s.WroteAt)
		}
		if got := d.listed("ann", "?wrote=true"); len(got) != 1 || got[0].ID != "case_1" {
			d.Errorf("the list of who waits: %v", got)
		}
		d.clock.Add(time.Minute)
		d.reads("ann", "case_1", 1)
		if v := d.thread("mei", "case_1"); v.Seen != 1 || v.SeenAt == nil || !v.SeenAt.Equal(noon.Add(time.Minute)) {
			d.Errorf("the customer learns that %d was read at %v", v.Seen, v.SeenAt)
		}
		if s := d.one("ann"); s.Unread != 0 || s.WroteAt == nil {
			d.Error("reading is no answer")
		}
		d.says("ann", "case_1", "We send another.", 1)
		want := []string{"1 customer : The lid is\nbroken.", "2 shop : We send another."}
		if diff := cmp.Diff(want, texts(d.thread("mei", "case_1"))); diff != "" {
			d.Error(diff)
		}
		want[1] = "2 shop Ann: We send another."
		v := d.thread("bob", "case_1")
		if diff := cmp.Diff(want, texts(v)); diff != "" || v.WroteAt != nil || v.Seen != 0 {
			d.Errorf("waits %v, seen %d: %s", v.WroteAt, v.Seen, diff)
		}
		if s := d.one("mei"); s.Unread != 1 || s.WroteAt != nil {
			d.Errorf("the customer's list: %d unread, %v", s.Unread, s.WroteAt)
		}
		if got := d.listed("ann", "?wrote=true"); len(got) != 0 {
			d.Errorf("nobody waits: %v", got)
		}
		d.reads("mei", "case_1", 2)
		d.reads("mei", "case_1", 1) // never back
		if v := d.thread("ann", "case_1"); v.Seen != 2 || d.one("mei").Unread != 0 {
			d.Errorf("read up to %d", v.Seen)
		}
		d.do("mei", "POST", d.path("mei", "case_1")+"/read", map[string]any{"to": 9}).Want(d, 422, "message.place")
	})
}

func TestWhatCameInBetweenStillWaits(t *testing.T) {
	each(t, func(d *desk) {
		d.says("mei", "case_1", "one", 0)
		d.clock.Add(time.Minute)
		d.says("mei", "case_1", "two", 0)
		d.says("ann", "case_1", "to one", 1) // two was not on the screen
		s := d.one("ann")
		if s.Unread != 1 || s.WroteAt == nil || !s.WroteAt.Equal(noon.Add(time.Minute)) {
			d.Errorf("%d unread, waits since %v", s.Unread, s.WroteAt)
		}
		d.do("ann", "POST", "/v1/cases/case_1/messages/settle", map[string]any{"to": 2}).Want(d, 204, "")
		if s := d.one("ann"); s.Unread != 0 || s.WroteAt != nil {
			d.Errorf("settled: %d unread, waits since %v", s.Unread, s.WroteAt)
		}
		d.do("ann", "POST", "/v1/cases/case_1/messages", map[string]any{"text": "x", "seen": 9}).Want(d, 422, "message.place")
	})
}

func TestOnlyTheTwoSidesOfACaseTalk(t *testing.T) {
	each(t, func(d *desk) {
		for _, one := range []struct {
			who, id string
			read    int
			write   int
		}{
			{"mei", "case_1", 200, 201}, {"mei", "case_2", 200, 201}, {"other", "case_1", 404, 404}, {"mei", "case_3", 404, 404},
			{"ann", "case_1", 200, 201}, {"sel", "case_2", 200, 201}, {"sel", "case_1", 404, 404}, {"ware", "case_1", 200, 403},
			{"foreign", "case_1", 404, 404}, {"nobody", "case_1", 401, 401}, {"ann", "case_3", 200, 409}, {"ann", "case_9", 404, 404},
		} {
			d.do(one.who, "GET", d.path(one.who, one.id), nil).Want(d, one.read, code(one.read, ""))
			d.do(one.who, "POST", d.path(one.who, one.id), map[string]any{"text": "hello"}).Want(d, one.write, code(one.write, "message.nobody"))
		}
	})
}

func code(status int, conflict string) string {
	return map[int]string{404: "cases.unknown", 403: "role.denied", 401: "request.unauthenticated", 409: conflict}[status]
}

func TestMessagesHaveLimits(t *testing.T) {
	each(t, func(d *desk) {
		path := d.path("mei", "case_1")
		for _, text := range []string{"", " \n ", "\u0007", "\u202e"} {
			d.do("mei", "POST", path, map[string]any{"text": text}).Want(d, 422, "message.text")
		}
		if d.do("mei", "POST", path, map[string]any{"text": strings.Repeat("字", 4001)}).Status != 422 {
			d.Error("too long a text is taken")
		}
		d.says("mei", "case_1", strings.Repeat("字", 4000), 0)
		mine := d.picture(people["mei"])
		var v message.View
		d.do("mei", "POST", path, map[string]any{"files": []string{mine}}).Want(d, 201, "").Into(d, &v)
		if len(v.Files) != 1 || v.Files[0].ID != mine || v.Files[0].Kind != "photo" || v.Files[0].URL != "/v1/my/photos/"+mine {
			d.Errorf("the file: %+v", v.Files)
		}
		d.do("mei", "POST", path, map[string]any{"text": "x", "files": []string{d.picture(people["other"])}}).Want(d, 404, "evidence.unknown")
		for range 28 {
			d.says("mei", "case_1", "more", 0)
		}
		d.do("mei", "POST", path, map[string]any{"text": "too fast"}).Want(d, 429, "message.too_fast")
		d.says("ann", "case_1", "the shop still may", 0)
		d.clock.Add(time.Hour)
		d.says("mei", "case_1", "later", 0)
		if v := d.thread("mei", "case_1"); len(v.Items) != 32 || v.More {
			d.Errorf("%d messages, more %v", len(v.Items), v.More)
		}
		var some message.ThreadView
		d.do("mei", "GET", path+"?limit=10&before=20", nil).Want(d, 200, "").Into(d, &some)
		if len(some.Items) != 10 || some.Items[0].Seq != 10 || !some.More {
			d.Errorf("a page: %d from %d", len(some.Items), some.Items[0].Seq)
		}
	})
}

func TestOfManyWhoWriteAtOnceEachHasAPlace(t *testing.T) {
	each(t, func(d *desk) {
		var group sync.WaitGroup
		fails := make(chan error, 40)
		for i := range 20 {
			who := []string{"mei", "ann"}[i%2]
			group.Go(func() {
				fails <- d.d.Write(d.Context(), func(tx *db.Tx) error {
					_, err := d.talk.Write(d.Context(), tx, people[who], "case_1", message.New{Text: fmt.Sprintf("%s %d", who, i)})
					return err
				})
			})
			group.Go(func() {
				err := d.d.Write(d.Context(), func(tx *db.Tx) error { return d.talk.Read(d.Context(), tx, people[who], "case_1", 1) })
				if errors.Is(err, message.ErrPlace) { // nobody had written yet
					err = nil
				}
				fails <- err
			})
		}
		group.Wait()
		close(fails)
		for err := range fails {
			if err != nil {
				d.Error(err)
			}
		}
		v := d.thread("ann", "case_1")
		for i, m := range v.Items {
			if m.Seq != int64(i)+1 {
				d.Errorf("place %d holds %d", i+1, m.Seq)
			}
		}
		unread := 0
		for _, m := range v.Items {
			if m.By == message.Customer && m.Seq > v.Read {
				unread++
			}
		}
		if len(v.Items) != 20 || d.one("ann").Unread != int64(unread) {
			d.Errorf("%d messages; the list has %d unread, the conversation %d", len(v.Items), d.one("ann").Unread, unread)
		}
	})
}

func TestARequestThatIsRepeatedWritesOnce(t *testing.T) {
	each(t, func(d *desk) {
		for range 3 {
			apitest.Do(d, d.h, "POST", d.path("mei", "case_1"), apitest.As(people["mei"]), apitest.Key("k-1"),
				apitest.Body(map[string]any{"text": "hello"})).Want(d, 201, "")
		}
		if v := d.thread("mei", "case_1"); v.Last != 1 {
			d.Errorf("%d messages", v.Last)
		}
	})
}

func TestNobodyWritesToACustomerWhoWasErased(t *testing.T) {
	each(t, func(d *desk) {
		d.says("mei", "case_1", "my secret", 0)
		if !d.thread("ann", "case_1").Open {
			d.Fatal("there is somebody to write to")
		}
		d.write(func(tx *db.Tx) error {
			_, err := tx.Exec(context.WithoutCancel(d.Context()), `insert into customer_erased (tenant, customer, at) select tenant, customer, 1 from cases_case where id = $1`, "case_1")
			return err
		})
		apitest.Do(d, d.h, "POST", d.path("ann", "case_1"), apitest.As(people["ann"]), apitest.Body(map[string]any{"text": "Dear Mei"})).Want(d, 409, "message.nobody")
		if v := d.thread("ann", "case_1"); v.Open || v.Last != 1 || len(v.Items) != 1 {
			d.Errorf("%+v", v)
		}
	})
}

func TestAnErasedConversationTellsNothing(t *testing.T) {
	each(t, func(d *desk) {
		d.says("mei", "case_1", "my secret", 0)
		d.write(func(tx *db.Tx) error {
			_, err := event.Erase(context.WithoutCancel(d.Context()), tx, people["bob"], "message", "case_1", "asked")
			return err
		})
		if v := d.thread("ann", "case_1"); len(v.Items) != 0 || v.Last != 1 {
			d.Errorf("%v", texts(v))
		}
	})
}
