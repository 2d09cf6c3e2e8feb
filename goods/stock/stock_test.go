package stock_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

var (
	schemas = []db.Schema{event.Schema, httpapi.Schema, stock.Schema}
	monday  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	clerk   = actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1"}
	good    = stock.Move{Case: "case_1", Line: 1, Sequence: 1, Order: "ord_1", SKU: "S", Title: "T", Quantity: 2, From: stock.Customer, To: stock.Restock, Grade: "A"}
)

func move(ctx context.Context, d *db.DB, m stock.Move) (done stock.Movement, err error) {
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		done, err = (&stock.Service{}).Move(ctx, tx, clerk, m)
		return err
	})
	return done, err
}

func facts(t *testing.T, d *db.DB, caseID string) (all []string) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		events, err := event.History(t.Context(), tx, "shop", "case", caseID)
		for _, e := range events {
			all = append(all, e.Type+" "+string(e.Data))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAMovementIsRecordedAndAnnouncedOnce(t *testing.T) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		first, err := move(t.Context(), d, good)
		if err != nil || first.Move != good || !first.At.Equal(monday) || first.ID == "" {
			t.Fatalf("%+v, %v", first, err)
		}
		clock.Add(time.Hour)
		again, err := move(t.Context(), d, good)
		if diff := cmp.Diff(first, again); diff != "" || err != nil {
			t.Errorf("again: %v %s", err, diff)
		}
		other := good
		other.Quantity = 3
		if _, err := move(t.Context(), d, other); !errors.Is(err, stock.ErrDiffers) {
			t.Errorf("something else under the same name: %v", err)
		}
		for _, change := range []func(*stock.Move){
			func(m *stock.Move) { m.Sequence = 2 }, func(m *stock.Move) { m.Line = 2 }, func(m *stock.Move) { m.Case = "case_2" },
		} {
			m := good
			change(&m)
			if _, err := move(t.Context(), d, m); err != nil {
				t.Error(err)
			}
		}
		want := fmt.Sprintf(`stock.moved {"movement":"%s","line":1,"order":"ord_1","sku":"S","title":"T","quantity":2,"from":"customer","to":"restock","grade":"A"}`, first.ID)
		if got := facts(t, d, "case_1"); len(got) != 3 || got[0] != want {
			t.Errorf("announced %v, want first %s", got, want)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			all, err := stock.Of(t.Context(), tx, "shop", "case_1")
			if len(all) != 3 || all[0] != first {
				t.Errorf("of the case: %+v", all)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestTheSameMovementAtOnceIsOne(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		results := make(chan error)
		for range 8 {
			go func() {
				_, err := move(t.Context(), d, good)
				results <- err
			}()
		}
		for range 8 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if got := facts(t, d, "case_1"); len(got) != 1 {
			t.Errorf("announced %v", got)
		}
	})
}

func TestMovementsThatCannotBeAreRefused(t *testing.T) {
	tests := map[string]func(*stock.Move){
		"without a case":       func(m *stock.Move) { m.Case = "" },
		"sequence 0":           func(m *stock.Move) { m.Sequence = 0 },
		"a negative line":      func(m *stock.Move) { m.Line = -1 },
		"nothing":              func(m *stock.Move) { m.Quantity = 0 },
		"very many":            func(m *stock.Move) { m.Quantity = 1 << 40 },
		"no goods":             func(m *stock.Move) { m.SKU, m.Title = " ", "" },
		"no text":              func(m *stock.Move) { m.Title = "\xff" },
		"an endless title":     func(m *stock.Move) { m.Title = strings.Repeat("题", 501) },
		"from nowhere":         func(m *stock.Move) { m.From = "" },
		"to the moon":          func(m *stock.Move) { m.To = "moon" },
		"to where it is":       func(m *stock.Move) { m.To = stock.Customer },
		"an unknown grade":     func(m *stock.Move) { m.Grade = "E" },
		"from a disposition":   func(m *stock.Move) { m.From = stock.Restock },
		"a raw disposition":    func(m *stock.Move) { m.To = stock.Place(inspection.Back) },
		"a zero byte in a sku": func(m *stock.Move) { m.SKU = "a\x00" },
	}
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		for name, spoil := range tests {
			m := good
			spoil(&m)
			if _, err := move(t.Context(), d, m); !errors.Is(err, stock.ErrInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := facts(t, d, "case_1"); len(got) != 0 {
			t.Errorf("refused movements left %v", got)
		}
	})
}

func TestEveryDispositionHasAPlace(t *testing.T) {
	for _, disposition := range inspection.Dispositions {
		if !slices.Contains(stock.To, stock.For(disposition)) {
			t.Errorf("%s is %s", disposition, stock.For(disposition))
		}
	}
}

func TestStaffSeeWhereGoodsWent(t *testing.T) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		for i := range 6 {
			m := good
			m.Sequence, m.Seller = i+1, []string{"", "sel_1"}[i%2]
			m.SKU, m.To = fmt.Sprint("S", i%3), []stock.Place{stock.Restock, stock.Back}[i%2]
			if i == 5 {
				m.Title = "=cmd()"
			}
			if _, err := move(t.Context(), d, m); err != nil {
				t.Fatal(err)
			}
			clock.Add(time.Hour)
		}
		a := apitest.New(d, role.Allow)
		(&stock.Export{Store: d}).Routes(a)
		h := a.Handler()
		as := func(r, seller string) apitest.Option {
			return apitest.As(actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Role: r, Seller: seller})
		}
		sequences := func(who apitest.Option, query string) (all []float64) {
			next := ""
			for range 9 {
				got := apitest.Do(t, h, "GET", "/v1/stock/movements?limit=2"+query+"&cursor="+next, who).Want(t, 200, "")
				for _, item := range got.At("items").([]any) {
					all = append(all, item.(map[string]any)["sequence"].(float64))
				}
				if next = got.Text("next"); next == "" {
					return all
				}
			}
			t.Fatal("the list does not end")
			return nil
		}
		staff := as(role.Warehouse, "")
		for query, want := range map[string][]float64{
			"": {6, 5, 4, 3, 2, 1}, "&sku=S0": {4, 1}, "&to=back": {6, 4, 2}, "&case=case_1&to=restock": {5, 3, 1}, "&case=case_2": nil,
			"&since=2026-03-02T11:00:00Z&before=2026-03-02T13:00:00Z": {4, 3},
		} {
			if diff := cmp.Diff(want, sequences(staff, query)); diff != "" {
				t.Errorf("%q: %s", query, diff)
			}
		}
		if diff := cmp.Diff([]float64{6, 4, 2}, sequences(as(role.Seller, "sel_1"), "")); diff != "" {
			t.Errorf("the seller: %s", diff)
		}
		file := apitest.Do(t, h, "GET", "/v1/stock/movements.csv?to=back", staff).Want(t, 200, "")
		rows, err := csv.NewReader(strings.NewReader(string(file.Raw))).ReadAll()
		if err != nil || len(rows) != 4 || rows[1][8] != "'=cmd()" || rows[3][0] != "2026-03-02T10:00:00Z" {
			t.Errorf("%v, %v", rows, err)
		}
		apitest.Do(t, h, "GET", "/v1/stock/movements", as(role.Agent, "")).Want(t, 403, "role.denied")
		apitest.Do(t, h, "GET", "/v1/stock/movements?to=moon", staff).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "GET", "/v1/stock/movements.csv?to=moon", staff).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "GET", "/v1/stock/movements.csv?since=monday", staff).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "GET", "/v1/stock/movements?cursor=x", staff).Want(t, 422, "request.cursor")
	})
}
