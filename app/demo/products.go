package demo

import (
	"context"
	"strings"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/product"
)

// others are what is sold besides the articles that somebody ordered: sizes and
// colours that goods can be exchanged for, some dearer, some cheaper, some gone.
var others = []struct {
	like, sku, variant string
	price, stock       int64
}{
	{"NS-JK-M", "NS-JK-S", "深海蓝 / S", 69900, 8}, {"NS-JK-M", "NS-JK-L", "深海蓝 / L", 69900, 14}, {"NS-JK-M", "NS-JK-XL", "深海蓝 / XL", 72900, 0},
	{"NS-BT-42", "NS-BT-41", "胡桃棕 / 41", 45900, 6}, {"NS-BT-42", "NS-BT-43", "胡桃棕 / 43", 45900, 3},
	{"YM-TS-L", "YM-TS-M", "白色 / M", 9900, 120}, {"YM-TS-L", "YM-TS-XL", "白色 / XL", 9900, 75},
	{"YM-SW-S", "YM-SW-M", "燕麦 / M", 39900, 11},
	{"SY-X2-BK", "SY-X2-WH", "月光白", 84900, 20}, {"SY-X2-BK", "SY-X2-LE", "联名限定", 109900, 5},
	{"QJ-KT-17", "QJ-KT-17-BL", "湖水蓝", 19900, 40},
	{"ZX-KB-87", "ZX-KB-87-R", "红轴 / 灰", 47900, 18},
}

// catalogue tells the shop what it sells. Telling it again changes nothing.
func (t *teller) catalogue(ctx context.Context) error {
	by := actor.Of(tenant.Default)
	return t.DB.Write(ctx, func(tx *db.Tx) error {
		for i, a := range articles {
			stock := int64(5 + i*7%60)
			drafts := []product.Draft{a.product(a.sku, a.variant, a.price, &stock)}
			for _, o := range others {
				if o.like == a.sku {
					drafts = append(drafts, a.product(o.sku, o.variant, o.price, &o.stock))
				}
			}
			for _, d := range drafts {
				if _, _, err := t.Products.Put(ctx, tx, by, d, 0); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// fallen is what the pillow costs in the story's last days.
const fallen = 18900

// fall lowers a price: who paid more a few days before may ask for the rest.
func (t *teller) fall(ctx context.Context) error {
	stock := int64(31)
	return t.DB.Write(ctx, func(tx *db.Tx) error {
		a := articles[12]
		_, _, err := t.Products.Put(ctx, tx, actor.Of(tenant.Default), a.product(a.sku, a.variant, fallen, &stock), 0)
		return err
	})
}

func (a article) product(sku, variant string, price int64, stock *int64) product.Draft {
	group := a.sku
	if i := strings.LastIndexByte(group, '-'); i > 0 {
		group = group[:i]
	}
	return product.Draft{
		SKU: sku, Title: a.title, Variant: variant, Group: group, Category: a.category, ImageURL: a.picture(), Seller: a.seller,
		Price: money.Of(price, "CNY"), Tax: price * 13 / 113, Stock: stock,
	}
}
