package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// Request is what a customer asks for.
type Request struct {
	Kind      string // empty: return_refund
	Order     string
	Items     []Wanted
	Comment   string
	Photos    []string // of the request as a whole
	Language  string
	Intercept bool   // refund_only of goods under way: the carrier shall bring them back
	Credit    bool   // exchange: a difference in the customer's favour becomes store credit
	Basis     string // compensation: goodwill, promise or statutory
	Amount    int64  // compensation: minor units

	Address      *shipment.Address // exchange, reship: where the replacement goes; nil: where the order went
	AddressRight bool              // the customer confirms that address
}

// Wanted is a quantity of one line, and what is wrong with it.
type Wanted struct {
	Line     int
	Quantity int64
	Reason   string
	Photos   []string
	SKU      string // exchange: the article wanted instead; empty: the same again
	Lower    int64  // price_protection: the lower price of one unit
}

const (
	maxItems   = 100
	maxPhotos  = 20
	maxComment = 2000
)

// Promise is what a request would give: the exact money, and what law and policy
// say of it.
type Promise struct {
	Quote    refund.Quote
	Decision owed.Decision
	Rules    policy.Rules
	Advance  bool // the money is sent as soon as the carrier has the parcel
}

// Preview computes what a request would give now, without changing anything.
func (s *Service) Preview(ctx context.Context, tx *db.Tx, by actor.Actor, r Request) (order.Order, Promise, error) {
	o, p, err := s.subject(ctx, tx, by, &r)
	if err != nil {
		return order.Order{}, Promise{}, err
	}
	c := Case{Tenant: by.Tenant, Kind: r.Kind, Phase: phaseOf(o, r.Items), Currency: o.Currency, Customer: o.Customer, OpenedAt: tx.Now}
	c.describe(o, r, named(r))
	if err := s.detail(ctx, tx, o, p.Rules, &c, r); err != nil {
		return order.Order{}, Promise{}, err
	}
	q, err := s.preview(ctx, tx, o, p.Rules, &c, r)
	if err != nil {
		return order.Order{}, Promise{}, err
	}
	d, err := s.verdict(ctx, tx, o, p, &c, q.Total)
	if err == nil && c.bind(p.Rules, d) {
		q, err = s.preview(ctx, tx, o, p.Rules, &c, r)
	}
	if err != nil {
		return o, Promise{}, err
	}
	c.Quoted = q.Total
	early, err := s.trusted(ctx, tx, o, &p, &c)
	return o, Promise{q, d, p.Rules, early}, err
}

func (s *Service) preview(ctx context.Context, tx *db.Tx, o order.Order, rules policy.Rules, c *Case, r Request) (refund.Quote, error) {
	claim := c.claim(o, rules, named(r))
	if c.Detail.Exchange != nil && c.Kind == KindExchange {
		base, err := s.Refund.Preview(ctx, tx, o, wanted(r), refund.Claim{})
		if err != nil {
			return refund.Quote{}, err
		}
		claim.New, claim.Credit = c.Detail.Exchange.items(base.Lines), c.Detail.Exchange.Credit
	}
	units := wanted(r)
	if !c.holds() {
		units = nil
	}
	return s.Refund.Preview(ctx, tx, o, units, claim)
}

// reads is the language of messages about a case: the one the customer is known
// to read, else that of the country the order goes to, else the shop's.
func reads(ctx context.Context, tx *db.Tx, shop, known, country string) (string, error) {
	if known != "" {
		return locale.Read(known), nil
	}
	if found := locale.Of(country); found != "" {
		return found, nil
	}
	t, err := tenant.ByID(ctx, tx, shop)
	return t.Language, err
}

