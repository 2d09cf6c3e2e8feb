package rights_test

import (
	"encoding/json"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/aftercare/aftercare/rules/rights"
)

// One book answers many at once; an answer that was given stays as it was.
func TestABookMayBeAskedByManyAtOnce(t *testing.T) {
	b, err := rights.Load("packs") // of its own: what it keeps is made by many at once
	if err != nil {
		t.Fatal(err)
	}
	const workers = 8
	r := rand.New(rand.NewPCG(5, 8))
	all, want := make([]rights.Facts, 300), make([]string, 300)
	for i := range all {
		all[i] = guess(r, places[r.IntN(len(places))], start)
		_, want[i] = asked(t, book(t), all[i])
	}
	given := make([][]rights.Answer, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := range all {
				f := &all[(i+w*37)%len(all)]
				a, err := b.Decide(f)
				if err != nil {
					t.Error(err)
					return
				}
				for k := range a.Remedies {
					if b.Says(a.Law.Jurisdiction, &a.Remedies[k])["en"] == "" {
						t.Errorf("%s has no words", a.Remedies[k].Rule)
					}
				}
				b.Could(f, []string{"return", "refund", "withdrawal"}, []string{"use.opened", "defect.major"})
				given[w] = append(given[w], a)
			}
		})
	}
	wait.Wait()
	for w := range workers {
		for i, a := range given[w] {
			raw, err := json.Marshal(a)
			if err != nil || string(raw) != want[(i+w*37)%len(all)] {
				t.Fatalf("worker %d, answer %d: %v\n%s\n%s", w, i, err, raw, want[(i+w*37)%len(all)])
			}
		}
	}
}
