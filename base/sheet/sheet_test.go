package sheet_test

import (
	"testing"

	"github.com/aftercare/aftercare/base/sheet"
)

func TestATextIsNeverAFormula(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Mei": "Mei", "=1+1": "'=1+1", "+49": "'+49", "-2": "'-2", "@sum": "'@sum", "\tx": "'\tx", "\rx": "'\rx", "a=b": "a=b", "江苏": "江苏",
	} {
		if got := sheet.Inert(in); got != want {
			t.Errorf("Inert(%q) = %q, want %q", in, got, want)
		}
	}
}
