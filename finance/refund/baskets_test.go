package refund_test

import (
	"flag"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var (
	baskets = flag.Int64("baskets", 0, "how many random orders TestRandomOrders plays; 0: few")
	seed    = flag.Uint64("seed", 0, "its first seed; a failure names the seed that repeats it with -baskets 1")
)

// In the life of an order anything may happen in any order: units come back in
// portions, prices are protected, offers accepted, goods exchanged. What is paid
// back adds up to what was paid, never exceeds it midway, and somebody bears it.
func TestRandomOrders(t *testing.T) {
	n := *baskets
	if n == 0 {
		n = 20_000
		if testing.Short() {
			n = 3000
		}
	}
	start := time.Now()
	var next, steps atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for !t.Failed() {
				i := next.Add(1) - 1
				if i >= n {
					return
				}
				s := *seed + uint64(i)
				w := newWorld(rand.New(rand.NewPCG(s, 3)))
				w.survive()
				steps.Add(int64(len(w.steps)))
				if len(w.wrong) > 0 {
					t.Errorf("-seed %d -baskets 1: %s\nafter\n%s\nof %+v", s, strings.Join(w.wrong, "\n"), strings.Join(w.steps, "\n"), w.o)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d random orders with %d refunds from seed %d in %.1f seconds", min(next.Load(), n), steps.Load(), *seed, time.Since(start).Seconds())
}
