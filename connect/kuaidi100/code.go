package kuaidi100

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/connect/carrier"
	"github.com/aftercare/aftercare/goods/shipment"
)

// announced is a step before the parcel was handed over; it is no scan.
const announced shipment.State = "announced"

// states are the codes of 快递100, basic ones and, where they say more, those
// of three and four digits.
var states = map[string]shipment.State{
	"0": shipment.InTransit, "1001": shipment.InTransit, "1002": shipment.InTransit, "1003": shipment.InTransit,
	"1": shipment.HandedOver, "101": announced, "102": announced, "103": shipment.HandedOver,
	"2": shipment.Exception, "201": shipment.Exception, "202": shipment.Exception, "203": shipment.Refused, "204": shipment.Exception,
	"205": shipment.Exception, "206": shipment.Exception, "207": shipment.Exception, "208": shipment.Exception, "209": shipment.Exception, "210": announced,
	"3": shipment.Delivered, "301": shipment.Delivered, "302": shipment.Delivered, "303": shipment.Delivered, "304": shipment.Delivered,
	"4": shipment.Returned, "401": announced,
	"5": shipment.OutForDelivery, "501": shipment.OutForDelivery,
	"6": shipment.Refused,
	"7": shipment.InTransit,
	"8": shipment.InTransit, "10": shipment.InTransit, "11": shipment.InTransit, "12": shipment.InTransit, "13": shipment.Exception,
	"14": shipment.Refused,
}

// words are the names of states, for accounts that get no codes.
var words = map[string]string{
	"在途": "0", "干线": "1002", "到达派件城市": "1001", "转递": "1003", "揽收": "1", "已下单": "101", "待揽收": "102", "已揽收": "103",
	"疑难": "2", "超时未签收": "201", "超时未更新": "202", "拒收": "203", "派件异常": "204", "柜或驿站超时未取": "205", "无法联系": "206", "超区": "207", "滞留": "208", "破损": "209", "销单": "210",
	"签收": "3", "本人签收": "301", "派件异常后签收": "302", "代签": "303", "投柜或站签收": "304", "退签": "4", "已销单": "401",
	"派件": "5", "投柜或驿站": "501", "退回": "6", "转投": "7", "转单": "7", "清关": "8", "待清关": "10", "清关中": "11", "已清关": "12", "清关异常": "13", "拒签": "14",
}

// meaning of a step: by its code, else by its word; empty when neither is
// known. What goes back because it was stopped is not refused, and what the
// carrier says is lost is no mere trouble; only the sentence tells.
func meaning(code, word, sentence string) shipment.State {
	if _, ok := states[code]; !ok {
		code = words[word]
	}
	state := states[code]
	switch {
	case state == shipment.Refused && strings.Contains(sentence, "拦截"):
		return shipment.Intercepted
	case state == shipment.Exception && lost(sentence):
		return shipment.Lost
	}
	return state
}

func lost(sentence string) bool {
	return slices.ContainsFunc([]string{"已遗失", "确认遗失", "快件丢失", "已丢失"}, func(s string) bool { return strings.Contains(sentence, s) })
}

func slicesByTime(all []shipment.Scan) {
	slices.SortStableFunc(all, func(a, b shipment.Scan) int { return a.At.Compare(b.At) })
}

// codes of carriers by the names that customers use, in both writings.
var codes = map[string][]string{
	"shunfeng":       {"顺丰", "顺丰速运", "順豐", "順豐速運", "sf", "sfexpress", "s.f.express"},
	"yuantong":       {"圆通", "圆通速递", "圆通快递", "圓通", "圓通速遞", "yto", "ytoexpress"},
	"zhongtong":      {"中通", "中通快递", "中通快遞", "zto", "ztoexpress"},
	"yunda":          {"韵达", "韵达快递", "韻達", "韻達快遞", "yd"},
	"shentong":       {"申通", "申通快递", "申通快遞", "sto", "stoexpress"},
	"jtexpress":      {"极兔", "极兔速递", "極兔", "極兔速遞", "j&t", "jt", "j&texpress"},
	"jd":             {"京东", "京东快递", "京东物流", "京東", "京東快遞", "jdl"},
	"ems":            {"邮政ems", "郵政ems", "中国邮政ems"},
	"youzhengguonei": {"邮政", "中国邮政", "邮政快递包裹", "邮政包裹", "郵政", "中國郵政"},
	"debangkuaidi":   {"德邦", "德邦快递", "德邦快遞", "deppon"},
	"danniao":        {"丹鸟", "菜鸟直送", "菜鸟速递", "丹鳥"},
	"huitongkuaidi":  {"百世", "百世快递", "百世快遞", "best"},
	"zhaijisong":     {"宅急送"},
	"kuayue":         {"跨越", "跨越速运", "跨越速運"},
	"annengwuliu":    {"安能", "安能物流"},
	"suning":         {"苏宁", "苏宁物流", "蘇寧"},
}

var byName = names()

func names() map[string]string {
	all := map[string]string{}
	for code, known := range codes {
		all[code] = code
		for _, name := range known {
			all[carrier.Folded(name)] = code
		}
	}
	return all
}

// code is 快递100's for a carrier; empty when there is none.
func code(name string) string { return byName[carrier.Folded(name)] }
