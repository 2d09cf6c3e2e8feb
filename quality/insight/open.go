package insight

import (
	"cmp"
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
)

// Waiting is what is open at this moment.
type Waiting struct {
	Total     int64   `json:"total"`
	Overdue   int64   `json:"overdue" doc:"Of them, past their deadline"`
	States    []Count `json:"states" nullable:"false" doc:"In the order of a case's life"`
	Ages      []Count `json:"ages" nullable:"false" doc:"Since they were opened: day (up to 24 hours), three_days, week, month (30 days), older"`
	Deadlines []Count `json:"deadlines" nullable:"false" doc:"Until the running deadline: overdue, day (24 hours), three_days, later, none"`
}

var (
	ages = []string{"day", "three_days", "week", "month", "older"}
	dues = []string{"overdue", "day", "three_days", "later", "none"}
)

// Now tells what is open. A seller sees only what is the seller's own.
func Now(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) (Waiting, error) {
	if by.Seller != "" {
		f.Seller = by.Seller
	}
	var states []string
	for _, s := range cases.States {
		if !s.Final() {
			states = append(states, string(s))
		}
	}
	o, err := openOf(ctx, tx, by.Tenant, f, states, tx.Now)
	if err != nil {
		return Waiting{}, err
	}
	w := Waiting{Total: o.total, Overdue: o.dues[0], Ages: apart(ages, append(o.ages, o.total))}
	w.Deadlines = append(apart(dues[:4], append(o.dues, o.total-o.none)), Count{Name: "none", Count: o.none})
	for i, state := range states {
		w.States = append(w.States, Count{Name: state, Count: o.states[i]})
	}
	return w, nil
}

// apart names what each limit adds to the one before.
func apart(names []string, upTo []int64) (all []Count) {
	before := int64(0)
	for i, name := range names {
		all = append(all, Count{Name: name, Count: upTo[i] - before})
		before = upTo[i]
	}
	return all
}

// Choices are the values that figures can be narrowed to.
type Choices struct {
	Kinds    []string `json:"kinds" nullable:"false"`
	Channels []string `json:"channels" nullable:"false" doc:"- where it is not known"`
	Markets  []string `json:"markets" nullable:"false" doc:"ISO 3166-1 alpha-2 codes of delivery addresses; - where it is not known"`
	Sellers  []string `json:"sellers" nullable:"false" doc:"Of a seller's own view: only the seller"`
}

// Offered lists what there is to choose from.
func Offered(ctx context.Context, tx *db.Tx, by actor.Actor) (c Choices, err error) {
	for _, one := range []struct {
		dimension string
		to        *[]string
	}{{"kind", &c.Kinds}, {"channel", &c.Channels}, {"market", &c.Markets}, {"seller", &c.Sellers}} {
		values, failed := choices(ctx, tx, by.Tenant, one.dimension)
		*one.to, err = values, cmp.Or(err, failed)
	}
	if by.Seller != "" {
		c.Sellers = []string{by.Seller}
	}
	return c, err
}
