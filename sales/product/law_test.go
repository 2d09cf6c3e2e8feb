package product_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/sales/product"
)

func TestWhatTheLawAsksAboutAnArticleIsKeptAndChanges(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		phone := product.Law{Category: "phone", Traits: []string{"second_hand"}, SellerCountry: "CN"}
		put := func(law product.Law) (p product.Product, changed bool, err error) {
			err = d.Write(t.Context(), func(tx *db.Tx) (err error) {
				p, changed, err = (&product.Service{}).Put(t.Context(), tx, shop, product.Draft{SKU: "A", Title: "T", Price: money.Of(1, "CNY"), Law: law}, 0)
				return err
			})
			return p, changed, err
		}
		if _, changed, err := put(product.Law{}); err != nil || !changed {
			t.Fatal(changed, err)
		}
		if _, changed, err := put(phone); err != nil || !changed {
			t.Fatal("a new law is a change", changed, err)
		}
		if _, changed, err := put(phone); err != nil || changed {
			t.Fatal("the same again is none", changed, err)
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			p, err := product.BySKU(t.Context(), tx, "shop", "A")
			if err != nil {
				return err
			}
			if diff := cmp.Diff(phone, p.Law); diff != "" {
				t.Error(diff)
			}
			known, err := product.AnyLaw(t.Context(), tx, "shop")
			if err != nil || !known {
				t.Error("nobody knows of any", err)
			}
			laws, err := product.Laws(t.Context(), tx, "shop", []string{"A", "B"})
			if diff := cmp.Diff(map[string]product.Law{"A": phone}, laws); diff != "" || err != nil {
				t.Error(diff, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range []product.Law{{Category: "Mobile phone"}, {Traits: []string{""}}, {SellerCountry: "China"}, {Traits: make([]string, 21)}} {
			if _, _, err := put(wrong); err == nil {
				t.Errorf("accepted: %+v", wrong)
			}
		}
	})
}
