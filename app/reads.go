package app

import (
	"context"
	"errors"
	"strings"

	"github.com/aftercare/aftercare/access/reads"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// whose finds the customer that something read is about; nobody where the thing
// is gone.
func whose(ctx context.Context, tx *db.Tx, tenantID, what, subject string) (customer string, err error) {
	by := actor.Of(tenantID)
	switch what {
	case reads.Customer, reads.Wallet:
		return subject, nil
	case reads.Order:
		var o order.Order
		o, err = order.ByID(ctx, tx, by, subject)
		customer = o.Customer
	default:
		if what == reads.Files && !strings.HasPrefix(subject, "case_") { // one file
			subject, err = evidence.CaseOf(ctx, tx, tenantID, subject)
		}
		var c cases.Case
		if err == nil {
			c, err = cases.ByID(ctx, tx, by, subject)
		}
		customer = c.Customer
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Missing {
		return "", nil
	}
	return customer, err
}
