// Package policy holds what a shop promises about returns and judges a request
// by it.
//
// It owns policies, their versions with who wrote, read and published them, and
// the judgement with its grounds. It does not move money or cases, and it does
// not state the law: package rights does, and is the floor under every policy.
// Only a draft changes; the version that was live at the purchase is named in
// the order and judges it for ever.
package policy

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown = fault.New(fault.Missing, "policy.unknown", "There is no such policy.")
	ErrInvalid = fault.New(fault.Invalid, "policy.invalid", "The policy contradicts itself or is incomplete.")
	ErrStale   = fault.New(fault.Stale, "policy.stale", "The policy has changed since you read it.")

	ErrFloor    = fault.New(fault.Invalid, "policy.floor", "The policy takes away what the law gives.")
	ErrTests    = fault.New(fault.Invalid, "policy.tests", "Examples saved with the policy do not come out as written.")
	ErrParent   = fault.New(fault.Invalid, "policy.parent", "The policy that this one stands on does not exist, is not live or stands on another.")
	ErrFourEyes = fault.New(fault.Denied, "policy.four_eyes", "Somebody else than the author has to read the policy first.")
	ErrNeeded   = fault.New(fault.Conflict, "policy.needed", "The policy cannot be retired: something stands on it.")
)

// Standard is the id of the policy that orders get when they name none.
const Standard = "standard"

// Policy is one version of a named set of rules.
type Policy struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Version   int64     `json:"version"`
	State     State     `json:"state" enum:"draft,reviewed,live,retired"`
	Rules     Rules     `json:"rules"`
	Tests     []Test    `json:"tests,omitempty" doc:"Examples that must come out as written before the version goes live"`
	Note      string    `json:"note,omitempty" doc:"Why it was written"`
	Author    Name      `json:"author" doc:"Who wrote it, last"`
	Reviewer  Name      `json:"reviewer,omitzero" doc:"Who read it"`
	Parent    int64     `json:"parent_version,omitempty" doc:"Version of the platform policy under it"`
	Steps     []Step    `json:"steps,omitempty" doc:"Who did what with it and why, in the order it happened"`
	Revision  int64     `json:"revision" doc:"Grows with every change of a draft"`
	CreatedAt time.Time `json:"created_at"`
	LiveAt    time.Time `json:"live_at,omitzero"`
	RetiredAt time.Time `json:"retired_at,omitzero"`

	engine *engine // shared by copies; compiled when first asked
}

// Name is who did something with a version, as it was shown then.
type Name struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// Step is one thing that was done with a version.
type Step struct {
	Action string    `json:"action" enum:"draft,edit,review,reject,activate,retire"`
	By     Name      `json:"by"`
	At     time.Time `json:"at"`
	Note   string    `json:"note,omitempty"`
}

