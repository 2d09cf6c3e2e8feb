package cases

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/db"
)

// announceGrades tells the warehouse where inspected goods go.
func (s *Service) announceGrades(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, grades []inspection.Grade) error {
	const perRound = 1000 // grades, at most
	seq := map[int]int{}
	for _, g := range grades {
		seq[g.Line]++
		err := s.announce(ctx, tx, by, c, stock.Move{Line: g.Line, Sequence: c.Detail.Rounds*perRound + seq[g.Line], Quantity: g.Count, From: stock.Customer, To: stock.For(g.Disposition), Grade: g.Grade})
		if err != nil {
			return err
		}
	}
	return nil
}

// announceUnits tells where units go that nobody inspects. Sequences begin at
// one of their own: a line can be lost after a part of it was graded.
func (s *Service) announceUnits(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, units []refund.Run, from, to stock.Place) error {
	const apart = 100_000
	count, order := map[int]int64{}, []int{}
	for _, u := range units {
		if count[u.Line] == 0 {
			order = append(order, u.Line)
		}
		count[u.Line] += u.Count
	}
	for _, line := range order {
		err := s.announce(ctx, tx, by, c, stock.Move{Line: line, Sequence: apart + placeNumber(to), Quantity: count[line], From: from, To: to})
		if err != nil {
			return err
		}
	}
	return nil
}

func placeNumber(to stock.Place) int {
	for i, p := range stock.To {
		if p == to {
			return i
		}
	}
	return len(stock.To)
}

func (s *Service) announce(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, m stock.Move) error {
	it := c.item(m.Line)
	m.Case, m.Order, m.Seller = c.ID, c.Order, c.Seller
	if m.SKU == "" {
		m.SKU, m.Title = it.SKU, it.Title
	}
	_, err := s.Stock.Move(ctx, tx, by, m)
	return err
}

// announceSent tells that new goods left the shelf for the customer.
func (s *Service) announceSent(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	const apart = 200_000
	for i, n := range c.Detail.Exchange.New {
		err := s.announce(ctx, tx, by, c, stock.Move{Line: n.Line, Sequence: apart + i, SKU: n.SKU, Title: n.Title, Quantity: n.Quantity, From: stock.Shelf, To: stock.Customer})
		if err != nil {
			return err
		}
	}
	return nil
}
