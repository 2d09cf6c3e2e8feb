package rights

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Facts is what is known about one order line and one wish. Everything that is
// not known is left out: a rule that needs it says so. Amounts are whole minor
// units of Currency; dates are "2026-11-03" (at the consumer's place) or
// instants in RFC 3339, which are read in the consumer's zone.
type Facts struct {
	ID       string    `json:"id,omitempty" doc:"Your own name of this question; it comes back with the answer"`
	AsOf     Moment    `json:"as_of" doc:"The day on which the question is asked. Nothing else tells the time"`
	Zone     string    `json:"zone,omitempty" doc:"IANA zone of the consumer; without it, the zone of the law that applies"`
	Currency string    `json:"currency,omitempty" doc:"ISO 4217; without it, the currency of the law that applies"`
	Claim    string    `json:"claim,omitempty" enum:"change_of_mind,defect,not_delivered,fraud,unsafe_food" doc:"What it is about. A defect is also assumed where facts about one are given"`
	Channel  string    `json:"channel,omitempty" enum:"web,live,app,phone,tv,mail,doorstep,store,auction" doc:"How the contract was made"`
	Buyer    Buyer     `json:"buyer,omitzero" doc:"Who bought"`
	Seller   Seller    `json:"seller,omitzero" doc:"Who sold"`
	Law      Parties   `json:"law,omitzero" doc:"What the parties say about the law"`
	Contract Contract  `json:"contract,omitzero" doc:"The contract"`
	Delivery Delivery  `json:"delivery,omitzero" doc:"Delivery of the goods, and what it cost"`
	Item     Item      `json:"item,omitzero" doc:"The article"`
	Traits   Traits    `json:"traits,omitzero" doc:"What the article is. Left out means no"`
	Use      Use       `json:"use,omitzero" doc:"What was done with the article"`
	Told     Told      `json:"told,omitzero" doc:"What the consumer was told and agreed to"`
	Promise  Promise   `json:"promise,omitzero" doc:"What the seller promises beyond the law"`
	Notice   Notice    `json:"notice,omitzero" doc:"The consumer's declaration"`
	Return   Return    `json:"return,omitzero" doc:"The way back"`
	Refund   Paid      `json:"refund,omitzero" doc:"The money"`
	Defect   Defect    `json:"defect,omitzero" doc:"What is wrong with the article"`
	Repair   Repair    `json:"repair,omitzero" doc:"Attempts to cure it"`
	Fraud    Fraud     `json:"fraud,omitzero" doc:"Deceit and dangerous goods"`
	Platform Platform  `json:"platform,omitzero" doc:"The marketplace"`
	Case     Complaint `json:"complaint,omitzero" doc:"A complaint to an authority or a parcel firm"`
}

// Buyer says who bought, and where they live.
type Buyer struct {
	Type           string `json:"type,omitempty" enum:"consumer,business" doc:"Left out means consumer, unless private_percent says otherwise"`
	Residence      string `json:"residence,omitempty" doc:"ISO 3166 country of habitual residence, with the state where it has a law of its own: FR, US-NY, CA-QC"`
	PrivatePercent *int64 `json:"private_percent,omitempty" doc:"Share of private use where the article serves both"`
}

// Seller says who sold.
type Seller struct {
	Type             string `json:"type,omitempty" enum:"business,private" doc:"Left out means business"`
	Country          string `json:"country,omitempty" doc:"ISO 3166 country of the seller"`
	TargetsResidence *bool  `json:"targets_residence,omitempty" doc:"Whether the seller does business in the consumer's country or directs it there: language, currency, shipping"`
	Reachable        *bool  `json:"reachable,omitempty" doc:"Whether the seller can be found"`
	Unverified       *bool  `json:"trades_as_private,omitempty" assume:"no" doc:"A private seller whose volume, prices and frequency are those of a business"`
}

// Parties is what terms and parties say about the law.
type Parties struct {
	Terms   string `json:"terms,omitempty" doc:"Law that the terms and conditions name"`
	Elected string `json:"elected,omitempty" doc:"Law that the consumer has chosen after the fact, where that is allowed"`
}

