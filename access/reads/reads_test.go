package reads_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/access/reads"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

var (
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ann     = actor.Actor{Tenant: "blue", Kind: actor.Staff, ID: "stf_ann", Name: "Ann", Role: role.Agent}
	officer = actor.Actor{Tenant: "blue", Kind: actor.Staff, ID: "stf_off", Name: "Off", Role: role.Privacy}
	buyer   = actor.Actor{Tenant: "blue", Kind: actor.Customer, ID: "cus_1"}
)

func eachLog(t *testing.T, test func(t *testing.T, l *reads.Log, d *db.DB, clock *dbtest.Clock)) {
	dbtest.EachAt(t, []db.Schema{event.Schema, httpapi.Schema, reads.Schema}, noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		l := &reads.Log{Store: d, Log: slog.New(slog.DiscardHandler), Whose: func(_ context.Context, _ *db.Tx, _, what, subject string) (string, error) {
			if what == reads.Customer {
				return subject, nil
			}
			return "cus_" + strings.TrimPrefix(subject, "case_"), nil
		}, Names: func(_ context.Context, _ *db.Tx, _ string, ids []string) (map[string]audit.Place, error) {
			places := map[string]audit.Place{}
			for _, id := range ids {
				if strings.HasPrefix(id, "case_") {
					places[id] = audit.Place{ID: id, Number: "R-" + strings.TrimPrefix(id, "case_")}
				}
			}
			return places, nil
		}}
		test(t, l, d, clock)
	})
}

