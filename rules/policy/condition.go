package policy

// Condition is a rule of the shop's own: where the expression is true, what it
// says holds instead of the general rules. An expression that names item is
// asked for each line of goods, another one once for the request.
type Condition struct {
	ID      string            `json:"id" pattern:"^[a-z0-9_-]{1,40}$"`
	When    string            `json:"when" maxLength:"2000" doc:"Expression (CEL) that is true or false" example:"customer.tier == 'gold' && request.total < 100000"`
	Kinds   []string          `json:"kinds,omitempty" maxItems:"6" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation" doc:"Kinds of request it is asked for; none: all"`
	Phases  []string          `json:"phases,omitempty" maxItems:"3" enum:"pre_ship,in_transit,after_receipt" doc:"Where the goods are; none: anywhere"`
	Reasons []string          `json:"reasons,omitempty" maxItems:"100" doc:"Reasons it is asked for; none: all"`
	Then    Then              `json:"then"`
	Says    map[string]string `json:"says,omitempty" doc:"Why, for the customer, by language: zh-CN, zh-TW, en, ja, ko, es, fr, de, pt-BR, ru, ar. Who reads a language that is missing reads Chinese in the other characters, else English, else the first of this list that there is"`
}

// Then is what a condition changes. What is left out stays as it is.
type Then struct {
	Outcome       string           `json:"outcome,omitempty" enum:"approve,review,refuse,ask" doc:"approve: up to the limit for instant approval; review: a person decides; ask: needs and evidence below"`
	WindowDays    *int             `json:"window_days,omitempty" minimum:"0" maximum:"36500" doc:"Instead of every other window; faulty goods are still replaced for the reason's cure_days"`
	Freight       string           `json:"freight,omitempty" enum:"seller,customer" doc:"Who pays the way back, whatever the reason"`
	RestockingFee *int             `json:"restocking_fee,omitempty" minimum:"0" maximum:"50" doc:"Percent, instead of the general fee"`
	AutoApprove   map[string]int64 `json:"auto_approve,omitempty" doc:"Limit for instant approval, instead of every other"`
	Returnless    bool             `json:"returnless,omitempty" doc:"The goods need not come back"`
	Evidence      []string         `json:"evidence,omitempty" maxItems:"3" enum:"photo,video,document" doc:"Evidence asked for"`
	Needs         []Question       `json:"needs,omitempty" maxItems:"10" doc:"Facts asked for"`
	Offers        []string         `json:"offers,omitempty" maxItems:"10" doc:"Offers made, by their ids; they need not fit otherwise"`
}

// Question is a question to the customer. The answer is known.NAME in expressions.
type Question struct {
	Name    string            `json:"name" pattern:"^[a-z][a-z0-9_.]{0,59}$" doc:"A fact of the law, such as use.opened, or a name of one's own"`
	Type    string            `json:"type" enum:"bool,date,number,choice"`
	Choices []string          `json:"choices,omitempty" maxItems:"20"`
	Says    map[string]string `json:"says,omitempty" doc:"The question, by language, as in conditions"`
}

// Tier is what customers of a tier get at least.
type Tier struct {
	WindowDays  int              `json:"window_days,omitempty" minimum:"0" maximum:"36500"`
	AutoApprove map[string]int64 `json:"auto_approve,omitempty" doc:"Limit for instant approval, in minor units by currency"`
	Returnless  map[string]int64 `json:"returnless,omitempty" doc:"Goods worth less than this need not come back"`
	Advance     map[string]int64 `json:"advance,omitempty" doc:"Refunds up to this amount are paid before the goods are seen"`
	Freight     string           `json:"freight,omitempty" enum:"seller" doc:"The seller pays every way back"`
}

// Promise is money on top when the shop breaks its word: 假一赔四 pays the price
// four times more when goods are not genuine.
type Promise struct {
	Code     string            `json:"code" pattern:"^[a-z0-9_-]{1,40}$" example:"fake_four"`
	When     string            `json:"when,omitempty" maxLength:"2000" doc:"Expression; left out: whenever a reason below is given"`
	Reasons  []string          `json:"reasons,omitempty" maxItems:"100" doc:"Reasons it stands for; none: those whose claim is fraud"`
	Basis    string            `json:"basis,omitempty" enum:"promise,goodwill,statutory" doc:"Basis of the compensation; promise where left out"`
	Multiple int               `json:"multiple" minimum:"0" maximum:"1000" doc:"Percent of what was paid for the goods: 400 is four times" example:"400"`
	Min      map[string]int64  `json:"min,omitempty" doc:"At least this much, in minor units by currency"`
	Max      map[string]int64  `json:"max,omitempty" doc:"At most this much"`
	Auto     map[string]int64  `json:"auto_approve,omitempty" doc:"Paid without another look up to this much, where a person has graded the goods or approved the case; a currency that is not listed goes to a person"`
	OnTop    bool              `json:"on_top,omitempty" doc:"Comes on top of what the law gives for the same wrong; left out, the larger of the two is paid, and what was paid before is set off"`
	Says     map[string]string `json:"says,omitempty" doc:"The promise in words, by language, as in conditions"`
}

// OfferRule is an offer that is made by itself.
type OfferRule struct {
	ID      string            `json:"id" pattern:"^[a-z0-9_-]{1,40}$"`
	When    string            `json:"when,omitempty" maxLength:"2000" doc:"Expression; left out: whenever the rest fits"`
	Kinds   []string          `json:"kinds,omitempty" maxItems:"6" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation"`
	Phases  []string          `json:"phases,omitempty" maxItems:"3" enum:"pre_ship,in_transit,after_receipt"`
	Reasons []string          `json:"reasons,omitempty" maxItems:"100"`
	Offer   string            `json:"offer" enum:"return_refund,refund_only,partial,exchange" doc:"partial: an amount is paid and the goods are kept"`
	Percent int               `json:"percent,omitempty" minimum:"0" maximum:"100" doc:"partial: of what the request would pay"`
	Amount  map[string]int64  `json:"amount,omitempty" doc:"partial: instead of a percentage, or at most, in minor units by currency"`
	Freight string            `json:"freight,omitempty" enum:"seller,customer"`
	Only    bool              `json:"only_on_demand,omitempty" doc:"Made only where a condition names it"`
	Says    map[string]string `json:"says,omitempty" doc:"In words, by language, as in conditions"`
}

// EvidenceRule asks for evidence by reason and value.
type EvidenceRule struct {
	Reasons []string          `json:"reasons,omitempty" maxItems:"100" doc:"None: all"`
	Kinds   []string          `json:"kinds,omitempty" maxItems:"6" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation"`
	Above   map[string]int64  `json:"above,omitempty" doc:"Only requests worth more than this, in minor units by currency; a currency that is not listed: always"`
	Ask     []string          `json:"ask" minItems:"1" maxItems:"3" enum:"photo,video,document"`
	Says    map[string]string `json:"says,omitempty" doc:"In words, by language, as in conditions"`
}
