package wallet

// BookedFact says that a balance changed.
type BookedFact struct {
	Kind     string `json:"kind"` // refunded, adjusted, spent, expired
	Customer string `json:"customer"`
	Account  Kind   `json:"account"` // store_credit, gift_card, points
	Unit     string `json:"unit"`    // currency, or points
	Amount   int64  `json:"amount"`  // signed
	Balance  int64  `json:"balance"` // after it
	Case     string `json:"case,omitempty"`
	Order    string `json:"order,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// Type names the fact: wallet.refunded, wallet.adjusted, wallet.spent or
// wallet.expired.
func (f BookedFact) Type() string { return "wallet." + f.Kind }
