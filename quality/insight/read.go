package insight

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
)

// Answer is a dashboard: every figure of a period.
type Answer struct {
	From       string        `json:"from" doc:"First day of the first period, in the shop's zone"`
	To         string        `json:"to" doc:"Last day asked for"`
	Grain      Grain         `json:"grain" enum:"day,week,month"`
	Zone       string        `json:"zone"`
	Periods    []string      `json:"periods" nullable:"false" doc:"First day of each period"`
	Cases      CaseFigures   `json:"cases"`
	Reasons    []Count       `json:"reasons" nullable:"false" doc:"Cases opened, by the first reason, most first"`
	Money      []MoneyFigure `json:"money" nullable:"false" doc:"Payouts paid, by currency"`
	RefundTime TimeFigures   `json:"refund_time" doc:"From the request to the last payout, of cases paid in full in the period"`
	Answers    AnswerFigures `json:"answers" doc:"First approval or refusal given in the period"`
	Products   Products      `json:"products"`
	Counting   Counting      `json:"counting"`
}

// CaseFigures count cases by when they were opened and the state they are in now.
type CaseFigures struct {
	Total  int64     `json:"total"`
	States []Count   `json:"states" nullable:"false"`
	Series []ByState `json:"series" nullable:"false"`
}

// ByState is one period.
type ByState struct {
	Start  string  `json:"start"`
	Count  int64   `json:"count"`
	States []Count `json:"states" nullable:"false"`
}

// MoneyFigure is what was paid back in a currency.
type MoneyFigure struct {
	Total  money.Amount  `json:"total"`
	Count  int64         `json:"count" doc:"Payouts"`
	Series []MoneyPeriod `json:"series" nullable:"false"`
}

// MoneyPeriod is one period.
type MoneyPeriod struct {
	Start string       `json:"start"`
	Total money.Amount `json:"total"`
	Count int64        `json:"count" doc:"Payouts"`
	Cases int64        `json:"cases" doc:"Cases of which they were"`
}

// TimeFigures say how long something took.
type TimeFigures struct {
	Speed
	Series []TimePeriod `json:"series" nullable:"false"`
}

// TimePeriod is one period.
type TimePeriod struct {
	Start string `json:"start"`
	Speed
}

// AnswerFigures say how fast first answers were, and who gave them.
type AnswerFigures struct {
	Speed
	Automatic int64          `json:"automatic" doc:"Given by a rule or a deadline, without a person"`
	By        []Count        `json:"by" nullable:"false" doc:"rule, staff or timer"`
	Series    []AnswerPeriod `json:"series" nullable:"false"`
}

// AnswerPeriod is one period.
type AnswerPeriod struct {
	Start string `json:"start"`
	Speed
	Automatic int64 `json:"automatic"`
}

// Products say what of the sales of whole months was asked back until now.
type Products struct {
	From     string    `json:"from" doc:"First day of the first month of sale"`
	To       string    `json:"to" doc:"First day of the last month of sale"`
	Sold     int64     `json:"sold" doc:"Units"`
	Returned int64     `json:"returned" doc:"Units of them asked back, in whatever kind of case"`
	Items    []Product `json:"items" nullable:"false" doc:"The articles of which most units were asked back, up to 20"`
}

// Product is one article.
type Product struct {
	SKU      string `json:"sku"`
	Title    string `json:"title"`
	Sold     int64  `json:"sold"`
	Returned int64  `json:"returned"`
}

// Ask answers a dashboard. A seller sees only what is the seller's own.
func Ask(ctx context.Context, tx *db.Tx, by actor.Actor, q Query) (a Answer, err error) {
	if by.Seller != "" {
		q.Seller = by.Seller
	}
	shop, err := tenant.ByID(ctx, tx, by.Tenant)
	if err != nil {
		return a, err
	}
	if q, err = q.filled(shop.Zone, tx.Now); err != nil {
		return a, err
	}
	if a.Periods, err = q.periods(); err != nil {
		return a, err
	}
	a.From, a.To, a.Grain, a.Zone = a.Periods[0], q.To, q.Grain, shop.Zone
	if a.Counting, err = countingOf(ctx, tx, by.Tenant); err != nil {
		return a, err
	}
	read, err := figuresOf(ctx, tx, by.Tenant, q.Filter, q.Grain, a.From, q.Grain.end(a.Periods[len(a.Periods)-1]))
	if err != nil {
		return a, err
	}
	a.Cases = caseFigures(a.Periods, read[States])
	a.Reasons = counts(read[Reasons])
	a.Money = moneyFigures(a.Periods, read[Refunds], read[PaidAgain], q.Grain)
	a.RefundTime = timeFigures(a.Periods, read[RefundTime])
	a.Answers = answerFigures(a.Periods, read[AnswerTime], read[Decisions])
	a.Products, err = products(ctx, tx, by.Tenant, q.Filter, Month.startOf(a.From), Month.startOf(q.To))
	return a, err
}

