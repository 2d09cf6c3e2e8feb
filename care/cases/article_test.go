package cases_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
)

// Cases from before articles were noted are found all the time: row by row
// first, and by the index when all are noted.
func TestEarlierCasesAreFoundByArticleWhileTheyAreNoted(t *testing.T) {
	eachList(t, func(t *testing.T, d *db.DB, all []cases.Case) {
		staff := actor.Actor{Tenant: "main", Kind: actor.Staff}
		f := cases.Filter{SKU: "NS-1", Limit: 7}
		noted := func() (n int) {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				return tx.QueryRow(t.Context(), `select count(*) from cases_article where tenant = 'main' and case_id <> ''`).Scan(&n)
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		check := func(when string) {
			t.Helper()
			got, err := walked(t.Context(), d, staff, f)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wanted(all, staff, f), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		if n := noted(); n != len(all) {
			t.Fatalf("%d of %d cases are noted", n, len(all))
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `delete from cases_article`); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), `insert into cases_article (tenant, sku, opened_at, case_id) values ('main', '', 0, '')`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		check("before")
		for after, more := "", true; more; {
			err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
				after, err = cases.NoteArticles(t.Context(), tx, "main", after, 150)
				more = after != ""
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			check("meanwhile")
		}
		if n := noted(); n != len(all) {
			t.Errorf("%d of %d cases are noted again", n, len(all))
		}
		check("after")
	})
}