// Open starts a case: it holds the units, promises the money and decides by the
// law and by the policy that was in force at the purchase. A request that both
// exclude becomes a rejected case, so that the refusal and its grounds are on
// record; where an answer of the customer would change it, the case asks.
func (s *Service) Open(ctx context.Context, tx *db.Tx, by actor.Actor, r Request) (Case, error) {
	o, p, err := s.subject(ctx, tx, by, &r)
	if err != nil {
		return Case{}, err
	}
	if err := photosEnough(r, p.Rules); err != nil {
		return Case{}, err
	}
	c := Case{
		ID: id.New("case"), Tenant: by.Tenant, Number: "R-" + strings.ToUpper(id.Readable(8)), Kind: r.Kind, State: Submitted,
		Phase: phaseOf(o, r.Items), Order: o.ID, OrderNumber: o.Number, Customer: o.Customer, Currency: o.Currency,
		Language: r.Language, Comment: r.Comment, Policy: p.ID, PolicyVer: p.Version, OpenedAt: tx.Now, Terms: Terms{o.Zone},
	}
	if o.Customer != "" {
		who, err := customer.ByID(ctx, tx, by.Tenant, o.Customer)
		if err != nil {
			return Case{}, fmt.Errorf("customer of order %s: %w", o.ID, err)
		}
		c.Name = who.Name
		if c.Language == "" {
			c.Language = who.Language
		}
	}
	if c.Language, err = reads(ctx, tx, c.Tenant, c.Language, o.Country); err != nil {
		return Case{}, err
	}
	stake, err := s.claimGoods(ctx, tx, by, o, p.Rules, &c, r)
	if err != nil {
		return Case{}, err
	}
	if err := s.Evidence.Attach(ctx, tx, by, c.photos(), c.ID); err != nil {
		return Case{}, err
	}
	if err := c.noteFiles(ctx, tx); err != nil {
		return Case{}, err
	}
	if c.sends() && (r.Address != nil || r.AddressRight) {
		if err := s.deliverTo(ctx, tx, by, &c, r.Address); err != nil {
			return Case{}, err
		}
	}
	d, err := s.decide(ctx, tx, o, p, &c, stake)
	if err != nil {
		return Case{}, err
	}
	if err := s.decideFirst(ctx, tx, by, o, &c); err != nil {
		return Case{}, err
	}
	return c, s.offerByRule(ctx, tx, &c, d.Offers)
}

// claimGoods fills what the case is about: the units, held so that no other case
// takes them, and what they come to.
func (s *Service) claimGoods(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, rules policy.Rules, c *Case, r Request) (stake refund.Stake, err error) {
	held := named(r)
	if c.holds() {
		stake, err = s.claimUnits(ctx, tx, by, o, c, r)
		held = stake.Runs
	} else {
		stake, err = s.Refund.Look(ctx, tx, o, c.ID)
	}
	if err != nil {
		return stake, err
	}
	c.describe(o, r, held)
	if err := s.detail(ctx, tx, o, rules, c, r); err != nil {
		return stake, err
	}
	return stake, c.price(o, rules, stake)
}

// price computes what the case comes to.
func (c *Case) price(o order.Order, rules policy.Rules, stake refund.Stake) error {
	units := runs(c.Items)
	q, err := quoteOf(stake, c, units, c.claim(o, rules, units))
	if err != nil {
		return err
	}
	c.Quoted, c.Quote = q.Total, []byte(encode(q))
	return nil
}

// quote is what the claim comes to.
func (s *Service) quote(ctx context.Context, tx *db.Tx, o order.Order, c *Case, units []refund.Run, claim refund.Claim) (refund.Quote, error) {
	stake, err := s.Refund.Look(ctx, tx, o, c.ID)
	if err != nil {
		return refund.Quote{}, err
	}
	return quoteOf(stake, c, units, claim)
}

func quoteOf(stake refund.Stake, c *Case, units []refund.Run, claim refund.Claim) (refund.Quote, error) {
	claim, err := c.priced(stake, units, claim)
	if err != nil {
		return refund.Quote{}, err
	}
	return stake.Quote(units, claim)
}

// decideFirst stores the new case together with what law and policy say of it.
func (s *Service) decideFirst(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, c *Case) error {
	switch policy.Outcome(c.Decision.Outcome) {
	case policy.Approve:
		if !c.goodsBack() {
			return s.provideFirst(ctx, tx, by, c)
		}
		c.State = AwaitReturn
		err := s.sendFor(ctx, tx, actor.Of(c.Tenant), c)
		if errors.Is(err, shipment.ErrAddress) { // the shop is not set up: a person has to look, the customer is not stopped
			c.State = Submitted
			c.doubt(Ground{Code: "no_return_address", Basis: policy.ByPolicy})
			err = nil
		}
		if err != nil {
			return err
		}
	case policy.Refuse:
		c.State = Rejected
		if err := s.Refund.Release(ctx, tx, by, o, c.ID, nil); err != nil {
			return err
		}
	case policy.Ask:
		if err := s.awaitReply(ctx, tx, c); err != nil {
			return err
		}
	}
	return s.store(ctx, tx, by, c)
}

