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
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// shape is one kind of question; ask draws one.
type shape struct {
	name string
	ask  func(r *rand.Rand) url.Values
}

func q(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func pick(r *rand.Rand, all ...string) string { return all[r.IntN(len(all))] }

var (
	states  = []string{"submitted", "await_return", "returning", "inspecting", "resolving", "completed", "rejected", "closed"}
	kinds   = []string{"return_refund", "refund_only", "exchange", "reship", "price_protection", "compensation"}
	reasons = []string{"wrong_size", "no_longer_needed", "not_as_described", "defective", "ordered_mistake", "missing_parts", "damaged_transit", "arrived_late"}
)

var (
	channels  = []string{"web", "app", "live", "store", "-"}
	countries = []string{"CN", "SG", "DE", "US", "JP", "GB", "AU", "-"}
)

// articleID is now and then the one that many cases are about.
func articleID(r *rand.Rand) string {
	if r.IntN(10) == 0 {
		return "SKU-1"
	}
	return "SKU-" + strconv.Itoa(r.IntN(20011))
}

// week is a week of the year in which the cases were opened.
func (o options) week(r *rand.Rand) url.Values {
	from := epoch.AddDate(0, 0, -7-r.IntN(350))
	return q("opened_from", from.Format(time.DateOnly), "opened_to", from.AddDate(0, 0, 6).Format(time.DateOnly))
}

// happened is a week in which something happened.
func (o options) happened(r *rand.Rand, what string, more ...string) url.Values {
	v := o.week(r)
	for _, end := range []string{"_from", "_to"} {
		v.Set(what+end, v.Get("opened"+end))
		v.Del("opened" + end)
	}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

func sellerID(r *rand.Rand) string { return "sel_" + strconv.Itoa(100+r.IntN(401)) }
func assigneeID(r *rand.Rand) string {
	return "stf_06gzze38pxy1xe5dt" + strconv.Itoa(1000000+r.IntN(40))
}
func customerID(r *rand.Rand) string {
	return "cus_06gzze38pxy1xe5dt" + strconv.Itoa(100000000+r.IntN(300007))
}

// deep starts at a random place of the list.
func (o options) deep(r *rand.Rand, order string) string {
	at := epoch.Add(-time.Duration(r.IntN(o.cases)) * 31536 * time.Millisecond)
	return httpapi.EncodeCursor(order, db.Millis(at), "case_06gzze38pxy1xe5dt"+strconv.Itoa(100000000+r.IntN(o.cases)))
}

func (o options) shapes() []shape {
	return []shape{
		{"newest", func(*rand.Rand) url.Values { return q() }},
		{"deep page", func(r *rand.Rand) url.Values { return q("cursor", o.deep(r, "newest")) }},
		{"deep page, oldest first", func(r *rand.Rand) url.Values { return q("cursor", o.deep(r, "oldest"), "sort", "oldest") }},
		{"one state", func(r *rand.Rand) url.Values { return q("state", pick(r, states...)) }},
		{"one state, oldest first", func(r *rand.Rand) url.Values { return q("state", pick(r, states...), "sort", "oldest") }},
		{"one state, deep page", func(r *rand.Rand) url.Values { return q("state", pick(r, states...), "cursor", o.deep(r, "newest")) }},
		{"three states, oldest first", func(*rand.Rand) url.Values { return q("state", "submitted,inspecting,resolving", "sort", "oldest") }},
		{"reason", func(r *rand.Rand) url.Values { return q("reason", pick(r, reasons...)) }},
		{"reason and state", func(r *rand.Rand) url.Values { return q("reason", pick(r, reasons...), "state", pick(r, states...)) }},
		{"kind", func(r *rand.Rand) url.Values { return q("kind", pick(r, kinds...)) }},
		{"kind, reason and state", func(r *rand.Rand) url.Values {
			return q("kind", pick(r, kinds...), "reason", pick(r, reasons...), "state", pick(r, states...))
		}},
		{"channel", func(r *rand.Rand) url.Values { return q("channel", pick(r, channels...)) }},
		{"channel, waiting states, oldest first", func(r *rand.Rand) url.Values {
			return q("channel", pick(r, channels...), "state", "submitted,inspecting", "sort", "oldest")
		}},
		{"country", func(r *rand.Rand) url.Values { return q("country", pick(r, countries...)) }},
		{"country, channel and a seller", func(r *rand.Rand) url.Values {
			return q("country", pick(r, countries...), "channel", pick(r, channels...), "seller", sellerID(r))
		}},
		{"article", func(r *rand.Rand) url.Values { return q("sku", articleID(r)) }},
		{"article of many cases, and a state", func(r *rand.Rand) url.Values { return q("sku", "SKU-1", "state", pick(r, states...)) }},
		{"opened in a week", func(r *rand.Rand) url.Values { return o.week(r) }},
		{"opened in a week, reason and state", func(r *rand.Rand) url.Values {
			v := o.week(r)
			v.Set("reason", pick(r, reasons...))
			v.Set("state", pick(r, states...))
			return v
		}},
		{"customer waits for an answer", func(*rand.Rand) url.Values { return q("wrote", "true") }},
		{"waits longest for an answer", func(*rand.Rand) url.Values { return q("sort", "waiting") }},
		{"unread messages in a state", func(r *rand.Rand) url.Values { return q("unread", "true", "state", pick(r, states...)) }},
		{"money went back in a week", func(r *rand.Rand) url.Values { return o.happened(r, "paid", "currency", "CNY") }},
		{"money went back, any currency, oldest", func(r *rand.Rand) url.Values { return o.happened(r, "paid", "sort", "oldest") }},
		{"money went back, a seller, a reason", func(r *rand.Rand) url.Values {
			return o.happened(r, "paid", "currency", "CNY", "seller", sellerID(r), "reason", pick(r, reasons...))
		}},
		{"all money back in a week", func(r *rand.Rand) url.Values { return o.happened(r, "settled") }},
		{"all money back, slowly, a channel", func(r *rand.Rand) url.Values {
			return o.happened(r, "settled", "took_least", strconv.Itoa(24*(1+r.IntN(20))), "channel", pick(r, channels...))
		}},
		{"slow refunds of all times", func(r *rand.Rand) url.Values { return q("took_least", strconv.Itoa(24*(8+r.IntN(12)))) }},
		{"answered by rules in a week", func(r *rand.Rand) url.Values { return o.happened(r, "answered", "answered_by", "automatic") }},
		{"amount back in a span", func(r *rand.Rand) url.Values {
			return q("returned_least", strconv.Itoa(20000+r.IntN(9000)), "returned_most", "29000", "currency", "CNY")
		}},
		{"money back, most urgent first", func(r *rand.Rand) url.Values { return o.happened(r, "paid", "sort", "deadline") }},
		{"age and time to the deadline", func(*rand.Rand) url.Values {
			return q("age_over", "24", "age_under", "720", "due_after", "24", "state", "submitted,inspecting")
		}},
		{"worth so much, due in two days", func(r *rand.Rand) url.Values {
			return q("least", strconv.Itoa(20000+r.IntN(9000)), "due", "48", "currency", "CNY")
		}},
		{"seller", func(r *rand.Rand) url.Values { return q("seller", sellerID(r)) }},
		{"seller, state and reason", func(r *rand.Rand) url.Values {
			return q("seller", sellerID(r), "state", pick(r, states...), "reason", pick(r, reasons...))
		}},
		{"customer", func(r *rand.Rand) url.Values { return q("customer", customerID(r)) }},
		{"assignee", func(r *rand.Rand) url.Values { return q("assignee", assigneeID(r)) }},
		{"assignee, most urgent first", func(r *rand.Rand) url.Values { return q("assignee", assigneeID(r), "sort", "deadline") }},
		{"nobody's, waiting states", func(*rand.Rand) url.Values { return q("assignee", "none", "state", "submitted,inspecting") }},
		{"most urgent first", func(*rand.Rand) url.Values { return q("sort", "deadline") }},
		{"overdue", func(*rand.Rand) url.Values { return q("overdue", "true") }},
		{"most urgent of a kind and seller", func(r *rand.Rand) url.Values {
			return q("sort", "deadline", "kind", pick(r, kinds...), "seller", sellerID(r))
		}},
		{"search: case number", func(r *rand.Rand) url.Values {
			return q("q", "r-"+pick(r, "A", "k", "Z")+strconv.Itoa(100+r.IntN(900))+"-1")
		}},
		{"search: order number", func(r *rand.Rand) url.Values { return q("q", "so-2026-"+strconv.Itoa(10000000+r.IntN(o.cases))) }},
		{"search: tracking number", func(r *rand.Rand) url.Values { return q("q", "SF1"+strconv.Itoa(100000000000+r.IntN(o.cases)*37)) }},
		{"search: whole Chinese name", func(r *rand.Rand) url.Values {
			return q("q", pick(r, "赵晓雯", "钱志燕", "王雅婷", "陈思远", "何文敏", "欧阳锋"))
		}},
		{"search: part of a Chinese name", func(r *rand.Rand) url.Values {
			return q("q", pick(r, "晓雯", "志燕", "雅婷", "思远", "文敏", "一诺"))
		}},
		{"search: family name, one character", func(r *rand.Rand) url.Values { return q("q", pick(r, "赵", "钱", "窦", "章")) }},
		{"search: European name", func(r *rand.Rand) url.Values {
			return q("q", pick(r, "maria smith", "silva", "emily", "costa12", "dubau97"))
		}},
		{"search: common word of titles", func(r *rand.Rand) url.Values { return q("q", pick(r, "耳机", "登山背包", "air", "拾光")) }},
		{"search: one title", func(r *rand.Rand) url.Values {
			return q("q", " "+pick(r, "Pro", "Max", "Mini")+" "+strconv.Itoa(r.IntN(20011)))
		}},
		{"search: nothing like it", func(*rand.Rand) url.Values { return q("q", "不存在的商品") }},
		{"search in a state of a seller", func(r *rand.Rand) url.Values {
			return q("q", pick(r, "耳机", "雯", "pro"), "state", pick(r, states...), "seller", sellerID(r))
		}},
		{"counts", func(*rand.Rand) url.Values { return q("counts", "true", "limit", "1") }},
		{"counts of a reason", func(r *rand.Rand) url.Values { return q("counts", "true", "limit", "1", "reason", pick(r, reasons...)) }},
		{"counts of a seller's reason", func(r *rand.Rand) url.Values {
			return q("counts", "true", "limit", "1", "reason", pick(r, reasons...), "seller", sellerID(r))
		}},
		{"counts of a channel and country", func(r *rand.Rand) url.Values {
			return q("counts", "true", "limit", "1", "channel", pick(r, channels...), "country", pick(r, countries...))
		}},
		{"counts of an article", func(r *rand.Rand) url.Values { return q("counts", "true", "limit", "1", "sku", articleID(r)) }},
		{"counts of money back in a week", func(r *rand.Rand) url.Values {
			return o.happened(r, "paid", "counts", "true", "limit", "1", "currency", "CNY")
		}},
		{"counts of answers in a week", func(r *rand.Rand) url.Values { return o.happened(r, "answered", "counts", "true", "limit", "1") }},
		{"counts of a search", func(r *rand.Rand) url.Values {
			return q("counts", "true", "limit", "1", "q", pick(r, "晓雯", "耳机", "silva", "赵", "so-2026-1000", "不存在"))
		}},
		{"anything together", func(r *rand.Rand) url.Values { return o.anything(r) }},
	}
}

// anything draws each filter with some probability.
func (o options) anything(r *rand.Rand) url.Values {
	order := pick(r, "newest", "newest", "oldest", "deadline")
	v := q("sort", order)
	maybe := func(name, value string) {
		if r.IntN(4) == 0 {
			v.Set(name, value)
		}
	}
	maybe("state", pick(r, "submitted", "completed", "submitted,inspecting", "completed,rejected,closed"))
	maybe("kind", pick(r, kinds...))
	maybe("reason", pick(r, reasons...))
	maybe("seller", sellerID(r))
	maybe("assignee", pick(r, assigneeID(r), "none"))
	maybe("customer", customerID(r))
	maybe("overdue", "true")
	maybe("channel", pick(r, channels...))
	maybe("country", pick(r, countries...))
	maybe("sku", articleID(r))
	maybe("counts", "true")
	maybe("q", pick(r, "晓雯", "耳机", "silva", "赵", "so-2026-1000", "r-k", "不存在", "pro 1"))
	if order != "deadline" {
		maybe("cursor", o.deep(r, order))
	}
	return v
}

// measure asks each shape and prints how long it took.
func measure(ctx context.Context, o options, s *child.Server) error {
	r := rand.New(rand.NewPCG(1, 1))
	var all []time.Duration
	var bytes, rows int
	before, _, err := s.Load()
	if err != nil {
		return err
	}
	fmt.Printf("%-38s %8s %8s %8s %7s %7s %s\n", "50 rows, one client, ms", "p50", "p99", "max", "rows", "short", "goes on")
	for _, shape := range o.shapes() {
		if !strings.Contains(shape.name, o.only) {
			continue
		}
		var took []time.Duration
		var slow time.Duration
		var slowest string
		given, short, more := 0, 0, 0
		for i := range o.times + 20 {
			path := "/v1/cases?" + shape.ask(r).Encode()
			var page struct {
				Items []rawRow `json:"items"`
				Next  string   `json:"next"`
			}
			began := time.Now()
			if err := s.Call(ctx, "GET", path, nil, &page); err != nil {
				return fmt.Errorf("%s: %w", shape.name, err)
			}
			if i < 20 { // warm
				continue
			}
			d := time.Since(began)
			if d > slow {
				slow, slowest = d, path
			}
			took = append(took, d)
			given += len(page.Items)
			if page.Next != "" {
				more++
				if len(page.Items) < 50 && shape.name[:5] != "count" {
					short++
				}
			}
			for _, row := range page.Items {
				bytes, rows = bytes+len(row), rows+1
			}
		}
		all = append(all, took...)
		slices.Sort(took)
		fmt.Printf("%-38s %8.2f %8.2f %8.2f %7.1f %6d%% %6d%%\n", shape.name, ms(took, 0.5), ms(took, 0.99), ms(took, 1), float64(given)/float64(o.times), 100*short/o.times, 100*more/o.times)
		if o.verbose {
			fmt.Println("    " + slowest)
		}
	}
	slices.Sort(all)
	after, _, err := s.Load()
	if err != nil {
		return err
	}
	used := float64((after - before).Microseconds()) / 1000
	fmt.Printf("%-38s %8.2f %8.2f %8.2f\n", "all", ms(all, 0.5), ms(all, 0.99), ms(all, 1))
	fmt.Printf("the program used %.1f ms of the processor a request\n", used/float64(len(all)+20*len(o.shapes())))
	fmt.Printf("an answer has %.0f bytes a row\n", float64(bytes)/float64(max(rows, 1)))
	return nil
}

type rawRow []byte

func (r *rawRow) UnmarshalJSON(b []byte) error { *r = append((*r)[:0], b...); return nil }

func ms(sorted []time.Duration, p float64) float64 {
	return float64(sorted[min(len(sorted)-1, int(p*float64(len(sorted))))].Microseconds()) / 1000
}
