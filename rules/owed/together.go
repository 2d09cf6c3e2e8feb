package owed

import (
	"encoding/json"
	"strings"

	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// Together answers the samples of a policy's tests: law and policy joined as for
// a request, with facts of the law that the test states.
func Together(book *rights.Book) policy.Together {
	return func(p *policy.Policy, s policy.Sample, stated map[string]json.RawMessage) (policy.Joint, error) {
		q, err := s.Request()
		if err != nil {
			return policy.Joint{}, err
		}
		o := order.Order{Currency: s.Total.Currency, Country: s.Country, Zone: s.Zone, PlacedAt: s.Placed}
		if o.Region = s.Region; o.Region != "" && o.Country != "" && !strings.HasPrefix(o.Region, o.Country+"-") {
			o.Region = o.Country + "-" + o.Region
		}
		for _, g := range q.Goods {
			l := order.Line{No: g.Line, SKU: g.SKU, Title: g.Title, Category: g.Category, Traits: g.Traits, Quantity: g.Quantity, Seller: g.Seller, DeliveredAt: g.Delivered}
			l.UnitPrice, l.Ledger.List, l.Ledger.Paid = g.Paid/g.Quantity, g.Paid, g.Paid
			o.Lines = append(o.Lines, l)
		}
		d := Decide(book, p, Question{Order: o, Request: q, Stated: stated})
		j := policy.JointOf(d.Outcome, d.Grounds, d.Needs)
		j.Freight = d.Freight
		for i := range d.Laws {
			if j.Law == "" {
				j.Law = d.Laws[i].Pack
			}
			if j.Problem == "" {
				j.Problem = d.Laws[i].Problem
			}
		}
		return j, nil
	}
}
