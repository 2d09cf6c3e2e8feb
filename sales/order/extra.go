package order

import (
	"encoding/json"
	"time"
)

// extra is what few orders have. It is one column, so that the others cost
// nothing to read.
type extra struct {
	Coupons    []Coupon    `json:"coupons,omitempty"`
	Promotions []Promotion `json:"promotions,omitempty"`
	Follows    *Follows    `json:"follows,omitempty"`
	Insurance  *Insurance  `json:"freight_insurance,omitempty"`
	Sale
}

func extraOf(o *Order) extra {
	x := extra{Coupons: o.Coupons, Promotions: o.Promotions, Insurance: o.Insurance, Sale: o.Sale}
	if o.Follows != (Follows{}) {
		x.Follows = &o.Follows
	}
	return x
}

func (x extra) empty() bool {
	return len(x.Coupons) == 0 && len(x.Promotions) == 0 && x.Follows == nil && x.Insurance == nil && x.Sale == Sale{}
}

// read fills the order from its column.
func (o *Order) read(column string) error {
	if column == "" {
		return nil
	}
	var x extra
	if err := json.Unmarshal([]byte(column), &x); err != nil {
		return err
	}
	o.Coupons, o.Promotions, o.Insurance, o.Sale = x.Coupons, x.Promotions, x.Insurance, x.Sale
	if x.Follows != nil {
		o.Follows = *x.Follows
	}
	return nil
}

// lineExtra is the same of a line.
type lineExtra struct {
	ShippedAt int64    `json:"shipped_at,omitempty"` // unix milliseconds
	Carrier   string   `json:"carrier,omitempty"`
	Tracking  string   `json:"tracking,omitempty"`
	Traits    []string `json:"traits,omitempty"`
	LineSale
}

func lineExtraOf(l *Line) lineExtra {
	return lineExtra{millis(&l.ShippedAt), l.Carrier, l.Tracking, l.Traits, l.LineSale}
}

func (x lineExtra) empty() bool {
	return x.ShippedAt == 0 && x.Carrier == "" && x.Tracking == "" && len(x.Traits) == 0 && x.LineSale == LineSale{}
}

func (l *Line) read(column string) error {
	if column == "" {
		return nil
	}
	var x lineExtra
	if err := json.Unmarshal([]byte(column), &x); err != nil {
		return err
	}
	l.Carrier, l.Tracking, l.Traits, l.LineSale = x.Carrier, x.Tracking, x.Traits, x.LineSale
	if x.ShippedAt != 0 {
		l.ShippedAt = time.UnixMilli(x.ShippedAt).UTC()
	}
	return nil
}
