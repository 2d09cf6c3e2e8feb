package testpay_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/connect/paytest"
	"github.com/aftercare/aftercare/connect/testpay"
	"github.com/aftercare/aftercare/finance/settlement"
)

func TestTheProviderKeepsTheContractOfAdapters(t *testing.T) {
	marker := map[paytest.Trouble]string{
		paytest.Decline: "test:decline", paytest.Pending: "test:late-60", paytest.LostRequest: "test:lost-once",
		paytest.LostAnswer: "test:timeout-once", paytest.Slow: "test:slow-400", paytest.Failing: "test:unavailable-1",
	}
	paytest.Run(t, func(t *testing.T) paytest.Subject {
		p := open(t, filepath.Join(t.TempDir(), "journal"), testpay.Options{})
		return paytest.Subject{
			Provider: p, Currency: "JPY",
			Request: func(key string, amount money.Amount, trouble paytest.Trouble) settlement.Request {
				return settlement.Request{Key: key, Tenant: "shop", Reference: marker[trouble], Amount: amount}
			},
			Paid: func(key string) (books []string) {
				all, err := p.Payments()
				if err != nil {
					t.Fatal(err)
				}
				for _, one := range all {
					if one.Key == key {
						books = append(books, money.Of(one.Minor, one.Currency).String())
					}
				}
				return books
			},
			Decide: func(string, bool) { time.Sleep(80 * time.Millisecond) },
			// It decides by itself, knows every payment, and has no wire to sign.
			Unable: []paytest.Trouble{paytest.Forged, paytest.Missing, paytest.TurnedDown},
			Amounts: []paytest.Amount{
				{Amount: money.Of(966, "JPY"), Books: "966 JPY"},
				{Amount: money.Of(1505, "KWD"), Books: "1.505 KWD"},
				{Amount: money.Of(9899, "CNY"), Books: "98.99 CNY"},
			},
		}
	})
}