// Contract has the dates and papers of the contract.
type Contract struct {
	At               Moment `json:"at,omitzero" doc:"Day of the contract"`
	DocumentAt       Moment `json:"document_at,omitzero" doc:"Day on which the consumer received the contract in writing"`
	DocumentComplete *bool  `json:"document_complete,omitempty" doc:"Whether it held all that the law asks for"`
	Unsolicited      bool   `json:"unsolicited_visit,omitempty" doc:"Made at an unsolicited visit or an excursion"`
	Subscription     bool   `json:"subscription,omitempty" doc:"Regular deliveries over some time"`
	Essential        bool   `json:"date_essential,omitempty" doc:"The day of delivery was essential"`
	Credit           bool   `json:"credit_application,omitempty" doc:"The order came with an application for credit"`
}

// Delivery has the dates of delivery and its price.
type Delivery struct {
	At         Moment `json:"at,omitzero" doc:"Day on which this article came into the consumer's hands"`
	FirstAt    Moment `json:"first_at,omitzero" doc:"First article of the order, where several came"`
	LastAt     Moment `json:"last_at,omitzero" doc:"Last article or lot of the order, where several came"`
	Installed  Moment `json:"installed_at,omitzero" doc:"End of installation by the seller"`
	InvoiceAt  Moment `json:"invoice_at,omitzero" doc:"Day of the invoice"`
	PromisedAt Moment `json:"promised_at,omitzero" doc:"Promised day of dispatch or delivery"`
	SentAt     Moment `json:"dispatched_at,omitzero" doc:"Day of dispatch"`
	Fee        *int64 `json:"fee,omitempty" doc:"Paid for delivery"`
	Standard   *int64 `json:"standard_fee,omitempty" doc:"Price of the cheapest ordinary delivery"`
	Waived     *int64 `json:"waived_fee,omitempty" doc:"Delivery fee that was waived because the order was large enough"`
	FreeFrom   *int64 `json:"free_from,omitempty" doc:"Order value from which delivery was free"`
	KeptValue  *int64 `json:"kept_value,omitempty" doc:"Value of the articles of the order that are kept"`
}

// Item is the article.
type Item struct {
	Category   string `json:"category,omitempty" doc:"Kind of article in the words of the pack: phone, laptop, car, food …"`
	Price      *int64 `json:"price,omitempty" doc:"Price really paid"`
	Quantity   *int64 `json:"quantity,omitempty" doc:"Units"`
	Durable    *bool  `json:"durable,omitempty" doc:"Durable goods"`
	Essential  *bool  `json:"essential,omitempty" doc:"Goods one cannot do without, such as a refrigerator"`
	Cleanable  *bool  `json:"cleanable,omitempty" doc:"Can be made fit for sale again by cleaning"`
	SameModel  *bool  `json:"same_model_available,omitempty" doc:"The seller has the same model"`
	Odometer   *int64 `json:"odometer_km,omitempty" doc:"Kilometres driven"`
	UseFactor  *int64 `json:"use_factor_ppm,omitempty" doc:"Share of the price per 1,000 km in millionths, from the guarantee booklet: 4000 is 0.4 %"`
	UsedDays   *int64 `json:"used_days,omitempty" doc:"Days used, without repairs and waiting"`
	Perishes   Moment `json:"perishes_at,omitzero" doc:"Day by which such goods are expected to have perished"`
	MadeAt     Moment `json:"made_at,omitzero" doc:"Day of manufacture"`
	WarrantyTo Moment `json:"guarantee_until,omitzero" doc:"End of the guarantee of seller or maker"`
}

// Traits are true properties of the article; what is not said is false.
type Traits struct {
	Custom       bool `json:"custom,omitempty" doc:"Made or cut to the consumer's wishes"`
	Perishable   bool `json:"perishable,omitempty" doc:"Spoils quickly"`
	SealedHealth bool `json:"sealed_hygiene,omitempty" doc:"Sealed for health or hygiene"`
	SealedMedia  bool `json:"sealed_media,omitempty" doc:"Sealed recording or software"`
	Digital      bool `json:"digital,omitempty" doc:"Digital content without a carrier"`
	Periodical   bool `json:"periodical,omitempty" doc:"Newspaper or magazine"`
	Fluctuating  bool `json:"fluctuating_price,omitempty" doc:"Price follows a market"`
	Alcohol      bool `json:"alcohol_deferred,omitempty" doc:"Wine delivered much later at a market price"`
	Mixed        bool `json:"mixed,omitempty" doc:"Inseparably mixed with other goods"`
	UrgentRepair bool `json:"urgent_repair,omitempty" doc:"Repair for which the consumer called the trader"`
	Dated        bool `json:"dated,omitempty" doc:"Accommodation, transport or leisure on a date"`
	ServiceDone  bool `json:"service_done,omitempty" doc:"Service fully performed with consent"`
	AirTicket    bool `json:"air_ticket,omitempty" doc:"International air ticket"`
	Individual   bool `json:"individual,omitempty" doc:"Individually determined, usable only by this buyer"`
	Registered   bool `json:"registered_vehicle,omitempty" doc:"Goods that are registered, such as a car"`
	Copyable     bool `json:"copyable,omitempty" doc:"Can be copied once opened"`
	SecondHand   bool `json:"second_hand,omitempty" doc:"Used goods"`
	SpecialKind  bool `json:"confirmable_kind,omitempty" doc:"A kind that the seller may except when the buyer confirms it at the purchase"`
	Prize        bool `json:"gift,omitempty" doc:"A gift or prize that came with a purchase"`
	Vehicle      bool `json:"motor_vehicle,omitempty" doc:"A motor vehicle"`
	FinalSale    bool `json:"final_sale,omitempty" doc:"Clearly sold as final, as is"`
}

