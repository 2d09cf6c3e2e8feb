package cases

import (
	"cmp"
	"strings"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/httpapi"
)

type postIn struct {
	httpapi.Lang
	httpapi.IfMatch
	ID     string `path:"id"`
	Prefer string `header:"Prefer" doc:"return=minimal answers with the least (RFC 7240)"`
	Body   actionIn
}

type actionIn struct {
	Action     Action            `json:"action" enum:"approve,refuse,answer,offer,accept,decline,amend,withdraw,add_parcel,hand_over,lose,receive,grade,ship,back_order,convert,confirm,liability,address,reopen,keep_closed,assign,note"`
	Note       string            `json:"note,omitempty" maxLength:"2000" doc:"approve: a word to the customer"`
	Comment    string            `json:"comment,omitempty" maxLength:"2000" doc:"refuse: why, for the customer; reopen: why; others: a word that is kept"`
	ReasonCode string            `json:"reason_code,omitempty" enum:"outside_window,not_covered,damaged_by_use,no_evidence,other" doc:"refuse: the ground"`
	Photos     []string          `json:"photos,omitempty" maxItems:"20" doc:"refuse: evidence for it; amend, answer: more evidence"`
	Parcel     string            `json:"parcel,omitempty" maxLength:"60" doc:"hand_over, receive: which parcel; missing: the first, or all that are under way"`
	Carrier    string            `json:"carrier,omitempty" maxLength:"60" doc:"hand_over, ship: if not with our label"`
	Tracking   string            `json:"tracking,omitempty" maxLength:"60"`
	Address    *shipment.Address `json:"address,omitempty" doc:"ship: where this parcel goes; address: where the replacement goes from now on. Missing: where it goes already"`
	More       bool              `json:"more,omitempty" doc:"receive: another parcel is still to come"`
	Assignee   string            `json:"assignee,omitempty" maxLength:"60" doc:"assign: a member of staff; missing: nobody"`
	Text       string            `json:"text,omitempty" maxLength:"4000" doc:"note: for staff only"`
	Mentions   []string          `json:"mentions,omitempty" maxItems:"20" doc:"note: ids of colleagues who are told of it"`
	Items      []itemIn          `json:"items,omitempty" maxItems:"400" doc:"receive: line and quantity; grade: line, count, grade, disposition; amend: as in a request"`
	Upfront    *int64            `json:"freight_paid,omitempty" minimum:"0" doc:"liability: what the customer paid for the way back, minor units; who bears it gives it back. Missing: as it was"`
	AnswerIn
	OfferIn
	AgainKind
}

// AnswerIn is what was asked before a decision.
type AnswerIn struct {
	Facts Facts `json:"facts,omitempty" doc:"answer: by the names of the case's needs: a truth, a number, a day such as 2026-11-03 or a choice; null: it is not known, or cannot be shown"`
}

// OfferIn is what an offer says.
type OfferIn struct {
	OfferKind string `json:"offer_kind,omitempty" enum:"return_refund,refund_only,partial" doc:"offer: what is proposed; partial: an amount is paid and the goods are kept"`
	Amount    int64  `json:"amount,omitempty" minimum:"0" doc:"offer of a partial refund; amend: a compensation; reopen: goodwill to add. Minor units"`
	Freight   string `json:"freight,omitempty" enum:"seller,customer,carrier,platform" doc:"offer, liability, reopen: who bears the freight"`
}

// AgainKind is what an amendment changes besides the items. An amended
// compensation has its amount where an offer has it.
type AgainKind struct {
	Intercept bool   `json:"intercept,omitempty" doc:"amend to refund_only of goods under way: the carrier shall bring them back"`
	Credit    bool   `json:"credit,omitempty" doc:"amend to an exchange: a difference in the customer's favour becomes store credit"`
	Basis     string `json:"basis,omitempty" enum:"goodwill,promise,statutory" doc:"amend to a compensation: its ground"`
	Kind      string `json:"kind,omitempty" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation" doc:"amend: another kind of request"`
}

// Again is a customer's amended request. What is missing stays as it was.
type Again struct {
	AgainKind
	Items  []wantedIn `json:"items,omitempty" maxItems:"100" doc:"amend: all that is wanted now"`
	Photos []string   `json:"photos,omitempty" maxItems:"20" doc:"amend, answer: more evidence"`
}

func (a Again) request(comment string, amount int64) Request {
	r := Request{Kind: a.Kind, Photos: a.Photos, Comment: strings.TrimSpace(comment), Intercept: a.Intercept, Credit: a.Credit, Basis: a.Basis, Amount: amount}
	for _, w := range a.Items {
		r.Items = append(r.Items, Wanted(w))
	}
	return r
}

