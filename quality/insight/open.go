package insight

import (
	"cmp"
	"context"
	"slices"

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
	all, err := openOf(ctx, tx, by.Tenant, f, tx.Now)
	if err != nil {
		return Waiting{}, err
	}
	var states []string
	for _, s := range cases.States {
		if !s.Final() {
			states = append(states, string(s))
		}
	}
	w := Waiting{States: zeroes(states), Ages: zeroes(ages), Deadlines: zeroes(dues)}
	for _, one := range all {
		w.Total += one.n
		if one.due == "overdue" {
			w.Overdue += one.n
		}
		add(w.States, one.state, one.n)
		add(w.Ages, one.age, one.n)
		add(w.Deadlines, one.due, one.n)
	}
	return w, nil
}

func zeroes(names []string) []Count {
	all := make([]Count, len(names))
	for i, name := range names {
		all[i].Name = name
	}
	return all
}

func add(to []Count, name string, n int64) {
	if i := slices.IndexFunc(to, func(c Count) bool { return c.Name == name }); i >= 0 {
		to[i].Count += n
	}
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