// Use is what was done with the article.
type Use struct {
	Opened     *bool `json:"opened,omitempty" doc:"The package was opened"`
	SealBroken *bool `json:"seal_broken,omitempty" doc:"The seal of the article itself was broken"`
	BeyondTest *bool `json:"beyond_test,omitempty" assume:"no" doc:"Used more than needed to see and try it"`
	DataTraces *bool `json:"activated,omitempty" assume:"no" doc:"Activated, or holds personal data"`
	Altered    *bool `json:"altered,omitempty" assume:"no" doc:"Repaired by others, marks or serial numbers changed"`
	TagRemoved *bool `json:"tag_removed,omitempty" assume:"no" doc:"Tags removed, stained or damaged"`
	Damaged    *bool `json:"damaged,omitempty" assume:"no" doc:"Damaged by the consumer, beyond unpacking"`
	Worthless  *bool `json:"value_gone,omitempty" assume:"no" doc:"Value has dropped much by use or by time"`
	Misused    *bool `json:"misused,omitempty" assume:"no" doc:"Misuse, or work by someone not authorised"`
	Started    *bool `json:"digital_started,omitempty" doc:"Digital content has been supplied"`
}

// Told is what the consumer was told and agreed to.
type Told struct {
	Right       *bool  `json:"right,omitempty" assume:"yes" doc:"Of the right to withdraw, correctly and before the contract"`
	At          Moment `json:"right_at,omitzero" doc:"Day of that information where it came late"`
	ReturnCost  *bool  `json:"return_cost,omitempty" assume:"yes" doc:"That the consumer pays the way back"`
	Exception   *bool  `json:"exception,omitempty" doc:"That there is no right to withdraw for this article"`
	Confirmed   *bool  `json:"exception_confirmed,omitempty" doc:"The buyer actively confirmed that, for this purchase"`
	Consent     *bool  `json:"digital_consent,omitempty" doc:"Agreed that digital content starts at once"`
	Acknowledge *bool  `json:"digital_acknowledged,omitempty" doc:"Acknowledged that the right to withdraw is lost by it"`
	DigitalSent *bool  `json:"digital_confirmed,omitempty" doc:"The trader confirmed both on paper or by e-mail"`
	Function    *bool  `json:"withdrawal_function,omitempty" doc:"The shop offers a function to withdraw"`
	Terms       *bool  `json:"special_terms,omitempty" doc:"Return terms shown in the advertisement and on the last screen"`
	Policy      *bool  `json:"policy_shown,omitempty" doc:"The return policy was posted as the law asks"`
	UsedPeriod  *bool  `json:"shorter_period,omitempty" assume:"no" doc:"A shorter period was agreed for used goods"`
}

// Promise is what the seller offers beyond the law.
type Promise struct {
	Days          *int64 `json:"return_days,omitempty" doc:"Days after delivery in which returns without a reason are taken"`
	PaysReturn    bool   `json:"pays_return,omitempty" doc:"Pays the way back"`
	CollectsGoods bool   `json:"collects,omitempty" doc:"Collects the goods"`
}

// Notice is what the consumer declared, and when.
type Notice struct {
	SentAt   Moment `json:"sent_at,omitzero" doc:"Day on which the consumer declared, or sent the declaration or the goods"`
	GotAt    Moment `json:"received_at,omitzero" doc:"Day on which it reached the seller"`
	DemandAt Moment `json:"demand_at,omitzero" doc:"Day on which the consumer asked for money or cure"`
	Means    string `json:"means,omitempty" enum:"function,email,letter,phone,message" doc:"How the consumer declared it: by the shop's function, or otherwise"`
}

