package privacy

// ErasedFact says that a customer was erased. Who copied events should erase
// what it has of the customer as well.
type ErasedFact struct {
	Customer string `json:"customer"`
	Reason   string `json:"reason"`
	Cases    int64  `json:"cases"`
	Orders   int64  `json:"orders"`
}

// Type names the fact.
func (ErasedFact) Type() string { return "customer.erased" }
