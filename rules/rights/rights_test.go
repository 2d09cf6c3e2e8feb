package rights_test

import (
	"encoding/json"
	"testing"

	"github.com/aftercare/aftercare/rules/rights"
)

func book(t testing.TB) *rights.Book {
	t.Helper()
	b, err := rights.Standard()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheTestsInsideThePacksPass(t *testing.T) {
	b := book(t)
	for _, trial := range b.Run() {
		t.Run(trial.Jurisdiction+" "+trial.Name, func(t *testing.T) {
			for _, wrong := range trial.Failed {
				t.Errorf("%s:%d: %s", trial.File, trial.Line, wrong)
			}
		})
	}
}

func facts(t testing.TB, text string) *rights.Facts {
	t.Helper()
	f := new(rights.Facts)
	if err := json.Unmarshal([]byte(text), f); err != nil {
		t.Fatal(err)
	}
	return f
}

func decide(t testing.TB, b *rights.Book, text string) rights.Answer {
	t.Helper()
	a, err := b.Decide(facts(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func remedy(t testing.TB, a rights.Answer, name string) rights.Decision {
	t.Helper()
	for _, d := range a.Remedies {
		if d.Remedy == name {
			return d
		}
	}
	t.Fatalf("no answer about %s in %+v", name, a)
	return rights.Decision{}
}
