package cases

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
)

// Look assembles what one reader may see of a case, worded in a language.
func (s *Service) Look(ctx context.Context, tx *db.Tx, by actor.Actor, c Case, lang string) (View, error) {
	v := View{
		ID: c.ID, Number: c.Number, Kind: c.Kind, State: c.State, ClosedAs: c.ClosedAs, Version: c.Version, Tracking: c.Tracking,
		Order: OrderRef{c.Order, c.OrderNumber}, Seller: c.Seller, OpenedAt: c.OpenedAt, UpdatedAt: c.UpdatedAt,
		Language: c.Language, Comment: c.Comment, Timers: c.timers(lang, tx.Now), Final: c.State.Final(), MoneyEffect: "none",
	}
	if d := c.Decision; d.Outcome != "" {
		v.Decision = &DecisionView{Outcome: d.Outcome, By: d.By, Name: d.Name, At: d.At, Grounds: groundViews(lang, by, d.Grounds),
			Comment: d.Comment, Policy: PolicyRef{c.Policy, c.PolicyVer}, Packs: d.Packs, Fired: d.Fired}
		v.Decision.Photos = photoRefs(by, d.Photos)
		if by.Kind == actor.Customer {
			v.Decision.Name, v.Decision.Fired = "", nil
		}
	}
	report, err := inspection.ByCase(ctx, tx, c.Tenant, c.ID)
	received := err == nil
	if err != nil && !errors.Is(err, inspection.ErrUnknown) {
		return View{}, err
	}
	v.Items = itemViews(c, report, received, by, lang)
	v.Actions = c.actions(lang, by, received)
	problem, err := s.lookMoney(ctx, tx, by, c, lang, &v)
	if err != nil {
		return View{}, err
	}
	c.lookTrouble(by, v.Money.Payouts, &v)
	v.Next = c.step(lang, by.Kind, problem)
	v.Needs, v.Answers, v.RefundDue = c.needViews(lang, by), c.answers(lang), some(db.Time(c.Detail.RefundDue))
	c.lookDetail(by, lang, report, &v)
	if err := lookFiles(ctx, tx, c, &v); err != nil {
		return View{}, err
	}
	if err := lookDelivery(ctx, tx, &c, &v); err != nil {
		return View{}, err
	}
	if err := lookAssignee(ctx, tx, by, c, &v); err != nil {
		return View{}, err
	}
	if err := lookParcels(ctx, tx, by, c, &v); err != nil {
		return View{}, err
	}
	events, err := story(ctx, tx, c, v.Money.Payouts)
	if err != nil {
		return View{}, err
	}
	v.Timeline = timeline(lang, by, events, tx.Now)
	return v, lookCustomer(ctx, tx, by, c, &v) // last: it hides what the reader may not see
}

