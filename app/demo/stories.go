package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
)

// step is one thing that happens at a time.
type step struct {
	at     time.Time
	what   string
	settle bool // jobs and followers run afterwards
	do     func(ctx context.Context) error
}

// story is a return: what is wrong, and how far it has come.
type story struct {
	lines   []line // of the order; the first goes back
	units   int64
	tender  string
	reason  string
	comment string
	opened  int    // days from today
	way     string // the last thing that happens
}

var stories = []story{
	// Finished.
	{[]line{{8, 2}}, 1, "alipay", "wrong_size", "L 码偏小，想退一件。", -40, "paid"},
	{[]line{{2, 1}, {20, 1}}, 1, "wechat", "defective", "水烧开后不会自动断电。", -38, "paid"},
	{[]line{{12, 2}}, 2, "mixed", "no_longer_needed", "", -36, "paid"},
	{[]line{{19, 1}}, 1, "card", "not_as_described", "The keys are louder than the page says.", -34, "paid"},
	{[]line{{13, 1}, {14, 1}}, 1, "alipay", "missing_parts", "少了第 7 袋。", -31, "paid"},
	{[]line{{6, 1}}, 1, "alipay", "wrong_size", "买大了半码。", -29, "paid"},
	{[]line{{4, 1}}, 1, "wechat", "damaged_in_transit", "收到时锅柄已经断了。", -27, "paid"},
	{[]line{{1, 1}}, 1, "alipay", "defective", "左耳没有声音。", -24, "paid"},
	{[]line{{9, 1}}, 1, "alipay", "no_longer_needed", "", -22, "paid"},
	{[]line{{7, 1}}, 1, "mixed", "not_as_described", "颜色和图片差很多。", -20, "paid"},
	{[]line{{11, 1}}, 1, "card", "ordered_by_mistake", "", -18, "paid"},
	{[]line{{8, 3}}, 2, "wechat", "wrong_size", "", -15, "paid"},
	// Refused.
	{[]line{{10, 1}}, 1, "alipay", "no_longer_needed", "不想要了。", -33, "by rule"},
	{[]line{{15, 1}}, 1, "wechat", "no_longer_needed", "", -21, "by rule"},
	{[]line{{16, 1}}, 1, "alipay", "ordered_by_mistake", "名字刻错了是我填错。", -14, "by rule"},
	{[]line{{17, 1}}, 1, "alipay", "no_longer_needed", "用了两天觉得重。", -26, "by person"},
	{[]line{{5, 1}}, 1, "card", "no_longer_needed", "", -19, "bad goods"},
	// Ended by the customer, or by nobody.
	{[]line{{3, 1}}, 1, "alipay", "no_longer_needed", "先不退了，再用用看。", -23, "withdrawn"},
	{[]line{{20, 1}}, 1, "wechat", "no_longer_needed", "", -25, "expired"},
	{[]line{{14, 1}}, 1, "alipay", "ordered_by_mistake", "", -16, "expired"},
	// Under way.
	{[]line{{0, 1}}, 1, "alipay", "no_longer_needed", "佩戴久了夹耳朵，想退。", -1, "asked"},
	{[]line{{17, 1}}, 1, "card", "defective", "充满电只能用三分钟。", -1, "asked"},
	{[]line{{18, 1}}, 1, "alipay", "not_as_described", "噪音比宣传的大很多。", -1, "asked"},
	{[]line{{3, 1}}, 1, "wechat", "damaged_in_transit", "外箱破损，机身有凹痕。", 0, "asked"},
	{[]line{{5, 1}}, 1, "mixed", "wrong_size", "袖子太长。", 0, "asked"},
	{[]line{{2, 2}}, 1, "alipay", "no_longer_needed", "", -2, "approved"},
	{[]line{{19, 1}}, 1, "alipay", "wrong_item", "订的是茶轴，收到青轴。", -1, "approved"},
	{[]line{{12, 1}}, 1, "wechat", "not_as_described", "太软了。", -3, "approved"},
	{[]line{{6, 1}}, 1, "card", "wrong_size", "", 0, "approved"},
	{[]line{{7, 1}}, 1, "alipay", "defective", "拉链坏了。", -4, "sent"},
	{[]line{{11, 1}}, 1, "alipay", "no_longer_needed", "", -4, "sent"},
	{[]line{{13, 1}}, 1, "wechat", "missing_parts", "说明书缺页，少 12 颗零件。", -5, "sent"},
	{[]line{{4, 1}}, 1, "alipay", "not_as_described", "", -5, "arrived"},
	{[]line{{9, 1}}, 1, "mixed", "wrong_size", "想换 M 但没货了。", -5, "arrived"},
	{[]line{{8, 2}}, 2, "alipay", "defective", "领口开线。", -5, "arrived"},
	{[]line{{1, 1}}, 1, "wechat", "not_as_described", "", -5, "counted"},
	{[]line{{18, 1}}, 1, "bank", "defective", "滤网报警无法消除。", -7, "graded"},
	{[]line{{2, 1}}, 1, "bank", "no_longer_needed", "公司采购多了一台。", -8, "graded"},
}

// script puts everything in order of time.
func (t *teller) script() []step {
	var all []step
	for _, b := range slices.Concat(invitations, everyday()) {
		all = append(all, t.put(b))
	}
	for i, s := range stories {
		all = append(all, t.tell(i, s)...)
	}
	for i, k := range tracks {
		all = append(all, t.follow(i, k)...)
	}
	all = append(all, step{at: t.day(-4, 8), what: "a price falls", do: t.fall})
	last := t.put(basket{number: lastNumber, customer: 2, placed: 0, arrives: notYet, lines: []line{{14, 1}}, tender: "alipay"})
	last.at = t.today // it marks that the story was told to its end
	slices.SortStableFunc(all, func(a, b step) int { return a.at.Compare(b.at) })
	return append(all, last)
}

