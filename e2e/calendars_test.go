package e2e

import "testing"

func TestAShopKeepsItsOwnWorkingHours(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "calendars")
	})
}
