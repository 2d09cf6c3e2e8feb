package mention_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/mention"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/customer"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// desk is a shop with four people, one case of the shop and one of a seller.
type desk struct {
	*testing.T
	h       http.Handler
	d       *db.DB
	clock   *dbtest.Clock
	queue   *job.Queue
	cases   *cases.Service
	told    *mention.Service
	letters []mention.Letter
}

var staff = map[string]account.Account{
	"ann":  {ID: "ann", Name: "Ann", Role: role.Agent},
	"bob":  {ID: "bob", Name: "Bob", Role: role.Supervisor},
	"sel":  {ID: "sel", Name: "Sela", Role: role.Seller, Seller: "sel_1"},
	"gone": {ID: "gone", Name: "Gone", Role: role.Agent},
}

func (d *desk) actor(who string) actor.Actor {
	a := staff[who]
	a.Tenant = "main"
	return a.Actor("")
}

func (d *desk) as(who string) apitest.Option { return apitest.As(d.actor(who)) }

func each(t *testing.T, test func(d *desk)) {
	schemas := []db.Schema{event.Schema, job.Schema, httpapi.Schema, account.Schema, session.Schema, customer.Schema, cases.Schema, mention.Schema}
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, store *db.DB, clock *dbtest.Clock) {
		d := &desk{T: t, d: store, clock: clock, queue: job.NewQueue(store, slog.New(slog.DiscardHandler)), cases: &cases.Service{Store: store}}
		d.told = &mention.Service{Store: store, Queue: d.queue, Send: func(_ context.Context, l mention.Letter) error {
			d.letters = append(d.letters, l)
			return nil
		}}
		d.told.Jobs(d.queue)
		d.write(func(tx *db.Tx) error {
			for id, a := range staff {
				state := "active"
				if id == "gone" {
					state = "disabled"
				}
				if _, err := tx.Exec(t.Context(), insertStaff, id, id+"@shop.example", a.Name, a.Role, a.Seller, state); err != nil {
					return err
				}
			}
			for id, seller := range map[string]string{"case_1": "", "case_2": "sel_1"} {
				if _, err := tx.Exec(t.Context(), insertCase, id, seller); err != nil {
					return err
				}
			}
			return nil
		})
		a := apitest.New(store, role.Allow)
		mention.Routes(a)
		d.h = a.Handler()
		test(d)
	})
}

const insertStaff = `
	insert into account_staff (tenant, id, email, email_key, name, role, seller, language, state, password, version, created_at)
	values ('main', $1, $2, $2, $3, $4, $5, 'en', $6, '', 1, 0)`

const insertCase = `
	insert into cases_case (tenant, id, number, kind, state, closed_as, version, order_id, order_number, customer, name, seller, currency, quoted, refunded,
		title, quantity, reason, language, comment, items, decision, policy, policy_version, terms, quote, timer, deadline, tracking, opened_at, updated_at, assignee)
	values ('main', $1, $1, 'return_refund', 'submitted', '', 1, 'ord_1', 'SO-1', '', '', $2, 'CNY', 100, 0,
		'Kettle', 1, 'defective', 'en', '', '[]', '{}', 'standard', 1, '{}', '{}', '', 0, '', 1772420400000, 1772420400000, '')`

func (d *desk) write(f func(tx *db.Tx) error) {
	d.Helper()
	if err := d.d.Write(d.Context(), f); err != nil {
		d.Fatal(err)
	}
}

// note writes a note that names people, and returns its event.
func (d *desk) note(by, caseID, text string, who ...string) event.Event {
	d.Helper()
	d.write(func(tx *db.Tx) error {
		_, err := d.cases.Act(d.Context(), tx, d.actor(by), caseID, 0, cases.Input{Action: cases.Note, Comment: text, Mentions: who})
		return err
	})
	all := d.history(caseID)
	return all[len(all)-1]
}

func (d *desk) history(caseID string) (all []event.Event) {
	d.Helper()
	d.write(func(tx *db.Tx) (err error) {
		all, err = event.History(d.Context(), tx, "main", "case", caseID)
		return err
	})
	return all
}

// follow lets the mentions hear an event, twice.
func (d *desk) follow(e event.Event) {
	d.Helper()
	_, react := d.told.Events()
	for range 2 {
		d.write(func(tx *db.Tx) error { return react(d.Context(), tx, e) })
	}
}

func (d *desk) list(who string) (texts []string, unread any) {
	d.Helper()
	a := apitest.Do(d, d.h, "GET", "/v1/mentions", d.as(who)).Want(d, 200, "")
	var out struct{ Items []struct{ By, Text string } }
	a.Into(d, &out)
	for _, m := range out.Items {
		texts = append(texts, m.By+": "+m.Text)
	}
	return texts, a.At("unread")
}

func (d *desk) work() {
	d.Helper()
	if _, err := d.queue.RunDue(d.Context()); err != nil {
		d.Fatal(err)
	}
}

