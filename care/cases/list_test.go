package cases_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

// made is a case as a list can tell it apart.
func made(i int, r *rand.Rand) cases.Case {
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	c := cases.Case{
		Tenant: "main", ID: fmt.Sprintf("case_%06d", i), Number: fmt.Sprintf("R-%04d-%04d", i, r.IntN(10_000)), Kind: pick("return_refund", "return_refund", "exchange", "refund_only"),
		State: cases.States[r.IntN(len(cases.States))], OrderNumber: fmt.Sprintf("SO-%05d", i/2), Seller: pick("", "sel_1", "sel_2"),
		Reason: pick("wrong_size", "defective", "no_longer_needed"), Assignee: pick("", "", "stf_1", "stf_2"),
		Title: pick("声悦 X2 降噪耳机 SoundJoy X2", "云麦长绒棉 T 恤 Cotton T-shirt", "100% 纯棉_袜"), Currency: []string{"CNY", "CNY", "EUR"}[i%3], Tracking: fmt.Sprintf("SF%07d", i*3),
		// Several at the same instant; of two days in Shanghai, which are not those of UTC.
		OpenedAt: monday.Add(time.Duration(r.IntN(40))*time.Second - time.Duration(r.IntN(4))*8*time.Hour),
	}
	customers := []string{"林晓雯", "陈思远", "Emma Wilson", "黃雅婷"}
	if n := r.IntN(5); n < 4 {
		c.Customer, c.Name = fmt.Sprintf("cus_%d", n), customers[n]
	}
	c.Items = []cases.Item{{Line: 1, SKU: articleOf(c.ID)}}
	if !c.State.Final() {
		c.Timer, c.Deadline = "answer", monday.Add(time.Duration(r.IntN(100)-50)*time.Minute)
	}
	return c
}

// What its order would tell of a case.
func channelOf(id string) string { return []string{"", "web", "live"}[int(id[len(id)-1])%3] }
func countryOf(id string) string { return []string{"CN", "SG"}[int(id[len(id)-1])%2] }

// dayOf is the day of a request in Shanghai.
func dayOf(c cases.Case) string  { return c.OpenedAt.Add(8 * time.Hour).UTC().Format(time.DateOnly) }
func articleOf(id string) string { return []string{"NS-1", `NS-1"50%`}[int(id[len(id)-2])%2] }

func eachList(t *testing.T, test func(t *testing.T, d *db.DB, all []cases.Case)) {
	t.Helper()
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		r := rand.New(rand.NewPCG(3, 5))
		all := make([]cases.Case, 400)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			shop := tenant.Tenant{ID: "main", Name: "Shop", Zone: "Asia/Shanghai", Language: "zh-CN", Currency: "CNY",
				Return: tenant.Address{Name: "退货仓", Lines: []string{"江南大道 1 号"}, City: "杭州", Country: "CN"}}
			if _, err := tenant.Create(t.Context(), tx, shop); err != nil {
				return err
			}
			for i := range all {
				all[i] = made(i, r)
				if err := cases.Insert(t.Context(), tx, &all[i]); err != nil {
					return err
				}
				_, err := tx.Exec(t.Context(), `update cases_case set channel = $1, country = $2 where id = $3`, channelOf(all[i].ID), countryOf(all[i].ID), all[i].ID)
				if err != nil {
					return err
				}
			}
			other := made(1000, r)
			other.Tenant = "other"
			return cases.Insert(t.Context(), tx, &other)
		})
		if err != nil {
			t.Fatal(err)
		}
		test(t, d, all)
	})
}

// wanted is what a list should hold, found the simple way.
func wanted(all []cases.Case, by actor.Actor, f cases.Filter) (ids []string) {
	var kept []cases.Case
	for _, c := range all {
		own, limited := by.Mine()
		q := strings.ToLower(f.Query)
		texts := []string{c.Title}
		if by.Seller == "" { // sellers do not find buyers by name
			texts = append(texts, c.Name)
		}
		has := slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(strings.ToLower(s), q) }) ||
			slices.ContainsFunc([]string{c.Number, c.OrderNumber, c.Tracking}, func(s string) bool { return strings.HasPrefix(strings.ToLower(s), q) }) ||
			strings.HasPrefix(c.Number, "R-"+strings.ToUpper(q))
		switch {
		case limited && c.Customer != own, by.Seller != "" && c.Seller != by.Seller, len(f.States) > 0 && !slices.Contains(f.States, c.State),
			f.Kind != "" && c.Kind != f.Kind, f.Reason != "" && c.Reason != f.Reason, f.Customer != "" && c.Customer != f.Customer,
			f.Channel == "-" && channelOf(c.ID) != "", f.Channel != "" && f.Channel != "-" && channelOf(c.ID) != f.Channel,
			f.Country != "" && countryOf(c.ID) != f.Country, f.SKU != "" && articleOf(c.ID) != f.SKU,
			f.Seller != "" && c.Seller != f.Seller, f.Assignee != "" && c.Assignee != f.Assignee, f.Unassigned && c.Assignee != "",
			f.Opened.From != "" && dayOf(c) < f.Opened.From, f.Opened.To != "" && dayOf(c) > f.Opened.To,
			f.Overdue && (c.State.Final() || !c.Deadline.Before(monday)), f.Sort == cases.Deadline && c.Deadline.IsZero(), q != "" && !has:
			continue
		}
		kept = append(kept, c)
	}
	slices.SortFunc(kept, func(a, b cases.Case) int {
		n := a.OpenedAt.Compare(b.OpenedAt)
		if f.Sort == cases.Deadline {
			n = a.Deadline.Compare(b.Deadline)
		}
		if n == 0 {
			n = strings.Compare(a.ID, b.ID)
		}
		if f.Sort == "" || f.Sort == cases.Newest {
			n = -n
		}
		return n
	})
	for _, c := range kept {
		ids = append(ids, c.ID)
	}
	return ids
}

