package main

import (
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
)

func TestASecondShopIsAddedWithItsHostAndAdministrator(t *testing.T) {
	data := t.TempDir()
	at := []string{"--data", data, "--base-url", "https://care.example"}
	add := func(id, host, admin string) result {
		return aftercare(t, "", append([]string{"shop", "add", id, "--name", "Silk & Stone", "--host", host, "--admin", admin, "--currency", "EUR"}, at...)...)
	}
	if r := add("silk", "silk.example", "boss@silk.example"); r.status != statusUsage {
		t.Errorf("without an installation: %+v", r)
	}
	must(t, "shop", "set", "--name", "First", "--data", data)
	for _, one := range []struct{ id, host, admin, says string }{
		{"silk", "", "boss@silk.example", "found by its host only"},
		{"silk", "https://silk.example", "boss@silk.example", "host"},
		{"silk", "care.example", "boss@silk.example", "Another shop has this id or host"},
		{"Silk!", "silk.example", "boss@silk.example", "id"},
		{"silk", "silk.example", "nobody", "email"},
	} {
		if r := add(one.id, one.host, one.admin); r.status != statusRefused || !strings.Contains(r.stderr, one.says) {
			t.Errorf("%+v: %+v", one, r)
		}
	}
	r := add("silk", "silk.example", "boss@silk.example")
	if r.status != statusOK || !strings.Contains(r.stdout, "https://silk.example/console/") || !regexp.MustCompile(`password, shown only now: \S{16,}`).MatchString(r.stdout) {
		t.Fatalf("%+v", r)
	}
	if r := add("silk", "other.example", "boss@silk.example"); r.status != statusRefused {
		t.Errorf("the same id again: %+v", r)
	}
	var shops []tenant.Tenant
	if err := json.Unmarshal([]byte(must(t, "shop", "list", "--json", "--data", data)), &shops); err != nil || len(shops) != 2 {
		t.Fatalf("%v %v", shops, err)
	}
	if first, silk := shops[0], shops[1]; silk.Host != "silk.example" || silk.Zone != first.Zone || silk.Language != first.Language || silk.Currency != "EUR" {
		t.Errorf("%+v beside %+v", silk, first)
	}
	if out := must(t, append([]string{"shop", "list"}, at...)...); !regexp.MustCompile(`main +First +https://care\.example/\n`).MatchString(out) || !strings.Contains(out, "https://silk.example/") {
		t.Errorf("%s", out)
	}
	if out := must(t, "user", "list", "--tenant", "silk", "--data", data); !strings.Contains(out, "boss@silk.example") {
		t.Errorf("%s", out)
	}
	cfg, err := config.Load(pflag.NewFlagSet("", pflag.ContinueOnError), []string{"AFTERCARE_DATA=" + data})
	if err != nil {
		t.Fatal(err)
	}
	h, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close() //nolint:errcheck // the test ends
	err = h.DB.Read(t.Context(), func(tx *db.Tx) error {
		_, err := policy.At(t.Context(), tx, "silk", policy.Standard, 0)
		return err
	})
	if err != nil {
		t.Errorf("the second shop's policy: %v", err)
	}
}

func TestAShopsHostIsSetFromTheCommandLine(t *testing.T) {
	data := t.TempDir()
	if out := must(t, "shop", "set", "--host", "Returns.Shop.Example", "--data", data); !strings.Contains(out, "returns.shop.example") {
		t.Errorf("%s", out)
	}
	if r := aftercare(t, "", "shop", "set", "--host", "https://returns.shop.example/", "--data", data); r.status != statusRefused || !strings.Contains(r.stderr, "host") {
		t.Errorf("%+v", r)
	}
	must(t, "shop", "add", "silk", "--name", "Silk", "--host", "silk.example", "--admin", "boss@silk.example", "--data", data)
	for host, says := range map[string]string{"returns.shop.example": "Another shop has", "care.example": "Another shop has", "": "found by its host only"} {
		if r := aftercare(t, "", "shop", "set", "--tenant", "silk", "--host", host, "--data", data, "--base-url", "https://care.example"); r.status != statusRefused || !strings.Contains(r.stderr, says) {
			t.Errorf("the second shop at %q: %+v", host, r)
		}
	}
	if out := must(t, "shop", "set", "--host", "", "--data", data); strings.Contains(out, "returns.shop.example") {
		t.Errorf("%s", out)
	}
}
