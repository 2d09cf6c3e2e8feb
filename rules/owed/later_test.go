package owed_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/rights"
)

// Every law gets a second version from 2025 on, with shorter times in it.
func TestALaterVersionOfALawChangesNoEarlierOrder(t *testing.T) {
	folder := t.TempDir()
	names, err := filepath.Glob("../rights/packs/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	head, numbers := regexp.MustCompile(`(?m)^(version|effective): .*$`), regexp.MustCompile(`n: (7|14|24|36|30),`)
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := head.ReplaceAllStringFunc(string(raw), func(line string) string {
			if strings.HasPrefix(line, "version") {
				return "version: 2"
			}
			return "effective: 2025-01-01"
		})
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(name)), []byte(numbers.ReplaceAllString(text, "n: 5,")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := law(t)
	next, err := rights.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	r, changed := rand.New(rand.NewPCG(4, 4)), 0
	for range 3000 {
		p, q := wild(r), guess(r, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
		before, after := text(t, owed.Decide(old, p, q)), text(t, owed.Decide(next, p, q))
		switch bought := q.Order.PlacedAt; {
		case bought.Before(time.Date(2024, 12, 30, 0, 0, 0, 0, time.UTC)) && before != after:
			t.Errorf("bought %s:\n%s\n%s", bought, before, after)
		case before != after:
			changed++
		}
	}
	if changed == 0 {
		t.Error("the later versions changed nothing: the test proves nothing")
	}
}
