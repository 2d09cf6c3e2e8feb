package testpay_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/connect/testpay"
	"github.com/aftercare/aftercare/finance/charge"
)

func TestMoneyIsTakenOnceAndNotMixedWithWhatWasPaid(t *testing.T) {
	tests := []struct {
		means string
		calls string // C collect, L lookup
		want  []string
		taken int
	}{
		{"", "LCCL", []string{"absent", "collected", "collected", "collected"}, 1},
		{"test:decline", "CL", []string{"declined", "declined"}, 0},
		{"test:manual", "C", []string{"declined"}, 0},
		{"test:timeout-once", "CLC", []string{"error", "collected", "collected"}, 1},
		{"test:lost-once", "CLC", []string{"error", "absent", "collected"}, 1},
		{"test:unavailable-1", "CLC", []string{"error", "absent", "collected"}, 1},
		{"test:late-1", "CwL", []string{"pending", "collected"}, 1},
	}
	for _, test := range tests {
		t.Run(test.means, func(t *testing.T) {
			p := open(t, filepath.Join(t.TempDir(), "journal"), testpay.Options{})
			r := charge.Request{Key: "charge_1", Tenant: "shop", Purpose: charge.AdvanceRecovery, Means: test.means, Amount: money.Of(9900, "JPY")}
			var got []string
			for _, c := range test.calls {
				ask := p.Collect
				switch c {
				case 'w':
					time.Sleep(5 * time.Millisecond)
					continue
				case 'L':
					ask = p.Collected
				}
				s, err := ask(t.Context(), r)
				word := string(s.Outcome)
				if err != nil {
					word = "error"
				}
				if s.Outcome == charge.Collected && (s.Amount != r.Amount || s.Reference == "") {
					t.Errorf("%+v", s)
				}
				got = append(got, word)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			paid, err := p.Payments()
			taken, err2 := p.Collections()
			if err != nil || err2 != nil || len(paid) != 0 || len(taken) != test.taken {
				t.Errorf("%d paid, %d taken (%v, %v)", len(paid), len(taken), err, err2)
			}
		})
	}
}

func TestMoneyThatComesLateIsTold(t *testing.T) {
	told := make(chan charge.Session, 1)
	p := open(t, filepath.Join(t.TempDir(), "journal"), testpay.Options{
		Collected: func(_, _ string, got charge.Session) { told <- got },
	})
	r := charge.Request{Key: "charge_1", Tenant: "shop", Purpose: charge.Adjustment, Means: "test:late-1", Amount: money.Of(9900, "JPY")}
	if got, err := p.Collect(t.Context(), r); err != nil || got.Outcome != charge.Pending {
		t.Fatal(got, err)
	}
	if got := <-told; got.Outcome != charge.Collected || got.Amount != r.Amount {
		t.Errorf("%+v", got)
	}
}
