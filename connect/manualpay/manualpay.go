// Package manualpay is the provider of payments that only a person can make:
// cash, a transfer typed into a bank's pages, points in another system.
//
// It owns nothing and pays nothing: each payout goes to a person, who records
// under which reference it was paid.
package manualpay

import (
	"context"

	"github.com/aftercare/aftercare/finance/settlement"
)

// Provider implements settlement.Provider.
type Provider struct{}

// Name is what tenders call the provider.
func (Provider) Name() string { return "manual" }

// Refund leaves the payment to a person.
func (Provider) Refund(context.Context, settlement.Request) (settlement.Result, error) {
	return settlement.Result{Outcome: settlement.ByHand}, nil
}

// Lookup knows of no payment: people record theirs with the payout.
func (Provider) Lookup(context.Context, settlement.Request) (settlement.Result, error) {
	return settlement.Result{Outcome: settlement.Absent}, nil
}
