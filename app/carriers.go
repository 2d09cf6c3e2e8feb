package app

import (
	"context"
	"net/url"
	"strings"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/connect/carrier"
	"github.com/aftercare/aftercare/connect/easypost"
	"github.com/aftercare/aftercare/connect/kuaidi100"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
)

// parcels makes the parcels with the carriers that are set up. The case comes
// later: it sets Scanned.
func (h *House) parcels(s *services) (*shipment.Service, error) {
	all, err := h.carriers()
	if err != nil {
		return nil, err
	}
	p := &shipment.Service{Store: h.DB, Queue: s.queue, Log: h.Log, Carriers: all, LabelOf: h.labelOf, Own: s.merchants.Carriers, Kept: s.merchants.Kept}
	p.CaseOf = func(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (number, state string, err error) {
		c, err := cases.ByID(ctx, tx, by, caseID)
		return c.Number, string(c.State), err
	}
	p.Jobs(s.queue)
	return p, nil
}

// carriers are the adapters that the configuration names; none by default.
func (h *House) carriers() ([]shipment.Carrier, error) {
	c := h.Config
	var all []shipment.Carrier
	if c.CarrierURL != "" || c.CarrierSecrets != "" {
		a, err := carrier.New(carrier.Options{URL: c.CarrierURL.Reveal(), Token: c.CarrierToken.Reveal(), Secrets: listed(c.CarrierSecrets.Reveal()), Names: listed(c.CarrierNames)})
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	if c.Kuaidi100Customer != "" && c.Kuaidi100Key != "" {
		o := kuaidi100.Options{URL: c.Kuaidi100URL.Reveal(), Customer: c.Kuaidi100Customer, Key: c.Kuaidi100Key.Reveal(), Salt: c.Kuaidi100Salt.Reveal()}
		if c.BaseURL != "" {
			o.Callback = func(tenant string) string { return h.base() + "/v1/hooks/carriers/" + kuaidi100.Name + "/" + tenant }
		}
		all = append(all, kuaidi100.New(o))
	}
	if c.EasyPostKey != "" {
		all = append(all, easypost.New(easypost.Options{URL: c.EasyPostURL.Reveal(), Key: c.EasyPostKey.Reveal(), Secret: c.EasyPostSecret.Reveal(),
			Names: listed(c.EasyPostNames), Grams: c.EasyPostGrams}))
	}
	return all, nil
}

// listed divides a setting at its commas.
func listed(text string) []string {
	var all []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			all = append(all, word)
		}
	}
	return all
}

// labelOf describes the label of any parcel of a case: to the shop with the
// customer as sender, to the customer with the shop as sender.
func (h *House) labelOf(ctx context.Context, tx *db.Tx, by actor.Actor, p shipment.Parcel, lang string) (shipment.Label, error) {
	c, err := cases.ByID(ctx, tx, by, p.Case)
	if err != nil {
		return shipment.Label{}, err
	}
	if lang == "" {
		lang = c.Language
	}
	lang = shipment.Printed(lang)
	shop, err := tenant.ByID(ctx, tx, p.Tenant)
	if err != nil {
		return shipment.Label{}, err
	}
	l := shipment.Label{
		Language: lang, Tracking: p.Tracking, CaseNumber: c.Number, Link: shop.At(h.base()) + "/cases/" + c.ID + "?order=" + url.QueryEscape(c.OrderNumber), To: p.To,
		From: shipment.Address{Name: customer.SightOf(by).Name(c.Name)}, Outgoing: !p.Direction.Incoming(), At: tx.Now,
	}
	for _, it := range c.Items {
		l.Items = append(l.Items, shipment.Item{Title: it.Title, SKU: it.SKU, Quantity: it.Count})
	}
	if !l.Outgoing {
		l.Instructions = []string{locale.Text(lang, "label.pack", nil)} // the words beneath the code say what it is for
		return l, nil
	}
	r := shop.Return
	l.From = shipment.Address{Name: r.Name, Lines: r.Lines, City: r.City, Postcode: r.Postcode, Country: locale.Country(lang, r.Country), ISO: r.Country, Phone: r.Phone}
	l.Items = nil // what a replacement holds is the case's to say
	return l, nil
}
