package cases

import (
	"encoding/json"

	"github.com/aftercare/aftercare/sales/customer"
)

// veil takes from a case what a reader with this sight may not see of its buyer:
// contacts in whatever people wrote, and how the buyer paid. A new text of a
// view belongs here.
func (v *View) veil(sight customer.Sight, of customer.Customer) {
	if sight.Contacts() {
		return
	}
	hide := func(text *string) { *text = sight.Text(*text, of) }
	hide(&v.Comment)
	if v.Decision != nil {
		hide(&v.Decision.Comment)
	}
	for i := range v.Answers {
		v.Answers[i].Value = veiled(sight, of, v.Answers[i].Value)
	}
	for i := range v.Items {
		for j := range v.Items[i].Grades {
			hide(&v.Items[i].Grades[j].Note)
		}
	}
	for i := range v.Offers {
		hide(&v.Offers[i].Comment)
	}
	if v.Reopening != nil {
		hide(&v.Reopening.Comment)
	}
	for i := range v.Findings {
		hide(&v.Findings[i].Note)
	}
	for i := range v.Timeline {
		hide(&v.Timeline[i].Text)
		hide(&v.Timeline[i].Note)
	}
	for i := range v.Parcels {
		for j := range v.Parcels[i].Scans {
			hide(&v.Parcels[i].Scans[j].Place)
		}
		if stop := v.Parcels[i].Stop; stop != nil {
			hide(&stop.Why)
		}
	}
	v.veilMoney()
	if v.Delivery != nil && v.Delivery.To != nil && !sight.Addresses() {
		v.Delivery.To.Phone = ""
	}
}

// veilMoney leaves how much went back by which kind of payment, not to which
// account: labels and references of payments name people.
func (v *View) veilMoney() {
	for i := range v.Money.Quoted.Tenders {
		v.Money.Quoted.Tenders[i].Label = ""
	}
	for i := range v.Money.Payouts {
		p := &v.Money.Payouts[i]
		p.Tender.Label, p.Reference, p.LastError = "", "", ""
	}
}

// veiled is an answer; what is no text in it, or is none that people wrote, stays.
func veiled(sight customer.Sight, of customer.Customer, value json.RawMessage) json.RawMessage {
	var text string
	if json.Unmarshal(value, &text) != nil {
		return value
	}
	if clean := sight.Text(text, of); clean != text {
		if body, err := json.Marshal(clean); err == nil {
			return body
		}
	}
	return value
}
