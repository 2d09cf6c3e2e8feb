package e2e

import "testing"

// Where things stand on the pages of the console, at a desk and on a phone; both
// databases answer the same.
func TestPagesOfTheConsoleAreLaidOutAsTheyWere(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "layouts")
	})
}
