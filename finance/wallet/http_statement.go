package wallet

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/base/sheet"
	"github.com/aftercare/aftercare/platform/db"
)

func (s *Service) statement(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	var a Account
	err := s.store.Read(ctx, func(tx *db.Tx) (err error) {
		if err := known(ctx, tx, by, r.PathValue("id")); err != nil {
			return err
		}
		a, err = byID(ctx, tx, by.Tenant, r.URL.Query().Get("account"))
		if err == nil && a.Customer != r.PathValue("id") {
			err = ErrUnknown
		}
		return err
	})
	if err != nil {
		return err
	}
	amount := func(n int64) string {
		if a.Kind == Points {
			return strconv.FormatInt(n, 10)
		}
		return money.Of(n, a.Unit).Decimal()
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="statement.csv"`)
	out := csv.NewWriter(w)
	_ = out.Write([]string{"at", "entry", "kind", "amount", "balance", "unit", "case", "order", "reason", "actor"})
	const size = 500
	for before := ""; ; {
		var all []Entry
		err := s.store.Read(ctx, func(tx *db.Tx) (err error) {
			all, err = statement(ctx, tx, by.Tenant, a.ID, before, size)
			return err
		})
		if err != nil {
			return err
		}
		for _, e := range all {
			_ = out.Write([]string{e.At.Format(time.RFC3339), e.ID, e.Kind, amount(e.Amount), amount(e.Balance), a.Unit,
				sheet.Inert(e.Case), sheet.Inert(e.Order), sheet.Inert(e.Reason), e.Actor})
			before = e.ID
		}
		out.Flush()
		if err := out.Error(); err != nil || len(all) < size {
			return err
		}
	}
}