// story is everything that happened to a case and its payouts, in order.
func story(ctx context.Context, tx *db.Tx, c Case, payouts []PayoutView) ([]event.Event, error) {
	all, err := event.History(ctx, tx, c.Tenant, "case", c.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range payouts {
		more, err := event.History(ctx, tx, c.Tenant, "payout", p.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	slices.SortStableFunc(all, func(a, b event.Event) int { return a.At.Compare(b.At) })
	return all, nil
}

// lookMoney tells also whether a payout needs a person.
func (s *Service) lookMoney(ctx context.Context, tx *db.Tx, by actor.Actor, c Case, lang string, v *View) (problem bool, err error) {
	var q refund.Quote
	if err := json.Unmarshal(c.Quote, &q); err != nil {
		return false, fmt.Errorf("quote of case %s: %w", c.ID, err)
	}
	v.Money = MoneyView{Quoted: quoteView(lang, q, c.title), Reserved: money.Of(c.Refunded, c.Currency), Payouts: []PayoutView{}}
	paid := int64(0)
	if c.Refunded > 0 {
		payouts, err := settlement.ByCase(ctx, tx, c.Tenant, c.ID)
		if err != nil {
			return false, err
		}
		for _, p := range payouts {
			one := PayoutView{ID: p.ID, Purpose: p.Purpose, Tender: TenderRef{p.Kind, p.Label}, Amount: p.Money(), State: string(p.State),
				Attempts: p.Attempts, UpdatedAt: p.UpdatedAt, Reference: p.ProviderRef}
			if by.Kind != actor.Customer {
				one.LastError = p.LastError
			}
			v.Money.Payouts = append(v.Money.Payouts, one)
			switch p.State {
			case settlement.Succeeded:
				paid += p.Amount
			case settlement.Failed, settlement.Manual:
				problem = true
			}
		}
	}
	v.Money.Paid = money.Of(paid, c.Currency)
	if c.Refunded > 0 {
		v.MoneyEffect = "full"
		if c.Refunded < c.Quoted {
			v.MoneyEffect = "partial"
		}
	}
	return problem, nil
}

// answers are what was told, in a fixed order.
func (c *Case) answers(lang string) (all []FactView) {
	for _, name := range slices.Sorted(maps.Keys(c.Detail.Known)) {
		all = append(all, FactView{name, policy.Need{Name: name}.Text(lang), c.Detail.Known[name]})
	}
	return all
}

// lookAssignee names who works on the case, to staff.
func lookAssignee(ctx context.Context, tx *db.Tx, by actor.Actor, c Case, v *View) error {
	if c.Assignee == "" || by.Kind == actor.Customer {
		return nil
	}
	who, err := account.ByID(ctx, tx, c.Tenant, c.Assignee)
	if err != nil {
		return err
	}
	v.Assignee = &PersonRef{who.ID, who.Name}
	return nil
}

func lookParcels(ctx context.Context, tx *db.Tx, by actor.Actor, c Case, v *View) error {
	v.Parcels = []ParcelView{}
	if c.Tracking == "" && c.Detail.Exchange == nil && !c.Detail.Arrived && c.State != Rejected {
		return nil
	}
	all, err := shipment.Of(ctx, tx, c.Tenant, c.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		one := ParcelView{ID: p.ID, Direction: string(p.Direction), Carrier: p.Carrier, Tracking: p.Tracking, State: string(p.State), Scans: []ScanView{},
			ReturnAddress: addressView(p.GoesTo(by))}
		if p.Labelled(by) {
			one.LabelURL = base(by) + "/cases/" + c.ID + "/label.pdf?parcel=" + p.ID
		}
		for _, sc := range p.Scans {
			one.Scans = append(one.Scans, ScanView{sc.At, string(sc.Status), sc.Place})
		}
		if one.Stop, err = stopOf(ctx, tx, by, c, p); err != nil {
			return err
		}
		v.Parcels = append(v.Parcels, one)
		if v.Parcel == nil && p.Direction.Incoming() {
			v.Parcel = &v.Parcels[len(v.Parcels)-1]
		}
	}
	return nil
}

// stopOf tells staff what became of the wish to stop a parcel.
func stopOf(ctx context.Context, tx *db.Tx, by actor.Actor, c Case, p shipment.Parcel) (*StopView, error) {
	if by.Kind == actor.Customer {
		return nil, nil
	}
	stop, wished, err := shipment.StopOf(ctx, tx, p)
	if err != nil || !wished {
		return nil, err
	}
	v := &StopView{Wish: string(stop.Wish), AskedAt: stop.Asked, ByHand: stop.ByHand, Why: stop.Why}
	if !stop.Answered.IsZero() {
		v.AnsweredAt = &stop.Answered
	}
	if c.Detail.Intercept && c.Timer == TimerTransit && !c.Deadline.IsZero() {
		v.Until = &c.Deadline
	}
	return v, nil
}

func addressView(a shipment.Address) AddressView {
	lines := slices.Clone(a.Lines)
	for _, rest := range []string{joined(a.Postcode, a.City), a.Country} {
		if rest != "" {
			lines = append(lines, rest)
		}
	}
	return AddressView{Name: a.Name, Lines: lines, Phone: a.Phone}
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

func lookCustomer(ctx context.Context, tx *db.Tx, by actor.Actor, c Case, v *View) error {
	sight := customer.SightOf(by)
	if by.Kind == actor.Customer || c.Customer == "" {
		v.veil(sight, customer.Customer{})
		return nil
	}
	who, err := customer.ByID(ctx, tx, c.Tenant, c.Customer)
	if err != nil {
		return err
	}
	v.Customer = &CustomerRef{Name: sight.Name(who.Name)}
	if sight.Contacts() {
		v.Customer.ID, v.Customer.Email, v.Customer.Phone = who.ID, who.Email, masked(who.Phone)
	}
	v.veil(sight, who)
	return nil
}

// masked hides the middle of a telephone number: 138****2207.
func masked(phone string) string {
	r := []rune(phone)
	if len(r) < 8 {
		return phone
	}
	for i := len(r) - 8; i < len(r)-4; i++ {
		r[i] = '*'
	}
	return string(r)
}

func (c Case) title(line int) string {
	for _, it := range c.Items {
		if it.Line == line {
			return it.Title
		}
	}
	return ""
}

// base is the reader's part of the API.
func base(by actor.Actor) string {
	if by.Kind == actor.Customer {
		return "/v1/my"
	}
	return "/v1"
}

// itemViews shows each run with what the warehouse found of its line. The
// grades of a line belong to its runs together and stand at the first.
func itemViews(c Case, report inspection.Report, received bool, by actor.Actor, lang string) []ItemView {
	left := map[int]int64{}
	for _, l := range report.Lines {
		left[l.Line] = l.Received
	}
	all, seen := []ItemView{}, map[int]bool{}
	for _, it := range c.Items {
		v := ItemView{Line: it.Line, FirstUnit: it.First, Quantity: it.Count, Title: it.Title, SKU: it.SKU, ImageURL: it.ImageURL,
			Reason: reasonText(lang, it.Reason), Photos: photoRefs(by, it.Photos), State: "requested", Grades: []GradeView{}}
		if received {
			v.State = "received"
			if left[it.Line] == 0 {
				v.State = "missing"
			}
			arrived := min(left[it.Line], it.Count)
			v.Received = &arrived
			left[it.Line] -= arrived
		}
		if !seen[it.Line] {
			seen[it.Line] = true
			for _, g := range report.Grades {
				if g.Line != it.Line {
					continue
				}
				v.Grades = append(v.Grades, GradeView{g.Count, g.Grade, g.Note, photoRefs(by, g.Photos), g.Disposition, g.Accepted})
				v.State = "refused"
				if report.Accepted(it.Line) > 0 {
					v.State = "accepted"
				}
			}
		}
		all = append(all, v)
	}
	return all
}

// printed is the parcel whose label is wanted: the named one of the case, or the
// first that goes back to the shop.
func printed(ctx context.Context, tx *db.Tx, c Case, parcel string) (shipment.Parcel, error) {
	all, err := shipment.Of(ctx, tx, c.Tenant, c.ID)
	if err != nil {
		return shipment.Parcel{}, err
	}
	for _, p := range all {
		if p.Label != "" && (p.ID == parcel || parcel == "" && p.Direction == shipment.Return) {
			return p, nil
		}
	}
	return shipment.Parcel{}, ErrLabel
}

// labelOf describes the return label of a case.
func labelOf(ctx context.Context, tx *db.Tx, by actor.Actor, c Case, parcel, lang, origin string) (shipment.Label, error) {
	p, err := printed(ctx, tx, c, parcel)
	if err != nil {
		return shipment.Label{}, err
	}
	if !p.Labelled(by) {
		return shipment.Label{}, role.ErrDenied.With("permission", string(role.CaseReceive))
	}
	l := shipment.Label{Language: lang, Tracking: p.Tracking, CaseNumber: c.Number, Link: origin + "/cases/" + c.ID + "?order=" + url.QueryEscape(c.OrderNumber), To: p.To,
		From: shipment.Address{Name: customer.SightOf(by).Name(c.Name)}, At: tx.Now}
	for _, it := range c.Items {
		l.Items = append(l.Items, shipment.Item{Title: it.Title, SKU: it.SKU, Quantity: it.Count})
	}
	l.Instructions = append(l.Instructions, locale.Text(lang, "label.pack", nil))
	if c.Timer == TimerShipBack {
		zone, err := c.zone()
		if err != nil {
			return shipment.Label{}, err
		}
		l.Instructions = append(l.Instructions, locale.Text(lang, "label.until", locale.Args{"by": locale.Day(calendar.Date(c.Deadline, zone))}))
	}
	return l, nil
}
