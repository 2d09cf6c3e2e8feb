package e2e

import "testing"

func TestAShopKeepsItsOwnWorkingHours(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.withSeller(t)
		s.walk(t, "calendars")
	})
}
