package cases

import (
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/base/money"
)

// Text is a code with its sentence in the reader's language.
type Text struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Summary is a case in a list.
type Summary struct {
	ID           string       `json:"id"`
	Number       string       `json:"number"`
	Kind         string       `json:"kind"`
	State        State        `json:"state" enum:"submitted,negotiating,await_return,returning,inspecting,resolving,await_confirm,completed,rejected,closed"`
	ClosedAs     string       `json:"closed_as,omitempty"`
	OrderNumber  string       `json:"order_number"`
	Name         string       `json:"customer_name,omitempty"`
	Title        string       `json:"title"`
	Quantity     int64        `json:"quantity"`
	Amount       money.Amount `json:"amount" doc:"What was promised or, once reserved, what is paid"`
	Reason       Text         `json:"reason"`
	OpenedAt     time.Time    `json:"opened_at"`
	UpdatedAt    time.Time    `json:"updated_at"`
	Deadline     *time.Time   `json:"deadline,omitempty"`
	WaitingFor   string       `json:"waiting_for" enum:"customer,seller,warehouse,carrier,system,nobody"`
	Assignee     string       `json:"assignee,omitempty" doc:"Id of the member of staff who looks after it"`
	AssigneeName string       `json:"assignee_name,omitempty" doc:"Their name; staff only"`
	Unread       int64        `json:"unread,omitempty" doc:"Messages of the other side that the reader's side has not read"`
	WroteAt      *time.Time   `json:"wrote_at,omitempty" doc:"Since when the customer waits for an answer to a message; staff only"`
	Version      int64        `json:"version"`
}

// View is a whole case as one reader may see it. A caller that prefers the
// minimal answer gets only what identifies the case, its state and its parcel:
// the rest is left out then, not empty.
type View struct {
	ID          string         `json:"id"`
	Number      string         `json:"number"`
	Kind        string         `json:"kind"`
	State       State          `json:"state" enum:"submitted,negotiating,await_return,returning,inspecting,resolving,await_confirm,completed,rejected,closed"`
	Phase       string         `json:"phase,omitempty" enum:"pre_ship,in_transit,after_receipt" doc:"Where the goods were at the request"`
	ClosedAs    string         `json:"closed_as,omitempty" enum:"withdrawn,expired,for_seller"`
	Assignee    *PersonRef     `json:"assignee,omitempty" doc:"Who works on it; staff only"`
	Version     int64          `json:"version"`
	Tracking    string         `json:"tracking,omitempty" doc:"Number of the parcel; its scans are reported with it"`
	Order       OrderRef       `json:"order"`
	Customer    *CustomerRef   `json:"customer,omitempty"`
	Seller      string         `json:"seller,omitempty"`
	OpenedAt    time.Time      `json:"opened_at"`
	UpdatedAt   time.Time      `json:"updated_at"`
	Language    string         `json:"language"`
	Items       []ItemView     `json:"items,omitzero"`
	Comment     string         `json:"comment,omitempty"`
	Decision    *DecisionView  `json:"decision,omitempty"`
	Needs       []NeedView     `json:"needs,omitempty" doc:"What the customer is asked before a decision; see the action answer"`
	Answers     []FactView     `json:"answers,omitempty" doc:"What was told"`
	RefundDue   *time.Time     `json:"refund_due,omitempty" doc:"By when the law wants the money paid, where it says so"`
	Parcel      *ParcelView    `json:"parcel,omitempty" doc:"The first return parcel"`
	Parcels     []ParcelView   `json:"parcels,omitzero" doc:"All parcels, to the shop and to the customer"`
	Offers      []OfferView    `json:"offers,omitempty" doc:"Oldest first; the last may be open"`
	Amendments  *Amendments    `json:"amendments,omitempty"`
	Exchange    *ExchangeView  `json:"exchange,omitempty" doc:"What is sent instead or again"`
	Dispute     *DisputeView   `json:"dispute,omitempty" doc:"A bank takes back the payment of the order"`
	Delivery    *DeliveryView  `json:"delivery,omitempty" doc:"Where the replacement of an exchange or reship goes"`
	Advance     *AdvanceView   `json:"advance,omitempty" doc:"Money that was paid before the goods were seen"`
	Claim       *ClaimView     `json:"claim,omitempty" doc:"Of a compensation"`
	Promised    []KeptView     `json:"promised,omitempty" doc:"Promises of the shop that came true in it, with the cases that pay them"`
	FreightPaid *money.Amount  `json:"freight_paid,omitempty" doc:"What the customer paid for the way back, as staff saw"`
	Liability   string         `json:"liability,omitempty" enum:"seller,customer,carrier,platform" doc:"Who bears the freight, where it is not the reason's"`
	Reopening   *ReopeningView `json:"reopening,omitempty" doc:"A proposal that a second person has to agree to; staff only"`
	Findings    []FindingView  `json:"findings,omitempty" doc:"What was in the parcels besides what was announced"`
	Money       MoneyView      `json:"money,omitzero"`
	Timers      []TimerView    `json:"timers,omitzero"`
	Next        NextView       `json:"next,omitzero"`
	Timeline    []TimelineView `json:"timeline,omitzero"`
	Actions     []ActionView   `json:"actions,omitzero"`
	Final       bool           `json:"final"`
	MoneyEffect string         `json:"money_effect,omitzero" enum:"none,partial,full"`
}