func flush(t *testing.T, l *reads.Log) {
	t.Helper()
	if err := l.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func all(t *testing.T, d *db.DB, f reads.Filter) (texts []string) {
	t.Helper()
	f.Limit = 1000
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		found, err := reads.Page(t.Context(), tx, officer, f)
		texts = nil
		for _, r := range found {
			texts = append(texts, fmt.Sprintf("%s %s %s %s", r.Actor, r.What, r.Subject, r.Customer))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// batches are the events that commit to reads, with what Check says of each.
func batches(t *testing.T, d *db.DB) (count int, wrong string, data string) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		count, wrong = 0, ""
		rows, err := db.List(t.Context(), tx, func(row db.Scanner) (pair [2]string, err error) {
			err = row.Scan(&pair[0], &pair[1])
			return pair, err
		}, `select subject, data from event_log where type = 'data.read' order by seq`)
		for _, one := range rows {
			var fact reads.NotedFact
			if err := json.Unmarshal([]byte(one[1]), &fact); err != nil {
				return err
			}
			count += len(fact.Reads)
			data += one[1]
			text, err := reads.Check(t.Context(), tx, "blue", one[0], fact)
			if err != nil {
				return err
			}
			wrong += text
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return count, wrong, data
}

func TestReadsAreNotedOnceAMinuteAndSealed(t *testing.T) {
	eachLog(t, func(t *testing.T, l *reads.Log, d *db.DB, clock *dbtest.Clock) {
		l.Note(ann, reads.Case, "case_1")
		l.Note(ann, reads.Case, "case_1")
		l.Note(officer, reads.Case, "case_1")
		clock.Add(time.Second)
		l.Note(ann, reads.Export, "cases.csv")
		flush(t, l)
		clock.Add(time.Minute)
		l.Note(ann, reads.Case, "case_1")
		flush(t, l)
		flush(t, l)
		want := []string{"stf_ann case case_1 cus_1", "stf_ann export cases.csv ", "stf_off case case_1 cus_1", "stf_ann case case_1 cus_1"}
		if diff := cmp.Diff(want, all(t, d, reads.Filter{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for name, test := range map[string]struct {
			f    reads.Filter
			want int
		}{
			"person": {reads.Filter{Actor: "stf_off"}, 1}, "thing": {reads.Filter{Subject: "case_1"}, 3}, "customer": {reads.Filter{Customer: "cus_1"}, 3},
			"kind": {reads.Filter{What: reads.Export}, 1}, "time": {reads.Filter{From: noon.Add(30 * time.Second)}, 1}, "until": {reads.Filter{To: noon.Add(time.Second)}, 2},
		} {
			if got := all(t, d, test.f); len(got) != test.want {
				t.Errorf("by %s: %q, want %d", name, got, test.want)
			}
		}
		count, wrong, data := batches(t, d)
		if count != 4 || wrong != "" {
			t.Errorf("%d commitments, %q", count, wrong)
		}
		for _, secret := range []string{"cus_1", "case_1", "stf_ann", "Ann"} {
			if strings.Contains(data, secret) {
				t.Errorf("the event tells %q: %s", secret, data)
			}
		}
	})
}

func TestAChangedReadIsFound(t *testing.T) {
	for name, change := range map[string]string{
		"changed":           `update reads_read set actor_id = 'stf_off' where what = 'case'`,
		"removed":           `delete from reads_read where what = 'case'`,
		"exchanged":         `update reads_read set subject = case what when 'case' then 'ord_1' else 'case_1' end`,
		"counted otherwise": `update reads_read set told = 3 where what = 'search'`,
		"not counted":       `update reads_read set told = 0, about = '' where what = 'search'`,
		"another kind":      `update reads_read set about = 'customer' where what = 'search'`,
		"added": `insert into reads_read (tenant, id, at, actor_kind, actor_id, actor_name, what, subject, customer, batch)
			select tenant, 'rd_x', at, actor_kind, actor_id, actor_name, what, subject, customer, batch from reads_read where what = 'case'`,
	} {
		t.Run(name, func(t *testing.T) {
			eachLog(t, func(t *testing.T, l *reads.Log, d *db.DB, _ *dbtest.Clock) {
				l.Note(ann, reads.Case, "case_1")
				l.Note(ann, reads.Order, "ord_1")
				l.NoteList(ann, reads.Search, "orders", "order", 50)
				flush(t, l)
				err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), change); return err })
				if err != nil {
					t.Fatal(err)
				}
				if _, wrong, _ := batches(t, d); wrong == "" {
					t.Error("nobody noticed")
				}
			})
		})
	}
}

// Reads that were put in as a batch of their own are found from the other side.
func TestABatchThatNobodyAnnouncedIsFound(t *testing.T) {
	eachLog(t, func(t *testing.T, l *reads.Log, d *db.DB, _ *dbtest.Clock) {
		l.Note(ann, reads.Case, "case_1")
		flush(t, l)
		strange := func() (problem string) {
			t.Helper()
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) { problem, err = reads.Strange(t.Context(), tx); return err })
			if err != nil {
				t.Fatal(err)
			}
			return problem
		}
		if got := strange(); got != "" {
			t.Error(got)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into reads_read (tenant, id, at, actor_kind, actor_id, actor_name, what, subject, customer, batch)
				select tenant, 'rd_x', at, actor_kind, 'stf_off', actor_name, what, subject, customer, 'rdb_x' from reads_read`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strange(); !strings.Contains(got, "rdb_x") {
			t.Errorf("nobody noticed: %q", got)
		}
	})
}

func TestListsSayHowManyTheyToldOf(t *testing.T) {
	eachLog(t, func(t *testing.T, l *reads.Log, d *db.DB, clock *dbtest.Clock) {
		for _, told := range []int64{50, 50, 7} { // pages of one look through the list
			l.NoteList(ann, reads.Search, "orders", "order", told)
		}
		l.NoteList(ann, reads.Search, "customers", "customer", 0)
		flush(t, l)
		clock.Add(2 * time.Second)
		l.NoteList(ann, reads.Search, "orders", "order", 12)
		l.NoteList(ann, reads.Search, "customers", "customer", 0)
		l.NoteList(ann, reads.Export, "cases.csv", "case", 4000)
		flush(t, l)
		var got []string
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			found, err := reads.Page(t.Context(), tx, officer, reads.Filter{Limit: 10})
			got = nil
			for _, r := range found {
				got = append(got, fmt.Sprintf("%s %d %s", r.Subject, r.Told, r.About))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"cases.csv 4000 case", "orders 12 order", "customers 0 customer", "orders 107 order"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if _, wrong, data := batches(t, d); wrong != "" || strings.Contains(data, "4000") {
			t.Errorf("%q, %s", wrong, data)
		}
	})
}

// The number comes from the answers themselves.
func TestAnswersTellHowManyThingsTheyHold(t *testing.T) {
	eachLog(t, func(t *testing.T, l *reads.Log, d *db.DB, _ *dbtest.Clock) {
		api := httpapi.New(httpapi.Options{DB: d, Log: slog.New(slog.DiscardHandler), Identify: apitest.Identify, Allow: role.Allow, Version: "1",
			Metrics: func(ctx context.Context, m httpapi.Measure) { l.Heard(ctx, m) }})
		l.Routes(api)
		h := api.Handler()
		for n := range 3 {
			l.Note(ann, reads.Case, fmt.Sprint("case_", n))
		}
		flush(t, l)
		apitest.Do(t, h, "GET", "/v1/reads.csv", apitest.As(officer)).Want(t, 200, "")
		flush(t, l)
		found := apitest.Do(t, h, "GET", "/v1/reads?what=export", apitest.As(officer)).Want(t, 200, "")
		if !strings.Contains(string(found.Raw), `"about":"read","told":3`) {
			t.Errorf("%s", found.Raw)
		}
	})
}

func TestMemoryIsBoundedAndWhatIsLostIsCounted(t *testing.T) {
	eachLog(t, func(t *testing.T, l *reads.Log, d *db.DB, _ *dbtest.Clock) {
		for i := range 10_050 {
			l.Note(ann, reads.Case, fmt.Sprint("case_", i))
		}
		flush(t, l)
		if lost := all(t, d, reads.Filter{What: reads.Lost}); len(lost) != 1 || !strings.Contains(lost[0], " lost 50 ") {
			t.Errorf("lost %q", lost)
		}
		if count, wrong, _ := batches(t, d); count != 10_001 || wrong != "" {
			t.Errorf("%d commitments, %q", count, wrong)
		}
	})
}

func TestWhatCannotBeWrittenIsWrittenLater(t *testing.T) {
	eachLog(t, func(t *testing.T, l *reads.Log, d *db.DB, _ *dbtest.Clock) {
		for i := range 450 {
			l.Note(ann, reads.Case, fmt.Sprint("case_", i))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := l.Flush(ctx); err == nil {
			t.Fatal("written with an ended context")
		}
		flush(t, l)
		if n := len(all(t, d, reads.Filter{})); n != 450 {
			t.Errorf("%d reads", n)
		}
		// A process that is stopped writes the rest.
		ctx, cancel = context.WithCancel(t.Context())
		l.Note(officer, reads.Order, "ord_9")
		cancel()
		if err := l.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if n := len(all(t, d, reads.Filter{})); n != 451 {
			t.Errorf("%d reads", n)
		}
	})
}

func TestAnswersWithPersonalDataAreReads(t *testing.T) {
	eachLog(t, func(t *testing.T, l *reads.Log, d *db.DB, _ *dbtest.Clock) {
		id := func(string) string { return "case_1" }
		for _, m := range []httpapi.Measure{
			{Route: "/v1/cases/{id}", Method: "GET", Status: 200, By: ann, Value: id},
			{Route: "/v1/cases/{id}", Method: "GET", Status: 404, By: officer, Value: id},
			{Route: "/v1/cases/{id}", Method: "GET", Status: 200, By: buyer, Value: id},
			{Route: "/v1/cases", Method: "GET", Status: 200, By: ann, Value: id},
			{Route: "/v1/cases.csv", Method: "GET", Status: 200, By: ann, Value: id},
			{Route: "/v1/customers", Method: "GET", Status: 200, By: ann, Value: id},
			{Route: "/v1/customers", Method: "GET", Status: 200, By: ann, Value: id},
			{Route: "/v1/photos/{id}", Method: "GET", Status: 200, By: officer, Value: func(string) string { return "case_2" }},
			{Route: "/v1/customers/{id}", Method: "GET", Status: 200, By: officer, Value: func(string) string { return "cus_1" }},
		} {
			l.Heard(t.Context(), m)
		}
		flush(t, l)
		want := []string{"stf_off customer cus_1 cus_1", "stf_off files case_2 cus_2", "stf_ann search customers ", "stf_ann export cases.csv ", "stf_ann case case_1 cus_1"}
		if diff := cmp.Diff(want, all(t, d, reads.Filter{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		api := apitest.New(d, role.Allow)
		l.Routes(api)
		h := api.Handler()
		if got := apitest.Do(t, h, "GET", "/v1/reads?what=case", apitest.As(officer)).Want(t, 200, ""); !strings.Contains(string(got.Raw), `"name":"Ann"`) || !strings.Contains(string(got.Raw), `"number":"R-`) || strings.Contains(string(got.Raw), "cases.csv") {
			t.Errorf("%s", got.Raw)
		}
		apitest.Do(t, h, "GET", "/v1/reads", apitest.As(ann)).Want(t, 403, "role.denied")
		apitest.Do(t, h, "GET", "/v1/reads?from=soon", apitest.As(officer)).Want(t, 422, "request.invalid")
		if got := apitest.Do(t, h, "GET", "/v1/my/reads", apitest.As(buyer)).Want(t, 200, ""); strings.Contains(string(got.Raw), "Ann") || strings.Contains(string(got.Raw), "number") || strings.Count(string(got.Raw), `"what"`) != 2 {
			t.Errorf("the customer sees %s", got.Raw)
		}
		if got := apitest.Do(t, h, "GET", "/v1/reads.csv?actor=stf_ann", apitest.As(officer)).Want(t, 200, ""); strings.Count(string(got.Raw), "\n") != 4 {
			t.Errorf("%s", got.Raw)
		}
	})
}