// Return is the way back.
type Return struct {
	SentAt  Moment `json:"sent_at,omitzero" doc:"Day on which the goods were sent, with proof"`
	GotAt   Moment `json:"received_at,omitzero" doc:"Day on which the seller had them back"`
	Partial bool   `json:"partial,omitempty" doc:"Only a part of the order goes back"`
}

// Paid is the money.
type Paid struct {
	AgreedAt Moment `json:"agreed_at,omitzero" doc:"Day on which the seller agreed to pay"`
	PaidAt   Moment `json:"paid_at,omitzero" doc:"Day of the refund"`
	Tender   string `json:"tender,omitempty" enum:"cash,card,wallet,seller_credit" doc:"How it was paid for"`
}

// Defect is what is wrong.
type Defect struct {
	FoundAt   Moment `json:"found_at,omitzero" doc:"Day on which it showed"`
	ToldAt    Moment `json:"notified_at,omitzero" doc:"Day on which the seller was told"`
	Major     *bool  `json:"major,omitempty" doc:"Serious: one would not have bought it, or it is not safe"`
	Minor     *bool  `json:"minor,omitempty" assume:"no" doc:"Insignificant"`
	Same      *bool  `json:"same_again,omitempty" assume:"no" doc:"The same defect after a cure"`
	Hidden    bool   `json:"hidden,omitempty" doc:"Could not be seen at delivery"`
	Declared  bool   `json:"declared,omitempty" doc:"Was shown to the buyer before the purchase"`
	WrongItem bool   `json:"not_as_described,omitempty" doc:"Another article, or not as described"`
	Part      string `json:"part,omitempty" enum:"engine,gearbox,battery,motor,steering,brake,body,fuel,fire,other" doc:"Part of a vehicle"`
	Safety    bool   `json:"safety,omitempty" doc:"A serious risk to safety"`
	Quantity  bool   `json:"short_quantity,omitempty" doc:"Less than ordered"`
}

// Repair is what was tried to cure the defect.
type Repair struct {
	AskedAt    Moment `json:"asked_at,omitzero" doc:"Day on which the consumer asked for it or handed the goods over"`
	DoneAt     Moment `json:"returned_at,omitzero" doc:"Day on which the consumer had the goods back"`
	Tries      *int64 `json:"tries,omitempty" assume:"no" doc:"Repairs of the same fault so far"`
	Failed     *int64 `json:"failed,omitempty" assume:"no" doc:"Repairs or replacements after which it failed again"`
	Days       *int64 `json:"days_total,omitempty" assume:"no" doc:"Days in repair, all together"`
	Swaps      *int64 `json:"assembly_swaps,omitempty" assume:"no" doc:"Times that an assembly or the same main part was replaced"`
	Refused    *bool  `json:"refused,omitempty" assume:"no" doc:"The seller refuses, or has said it will not cure"`
	Impossible *bool  `json:"impossible,omitempty" assume:"no" doc:"Neither repair nor replacement is possible or in proportion"`
	Chosen     bool   `json:"chosen_as_remedy,omitempty" doc:"The consumer chose repair as the remedy of the law"`
	NoParts    *bool  `json:"no_parts,omitempty" assume:"no" doc:"Parts are missing"`
	Disputed   *bool  `json:"cause_disputed,omitempty" doc:"The parties differ on the cause"`
}

// Fraud is deceit and dangerous food.
type Fraud struct {
	Found     *bool  `json:"found,omitempty" doc:"The seller deceived the consumer"`
	Planted   *bool  `json:"planted,omitempty" assume:"no" doc:"The claim is made up, the goods were tampered with"`
	Unsafe    *bool  `json:"food_unsafe,omitempty" doc:"Food below the safety standard"`
	Knowingly *bool  `json:"sold_knowingly,omitempty" doc:"The seller knew, or made it"`
	Label     *bool  `json:"label_only,omitempty" assume:"no" doc:"Only the label is wrong; it is harmless and misleads nobody"`
	Loss      *int64 `json:"loss,omitempty" assume:"no" doc:"Other loss"`
}

// Platform is the marketplace.
type Platform struct {
	Used     bool  `json:"used,omitempty" doc:"Bought on a marketplace"`
	Identity *bool `json:"gives_seller,omitempty" doc:"The platform gives the seller's real name, address and contact"`
	SelfRun  *bool `json:"self_run,omitempty" assume:"no" doc:"Sold by the platform itself, or made to look so"`
}

