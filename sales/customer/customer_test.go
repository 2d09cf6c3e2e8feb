package customer_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/sales/customer"
)

var (
	schemas = []db.Schema{customer.Schema}
	by      = actor.Of("shop")
)

func upsert(t *testing.T, d *db.DB, by actor.Actor, draft customer.Draft) (c customer.Customer) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		c, err = customer.Upsert(t.Context(), tx, by, draft)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestACustomerIsKnownByReferenceThenEmailThenPhone(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		first := upsert(t, d, by, customer.Draft{Source: "shop", Ref: "1", Name: " Lin  Wei ", Email: "Lin@Example.com"})
		want := customer.Customer{ID: first.ID, Tenant: "shop", Source: "shop", Ref: "1", Name: "Lin Wei", Email: "lin@example.com"}
		if diff := cmp.Diff(want, first); diff != "" {
			t.Error(diff)
		}
		steps := []struct {
			name  string
			draft customer.Draft
			same  bool
			want  customer.Customer // contacts only
		}{
			{"the reference replaces", customer.Draft{Source: "shop", Ref: "1", Name: "Lin W.", Phone: "0086 138-0013-8000"}, true, customer.Customer{Name: "Lin W.", Email: "lin@example.com", Phone: "+8613800138000"}},
			{"an e-mail only fills gaps and ties its reference", customer.Draft{Source: "olist", Ref: "9", Name: "Other", Email: "lin@example.com", Language: "zh-CN"}, true, customer.Customer{Name: "Lin W.", Email: "lin@example.com", Phone: "+8613800138000", Language: "zh-CN"}},
			{"the tied reference is known alone", customer.Draft{Source: "olist", Ref: "9"}, true, customer.Customer{Name: "Lin W.", Email: "lin@example.com", Phone: "+8613800138000", Language: "zh-CN"}},
			{"a phone", customer.Draft{Source: "till", Phone: "+86 (138) 0013 8000"}, true, customer.Customer{Name: "Lin W.", Email: "lin@example.com", Phone: "+8613800138000", Language: "zh-CN"}},
			{"a reference of another source is another customer", customer.Draft{Source: "till", Ref: "1"}, false, customer.Customer{}},
			{"another e-mail with a known phone", customer.Draft{Source: "till", Email: "x@example.com", Phone: "+8613800138000"}, true, customer.Customer{Name: "Lin W.", Email: "lin@example.com", Phone: "+8613800138000", Language: "zh-CN"}},
		}
		for _, s := range steps {
			got := upsert(t, d, by, s.draft)
			if (got.ID == first.ID) != s.same {
				t.Errorf("%s: same customer %v, want %v", s.name, got.ID == first.ID, s.same)
			}
			got.ID, got.Tenant, got.Source, got.Ref = "", "", "", ""
			if diff := cmp.Diff(s.want, got); diff != "" {
				t.Errorf("%s: %s", s.name, diff)
			}
		}
		if other := upsert(t, d, actor.Of("other"), customer.Draft{Source: "shop", Ref: "1", Email: "lin@example.com"}); other.ID == first.ID {
			t.Error("two shops share a customer")
		}
	})
}

func TestADraftThatIdentifiesNobodyIsRefused(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		for _, draft := range []customer.Draft{{Name: "Lin"}, {Ref: "1", Email: "lin"}, {Ref: "1", Phone: "call me"}, {Ref: "1", Language: "!"}} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := customer.Upsert(t.Context(), tx, by, draft)
				return err
			})
			if !errors.Is(err, customer.ErrInvalid) {
				t.Errorf("%+v: %v", draft, err)
			}
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := customer.ByID(t.Context(), tx, "shop", "cus_x")
			return err
		})
		if !errors.Is(err, customer.ErrUnknown) {
			t.Errorf("no customer: %v", err)
		}
	})
}

func TestAContactIsComparedInItsNormalForm(t *testing.T) {
	c := customer.Customer{Email: "lin@example.com", Phone: "+8613800138000"}
	for contact, want := range map[string]bool{
		"LIN@example.com ": true, "lin@example.org": false, "+86 138 0013 8000": true, "13800138000": true, "008613800138000": true, "+4913800138000": false,
		"38000": false, "": false, "@": false, "138000": false,
	} {
		if c.Has(contact) != want {
			t.Errorf("Has(%q) is %v", contact, !want)
		}
	}
	if (customer.Customer{}).Has("") {
		t.Error("nothing proves nothing")
	}
}
