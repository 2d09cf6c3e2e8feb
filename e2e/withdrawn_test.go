package e2e

import "testing"

// What somebody works on is taken away meanwhile, and nothing that was typed is
// lost, or goes where it should not.
func TestWhatIsOpenIsTakenAway(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.withMarket(t)
		s.walk(t, "withdrawn")
	})
}
