package policy

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// scope is what an expression may ask: the request, and the line of goods
// where it is asked for one. It resolves only the names that are asked.
type scope struct {
	q     *Request
	rules *Rules
	item  *Goods
	known ref.Val
}

// word is a name in expressions.
type word struct {
	name string
	kind *cel.Type
	of   func(*scope) any // of goods: the line is scope.item
	doc  string
}

var goodsType = cel.ObjectType("Goods")

// requestWords are the names that are the same for all lines.
var requestWords = []word{
	{"request.kind", cel.StringType, func(s *scope) any { return s.q.Kind }, "return_refund, refund_only, exchange, reship, price_protection, compensation"},
	{"request.phase", cel.StringType, func(s *scope) any { return s.q.Phase }, "pre_ship, in_transit, after_receipt"},
	{"request.now", cel.TimestampType, func(s *scope) any { return s.q.Now }, "the moment of the request"},
	{"request.placed", cel.TimestampType, func(s *scope) any { return s.q.Placed }, "the moment of the purchase"},
	{"request.days", cel.IntType, func(s *scope) any { return s.since(s.q.Placed) }, "calendar days since the purchase, in the customer's zone"},
	{"request.total", cel.IntType, func(s *scope) any { return s.q.Total.Minor }, "what would be paid, in minor units: 12900 is 129.00"},
	{"request.currency", cel.StringType, func(s *scope) any { return s.q.Total.Currency }, "ISO 4217"},
	{"request.channel", cel.StringType, func(s *scope) any { return s.q.Channel }, "how it was bought"},
	{"request.country", cel.StringType, func(s *scope) any { return s.q.Country }, "ISO 3166"},
	{"request.region", cel.StringType, func(s *scope) any { return s.q.Region }, "state or province"},
	{"request.seller", cel.StringType, func(s *scope) any { return s.q.Seller }, "id of the seller"},
	{"request.language", cel.StringType, func(s *scope) any { return s.q.Language }, "of the customer"},
	{"request.photos", cel.IntType, func(s *scope) any { return int64(s.q.Photos) }, "photos of the whole request"},
	{"request.verified", cel.BoolType, func(s *scope) any { return s.q.Verified }, "a lower price is known to be true"},
	{"request.amends", cel.IntType, func(s *scope) any { return int64(s.q.Amends) }, "how often it was asked again after a refusal: 0 for a new request"},
	{"request.lines", cel.IntType, func(s *scope) any { return int64(len(s.q.Goods)) }, "lines of goods in the request"},
	{"customer.tier", cel.StringType, func(s *scope) any { return s.q.Customer.Tier }, "empty where there is none"},
	{"customer.orders", cel.IntType, func(s *scope) any { return s.q.Customer.Orders }, "orders so far"},
	{"customer.cases", cel.IntType, func(s *scope) any { return s.q.Customer.Cases }, "cases so far"},
	{"customer.refused", cel.IntType, func(s *scope) any { return s.q.Customer.Refused }, "cases that were refused"},
	{"customer.since", cel.TimestampType, func(s *scope) any { return s.q.Customer.Since }, "first order"},
	{"customer.days", cel.IntType, func(s *scope) any { return s.since(s.q.Customer.Since) }, "calendar days since then; -1 where it is not known"},
	{"known", cel.MapType(cel.StringType, cel.DynType), func(s *scope) any { return s.answers() }, "answers of the customer: known['use.opened'] == true"},
	{"goods", cel.ListType(goodsType), func(s *scope) any { return s.goods() }, "all lines: goods.exists(g, g.category == 'phone')"},
}

