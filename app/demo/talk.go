package demo

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/quality/rating"
)

// remark is what somebody writes about a case, some time after the request.
type remark struct {
	days int
	hour float64
	who  string // of the staff; empty: the customer
	text string
}

// talks are the conversations of the stories, by their place. The last two wait for an answer.
var talks = map[int][]remark{
	7: {
		{0, 19, "", "重置过两次还是没有声音。"},
		{0, 20, role.Agent, "感谢您试过了。已同意退货，请用面单寄回，运费由我们承担。"},
	},
	20: {
		{0, 13, "", "盒子拆开了但没怎么用，会影响退款吗？"},
		{0, 13.6, role.Agent, "您好，商品和配件齐全就不影响全额退款。耳罩有明显使用痕迹时，验货后会先和您确认。"},
		{0, 14.2, "", "好的，那能上门取件吗？我明天上午在家。"},
	},
	22: {
		{0, 16, "", "It is over 60 dB on level two already. Shall I send you a video first?"},
	},
	29: {
		{0, 20, "", "可以换一个拉链吗？包我挺喜欢的。"},
		{0, 21, role.Agent, "可以的。请先寄回，仓库检查后我们给您两个方案：维修或全额退款，由您选。"},
	},
}

// scores are what customers say of what is over, by the place of the story.
var scores = map[int]rating.Said{
	0: {Score: 5, Comment: "退款很快，第三天就到账了。"},
	1: {Score: 4, Comment: "处理得不错，就是快递慢了一天。"},
	3: {Score: 5, Comment: "Clear steps, no arguing. Money was back in four days."},
	4: {Score: 5},
	6: {Score: 2, Comment: "问题是运输造成的，还让我自己打包寄回。"},
	8: {Score: 5, Comment: "全程都知道走到哪一步。"},
	9: {Score: 3, Comment: "希望商品图片能更接近实物。"},
}

// say writes a remark about a case.
func (t *teller) say(c *cases.Case, r remark) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		by := t.staff[r.who]
		if r.who == "" {
			by = buyerOf(c)
		}
		return t.DB.Write(ctx, func(tx *db.Tx) error {
			so, _, _, err := message.Page(ctx, tx, by, c.ID, 0, 1)
			if err != nil {
				return err
			}
			_, err = t.Messages.Write(ctx, tx, by, c.ID, message.New{Text: r.text, Language: c.Language, Seen: so.Last})
			return err
		})
	}
}

// rate keeps what the customer says; a case that is not over yet is not rated.
func (t *teller) rate(c *cases.Case, said rating.Said) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return t.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := t.Ratings.Rate(ctx, tx, buyerOf(c), c.ID, said)
			if errors.Is(err, rating.ErrEarly) {
				return nil
			}
			return err
		})
	}
}

func buyerOf(c *cases.Case) actor.Actor {
	return actor.Actor{Tenant: tenant.Default, Kind: actor.Customer, ID: c.Customer}
}