// Rules is what the shop promises. Days are calendar days in the customer's
// zone, hours are hours; limits and fees are minor units by ISO 4217 currency.
type Rules struct {
	WindowDays   int                 `json:"window_days" minimum:"0" maximum:"36500" doc:"Days after delivery in which a return may be asked for; the day of delivery does not count"`
	Categories   map[string]Category `json:"categories,omitempty" doc:"Exceptions by the shop's category"`
	Reasons      []Reason            `json:"reasons" minItems:"1" doc:"Reasons offered, in the order shown"`
	AutoApprove  map[string]int64    `json:"auto_approve,omitempty" doc:"Refunds up to this amount are approved at once; a currency that is not listed always goes to a person"`
	LabelFee     map[string]int64    `json:"label_fee,omitempty" doc:"Cost of the return label, deducted where the customer pays the way back"`
	Shipping     string              `json:"shipping" enum:"none,pro_rata,difference" doc:"Outbound shipping on a partial return"`
	FullShipping bool                `json:"full_shipping" doc:"Give back outbound shipping when everything comes back"`
	AnswerHours  int                 `json:"answer_hours" minimum:"1" maximum:"720" doc:"A request that nobody answered is approved after this time; but see silence"`
	ShipBackDays int                 `json:"ship_back_days" minimum:"1" maximum:"180" doc:"Days to hand over the parcel after approval"`
	InspectHours int                 `json:"inspect_hours" minimum:"1" maximum:"1440" doc:"A delivered return that nobody inspected is refunded after this time"`
	PayoutHours  int                 `json:"payout_hours" minimum:"1" maximum:"720" doc:"Money has to leave within this time"`

	Preset              string                      `json:"preset,omitempty" enum:"own,taobao,wechat,eu" doc:"Channel whose habits fill in the timers that are not set"`
	Timers              Waits                       `json:"timers,omitzero" doc:"More timers; what is missing is the preset's or the default"`
	Kinds               []string                    `json:"kinds,omitempty" maxItems:"6" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation" doc:"Kinds of request offered; none listed: all that need no setting, and price protection and compensation where they are set"`
	Promotions          string                      `json:"promotions,omitempty" enum:"keep,rebill" doc:"Discounts whose condition a partial return breaks: keep (default) or charge the prices that the rest would have had"`
	Tender              string                      `json:"tender,omitempty" enum:"component,proportional,order" doc:"Which means of payment get money back: those that paid the unit (component, default), all in proportion, or in the order they are listed"`
	RestockingFee       int                         `json:"restocking_fee,omitempty" minimum:"0" maximum:"50" doc:"Percent of the goods' value kept where the fault is not the seller's"`
	Keep                Keep                        `json:"returnless,omitzero" doc:"Goods that need not come back"`
	Advance             Advance                     `json:"advance,omitzero" doc:"Money paid before the goods are seen"`
	Exchange            Swap                        `json:"exchange,omitzero" doc:"Exchanges"`
	Silence             string                      `json:"silence,omitempty" enum:"call,approve" doc:"What happens to a lower price that the catalogue does not confirm, and to a compensation, when nobody answered in time: a person is called and they wait (call, default), or they are approved up to their limits. A promise, and what the law is said to give, always wait; other requests are approved"`
	PriceProtectionDays int                         `json:"price_protection_days,omitempty" minimum:"0" maximum:"365" doc:"Days after delivery, or after the purchase of what is not delivered, in which a lower price is paid back; 0: not offered"`
	Compensation        map[string]map[string]int64 `json:"compensation,omitempty" doc:"Most that may be paid on top by basis (goodwill, promise, statutory) and currency, in minor units; a basis or currency that is not listed may not be paid" example:"{\"goodwill\":{\"CNY\":5000}}"`
	Bulk                map[string]int64            `json:"bulk_limit,omitempty" doc:"Cases worth up to this amount may be approved together with others, in minor units by currency"`

	Markets    []string        `json:"markets,omitempty" maxItems:"60" doc:"Jurisdictions it is meant for, such as CN, DE or US-NY: their law is its floor"`
	Parent     string          `json:"parent,omitempty" pattern:"^[a-z0-9-]{1,40}$" doc:"Policy of the platform that this one stands on: the customer gets the better of both"`
	Conditions []Condition     `json:"conditions,omitempty" maxItems:"200" doc:"Rules of the shop's own; of several that say something about the same, the first that is true"`
	Tiers      map[string]Tier `json:"tiers,omitempty" doc:"What customers of a tier get at least"`
	Promises   []Promise       `json:"promises,omitempty" maxItems:"50" doc:"What the shop pays on top when it breaks its word"`
	Proposals  []OfferRule     `json:"offers,omitempty" maxItems:"50" doc:"What is offered by itself"`
	Evidence   []EvidenceRule  `json:"evidence,omitempty" maxItems:"50" doc:"Evidence asked for by reason and value"`
}

// Keep says which goods are not worth their way back.
type Keep struct {
	Below map[string]int64 `json:"below,omitempty" doc:"Goods worth less than this are paid back without a return, in minor units by currency"`
}

// Advance says how much is paid before the goods are seen.
type Advance struct {
	Max   map[string]int64 `json:"max,omitempty" doc:"Refunds up to this amount are paid in advance, in minor units by currency"`
	After string           `json:"after,omitempty" enum:"first_scan" doc:"What has to have happened: the carrier's first scan of the parcel (default)"`
}

// Swap says how exchanges go.
type Swap struct {
	HoldDays int `json:"hold_days,omitempty" minimum:"0" maximum:"180" doc:"Days after approval for which the new goods are kept for the customer; 0: 30"`
}

// Category is an exception for one category of goods.
type Category struct {
	WindowDays *int   `json:"window_days,omitempty" minimum:"0" maximum:"36500"`
	Final      bool   `json:"final,omitempty" doc:"Sold for good, unless the fault is the seller's"`
	Why        string `json:"why,omitempty" enum:"hygiene,perishable,digital,custom_made,clearance,other" doc:"Why it is final"`

	OnceOpened  bool             `json:"once_opened,omitempty" doc:"Final only once the seal of the goods is broken, or digital goods were started; the customer is asked"`
	Traits      []string         `json:"traits,omitempty" maxItems:"20" doc:"What the law calls such goods, such as perishable or sealed_hygiene; left out: what why says"`
	AutoApprove map[string]int64 `json:"auto_approve,omitempty" doc:"Limit for instant approval instead of the general one"`
}

func (c Category) why() string {
	if c.Why == "" {
		return "other"
	}
	return c.Why
}