type itemIn struct {
	Line        int      `json:"line" minimum:"0" doc:"0: an article that is not of the order"`
	Quantity    int64    `json:"quantity,omitempty" minimum:"0" doc:"receive: units that arrived; amend: units that are wanted"`
	Finding     string   `json:"finding,omitempty" enum:"wrong_item,swapped,extra" doc:"receive: not what was announced"`
	SKU         string   `json:"sku,omitempty" maxLength:"100" doc:"receive: what it is instead; amend: the article wanted in exchange"`
	Lower       int64    `json:"lower,omitempty" minimum:"0" doc:"amend: the lower price of one unit, minor units"`
	Title       string   `json:"title,omitempty" maxLength:"200"`
	Reason      string   `json:"reason,omitempty" maxLength:"40" doc:"amend: what is wrong"`
	Reasons     []string `json:"reasons,omitempty" maxItems:"8" enum:"as_new,opened,used,damaged_by_customer,damaged_in_transit,incomplete,not_ours,hygiene_broken" doc:"grade: why this grade"`
	Count       int64    `json:"count,omitempty" minimum:"0" doc:"grade: units with this finding"`
	Grade       string   `json:"grade,omitempty" enum:"A,B,C,D"`
	Note        string   `json:"note,omitempty" maxLength:"2000"`
	Photos      []string `json:"photos,omitempty" maxItems:"20"`
	Loss        int64    `json:"loss,omitempty" minimum:"0" doc:"grade: kept of the money of these units because they are worth less or not complete, minor units; needs basis, and a note or photos"`
	LossCode    string   `json:"loss_code,omitempty" enum:"diminished_value,missing_parts" doc:"grade: what the loss is; missing: diminished_value"`
	Basis       string   `json:"basis,omitempty" enum:"contract,crd_14_2,bgb_357a,cn_no_reason_returns" doc:"grade: the legal basis of the loss"`
	Disposition string   `json:"disposition,omitempty" enum:"restock,refurbish,liquidate,donate,recycle,vendor,return_to_customer"`
}

// needed is the permission of each action; reading a case is not enough.
var needed = map[Action]actor.Permission{
	Approve: role.CaseDecide, Refuse: role.CaseDecide, Propose: role.CaseDecide, Accept: role.CaseDecide, Decline: role.CaseDecide,
	Amend: role.CaseOpen, Answer: role.CaseOpen, Withdraw: role.CaseDecide, AddParcel: role.ParcelScan, HandOver: role.ParcelScan, Lose: role.CaseDecide,
	Receive: role.CaseReceive, Grade: role.CaseReceive, Ship: role.CaseReceive, BackLog: role.CaseReceive, Convert: role.CaseDecide,
	Confirm: role.CaseDecide, Liable: role.CaseDecide, Readdress: role.CaseOpen, Reopen: role.CaseDecide, Keep: role.CaseDecide, Assign: role.CaseNote, Note: role.CaseNote,
}

func (b actionIn) input() Input {
	in := Input{Action: b.Action, Comment: strings.TrimSpace(b.Comment), Reason: b.ReasonCode, Photos: b.Photos, Parcel: b.Parcel, Carrier: b.Carrier,
		Tracking: b.Tracking, Address: b.Address, More: b.More, Assignee: b.Assignee, Facts: b.Facts, Upfront: b.Upfront}
	in.offer(b.OfferIn)
	switch b.Action {
	case Approve:
		in.Comment = strings.TrimSpace(b.Note + b.Comment)
	case Note:
		in.Comment, in.Mentions = b.Text, b.Mentions
	case Amend:
		again := Again{AgainKind: b.AgainKind, Photos: b.Photos}
		for _, it := range b.Items {
			again.Items = append(again.Items, wantedIn{Line: it.Line, Quantity: it.Quantity, Reason: it.Reason, Photos: it.Photos, SKU: it.SKU, Lower: it.Lower})
		}
		in.Request = again.request(b.Comment, b.Amount)
	case Receive:
		for _, it := range b.Items {
			in.Received = append(in.Received, inspection.Received{Line: it.Line, Quantity: it.Quantity, Finding: it.Finding, SKU: it.SKU, Title: it.Title, Note: it.Note, Photos: it.Photos})
		}
	case Grade:
		for i, it := range b.Items {
			if it.Loss != 0 {
				in.Losses = append(in.Losses, Loss{Line: it.Line, Code: cmp.Or(it.LossCode, refund.CodeDiminished), Amount: it.Loss, Basis: it.Basis, Item: i})
			}
			in.Grades = append(in.Grades, inspection.Grade{Line: it.Line, Count: it.Count, Grade: it.Grade, Reasons: it.Reasons, Note: it.Note, Photos: it.Photos,
				Disposition: it.Disposition, Accepted: it.Disposition != inspection.Back})
		}
	}
	return in
}

func (in *Input) offer(o OfferIn) { in.Kind, in.Amount, in.Freight = o.OfferKind, o.Amount, o.Freight }
