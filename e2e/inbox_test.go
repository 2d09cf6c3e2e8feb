package e2e

import "testing"

func TestTwoAgentsAtOneCase(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "together")
	})
}