// walked reads a list page by page to its end.
func walked(ctx context.Context, d *db.DB, by actor.Actor, f cases.Filter) (ids []string, err error) {
	for {
		var found []cases.Case
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			found, f.After, err = cases.Page(ctx, tx, by, f)
			return err
		})
		for _, c := range found {
			ids = append(ids, c.ID)
		}
		if err != nil || f.After.ID == "" || len(ids) > 9000 {
			return ids, err
		}
	}
}

func TestEveryFilterFindsWhatASimpleSearchFinds(t *testing.T) {
	eachList(t, func(t *testing.T, d *db.DB, all []cases.Case) {
		r := rand.New(rand.NewPCG(1, 2))
		pick := func(from ...string) string { return from[r.IntN(len(from))] }
		readers := []actor.Actor{{Tenant: "main", Kind: actor.Staff, Role: role.Agent}, {Tenant: "main", Kind: actor.Staff, Role: role.Seller, Seller: "sel_1"}, {Tenant: "main", Kind: actor.Customer, ID: "cus_2"}}
		for i := range 600 {
			by := readers[r.IntN(len(readers))]
			f := cases.Filter{Kind: pick("", "", "exchange", "return_refund"), Reason: pick("", "", "defective"), Customer: pick("", "", "", "cus_1"),
				Seller: pick("", "", "sel_1", "sel_2"), Assignee: pick("", "", "stf_1"), Unassigned: r.IntN(5) == 0, Overdue: r.IntN(5) == 0,
				Channel: pick("", "", "", "web", "live", "-"), Country: pick("", "", "SG"), SKU: pick("", "", "NS-1", `NS-1"50%`),
				Opened: cases.Span{From: pick("", "", "2026-03-01", "2026-03-02"), To: pick("", "", "2026-03-01", "2026-03-02", "2026-02-28")},
				Query:  pick("", "", "", "晓雯", "wilson", "棉", "降噪耳机", "r-01", "so-0007", "sf00001", "%", "nobody", "sound", "00", "_袜", "耳机 so"),
				Sort:   cases.Order(pick("", "newest", "oldest", "deadline")), Limit: 1 + r.IntN(30)}
			for range r.IntN(4) {
				f.States = append(f.States, cases.States[r.IntN(len(cases.States))])
			}
			got, err := walked(t.Context(), d, by, f)
			if err != nil {
				t.Fatalf("%+v: %v", f, err)
			}
			if diff := cmp.Diff(wanted(all, by, f), got); diff != "" {
				t.Fatalf("%d: %+v by %s %s (-want +got):\n%s", i, f, by.Kind, by.Seller, diff)
			}
			checkCounts(t, d, all, by, f)
		}
	})
}

func checkCounts(t *testing.T, d *db.DB, all []cases.Case, by actor.Actor, f cases.Filter) {
	t.Helper()
	f.Sort = ""
	var got map[cases.State]int64
	var more []cases.State
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		got, more, err = cases.Counts(t.Context(), tx, by, f)
		return err
	})
	if err != nil || len(more) > 0 {
		t.Fatalf("%+v: %v, more of %v", f, err, more)
	}
	want := map[cases.State]int64{}
	for _, s := range cases.States {
		f.States = []cases.State{s}
		if n := len(wanted(all, by, f)); n > 0 {
			want[s] = int64(n)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("counts of %+v by %s %s (-want +got):\n%s", f, by.Kind, by.Seller, diff)
	}
}

// A list that is read in steps misses nothing and repeats nothing.
func TestManyFiltersAreAnsweredInSteps(t *testing.T) {
	eachList(t, func(t *testing.T, d *db.DB, all []cases.Case) {
		staff := actor.Actor{Tenant: "main", Kind: actor.Staff, Role: role.Agent}
		open := []cases.State{cases.Submitted, cases.Inspecting}
		for _, f := range []cases.Filter{
			{Unassigned: true}, {Reason: "defective", Unassigned: true, Sort: cases.Oldest}, {Kind: "exchange", Reason: "defective", Assignee: "stf_1"},
			{Query: "云麦", Reason: "defective", Seller: "sel_1"}, {Query: "棉", States: open, Sort: cases.Deadline}, {Overdue: true, Kind: "return_refund"},
			{SKU: "NS-1"}, {SKU: "NS-1", Sort: cases.Oldest, Seller: "sel_1"}, {SKU: `NS-1"50%`, Sort: cases.Deadline},
			{States: open, Kind: "return_refund", Sort: cases.Oldest}, {Customer: "cus_3", Reason: "wrong_size"}, {Opened: cases.Span{From: "2026-03-02"}, Reason: "defective", Unassigned: true}, {Seller: "sel_2", Reason: "wrong_size"},
		} {
			for _, reads := range []int{1, 17, 60, 230} {
				f.Limit = 7
				f = cases.Reading(f, reads)
				got, err := walked(t.Context(), d, staff, f)
				if err != nil {
					t.Fatalf("%+v: %v", f, err)
				}
				if diff := cmp.Diff(wanted(all, staff, f), got); diff != "" {
					t.Errorf("%+v (-want +got):\n%s", f, diff)
				}
			}
		}
	})
}
