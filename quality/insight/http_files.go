package insight

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/sheet"
	"github.com/aftercare/aftercare/platform/db"
)

// ErrFigure refuses an export of something that is not counted.
var ErrFigure = fault.New(fault.Invalid, "insight.figure", "There is no such figure.")

// csv writes one figure as a table.
func (s *Service) csv(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	figure := q.Get("figure")
	f := Filter{q.Get("kind"), q.Get("channel"), q.Get("market"), q.Get("seller")}
	grain := Grain(q.Get("grain"))
	if _, known := most[grain]; !known && grain != "" {
		return ErrInvalid.At("query.grain", "is not a step", "day, week or month")
	}
	var rows [][]string
	err := s.Store.Read(ctx, func(tx *db.Tx) error {
		if figure == "open" {
			now, err := Now(ctx, tx, by, f)
			rows = now.table()
			return err
		}
		a, err := Ask(ctx, tx, by, Query{Filter: f, From: q.Get("from"), To: q.Get("to"), Grain: grain})
		rows = a.table(figure)
		return err
	})
	if err != nil {
		return err
	}
	if rows == nil {
		return ErrFigure.At("query.figure", "is not counted", "cases, reasons, money, refund_time, answers, products or open")
	}
	if err := audit.Export(ctx, s.Store, by, audit.Exported{What: "insight", Format: "csv", Filter: figure}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="insight-`+figure+`.csv"`)
	out := csv.NewWriter(w)
	for _, row := range rows {
		for i := range row {
			row[i] = sheet.Inert(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// table is one figure in rows, headed by what they are; nil: there is none.
func (a Answer) table(figure string) (rows [][]string) {
	add := func(cells ...string) { rows = append(rows, cells) }
	switch figure {
	case "cases":
		add("start", "state", "cases")
		for _, p := range a.Cases.Series {
			for _, c := range p.States {
				add(p.Start, c.Name, whole(c.Count))
			}
		}
	case "reasons":
		add("reason", "cases")
		for _, c := range a.Reasons {
			add(c.Name, whole(c.Count))
		}
	case "money":
		add("start", "currency", "amount", "payouts")
		for _, f := range a.Money {
			for _, p := range f.Series {
				add(p.Start, p.Total.Currency, p.Total.Decimal(), whole(p.Count))
			}
		}
	case "refund_time":
		add("start", "cases", "median_seconds", "p90_seconds")
		for _, p := range a.RefundTime.Series {
			add(p.Start, whole(p.Count), whole(p.Median), whole(p.P90))
		}
	case "answers":
		add("start", "answers", "automatic", "median_seconds", "p90_seconds")
		for _, p := range a.Answers.Series {
			add(p.Start, whole(p.Count), whole(p.Automatic), whole(p.Median), whole(p.P90))
		}
	case "products":
		add("sku", "title", "sold", "returned")
		for _, p := range a.Products.Items {
			add(p.SKU, p.Title, whole(p.Sold), whole(p.Returned))
		}
	}
	return rows
}

func (w Waiting) table() [][]string {
	rows := [][]string{{"by", "name", "cases"}}
	for _, part := range []struct {
		by  string
		all []Count
	}{{"state", w.States}, {"age", w.Ages}, {"deadline", w.Deadlines}} {
		for _, c := range part.all {
			rows = append(rows, []string{part.by, c.Name, whole(c.Count)})
		}
	}
	return rows
}
