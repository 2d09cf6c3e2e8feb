package insight_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What happens after a page was read and before it is counted finds a job on its
// way, and must not be forgotten with it.
func TestWhatHappensWhileAPageIsCountedIsCounted(t *testing.T) {
	eachShop(t, func(s *shop) {
		r := rand.New(rand.NewPCG(4, 4))
		s.live(r, 3)
		for n := range 3 { // orders that nobody has counted
			s.order(r, 100+n)
		}
		between := 0
		s.figures.OnLook(func() {
			if between++; between > 1 {
				return
			}
			s.order(r, 200)
			s.follow()
			s.placed()
		})
		s.follow()
		s.placed()
		for range 3 {
			s.clock.Add(3 * time.Second)
			if _, err := s.queue.RunDue(s.Context()); err != nil {
				s.Fatal(err)
			}
		}
		want := s.recount("")
		if got := s.ask(admin, wide).Products.Sold; between < 2 || got != want.Sold {
			s.Errorf("%d articles are counted as sold after %d looks, want %d", got, between, want.Sold)
		}
		if diff := cmp.Diff(want, told(s.ask(admin, wide)), near); diff != "" {
			s.Errorf("(-recounted +told): %s", diff)
		}
	})
}
