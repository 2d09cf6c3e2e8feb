package e2e

import "testing"

// Customer and shop write to each other: live, by e-mail, with ready-made texts.
func TestCustomerAndShopWriteToEachOther(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database, "--message-mail-after", "1s")
		for _, language := range []string{"zh-CN", "zh-TW", "en"} {
			s.wish["language"] = language
			s.walk(t, "messages")
		}
	})
}
