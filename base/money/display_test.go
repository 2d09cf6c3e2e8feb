package money

import "testing"

func TestAmountsInSentences(t *testing.T) {
	for _, c := range []struct {
		amount Amount
		want   string
	}{
		{Of(105431, "CNY"), "¥1,054.31"},
		{Of(0, "CNY"), "¥0.00"},
		{Of(-500, "EUR"), "-€5.00"},
		{Of(123456789, "JPY"), "JP¥123,456,789"},
		{Of(999, "JPY"), "JP¥999"},
		{Of(1250, "CHF"), "CHF 12.50"},
		{Of(1234567, "KWD"), "KWD 1,234.567"},
	} {
		if got := c.amount.Display(); got != c.want {
			t.Errorf("%v is %q, want %q", c.amount, got, c.want)
		}
	}
}

func TestNoTwoCurrenciesLookAlikeOnTheCommandLine(t *testing.T) {
	seen := map[string]string{}
	for currency, symbol := range symbols {
		if other, ok := seen[symbol]; ok {
			t.Errorf("%s and %s are both %s", currency, other, symbol)
		}
		seen[symbol] = currency
	}
}
