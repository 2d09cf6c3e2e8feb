package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/rules/policy"
)

// A ground is stored as machines read it, in events too, and told as the reader's
// language writes: also when it comes back from the database.
func TestAStoredGroundIsToldInTheFormsOfALanguage(t *testing.T) {
	for _, tt := range []struct {
		lang, stored, want string
	}{
		{"de", `{"code":"below_limit","args":{"limit":"1500.00 EUR"}}`, "1.500,00\u00a0€"},
		{"en", `{"code":"below_limit","args":{"limit":"1500.00 EUR"}}`, "€1,500.00"},
		{"fr", `{"code":"promise_holds","args":{"amount":"1500 JPY"}}`, "1\u202f500\u00a0JPY"},
		{"ru", `{"code":"window_closed","args":{"title":"Чай","until":"2026-11-30"}}`, "30 нояб. 2026 г."},
		{"ar", `{"code":"within_window","args":{"title":"X2","until":"2026-11-30"}}`, "\u206830 نوفمبر 2026\u2069"},
		{"de", `{"code":"not_sent","args":{"title":"2026-11-30"}}`, "2026-11-30"},        // the name of an article
		{"de", `{"code":"set_off","args":{"amount":"¥500.00","case":"R-1"}}`, "¥500.00"}, // as it was stored in words
		{"de", `{"code":"set_off","args":{"amount":"5.001 EUR","case":"R-1"}}`, "5.001 EUR"},
	} {
		var g policy.Ground
		if err := json.Unmarshal([]byte(tt.stored), &g); err != nil {
			t.Fatal(err)
		}
		if got := g.Text(tt.lang); !strings.Contains(got, tt.want) {
			t.Errorf("%s in %s: %q, which has no %q", tt.stored, tt.lang, got, tt.want)
		}
		again, err := json.Marshal(g)
		if err != nil || string(again) != tt.stored {
			t.Errorf("telling changed %s to %s (%v)", tt.stored, again, err)
		}
	}
	var empty policy.Ground
	if got := (policy.Ground{Code: "not_sent", Args: locale.Args{"title": nil}}).Text("en"); got == "" || empty.Text("en") == "" {
		t.Errorf("%q", got)
	}
}
