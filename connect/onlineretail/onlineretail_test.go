package onlineretail_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/onlineretail"
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

// The rows are invented, in the shape of the published file.
const rows = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
100001,T1,TEA TIN ,6,2011-07-01 08:26:00,2.55,17000.0,United Kingdom
100001,T1,TEA TIN ,2,2011-07-01 08:26:00,2.5,17000.0,United Kingdom
100001,POST,POSTAGE,2,2011-07-01 08:26:00,3.0,17000.0,United Kingdom
100002,T2,,1,2011-07-01 08:27:00,10.0,,EIRE
100001,M,Manual,1,2011-07-01 08:27:00,1.0,17000.0,United Kingdom
C100003,T1,TEA TIN ,-1,2011-06-30 10:00:00,2.55,17000.0,United Kingdom
100004,T1,TEA TIN ,4,2011-07-02 08:00:00,2.0,17000.0,United Kingdom
C100005,T1,TEA TIN ,-3,2011-07-03 08:00:00,2.0,17000.0,United Kingdom
C100005,T1,TEA TIN ,-2,2011-07-03 08:00:00,2.0,17000.0,United Kingdom
C100005,T1,TEA TIN ,-50,2011-07-03 08:00:00,2.0,17000.0,United Kingdom
C100005,T1,TEA TIN ,-1,2011-07-03 08:00:00,99.0,17000.0,United Kingdom
C100005,T9,NEVER BOUGHT,-1,2011-07-03 08:00:00,1.0,17000.0,United Kingdom
C100005,D,Discount,-1,2011-07-03 08:00:00,5.0,17000.0,United Kingdom
C100005,POST,POSTAGE,-1,2011-07-03 08:00:00,3.0,17000.0,United Kingdom
C100006,T2,,-1,2011-07-04 08:00:00,10.0,,EIRE
C100006,T2,,-1,2011-07-04 08:00:00,10.0,99999.0,EIRE
100007,T3,wet damaged,-12,2011-07-05 08:00:00,0.0,,United Kingdom
100008,T3,found,12,2011-07-05 08:00:00,0.0,,United Kingdom
100009,PADS,PADS,1,2011-07-05 08:00:00,0.001,17000.0,United Kingdom
A100010,B,Adjust bad debt,1,2011-07-05 08:00:00,-11.5,,United Kingdom
100011,POST,POSTAGE,1,2011-07-05 08:00:00,5.0,17000.0,France
100012,BANK CHARGES,Bank Charges,1,2011-07-05 08:00:00,15.0,17000.0,France
100013,T4,GIFT,3,2011-07-05 08:00:00,0.0,17000.0,Unspecified
`

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "retail.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestInvoicesBecomeOrdersAndCreditNotesPastReturns(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		path := write(t, rows)
		var told []string
		s := order.New(order.Options{Returned: func(_ context.Context, _ *db.Tx, _ actor.Actor, o order.Order, all []order.Returned) error {
			for _, r := range all {
				told = append(told, fmt.Sprintf("%s: %d of %s/%d for %d", r.Ref, r.Quantity, o.Number, r.Line, r.Amount))
			}
			return nil
		}})
		var report bytes.Buffer
		got, err := s.Import(t.Context(), d, by, onlineretail.New(path, false), order.ImportOptions{Report: &report})
		if err != nil {
			t.Fatal(err)
		}
		want := order.ImportSummary{Orders: 4, Lines: 6, Returned: 2, Rejected: 14, Reasons: map[string]int64{
			"return of an article not bought before":                  3, // one of them before the purchase, one by a stranger
			"return of more units than one earlier purchase has left": 1,
			"return of more money than was paid":                      1,
			"credit that names no article":                            1,
			"shipping given back, which names no order":               1,
			"return without a customer":                               1,
			"stock adjustment, not a sale":                            2,
			"not a price in whole pence":                              1,
			"bookkeeping, not a sale":                                 2,
			"no article on the invoice":                               1,
		}}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(order.ImportSummary{}, "Elapsed")); diff != "" {
			t.Errorf("%s\n%s", diff, report.String())
		}
		// The latest purchase has four units: three go there, two no longer fit.
		if diff := cmp.Diff([]string{"C100005#1: 3 of 100004/1 for 600", "C100005#2: 2 of 100001/1 for 400"}, told); diff != "" {
			t.Error(diff)
		}
		checkOrder(t, d)
		told = nil
		again, err := s.Import(t.Context(), d, by, onlineretail.New(path, false), order.ImportOptions{})
		if err != nil || again.Orders != 0 || again.Skipped != 4 || again.Returned != 0 || again.Known != 2 || again.Rejected != 14 || told != nil {
			t.Errorf("second time: %+v, %v, %v", again, told, err)
		}
	})
}

func checkOrder(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		all, err := order.ByNumber(t.Context(), tx, "main", "100001")
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		o := all[0]
		at := time.Date(2011, 7, 1, 7, 26, 0, 0, time.UTC) // summer time
		line := func(no int, sku, title, category string, quantity, price int64) order.Line {
			paid := quantity * price
			return order.Line{No: no, SKU: sku, Title: title, Category: category, Quantity: quantity, UnitPrice: price, DeliveredAt: at,
				Ledger: order.Ledger{List: paid, Paid: paid, Tenders: []int64{paid}}}
		}
		want := order.Order{
			ID: o.ID, Tenant: "main", Source: "onlineretail", Number: "100001", Customer: o.Customer, Currency: "GBP", Country: "GB", Zone: "Europe/London",
			PlacedAt: at, DeliveredAt: at, TaxIncluded: true, Policy: "default", PolicyVer: 1, Version: 1,
			Lines:    []order.Line{line(1, "T1", "TEA TIN", "", 6, 255), line(2, "T1", "TEA TIN", "", 2, 250), line(3, "M", "Manual", "manual", 1, 100)},
			Shipping: order.Shipping{List: 600, Paid: 600, Tenders: []int64{600}},
			Tenders:  []order.Tender{{ID: "t1", Kind: "card", Provider: "manual", Amount: 2730}},
		}
		if diff := cmp.Diff(want, o); diff != "" {
			t.Error(diff)
		}
		if c, err := customer.ByID(t.Context(), tx, "main", o.Customer); err != nil || c.Ref != "17000" {
			t.Errorf("customer %+v, %v", c, err)
		}
		nobody, err := order.ByNumber(t.Context(), tx, "main", "100002")
		if err == nil && (nobody[0].Customer != "" || nobody[0].Country != "IE" || nobody[0].Lines[0].Title != "T2") {
			t.Errorf("%+v", nobody[0])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCreditNotesAreLeftOutWhenAsked(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s, err := order.New(order.Options{}).Import(t.Context(), d, by, onlineretail.New(write(t, rows), true), order.ImportOptions{})
		if err != nil || s.Returned != 0 || s.Reasons["past return, skipped as asked"] != 10 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestTheCopyOfUCIIsReadToo(t *testing.T) {
	path := write(t, "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"+
		"100001,T1,VOUCHER \xa310,1,7/1/2011 8:26,2.55,17000,France\n")
	for item, err := range onlineretail.New(path, false).Items(t.Context(), order.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		d := item.Draft
		if d == nil || d.Lines[0].Title != "VOUCHER £10" || d.Customer.Ref != "17000" || d.PlacedAt.UTC().Hour() != 7 {
			t.Errorf("%+v", item)
		}
	}
}

// Wherever a reading stops, going on gives the rest: no order twice, none cut
// in two, also where the rows of two invoices are interleaved.
func TestReadingGoesOnAtAPosition(t *testing.T) {
	src := onlineretail.New(write(t, rows), false)
	read := func(from order.Position) (items []string, positions []order.Position) {
		for item, err := range src.Items(t.Context(), from) {
			if err != nil {
				t.Fatal(err)
			}
			next := item.Next
			item.Next, item.Read = order.Position{}, 0
			text, err := json.Marshal(item)
			if err != nil {
				t.Fatal(err)
			}
			items, positions = append(items, string(text)), append(positions, next)
		}
		return items, positions
	}
	all, positions := read(order.Position{})
	if len(all) != 13 {
		t.Fatalf("%d invoices: %s", len(all), strings.Join(all, "\n"))
	}
	for i, p := range positions {
		rest, _ := read(p)
		if diff := cmp.Diff(all[i+1:], rest, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("after item %d at %+v: %s", i, p, diff)
		}
	}
}
