package quote

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/width"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/sales/order"
)

// Print writes an answer as a table that people read, in a language: every
// component with its ground, every way the money takes, and who bears it.
func Print(to io.Writer, a Answer, lang string) error {
	t := sheet{lang: lang, currency: a.Quote.Currency}
	t.answer(a)
	_, err := io.WriteString(to, t.String())
	return err
}

// sheet is a table in the making. A row without an amount is a heading.
type sheet struct {
	lang, currency string
	rows           []row
}

type row struct {
	indent       int
	text, amount string
	note         string
}

func (t *sheet) word(key string, args locale.Args) string { return locale.Text(t.lang, key, args) }

func (t *sheet) head(indent int, text string) {
	t.rows = append(t.rows, row{indent: indent, text: text})
}

func (t *sheet) sum(indent int, text string, amount int64, note string) {
	t.rows = append(t.rows, row{indent, text, locale.Money(t.lang, money.Of(amount, t.currency)), note})
}

func (t *sheet) answer(a Answer) {
	q := a.Quote
	kind := q.Kind
	if kind == "" {
		kind = refund.ReturnRefund
	}
	t.head(0, t.word("quote.title", locale.Args{"order": a.Order, "kind": t.word("quote.kind_"+kind, nil)}))
	for _, l := range q.Lines {
		title := ""
		if l.Line <= len(a.draft.Lines) {
			title = a.draft.Lines[l.Line-1].Title
		}
		t.head(1, t.word("quote.line", locale.Args{"line": l.Line, "title": title, "count": l.Count}))
		t.components(l.Components)
	}
	var whole []refund.Component
	for _, c := range q.Components {
		if c.Line == 0 {
			whole = append(whole, c)
		}
	}
	if len(whole) > 0 {
		t.head(1, t.word("quote.whole", nil))
		t.components(whole)
	}
	t.sum(0, t.word("quote.total", nil), q.Total, "")
	if q.Due > 0 {
		t.sum(0, t.word("quote.due", nil), q.Due, "")
	}
	if a.Before > 0 {
		t.sum(0, t.word("quote.before", nil), a.Before, "")
	}
	t.ways(q)
	if len(a.Bears) > 0 {
		t.head(0, t.word("quote.bears", nil))
		for _, b := range a.Bears {
			who := t.word("bearer."+b.Account, nil)
			if b.Party != "" {
				who += " " + b.Party
			}
			t.sum(1, who, b.Amount, t.code(b.Code))
		}
	}
	t.more(q)
}

func (t *sheet) components(all []refund.Component) {
	for _, c := range all {
		note := ""
		if c.Ground != "" {
			note = c.Ground
			if locale.Has("basis." + c.Ground) {
				note = t.word("basis."+c.Ground, nil)
			}
		}
		t.sum(2, t.code(c.Code), c.Amount, note)
	}
}

func (t *sheet) code(code string) string {
	if key := "component." + code; locale.Has(key) {
		return t.word(key, nil)
	}
	return code
}

// ways are the means of payment.
func (t *sheet) ways(q refund.Quote) {
	list := func(head string, shares []refund.TenderShare) {
		if len(shares) == 0 {
			return
		}
		t.head(0, t.word(head, nil))
		for _, s := range shares {
			t.sum(1, order.TenderLabel(order.Tender{Kind: s.Kind, Label: s.Label}, t.lang)+" ("+s.ID+")", s.Goods+s.Shipping, strings.TrimSpace(s.Provider+" "+s.Reference))
		}
	}
	list("quote.ways", q.Tenders)
	if len(q.Tenders) == 0 && len(q.Extra) > 0 {
		t.head(0, t.word("quote.ways", nil))
	}
	for _, x := range q.Extra {
		note := t.code(x.Purpose) + " · " + t.word("bearer."+x.Payer, nil)
		t.sum(1, order.TenderLabel(order.Tender{Kind: x.Kind}, t.lang), x.Amount, note)
	}
	list("quote.carried", q.Carried)
}

// more is what is no money.
func (t *sheet) more(q refund.Quote) {
	var all []string
	for _, p := range []struct {
		key string
		n   int64
	}{{"quote.points_restored", q.Points.Restore}, {"quote.points_reversed", q.Points.Reverse}, {"quote.points_debt", q.Points.Debt}} {
		if p.n > 0 {
			all = append(all, t.word(p.key, locale.Args{"n": p.n}))
		}
	}
	for _, c := range q.Coupons {
		all = append(all, t.word("quote.coupon", locale.Args{"code": c}))
	}
	if q.Kind == "" || q.Kind == refund.Exchange {
		all = append(all, t.word("quote.freight", locale.Args{"who": t.word("bearer."+q.Freight, nil)}))
	}
	for _, n := range q.Notes {
		all = append(all, t.word("note."+n.Code, locale.Args{"about": t.code(n.About), "amount": money.Of(n.Amount, t.currency)}))
	}
	if len(all) == 0 {
		return
	}
	t.head(0, t.word("quote.more", nil))
	for _, text := range all {
		t.head(1, text)
	}
}

// String aligns: texts to the left, amounts to the right, notes behind.
func (t *sheet) String() string {
	texts, amounts := 0, 0
	for _, r := range t.rows {
		if r.amount != "" {
			texts, amounts = max(texts, 2*r.indent+cells(r.text)), max(amounts, cells(r.amount))
		}
	}
	var b strings.Builder
	for _, r := range t.rows {
		line := strings.Repeat("  ", r.indent) + r.text
		if r.amount != "" {
			gap := texts - cells(line) + 2 + amounts - cells(r.amount)
			line += strings.Repeat(" ", gap) + r.amount
			if r.note != "" {
				line += "  " + r.note
			}
		}
		fmt.Fprintln(&b, line)
	}
	return b.String()
}

// cells is how wide a text is on a terminal, where Han characters take two
// places.
func cells(s string) (n int) {
	for _, r := range s {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}
