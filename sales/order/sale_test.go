package order_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

var june = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

const sold = `{"source":"shop","number":"L-1","currency":"USD","country":"US","placed_at":"2026-02-01T10:00:00Z",
	"region":"US-NY","channel":"web","buyer_type":"consumer","seller_country":"CN","terms_law":"CN","marketplace":true,
	"contract":{"document_at":"2026-02-01","document_complete":true},"told":{"right":true,"return_cost":false},
	"lines":[{"sku":"A","title":"Phone","quantity":1,"unit_price":0,"traits":["second_hand"],"law_category":"phone","seller_country":"DE",
		"promised_at":"2026-02-08","guarantee_until":"2028-02-08","told":{"exception":true,"right":false},"promise":{"return_days":30,"pays_return":true}},
		{"sku":"B","title":"Mug","quantity":1,"unit_price":0}]}`

func drafted(t *testing.T, raw string) order.Draft {
	t.Helper()
	var d order.Draft
	if err := json.Unmarshal([]byte(raw), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhatTheLawAsksAboutAPurchaseIsStoredAndShown(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		draft := drafted(t, sold)
		o, _ := put(t, d, order.New(order.Options{}), draft)
		again, _ := put(t, d, order.New(order.Options{}), draft) // reads what is stored
		if diff := cmp.Diff(o, again); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(draft.Sale, again.Sale); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(draft.Lines[0].LineSale, again.Lines[0].LineSale); diff != "" {
			t.Error(diff)
		}
		told := again.ToldOf(&again.Lines[0])
		if *told.Right || *told.ReturnCost || !*told.Exception {
			t.Errorf("of line 1 was told %+v: the line goes before the order", told)
		}
		if country, _ := again.SellerOf(&again.Lines[0]); country != "DE" {
			t.Errorf("line 1 is sold from %s", country)
		}
		if country, _ := again.SellerOf(&again.Lines[1]); country != "CN" {
			t.Errorf("line 2 is sold from %s", country)
		}
		raw, err := json.Marshal(order.View(again, "en"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`"region":"US-NY"`, `"law_category":"phone"`, `"traits":["second_hand"]`, `"exception":true`, `"return_days":30`} {
			if !strings.Contains(string(raw), want) {
				t.Errorf("the view lacks %s: %s", want, raw)
			}
		}
	})
}

func TestWrongFactsOfAPurchaseAreRefusedByField(t *testing.T) {
	for _, test := range []struct{ old, new, field string }{
		{`"US-NY"`, `"NY"`, "region"},
		{`"US-NY"`, `"CA-QC"`, "region"},
		{`"channel":"web"`, `"channel":"pigeon"`, "channel"},
		{`"consumer"`, `"robot"`, "buyer_type"},
		{`"seller_country":"CN"`, `"seller_country":"XX"`, "seller_country"},
		{`"terms_law":"CN"`, `"terms_law":"Mars"`, "terms_law"},
		{`"document_at":"2026-02-01"`, `"document_at":"2026-02-31"`, "contract.document_at"},
		{`"law_category":"phone"`, `"law_category":"Mobile phone"`, "lines[0].law_category"},
		{`"promised_at":"2026-02-08"`, `"promised_at":"soon"`, "lines[0].promised_at"},
		{`"guarantee_until":"2028-02-08"`, `"guarantee_until":"9999-02-08"`, "lines[0].guarantee_until"},
		{`"return_days":30`, `"return_days":-1`, "lines[0].promise.return_days"},
	} {
		_, problem := order.Frozen(drafted(t, strings.Replace(sold, test.old, test.new, 1)), june)
		if problem == nil || problem.Field != test.field {
			t.Errorf("%s: %+v, want a problem of %s", test.new, problem, test.field)
		}
	}
	if _, problem := order.Frozen(drafted(t, sold), june); problem != nil {
		t.Errorf("the good one: %+v", problem)
	}
}

func TestTheCatalogueFillsInWhatAnOrderLeavesOut(t *testing.T) {
	dbtest.Each(t, append(slices.Clone(schemas), product.Schema), func(t *testing.T, d *db.DB) {
		by := actor.Actor{Tenant: "shop", Kind: actor.System, ID: "import"}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for _, sku := range []string{"A", "B"} {
				_, _, err := (&product.Service{}).Put(t.Context(), tx, by, product.Draft{
					SKU: sku, Title: "T", Price: money.Of(100, "USD"), Law: product.Law{Category: "laptop", Traits: []string{"custom"}, SellerCountry: "JP"},
				}, 0)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var o order.Order
		err = d.Write(t.Context(), func(tx *db.Tx) (err error) {
			if o, _, err = order.New(order.Options{Laws: product.Laws}).Put(t.Context(), tx, by, drafted(t, sold)); err == nil {
				o, err = order.ByID(t.Context(), tx, by, o.ID)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		said, silent := o.Lines[0], o.Lines[1]
		if said.LawCategory != "phone" || said.Traits[0] != "second_hand" || said.SellerCountry != "DE" {
			t.Errorf("what the order says was changed: %+v", said)
		}
		if silent.LawCategory != "laptop" || silent.Traits[0] != "custom" || silent.SellerCountry != "" {
			t.Errorf("what the order leaves out was not filled in, or the order's seller was: %+v", silent)
		}
	})
}

func TestWhatGoesOutInAnExchangeKeepsWhatWasKnown(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s := order.New(order.Options{})
		first, _ := put(t, d, s, drafted(t, sold))
		var next order.Order
		err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
			items := []order.NewItem{{SKU: "A", Title: "Phone", Quantity: 1}, {SKU: "C", Title: "Cup", Quantity: 1}}
			if next, err = s.FollowUp(t.Context(), tx, shop, first, "case_1", items, nil, nil); err == nil {
				next, err = order.ByID(t.Context(), tx, shop, next.ID)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first.Sale, next.Sale); diff != "" {
			t.Error(diff)
		}
		if same, other := next.Lines[0], next.Lines[1]; same.LawCategory != "phone" || same.PromisedAt != "" || len(same.Traits) != 1 || other.LawCategory != "" || other.Traits != nil {
			t.Errorf("%+v %+v", same, other)
		}
	})
}
