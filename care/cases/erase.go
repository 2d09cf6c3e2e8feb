package cases

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
)

// ErrUnfinished refuses to erase a person whose cases still need it.
var ErrUnfinished = fault.New(fault.Conflict, "cases.unfinished", "A case of this customer is not over yet.")

// Erase takes the person out of all cases of a customer: name, what was written,
// answers to questions, where replacements went. What was asked, decided and paid stays. It names the
// cases, and refuses with ErrUnfinished while one of them is not over.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, by actor.Actor, customer string) ([]string, error) {
	all, err := ofCustomer(ctx, tx, by.Tenant, customer)
	if err != nil {
		return nil, fmt.Errorf("cases of customer %s: %w", customer, err)
	}
	var ids []string
	for _, c := range all {
		if !c.State.Final() {
			return nil, ErrUnfinished.With("case", c.ID).With("number", c.Number)
		}
		ids = append(ids, c.ID)
	}
	for _, c := range all {
		if err := forgetName(ctx, tx, c); err != nil {
			return nil, fmt.Errorf("erase case %s: %w", c.ID, err)
		}
		if c.Quote, err = unlabelled(c.Quote); err != nil {
			return nil, fmt.Errorf("erase case %s: %w", c.ID, err)
		}
		c.Decision.Comment, c.Detail.Known = "", nil
		for i := range c.Detail.Offers {
			c.Detail.Offers[i].Comment, c.Detail.Offers[i].Name = "", ""
		}
		if c.Detail.Reopening != nil {
			c.Detail.Reopening.Comment = ""
		}
		if err := update(ctx, tx, &c, c.Version); err != nil {
			return nil, fmt.Errorf("erase case %s: %w", c.ID, err)
		}
	}
	return ids, nil
}

// unlabelled is a quote without what means of payment are called: a label may
// name its owner.
func unlabelled(quote []byte) ([]byte, error) {
	if len(quote) == 0 {
		return quote, nil
	}
	var q refund.Quote
	if err := json.Unmarshal(quote, &q); err != nil {
		return nil, fmt.Errorf("read its quote: %w", err)
	}
	for i := range q.Tenders {
		q.Tenders[i].Label = ""
	}
	return json.Marshal(q)
}
