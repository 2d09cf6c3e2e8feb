package insight

// Rebuilt says that a shop's figures were counted anew.
type Rebuilt struct{}

// Type is described at event.Fact.
func (Rebuilt) Type() string { return "insight.rebuilt" }
