package order_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/order"
)

var home = order.Address{Name: "林 晓雯", Lines: []string{"滨江区江南大道 588 号", "3 幢 1201"}, City: "杭州", Region: "浙江", Postcode: "310051", Phone: "+86 138 0013 8000"}

func TestTheAddressOfAnOrderIsKeptApartAndMayChange(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s := order.New(order.Options{})
		draft := mug("AD-1")
		bare, _ := put(t, d, s, draft)
		read := func() (a order.Address, known bool) {
			write(t, d, func(tx *db.Tx) (err error) {
				a, known, err = order.AddressOf(t.Context(), tx, "shop", bare.ID)
				return err
			})
			return a, known
		}
		if _, known := read(); known {
			t.Error("an address that nobody told")
		}
		draft.ShipTo = &home
		same, created := put(t, d, s, draft)
		want := home
		want.Country, want.Phone = "CN", "+8613800138000"
		if a, known := read(); created || same.ID != bare.ID || !known || cmp.Diff(want, a) != "" {
			t.Errorf("told later: %v, %s", created, cmp.Diff(want, a))
		}
		moved := home
		moved.Lines = []string{"西湖区文三路 90 号"}
		draft.ShipTo = &moved
		put(t, d, s, draft)
		if a, _ := read(); a.Lines[0] != moved.Lines[0] {
			t.Errorf("not moved: %+v", a)
		}
		write(t, d, func(tx *db.Tx) error {
			events, err := event.History(t.Context(), tx, "shop", "order", bare.ID)
			for _, e := range events {
				if strings.Contains(string(e.Data), "文三路") || strings.Contains(string(e.Data), "江南") {
					t.Errorf("the log knows the address: %s", e.Data)
				}
			}
			return err
		})
	})
}

func TestAnAddressThatNobodyCouldDeliverToIsRefusedWithoutItsText(t *testing.T) {
	tests := []struct {
		name, field string
		change      func(a *order.Address)
	}{
		{"no name", "ship_to.name", func(a *order.Address) { a.Name = " " }},
		{"no street", "ship_to.lines", func(a *order.Address) { a.Lines = []string{" ", ""} }},
		{"too many lines", "ship_to.lines", func(a *order.Address) { a.Lines = strings.Split("a b c d e f g", " ") }},
		{"a country that is none", "ship_to.country", func(a *order.Address) { a.Country = "XX" }},
		{"a telephone that is none", "ship_to.phone", func(a *order.Address) { a.Phone = "call me" }},
		{"a zero byte", "ship_to.postcode", func(a *order.Address) { a.Postcode = strings.Repeat("9", 21) }},
	}
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		for _, test := range tests {
			a, draft := home, mug("AD-2")
			test.change(&a)
			draft.ShipTo = &a
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, _, err := order.New(order.Options{}).Put(t.Context(), tx, shop, draft)
				return err
			})
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok || !errors.Is(err, order.ErrInvalid) || len(f.Fields) != 1 || f.Fields[0].Field != test.field {
				t.Errorf("%s: %v, want %s", test.name, err, test.field)
			}
		}
	})
}

func TestAMaskedAddressTellsLittle(t *testing.T) {
	tests := []struct {
		name       string
		give, want order.Address
	}{
		{"Chinese", home, order.Address{Name: "林***", Lines: []string{"滨江区江南大***", "***"}, City: "杭州", Region: "浙江", Postcode: "310051", Phone: "***8000"}},
		{"house number first", order.Address{Name: "Ann Lee", Lines: []string{"12 Oak"}, City: "Bath", Country: "GB"},
			order.Address{Name: "A***", Lines: []string{"** ***"}, City: "Bath", Country: "GB"}},
		{"short telephone", order.Address{Name: "Li", Lines: []string{"A"}, Phone: "911"}, order.Address{Name: "L***", Lines: []string{"***"}, Phone: "***"}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, test.give.Masked()); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}