// store keeps the new case and announces it with what the rules say of it.
func (s *Service) store(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	if err := s.insert(ctx, tx, c); err != nil {
		return err
	}
	if err := event.Append(ctx, tx, by, about(c), c.opened()); err != nil {
		return err
	}
	return event.Append(ctx, tx, actor.Of(c.Tenant), about(c), c.decided())
}

func (c *Case) opened() Opened {
	o := Opened{Number: c.Number, Kind: c.Kind, Phase: c.Phase, Order: c.Order, Seller: c.Seller, Items: c.Items, Currency: c.Currency, Quoted: c.Quoted, Comment: c.Comment}
	if w := c.Detail.Claim; w != nil {
		o.For, o.Promise = w.For, w.Promise
	}
	return o
}

// provideFirst stores a request that the rules grant and that nothing comes back
// for, and provides at once what it asks for.
func (s *Service) provideFirst(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	decision := c.Decision
	c.Decision = Decision{}
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	if err := s.insert(ctx, tx, c); err != nil {
		return err
	}
	if err := event.Append(ctx, tx, by, about(c), c.opened()); err != nil {
		return err
	}
	c.Decision = decision
	return s.grant(ctx, tx, actor.Of(c.Tenant), c, Approve, c.decided())
}

// subject reads what a request is about and checks its form.
func (s *Service) subject(ctx context.Context, tx *db.Tx, by actor.Actor, r *Request) (order.Order, policy.Policy, error) {
	o, err := s.Orders.Kept(ctx, tx, by, r.Order)
	if err != nil {
		return o, policy.Policy{}, err
	}
	p, err := s.rules(ctx, tx, by.Tenant, o.Policy, o.PolicyVer)
	if err != nil {
		return o, p, err
	}
	if r.Kind == "" {
		r.Kind = KindReturn
	}
	return o, p, r.check(o, p.Rules)
}

func (r *Request) check(o order.Order, rules policy.Rules) error {
	wrong := ErrItems
	if len(r.Items) == 0 || len(r.Items) > maxItems {
		wrong = wrong.At("items", fmt.Sprintf("has %d entries", len(r.Items)), fmt.Sprintf("1 to %d", maxItems))
	}
	if n := len([]rune(r.Comment)); n > maxComment {
		wrong = wrong.At("comment", fmt.Sprintf("has %d characters", n), fmt.Sprintf("at most %d", maxComment))
	}
	if !slices.Contains(policy.Kinds, r.Kind) {
		wrong = wrong.At("kind", "is not a kind of case", strings.Join(policy.Kinds, ", "))
	}
	photos, seller, seen := len(r.Photos), "", map[int]bool{}
	for i, w := range r.Items {
		at := func(field string) string { return fmt.Sprintf("items[%d].%s", i, field) }
		line, ok := o.Line(w.Line)
		if !ok {
			wrong = wrong.At(at("line"), fmt.Sprintf("order %s has no line %d", o.Number, w.Line), "a line number of the order")
			continue
		}
		if seen[w.Line] {
			wrong = wrong.At(at("line"), fmt.Sprintf("line %d is named twice", w.Line), "each line once")
		}
		seen[w.Line] = true
		if w.Quantity < 1 || w.Quantity > line.Quantity {
			wrong = wrong.At(at("quantity"), fmt.Sprintf("%d of %d bought", w.Quantity, line.Quantity), fmt.Sprintf("1 to %d", line.Quantity))
		}
		if _, ok := rules.Reason(w.Reason); !ok && !r.implied(&r.Items[i]) {
			wrong = wrong.At(at("reason"), "is not offered by the shop", strings.Join(reasonCodes(rules), ", "))
		}
		if i > 0 && phase(o, line) != phaseOf(o, r.Items) {
			wrong = wrong.At(at("line"), "is not where the other goods are", "goods that were not sent, are under way, or arrived in cases of their own")
		}
		if i > 0 && line.Seller != seller {
			wrong = wrong.At(at("line"), "is sold by another seller", "goods of one seller in one case")
		}
		seller = line.Seller
		photos += len(w.Photos)
	}
	if photos > maxPhotos {
		wrong = wrong.At("photos", fmt.Sprintf("%d photos", photos), fmt.Sprintf("at most %d", maxPhotos))
	}
	if wrong != ErrItems {
		return wrong
	}
	return nil
}

