package cases

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/base/sheet"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/sales/customer"
)

// minimal is the answer for callers that asked for no more than the outcome.
func minimal(c Case) *View {
	return &View{ID: c.ID, Number: c.Number, Kind: c.Kind, State: c.State, ClosedAs: c.ClosedAs, Version: c.Version, Tracking: c.Tracking,
		Order: OrderRef{c.Order, c.OrderNumber}, OpenedAt: c.OpenedAt, UpdatedAt: c.UpdatedAt, Language: c.Language, Final: c.State.Final()}
}

// label writes the return label. It is drawn outside the transaction.
func (s *Service) label(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	var l shipment.Label
	err := s.Store.Read(ctx, func(tx *db.Tx) error {
		c, err := ByID(ctx, tx, by, r.PathValue("id"))
		if err != nil {
			return err
		}
		lang := r.URL.Query().Get("lang")
		if lang == "" {
			lang = c.Language
		}
		shop, err := tenant.ByID(ctx, tx, c.Tenant)
		if err != nil {
			return err
		}
		l, err = labelOf(ctx, tx, by, c, r.URL.Query().Get("parcel"), shipment.Printed(lang), shop.At(s.origin(r)))
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="`+l.CaseNumber+`.pdf"`)
	w.Header().Set("Cache-Control", "private, no-store")
	return shipment.Render(w, l)
}

// origin is the address of the installation: the one that was set, else the one
// this request came in by.
func (s *Service) origin(r *http.Request) string {
	if s.Base != "" {
		return s.Base
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// export gives every case of a filter, newest first. That somebody takes them is
// on record before the first one is sent.
func (s *Service) export(ctx context.Context, by actor.Actor, q url.Values, format string, begin func(), give func(Case) error) error {
	f, err := filterOf(by, q)
	if err != nil {
		return err
	}
	if err := audit.Export(ctx, s.Store, by, audit.Exported{What: "cases", Format: format, Filter: q.Encode()}); err != nil {
		return err
	}
	begin()
	for {
		var found []Case
		err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
			found, f.After, err = page(ctx, tx, by, f)
			return err
		})
		if err != nil {
			return err
		}
		httpapi.Told(ctx, len(found))
		for _, c := range found {
			if err := give(c); err != nil {
				return err
			}
		}
		if f.After.ID == "" {
			return nil
		}
	}
}

func (s *Service) exportCSV(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	out := csv.NewWriter(w)
	err := s.export(ctx, by, r.URL.Query(), "csv", func() {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="cases.csv"`)
		_ = out.Write([]string{"number", "state", "closed_as", "order", "customer", "title", "quantity", "reason", "currency", "quoted", "reserved", "opened_at", "updated_at", "deadline"})
	}, func(c Case) error { return out.Write(csvRow(c, customer.SightOf(by))) })
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// exportJSON writes what lists show of a case, one object a line.
func (s *Service) exportJSON(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	lang := locale.Match(r.Header.Get("Accept-Language"))
	err := s.export(ctx, by, r.URL.Query(), "jsonl", func() {
		w.Header().Set("Content-Type", "application/x-ndjson")
		w.Header().Set("Content-Disposition", `attachment; filename="cases.jsonl"`)
	}, func(c Case) error { return lines.Encode(summary(c, by, lang)) })
	if err != nil {
		return err
	}
	return out.Flush()
}

func csvRow(c Case, sight customer.Sight) []string {
	instant := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	row := []string{c.Number, string(c.State), c.ClosedAs, c.OrderNumber, sight.Name(c.Name), c.Title, strconv.FormatInt(c.Quantity, 10), c.Reason, c.Currency,
		money.Of(c.Quoted, c.Currency).Decimal(), money.Of(c.Refunded, c.Currency).Decimal(), instant(c.OpenedAt), instant(c.UpdatedAt), instant(c.Deadline)}
	for i, cell := range row {
		row[i] = sheet.Inert(cell)
	}
	return row
}
