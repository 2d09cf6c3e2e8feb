package manualpay_test

import (
	"testing"

	"github.com/aftercare/aftercare/connect/manualpay"
	"github.com/aftercare/aftercare/finance/settlement"
)

func TestEveryPaymentIsLeftToAPerson(t *testing.T) {
	var p settlement.Provider = manualpay.Provider{}
	r, err := p.Refund(t.Context(), settlement.Request{Key: "k1"})
	if err != nil || r.Outcome != settlement.ByHand || p.Name() != "manual" {
		t.Errorf("%s: %+v, %v", p.Name(), r, err)
	}
	if r, err := p.Lookup(t.Context(), settlement.Request{Key: "k1"}); err != nil || r.Outcome != settlement.Absent {
		t.Errorf("lookup: %+v, %v", r, err)
	}
}
