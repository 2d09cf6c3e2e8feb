package cases_test

import (
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
)

func TestAReasonOfTheShopsOwnIsReadable(t *testing.T) {
	for code, want := range map[string]string{"wrong_size": "Wrong size or fit", "colour_faded": "colour faded"} {
		if got := cases.InList(cases.Case{Reason: code}, actor.Actor{}).Reason.Text; got != want {
			t.Errorf("%s is told as %q, want %q", code, got, want)
		}
	}
}
