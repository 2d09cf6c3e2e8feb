package testpay_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/connect/manualpay"
	"github.com/aftercare/aftercare/connect/testpay"
	"github.com/aftercare/aftercare/finance/settlement"
)

var _ = []settlement.Provider{&testpay.Provider{}, manualpay.Provider{}}

func open(t *testing.T, path string, o testpay.Options) *testpay.Provider {
	t.Helper()
	p, err := testpay.Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func request(key, reference string) settlement.Request {
	return settlement.Request{Key: key, Tenant: "shop", Case: "case_a", Purpose: "goods", Reference: reference, Amount: money.Of(9899, "JPY")}
}

// call shortens an answer to a word.
func call(r settlement.Result, err error) string {
	switch {
	case errors.Is(err, testpay.ErrUnavailable):
		return "unavailable"
	case errors.Is(err, testpay.ErrNoAnswer):
		return "no answer"
	case err != nil:
		return err.Error()
	}
	return string(r.Outcome)
}

func TestMarkersAskForTrouble(t *testing.T) {
	tests := []struct {
		reference string
		calls     string // R refund, L lookup
		want      []string
		payments  int
	}{
		{"pi_1", "LRRL", []string{"absent", "paid", "paid", "paid"}, 1},
		{"test:decline", "RLRL", []string{"declined", "declined", "declined", "declined"}, 0},
		{"test:decline-once", "RLRL", []string{"declined", "declined", "paid", "paid"}, 1},
		{"test:timeout-once/17", "RLR", []string{"no answer", "paid", "paid"}, 1},
		{"test:timeout", "RRL", []string{"no answer", "no answer", "paid"}, 1},
		{"test:lost-once", "RLRL", []string{"no answer", "absent", "paid", "paid"}, 1},
		{"test:unavailable-2", "RLRRL", []string{"unavailable", "absent", "unavailable", "paid", "paid"}, 1},
		{"test:late-1", "RwLR", []string{"pending", "paid", "paid"}, 1},
		{"test:late", "RRL", []string{"pending", "pending", "pending"}, 0},
		{"test:slow-1", "RL", []string{"paid", "paid"}, 1},
		{"test:twice", "RL", []string{"paid", "paid"}, 1},
		{"test:manual", "RL", []string{"by_hand", "absent"}, 0},
	}
	for _, test := range tests {
		t.Run(test.reference, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "pay", "journal.jsonl")
			p := open(t, path, testpay.Options{})
			var got []string
			for _, c := range test.calls {
				switch c {
				case 'R':
					got = append(got, call(p.Refund(t.Context(), request("k1", test.reference))))
				case 'L':
					got = append(got, call(open(t, path, testpay.Options{}).Lookup(t.Context(), request("k1", "")))) // as after a restart
				case 'w':
					time.Sleep(5 * time.Millisecond)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			paid, err := p.Payments()
			if err != nil || len(paid) != test.payments {
				t.Errorf("%d payments (%v)", len(paid), err)
			}
		})
	}
}

func TestASlowAnswerIsGivenUpWithTheCaller(t *testing.T) {
	p := open(t, filepath.Join(t.TempDir(), "journal"), testpay.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if got := call(p.Refund(ctx, request("k1", "test:slow-5000"))); got != "no answer" {
		t.Errorf("refund: %s", got)
	}
	if got := call(p.Lookup(t.Context(), request("k1", ""))); got != "paid" {
		t.Errorf("lookup: %s", got)
	}
}

func TestAnswersAreSentTwiceOrLate(t *testing.T) {
	notices := make(chan string, 3)
	p := open(t, filepath.Join(t.TempDir(), "journal"), testpay.Options{
		Notice: func(tenant, key string, r settlement.Result) { notices <- tenant + " " + key + " " + string(r.Outcome) },
	})
	for _, reference := range []string{"test:twice", "test:late-1"} {
		if _, err := p.Refund(t.Context(), request(reference, reference)); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]int{}
	for range 3 {
		got[<-notices]++
	}
	if diff := cmp.Diff(map[string]int{"shop test:twice paid": 2, "shop test:late-1 paid": 1}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAKeyIsPaidOnceByManyProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	var wg sync.WaitGroup
	for range 8 { // each with its own view of the file, as processes have
		p := open(t, path, testpay.Options{})
		wg.Go(func() {
			for key := range 200 {
				if _, err := p.Refund(context.Background(), request(strconv.Itoa(key), "")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	paid, err := open(t, path, testpay.Options{}).Payments()
	seen := map[string]bool{}
	for _, one := range paid {
		seen[one.Key], seen[one.Refund] = true, true
	}
	if err != nil || len(paid) != 200 || len(seen) != 400 {
		t.Errorf("%d payments of 200 keys, %d names (%v)", len(paid), len(seen), err)
	}
}

func TestALineCutOffByACrashIsForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	p := open(t, path, testpay.Options{})
	if _, err := p.Refund(t.Context(), request("k1", "")); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	if err := os.WriteFile(path, append(text, text[:len(text)/2]...), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, path, testpay.Options{})
	if _, err := again.Refund(t.Context(), request("k2", "")); err != nil {
		t.Fatal(err)
	}
	paid, err := p.Payments()
	if err != nil || len(paid) != 2 || paid[0].Minor != 9899 || !strings.HasPrefix(paid[1].Refund, "testpay-") {
		t.Errorf("%+v, %v", paid, err)
	}
}

func BenchmarkRefund(b *testing.B) {
	p, err := testpay.Open(filepath.Join(b.TempDir(), "journal"), testpay.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for i := 0; b.Loop(); i++ {
		if _, err := p.Refund(b.Context(), request(strconv.Itoa(i), "")); err != nil {
			b.Fatal(err)
		}
	}
}
