package template_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/desk/template"
	"github.com/aftercare/aftercare/platform/db"
)

// A shop words a message in each language that its customers read, and only in
// that one; the list names the languages, and in which of them it has words.
func TestAShopWordsAMessageInAnyLanguageOfItsCustomers(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, s *template.Service, d *db.DB) {
		own := map[string]any{"subject": "{number} ✓", "body": "{next}"}
		for i, lang := range locale.Readable {
			place := "/v1/templates/approved/" + lang
			before := do(t, h, "GET", place, 0, nil, admin).Want(t, 200, "")
			if before.At("own") != false || lang != "en" && before.Text("body") == notice.Standard("approved", "en").Body {
				t.Errorf("%s begins with %s", lang, before.Raw)
			}
			do(t, h, "PUT", place, 0, own, admin).Want(t, 200, "")
			list := do(t, h, "GET", "/v1/templates", 0, nil, admin).Want(t, 200, "")
			for _, row := range list.At("items").([]any) {
				row := row.(map[string]any)
				want := len(locale.Readable)
				if row["reader"] == "staff" {
					want = len(locale.Languages)
				}
				if n := len(row["languages"].([]any)); n != want {
					t.Errorf("%v is for %v in %d languages", row["kind"], row["reader"], n)
				}
			}
			if !strings.Contains(string(list.Raw), `"`+lang+`"`) {
				t.Errorf("%s is not listed", lang)
			}
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				words, found, err := s.Words(t.Context(), tx, "main", "approved", lang)
				if !found || words.Subject != "{number} ✓" {
					t.Errorf("%s: %v %+v", lang, found, words)
				}
				for _, other := range locale.Readable[i+1:] {
					if _, found, err := s.Words(t.Context(), tx, "main", "approved", other); found || err != nil {
						t.Errorf("words in %s are those of %s: %v", lang, other, err)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
