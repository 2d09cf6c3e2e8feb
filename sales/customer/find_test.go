package customer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/sales/customer"
)

func TestCustomersAreFoundAsPeopleType(t *testing.T) {
	dbtest.Each(t, []db.Schema{customer.Schema}, func(t *testing.T, d *db.DB) {
		put := func(tenant string, drafts ...customer.Draft) {
			t.Helper()
			for _, draft := range drafts {
				draft.Source = "shop"
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := customer.Upsert(t.Context(), tx, actor.Of(tenant), draft)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		put("main",
			customer.Draft{Ref: "1", Name: "王小明", Email: "xiaoming@example.com", Phone: "+86 138 0013 8000"},
			customer.Draft{Ref: "2", Name: "欧阳小明"},
			customer.Draft{Ref: "3", Name: "Maria de la Cruz", Email: "maria@example.com"},
			customer.Draft{Ref: "4", Name: "Christopher Smith"},
			customer.Draft{Ref: "5", Name: "Anna"},
			customer.Draft{Ref: "7", Name: "陳曉雯"},
			customer.Draft{Ref: "6", Name: "Old Name"},
		)
		put("main", customer.Draft{Ref: "6", Name: "New Title"})
		put("other", customer.Draft{Ref: "1", Name: "王小明"})
		tests := []struct {
			text string
			want []string
		}{
			{"王小", []string{"王小明"}},
			{"小明", []string{"欧阳小明", "王小明"}},
			{"阳小明", []string{"欧阳小明"}},
			{"MARIA", []string{"Maria de la Cruz"}},
			{"cruz", []string{"Maria de la Cruz"}},
			{"cruz maria", []string{"Maria de la Cruz"}},
			{"la cr", []string{"Maria de la Cruz"}},
			{"xiaoming@", []string{"王小明"}},
			{"+86 138-0013", []string{"王小明"}},
			{"chirstopher", []string{"Christopher Smith"}},
			{"hcristopher", []string{"Christopher Smith"}},
			{"cchristopher", []string{"Christopher Smith"}},
			{"xhristopher", nil}, // another first letter would have to be looked for everywhere
			{"christopher smiht", []string{"Christopher Smith"}},
			{"chirstopher smith", []string{"Christopher Smith"}},
			{"欧阳小名", []string{"欧阳小明"}},
			{"殴阳小明", []string{"欧阳小明"}},
			{"王大名", nil},
			{"wang xiaom", []string{"王小明"}}, // pinyin
			{"wxm", []string{"王小明"}},
			{"ouyangxiaoming", []string{"欧阳小明"}},
			{"oyxm", []string{"欧阳小明"}},
			{"xiaoming", []string{"欧阳小明", "王小明"}},
			{"wangxaioming", []string{"王小明"}}, // with a slip
			{"歐陽小明", []string{"欧阳小明"}},        // traditional
			{"陈晓雯", []string{"陳曉雯"}},          // simplified
			{"曉雯", []string{"陳曉雯"}},
			{"chenxiaowen", []string{"陳曉雯"}},
			{"chritsopher", []string{"Christopher Smith"}},
			{"smiht", []string{"Christopher Smith"}},
			{"ann", []string{"Anna"}},
			{"title", []string{"New Title"}},
			{"name", nil},
			{"明", nil},
			{"", nil},
			{"%", nil},
		}
		for _, test := range tests {
			var got []string
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				all, err := customer.Find(t.Context(), tx, "main", test.text, 10)
				for _, c := range all {
					got = append(got, c.Name)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", test.text, diff)
			}
		}
	})
}
