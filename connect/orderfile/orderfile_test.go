package orderfile_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/orderfile"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

var (
	schemas = []db.Schema{event.Schema, customer.Schema, order.Schema}
	by      = actor.Of("main")
)

// line is a good order of n lines.
func line(number, lines int) string {
	var articles []string
	for i := range lines {
		articles = append(articles, fmt.Sprintf(`{"sku":"A%d","title":"Article %d","quantity":2,"unit_price":500}`, i, i))
	}
	return fmt.Sprintf(`{"number":"N-%d","currency":"EUR","placed_at":"2026-03-01T10:00:00Z","customer":{"ref":"c%d"},"lines":[%s],"tenders":[{"kind":"card","amount":%d}]}`,
		number, number%7, strings.Join(articles, ","), 1000*lines)
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func many(orders int) string {
	var b strings.Builder
	for i := range orders {
		b.WriteString(line(i, 1+i%3) + "\n")
	}
	return b.String()
}

func run(t *testing.T, d *db.DB, path string, o order.ImportOptions) order.ImportSummary {
	t.Helper()
	s, err := order.New(order.Options{}).Import(t.Context(), d, by, orderfile.New(path, "shop"), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// state is what an import leaves: orders with their content, and events.
func state(t *testing.T, d *db.DB) (orders, events int) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		q := order.Query{Limit: 200}
		for {
			list, next, err := order.Page(t.Context(), tx, by, q)
			if err != nil {
				return err
			}
			for _, one := range list {
				o, err := order.ByID(t.Context(), tx, by, one.ID)
				if err != nil {
					return err
				}
				if o.Paid() != one.Paid || len(o.Lines) != one.Lines {
					t.Errorf("order %s is not whole: %+v", o.Number, o)
				}
				history, err := event.History(t.Context(), tx, "main", "order", o.ID)
				if err != nil {
					return err
				}
				events += len(history)
			}
			orders += len(list)
			if next.ID == "" {
				return nil
			}
			q.After = next
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return orders, events
}

var ignoreTime = cmpopts.IgnoreFields(order.ImportSummary{}, "Elapsed")

func TestASecondImportChangesNothing(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		path := file(t, "orders.jsonl", many(450))
		first := run(t, d, path, order.ImportOptions{})
		if diff := cmp.Diff(order.ImportSummary{Orders: 450, Lines: 900, Reasons: map[string]int64{}}, first, ignoreTime); diff != "" {
			t.Error(diff)
		}
		second := run(t, d, path, order.ImportOptions{Resume: true})
		if diff := cmp.Diff(order.ImportSummary{Skipped: 450, Reasons: map[string]int64{}}, second, ignoreTime); diff != "" {
			t.Error(diff)
		}
		if orders, events := state(t, d); orders != 450 || events != 450 {
			t.Errorf("%d orders, %d events", orders, events)
		}
	})
}

func TestAnImportThatStopsGoesOnWhereItStopped(t *testing.T) {
	for _, packed := range []bool{false, true} {
		t.Run(fmt.Sprintf("gzip %v", packed), func(t *testing.T) {
			dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
				text := many(900) + "{}\n"
				if packed {
					var b bytes.Buffer
					w := gzip.NewWriter(&b)
					_, _ = w.Write([]byte(text))
					_ = w.Close()
					text = b.String()
				}
				path := file(t, "orders.jsonl", text)
				ctx, cancel := context.WithCancel(t.Context())
				_, err := order.New(order.Options{}).Import(ctx, d, by, orderfile.New(path, "shop"), order.ImportOptions{Progress: func(s order.ImportState) {
					if s.Orders >= 400 {
						cancel()
					}
				}})
				if !errors.Is(err, context.Canceled) {
					t.Fatalf("stopped with %v", err)
				}
				before, _ := state(t, d)
				if before < 400 || before >= 900 {
					t.Fatalf("%d orders when it stopped", before)
				}
				var report bytes.Buffer
				s := run(t, d, path, order.ImportOptions{Resume: true, Report: &report})
				want := order.ImportSummary{Orders: 900, Lines: 1800, Rejected: 1, Reasons: map[string]int64{"missing": 1}, Resumed: true}
				if diff := cmp.Diff(want, s, ignoreTime); diff != "" {
					t.Error(diff)
				}
				if !strings.Contains(report.String(), `"line":901`) {
					t.Errorf("report: %s", report.String())
				}
				if orders, events := state(t, d); orders != 900 || events != 900 {
					t.Errorf("%d orders, %d events", orders, events)
				}
			})
		})
	}
}

