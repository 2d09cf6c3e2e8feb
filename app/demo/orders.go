package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// ordinary is the number of orders besides those that a story is about.
const ordinary = 160

const lastNumber = "DX2026-9999"

// basket is an order of the story.
type basket struct {
	number   string
	customer int
	placed   int // days from today
	arrives  int // days from today; later than 0: not yet
	left     int // days from today, of goods that have not arrived; 0: they have not left either
	lines    []line
	discount int64
	tender   string
}

type line struct {
	article  int
	quantity int64
}

const notYet = 3 // days: it arrives after the story

// invitations are orders that visitors can look up.
var invitations = []basket{
	{"DX2026-1001", 0, -6, -2, 0, []line{{0, 1}, {8, 3}, {10, 1}}, 5000, "alipay"},
	{"DX2026-1002", 6, -9, -5, 0, []line{{5, 1}, {6, 1}}, 10000, "card"},
	{"DX2026-1003", 10, -5, -1, 0, []line{{2, 2}, {15, 1}}, 0, "mixed"},
	{"DX2026-1004", 14, -1, notYet, 0, []line{{17, 1}, {20, 1}}, 0, "alipay"},
	{"DX2026-1005", 19, -4, notYet, -2, []line{{19, 1}, {1, 1}}, 3000, "card"},
}

// draft words a basket as a shop would send it.
func (t *teller) draft(b basket) order.Draft {
	who := customers[b.customer]
	d := order.Draft{
		Source: Source, Number: b.number, Currency: "CNY", Country: "CN", Zone: "Asia/Shanghai", TaxIncluded: true,
		PlacedAt: t.day(b.placed, 9+float64(b.customer%12)),
		Customer: &customer.Draft{Ref: "buyer-" + who.latin, Name: who.name, Email: who.email(), Phone: who.phone, Language: who.language},
	}
	if b.arrives <= 0 {
		at := t.day(b.arrives, 10+float64(b.customer%8)/2)
		d.DeliveredAt = &at
	}
	var left *time.Time
	if b.arrives > 0 && b.left < 0 {
		at := t.day(b.left, 17)
		left = &at
	}
	var goods, weight int64
	for _, l := range b.lines {
		a := articles[l.article]
		amount := l.quantity * a.price
		goods += amount
		weight += l.quantity * a.grams
		one := order.DraftLine{
			SKU: a.sku, Title: a.title, Variant: a.variant, Category: a.category, ImageURL: a.picture(), Seller: a.seller,
			Quantity: l.quantity, UnitPrice: a.price, WeightGrams: a.grams, Tax: amount * 13 / 113, ShippedAt: left,
		}
		if left != nil {
			one.Carrier, one.Tracking = "顺丰速运", "SF7"+strings.ReplaceAll(b.number[2:], "-", "")
		}
		if a.seller != "" {
			one.Commission = amount * 5 / 100
		}
		d.Lines = append(d.Lines, one)
	}
	if b.discount > 0 {
		d.Discounts = []order.DraftDiscount{{Code: "满减", Funder: "platform", Amount: b.discount}}
	}
	shipping := int64(0)
	if goods-b.discount < 19900 {
		shipping = 1200
	}
	if weight > 5000 {
		shipping += 800
	}
	d.Shipping = order.DraftShipping{Amount: shipping}
	d.Tenders = tenders(b.tender, goods-b.discount+shipping, b.number)
	return d
}

func tenders(kind string, paid int64, number string) []order.DraftTender {
	ref := "demo-" + number
	switch kind {
	case "wechat":
		return []order.DraftTender{{Kind: "wechat", Label: "微信支付", Provider: "test", Reference: ref, Amount: paid}}
	case "card":
		return []order.DraftTender{{Kind: "card", Label: "Visa ···· 4242", Provider: "test", Reference: ref, Amount: paid}}
	case "mixed":
		points := paid / 10
		return []order.DraftTender{
			{Kind: "points", Label: "积分抵扣", Provider: "test", Reference: ref + "-p", Amount: points},
			{Kind: "alipay", Label: "支付宝", Provider: "test", Reference: ref, Amount: paid - points},
		}
	case "bank":
		return []order.DraftTender{{Kind: "bank", Label: "对公转账", Provider: "manual", Reference: ref, Amount: paid}}
	}
	return []order.DraftTender{{Kind: "alipay", Label: "支付宝", Provider: "test", Reference: ref, Amount: paid}}
}

// everyday makes the orders that nobody complains about. The numbers are drawn
// from a fixed seed.
func everyday() []basket {
	r := rand.New(rand.NewPCG(2026, 8))
	var all []basket
	for i := range ordinary {
		b := basket{number: fmt.Sprintf("DX2026-2%03d", i), customer: r.IntN(len(customers)), placed: -60 + i*58/ordinary, tender: []string{"alipay", "wechat", "card", "alipay", "mixed"}[r.IntN(5)]}
		b.arrives = b.placed + 2 + r.IntN(4)
		for range 1 + r.IntN(3) {
			a := r.IntN(len(articles))
			if !slices.ContainsFunc(b.lines, func(l line) bool { return l.article == a }) {
				b.lines = append(b.lines, line{a, 1 + int64(r.IntN(3)/2)})
			}
		}
		if r.IntN(4) == 0 {
			b.discount = 1000 * int64(1+r.IntN(3))
		}
		all = append(all, b)
	}
	return all
}

// put stores an order when it has arrived, or was placed.
func (t *teller) put(b basket) step {
	d := t.draft(b)
	at := d.PlacedAt
	if d.DeliveredAt != nil {
		at = *d.DeliveredAt
	} else if left := d.Lines[0].ShippedAt; left != nil {
		at = *left
	}
	return step{at: at.Add(time.Minute), what: "order " + b.number, do: func(ctx context.Context) error {
		return t.DB.Write(ctx, func(tx *db.Tx) error {
			o, _, err := t.Orders.Put(ctx, tx, actor.Of(tenant.Default), d)
			t.orders[b.number] = o
			return err
		})
	}}
}
