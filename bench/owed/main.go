// Command owed measures the answers of law and policy together: how many in a
// second on one core, what one allocates, and how long one takes at the median
// and at the 99th percentile.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

func main() {
	duration := flag.Duration("duration", 3*time.Second, "time for each measurement")
	flag.Parse()
	if err := measure(*duration); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var delivered = time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC)

// question is a wish about an order of some lines, some days after delivery.
func question(country, currency, zone, kind, reason string, lines, days int) owed.Question {
	o := order.Order{ID: "ord_1", Currency: currency, Country: country, Zone: zone, PlacedAt: delivered.AddDate(0, 0, -3), DeliveredAt: delivered, Sale: order.Sale{Channel: "web"}}
	q := owed.Question{Now: delivered.AddDate(0, 0, days), Request: policy.Request{Kind: kind, Placed: o.PlacedAt, Customer: policy.Person{Tier: "silver", Orders: 12}}}
	for no := 1; no <= lines; no++ {
		l := order.Line{No: no, SKU: "A", Title: "Kettle", Category: "kitchen", Quantity: 1, UnitPrice: 2000, DeliveredAt: delivered, Ledger: order.Ledger{List: 2000, Paid: 2000}}
		o.Lines = append(o.Lines, l)
		q.Request.Goods = append(q.Request.Goods, policy.Goods{Line: no, SKU: "A", Title: "Kettle", Category: "kitchen", Quantity: 1, Paid: 2000, Delivered: delivered, Reason: reason, Photos: 1})
	}
	q.Order, q.Request.Total = o, money.Of(int64(2000*lines), currency)
	return q
}

// rules has what a shop that uses everything has.
func rules() *policy.Policy {
	r := policy.Default()
	for i := range 10 {
		r.Conditions = append(r.Conditions, policy.Condition{
			ID: fmt.Sprintf("c%d", i), When: fmt.Sprintf("customer.tier == 'gold' && customer.orders > %d && request.total < 100000", 20+i), Then: policy.Then{Outcome: "approve"},
		})
	}
	r.Tiers = map[string]policy.Tier{"gold": {WindowDays: 30}, "silver": {WindowDays: 8}, "bronze": {}}
	return policy.Make("standard", 1, r, nil)
}

type named struct {
	name string
	q    owed.Question
}

func measure(duration time.Duration) error {
	book, err := rights.Standard()
	if err != nil {
		return err
	}
	p := rules()
	all := []named{
		{"CN approved", question("CN", "CNY", "Asia/Shanghai", policy.ReturnRefund, "wrong_size", 1, 3)},
		{"CN refused", question("CN", "CNY", "Asia/Shanghai", policy.ReturnRefund, "wrong_size", 1, 40)},
		{"DE approved by law", question("DE", "EUR", "Europe/Berlin", policy.ReturnRefund, "wrong_size", 1, 12)},
		{"FR fault, a fact is asked", question("FR", "EUR", "Europe/Paris", policy.ReturnRefund, "defective", 1, 90)},
		{"GB fault", question("GB", "GBP", "Europe/London", policy.Exchange, "defective", 1, 40)},
		{"TW freight by law", question("TW", "TWD", "Asia/Taipei", policy.ReturnRefund, "wrong_size", 1, 3)},
		{"DE, four lines", question("DE", "EUR", "Europe/Berlin", policy.ReturnRefund, "wrong_size", 4, 12)},
		{"no pack", question("ZA", "ZAR", "Africa/Johannesburg", policy.ReturnRefund, "wrong_size", 1, 3)},
	}
	fmt.Printf("%s, %d cores\n\n", runtime.Version(), runtime.NumCPU())
	t := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "question\tanswer\tdecisions/s, 1 core\tp50 µs\tp99 µs\tp50 CPU\tp99 CPU\tallocations\tbytes\t")
	for _, one := range all {
		run(t, book, p, []named{one}, one.name, string(owed.Decide(book, p, one.q).Outcome), duration)
	}
	run(t, book, p, all, "all in turn", "", duration)
	return t.Flush()
}

func run(t *tabwriter.Writer, book *rights.Book, p *policy.Policy, all []named, name, answer string, duration time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	times, busy := make([]time.Duration, 0, 2<<20), make([]time.Duration, 0, 2<<20)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begin := time.Now()
	for i := 0; len(times) < cap(times); i++ {
		at, had := time.Now(), processor()
		owed.Decide(book, p, all[i%len(all)].q)
		busy = append(busy, processor()-had)
		end := time.Now()
		times = append(times, end.Sub(at))
		if end.Sub(begin) > duration {
			break
		}
	}
	wall := time.Since(begin)
	runtime.ReadMemStats(&after)
	n := uint64(len(times))
	slices.Sort(times)
	slices.Sort(busy)
	micros := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
	fmt.Fprintf(t, "%s\t%s\t%.0f\t%.1f\t%.1f\t%.1f\t%.1f\t%d\t%d\t\n", name, answer, float64(n)/wall.Seconds(), micros(times[n/2]), micros(times[n*99/100]), micros(busy[n/2]), micros(busy[n*99/100]),
		(after.Mallocs-before.Mallocs)/n, (after.TotalAlloc-before.TotalAlloc)/n)
}