func TestMain(m *testing.M) { dbtest.Main(m, child) }

// child is the process that gets killed: it says how far it is.
func child(url string, args []string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		return err
	}
	_, err = order.New(order.Options{}).Import(ctx, d, by, orderfile.New(args[0], "shop"), order.ImportOptions{Progress: func(s order.ImportState) { fmt.Println(s.Orders) }})
	return err
}

func TestAKilledProcessLosesNothingAndDoublesNothing(t *testing.T) {
	path := file(t, "orders.jsonl", many(6000))
	for name, url := range dbtest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			open := func() *db.DB {
				d, err := db.Open(t.Context(), url, db.Options{})
				if err != nil {
					t.Fatal(err)
				}
				return d
			}
			d := open()
			if _, err := d.Migrate(t.Context(), schemas); err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			dbtest.Start(t, url, path).Wait(3).Kill()
			d = open()
			defer d.Close()
			before, _ := state(t, d)
			if before == 0 || before == 6000 {
				t.Fatalf("%d orders when it was killed", before)
			}
			s := run(t, d, path, order.ImportOptions{Resume: true})
			if s.Orders != 6000 || s.Skipped != 0 || !s.Resumed {
				t.Errorf("after %d orders: %+v", before, s)
			}
			if orders, events := state(t, d); orders != 6000 || events != 6000 {
				t.Errorf("%d orders, %d events", orders, events)
			}
		})
	}
}

