package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/platform/db"
)

// Loss is what is kept of the money of accepted goods, because they came back
// worth less or not complete.
type Loss struct {
	Line   int    `json:"line"`
	Code   string `json:"code"` // diminished_value or missing_parts
	Amount int64  `json:"amount"`
	Basis  string `json:"basis"` // the legal basis; "basis.<code>" words it
	Item   int    `json:"-"`     // of the request, from 0
}

var (
	lossCodes = []string{refund.CodeDiminished, refund.CodeMissingParts}
	// LossBases are what a loss may rest on.
	LossBases = []string{"contract", "crd_14_2", "bgb_357a", "cn_no_reason_returns"}
)

// check refuses a loss that says too little, or of which nothing can be kept.
func (x *Loss) check(g inspection.Grade) error {
	at := func(field, is, expected string) error {
		return inspection.ErrGrade.At(fmt.Sprintf("items[%d].%s", x.Item, field), is, expected)
	}
	switch {
	case x.Amount < 0:
		return at("loss", "is not an amount", "minor units, 0 or more")
	case !slices.Contains(lossCodes, x.Code):
		return at("loss_code", "is not known", strings.Join(lossCodes, ", "))
	case !slices.Contains(LossBases, x.Basis):
		return at("basis", "is missing or not known", strings.Join(LossBases, ", "))
	case !g.Accepted:
		return at("loss", "is not possible for goods that go back to the customer", "another disposition")
	case g.Grade == inspection.Grades[0]:
		return at("loss", "is not possible for goods that are as new", "a grade that says what they lost")
	case strings.TrimSpace(g.Note) == "" && len(g.Photos) == 0:
		return at("note", "is empty", "what was lost, in words or photos: the customer is shown why money is kept")
	}
	return nil
}

// losses are those of the lines that are provided for.
func (c *Case) losses(units []refund.Run) (all []refund.Deduction) {
	for _, x := range c.Detail.Losses {
		if slices.ContainsFunc(units, func(r refund.Run) bool { return r.Line == x.Line }) {
			all = append(all, refund.Deduction{Code: x.Code, Line: x.Line, Amount: x.Amount, Basis: x.Basis})
		}
	}
	return all
}

// noteLosses takes over what the inspection found lost. What the terms of the case do
// not let the seller keep is refused rather than left out silently.
func (s *Service) noteLosses(ctx context.Context, tx *db.Tx, c *Case, accepted []refund.Run, given []Loss, grades []inspection.Grade) error {
	c.Detail.Losses = nil
	for _, x := range given {
		if x.Item < 0 || x.Item >= len(grades) {
			continue
		}
		if err := x.check(grades[x.Item]); err != nil {
			return err
		}
		c.Detail.Losses = append(c.Detail.Losses, x)
	}
	if len(c.Detail.Losses) == 0 {
		return nil
	}
	o, claim, err := s.asked(ctx, tx, c, accepted)
	if err != nil {
		return err
	}
	q, err := s.quote(ctx, tx, o, c, accepted, claim)
	if err != nil {
		return err
	}
	for _, x := range c.Detail.Losses {
		for _, n := range q.Notes {
			if n.About == x.Code && n.Line == x.Line {
				return x.refusal(n)
			}
		}
	}
	return nil
}

func (x Loss) refusal(n refund.Note) *fault.Fault {
	field := fmt.Sprintf("items[%d].loss", x.Item)
	if n.Code == "capped_at_goods" {
		return inspection.ErrGrade.At(field, fmt.Sprintf("is %d", x.Amount), fmt.Sprintf("at most %d minor units, what is left of the money of these goods", x.Amount-n.Amount))
	}
	return inspection.ErrGrade.At(field, "cannot be kept: somebody else than the customer answers for these goods", "0")
}
