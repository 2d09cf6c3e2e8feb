package e2e

import "testing"

func TestTheDayOfTheWarehouse(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "day-warehouse")
	})
}

func TestTheDayOfACustomerInEveryLanguage(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "day-customer")
	})
}

func TestTheDayOfAnAdministrator(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "day-admin")
	})
}

func TestEveryPageServesEverybody(t *testing.T) {
	openShop(t, "").walk(t, "every-page")
}

func TestEachPageSaysHowItStands(t *testing.T) {
	s := openShop(t, "")
	for _, state := range []string{"loading", "error", "unreachable", "portal", "denied"} {
		s.walk(t, "states-"+state)
	}
	openEmptyShop(t, "").walk(t, "states-empty")
}

func TestTheDayOfASupervisor(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "day-supervisor")
	})
}
