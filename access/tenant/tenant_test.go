package tenant_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
)

var schemas = []db.Schema{event.Schema, tenant.Schema}

func shop(id, host string) tenant.Tenant {
	return tenant.Tenant{ID: id, Name: "Shop " + id, Host: host, Zone: "Asia/Shanghai", Language: "zh-CN", Currency: "CNY",
		SupportEmail: "help@example.com", Return: tenant.Address{Name: "Depot", Lines: []string{"1 Road", "Gate 2"}, City: "Shanghai", Country: "CN"}}
}

func create(t *testing.T, d *db.DB, one tenant.Tenant) (tenant.Tenant, error) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		one, err = tenant.Create(t.Context(), tx, one)
		return err
	})
	return one, err
}

func byHost(t *testing.T, d *db.DB, host string) (one tenant.Tenant, err error) {
	t.Helper()
	err = d.Read(t.Context(), func(tx *db.Tx) (err error) {
		one, err = tenant.ByHost(t.Context(), tx, host)
		return err
	})
	return one, err
}

func TestTheHostDecidesTheShop(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		if _, err := byHost(t, d, "a.example"); !errors.Is(err, tenant.ErrUnknown) {
			t.Fatalf("without shops: %v, want ErrUnknown", err)
		}
		if _, err := create(t, d, shop("blue", "Blue.Example:8443")); err != nil {
			t.Fatal(err)
		}
		if got, err := byHost(t, d, "anything"); err != nil || got.ID != "blue" {
			t.Errorf("the only shop: %q, %v", got.ID, err)
		}
		if _, err := create(t, d, shop("red", "red.example")); err != nil {
			t.Fatal(err)
		}
		if _, err := byHost(t, d, "anything"); !errors.Is(err, tenant.ErrUnknown) {
			t.Errorf("two shops and no default: %v, want ErrUnknown", err)
		}
		if _, err := create(t, d, shop(tenant.Default, "")); err != nil {
			t.Fatal(err)
		}
		for host, want := range map[string]string{
			"blue.example": "blue", "BLUE.example:8080": "blue", "blue.example.": "blue", "red.example": "red",
			"": "main", "localhost:8080": "main", "[::1]:8080": "main", "evil-blue.example": "main", "blue.example.evil": "main",
		} {
			if got, err := byHost(t, d, host); err != nil || got.ID != want {
				t.Errorf("ByHost(%q) = %q, %v; want %q", host, got.ID, err, want)
			}
		}
	})
}

func TestAShopIsStoredAsItWasGiven(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		want, err := create(t, d, shop("blue", "blue.example"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := byHost(t, d, "blue.example")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestIDsAndHostsBelongToOneShop(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		blue, err := create(t, d, shop("blue", "blue.example"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := create(t, d, shop("red", "red.example")); err != nil {
			t.Fatal(err)
		}
		for _, other := range []tenant.Tenant{shop("blue", "x.example"), shop("green", "BLUE.example")} {
			if _, err := create(t, d, other); !errors.Is(err, tenant.ErrTaken) {
				t.Errorf("create %s at %s: %v, want ErrTaken", other.ID, other.Host, err)
			}
		}
		update := func(one tenant.Tenant) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tenant.Update(t.Context(), tx, actor.Of("blue"), one)
				return err
			})
		}
		stolen := blue
		stolen.Host = "red.example"
		if err := update(stolen); !errors.Is(err, tenant.ErrTaken) {
			t.Errorf("take another shop's host: %v, want ErrTaken", err)
		}
		changed := blue
		changed.Name = "Bluer"
		if err := update(changed); err != nil {
			t.Fatal(err)
		}
		if err := update(changed); !errors.Is(err, tenant.ErrStale) {
			t.Errorf("update with an old version: %v, want ErrStale", err)
		}
		changed.ID, changed.Version = "red", 1 // the actor's tenant counts, not the value's
		if err := update(changed); !errors.Is(err, tenant.ErrStale) {
			t.Errorf("update of another shop: %v, want ErrStale", err)
		}
		if red, _ := byHost(t, d, "red.example"); red.Name != "Shop red" {
			t.Errorf("the other shop's name became %q", red.Name)
		}
	})
}

func TestSettingsAreChecked(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		_, err := create(t, d, tenant.Tenant{ID: "Up Case", Zone: "Mars/Base", Language: "fr", Currency: "XXX", SupportEmail: "no", Return: tenant.Address{Country: "China"}})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Code != tenant.ErrInvalid.Code {
			t.Fatalf("create: %v, want ErrInvalid", err)
		}
		var got []string
		for _, field := range f.Fields {
			got = append(got, field.Field)
		}
		want := []string{"id", "name", "zone", "language", "currency", "support_email", "return.country"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
	})
}

func TestAShopIsFoundAtItsOwnHost(t *testing.T) {
	for _, one := range []struct{ host, base, want string }{
		{"", "https://care.example", "https://care.example"},
		{"silk.example", "https://care.example", "https://silk.example"},
		{"silk.example", "http://127.0.0.1:8080", "http://silk.example:8080"},
		{"::1", "http://127.0.0.1:8080", "http://[::1]:8080"},
		{"silk.example", "", ""},
	} {
		if got := (tenant.Tenant{Host: one.host}).At(one.base); got != one.want {
			t.Errorf("%q of %q: %q, want %q", one.host, one.base, got, one.want)
		}
	}
}