func TestWrongLinesAreReportedWithPlaceAndReason(t *testing.T) {
	good := line(1, 1)
	change := func(from, to string) string { return strings.Replace(good, from, to, 1) }
	lines := []string{
		good,
		`{"number":"N-2"`,
		change(`"EUR"`, `"EUR","colour":"red"`),
		change(`"quantity":2`, `"quantity":2,"quantity":3`),
		change(`"quantity":2`, `"quantity":"2"`),
		change(`"quantity":2`, `"quantity":2.5`),
		change(`"currency"`, `"Currency"`),
		change(`,"unit_price":500`, ``),
		change(`2026-03-01T10:00:00Z`, `01.03.2026`),
		change(`"lines":[`, `"lines":[null,`),
		change(`"ref":"c1"`, `"name":"Nobody"`),
		change(`"amount":1000`, `"amount":999`),
		change(`"N-1"`, `"N-1","source":"elsewhere"`),
		change(`Article`, `Cup`),
		good + good,
		`{"number":"` + strings.Repeat("9", orderfile.MaxLine) + `"}`,
		"",
		change(`Article`, "\xff"),
		good,
	}
	want := []order.Rejected{
		{Line: 2, Order: "N-2", Reason: "not JSON", Value: "the line ends too early"},
		{Line: 3, Order: "N-1", Field: "colour", Reason: "unknown field", Value: "colour"},
		{Line: 4, Order: "N-1", Field: "lines[0].quantity", Reason: "field given twice", Value: "quantity"},
		{Line: 5, Order: "N-1", Field: "lines[0].quantity", Reason: "not a whole number", Value: "2"},
		{Line: 6, Order: "N-1", Field: "lines[0].quantity", Reason: "not a whole number", Value: "2.5"},
		{Line: 7, Order: "N-1", Field: "Currency", Reason: "unknown field", Value: "Currency"},
		{Line: 8, Order: "N-1", Field: "lines[0].unit_price", Reason: "missing"},
		{Line: 9, Order: "N-1", Field: "placed_at", Reason: "not a time such as 2026-03-01T10:00:00Z", Value: "01.03.2026"},
		{Line: 10, Order: "N-1", Field: "lines[0]", Reason: "not an object", Value: "null"},
		{Line: 11, Order: "N-1", Field: "customer", Reason: "customer without reference, e-mail or phone", Value: "Nobody"},
		{Line: 12, Order: "N-1", Field: "tenders", Reason: "payments do not add up to the price", Value: "paid 999, price 1000"},
		{Line: 13, Order: "N-1", Field: "source", Reason: "names another source", Value: "elsewhere"},
		{Line: 14, Order: "N-1", Field: "number", Reason: "differs from the stored order"},
		{Line: 15, Order: "N-1", Reason: "more than one JSON value in a line"},
		{Line: 16, Reason: "line longer than 4 MiB"},
		{Line: 18, Reason: "not UTF-8 text"},
	}
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		path := file(t, "orders.jsonl", "\xef\xbb\xbf"+strings.Join(lines, "\n"))
		var report bytes.Buffer
		s := run(t, d, path, order.ImportOptions{Report: &report})
		if s.Orders != 1 || s.Skipped != 1 || s.Rejected != int64(len(want)) {
			t.Errorf("%+v", s)
		}
		var got []order.Rejected
		dec := json.NewDecoder(&report)
		for dec.More() {
			var r order.Rejected
			if err := dec.Decode(&r); err != nil {
				t.Fatal(err)
			}
			if r.File != "orders.jsonl" {
				t.Errorf("file %q", r.File)
			}
			r.File = ""
			got = append(got, r)
		}
		for i := range got {
			if got[i].Reason == "line longer than 4 MiB" {
				got[i].Value = ""
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAnUnknownPolicyRejectsOnlyItsOrder(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		named := strings.Replace(line(1, 1), `"currency"`, `"policy":"old","currency"`, 1)
		path := file(t, "orders.jsonl", named+"\n"+line(2, 1))
		s := order.New(order.Options{Terms: func(_ context.Context, _ *db.Tx, _, policy string) (order.Terms, error) {
			if policy == "old" {
				return order.Terms{}, order.ErrUnknown // any refusal of the owner of policies
			}
			return order.Terms{Zone: "UTC", Policy: "new", PolicyVer: 1}, nil
		}})
		got, err := s.Import(t.Context(), d, by, orderfile.New(path, "shop"), order.ImportOptions{})
		want := order.ImportSummary{Orders: 1, Lines: 1, Rejected: 1, Reasons: map[string]int64{"unknown policy": 1}}
		if diff := cmp.Diff(want, got, ignoreTime); diff != "" || err != nil {
			t.Error(err, diff)
		}
	})
}

func TestPastReturnsInTheFileAreStoredOnceAndTold(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		text := strings.Replace(line(1, 1), `"tenders"`, `"returned":[{"line":1,"quantity":1,"amount":500,"at":"2026-03-09T10:00:00Z"}],"tenders"`, 1)
		path := file(t, "orders.jsonl", text)
		var told []string
		s := order.New(order.Options{Returned: func(_ context.Context, _ *db.Tx, _ actor.Actor, o order.Order, r []order.Returned) error {
			told = append(told, fmt.Sprintf("%s %d: line %d, %d for %d on %s", o.Number, len(o.Lines), r[0].Line, r[0].Quantity, r[0].Amount, r[0].At.Format(time.DateOnly)))
			return nil
		}})
		for range 2 {
			if _, err := s.Import(t.Context(), d, by, orderfile.New(path, "shop"), order.ImportOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"N-1 1: line 1, 1 for 500 on 2026-03-09"}, told); diff != "" {
			t.Error(diff)
		}
	})
}
