package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestACaseUnderNegotiationIsShownWithWhatIsPausedAndWhy(t *testing.T) {
	env := shop(t)
	opened := ask(t, env, "case", "open", "SO-7", "--item", "1:1:wrong_size", "--lang", "en")
	number := regexp.MustCompile(`R-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(opened.stdout)
	if !strings.Contains(opened.stdout, "Return label") || !strings.Contains(opened.stdout, "For this reason the customer pays the way back") {
		t.Errorf("the money lacks its parts and grounds:\n%s", opened.stdout)
	}
	offered := ask(t, env, "case", "act", number, "offer", "--field", "offer_kind=partial", "--field", "amount=1000", "--lang", "en")
	for _, want := range []string{"deadline offer ", "deadline answer paused, 1 d 23 h left: ", "offer of the seller: partial of ¥10.00, open"} {
		if offered.status != statusOK || !strings.Contains(offered.stdout, want) {
			t.Errorf("status %d, %s%s; want %q", offered.status, offered.stdout, offered.stderr, want)
		}
	}
	refused := ask(t, env, "case", "act", number, "grade", "--lang", "en")
	if refused.status != statusRefused || !strings.Contains(refused.stderr, "[cases.move]") || strings.Count(refused.stderr, ".") < 2 {
		t.Errorf("a refusal does not say why: %d %s", refused.status, refused.stderr)
	}
	if r := ask(t, env, "case", "list", "--kind", "gift"); r.status != statusUsage || !strings.Contains(r.stderr, "return_refund") {
		t.Errorf("a kind that there is not: %d %s", r.status, r.stderr)
	}
}

func TestTablesAreAlignedForHanCharacters(t *testing.T) {
	var b strings.Builder
	if err := printTable(&b, "", []string{"WHO", "WHAT", "N"}, [][]string{{"林晓雯", "a", "1"}, {"Emma W", "声悦", "2"}}); err != nil {
		t.Fatal(err)
	}
	want := "WHO     WHAT  N\n林晓雯  a     1\nEmma W  声悦  2\n"
	if b.String() != want {
		t.Errorf("got\n%s want\n%s", b.String(), want)
	}
	for text, want := range map[string]string{"声悦 X2 耳机": "声悦 …", "abcdefg": "abcde…", "abc": "abc", "": "–"} {
		if got := shortened(text, 6); got != want {
			t.Errorf("%q is shortened to %q, want %q", text, got, want)
		}
	}
}