// filled adds what was not said: the last twelve weeks.
func (q Query) filled(zoneName string, now time.Time) (Query, error) {
	zone, err := calendar.Zone(zoneName)
	if err != nil {
		return q, err
	}
	if q.Grain == "" {
		q.Grain = Week
	}
	if q.To == "" {
		q.To = calendar.Date(now, zone)
	}
	if q.From == "" {
		back := map[Grain]int{Day: 29, Week: 83, Month: 364}[q.Grain]
		q.From = calendar.Date(now.In(zone).AddDate(0, 0, -back), zone)
	}
	return q, nil
}

// counts adds up tallies by label, the most frequent first.
func counts(all []tally) []Count {
	list := []Count{}
	for _, t := range all {
		i := slices.IndexFunc(list, func(c Count) bool { return c.Name == t.label })
		if i < 0 {
			i = len(list)
			list = append(list, Count{Name: t.label})
		}
		list[i].Count += t.n
	}
	list = slices.DeleteFunc(list, func(c Count) bool { return c.Count == 0 })
	slices.SortStableFunc(list, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	return list
}

// of are the tallies of a period; they come in the order of periods.
func of(start string, all []tally) []tally {
	from := sort.Search(len(all), func(i int) bool { return all[i].start >= start })
	to := sort.Search(len(all), func(i int) bool { return all[i].start > start })
	return all[from:to]
}

func caseFigures(periods []string, all []tally) CaseFigures {
	f := CaseFigures{States: counts(all), Series: []ByState{}}
	for _, start := range periods {
		p := ByState{Start: start, States: counts(of(start, all))}
		for _, c := range p.States {
			p.Count += c.Count
		}
		f.Total += p.Count
		f.Series = append(f.Series, p)
	}
	return f
}

func moneyFigures(periods []string, all, again []tally, g Grain) []MoneyFigure {
	list := []MoneyFigure{}
	for _, c := range counts(all) {
		f := MoneyFigure{Series: []MoneyPeriod{}}
		sum := int64(0)
		for _, start := range periods {
			p := MoneyPeriod{Start: start, Total: money.Of(0, c.Name)}
			for _, t := range of(start, all) {
				if t.label == c.Name {
					p.Total, p.Count, p.Cases = money.Of(t.total, c.Name), t.n, t.n
					sum += t.total
				}
			}
			for _, t := range of(start, again) {
				if t.label == string(g)+" "+c.Name {
					p.Cases -= t.n
				}
			}
			f.Count += p.Count
			f.Series = append(f.Series, p)
		}
		f.Total = money.Of(sum, c.Name)
		list = append(list, f)
	}
	return list
}

// speed reads the middle and the slow end of a spread of durations.
func speed(all []tally) Speed {
	sums := map[int]int64{}
	var s Speed
	for _, t := range all {
		at, err := strconv.Atoi(t.label)
		if err == nil {
			sums[at] += t.n
			s.Count += t.n
		}
	}
	steps := make([]int, 0, len(sums))
	for at := range sums {
		steps = append(steps, at)
	}
	slices.Sort(steps)
	seen := int64(0)
	for _, at := range steps {
		seen += sums[at]
		if s.Median == 0 && 2*seen >= s.Count {
			s.Median = seconds(at)
		}
		if s.P90 == 0 && 10*seen >= 9*s.Count {
			s.P90 = seconds(at)
		}
	}
	return s
}

func timeFigures(periods []string, all []tally) TimeFigures {
	f := TimeFigures{Speed: speed(all), Series: []TimePeriod{}}
	for _, start := range periods {
		f.Series = append(f.Series, TimePeriod{start, speed(of(start, all))})
	}
	return f
}

func answerFigures(periods []string, times, by []tally) AnswerFigures {
	automatic := func(all []tally) (n int64) {
		for _, t := range all {
			if t.label != "staff" {
				n += t.n
			}
		}
		return n
	}
	f := AnswerFigures{Speed: speed(times), Automatic: automatic(by), By: counts(by), Series: []AnswerPeriod{}}
	for _, start := range periods {
		f.Series = append(f.Series, AnswerPeriod{start, speed(of(start, times)), automatic(of(start, by))})
	}
	return f
}

func products(ctx context.Context, tx *db.Tx, tenantID string, f Filter, from, to string) (p Products, err error) {
	p = Products{From: from, To: to, Items: []Product{}}
	if p.Sold, p.Returned, err = unitsOf(ctx, tx, tenantID, f, from, to); err != nil {
		return p, err
	}
	found, err := productsOf(ctx, tx, tenantID, f, from, to, 20)
	if err != nil {
		return p, err
	}
	skus := make([]string, 0, len(found))
	for _, one := range found {
		skus = append(skus, one.sku)
	}
	titles, err := titlesOf(ctx, tx, tenantID, skus)
	for _, one := range found {
		p.Items = append(p.Items, Product{one.sku, titles[one.sku], one.sold, one.returned})
	}
	return p, err
}
