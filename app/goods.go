package app

import (
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/sales/product"
)

// goodsRoutes registers what HTTP can ask about where goods go and what they
// are sold for.
func (h *House) goodsRoutes(s *services) {
	(&stock.Export{Store: h.DB}).Routes(s.api)
	h.Products().Routes(s.api)
}

// Products makes the verbs on the catalogue.
func (h *House) Products() *product.Service { return &product.Service{} }
