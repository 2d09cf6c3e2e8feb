package app

import (
	"github.com/aftercare/aftercare/goods/stock"
)

// goodsRoutes registers what HTTP can ask about where goods go and what they
// are sold for.
func (h *House) goodsRoutes(s *services) {
	(&stock.Export{Store: h.DB}).Routes(s.api)
}
