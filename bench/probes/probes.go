package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// probe is one thing that goes wrong elsewhere. What Medusa 2.21 did is from
// requests to a running one.
type probe struct {
	name, elsewhere string
	run             func(p *prober) error
}

var probes = []probe{
	{"The same units are returned three times", "Medusa: accepted again: 4 of 2 units received, −200 owed on an order of 100, stock +4", thrice},
	{"The same refund is sent twice", "Medusa: 20 + 20 paid", twice},
	{"A discount leaves fractions of the smallest coin", "Medusa: ¥966.666… three times; €35.696033… three times, which no captured 107.09 can match", fractions},
	{"Everything comes back, and delivery had cost something", "Medusa: 50 owed of 55, delivery is left out", shipping},
	{"Something comes back that was paid back before", "Medusa: 100 owed once more", afterwards},
	{"More is asked for than is owed", "Medusa: refund of 55 when 50 is owed accepted, with a silent credit line of 5", above},
	{"Two returns of one order at a time", "two open returns must neither stop each other nor pay each other's units", both},
	{"Eight clients pay the same refund at the same time", "Medusa: one success, as it should be", parallel},
}

func euros(n int64) string { return fmt.Sprintf("%d.%02d paid", n/100, n%100) }

func thrice(p *prober) error {
	o, err := p.order(object{"currency": "EUR", "tax_included": true, "lines": []object{line(2, 5000, 0)}, "tenders": card(10000)})
	if err != nil {
		return err
	}
	amount, _, err := p.whole(o, 2, "not_as_described")
	if err != nil {
		return err
	}
	p.check("return 2 of 2 units, 100.00", euros(10000), euros(amount))
	for range 2 {
		a, err := p.ask("POST", "/v1/cases", wish(o, 2, "not_as_described"))
		if err != nil {
			return err
		}
		p.check("POST /v1/cases with the same 2 units", "409 refund.units_taken", a.code())
	}
	return nil
}

func twice(p *prober) error {
	o, err := p.order(object{"currency": "EUR", "tax_included": true, "lines": []object{line(1, 2000, 0)}, "tenders": card(2000)})
	if err != nil {
		return err
	}
	c, err := p.received(o, 1, "not_as_described")
	if err != nil {
		return err
	}
	path, key := "/v1/cases/"+c.text("id")+"/actions", p.run+"-twice"
	first, err := p.ask("POST", path, grades(1), "Idempotency-Key", key)
	if err != nil {
		return err
	}
	p.check("grade, which reserves 20.00", "200", strings.TrimSpace(first.code()))
	again, err := p.ask("POST", path, grades(1), "Idempotency-Key", key)
	if err != nil {
		return err
	}
	same := fmt.Sprint(again.status, " the same version: ", again.header.Get("ETag") == first.header.Get("ETag"))
	p.check("the same request with the same key", "200 the same version: true", same)
	other, err := p.ask("POST", path, grades(1))
	if err != nil {
		return err
	}
	p.check("the same request with another key", "409 cases.move", other.code())
	amount, payouts, err := p.paid(c)
	if err != nil {
		return err
	}
	p.check("paid at the end", "20.00 paid in 1 payout", fmt.Sprintf("%s in %d payout", euros(amount), payouts))
	return nil
}

func fractions(p *prober) error {
	for _, one := range []struct {
		draft object
		what  string
		want  string
	}{
		{object{"currency": "JPY", "tax_included": true, "lines": []object{line(3, 1000, 0)}, "discounts": []object{{"amount": 100}}, "tenders": card(2900)},
			"JPY 3 × 1000 − 100, returned one by one", "966 + 967 + 967 = 2900"},
		{object{"currency": "EUR", "tax_included": false, "lines": []object{line(3, 3333, 1710)}, "discounts": []object{{"amount": 1000}}, "tenders": card(10709)},
			"EUR 3 × 33.33 − 10.00 + 19 % tax, returned one by one", "3569 + 3570 + 3570 = 10709"},
	} {
		o, err := p.order(one.draft)
		if err != nil {
			return err
		}
		var parts []int64
		sum := int64(0)
		for range 3 {
			amount, _, err := p.whole(o, 1, "not_as_described")
			if err != nil {
				return err
			}
			parts, sum = append(parts, amount), sum+amount
		}
		slices.Sort(parts)
		p.check(one.what, one.want, fmt.Sprintf("%d + %d + %d = %d", parts[0], parts[1], parts[2], sum))
	}
	return nil
}

func shipping(p *prober) error {
	draft := func() object {
		return object{"currency": "EUR", "tax_included": true, "lines": []object{line(1, 5000, 0)}, "shipping": object{"amount": 500, "standard": 500}, "tenders": card(5500)}
	}
	o, err := p.order(draft())
	if err != nil {
		return err
	}
	amount, _, err := p.whole(o, 1, "not_as_described")
	if err != nil {
		return err
	}
	p.check("50.00 + delivery 5.00, all back, the seller's fault", "55.00 paid", euros(amount))
	if o, err = p.order(draft()); err != nil {
		return err
	}
	c, err := p.open(o, 1, "no_longer_needed")
	if err != nil {
		return err
	}
	var parts []string
	quoted := c.body["money"].(object)["quoted"].(object)
	for _, x := range quoted["components"].([]any) {
		part := x.(object)
		parts = append(parts, fmt.Sprintf("%s %v", part["code"], part["amount"].(object)["minor"]))
	}
	p.check("the same, changed mind: delivery back, the label deducted by name", "goods 5000 shipping 500 return_label -490", strings.Join(parts, " "))
	return nil
}