// Reason is one answer to "what is wrong?".
type Reason struct {
	Code       string `json:"code" pattern:"^[a-z_]{2,40}$"`
	Photos     string `json:"photos" enum:"none,optional,required"`
	Freight    string `json:"freight" enum:"seller,customer" doc:"Who pays the way back"`
	WindowDays *int   `json:"window_days,omitempty" minimum:"0" maximum:"36500" doc:"Instead of the general window"`

	CureDays    *int             `json:"cure_days,omitempty" minimum:"0" maximum:"36500" doc:"Days in which faulty goods are exchanged or sent again, and paid back or reduced in price where that failed or the fault is serious, where that is longer than the window"`
	Claim       string           `json:"claim,omitempty" enum:"change_of_mind,defect,not_delivered,fraud" doc:"What it is for the law; left out: by its code, else a defect where the seller pays the way back and a change of mind where the customer does"`
	AutoApprove map[string]int64 `json:"auto_approve,omitempty" doc:"Limit for instant approval instead of the general one and the category's"`
}

// Fault reports whether the reason lies with the seller, who then pays the way
// back and for whom no category is final. A seller may also pay the way back of
// what is no fault of his, and says so with the claim.
func (r Reason) Fault() bool { return r.Freight == "seller" && r.Claim != ChangeOfMind }

// cure is the window in which faulty goods are replaced.
func (r Reason) cure(window int) int {
	if r.CureDays != nil && r.Claims() == Defect {
		return max(window, *r.CureDays)
	}
	return window
}

// Claims of the law that a reason may stand for.
const (
	ChangeOfMind = "change_of_mind"
	Defect       = "defect"
	NotDelivered = "not_delivered"
	Fraud        = "fraud"
)

// whims are the usual reasons that are no fault of the seller's, whoever pays
// the way back.
var whims = []string{"no_longer_needed", "wrong_size", "ordered_by_mistake"}

// Claims is what the reason is for the law.
func (r Reason) Claims() string {
	switch {
	case r.Claim != "":
		return r.Claim
	case r.Code == NotReceived:
		return NotDelivered
	case slices.Contains(whims, r.Code):
		return ChangeOfMind
	case r.Fault():
		return Defect
	}
	return ChangeOfMind
}

// NotReceived is a reason that no shop can leave out: whoever did not get the
// goods may say so.
const NotReceived = "not_received"

// Reason finds a reason by its code.
func (r Rules) Reason(code string) (Reason, bool) {
	i := slices.IndexFunc(r.Reasons, func(x Reason) bool { return x.Code == code })
	if i >= 0 {
		return r.Reasons[i], true
	}
	if code == NotReceived {
		return Reason{Code: NotReceived, Photos: "none", Freight: "seller"}, true
	}
	return Reason{}, false
}

// Freight tells by reason who pays the way back.
func (r Rules) Freight() map[string]string {
	by := make(map[string]string, len(r.Reasons))
	for _, x := range r.Reasons {
		by[x.Code] = x.Freight
	}
	return by
}

// Default is what a new shop starts with: the seven days of China's Consumer
// Rights Protection Law art. 25 as the general window, thirty days where the
// fault is the seller's, two years in which faulty goods are replaced (art. 24
// and its guarantees).
func Default() Rules {
	thirty, twoYears := 30, 731
	fault := func(code, photos string) Reason {
		return Reason{Code: code, Photos: photos, Freight: "seller", WindowDays: &thirty, CureDays: &twoYears}
	}
	return Rules{
		Markets:    []string{"CN"},
		WindowDays: 7,
		Categories: map[string]Category{
			"underwear": {Final: true, Why: "hygiene"}, "fresh_food": {Final: true, Why: "perishable"},
			"digital": {Final: true, Why: "digital"}, "custom_made": {Final: true, Why: "custom_made"},
		},
		Reasons: []Reason{
			{Code: "no_longer_needed", Photos: "none", Freight: "customer"},
			{Code: "wrong_size", Photos: "none", Freight: "customer"},
			{Code: "ordered_by_mistake", Photos: "none", Freight: "customer"},
			fault("defective", "required"), fault("damaged_in_transit", "required"), fault("wrong_item", "required"),
			fault("not_as_described", "optional"), fault("missing_parts", "optional"),
		},
		AutoApprove: map[string]int64{"CNY": 50000, "USD": 7500, "EUR": 7000, "GBP": 6000, "TWD": 200000, "BRL": 40000, "JPY": 10000},
		LabelFee:    map[string]int64{"CNY": 1000, "USD": 500, "EUR": 490, "GBP": 400, "TWD": 6000, "BRL": 2000, "JPY": 700},
		Shipping:    "none", FullShipping: true,
		AnswerHours: 48, ShipBackDays: 7, InspectHours: 72, PayoutHours: 24,
	}
}

// Until is the last moment in which a unit of a category, delivered at a time,
// may be sent back for a reason. ok is false where it may not at all, and why
// names the category's ground.
func (r Rules) Until(category string, delivered time.Time, reason Reason, zone *time.Location) (until time.Time, ok bool, why string) {
	if c := r.Categories[category]; c.Final && !c.OnceOpened && !reason.Fault() {
		return time.Time{}, false, c.why()
	}
	return calendar.EndOfDay(delivered, r.days(category, reason).n, zone), true, ""
}
