package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/bench/child"
)

// shape is something people type; ask draws one.
type shape struct {
	name string
	ask  func(r *rand.Rand) string
}

func pick(r *rand.Rand, all ...string) string { return all[r.IntN(len(all))] }

// swapped is a text with two neighbours changed behind its first half.
func swapped(r *rand.Rand, text string) string {
	runes := []rune(text)
	i := len(runes)/2 + r.IntN(len(runes)/2-1)
	runes[i], runes[i+1] = runes[i+1], runes[i]
	return string(runes)
}

var (
	family = []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章")
	middle = []rune("晓雅思志明春文建国海子诗佳宇欣怡梓涵浩然俊杰雨桐一诺静婷慧敏")
	last   = []rune("雯婷远敏辉燕华军芳丽强磊洋勇艳杰娟涛超霞平刚桂玲英玉萍红娥秀")
)

func syllable(r *rand.Rand) string {
	return pick(r, "b", "c", "d", "f", "g", "l", "m", "n", "p") + pick(r, "a", "e", "i", "o", "u")
}

func any1(r *rand.Rand, of []rune) string { return string(of[r.IntN(len(of))]) }

func (o options) shapes() []shape {
	order := func(r *rand.Rand) string { return "SO-2026-" + strconv.Itoa(10000000+r.IntN(o.cases)) }
	parcel := func(r *rand.Rand) string { return "SF1" + strconv.Itoa(100000000000+r.IntN(o.cases)*37) }
	buyer := func(r *rand.Rand) string { return strconv.Itoa(100000000 + r.IntN(300007)) }
	return []shape{
		{"case number, its beginning", func(r *rand.Rand) string {
			return "r-" + pick(r, "A", "k", "Z") + strconv.Itoa(100+r.IntN(900)) + "-1"
		}},
		{"order number", order},
		{"order number, its beginning", func(r *rand.Rand) string { return order(r)[:12] }},
		{"order number of which most begin so", func(*rand.Rand) string { return "SO-2026" }},
		{"order number with a slip", func(r *rand.Rand) string { return swapped(r, order(r)) }},
		{"parcel number", parcel},
		{"parcel number with a slip", func(r *rand.Rand) string { return swapped(r, parcel(r)) }},
		{"whole Chinese name", func(r *rand.Rand) string { return any1(r, family) + any1(r, middle) + any1(r, last) }},
		{"two characters of a name", func(r *rand.Rand) string { return any1(r, middle) + any1(r, last) }},
		{"Chinese name, last character wrong", func(r *rand.Rand) string { return any1(r, family) + any1(r, middle) + "鑫" }},
		{"Chinese name, second character wrong", func(r *rand.Rand) string { return any1(r, family) + "鑫" + any1(r, last) }},
		{"European name", func(r *rand.Rand) string {
			return pick(r, "maria", "james", "emily", "sofia") + " " + pick(r, "smith", "silva", "rossi")
		}},
		{"European name with a slip", func(r *rand.Rand) string { return pick(r, "mraia", "jmaes", "emliy", "silav", "rosis", "webre") }},
		{"European name, both with slips", func(r *rand.Rand) string {
			return pick(r, "maira", "jaems", "sofai") + " " + pick(r, "smiht", "slva", "rosssi")
		}},
		{"e-mail, its beginning", func(r *rand.Rand) string { return "buyer" + buyer(r)[:7] }},
		{"phone", func(r *rand.Rand) string { return "+8613" + buyer(r) }},
		{"common word of titles", func(r *rand.Rand) string { return pick(r, "耳机", "登山背包", "air", "拾光") }},
		{"title with a wrong character", func(r *rand.Rand) string {
			return pick(r, "降燥耳机", "登山被包", "空气炸过", "电动牙涮")
		}},
		{"one title", func(r *rand.Rand) string {
			return " " + pick(r, "Pro", "Max", "Mini") + " " + strconv.Itoa(r.IntN(20011))
		}},
		{"name in pinyin", func(r *rand.Rand) string {
			return pick(r, "zhaoxiaowen", "qian zhiyan", "wangyating", "chen siyuan", "hewenmin", "sunjianjun")
		}},
		{"name in pinyin, its beginning", func(r *rand.Rand) string { return pick(r, "zhaox", "qianzh", "wangya", "chens", "hewe", "li") }},
		{"name in pinyin, first letters", func(r *rand.Rand) string { return pick(r, "zxw", "qzy", "wyt", "csy", "hwm") }},
		{"name in pinyin with a slip", func(r *rand.Rand) string {
			return pick(r, "zhaoxaiowen", "wangaytin", "chensiyaun", "qainzhiyan", "hewnemin")
		}},
		{"title in pinyin", func(r *rand.Rand) string {
			return pick(r, "jiangzao", "erji", "baowen", "beibao", "dengshan", "yundongxie", "jzej")
		}},
		{"title in pinyin with a slip", func(r *rand.Rand) string { return pick(r, "jiagnzao", "baowne", "dengshna", "yundnogxie") }},
		{"traditional characters", func(r *rand.Rand) string {
			return pick(r, "趙曉雯", "陳思遠", "錢志燕", "降噪耳機", "電動牙刷", "跑步運動鞋", "羊毛圍巾")
		}},
		{"article number", func(r *rand.Rand) string { return "SKU-" + strconv.Itoa(r.IntN(20011)) }},
		{"article number, its beginning", func(r *rand.Rand) string { return "sku-" + strconv.Itoa(1+r.IntN(99)) }},
		{"article number with a slip", func(r *rand.Rand) string { return swapped(r, "SKU-"+strconv.Itoa(10000+r.IntN(10011))) }},
		{"order number, its end", func(r *rand.Rand) string { return order(r)[8:] }},
		{"order number, its last four", func(r *rand.Rand) string { return order(r)[12:] }},
		{"phone in groups, without country", func(r *rand.Rand) string {
			n := "13" + buyer(r)
			return n[:3] + " " + n[3:7] + " " + n[7:]
		}},
		{"last four digits of a phone", func(r *rand.Rand) string { return buyer(r)[5:] }},
		{"domain of an e-mail", func(*rand.Rand) string { return "example.com" }},
		{"common word of messages", func(r *rand.Rand) string {
			return pick(r, "运费", "refund", "退货退款", "parcel", "没有声音", "card")
		}},
		{"several words of messages", func(r *rand.Rand) string {
			return pick(r, "refund card", "耳机 声音", "运费 发票", "kettle leaks handle", "parcel damaged", "优惠券 退回来")
		}},
		{"words of messages that never meet", func(r *rand.Rand) string {
			return pick(r, "kettle courier", "运费 refund", "耳机 充电器 物流")
		}},
		{"rare word of messages", func(r *rand.Rand) string { return syllable(r) + syllable(r) + pick(r, "nors", "talv", "inke", "tdom") }},
		{"rare word, its beginning", func(r *rand.Rand) string { return syllable(r) + syllable(r) }},
		{"word of messages with a slip", func(r *rand.Rand) string { return pick(r, "refnud", "parecl", "replacemnet", "corier", "ktetle leaks") }},
		{"Chinese sentence with a slip", func(r *rand.Rand) string {
			return pick(r, "没有声因了", "包庄破损", "上门取见", "充电气少发")
		}},
		{"parcel number in messages", parcel},
		{"nothing like it", func(r *rand.Rand) string {
			return pick(r, "不存在的商品", "no such thing", "ZZ-99999999", "qvxwz", "不", "SO-1999-00000001", "nobody@nowhere.example")
		}},
	}
}