func afterwards(p *prober) error {
	draft := object{"currency": "EUR", "tax_included": true, "lines": []object{line(1, 10000, 0)}, "tenders": card(10000)}
	draft["returned"] = []object{{"line": 1, "quantity": 1, "amount": 10000, "at": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)}}
	o, err := p.order(draft)
	if err != nil {
		return err
	}
	a, err := p.ask("POST", "/v1/cases", wish(o, 1, "not_as_described"))
	if err != nil {
		return err
	}
	p.check("POST /v1/cases for a unit that was paid back elsewhere", "409 refund.units_taken", a.code())
	if o, err = p.order(object{"currency": "EUR", "tax_included": true, "lines": []object{line(1, 10000, 0)}, "tenders": card(10000)}); err != nil {
		return err
	}
	amount, _, err := p.whole(o, 1, "not_as_described")
	if err != nil {
		return err
	}
	p.check("return of 100.00", "100.00 paid", euros(amount))
	if a, err = p.ask("POST", "/v1/cases", wish(o, 1, "not_as_described")); err != nil {
		return err
	}
	p.check("POST /v1/cases for the same unit once more", "409 refund.units_taken", a.code())
	return nil
}

func above(p *prober) error {
	o, err := p.order(object{"currency": "EUR", "tax_included": true, "lines": []object{line(2, 5000, 0)}, "tenders": card(10000)})
	if err != nil {
		return err
	}
	c, err := p.open(o, 1, "not_as_described")
	if err != nil {
		return err
	}
	path := "/v1/cases/" + c.text("id") + "/actions"
	a, err := p.ask("POST", path, object{"action": "receive", "items": []object{{"line": 1, "quantity": 2}}})
	if err != nil {
		return err
	}
	p.check("receive 2 units of 1 announced", "422 inspection.excess", a.code())
	if _, err = p.act(c, object{"action": "receive", "items": []object{{"line": 1, "quantity": 1}}}); err != nil {
		return err
	}
	if a, err = p.ask("POST", path, grades(2)); err != nil {
		return err
	}
	p.check("grade 2 units of 1 received", "422 inspection.unmatched", a.code())
	more := grades(1)
	more["total"] = object{"minor": 5500, "currency": "EUR"}
	if a, err = p.ask("POST", path, more); err != nil {
		return err
	}
	p.check("grade with a total of 55.00", "422 request.invalid", a.code())
	if c, err = p.act(c, grades(1)); err != nil {
		return err
	}
	amount, _, err := p.paid(c)
	if err != nil {
		return err
	}
	p.check("paid at the end", "50.00 paid", euros(amount))
	return nil
}

func both(p *prober) error {
	o, err := p.order(object{"currency": "EUR", "tax_included": true, "lines": []object{line(3, 3333, 0)}, "discounts": []object{{"amount": 1000}}, "tenders": card(8999)})
	if err != nil {
		return err
	}
	first, err := p.received(o, 1, "not_as_described")
	if err != nil {
		return err
	}
	second, err := p.received(o, 2, "not_as_described")
	if err != nil {
		return err
	}
	p.check("two returns of different units are open", "inspecting and inspecting", first.text("state")+" and "+second.text("state"))
	if _, err = p.act(second, grades(2)); err != nil {
		return err
	}
	if _, err = p.act(first, grades(1)); err != nil {
		return err
	}
	a, _, err := p.paid(first)
	if err != nil {
		return err
	}
	b, _, err := p.paid(second)
	if err != nil {
		return err
	}
	p.check("both paid, the later one first", "89.99 paid", euros(a+b))
	return nil
}

func parallel(p *prober) error {
	o, err := p.order(object{"currency": "EUR", "tax_included": true, "lines": []object{line(1, 10000, 0)}, "tenders": card(10000)})
	if err != nil {
		return err
	}
	opened, err := p.eight(func() (answer, error) { return p.ask("POST", "/v1/cases", wish(o, 1, "not_as_described")) })
	if err != nil {
		return err
	}
	p.check("8 × POST /v1/cases for one unit", "1 × 201, 7 × 409", tally(opened, http.StatusCreated, http.StatusConflict))
	i := slices.IndexFunc(opened, func(a answer) bool { return a.status == http.StatusCreated })
	if i < 0 {
		return nil
	}
	c := opened[i]
	if c.text("state") == "submitted" {
		if c, err = p.act(c, object{"action": "approve"}); err != nil {
			return err
		}
	}
	if c, err = p.act(c, object{"action": "receive", "items": []object{{"line": 1, "quantity": 1}}}); err != nil {
		return err
	}
	graded, err := p.eight(func() (answer, error) { return p.ask("POST", "/v1/cases/"+c.text("id")+"/actions", grades(1)) })
	if err != nil {
		return err
	}
	p.check("8 × grade, which reserves the refund", "1 × 200, 7 × 409", tally(graded, http.StatusOK, http.StatusConflict))
	amount, payouts, err := p.paid(c)
	if err != nil {
		return err
	}
	p.check("paid at the end", "100.00 paid in 1 payout", fmt.Sprintf("%s in %d payout", euros(amount), payouts))
	return nil
}

// eight asks the same eight times at once.
func (p *prober) eight(ask func() (answer, error)) ([]answer, error) {
	all, errs := make([]answer, 8), make([]error, 8)
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() { all[i], errs[i] = ask() })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func tally(all []answer, statuses ...int) string {
	var parts []string
	for _, s := range statuses {
		n := 0
		for _, a := range all {
			if a.status == s {
				n++
			}
		}
		parts = append(parts, fmt.Sprintf("%d × %d", n, s))
	}
	return strings.Join(parts, ", ")
}
