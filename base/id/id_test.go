package id_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/id"
)

func TestAnIdentifierSaysWhatItIsOf(t *testing.T) {
	form := regexp.MustCompile(`^case_[0-9a-hjkmnp-tv-z]{26}$`)
	for range 1000 {
		if got := id.New("case"); !form.MatchString(got) {
			t.Fatalf("New gave %q", got)
		}
	}
}

func TestIdentifiersSortByTime(t *testing.T) {
	before := id.New("case")
	for i := range 100_000 {
		after := id.New("case")
		if after <= before {
			t.Fatalf("%s was made after %s and sorts before it (number %d)", after, before, i)
		}
		before = after
	}
}

func TestIdentifiersAndTokensAreUnique(t *testing.T) {
	const n = 100_000
	seen := make(map[string]bool, 2*n)
	for range n {
		for _, one := range []string{id.New("x"), id.Token("x")} {
			if seen[one] {
				t.Fatalf("%s was made twice", one)
			}
			seen[one] = true
		}
	}
}

func TestATokenHas160Bits(t *testing.T) {
	form := regexp.MustCompile(`^ak_[0-9a-hjkmnp-tv-z]{32}$`) // 32 × 5 bits
	first := map[byte]bool{}
	for range 1000 {
		got := id.Token("ak")
		if !form.MatchString(got) {
			t.Fatalf("Token gave %q", got)
		}
		first[got[3]] = true
	}
	if len(first) < 32 {
		t.Errorf("1,000 tokens begin with %d letters of 32: time or a counter is in them", len(first))
	}
}

func TestReadableHasNoLettersThatSoundOrLookAlike(t *testing.T) {
	used := map[rune]bool{}
	for range 1000 {
		got := id.Readable(8)
		if len(got) != 9 || got[4] != '-' {
			t.Fatalf("Readable(8) = %q, want two groups of four", got)
		}
		if strings.ContainsAny(got, "ilouILOU") || got != strings.ToLower(got) {
			t.Fatalf("Readable gave %q", got)
		}
		for _, r := range strings.ReplaceAll(got, "-", "") {
			used[r] = true
		}
	}
	if len(used) != 32 {
		t.Errorf("%d characters are used, want 32", len(used))
	}
	for n, want := range map[int]int{0: 0, 1: 1, 4: 4, 5: 6, 12: 14} {
		if got := id.Readable(n); len(got) != want || strings.HasSuffix(got, "-") {
			t.Errorf("Readable(%d) = %q", n, got)
		}
	}
}
