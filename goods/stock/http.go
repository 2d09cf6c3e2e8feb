package stock

import (
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/sheet"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// View is a movement as it is shown.
type View struct {
	ID       string    `json:"id"`
	Case     string    `json:"case"`
	Line     int       `json:"line,omitempty" doc:"Line of the order; missing: goods that were never ordered"`
	Sequence int       `json:"sequence" doc:"Counts the movements of the line from 1"`
	Order    string    `json:"order,omitempty"`
	Seller   string    `json:"seller,omitempty"`
	SKU      string    `json:"sku,omitempty"`
	Title    string    `json:"title,omitempty"`
	Quantity int64     `json:"quantity"`
	From     Place     `json:"from" enum:"customer,shelf,parcel" doc:"customer: sent back; shelf: a replacement; parcel: never arrived"`
	To       Place     `json:"to" enum:"restock,refurbish,liquidate,donate,recycle,vendor,back,kept,lost,customer" doc:"back: refused goods go to the customer again; kept: the customer keeps them; customer: a replacement"`
	Grade    string    `json:"grade,omitempty" enum:"A,B,C,D"`
	At       time.Time `json:"at"`
}

type listIn struct {
	httpapi.Page
	Case   string    `query:"case" maxLength:"64" doc:"Only movements of this case"`
	SKU    string    `query:"sku" maxLength:"500" doc:"Only movements of this article"`
	To     Place     `query:"to" enum:"restock,refurbish,liquidate,donate,recycle,vendor,back,kept,lost,customer" doc:"Only movements to this place"`
	Since  time.Time `query:"since" doc:"Moved at this instant or later"`
	Before time.Time `query:"before" doc:"Moved before this instant"`
}

type listOut struct {
	Body struct {
		Items []View `json:"items" nullable:"false"`
		Next  string `json:"next" doc:"Cursor of the next page; empty at the end"`
	}
}

// Export writes movements as a file.
type Export struct{ Store *db.DB }

// Routes adds the movements. A seller sees own goods only.
func (e *Export) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/stock/movements", Need: role.StockRead, Tag: "stock",
		Summary: "List where goods went, newest first"}, list)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/stock/movements.csv", Need: role.StockRead, Tag: "stock", Produces: "text/csv",
		Summary: "Export movements as a table, newest first", Query: map[string]string{
			"case": "Only movements of this case", "sku": "Only movements of this article", "to": "Only movements to this place",
			"since": "Moved at this instant (RFC 3339) or later", "before": "Moved before this instant",
		}}, e.export)
}

func list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	f := Filter{Case: in.Case, SKU: in.SKU, To: in.To, Since: in.Since, Before: in.Before, Limit: in.Limit}
	if err := httpapi.DecodeCursor(in.Cursor, &f.After); err != nil {
		return nil, err
	}
	found, next, err := Page(ctx, tx, by, f)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = []View{}
	if next != "" {
		out.Body.Next = httpapi.EncodeCursor(next)
	}
	for _, m := range found {
		out.Body.Items = append(out.Body.Items, View{m.ID, m.Case, m.Line, m.Sequence, m.Order, m.Seller, m.SKU, m.Title, m.Quantity, m.From, m.To, m.Grade, m.At})
	}
	return out, nil
}

func (e *Export) export(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	f, err := fromQuery(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="movements.csv"`)
	out := csv.NewWriter(w)
	_ = out.Write([]string{"moved_at", "id", "case", "order", "line", "sequence", "seller", "sku", "title", "quantity", "from", "to", "grade"})
	for {
		var found []Movement
		err := e.Store.Read(ctx, func(tx *db.Tx) (err error) {
			found, f.After, err = Page(ctx, tx, by, f)
			return err
		})
		if err != nil {
			return err
		}
		for _, m := range found {
			_ = out.Write([]string{m.At.Format(time.RFC3339), m.ID, sheet.Inert(m.Case), sheet.Inert(m.Order), strconv.Itoa(m.Line), strconv.Itoa(m.Sequence),
				sheet.Inert(m.Seller), sheet.Inert(m.SKU), sheet.Inert(m.Title), strconv.FormatInt(m.Quantity, 10), string(m.From), string(m.To), m.Grade})
		}
		out.Flush()
		if err := out.Error(); err != nil || f.After == "" {
			return err
		}
	}
}

func fromQuery(r *http.Request) (Filter, error) {
	q := r.URL.Query()
	f := Filter{Case: q.Get("case"), SKU: q.Get("sku"), To: Place(q.Get("to"))}
	if f.To != "" && !slices.Contains(To, f.To) {
		return Filter{}, httpapi.ErrInvalid.At("query.to", "is not known", places(To))
	}
	for name, at := range map[string]*time.Time{"since": &f.Since, "before": &f.Before} {
		if text := q.Get(name); text != "" {
			var err error
			if *at, err = time.Parse(time.RFC3339, text); err != nil {
				return Filter{}, httpapi.ErrInvalid.At("query."+name, "is not an instant", "2026-03-02T09:00:00Z")
			}
		}
	}
	return f, nil
}
