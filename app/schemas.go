package app

import (
	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/access/reads"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/care/record"
	"github.com/aftercare/aftercare/desk/mention"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/desk/presence"
	"github.com/aftercare/aftercare/desk/privacy"
	"github.com/aftercare/aftercare/desk/view"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/finance/wallet"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/seal"
	"github.com/aftercare/aftercare/quality/backtest"
	"github.com/aftercare/aftercare/quality/insight"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

// Schemas lists the tables of all packages in the order they are created.
func Schemas() []db.Schema {
	return []db.Schema{
		Schema,
		event.Schema,
		seal.Schema,
		job.Schema,
		httpapi.Schema,
		tenant.Schema,
		account.Schema,
		session.Schema,
		factor.Schema,
		apikey.Schema,
		reads.Schema,
		proof.Schema,
		customer.Schema,
		order.Schema,
		product.Schema,
		policy.Schema,
		settlement.Schema,
		clearing.Schema,
		wallet.Schema,
		charge.Schema,
		refund.Schema,
		shipment.Schema,
		inspection.Schema,
		stock.Schema,
		evidence.Schema,
		cases.Schema,
		record.Schema,
		notice.Schema,
		view.Schema,
		presence.Schema,
		mention.Schema,
		privacy.Schema,
		backtest.Schema,
		insight.Schema,
	}
}