// goodsWords are the names of a line: item.category of the line that is asked
// for, g.category inside goods.exists(g, …).
var goodsWords = []word{
	{"line", cel.IntType, func(s *scope) any { return int64(s.item.Line) }, "number of the line"},
	{"sku", cel.StringType, func(s *scope) any { return s.item.SKU }, "article number"},
	{"title", cel.StringType, func(s *scope) any { return s.item.Title }, "as it was sold"},
	{"category", cel.StringType, func(s *scope) any { return s.item.Category }, "the shop's category"},
	{"traits", cel.ListType(cel.StringType), func(s *scope) any { return traits(s.item.Traits) }, "what the law calls such goods"},
	{"quantity", cel.IntType, func(s *scope) any { return s.item.Quantity }, "units that are asked for"},
	{"paid", cel.IntType, func(s *scope) any { return s.item.Paid }, "paid for these units, in minor units"},
	{"price", cel.IntType, func(s *scope) any { return s.item.Paid / max(1, s.item.Quantity) }, "paid for one unit, in minor units"},
	{"seller", cel.StringType, func(s *scope) any { return cmp.Or(s.item.Seller, s.q.Seller) }, "id of the seller"},
	{"delivered", cel.TimestampType, func(s *scope) any { return s.item.Delivered }, "the moment of delivery"},
	{"days", cel.IntType, func(s *scope) any { return s.since(s.item.Delivered) }, "calendar days since delivery; -1 where it has not come"},
	{"reason", cel.StringType, func(s *scope) any { return s.item.Reason }, "code of the reason"},
	{"claim", cel.StringType, func(s *scope) any { r, _ := s.rules.Reason(s.item.Reason); return r.Claims() }, "change_of_mind, defect, not_delivered, fraud"},
	{"photos", cel.IntType, func(s *scope) any { return int64(s.item.Photos) }, "photos of this line"},
}

func traits(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

// byName finds a word by its full name.
var byName = func() map[string]word {
	all := map[string]word{}
	for _, w := range requestWords {
		all[w.name] = w
	}
	for _, w := range goodsWords {
		w.name = "item." + w.name
		all[w.name] = w
	}
	return all
}()

// ResolveName looks a name up, for CEL.
func (s *scope) ResolveName(name string) (any, bool) {
	w, ok := byName[name]
	if !ok || s.item == nil && strings.HasPrefix(name, "item.") {
		return nil, false
	}
	return w.of(s), true
}

// Parent is nothing: there is only one scope.
func (*scope) Parent() cel.Activation { return nil }

// since counts calendar days in the customer's zone; -1 where the day is not
// known.
func (s *scope) since(t time.Time) int64 {
	if t.IsZero() {
		return -1
	}
	zone := s.q.Zone
	if zone == nil {
		zone = time.UTC
	}
	day := func(t time.Time) int64 {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
	return day(s.q.Now) - day(t)
}

func (s *scope) answers() ref.Val {
	if s.known == nil {
		all := make(map[string]any, len(s.q.Known))
		for name, raw := range s.q.Known {
			var v any
			if json.Unmarshal(raw, &v) == nil && v != nil {
				all[name] = v
			}
		}
		s.known = types.DefaultTypeAdapter.NativeToValue(all)
	}
	return s.known
}

func (s *scope) goods() []ref.Val {
	all := make([]ref.Val, len(s.q.Goods))
	for i := range s.q.Goods {
		all[i] = &line{&scope{q: s.q, rules: s.rules, item: &s.q.Goods[i]}}
	}
	return all
}

// Vocabulary lists the names that expressions may use, for editors.
func Vocabulary() []Word {
	all := make([]Word, 0, len(byName))
	for _, w := range requestWords {
		all = append(all, Word{w.name, kindName(w.kind), w.doc})
	}
	for _, w := range goodsWords {
		all = append(all, Word{"item." + w.name, kindName(w.kind), w.doc})
	}
	slices.SortFunc(all, func(a, b Word) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Word is a name in expressions, for editors.
type Word struct {
	Name string `json:"name" example:"request.total"`
	Type string `json:"type" enum:"text,number,bool,date,list,map"`
	Doc  string `json:"doc"`
}

func kindName(t *cel.Type) string {
	switch t.Kind() {
	case types.StringKind:
		return "text"
	case types.IntKind:
		return "number"
	case types.BoolKind:
		return "bool"
	case types.TimestampKind:
		return "date"
	case types.ListKind:
		return "list"
	}
	return "map"
}
