package tenant_test

import (
	"errors"
	"testing"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

func TestAHostIsAName(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		blue, err := create(t, d, shop("blue", ""))
		if err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string]string{
			"": "", " Returns.Silk.Example. ": "returns.silk.example", "silk.localhost:8080": "silk.localhost", "10.0.0.7": "10.0.0.7", "[::1]:8080": "::1",
			"退货.海豚.中国": "xn--1n3a19c.xn--90ww27d.xn--fiqs8s", "Bücher.example": "xn--bcher-kva.example",
		} {
			blue.Host = text
			if blue, err = update(t, d, blue); err != nil || blue.Host != want {
				t.Errorf("%q is stored as %q, %v; want %q", text, blue.Host, err, want)
			}
		}
		for _, text := range []string{"https://silk.example", "https://silk.example/returns", "silk.example/returns", "silk example", "silk_.example", "-silk.example", "silk.example:returns", "a@silk.example", "[]"} {
			wrong := blue
			wrong.Host = text
			_, err := update(t, d, wrong)
			var f *fault.Fault
			if !errors.As(err, &f) || f.Code != tenant.ErrInvalid.Code || len(f.Fields) != 1 || f.Fields[0].Field != "host" {
				t.Errorf("%q: %v, want ErrInvalid at host", text, err)
			}
		}
	})
}

func TestAShopAmongOthersKeepsAHost(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		for _, one := range []tenant.Tenant{shop(tenant.Default, "main.example"), shop("blue", "blue.example")} {
			one, err := create(t, d, one)
			if err != nil {
				t.Fatal(err)
			}
			one.Host = ""
			_, err = update(t, d, one)
			if want := map[string]error{"blue": tenant.ErrHost}[one.ID]; !errors.Is(err, want) {
				t.Errorf("%s without a host: %v, want %v", one.ID, err, want)
			}
		}
		if got, err := byHost(t, d, "blue.example"); err != nil || got.ID != "blue" {
			t.Errorf("blue.example leads to %q, %v", got.ID, err)
		}
	})
}

func TestNoShopTakesTheAddressOfTheInstallation(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		for _, one := range []tenant.Tenant{shop(tenant.Default, ""), shop("blue", "blue.example")} {
			if _, err := create(t, d, one); err != nil {
				t.Fatal(err)
			}
		}
		for _, one := range []struct {
			id, host, base string
			want           error
		}{
			{"blue", "Care.Example:8443", "https://care.example", tenant.ErrTaken},
			{"blue", "blue.example", "https://care.example", nil},
			{"blue", "care.example", "", nil},
			{"blue", "blue.example", "https://blue.example:8443", nil},
			{tenant.Default, "care.example", "https://care.example", nil},
			{tenant.Default, "", "https://care.example", nil},
		} {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				return tenant.Apart(t.Context(), tx, shop(one.id, one.host), one.base)
			})
			if !errors.Is(err, one.want) {
				t.Errorf("%s at %q, installation at %q: %v, want %v", one.id, one.host, one.base, err, one.want)
			}
		}
	})
}

func update(t *testing.T, d *db.DB, one tenant.Tenant) (tenant.Tenant, error) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		one, err = tenant.Update(t.Context(), tx, actor.Of(one.ID), one)
		return err
	})
	return one, err
}
