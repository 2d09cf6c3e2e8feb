package cases_test

import (
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
)

func TestAClockNamesItsZoneWhereTheShopHasAnother(t *testing.T) {
	eachShop(t, func(s *shop) {
		here := s.look(s.agent, s.open(s.buyer2("Z1", 89900), s.lastOrder, 1, "wrong_size")).Next
		if here.Text != "The seller answers by 4 Mar 2026 10:00" && here.Text != "The seller answers by Mar 4, 2026 10:00" || !strings.HasSuffix(here.Text, here.Clock) || here.Clock == "" {
			t.Errorf("%q, of which the clock is %q", here.Text, here.Clock)
		}
		s.write(func(tx *db.Tx) error {
			shop, err := tenant.ByID(t.Context(), tx, "main")
			if err != nil {
				return err
			}
			shop.Zone = "Europe/Berlin"
			_, err = tenant.Update(t.Context(), tx, s.agent, shop)
			return err
		})
		away := s.look(s.agent, s.open(s.buyer2("Z2", 89900), s.lastOrder, 1, "wrong_size")).Next
		if !strings.HasSuffix(away.Text, "10:00 GMT+8") || !strings.HasSuffix(away.Text, away.Clock) || away.Clock == "" {
			t.Errorf("%q, of which the clock is %q", away.Text, away.Clock)
		}
	})
}

func TestAGroundNamesTheCountryAsReadersDo(t *testing.T) {
	for code, want := range map[string]string{"KZ": "哈萨克斯坦", "US-NY": "美国 (NY)"} {
		g := policy.Ground{Code: "law_no_pack", Args: locale.Args{"country": code}}
		if got := g.Text("zh-CN"); got != "尚未收录"+want+"的法律规则" {
			t.Errorf("%s: %q", code, got)
		}
	}
}
