package shipment

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
)

// Paper is printed in the languages that everything exists in.
func TestPaperPrintsTheSignOfEveryCurrency(t *testing.T) {
	d, err := NewPaper("", "en", time.Time{}, func(int, int) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile("../../base/money/iso4217.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(list)) {
		code, _, _ := strings.Cut(line, " ")
		if _, err := money.Exponent(code); err != nil {
			continue
		}
		for _, lang := range locale.Languages {
			if got := d.drawable(locale.Money(lang, money.Of(-123456, code))); strings.ContainsRune(got, placeholder) {
				t.Errorf("%s in %s is printed %q", code, lang, got)
			}
		}
		seen++
	}
	if got := d.drawable(locale.Money("en", money.Of(-1250, "THB"))); seen < 150 || got != "-THB\u00a012.50" {
		t.Errorf("%d currencies; baht are printed %q", seen, got)
	}
}