// measure asks each shape, as the shop and as one of its sellers, prints how
// long it took and tells whether the goal is met.
func measure(ctx context.Context, o options, s *child.Server) (met bool, err error) {
	met = true
	for _, who := range []struct {
		name string
		key  []string
	}{
		{"the shop", []string{"--role", "supervisor"}},
		{"a seller", []string{"--role", "seller", "--seller", "sel_250"}},
	} {
		if err := s.AuthorizeAs(ctx, who.key...); err != nil {
			return false, err
		}
		r := rand.New(rand.NewPCG(1, 1))
		var all []time.Duration
		before, _, err := s.Load()
		if err != nil {
			return false, err
		}
		fmt.Printf("\n%-40s %8s %8s %8s %7s %7s %7s %8s %8s\n", who.name+", 6 of each, ms", "p50", "p99", "max", "cases", "orders", "people", "articles", "messages")
		shapes := slices.DeleteFunc(o.shapes(), func(s shape) bool { return !strings.Contains(s.name, o.only) })
		for _, shape := range shapes {
			var took []time.Duration
			var hits [5]int
			for i := range o.times + 20 {
				var found struct{ Cases, Orders, Customers, Products, Messages []struct{ ID string } }
				began := time.Now()
				if err := s.Call(ctx, "GET", "/v1/search?q="+url.QueryEscape(shape.ask(r)), nil, &found); err != nil {
					return false, fmt.Errorf("%s: %w", shape.name, err)
				}
				if i < 20 { // warm
					continue
				}
				took = append(took, time.Since(began))
				for k, n := range []int{len(found.Cases), len(found.Orders), len(found.Customers), len(found.Products), len(found.Messages)} {
					hits[k] += n
				}
			}
			all = append(all, took...)
			n := float64(o.times)
			line(shape.name, took)
			fmt.Printf(" %7.1f %7.1f %7.1f %8.1f %8.1f\n", float64(hits[0])/n, float64(hits[1])/n, float64(hits[2])/n, float64(hits[3])/n, float64(hits[4])/n)
		}
		line("all", all)
		fmt.Println()
		after, _, err := s.Load()
		if err != nil {
			return false, err
		}
		fmt.Printf("the program used %.1f ms of the processor a search\n", ms(after-before)/float64(len(all)+20*len(shapes)))
		if worst := at(all, 0.99); worst > goal {
			fmt.Printf("the goal of %v at p99 is missed: %v\n", goal, worst.Round(time.Millisecond))
			met = false
		}
	}
	return met, nil
}

func line(name string, took []time.Duration) {
	slices.Sort(took)
	fmt.Printf("%-40s %8.2f %8.2f %8.2f", name, ms(at(took, 0.5)), ms(at(took, 0.99)), ms(at(took, 1)))
}

func at(sorted []time.Duration, p float64) time.Duration {
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
