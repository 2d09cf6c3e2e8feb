package order

// Sale is what the law asks about a purchase and a shop often does not tell.
// Everything in it may be missing.
type Sale struct {
	Region        string   `json:"region,omitempty" doc:"ISO 3166-2 code of the delivery address, where a state has a law of its own" example:"US-NY" pattern:"^[A-Z]{2}-[A-Z0-9]{1,3}$"`
	Channel       string   `json:"channel,omitempty" doc:"How the contract was made" enum:"web,live,app,phone,tv,mail,doorstep,store,auction"`
	Buyer         string   `json:"buyer_type,omitempty" doc:"Who bought; a consumer where missing" enum:"consumer,business"`
	SellerCountry string   `json:"seller_country,omitempty" doc:"ISO 3166-1 alpha-2 code of the country in which the seller sits" pattern:"^[A-Z]{2}$"`
	SellerType    string   `json:"seller_type,omitempty" doc:"Who sold; a business where missing" enum:"business,private"`
	Terms         string   `json:"terms_law,omitempty" doc:"Law that the terms and conditions name, as ISO 3166 code" example:"CN" maxLength:"10"`
	Marketplace   bool     `json:"marketplace,omitempty" doc:"Bought on a marketplace"`
	Contract      Contract `json:"contract,omitzero" doc:"The papers of the purchase"`
	Told          Told     `json:"told,omitzero" doc:"What the buyer was told and agreed to, for the whole order"`
}

// LineSale is the same of one line. What it says goes before what the order
// says.
type LineSale struct {
	LawCategory   string  `json:"law_category,omitempty" doc:"Kind of article in the words of the law: phone, laptop, car, food …" pattern:"^[a-z][a-z0-9_]*$" maxLength:"40"`
	SellerCountry string  `json:"seller_country,omitempty" doc:"Country in which the seller of this line sits; the order's where missing" pattern:"^[A-Z]{2}$"`
	SellerType    string  `json:"seller_type,omitempty" doc:"Who sold this line; the order's where missing" enum:"business,private"`
	PromisedAt    Day     `json:"promised_at,omitempty" doc:"Promised day of dispatch or delivery" format:"date"`
	InstalledAt   Day     `json:"installed_at,omitempty" doc:"End of installation by the seller" format:"date"`
	PerishesAt    Day     `json:"perishes_at,omitempty" doc:"Day by which such goods are expected to have perished" format:"date"`
	GuaranteeTo   Day     `json:"guarantee_until,omitempty" doc:"End of the guarantee of seller or maker" format:"date"`
	Told          Told    `json:"told,omitzero" doc:"What the buyer was told of this line; each fact goes before the order's"`
	Promise       Promise `json:"promise,omitzero" doc:"What was promised for this line beyond the law"`
}

// Contract has the papers of the purchase.
type Contract struct {
	At           Day   `json:"at,omitempty" doc:"Day of the contract; the day of the order where missing" format:"date"`
	DocumentAt   Day   `json:"document_at,omitempty" doc:"Day on which the buyer received the contract in writing" format:"date"`
	Complete     *bool `json:"document_complete,omitempty" doc:"Whether it held all that the law asks for"`
	InvoiceAt    Day   `json:"invoice_at,omitempty" doc:"Day of the invoice" format:"date"`
	Unsolicited  bool  `json:"unsolicited_visit,omitempty" doc:"Made at an unsolicited visit or an excursion"`
	Subscription bool  `json:"subscription,omitempty" doc:"Regular deliveries over some time"`
	Essential    bool  `json:"date_essential,omitempty" doc:"The day of delivery was essential"`
	Credit       bool  `json:"credit_application,omitempty" doc:"The order came with an application for credit"`
}

// Told is what the buyer was told before the contract, and agreed to. What is
// missing is not known.
type Told struct {
	Right       *bool `json:"right,omitempty" doc:"Of the right to withdraw, correctly and before the contract"`
	RightAt     Day   `json:"right_at,omitempty" doc:"Day of that information where it came late" format:"date"`
	ReturnCost  *bool `json:"return_cost,omitempty" doc:"That the consumer pays the way back"`
	Exception   *bool `json:"exception,omitempty" doc:"That there is no right to withdraw for this article"`
	Confirmed   *bool `json:"exception_confirmed,omitempty" doc:"The buyer actively confirmed that, for this purchase"`
	Consent     *bool `json:"digital_consent,omitempty" doc:"Agreed that digital content starts at once"`
	Acknowledge *bool `json:"digital_acknowledged,omitempty" doc:"Acknowledged that the right to withdraw is lost by it"`
	DigitalSent *bool `json:"digital_confirmed,omitempty" doc:"Both were confirmed on paper or by e-mail"`
	Function    *bool `json:"withdrawal_function,omitempty" doc:"The shop offers a function to withdraw"`
	Terms       *bool `json:"special_terms,omitempty" doc:"Return terms shown in the advertisement and on the last screen"`
	Policy      *bool `json:"policy_shown,omitempty" doc:"The return policy was posted as the law asks"`
	UsedPeriod  *bool `json:"shorter_period,omitempty" doc:"A shorter period was agreed for used goods"`
}

// Promise is what the seller promised for the article beyond the law.
type Promise struct {
	Days       *int64 `json:"return_days,omitempty" doc:"Days after delivery in which returns without a reason are taken" minimum:"0" maximum:"36500"`
	PaysReturn bool   `json:"pays_return,omitempty" doc:"Pays the way back"`
	Collects   bool   `json:"collects,omitempty" doc:"Collects the goods"`
}

// Day is a calendar day at the customer's place, such as 2026-11-03.
type Day string

// Channels are the ways in which a contract is made.
var Channels = []string{"web", "live", "app", "phone", "tv", "mail", "doorstep", "store", "auction"}

// LawTraits are the traits of articles that the law knows; other traits are
// free words.
var LawTraits = []string{
	"custom", "perishable", "sealed_hygiene", "sealed_media", "digital", "periodical", "fluctuating_price", "alcohol_deferred", "mixed", "urgent_repair",
	"dated", "service_done", "air_ticket", "individual", "registered_vehicle", "copyable", "second_hand", "confirmable_kind", "gift", "motor_vehicle", "final_sale",
	"durable", "essential", "cleanable",
}

// or is what is said here, else there.
func (t Told) or(other Told) Told {
	for _, f := range []struct{ own, other **bool }{
		{&t.Right, &other.Right}, {&t.ReturnCost, &other.ReturnCost}, {&t.Exception, &other.Exception}, {&t.Confirmed, &other.Confirmed},
		{&t.Consent, &other.Consent}, {&t.Acknowledge, &other.Acknowledge}, {&t.DigitalSent, &other.DigitalSent}, {&t.Function, &other.Function},
		{&t.Terms, &other.Terms}, {&t.Policy, &other.Policy}, {&t.UsedPeriod, &other.UsedPeriod},
	} {
		if *f.own == nil {
			*f.own = *f.other
		}
	}
	if t.RightAt == "" {
		t.RightAt = other.RightAt
	}
	return t
}

// ToldOf is what the buyer was told of a line.
func (o *Order) ToldOf(l *Line) Told {
	if o.Told == (Told{}) {
		return l.Told
	}
	return l.Told.or(o.Told)
}

// SellerOf says in which country the seller of a line sits, and of what type
// the seller is; empty where nobody said.
func (o *Order) SellerOf(l *Line) (country, kind string) {
	country, kind = l.SellerCountry, l.SellerType
	if country == "" {
		country = o.Sale.SellerCountry
	}
	if kind == "" {
		kind = o.Sale.SellerType
	}
	return country, kind
}
