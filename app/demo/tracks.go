package demo

import (
	"bytes"
	"context"
	"fmt"
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

// track is a case that is not a plain return, or takes another way than most.
type track struct {
	what    string
	lines   []line // of the order; the first is what the case is about
	units   int64
	tender  string
	where   string // of the goods at the request: empty for arrived, "shop" or "road"
	kind    string // empty: a return
	reason  string
	comment string
	opened  int // days from today
	ask     cases.Request
	item    cases.Wanted
	then    []happening
}

// happening is something that is done to a case, days after the request.
type happening struct {
	days int
	hour float64
	do   func(ctx context.Context, t *teller, c *cases.Case) error
}

// by is an action of a member of staff; of the customer where nobody is named.
func by(who string, days int, hour float64, in cases.Input) happening {
	return happening{days, hour, func(ctx context.Context, t *teller, c *cases.Case) error {
		a := t.staff[who]
		if who == "" {
			a = actor.Actor{Tenant: tenant.Default, Kind: actor.Customer, ID: c.Customer}
		}
		told := in
		if in.Action == cases.Assign {
			told.Assignee = t.staff[in.Assignee].ID
		}
		return t.act(ctx, a, c, told)
	}}
}

// scan is what a carrier reports of the case's parcel of a direction; nth counts
// from 0.
func scan(days int, hour float64, way shipment.Direction, nth int, status shipment.State, place string) happening {
	return happening{days, hour, func(ctx context.Context, t *teller, c *cases.Case) error {
		return t.DB.Write(ctx, func(tx *db.Tx) error {
			all, err := shipment.Of(ctx, tx, c.Tenant, c.ID)
			if err != nil {
				return err
			}
			all = slices.DeleteFunc(all, func(p shipment.Parcel) bool { return p.Direction != way })
			carrier := actor.Actor{Tenant: c.Tenant, Kind: actor.Carrier, Name: "顺丰速运"}
			if err := t.Cases.Scan(ctx, tx, carrier, all[nth].Tracking, shipment.Scan{Status: status, At: tx.Now, Place: place}); err != nil {
				return err
			}
			*c, err = cases.ByID(ctx, tx, actor.Of(c.Tenant), c.ID)
			return err
		})
	}}
}

// returned brings the goods of a case back to the shop and counts them.
func returned(units int64) []happening {
	return []happening{
		scan(1, 10, shipment.Return, 0, shipment.HandedOver, "上海青浦营业点"), scan(3, 14, shipment.Return, 0, shipment.Delivered, "杭州滨江"),
		by(role.Warehouse, 4, 9, cases.Input{Action: cases.Receive, Received: []inspection.Received{{Line: 1, Quantity: units}}}),
	}
}

// good is returned with every unit accepted.
func good(units int64) []happening {
	return append(returned(units), by(role.Warehouse, 4, 10, cases.Input{Action: cases.Grade, Grades: []inspection.Grade{{Line: 1, Count: units, Grade: "A", Disposition: "restock", Accepted: true}}}))
}

// yes is a person's approval.
func yes(hour float64, comment string) happening {
	return by(role.Agent, 0, hour, cases.Input{Action: cases.Approve, Comment: comment})
}

func no(comment string) happening {
	return by(role.Agent, 0, 20, cases.Input{Action: cases.Refuse, Reason: "no_evidence", Comment: comment})
}

func assigned(to string) happening {
	return by(role.Supervisor, 0, 22, cases.Input{Action: cases.Assign, Assignee: to})
}

func ship(days int, tracking string) happening {
	return by(role.Warehouse, days, 16, cases.Input{Action: cases.Ship, Carrier: "顺丰速运", Tracking: tracking})
}

var tracks = []track{
	// Money without goods.
	{what: "not sent", lines: []line{{20, 1}}, units: 1, tender: "wechat", where: "shop", kind: cases.KindRefund, reason: "ordered_by_mistake", comment: "拍错型号了，还没发货。", opened: -3},
	{what: "intercepted", lines: []line{{3, 1}}, units: 1, tender: "alipay", where: "road", kind: cases.KindRefund, reason: "no_longer_needed", comment: "不想要了，请帮忙拦截。", opened: -5,
		ask: cases.Request{Intercept: true}, then: []happening{yes(15, "已通知快递拦截。"), scan(1, 9, shipment.Original, 0, shipment.Intercepted, "苏州转运中心")}},
	{what: "never came", lines: []line{{11, 1}}, units: 1, tender: "card", where: "road", kind: cases.KindRefund, reason: "not_received", comment: "物流停了八天，没有收到。", opened: -6,
		then: []happening{yes(18, "快递确认丢件，全额退款。")}},
	{what: "kept", lines: []line{{15, 1}}, units: 1, tender: "wechat", kind: cases.KindRefund, reason: "defective", comment: "一半都烂了。", opened: -4},
	// Other goods instead.
	{what: "same again", lines: []line{{6, 1}}, units: 1, tender: "alipay", kind: cases.KindExchange, reason: "defective", comment: "鞋底开胶，换一双新的。", opened: -8,
		then: append(good(1), ship(5, "SF1640012345678"), scan(7, 11, shipment.Replacement, 0, shipment.Delivered, "上海徐汇"))},
	{what: "dearer", lines: []line{{0, 1}}, units: 1, tender: "alipay", kind: cases.KindExchange, reason: "no_longer_needed", comment: "想换联名限定款，补差价。", opened: -5,
		item: cases.Wanted{SKU: "SY-X2-LE"}, then: good(1)},
	{what: "converted", lines: []line{{9, 1}}, units: 1, tender: "card", kind: cases.KindExchange, reason: "wrong_size", comment: "换 M 码。", opened: -6,
		item: cases.Wanted{SKU: "YM-SW-M"}, then: append(good(1), by("", 5, 11, cases.Input{Action: cases.Convert, Comment: "等不及了，直接退款吧。"}))},
	{what: "sent again", lines: []line{{13, 1}}, units: 1, tender: "mixed", kind: cases.KindReship, reason: "missing_parts", comment: "第 3、4 袋没有。", opened: -3,
		then: []happening{ship(1, "SF1640012345699")}},
	// Money besides.
	{what: "cheaper now", lines: []line{{12, 2}}, units: 2, tender: "alipay", kind: cases.KindProtection, comment: "刚收到就降价了。", opened: -2, item: cases.Wanted{Lower: fallen}},
	{what: "goodwill", lines: []line{{18, 1}}, units: 1, tender: "wechat", kind: cases.KindCompensate, comment: "安装师傅爽约两次，希望补偿。", opened: -1,
		ask: cases.Request{Basis: "goodwill", Amount: 3000}, then: []happening{assigned(role.Supervisor)}},
	// Talking.
	{what: "offer", lines: []line{{17, 1}}, units: 1, tender: "alipay", reason: "not_as_described", comment: "吸力没有宣传的大。", opened: -1,
		then: []happening{by(role.Agent, 0, 19, cases.Input{Action: cases.Propose, Kind: cases.KindPartial, Amount: 30000, Comment: "留下使用，补您 300 元可以吗？"}), assigned(role.Agent)}},
	{what: "counter-offer", lines: []line{{5, 1}}, units: 1, tender: "card", reason: "not_as_described", comment: "颜色偏灰。", opened: -1,
		then: []happening{by(role.Agent, 0, 19, cases.Input{Action: cases.Propose, Kind: cases.KindPartial, Amount: 8000, Comment: "补偿 80 元，商品您留下。"}),
			by("", 0, 20.5, cases.Input{Action: cases.Propose, Kind: cases.KindPartial, Amount: 15000, Comment: "150 元我就留下。"})}},
	{what: "amended", lines: []line{{0, 1}}, units: 1, tender: "alipay", reason: "not_as_described", comment: "降噪效果不对。", opened: -1,
		then: []happening{no("请补充说明和照片。"), by("", 0, 21, cases.Input{Action: cases.Amend, Comment: "右耳降噪时有电流声，录音已发客服。", Request: cases.Request{Comment: "右耳降噪时有电流声，录音已发客服。", Items: []cases.Wanted{{Line: 1, Quantity: 1, Reason: "not_as_described"}}}})}},
	{what: "can still be amended", lines: []line{{18, 1}}, units: 1, tender: "alipay", reason: "not_as_described", comment: "比想象的吵。", opened: -2, then: []happening{no("没有看到与描述不符的地方，请补充照片后重新申请。")}},
	// More of a return.
	{what: "two parcels", lines: []line{{4, 2}}, units: 2, tender: "wechat", reason: "not_as_described", comment: "两口锅分两箱寄。", opened: -5,
		then: []happening{yes(15, ""), by("", 0, 18, cases.Input{Action: cases.AddParcel}),
			scan(1, 10, shipment.Return, 0, shipment.HandedOver, "上海青浦营业点"), scan(1, 17, shipment.Return, 1, shipment.HandedOver, "上海青浦营业点"), scan(3, 14, shipment.Return, 0, shipment.Delivered, "杭州滨江")}},
	{what: "paid in advance", lines: []line{{8, 1}}, units: 1, tender: "alipay", reason: "wrong_size", comment: "小了一码。", opened: -2, then: []happening{scan(1, 10, shipment.Return, 0, shipment.HandedOver, "上海青浦营业点")}},
	{what: "advance asked back", lines: []line{{8, 2}}, units: 1, tender: "wechat", reason: "no_longer_needed", opened: -7,
		then: append(returned(1), by(role.Warehouse, 4, 11, cases.Input{Action: cases.Grade, Grades: []inspection.Grade{
			{Line: 1, Count: 1, Grade: "D", Disposition: inspection.Back, Note: "已穿洗，有明显污渍。"}}}))},
	{what: "to be reopened", lines: []line{{2, 1}}, units: 1, tender: "alipay", reason: "defective", comment: "插电没反应。", opened: -9,
		then: append(good(1), by(role.Agent, 6, 15, cases.Input{Action: cases.Reopen, Amount: 1500, Comment: "客户另付了上门取件费 15 元，应由我方承担。"}))},
}

// follow is one track as steps.
func (t *teller) follow(i int, k track) []step {
	b := basket{number: fmt.Sprintf("DX2026-4%03d", i), customer: (i*5 + 3) % len(customers), placed: k.opened - 6, arrives: k.opened - 2, lines: k.lines, tender: k.tender}
	switch k.where {
	case "shop":
		b.placed, b.arrives = k.opened-1, notYet
	case "road":
		b.placed, b.arrives, b.left = k.opened-8, notYet, k.opened-7
	}
	var c cases.Case
	steps := []step{t.put(b)}
	then := func(days int, hour float64, what string, do func(ctx context.Context) error) {
		at := t.day(k.opened+days, hour)
		if last := steps[len(steps)-1].at; !at.After(last) {
			at = last.Add(time.Minute)
		}
		steps = append(steps, step{at: at, what: k.what + " " + b.number + ": " + what, do: do, settle: true})
	}
	then(0, 9+float64(i%5), "ask", func(ctx context.Context) error {
		r, w := k.ask, k.item
		r.Kind, r.Comment = k.kind, k.comment
		w.Line, w.Quantity, w.Reason = 1, k.units, k.reason
		return t.request(ctx, b, r, w, &c)
	})
	for n, h := range k.then {
		then(h.days, h.hour, fmt.Sprint("step ", n+1), func(ctx context.Context) error { return h.do(ctx, t, &c) })
	}
	return steps
}

// request asks as the order's customer, with a photograph where the reason wants
// one.
func (t *teller) request(ctx context.Context, b basket, r cases.Request, w cases.Wanted, c *cases.Case) error {
	o := t.orders[b.number]
	who := actor.Actor{Tenant: tenant.Default, Kind: actor.Customer, ID: o.Customer}
	if slices.Contains([]string{"defective", "damaged_in_transit", "wrong_item"}, w.Reason) {
		photo, err := t.Evidence.Upload(ctx, who, bytes.NewReader(photograph(b.customer)))
		if err != nil {
			return err
		}
		w.Photos = []string{photo.ID}
	}
	r.Order, r.Items, r.Language = o.ID, []cases.Wanted{w}, customers[b.customer].language
	return t.DB.Write(ctx, func(tx *db.Tx) (err error) {
		*c, err = t.Cases.Open(ctx, tx, who, r)
		return err
	})
}
