// Package crash_test kills servers while customers return goods, and proves
// afterwards that nothing was lost, doubled or forgotten.
//
// It owns the processes, the clients and the proofs. README.md lists what is
// proved.
package crash_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/bus/bustest"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

// world is one installation under attack.
type world struct {
	url     string // of the database
	journal string // of the test provider
	master  string
	nats    string // address of the message bus
	servers []*process
	key     string
	orders  []string

	seed  uint64
	kills int

	mu       sync.Mutex
	stories  []*story
	answers  []answer
	overdue  []string // cases whose answer deadline shall pass
	expired  map[string]bool
	strange  []string // answers that should not exist
	grading  chan struct{}
	replayed int
}

func TestKilledServersLoseNothing(t *testing.T) {
	binary(t)
	t.Run("SQLite, one server", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		natsURL := bustest.Serve(t, filepath.Join(dir, "stream"), -1).ClientURL()
		w := &world{url: "sqlite:" + filepath.Join(dir, "a", "aftercare.db"), nats: natsURL}
		w.run(t, dir, "a")
	})
	target := os.Getenv("AFTERCARE_TEST_POSTGRES")
	if target == "" {
		return // make test starts one
	}
	t.Run("PostgreSQL, two servers", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		natsURL := bustest.Serve(t, filepath.Join(dir, "stream"), -1).ClientURL()
		w := &world{url: dbtest.PostgresSchema(t, target), nats: natsURL}
		w.run(t, dir, "a", "b")
	})
}

const clients = 6

func (w *world) run(t *testing.T, dir string, names ...string) {
	w.seed, w.kills = number(t, "AFTERCARE_CRASH_SEED", uint64(time.Now().UnixNano()%1e9)), int(number(t, "AFTERCARE_CRASH_KILLS", 10))
	if testing.Short() {
		w.kills = 3
	}
	t.Logf("seed %d", w.seed)
	w.master = strings.Repeat("a1", 32)
	w.expired, w.grading = map[string]bool{}, make(chan struct{}, 1)
	w.journal = filepath.Join(dir, "a", "testpay", "journal.jsonl")
	for _, name := range names {
		w.servers = append(w.servers, newProcess(t, w, filepath.Join(dir, name)))
	}
	oneBank(t, w.servers)
	w.found(t)
	for _, s := range w.servers {
		s.start(t)
	}
	w.shop(t, dir)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute+time.Duration(w.kills)*5*time.Second)
	defer cancel()
	opening, closeShop := context.WithCancel(ctx)
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() { w.client(ctx, opening, rand.New(rand.NewPCG(w.seed, uint64(n)))) })
	}
	all.Go(func() { w.clerk(ctx, opening) })
	began := time.Now()
	w.chaos(t, rand.New(rand.NewPCG(w.seed, 1000)))
	chaos := time.Since(began)
	closeShop()
	w.finish(t, &all)
	w.replay(t, ctx)
	for _, s := range w.servers {
		s.stop(t)
	}
	w.prove(t)
	kinds := map[string]int{}
	for _, s := range w.stories {
		kinds[s.name()]++
	}
	t.Logf("%v", kinds)
	t.Logf("%d cases, %d answers (%d after trying again), %d deadlines passed, %d kills in %.0f s, quiet and replayed after %.0f s",
		len(w.stories), len(w.answers), w.replayed, len(w.expired), w.kills, chaos.Seconds(), time.Since(began).Seconds())
}

// oneBank gives all servers the same books: a bank is one, however many ask it.
func oneBank(t *testing.T, servers []*process) {
	first := filepath.Join(servers[0].data, "testpay")
	if err := os.MkdirAll(first, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, s := range servers[1:] {
		if err := os.Symlink(first, filepath.Join(s.data, "testpay")); err != nil {
			t.Fatal(err)
		}
	}
}

func number(t *testing.T, name string, otherwise uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

var build = sync.OnceValues(func() (string, error) {
	if made := os.Getenv("AFTERCARE_TEST_BINARY"); made != "" {
		return made, nil
	}
	dir, err := os.MkdirTemp("", "crash-binary-*")
	if err != nil {
		return "", err
	}
	made := filepath.Join(dir, "aftercare")
	cmd := exec.Command("go", "build", "-o", made, "../../cmd/aftercare")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return made, nil
})

// binary is the program that make has built, or builds it.
func binary(t *testing.T) string {
	made, err := build()
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("AFTERCARE_TEST_BINARY") == "" {
		t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(made)) })
	}
	return made
}
