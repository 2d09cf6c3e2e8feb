package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What other systems get wrong is asked of the real binary on both engines.
func TestTheProbesFindNothingWrong(t *testing.T) {
	asking := filepath.Join(t.TempDir(), "probes")
	if out, err := exec.Command("go", "build", "-o", asking, "../bench/probes").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	each(t, func(t *testing.T, database string) {
		s := installation(t, database)
		s.start(t, "--rate-limit", "0")
		key := s.key(t, "probes", "order.read", "order.write", "case.read", "case.open", "case.decide", "case.receive", "case.note", "parcel.scan", "payout.read", "shop.manage")
		out, err := exec.CommandContext(t.Context(), asking, "-server", s.url, "-key", key).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "8 probes, 0 answers wrong") {
			t.Errorf("%v\n%s", err, out)
		}
	})
}
