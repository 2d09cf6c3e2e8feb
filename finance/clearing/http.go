package clearing

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/base/sheet"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// View is an entry as it is shown.
type View struct {
	Set     string       `json:"set"`
	Key     string       `json:"key" doc:"What was booked: one set of entries has one key"`
	Case    string       `json:"case"`
	Order   string       `json:"order"`
	Account Account      `json:"account" enum:"customer,seller,platform,carrier,insurer,brand,commission"`
	Party   string       `json:"party,omitempty" doc:"Which seller, carrier or brand"`
	Code    string       `json:"code"`
	Amount  money.Amount `json:"amount" doc:"Positive: the account gets it; negative: the account bears it"`
	At      time.Time    `json:"at"`
}

// TotalView is what a party got in one currency.
type TotalView struct {
	Account Account      `json:"account" enum:"customer,seller,platform,carrier,insurer,brand,commission"`
	Party   string       `json:"party,omitempty"`
	Amount  money.Amount `json:"amount"`
	Entries int64        `json:"entries"`
}

// Chosen are the filters of lists.
type Chosen struct {
	Case    string    `query:"case" maxLength:"64" doc:"Only entries of this case"`
	Account Account   `query:"account" enum:"customer,seller,platform,carrier,insurer,brand,commission" doc:"Only entries of this account"`
	Party   string    `query:"party" maxLength:"200" doc:"Only entries of this seller, carrier or brand"`
	From    time.Time `query:"from" doc:"Booked at this instant or later"`
	To      time.Time `query:"to" doc:"Booked before this instant"`
}

func (c Chosen) filter() Filter {
	return Filter{Case: c.Case, Account: c.Account, Party: c.Party, From: c.From, To: c.To}
}

type listIn struct {
	httpapi.Page
	Chosen
}

type listOut struct {
	Body struct {
		Items []View `json:"items" nullable:"false"`
		Next  string `json:"next"`
	}
}

type totalsIn struct{ Chosen }

type totalsOut struct {
	Body struct {
		Items []TotalView `json:"items" nullable:"false"`
	}
}

// Service shows the books.
type Service struct {
	Store *db.DB
}

// Routes adds the books. A seller sees only own entries.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/clearing/entries", Need: role.ClearingRead, Tag: "clearing",
		Summary: "List who got and bore what, in the order of booking"}, list)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/clearing/totals", Need: role.ClearingRead, Tag: "clearing",
		Summary: "Add up the entries by account, party and currency"}, sums)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/clearing/entries.csv", Need: role.ClearingRead, Tag: "clearing", Produces: "text/csv",
		Summary: "Export entries as a table", Query: map[string]string{
			"case": "Only entries of this case", "account": "Only entries of this account", "party": "Only entries of this party",
			"from": "Booked at this instant (RFC 3339) or later", "to": "Booked before this instant",
		}}, s.export)
}

func list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	f := in.filter()
	f.Limit = in.Limit
	if err := httpapi.DecodeCursor(in.Cursor, &f.After.Set, &f.After.Place); err != nil {
		return nil, err
	}
	all, next, err := Page(ctx, tx, by, f)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = []View{}
	if next.Set != "" {
		out.Body.Next = httpapi.EncodeCursor(next.Set, next.Place)
	}
	for _, b := range all {
		out.Body.Items = append(out.Body.Items, View{b.ID, b.Key, b.Case, b.Order, b.Account, b.Party, b.Code, b.Money(), b.At})
	}
	return out, nil
}

func sums(ctx context.Context, tx *db.Tx, by actor.Actor, in *totalsIn) (*totalsOut, error) {
	all, err := Totals(ctx, tx, by, in.filter())
	if err != nil {
		return nil, err
	}
	out := &totalsOut{}
	out.Body.Items = []TotalView{}
	for _, t := range all {
		out.Body.Items = append(out.Body.Items, TotalView(t))
	}
	return out, nil
}

func (s *Service) export(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	f, err := fromQuery(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="clearing.csv"`)
	out := csv.NewWriter(w)
	_ = out.Write([]string{"booked_at", "set", "place", "key", "case", "order", "account", "party", "code", "amount", "currency"})
	for f.Limit = 500; ; {
		var all []Booked
		var next Place
		err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
			all, next, err = Page(ctx, tx, by, f)
			return err
		})
		if err != nil {
			return err
		}
		httpapi.Told(ctx, len(all))
		for _, b := range all {
			_ = out.Write([]string{b.At.Format(time.RFC3339), b.ID, strconv.Itoa(b.Place), sheet.Inert(b.Key), sheet.Inert(b.Case), sheet.Inert(b.Order),
				string(b.Account), sheet.Inert(b.Party), sheet.Inert(b.Code), b.Money().Decimal(), b.Currency})
		}
		out.Flush()
		if err := out.Error(); err != nil || next.Set == "" {
			return err
		}
		f.After = next
	}
}

func fromQuery(r *http.Request) (Filter, error) {
	q := r.URL.Query()
	f := Filter{Case: q.Get("case"), Account: Account(q.Get("account")), Party: q.Get("party")}
	for name, at := range map[string]*time.Time{"from": &f.From, "to": &f.To} {
		if text := q.Get(name); text != "" {
			var err error
			if *at, err = time.Parse(time.RFC3339, text); err != nil {
				return Filter{}, httpapi.ErrInvalid.At("query."+name, "is not an instant", "2026-03-02T09:00:00Z")
			}
		}
	}
	return f, nil
}