// OrderRef names the order of a case.
type OrderRef struct {
	ID     string `json:"id"`
	Number string `json:"number"`
}

// CustomerRef names the customer for staff; the telephone number is masked.
type CustomerRef struct {
	ID    string `json:"id,omitempty" doc:"As the others: missing without customer.read"`
	Name  string `json:"name" doc:"Shortened for who neither knows buyers nor packs"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// PhotoRef links to a file in the reader's part of the API.
type PhotoRef struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Kind  string `json:"kind,omitempty" enum:"photo,video,document"`
	Media string `json:"media,omitempty" doc:"Media type of what the URL answers"`
	State string `json:"state,omitempty" enum:"checking,harmful,gone" doc:"Why it is not shown: checked for malware, malware found, removed"`
}

// ItemView is one run of units.
type ItemView struct {
	Line      int         `json:"line"`
	FirstUnit int64       `json:"first_unit"`
	Quantity  int64       `json:"quantity"`
	Title     string      `json:"title"`
	SKU       string      `json:"sku"`
	ImageURL  string      `json:"image_url,omitempty"`
	Reason    Text        `json:"reason"`
	Photos    []PhotoRef  `json:"photos"`
	State     string      `json:"state" enum:"requested,received,missing,accepted,refused"`
	Received  *int64      `json:"received,omitempty" doc:"Units of this run that arrived; missing until the parcel is counted"`
	Grades    []GradeView `json:"grades"`
}

// GradeView is what the warehouse found.
type GradeView struct {
	Count       int64      `json:"count"`
	Grade       string     `json:"grade" enum:"A,B,C,D"`
	Note        string     `json:"note,omitempty"`
	Photos      []PhotoRef `json:"photos"`
	Disposition string     `json:"disposition"`
	Accepted    bool       `json:"accepted"`
}

// DecisionView is who decided what and why.
type DecisionView struct {
	Outcome string       `json:"outcome" enum:"approve,review,refuse,ask"`
	By      string       `json:"by" enum:"rule,staff,timer,agreement"`
	Name    string       `json:"name,omitempty"`
	At      time.Time    `json:"at"`
	Grounds []GroundView `json:"grounds"`
	Comment string       `json:"comment,omitempty"`
	Photos  []PhotoRef   `json:"photos,omitempty"`
	Policy  PolicyRef    `json:"policy"`
	Packs   []string     `json:"packs,omitempty" doc:"Versions of the law that were asked, such as CN@1"`
	Fired   []string     `json:"fired,omitempty" doc:"Rules of the shop's own that were true; staff only"`
}

// GroundView is one reason for a decision.
type GroundView struct {
	Code  string   `json:"code"`
	Text  string   `json:"text" doc:"In the reader's language"`
	Basis string   `json:"basis,omitempty" enum:"law,policy,promise" doc:"What it rests on; missing for what people decide"`
	Rule  string   `json:"rule,omitempty" doc:"Id of the rule; staff only"`
	Cite  []string `json:"cite,omitempty" doc:"Source in the law"`
}

// NeedView is a question that the customer is asked before a decision.
type NeedView struct {
	Name    string   `json:"name" doc:"Name under which it is answered"`
	Kind    string   `json:"kind" enum:"fact,evidence"`
	Type    string   `json:"type" enum:"bool,date,number,choice,photo,video,document"`
	Choices []Text   `json:"choices,omitempty"`
	Lines   []int    `json:"lines,omitempty" doc:"Lines of the order it is about; none: all"`
	Text    string   `json:"text" doc:"The question in the reader's language"`
	Why     []string `json:"why,omitempty" doc:"Rules that ask; staff only"`
}

// FactView is one answer.
type FactView struct {
	Name  string          `json:"name"`
	Text  string          `json:"text" doc:"What was asked, in the reader's language"`
	Value json.RawMessage `json:"value" doc:"null: the customer does not know"`
}

// PolicyRef names the rules that judged.
type PolicyRef struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
}

// ParcelView is the way back.
type ParcelView struct {
	ID            string      `json:"id"`
	Direction     string      `json:"direction" enum:"return,replacement,back,original"`
	Carrier       string      `json:"carrier"`
	Tracking      string      `json:"tracking"`
	State         string      `json:"state"`
	LabelURL      string      `json:"label_url" doc:"Empty where the label would tell an address that is not yours to see"`
	Scans         []ScanView  `json:"scans"`
	ReturnAddress AddressView `json:"return_address"`
	Stop          *StopView   `json:"stop,omitempty" doc:"The wish to stop it on its way; for staff"`
}

// StopView is what became of the wish to stop a parcel.
type StopView struct {
	Wish       string     `json:"wish" enum:"intercept_requested,intercept_accepted,intercept_refused,intercepted"`
	AskedAt    time.Time  `json:"asked_at"`
	AnsweredAt *time.Time `json:"answered_at,omitempty" doc:"When the carrier's last answer was learned"`
	ByHand     bool       `json:"by_hand,omitempty" doc:"A person has to ask the carrier"`
	Why        string     `json:"why,omitempty" doc:"The carrier's own words, or why it could not be asked"`
	Until      *time.Time `json:"until,omitempty" doc:"How long the case waits for it to come back"`
}

// ScanView is one report of the carrier.
type ScanView struct {
	At     time.Time `json:"at"`
	Status string    `json:"status"`
	Place  string    `json:"place,omitempty"`
}

// AddressView is where the parcel goes.
type AddressView struct {
	Name  string   `json:"name"`
	Lines []string `json:"lines"`
	Phone string   `json:"phone,omitempty"`
}

// MoneyView is what was promised, reserved and paid.
type MoneyView struct {
	Quoted   QuoteView     `json:"quoted"`
	Reserved money.Amount  `json:"reserved"`
	Paid     money.Amount  `json:"paid"`
	CameBack *money.Amount `json:"came_back,omitempty" doc:"What was paid, came back and waits for a person"`
	Payouts  []PayoutView  `json:"payouts"`
}

// QuoteView is a refund line by line; the components add up to the total.
type QuoteView struct {
	Currency    string          `json:"currency"`
	TaxIncluded bool            `json:"tax_included,omitempty" doc:"Prices of the order contained tax: a component and the tax on it are one price to the customer"`
	Lines       []LineQuoteView `json:"lines"`
	Components  []ComponentView `json:"components"`
	Total       money.Amount    `json:"total"`
	Due         *money.Amount   `json:"due,omitempty" doc:"exchange: what the customer pays more"`
	Tenders     []TenderView    `json:"tenders"`
	Freight     string          `json:"freight" enum:"seller,customer,carrier,platform"`
	More        []string        `json:"more,omitempty" doc:"What becomes of points and coupons, and what was left out, in words"`
}

// LineQuoteView is the refund of one line's units.
type LineQuoteView struct {
	Line       int             `json:"line"`
	Title      string          `json:"title"`
	Quantity   int64           `json:"quantity"`
	Components []ComponentView `json:"components"`
	Subtotal   money.Amount    `json:"subtotal"`
}

// ComponentView is one part of a refund; deductions are negative.
type ComponentView struct {
	Code   string       `json:"code"`
	Text   string       `json:"text"`
	Amount money.Amount `json:"amount"`
	Ground string       `json:"ground,omitempty"`
}

// TenderView is the share that goes back to one means of payment.
type TenderView struct {
	ID     string       `json:"id"`
	Kind   string       `json:"kind"`
	Label  string       `json:"label,omitempty"`
	Amount money.Amount `json:"amount"`
}

// PayoutView is one payment back to the customer.
type PayoutView struct {
	ID        string       `json:"id"`
	Purpose   string       `json:"purpose"`
	Tender    TenderRef    `json:"tender"`
	Amount    money.Amount `json:"amount"`
	State     string       `json:"state"`
	Attempts  int          `json:"attempts"`
	UpdatedAt time.Time    `json:"updated_at"`
	Reference string       `json:"reference,omitempty"`
	LastError string       `json:"last_error,omitempty"`
}

// TenderRef names a means of payment.
type TenderRef struct {
	Kind  string `json:"kind"`
	Label string `json:"label,omitempty"`
}

// TimerView is a running deadline and what happens when it passes.
type TimerView struct {
	Name             string     `json:"name" enum:"answer,reply,offer,ship_back,transit,inspect,escalate,confirm,payout,payment"`
	Deadline         *time.Time `json:"deadline,omitempty" doc:"Missing while it is paused"`
	RemainingSeconds int64      `json:"remaining_seconds" doc:"0 when the deadline has passed"`
	Paused           bool       `json:"paused"`
	OnExpiry         Text       `json:"on_expiry"`
}

// NextView says who has to do something, what, and by when.
type NextView struct {
	Who  string     `json:"who" enum:"customer,seller,warehouse,carrier,system,nobody"`
	Text string     `json:"text"`
	By   *time.Time `json:"by,omitempty"`
	// Clock is how Text tells By, in the customer's zone: a page can write there what the reader's own clock shows.
	Clock string `json:"clock,omitempty" doc:"The part of the text that tells 'by', to be written by the reader's own clock"`
}

// TimelineView is one thing that happened.
type TimelineView struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	Type  string    `json:"type"`
	Actor ActorView `json:"actor"`
	Text  string    `json:"text"`
	Note  string    `json:"note,omitempty"`
	// Of remarks of staff only.
	Mentions  []Mentioned `json:"mentions,omitempty" doc:"Colleagues whom a note names, and whether they were told"`
	Mine      bool        `json:"mine,omitempty" doc:"You wrote this note, and can still take it back"`
	TakenBack bool        `json:"taken_back,omitempty" doc:"Its writer took this note back; its text is not shown any more"`
}

// ActorView is who did it. Staff names are shown, customers' are not.
type ActorView struct {
	Kind string `json:"kind" enum:"customer,staff,key,system,timer,carrier,nobody"`
	Name string `json:"name,omitempty"`
}

// ActionView is something the reader may do, or why not.
type ActionView struct {
	Action  Action       `json:"action"`
	Allowed bool         `json:"allowed"`
	Reason  *BlockedView `json:"reason,omitempty"`
	Fields  []string     `json:"fields,omitempty"`
}

// waitingFor says whose move it is, by state.
var waitingFor = map[State]string{
	Submitted: "seller", Negotiating: "seller", AwaitReturn: "customer", Returning: "carrier", Inspecting: "warehouse",
	Resolving: "system", AwaitConfirm: "customer", Completed: "nobody", Rejected: "customer", Closed: "nobody",
}