func TestAMentionIsToldOnceAndReadByItsPersonOnly(t *testing.T) {
	each(t, func(d *desk) {
		e := d.note("ann", "case_1", "look @Bob", "bob", "bob", "ann")
		d.follow(e)
		texts, unread := d.list("bob")
		if diff := cmp.Diff([]string{"Ann: look @Bob"}, texts); diff != "" || unread != float64(1) {
			d.Errorf("%v unread, %s", unread, diff)
		}
		if texts, _ := d.list("ann"); texts != nil {
			d.Errorf("who writes is told %v", texts)
		}
		apitest.Do(d, d.h, "POST", "/v1/mentions/read", d.as("ann"), apitest.Body(map[string]any{"ids": []string{e.ID}})).Want(d, 404, "mention.unknown")
		apitest.Do(d, d.h, "POST", "/v1/mentions/read", d.as("bob"), apitest.Body(map[string]any{"ids": []string{e.ID}})).Want(d, 204, "")
		if _, unread := d.list("bob"); unread != float64(0) {
			d.Errorf("%v unread after reading", unread)
		}
		d.clock.Add(2 * time.Minute)
		if d.work(); len(d.letters) > 0 {
			d.Errorf("an e-mail about what was read: %v", d.letters)
		}
	})
}

func TestWhoMayNotSeeTheCaseIsNotTold(t *testing.T) {
	each(t, func(d *desk) {
		e := d.note("ann", "case_1", "who?", "sel", "gone", "bob")
		d.follow(e)
		if texts, _ := d.list("sel"); texts != nil {
			d.Errorf("the seller hears of the shop's case: %v", texts)
		}
		var fact cases.Noted
		if err := jsonOf(e, &fact); err != nil {
			d.Fatal(err)
		}
		want := []cases.Mentioned{{ID: "sel", Name: "Sela"}, {ID: "gone", Name: "Gone"}, {ID: "bob", Name: "Bob", Told: true}}
		if diff := cmp.Diff(want, fact.Mentions); diff != "" {
			d.Errorf("the writer is told (-want +got): %s", diff)
		}
		d.follow(d.note("ann", "case_2", "yours", "sel"))
		if texts, _ := d.list("sel"); len(texts) != 1 {
			d.Errorf("of the own case the seller hears %v", texts)
		}
		for _, who := range []string{"nobody", "bob"} { // a seller's people do not know the shop's
			err := d.d.Write(d.Context(), func(tx *db.Tx) error {
				_, err := d.cases.Act(d.Context(), tx, d.actor("sel"), "case_2", 0, cases.Input{Action: cases.Note, Comment: "x", Mentions: []string{who}})
				return err
			})
			if err == nil {
				d.Errorf("the seller names %s", who)
			}
		}
	})
}

func TestANoteTakenBackIsAMentionNoMore(t *testing.T) {
	each(t, func(d *desk) {
		e := d.note("ann", "case_1", "wrong", "bob")
		d.follow(e)
		take := func(who, note string) error {
			return d.d.Write(d.Context(), func(tx *db.Tx) error {
				_, err := d.cases.TakeBack(d.Context(), tx, d.actor(who), "case_1", note)
				return err
			})
		}
		if err := take("bob", e.ID); err == nil {
			d.Error("somebody else takes it back")
		}
		for range 2 { // once is enough
			if err := take("ann", e.ID); err != nil {
				d.Fatal(err)
			}
		}
		if texts, _ := d.list("bob"); texts != nil { // also before it is forgotten
			d.Errorf("bob still reads %v", texts)
		}
		all := d.history("case_1")
		if len(all) != 2 {
			d.Errorf("%d events", len(all))
		}
		d.follow(all[1])
		if _, unread := d.list("bob"); unread != float64(0) {
			d.Errorf("%v unread", unread)
		}
		d.clock.Add(2 * time.Minute)
		if d.work(); len(d.letters) > 0 {
			d.Errorf("an e-mail about what was taken back: %v", d.letters)
		}
		late := d.note("ann", "case_1", "old")
		d.clock.Add(cases.TakeBackTime + time.Second)
		if err := take("ann", late.ID); err == nil {
			d.Error("an old note is taken back")
		}
	})
}

func TestEMailsComeToWhoWantsThem(t *testing.T) {
	each(t, func(d *desk) {
		e := d.note("ann", "case_1", "secret words", "bob")
		d.follow(e)
		d.work()
		if len(d.letters) > 0 {
			d.Error("an e-mail before there was time to read")
		}
		d.clock.Add(61 * time.Second)
		d.work()
		if len(d.letters) != 1 || d.letters[0].To.Email != "bob@shop.example" || d.letters[0].By != "Ann" || d.letters[0].Number != "case_1" {
			d.Fatalf("letters %+v", d.letters)
		}
		apitest.Do(d, d.h, "PUT", "/v1/mentions/choice", d.as("bob"), apitest.Body(map[string]any{"email": false})).Want(d, 204, "")
		d.follow(d.note("ann", "case_1", "again", "bob"))
		d.clock.Add(2 * time.Minute)
		if d.work(); len(d.letters) != 1 {
			d.Errorf("%d letters to who wants none", len(d.letters))
		}
	})
}