// tell is one return as steps.
func (t *teller) tell(i int, s story) []step {
	b := basket{number: fmt.Sprintf("DX2026-3%03d", i), customer: (i*7 + 1) % len(customers), placed: s.opened - 6, arrives: s.opened - 2, lines: s.lines, tender: s.tender}
	var c cases.Case
	steps := []step{t.put(b)}
	then := func(days int, hour float64, what string, do func(ctx context.Context) error) {
		at := t.day(s.opened+days, hour)
		if last := steps[len(steps)-1].at; !at.After(last) {
			at = last.Add(time.Minute)
		}
		steps = append(steps, step{at: at, what: s.way + " " + b.number + ": " + what, do: do, settle: true})
	}
	act := func(who string, in cases.Input) func(ctx context.Context) error {
		return func(ctx context.Context) error { return t.act(ctx, t.staff[who], &c, in) }
	}
	scan := func(status shipment.State, place string) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			return t.DB.Write(ctx, func(tx *db.Tx) error {
				carrier := actor.Actor{Tenant: tenant.Default, Kind: actor.Carrier, Name: "顺丰速运"}
				return t.Cases.Scan(ctx, tx, carrier, c.Tracking, shipment.Scan{Status: status, At: tx.Now, Place: place})
			})
		}
	}
	then(0, 11+float64(i%9), "ask", func(ctx context.Context) error {
		return t.request(ctx, b, cases.Request{Comment: s.comment}, cases.Wanted{Line: 1, Quantity: s.units, Reason: s.reason}, &c)
	})
	for _, r := range talks[i] {
		then(r.days, r.hour, "say", t.say(&c, r))
	}
	limit := slices.Index([]string{"asked", "by rule", "approved", "withdrawn", "expired", "by person", "sent", "arrived", "counted", "graded", "bad goods", "paid"}, s.way)
	switch s.way {
	case "asked", "by rule", "expired":
		return steps
	case "withdrawn":
		then(1, 9, "withdraw", func(ctx context.Context) error {
			return t.act(ctx, actor.Actor{Tenant: tenant.Default, Kind: actor.Customer, ID: c.Customer}, &c, cases.Input{Action: cases.Withdraw, Comment: s.comment})
		})
		return steps
	case "by person":
		then(0, 21, "refuse", act(role.Agent, cases.Input{Action: cases.Refuse, Reason: "damaged_by_use", Comment: "尘盒和滚刷已有明显使用痕迹，按规则不支持无理由退货；如有质量问题请重新申请。"}))
		return steps
	}
	then(0, 21, "approve", func(ctx context.Context) error {
		if c.State != cases.Submitted { // the rules have approved it
			return nil
		}
		return t.act(ctx, t.staff[role.Agent], &c, cases.Input{Action: cases.Approve, Comment: "已核实，请寄回。"})
	})
	if limit >= 6 {
		then(1, 10, "hand over", scan(shipment.HandedOver, "上海青浦营业点"))
		then(2, 6, "on the way", scan(shipment.InTransit, "杭州萧山集散中心"))
	}
	if limit >= 7 {
		then(3, 14, "deliver", scan(shipment.Delivered, "杭州滨江"))
	}
	if limit >= 8 {
		then(4, 9, "receive", func(ctx context.Context) error {
			return t.act(ctx, t.staff[role.Warehouse], &c, cases.Input{Action: cases.Receive, Received: []inspection.Received{{Line: 1, Quantity: s.units}}})
		})
	}
	if limit >= 9 {
		g := inspection.Grade{Line: 1, Count: s.units, Grade: []string{"A", "A", "B"}[i%3], Disposition: []string{"restock", "restock", "refurbish"}[i%3], Accepted: true}
		if s.way == "bad goods" {
			g.Grade, g.Disposition, g.Accepted, g.Note = "D", inspection.Back, false, "袖口有油渍，吊牌已剪。"
		}
		then(4, 10.5, "grade", act(role.Warehouse, cases.Input{Action: cases.Grade, Grades: []inspection.Grade{g}}))
	}
	if said, ok := scores[i]; ok {
		then(9, 20, "rate", t.rate(&c, said))
	}
	return steps
}

// act does something to the case as it is now.
func (t *teller) act(ctx context.Context, by actor.Actor, c *cases.Case, in cases.Input) error {
	return t.DB.Write(ctx, func(tx *db.Tx) (err error) {
		*c, err = t.Cases.Act(ctx, tx, by, c.ID, 0, in)
		return err
	})
}

// photograph draws a blurred something on a table: enough to look at.
func photograph(seed int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			dx, dy := x-320-seed*5%80, y-250
			shade := uint8(150 + (x+y+seed*31)%40)
			c := color.RGBA{shade, shade - 20, shade - 45, 255}
			if d := dx*dx + dy*dy*2; d < 22000 {
				c = color.RGBA{uint8(60 + seed*7%120), uint8(80 + d/400), uint8(110 + seed*3%90), 255}
			}
			if (dx+dy)%97 == 0 && dx*dx+dy*dy < 15000 { // the crack
				c = color.RGBA{20, 20, 20, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}) // a bytes.Buffer does not fail
	return b.Bytes()
}
