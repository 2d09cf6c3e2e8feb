package rights

import "time"

// reader makes the table of what is known, fact by fact in the order in which
// Facts declares them: that is their order in the vocabulary. A test holds it
// against the vocabulary, so that none is forgotten or changes places.
type reader struct {
	facts table
	zone  *time.Location // of the consumer: dates are days there
	at    int
	last  Moment // the last instant, with its day: facts of an order share two or three
	day   int64
}

// fill reads the facts and works out those that follow from them.
func (r *reader) fill(f *Facts) {
	r.all(f)
	r.facts.assume(f)
	r.facts.derive(f)
}

func (r *reader) text(s string) {
	if s != "" {
		r.facts[r.at] = value{known: true, given: true, s: s}
	}
	r.at++
}

// sure is a fact that is false when left out.
func (r *reader) sure(b bool) {
	r.facts[r.at] = value{known: true, given: b, n: one(b)}
	r.at++
}

func (r *reader) truth(b *bool) {
	if b != nil {
		r.facts[r.at] = value{known: true, given: true, n: one(*b)}
	}
	r.at++
}

func (r *reader) number(n *int64) {
	if n != nil {
		r.facts[r.at] = value{known: true, given: true, n: *n}
	}
	r.at++
}

// date notes the day at the consumer's place.
func (r *reader) date(m Moment) {
	if m.kind == timed && m != r.last {
		r.last, r.day = m, m.in(r.zone)
	}
	switch m.kind {
	case dated:
		r.facts[r.at] = value{known: true, given: true, n: m.day}
	case timed:
		r.facts[r.at] = value{known: true, given: true, n: r.day}
	}
	r.at++
}

func (r *reader) all(f *Facts) {
	r.text(f.ID)
	r.date(f.AsOf)
	r.text(f.Zone)
	r.text(f.Currency)
	r.text(f.Claim)
	r.text(f.Channel)
	r.buyer(&f.Buyer)
	r.seller(&f.Seller)
	r.parties(&f.Law)
	r.contract(&f.Contract)
	r.delivery(&f.Delivery)
	r.item(&f.Item)
	r.traits(&f.Traits)
	r.use(&f.Use)
	r.told(&f.Told)
	r.promise(&f.Promise)
	r.notice(&f.Notice)
	r.back(&f.Return)
	r.paid(&f.Refund)
	r.defect(&f.Defect)
	r.repair(&f.Repair)
	r.fraud(&f.Fraud)
	r.platform(&f.Platform)
	r.complaint(&f.Case)
}

func (r *reader) buyer(b *Buyer) {
	r.text(b.Type)
	r.text(b.Residence)
	r.number(b.PrivatePercent)
}

func (r *reader) seller(s *Seller) {
	r.text(s.Type)
	r.text(s.Country)
	r.truth(s.TargetsResidence)
	r.truth(s.Reachable)
	r.truth(s.Unverified)
}

func (r *reader) parties(p *Parties) {
	r.text(p.Terms)
	r.text(p.Elected)
}

func (r *reader) contract(c *Contract) {
	r.date(c.At)
	r.date(c.DocumentAt)
	r.truth(c.DocumentComplete)
	r.sure(c.Unsolicited)
	r.sure(c.Subscription)
	r.sure(c.Essential)
	r.sure(c.Credit)
}

func (r *reader) delivery(d *Delivery) {
	r.date(d.At)
	r.date(d.FirstAt)
	r.date(d.LastAt)
	r.date(d.Installed)
	r.date(d.InvoiceAt)
	r.date(d.PromisedAt)
	r.date(d.SentAt)
	r.number(d.Fee)
	r.number(d.Standard)
	r.number(d.Waived)
	r.number(d.FreeFrom)
	r.number(d.KeptValue)
}

func (r *reader) item(i *Item) {
	r.text(i.Category)
	r.number(i.Price)
	r.number(i.Quantity)
	r.truth(i.Durable)
	r.truth(i.Essential)
	r.truth(i.Cleanable)
	r.truth(i.SameModel)
	r.number(i.Odometer)
	r.number(i.UseFactor)
	r.number(i.UsedDays)
	r.date(i.Perishes)
	r.date(i.MadeAt)
	r.date(i.WarrantyTo)
}

