package reads

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// The format document has these as well: who keeps reads elsewhere can check
// that the same bytes are committed to.
func TestCommitmentsAreThoseOfTheFormat(t *testing.T) {
	key := make([]byte, 32)
	for i := range key {
		key[i] = byte(i)
	}
	d, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), db.Options{Keys: func() [][]byte { return [][]byte{key} }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // a temporary database
	opened := Read{Tenant: "main", ID: "rd_06h03br27g59rr0j1490ft731g", At: time.UnixMilli(1795324800123), Kind: actor.Staff, Actor: "stf_1", Name: "李雷",
		What: Case, Subject: "case_06h03br27g59rr0j1490ft731g", Customer: "cus_06h03br27g59rr0j1490ft731g", Batch: "rdb_06h03br27g59rr0j1490ft731g"}
	list := opened
	list.What, list.Subject, list.Customer, list.About, list.Told = Search, "orders", "", "order", 50
	document, err := os.ReadFile("../../docs/formats/seal.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		read    Read
		version int
		bytes   string
		want    string
	}{
		{"opened", opened, 2, "6166746572636172652f726561642f320a000000046d61696e0000001d72645f3036683033627232376735397272306a313439306674373331670000000d31373935333234383030313233000000057374616666000000057374665f3100000006e69d8ee99bb700000004636173650000001f636173655f3036683033627232376735397272306a313439306674373331670000001e6375735f3036683033627232376735397272306a313439306674373331670000001e7264625f3036683033627232376735397272306a31343930667437333167000000000000000130", "0b0741efe79460454783ba2789a0f8d6ecd2171b8b0d9817dac3953eb50ebc84"},
		{"list", list, 2, "6166746572636172652f726561642f320a000000046d61696e0000001d72645f3036683033627232376735397272306a313439306674373331670000000d31373935333234383030313233000000057374616666000000057374665f3100000006e69d8ee99bb700000006736561726368000000066f7264657273000000000000001e7264625f3036683033627232376735397272306a31343930667437333167000000056f72646572000000023530", "99ae90711acd11afd74c43495c819c5aa387407e876645d3ab1d494d35973f3b"},
		{"opened, before lists were counted", opened, 1, "6166746572636172652f726561642f310a000000046d61696e0000001d72645f3036683033627232376735397272306a313439306674373331670000000d31373935333234383030313233000000057374616666000000057374665f3100000006e69d8ee99bb700000004636173650000001f636173655f3036683033627232376735397272306a313439306674373331670000001e6375735f3036683033627232376735397272306a313439306674373331670000001e7264625f3036683033627232376735397272306a31343930667437333167", "b3271df9d4070e8f99f1e1422d962871e7984c87590ebcf0f43a9b66e3bec606"},
	} {
		b := message(test.read, test.version)
		var got string
		err := d.Read(t.Context(), func(tx *db.Tx) error { got = hex.EncodeToString(tx.MAC(b)); return nil })
		if err != nil {
			t.Fatal(err)
		}
		if hex.EncodeToString(b) != test.bytes || got != test.want {
			t.Errorf("%s: bytes %x, commitment %s", test.name, b, got)
		}
		for _, text := range []string{test.bytes, test.want} {
			if !strings.Contains(string(document), text) {
				t.Errorf("%s: the format document lacks %s", test.name, text)
			}
		}
	}
}