// Complaint is a case before an authority.
type Complaint struct {
	FiledAt    Moment `json:"filed_at,omitzero" doc:"Day of the complaint"`
	AcceptedAt Moment `json:"accepted_at,omitzero" doc:"Day on which it was accepted"`
	KnewAt     Moment `json:"knew_at,omitzero" doc:"Day on which the consumer knew of the harm"`
	Parcel     bool   `json:"parcel,omitempty" doc:"Against a parcel firm"`
}

// Moment is a day at the consumer's place, or an instant. The zero value is
// not known.
type Moment struct {
	day  int64 // of dates; days since 1970
	at   time.Time
	kind byte // 0: not known
}

const (
	dated byte = iota + 1
	timed
)

// On is a day.
func On(year int, month time.Month, day int) Moment {
	return Moment{day: daysOf(year, month, day), kind: dated}
}

// At is an instant.
func At(t time.Time) Moment { return Moment{at: t, kind: timed} }

// IsZero reports that the day is not known.
func (m Moment) IsZero() bool { return m.kind == 0 }

func (m Moment) in(zone *time.Location) int64 {
	if m.kind != timed {
		return m.day
	}
	_, offset := m.at.In(zone).Zone()
	return floor(m.at.Unix()+int64(offset), 86400)
}

// UnmarshalJSON reads a date or an instant.
func (m *Moment) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return fmt.Errorf("%s is not a date such as 2026-11-03", raw)
	}
	t, err := time.Parse(time.DateOnly, text)
	if err == nil {
		*m = On(t.Date())
		return nil
	}
	if t, err = time.Parse(time.RFC3339, text); err != nil {
		return fmt.Errorf("%q is not a date such as 2026-11-03 or an instant such as 2026-11-03T10:00:00Z", text)
	}
	*m = At(t)
	return nil
}

// MarshalJSON writes what was read.
func (m Moment) MarshalJSON() ([]byte, error) {
	switch m.kind {
	case dated:
		return json.Marshal(dateOf(m.day))
	case timed:
		return json.Marshal(m.at.UTC().Format(time.RFC3339))
	}
	return []byte("null"), nil
}

func daysOf(year int, month time.Month, day int) int64 {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// floor divides and rounds down, below zero too.
func floor(n, by int64) int64 {
	if n < 0 {
		n -= by - 1
	}
	return n / by
}

// midnight is the day's beginning in UTC, where every day has 24 hours.
func midnight(day int64) time.Time { return time.Unix(day*86400, 0).UTC() }

// dateOf writes a day. Those of this century are written once, in one text of
// which each is a part: a decision has a dozen of them.
func dateOf(day int64) string {
	if at := day - firstWritten; at >= 0 && at < lastWritten-firstWritten {
		return writtenDays()[at*10 : at*10+10]
	}
	return midnight(day).Format(time.DateOnly)
}

const (
	firstWritten = 10957 // 2000-01-01
	lastWritten  = 36525 // 2070-01-01
)

// quotedDate is a day as JSON has it. Nobody writes into it.
func quotedDate(day int64) json.RawMessage {
	if at := day - firstWritten; at >= 0 && at < lastWritten-firstWritten {
		return quoted()[at*12 : at*12+12 : at*12+12]
	}
	return strconv.AppendQuote(nil, dateOf(day))
}

var quoted = sync.OnceValue(func() []byte {
	all := make([]byte, 0, (lastWritten-firstWritten)*12)
	for day := int64(firstWritten); day < lastWritten; day++ {
		all = append(midnight(day).AppendFormat(append(all, '"'), time.DateOnly), '"')
	}
	return all
})

var writtenDays = sync.OnceValue(func() string {
	all := make([]byte, 0, (lastWritten-firstWritten)*10)
	for day := int64(firstWritten); day < lastWritten; day++ {
		all = midnight(day).AppendFormat(all, time.DateOnly)
	}
	return string(all)
})

// family gives the names under which a law may be found, the narrowest first:
// US-NY, then US.
func family(jurisdiction string) (all []string) {
	for name := jurisdiction; name != ""; name = wider(name) {
		all = append(all, name)
	}
	return all
}

// wider is the next name after which a law may be found; empty after the last.
func wider(jurisdiction string) string {
	return jurisdiction[:max(0, strings.LastIndexByte(jurisdiction, '-'))]
}
