package backtest

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/base/sheet"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

func (s *Service) fileRoutes(a *httpapi.API) {
	faults := []*fault.Fault{ErrUnknown}
	only := map[string]string{"change": "Only this change, such as approve>refuse"}
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/backtests/{id}/figures.csv", Need: role.PolicyRead, Tag: "backtests", Summary: "Export the figures of a back-test as a table", Produces: "text/csv", Faults: faults}, s.figuresCSV)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/backtests/{id}/samples.csv", Need: role.CaseExport, Tag: "backtests", Summary: "Export the requests whose answer changes as a table", Produces: "text/csv", Query: only, Faults: faults}, s.samplesCSV)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/backtests/{id}/samples.jsonl", Need: role.CaseExport, Tag: "backtests", Summary: "Export the requests whose answer changes, one JSON object a line", Produces: "application/x-ndjson", Query: only, Faults: faults}, s.samplesJSON)
}

// figuresCSV writes everything counted: one figure a row.
func (s *Service) figuresCSV(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	var v View
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = full(ctx, tx, by, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	if err := audit.Export(ctx, s.Store, by, audit.Exported{What: "backtest", Format: "csv", Filter: v.ID}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+v.ID+`.csv"`)
	out := csv.NewWriter(w)
	for _, row := range v.rows() {
		if err := write(out, row...); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func write(out *csv.Writer, cells ...string) error {
	for i := range cells {
		cells[i] = sheet.Inert(cells[i])
	}
	return out.Write(cells)
}

// rows is a run as a table: figure, of what, currency, before, after, count.
func (v View) rows() [][]string {
	rows := [][]string{{"figure", "of", "currency", "before", "after", "count"}}
	add := func(figure, of, currency, before, after string, n int64) {
		rows = append(rows, []string{figure, of, currency, before, after, strconv.FormatInt(n, 10)})
	}
	list := func(figure string, all []Count) {
		for _, c := range all {
			add(figure, c.Name, "", "", "", c.Count)
		}
	}
	f := v.Figures
	add("requests", "counted", "", "", "", v.Progress.Done) // fewer than all of a run that was cancelled
	add("requests", "all", "", "", "", v.Progress.Total)
	add("decided", "", "", "", "", f.Decided)
	add("better", "", "", "", "", v.Better)
	add("worse", "", "", "", "", v.Worse)
	add("other", "", "", "", "", v.Other)
	for _, c := range f.Matrix {
		add("outcome", "", "", c.Before, c.After, c.Count)
	}
	for _, m := range f.Money {
		for _, x := range []struct {
			of            string
			before, after money.Amount
		}{
			{"paid", m.Before.Paid, m.After.Paid}, {"open", m.Before.Open, m.After.Open}, {"refused", m.Before.Refused, m.After.Refused}, {"fees", m.Before.Fees, m.After.Fees},
			{"freight_seller", m.Before.FreightSeller, m.After.FreightSeller}, {"freight_customer", m.Before.FreightCustomer, m.After.FreightCustomer},
		} {
			rows = append(rows, []string{"money", x.of, m.Currency, x.before.Decimal(), x.after.Decimal(), ""})
		}
	}
	add("time", "median_seconds", "", "", "", f.Time.MedianSeconds)
	add("time", "measured", "", "", "", f.Time.Measured)
	add("time", "at_once", "", "", "", f.Time.AtOnce)
	add("time", "to_person", "", "", "", f.Time.ToPerson)
	add("time", "saved_seconds", "", "", "", f.Time.SavedSeconds)
	list("people", f.People)
	list("affected", f.Affected)
	list("unknown", f.Unknown)
	list("assumed", f.Assumed)
	list("skipped", f.Skipped)
	list("part", v.Coverage.Parts)
	list("law", v.Coverage.Laws)
	for _, p := range v.Coverage.Never {
		add("never", p, "", "", "", 0)
	}
	for _, o := range v.Coverage.Overlaps {
		add("overlap", o.First+" "+o.Second, "", "", "", o.Count)
	}
	for _, g := range v.Groups {
		rows = append(rows, []string{g.Dimension, g.Name, g.Before.Currency, g.Before.Decimal(), g.After.Decimal(), strconv.FormatInt(g.Better+g.Worse+g.Other, 10)})
	}
	return rows
}

// export gives the samples of a run page by page. That somebody takes them is on
// record before the first one is sent.
func (s *Service) export(ctx context.Context, by actor.Actor, r *http.Request, format string, begin func(), give func(Sample) error) error {
	if err := role.Allow(by, role.PolicyRead); err != nil {
		return err
	}
	const size = 200
	id, change := r.PathValue("id"), r.URL.Query().Get("change")
	err := s.Store.Read(ctx, func(tx *db.Tx) error {
		_, err := ByID(ctx, tx, by, id)
		return err
	})
	if err != nil {
		return err
	}
	if err := audit.Export(ctx, s.Store, by, audit.Exported{What: "backtest", Format: format, Filter: strings.TrimSuffix(id+" "+change, " ")}); err != nil {
		return err
	}
	begin()
	for after := (samplePlace{}); ; {
		var all []Sample
		err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
			all, err = samples(ctx, tx, by.Tenant, id, change, after, size)
			return err
		})
		if err != nil {
			return err
		}
		for _, one := range all {
			if err := give(one); err != nil {
				return err
			}
			after = samplePlace{one.Change, one.Seq}
		}
		if len(all) < size {
			return nil
		}
	}
}

func (s *Service) samplesCSV(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	out := csv.NewWriter(w)
	err := s.export(ctx, by, r, "csv", func() {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="samples.csv"`)
		_ = out.Write([]string{"change", "direction", "source", "number", "order", "title", "kind", "reason", "country", "seller", "asked_at", "currency",
			"outcome_before", "refund_before", "freight_before", "grounds_before", "outcome_after", "refund_after", "freight_after", "grounds_after", "became"})
	}, func(one Sample) error {
		side := func(t Told) []string {
			var codes []string
			for _, g := range t.Grounds {
				codes = append(codes, g.Code)
			}
			return []string{t.Outcome, money.Of(t.Refund, one.Currency).Decimal(), t.Freight, strings.Join(codes, " ")}
		}
		row := []string{one.Change, one.Direction, one.Source, one.Number, one.OrderNumber, one.Title, one.Kind, one.Reason, one.Country, one.Seller,
			one.At.Format("2006-01-02T15:04:05Z07:00"), one.Currency}
		return write(out, append(append(append(row, side(one.Before)...), side(one.After)...), one.Became)...)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

func (s *Service) samplesJSON(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	lang := locale.Match(r.Header.Get("Accept-Language"))
	err := s.export(ctx, by, r, "jsonl", func() {
		w.Header().Set("Content-Type", "application/x-ndjson")
		w.Header().Set("Content-Disposition", `attachment; filename="samples.jsonl"`)
	}, func(one Sample) error { return lines.Encode(sampleView(one, lang)) })
	if err != nil {
		return err
	}
	return out.Flush()
}
