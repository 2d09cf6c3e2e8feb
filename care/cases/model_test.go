package cases_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

// perWalk is how many steps a shop lives.
const perWalk = 400

// Random walks of customers, staff, carriers, deadlines and a bank with moods
// over orders of every kind stay where the reference model says. The README
// says how to walk longer, and how to repeat a walk.
func TestRandomWalksStayWhereTheModelSays(t *testing.T) {
	steps, seed := setting(t, "AFTERCARE_WALK_STEPS", 2400), uint64(setting(t, "AFTERCARE_WALK_SEED", 1))
	began, all := time.Now(), newTally()
	for n := uint64(0); all.steps < steps && !t.Failed(); n++ {
		walkOnSQLite(t, seed+n, min(perWalk, steps-all.steps), all)
	}
	all.report(t, seed, began)
}

func TestARandomWalkOnEachEngine(t *testing.T) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		newWorld(newShop(t, d, clock), 1, newTally()).walk(300)
	})
}

// FuzzWalks lets the fuzzer choose the walks: make fuzz.
func FuzzWalks(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { walkOnSQLite(t, seed, 120, newTally()) })
}

// walkOnSQLite walks in a shop of its own.
func walkOnSQLite(t *testing.T, seed uint64, steps int, all *tally) {
	t.Helper()
	clock := dbtest.NewClock(monday)
	d, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "walk.db"), db.Options{Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context(), schemas); err != nil {
		t.Fatal(err)
	}
	newWorld(newShop(t, d, clock), seed, all).walk(steps)
}

func setting(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

func (all *tally) report(t *testing.T, seed uint64, began time.Time) {
	t.Logf("seeds from %d: %d steps in %s", seed, all.steps, seconds(began))
	for _, counts := range []struct {
		what string
		of   map[string]int
	}{{"done", all.done}, {"refused", all.refused}, {"bank and world", all.outcomes}} {
		line := ""
		for _, name := range slices.Sorted(maps.Keys(counts.of)) {
			line += " " + name + "=" + strconv.Itoa(counts.of[name])
		}
		t.Logf("%s:%s", counts.what, line)
	}
	line := ""
	for _, state := range cases.States {
		line += " " + string(state) + "=" + strconv.Itoa(all.states[state])
	}
	t.Logf("states:%s", line)
}
