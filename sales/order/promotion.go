package order

// Tier is one step of a delivery tariff: what delivery costs from a value of
// the goods on.
type Tier struct {
	From   int64 `json:"from" doc:"From this value of the goods on, after discounts, in minor units" minimum:"0"`
	Amount int64 `json:"amount" doc:"What delivery costs, with tax, in minor units" minimum:"0"`
}

// Promotion is the rule of a discount: what a basket must hold to get it. A
// code may have several steps; the highest that is reached counts. What was
// really given stands in the discounts of the same code.
type Promotion struct {
	Code         string `json:"code" doc:"The promotion, as the discounts name it" minLength:"1" maxLength:"100"`
	Funder       string `json:"funder,omitempty" doc:"Who pays for the promotion" enum:"seller,platform,brand"`
	Threshold    int64  `json:"threshold,omitempty" doc:"Value that the goods must have, before this promotion, in minor units" minimum:"0"`
	Amount       int64  `json:"amount,omitempty" doc:"What comes off, in minor units" minimum:"0"`
	Percent      int64  `json:"percent,omitempty" doc:"Or whole percent that come off" minimum:"0" maximum:"100"`
	Repeats      bool   `json:"repeats,omitempty" doc:"Whether the amount comes off each time the threshold is reached"`
	Lines        []int  `json:"lines,omitempty" doc:"Numbers of the lines it counts and is for, from 1; all where missing" nullable:"false" maxItems:"1000"`
	ShippingFree bool   `json:"shipping_free,omitempty" doc:"Or delivery is free"`
}

// Coupon is a coupon that was used on the order.
type Coupon struct {
	Code      string `json:"code"`
	SingleUse bool   `json:"single_use,omitempty"`
	Lines     []int  `json:"lines,omitempty"` // that it touched; empty: all
}

// Follows names the exchange that an order comes from.
type Follows struct {
	Order string `json:"order"`
	Case  string `json:"case"`
}

// Touches tells whether a rule for some lines is for this one.
func Touches(lines []int, no int) bool {
	for _, n := range lines {
		if n == no {
			return true
		}
	}
	return len(lines) == 0
}