func (r *reader) traits(t *Traits) {
	r.sure(t.Custom)
	r.sure(t.Perishable)
	r.sure(t.SealedHealth)
	r.sure(t.SealedMedia)
	r.sure(t.Digital)
	r.sure(t.Periodical)
	r.sure(t.Fluctuating)
	r.sure(t.Alcohol)
	r.sure(t.Mixed)
	r.sure(t.UrgentRepair)
	r.sure(t.Dated)
	r.sure(t.ServiceDone)
	r.sure(t.AirTicket)
	r.sure(t.Individual)
	r.sure(t.Registered)
	r.sure(t.Copyable)
	r.sure(t.SecondHand)
	r.sure(t.SpecialKind)
	r.sure(t.Prize)
	r.sure(t.Vehicle)
	r.sure(t.FinalSale)
}

func (r *reader) use(u *Use) {
	r.truth(u.Opened)
	r.truth(u.SealBroken)
	r.truth(u.BeyondTest)
	r.truth(u.DataTraces)
	r.truth(u.Altered)
	r.truth(u.TagRemoved)
	r.truth(u.Damaged)
	r.truth(u.Worthless)
	r.truth(u.Misused)
	r.truth(u.Started)
}

func (r *reader) told(t *Told) {
	r.truth(t.Right)
	r.date(t.At)
	r.truth(t.ReturnCost)
	r.truth(t.Exception)
	r.truth(t.Confirmed)
	r.truth(t.Consent)
	r.truth(t.Acknowledge)
	r.truth(t.DigitalSent)
	r.truth(t.Function)
	r.truth(t.Terms)
	r.truth(t.Policy)
	r.truth(t.UsedPeriod)
}

func (r *reader) promise(p *Promise) {
	r.number(p.Days)
	r.sure(p.PaysReturn)
	r.sure(p.CollectsGoods)
}

func (r *reader) notice(n *Notice) {
	r.date(n.SentAt)
	r.date(n.GotAt)
	r.date(n.DemandAt)
	r.text(n.Means)
}

func (r *reader) back(x *Return) {
	r.date(x.SentAt)
	r.date(x.GotAt)
	r.sure(x.Partial)
}

func (r *reader) paid(p *Paid) {
	r.date(p.AgreedAt)
	r.date(p.PaidAt)
	r.text(p.Tender)
}

func (r *reader) defect(d *Defect) {
	r.date(d.FoundAt)
	r.date(d.ToldAt)
	r.truth(d.Major)
	r.truth(d.Minor)
	r.truth(d.Same)
	r.sure(d.Hidden)
	r.sure(d.Declared)
	r.sure(d.WrongItem)
	r.text(d.Part)
	r.sure(d.Safety)
	r.sure(d.Quantity)
}

func (r *reader) repair(x *Repair) {
	r.date(x.AskedAt)
	r.date(x.DoneAt)
	r.number(x.Tries)
	r.number(x.Failed)
	r.number(x.Days)
	r.number(x.Swaps)
	r.truth(x.Refused)
	r.truth(x.Impossible)
	r.sure(x.Chosen)
	r.truth(x.NoParts)
	r.truth(x.Disputed)
}

func (r *reader) fraud(f *Fraud) {
	r.truth(f.Found)
	r.truth(f.Planted)
	r.truth(f.Unsafe)
	r.truth(f.Knowingly)
	r.truth(f.Label)
	r.number(f.Loss)
}

func (r *reader) platform(p *Platform) {
	r.sure(p.Used)
	r.truth(p.Identity)
	r.truth(p.SelfRun)
}

func (r *reader) complaint(c *Complaint) {
	r.date(c.FiledAt)
	r.date(c.AcceptedAt)
	r.date(c.KnewAt)
	r.sure(c.Parcel)
}