// implied fills the reason of a request that has but one.
func (r *Request) implied(w *Wanted) bool {
	switch r.Kind {
	case KindProtection:
		w.Reason = "price_drop"
	case KindCompensate:
		w.Reason = "compensation"
	default:
		return false
	}
	return true
}

func reasonCodes(rules policy.Rules) []string {
	codes := make([]string, len(rules.Reasons))
	for i, x := range rules.Reasons {
		codes[i] = x.Code
	}
	return codes
}

// photosEnough asks for evidence where the reason needs it. One photo of the
// request serves all its items.
func photosEnough(r Request, rules policy.Rules) error {
	for i, w := range r.Items {
		reason, _ := rules.Reason(w.Reason)
		if reason.Photos == "required" && len(w.Photos)+len(r.Photos) == 0 {
			return ErrPhotos.With("line", w.Line).With("reason", w.Reason).
				At(fmt.Sprintf("items[%d].photos", i), "is empty", "at least one photo of the fault")
		}
	}
	return nil
}

func goodsOf(o order.Order, line order.Line, reason string) policy.Goods {
	delivered := line.DeliveredAt
	if delivered.IsZero() {
		delivered = o.DeliveredAt
	}
	return policy.Goods{Line: line.No, SKU: line.SKU, Title: line.Title, Category: line.Category, Traits: line.Traits, Quantity: line.Quantity, Paid: line.Ledger.Paid,
		Seller: line.Seller, Delivered: delivered, Reason: reason}
}

// phase is where the goods of a line are.
func phase(o order.Order, l order.Line) string {
	switch {
	case !l.DeliveredAt.IsZero() || !o.DeliveredAt.IsZero():
		return policy.AfterReceipt
	case !l.ShippedAt.IsZero():
		return policy.InTransit
	}
	return policy.PreShip
}

func phaseOf(o order.Order, items []Wanted) string {
	line, _ := o.Line(items[0].Line)
	return phase(o, line)
}

// named are the wanted units as runs of their own, for a case that holds none.
func named(r Request) []refund.Run {
	all := make([]refund.Run, len(r.Items))
	for i, w := range r.Items {
		all[i] = refund.Run{Line: w.Line, First: 1, Count: w.Quantity, Reason: w.Reason}
	}
	return all
}

func wanted(r Request) []refund.Wanted {
	all := make([]refund.Wanted, len(r.Items))
	for i, w := range r.Items {
		all[i] = refund.Wanted{Line: w.Line, Quantity: w.Quantity, Reason: w.Reason}
	}
	return all
}

// describe fills what lists and screens show of the goods.
func (c *Case) describe(o order.Order, r Request, held []refund.Run) {
	for _, run := range held {
		line, _ := o.Line(run.Line)
		it := Item{Line: run.Line, First: run.First, Count: run.Count, Reason: run.Reason, Title: line.Title, SKU: line.SKU, ImageURL: line.ImageURL}
		for _, w := range r.Items {
			if w.Line == run.Line && !slices.ContainsFunc(c.Items, func(x Item) bool { return x.Line == w.Line }) {
				it.Photos = append(it.Photos, w.Photos...)
			}
		}
		c.Quantity += run.Count
		c.Seller = line.Seller
		c.Items = append(c.Items, it)
	}
	if len(c.Items) > 0 {
		c.Items[0].Photos = append(c.Items[0].Photos, r.Photos...)
		c.Title, c.Reason = c.Items[0].Title, c.Items[0].Reason
	}
}

func (c *Case) photos() []string {
	var all []string
	for _, it := range c.Items {
		all = append(all, it.Photos...)
	}
	return all
}

func keepPhotos(c *Case, before []string) {
	have := c.photos()
	for _, p := range before {
		if !slices.Contains(have, p) && len(have) < maxPhotos {
			c.Items[0].Photos = append(c.Items[0].Photos, p)
		}
	}
}

func (c *Case) decided() Decided {
	d := c.Decision
	return Decided{Outcome: d.Outcome, By: d.By, Grounds: d.Grounds, Comment: d.Comment, Policy: c.Policy, Version: c.PolicyVer, Packs: d.Packs}
}

func (c *Case) zone() (*time.Location, error) { return calendar.Zone(c.Terms.Zone) }

func (c *Case) money(minor int64) money.Amount { return money.Of(minor, c.Currency) }
