package quote_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/app/quote"
	"github.com/aftercare/aftercare/base/fault"
)

// ask answers the first question of a text.
func ask(text string) (quote.Answer, error) {
	for q := range quote.Read(strings.NewReader(text)) {
		if q.Err != nil {
			return quote.Answer{}, q.Err
		}
		return quote.Work(q.Request, now)
	}
	return quote.Answer{}, errors.New("no question")
}

const good = `{"order":{"number":"1","currency":"EUR","placed_at":"2026-03-01T10:00:00Z","lines":[{"sku":"A","title":"A","quantity":2,"unit_price":500}],` +
	`"tenders":[{"kind":"card","amount":1000}]},"wanted":[{"line":1,"quantity":1,"reason":"defective"}]}`

func TestWrongQuestionsAreNamed(t *testing.T) {
	if a, err := ask(good); err != nil || a.Quote.Total != 500 {
		t.Fatalf("%+v %v", a, err)
	}
	const wanted = `"wanted":[{"line":1,"quantity":1,"reason":"defective"}]`
	tests := []struct{ from, to, code, field string }{
		{`"currency":"EUR"`, `"currency":"EURO"`, "quote.invalid", "order.currency"},
		{`"quantity":2`, `"quantity":0`, "quote.invalid", "order.lines[0].quantity"},
		{`"quantity":2`, `"quantity":2.5`, "quote.invalid", "order.lines[0].quantity"},
		{`"amount":1000`, `"amount":999`, "quote.invalid", "order.tenders"},
		{`"amount":1000`, `"amount":1000,"points":4`, "quote.invalid", "order.tenders[0].points"},
		{`"sku":"A"`, `"sku":"A","sku":"B"`, "quote.invalid", "order.lines[0].sku"},
		{`"unit_price":500`, `"unit_price":-500`, "quote.invalid", "order.lines[0].unit_price"},
		{`"unit_price":500`, `"unit_price":null`, "quote.invalid", "order.lines[0].unit_price"},
		{`"number":"1",`, ``, "quote.invalid", "order.number"},
		{`"wanted"`, `"wnated"`, "quote.invalid", "wnated"},
		{`"line":1,"quantity":1`, `"line":"one","quantity":1`, "quote.invalid", "wanted[0].line"},
		{`"reason":"defective"`, `"reason":"because"`, "quote.invalid", "wanted[0].reason"},
		{wanted, `"kind":"reship"`, "quote.invalid", "wanted"},
		{`"line":1,"quantity":1`, `"line":2,"quantity":1`, "refund.wanted", ""},
		{`"line":1,"quantity":1`, `"line":1,"quantity":3`, "refund.units_taken", ""},
		{`"line":1,"quantity":1`, `"line":1,"quantity":-1`, "quote.invalid", "wanted[0].quantity"},
		{wanted, wanted + `,"amount":5000`, "quote.invalid", "amount"},
		{wanted, wanted + `,"new":[{"sku":"B","title":"B","quantity":1,"unit_price":1}]`, "quote.invalid", "new"},
		{wanted, wanted + `,"kind":"compensation","amount":1,"basis":"goodwill","deductions":[{"code":"restocking_fee","amount":1,"basis":"contract"}]`, "quote.invalid", "deductions"},
		{wanted, wanted + `,"kind":"price_protection","lower":[{"line":1,"price":1},{"line":1,"price":2}]`, "quote.invalid", "lower[1].line"},
		{wanted, wanted + `,"past":[` + "{" + wanted + "},{" + wanted + "}]", "refund.units_taken", ""},
		{wanted, wanted + `,"kind":"refund"`, "refund.terms", "kind"},
		{wanted, wanted + `,"kind":"partial","amount":501`, "refund.exceeds_paid", ""},
		{wanted, wanted + `,"kind":"partial"`, "refund.terms", "amount"},
		{wanted, wanted + `,"kind":"partial","amount":-1`, "refund.terms", "amount"},
		{wanted, wanted + `,"kind":"exchange"`, "refund.terms", "new"},
		{wanted, wanted + `,"kind":"exchange","new":[{"sku":"B","title":"B","quantity":0,"unit_price":1}]`, "refund.terms", "new[0].quantity"},
		{wanted, wanted + `,"kind":"exchange","new":[{"sku":"B","title":"B","quantity":1,"unit_price":1,"tax":2}]`, "refund.terms", "new[0].tax"},
		{wanted, wanted + `,"kind":"price_protection"`, "refund.terms", "lower"},
		{wanted, wanted + `,"kind":"price_protection","lower":[{"line":2,"price":1}]`, "quote.invalid", "lower[0].line"},
		{wanted, wanted + `,"kind":"compensation","amount":600,"basis":"goodwill","cap":500`, "refund.over_cap", ""},
		{wanted, wanted + `,"kind":"compensation","amount":600`, "refund.terms", "basis"},
		{wanted, wanted + `,"policy":"mine"`, "quote.invalid", "policy"},
		{wanted, wanted + `,"terms":{"shipping":"half"}`, "refund.terms", "terms.shipping"},
		{wanted, wanted + `,"terms":{"tender":"random"}`, "refund.terms", "terms.tender"},
		{wanted, wanted + `,"terms":{"promotions":"half"}`, "refund.terms", "terms.promotions"},
		{wanted, wanted + `,"terms":{"label_fee":-1}`, "refund.terms", "terms.label_fee"},
		{wanted, wanted + `,"past":[{` + wanted + `,"liability":"nobody"}]`, "refund.terms", "past[0].liability"},
		{wanted, wanted + `,"past":[{` + wanted + `}],"terms":{"tender":"random"}`, "refund.terms", "terms.tender"},
		{wanted, wanted + `,"liability":"nobody"`, "refund.terms", "liability"},
		{wanted, wanted + `,"deductions":[{"code":"revenge","amount":1,"basis":"contract"}]`, "refund.terms", "deductions.code"},
		{wanted, wanted + `,"deductions":[{"code":"restocking_fee","amount":1,"basis":""}]`, "refund.terms", "deductions.basis"},
		{wanted, wanted + `,"insurance":{"payer":"bank","table":1}`, "refund.terms", "insurance.payer"},
		{wanted, wanted + `,"points_spent":{"count":1,"value":1,"per":0}`, "refund.terms", "points_spent.per"},
	}
	for _, tt := range tests {
		text := strings.Replace(good, tt.from, tt.to, 1)
		if text == good {
			t.Fatalf("%s is not in the question", tt.from)
		}
		_, err := ask(text)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Code != tt.code {
			t.Errorf("%s: got %v, want %s", tt.to, err, tt.code)
			continue
		}
		if tt.field != "" && (len(f.Fields) == 0 || f.Fields[0].Field != tt.field) {
			t.Errorf("%s: points at %+v, want %s", tt.to, f.Fields, tt.field)
		}
	}
}

func TestAWrongQuestionDoesNotStopTheOthers(t *testing.T) {
	text := "\n" + good + "\n{\"order\":1}\n\n" + good + "{ broken\n" + good
	var lines []int
	var wrong int
	for q := range quote.Read(strings.NewReader(text)) {
		lines = append(lines, q.Line)
		if q.Err != nil {
			wrong++
		}
	}
	if len(lines) != 4 || lines[0] != 2 || lines[1] != 3 || lines[2] != 5 || lines[3] != 5 || wrong != 2 {
		t.Errorf("lines %v, %d wrong", lines, wrong)
	}
}

func TestUnitsThatCameBackBeforeAreGone(t *testing.T) {
	raw, err := os.ReadFile("../../docs/schema/examples/returned.json")
	if err != nil {
		t.Fatal(err)
	}
	a, err := ask(`{"order":` + string(raw) + `,"wanted":[{"line":1,"quantity":2,"reason":"defective"}]}`)
	if err != nil || a.Quote.Total != 1934 || a.Before != 966 {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := ask(`{"order":` + string(raw) + `,"wanted":[{"line":1,"quantity":3,"reason":"defective"}]}`); err == nil {
		t.Error("three of three units came back after one")
	}
}
