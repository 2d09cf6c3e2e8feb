package stripe_test

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
)

// Stripe's own mock, which refuses what Stripe's published API does not have.
const mock = "github.com/stripe/stripe-mock@v0.203.0"

// buildMock installs the mock into a cache of the user's, once per version.
func buildMock(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	folder := filepath.Join(cache, "aftercare-tests", filepath.Base(mock))
	program := filepath.Join(folder, "stripe-mock")
	if _, err := os.Stat(program); err == nil {
		return program
	}
	fresh := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "install", mock)
	build.Env = append(os.Environ(), "GOBIN="+fresh, "GOFLAGS=", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(fresh, "stripe-mock"), program); err != nil {
		return filepath.Join(fresh, "stripe-mock") // the cache is on another disk
	}
	return program
}

// startMock returns the address of a running mock.
func startMock(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	run := exec.CommandContext(t.Context(), buildMock(t), "-http-addr", address)
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = run.Process.Kill(); _ = run.Wait() })
	for range 2400 {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return "http://" + address
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("stripe-mock does not answer")
	return ""
}

func TestStripesOwnMockUnderstandsWhatIsSent(t *testing.T) {
	if testing.Short() {
		t.Skip("builds stripe-mock")
	}
	p, err := stripe.New(stripe.Options{Key: "sk_test_123", Endpoint: startMock(t), Client: &http.Client{Timeout: 10 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	for _, reference := range []string{"pi_1PgafuB7WZ01zgkW", "ch_1PgafuB7WZ01zgkW"} {
		r := settlement.Request{Key: "payout_1", Tenant: "shop", Case: "case_1", Order: "ord_1", Purpose: "goods", Reference: reference, Amount: money.Of(9899, "USD")}
		if got, err := p.Refund(t.Context(), r); err != nil || got.Outcome != settlement.Paid || got.Reference == "" {
			t.Errorf("refund of %s: %+v, %v", reference, got, err)
		}
		// The mock forgets everything and knows one refund, which is not ours.
		if got, err := p.Lookup(t.Context(), r); err != nil || got.Outcome != settlement.Absent {
			t.Errorf("lookup in %s: %+v, %v", reference, got, err)
		}
	}
	page := charge.Request{
		Key: "charge_1", Tenant: "shop", Case: "case_1", Order: "ord_1", Purpose: charge.ExchangeDifference, Return: "https://shop.example/returns/1", Amount: money.Of(1500, "USD"),
	}
	if got, err := p.Collect(t.Context(), page); err != nil || got.Reference == "" {
		t.Errorf("page: %+v, %v", got, err)
	}
	page.Reference = "cs_1"
	if got, err := p.Collected(t.Context(), page); err != nil || got.Outcome == charge.Absent {
		t.Errorf("page asked for: %+v, %v", got, err)
	}
}
