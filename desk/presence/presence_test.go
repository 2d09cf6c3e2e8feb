package presence_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/presence"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

func person(id, as, seller string) apitest.Option {
	return apitest.As(actor.Actor{Tenant: "main", Kind: actor.Staff, ID: id, Name: "Name of " + id, Role: as, Seller: seller})
}

var (
	ann    = person("ann", role.Agent, "")
	bob    = person("bob", role.Supervisor, "")
	seller = person("sel", role.Seller, "sel_1")
	other  = apitest.As(actor.Actor{Tenant: "other", Kind: actor.Staff, ID: "eve", Name: "Eve", Role: role.Administrator})
)

type house struct {
	*testing.T
	h     http.Handler
	clock *dbtest.Clock
}

func each(t *testing.T, test func(h house)) {
	dbtest.EachAt(t, []db.Schema{event.Schema, httpapi.Schema, cases.Schema, presence.Schema}, noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for id, seller := range map[string]string{"case_1": "", "case_2": "sel_1"} {
				if _, err := tx.Exec(t.Context(), insert, id, seller); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		a := apitest.New(d, role.Allow)
		(&presence.Service{Store: d}).Routes(a)
		test(house{t, a.Handler(), clock})
	})
}

// insert makes a case that can be read.
const insert = `
	insert into cases_case (tenant, id, number, kind, state, closed_as, version, order_id, order_number, customer, name, seller, currency, quoted, refunded,
		title, quantity, reason, language, comment, items, decision, policy, policy_version, terms, quote, timer, deadline, tracking, opened_at, updated_at, assignee)
	values ('main', $1, $1, 'return_refund', 'submitted', '', 1, 'ord_1', 'SO-1', '', '', $2, 'CNY', 100, 0,
		'Kettle', 1, 'defective', 'en', '', '[]', '{}', 'standard', 1, '{}', '{}', '', 0, '', 1772420400000, 1772420400000, '')`

func (h house) sit(who apitest.Option, id, page, doing string) apitest.Answer {
	h.Helper()
	return apitest.Do(h, h.h, "POST", "/v1/cases/"+id+"/presence", who, apitest.Body(map[string]any{"page": page, "doing": doing}))
}

// others are who else is there, as one line.
func (h house) others(a apitest.Answer) (all []string) {
	h.Helper()
	var out struct {
		Others []struct{ ID, Name, Doing string }
	}
	a.Want(h, 200, "").Into(h, &out)
	for _, o := range out.Others {
		all = append(all, fmt.Sprint(o.ID, " ", o.Doing))
	}
	return all
}

func TestPeopleAtOneCaseSeeEachOther(t *testing.T) {
	each(t, func(h house) {
		if got := h.others(h.sit(ann, "case_1", "a", "looking")); got != nil {
			h.Errorf("the first sees %v", got)
		}
		if diff := cmp.Diff([]string{"ann looking"}, h.others(h.sit(bob, "case_1", "b", "looking"))); diff != "" {
			h.Error(diff)
		}
		h.sit(bob, "case_1", "b", "acting")
		h.sit(bob, "case_1", "b2", "looking") // another page of the same person
		if diff := cmp.Diff([]string{"bob acting"}, h.others(h.sit(ann, "case_1", "a", "writing"))); diff != "" {
			h.Error(diff)
		}
		if got := h.others(h.sit(bob, "case_2", "b3", "looking")); got != nil {
			h.Errorf("at another case bob sees %v", got)
		}
		h.sit(bob, "case_1", "b", "gone")
		if diff := cmp.Diff([]string{"bob looking"}, h.others(h.sit(ann, "case_1", "a", "looking"))); diff != "" {
			h.Error(diff)
		}
	})
}

func TestASeatIsEmptySecondsAfterTheLastWord(t *testing.T) {
	each(t, func(h house) {
		h.sit(ann, "case_1", "a", "writing")
		h.clock.Add(presence.Life - time.Second)
		if got := h.others(h.sit(bob, "case_1", "b", "looking")); len(got) != 1 {
			h.Errorf("just before the end bob sees %v", got)
		}
		h.clock.Add(2 * time.Second)
		if got := h.others(h.sit(bob, "case_1", "b", "looking")); got != nil {
			h.Errorf("after the end bob still sees %v", got)
		}
	})
}

func TestOnlyWhoMaySeeACaseSitsAtIt(t *testing.T) {
	each(t, func(h house) {
		h.sit(ann, "case_2", "a", "looking")
		if got := h.others(h.sit(seller, "case_2", "s", "looking")); len(got) != 1 {
			h.Errorf("the seller of the goods sees %v", got)
		}
		h.sit(seller, "case_1", "s", "looking").Want(h, 404, "cases.unknown")
		h.sit(other, "case_1", "e", "looking").Want(h, 404, "cases.unknown")
		h.sit(ann, "case_0", "a", "looking").Want(h, 404, "cases.unknown")
		h.sit(ann, "case_1", "a", "sleeping").Want(h, 422, "request.invalid")
		customer := apitest.As(actor.Actor{Tenant: "main", Kind: actor.Customer, ID: "cus_1"})
		h.sit(customer, "case_1", "c", "looking").Want(h, 403, "role.denied")
		key := apitest.As(actor.Actor{Tenant: "main", Kind: actor.Key, ID: "key_1", Scopes: "case.read session.own"})
		h.sit(key, "case_1", "k", "looking").Want(h, 403, "role.denied")
	})
}
