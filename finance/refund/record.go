package refund

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/aftercare/aftercare/finance/settlement"
)

// book is what an order's account knows besides its sums. It is one column, so
// that it is read and locked with the row.
type book struct {
	Parts []Part             `json:"parts,omitempty"` // the oldest first
	Cases map[string]*record `json:"cases,omitempty"`
	Asked map[string][]Run   `json:"asked,omitempty"` // by living case: units whose lower price it asks about
}

// record is what one case has moved.
type record struct {
	Kind     string           `json:"kind,omitempty"`
	Money    map[string]int64 `json:"money,omitempty"`    // reserved as payouts, by tender; with what goes another way
	Shipping int64            `json:"shipping,omitempty"` // of it, the outbound delivery
	Used     map[string]int64 `json:"used,omitempty"`     // carried over or turned into credit, by tender
	Rebilled Rebilled         `json:"rebilled,omitzero"`
	Insured  []Run            `json:"insured,omitempty"`
	Coupons  []string         `json:"coupons,omitempty"`
	Runs     []Run            `json:"runs,omitempty"` // of kept units, for which parts were paid
	Advance  bool             `json:"advance,omitempty"`
	Owed     int64            `json:"owed,omitempty"`  // the customer has so much too much
	Over     map[string]int64 `json:"over,omitempty"`  // on which tenders that lies
	Gone     int64            `json:"gone,omitempty"`  // was owed and did not come back; not in Money any more
	Added    int64            `json:"added,omitempty"` // goodwill on top of what the case is about; not in Money
	Open     bool             `json:"open,omitempty"`  // may be reserved once more
	Turns    int              `json:"turns,omitempty"`
	Sets     int              `json:"sets,omitempty"` // of entries, in the books
}

func (r *record) total() (sum int64) {
	for _, n := range r.Money {
		sum += n
	}
	return sum
}

// put writes a quote into the record. What was there of an earlier turn stays,
// and goodwill on top of it is no part of what may be reckoned anew.
func (r *record) put(q Quote, runs []Run) {
	if q.Kind == Compensation && r.Sets > 0 && r.Kind != Compensation {
		r.Added += q.Total
		return
	}
	r.Kind = q.Kind
	for channel, n := range q.channels() {
		add(&r.Money, channel, n)
	}
	r.hold(q, runs)
}

// hold is put for everything but the money that is paid.
func (r *record) hold(q Quote, runs []Run) {
	for _, s := range q.Tenders {
		r.Shipping += s.Shipping
	}
	for _, shares := range [][]TenderShare{q.Carried, q.Turned} {
		for _, s := range shares {
			add(&r.Used, s.ID, s.Goods+s.Shipping)
		}
	}
	r.Rebilled = r.Rebilled.plus(q.Rebilled)
	r.Insured = append(r.Insured, q.Insured...)
	r.Coupons = append(r.Coupons, q.Coupons...)
	if len(q.Parts) > 0 || q.Kind == Compensation {
		r.Runs = append(r.Runs, runs...)
	}
}

func add(to *map[string]int64, key string, n int64) {
	if n == 0 {
		return
	}
	if *to == nil {
		*to = map[string]int64{}
	}
	(*to)[key] += n
}

// channels are the ways on which a quote's money goes out: tenders by their
// id, and the others by their name.
func (q Quote) channels() map[string]int64 {
	all := map[string]int64{}
	for _, s := range q.Tenders {
		all[s.ID] += s.Goods + s.Shipping
	}
	for _, x := range q.Extra {
		all[x.channel()] += x.Amount
	}
	return all
}

func (x Extra) channel() string {
	if x.Kind == "store_credit" {
		return "credit"
	}
	return x.Kind
}

// fromPayouts is the record of a case that was reserved before records were
// kept.
func fromPayouts(all []settlement.Payout) *record {
	r := &record{Sets: 1}
	for _, p := range all {
		add(&r.Money, p.Tender, p.Amount)
		if p.Purpose == settlement.Shipping {
			r.Shipping += p.Amount
		}
	}
	return r
}

// parse reads the column; an order that has none yet has nothing.
func (b *book) parse(column string) error {
	if column == "" {
		return nil
	}
	return json.Unmarshal([]byte(column), b)
}

func (b *book) column() (string, error) {
	if len(b.Parts) == 0 && len(b.Cases) == 0 && len(b.Asked) == 0 {
		return "", nil
	}
	raw, err := json.Marshal(b)
	return string(raw), err
}

func (b *book) record(caseID string) *record {
	if b.Cases == nil {
		b.Cases = map[string]*record{}
	}
	r, ok := b.Cases[caseID]
	if !ok {
		r = &record{}
		b.Cases[caseID] = r
	}
	return r
}

// forget takes a case's parts out.
func (b *book) forget(caseID string) {
	b.Parts = slices.DeleteFunc(slices.Clone(b.Parts), func(p Part) bool { return p.Case == caseID })
}

// cases are the records in a fixed order.
func (b *book) cases() []string { return slices.Sorted(maps.Keys(b.Cases)) }
