package cases

import (
	"context"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes adds the staff's part and the customers' part of the API.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/cases", Need: role.CaseRead, Tag: "cases", Summary: "List cases"}, s.list)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/cases", Need: role.CaseOpen, Tag: "cases", Status: 201, Summary: "Open a case on behalf of a customer", Faults: openFaults}, s.open)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/cases/{id}", Need: role.CaseRead, Tag: "cases", Summary: "Read a case", Faults: []*fault.Fault{ErrUnknown}}, s.get)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/cases/{id}/actions", Need: role.CaseRead, Tag: "cases", Summary: "Do something to a case", Faults: actFaults}, s.post)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/scans", Need: role.ParcelScan, Tag: "parcels", Status: 202, Summary: "Report a carrier's scan",
		Faults: []*fault.Fault{shipment.ErrUnknown, shipment.ErrScan}}, s.scan)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/cases/{id}/label.pdf", Need: role.CaseRead, Tag: "cases", Summary: "Return label", Produces: "application/pdf",
		Query: map[string]string{"lang": "Language of the instructions"}, Faults: []*fault.Fault{ErrUnknown, ErrLabel}}, s.label)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/cases.csv", Need: role.CaseExport, Tag: "cases", Summary: "Export cases as a table", Produces: "text/csv", Query: exportQuery}, s.exportCSV)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/cases.jsonl", Need: role.CaseExport, Tag: "cases", Summary: "Export cases, one JSON object a line", Produces: "application/x-ndjson", Query: exportQuery}, s.exportJSON)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/live", Need: role.EventRead, Tag: "cases", Summary: "Hear of changes as they happen (server-sent events)", Produces: "text/event-stream",
		Query: map[string]string{"case": "Only this case"}, Faults: []*fault.Fault{ErrUnknown}}, s.live)
	s.bulkRoutes(a)
	s.myRoutes(a)
}

var (
	openFaults = []*fault.Fault{ErrItems, ErrPhotos, refund.ErrUnitsTaken}
	actFaults  = []*fault.Fault{ErrUnknown, ErrStale, ErrMove, ErrParty, ErrAction, ErrRefusal, ErrNote, inspection.ErrExcess, inspection.ErrUnmatched}
)

type openIn struct {
	httpapi.Lang
	Prefer string `header:"Prefer" doc:"return=minimal answers with the least (RFC 7240)"`
	Body   struct {
		Order    string     `json:"order" doc:"Order id"`
		Items    []wantedIn `json:"items" minItems:"1" maxItems:"100"`
		Comment  string     `json:"comment,omitempty" maxLength:"2000"`
		Photos   []string   `json:"photos,omitempty" maxItems:"20" doc:"Ids of uploaded photos"`
		Language string     `json:"language,omitempty" doc:"Language of messages to the customer. Empty: that of the customer's own request, and the one the customer is known to read where staff ask"`
	}
}

type wantedIn struct {
	Line     int      `json:"line" minimum:"1"`
	Quantity int64    `json:"quantity" minimum:"1"`
	Reason   string   `json:"reason" maxLength:"40"`
	Photos   []string `json:"photos,omitempty" maxItems:"20"`
}

func (in *openIn) request() Request {
	r := Request{Order: in.Body.Order, Comment: strings.TrimSpace(in.Body.Comment), Photos: in.Body.Photos, Language: in.Body.Language}
	for _, w := range in.Body.Items {
		r.Items = append(r.Items, Wanted(w))
	}
	return r
}

type caseOut struct {
	ETag              string `header:"ETag"`
	Location          string `header:"Location"`
	PreferenceApplied string `header:"Preference-Applied"`
	Body              *View
}

// answer gives the case after a change: whole, or only its version for callers
// that asked for no more.
func (s *Service) answer(ctx context.Context, tx *db.Tx, by actor.Actor, c Case, lang, prefer string) (*caseOut, error) {
	out := &caseOut{ETag: httpapi.ETag(c.Version), Location: base(by) + "/cases/" + c.ID}
	if strings.Contains(prefer, "return=minimal") {
		out.PreferenceApplied = "return=minimal"
		out.Body = minimal(c)
		return out, nil
	}
	v, err := s.Look(ctx, tx, by, c, lang)
	out.Body = &v
	return out, err
}

func (s *Service) open(ctx context.Context, tx *db.Tx, by actor.Actor, in *openIn) (*caseOut, error) {
	r := in.request()
	if r.Language == "" && by.Kind == actor.Customer {
		r.Language = in.Language()
	}
	c, err := s.Open(ctx, tx, by, r)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, tx, by, c, in.Language(), in.Prefer)
}

type getIn struct {
	httpapi.Lang
	ID string `path:"id"`
}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*caseOut, error) {
	c, err := ByID(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, tx, by, c, in.Language(), "")
}

type postIn struct {
	httpapi.Lang
	httpapi.IfMatch
	ID     string `path:"id"`
	Prefer string `header:"Prefer" doc:"return=minimal answers with the least (RFC 7240)"`
	Body   actionIn
}

type actionIn struct {
	Action     Action   `json:"action" enum:"approve,refuse,hand_over,receive,grade,withdraw,note"`
	Note       string   `json:"note,omitempty" maxLength:"2000" doc:"approve: a word to the customer"`
	Comment    string   `json:"comment,omitempty" maxLength:"2000" doc:"refuse: why, for the customer; withdraw: why"`
	ReasonCode string   `json:"reason_code,omitempty" enum:"outside_window,not_covered,damaged_by_use,no_evidence,other" doc:"refuse: the ground"`
	Carrier    string   `json:"carrier,omitempty" maxLength:"60" doc:"hand_over: if not with our label"`
	Tracking   string   `json:"tracking,omitempty" maxLength:"60"`
	Text       string   `json:"text,omitempty" maxLength:"4000" doc:"note: for staff only"`
	Items      []itemIn `json:"items,omitempty" maxItems:"400" doc:"receive: line and quantity; grade: line, count, grade, disposition"`
}

type itemIn struct {
	Line        int      `json:"line" minimum:"1"`
	Quantity    int64    `json:"quantity,omitempty" minimum:"0" doc:"receive: units that arrived"`
	Count       int64    `json:"count,omitempty" minimum:"0" doc:"grade: units with this finding"`
	Grade       string   `json:"grade,omitempty" enum:"A,B,C,D"`
	Note        string   `json:"note,omitempty" maxLength:"2000"`
	Photos      []string `json:"photos,omitempty" maxItems:"20"`
	Disposition string   `json:"disposition,omitempty" enum:"restock,refurbish,liquidate,donate,recycle,vendor,return_to_customer"`
}

// needed is the permission of each action; reading a case is not enough.
var needed = map[Action]actor.Permission{
	Approve: role.CaseDecide, Refuse: role.CaseDecide, Withdraw: role.CaseDecide, HandOver: role.ParcelScan,
	Receive: role.CaseReceive, Grade: role.CaseReceive, Note: role.CaseNote,
}

func (b actionIn) input() Input {
	in := Input{Action: b.Action, Comment: strings.TrimSpace(b.Comment), Reason: b.ReasonCode, Carrier: b.Carrier, Tracking: b.Tracking}
	switch b.Action {
	case Approve:
		in.Comment = strings.TrimSpace(b.Note + b.Comment)
	case Note:
		in.Comment = b.Text
	case Receive:
		for _, it := range b.Items {
			in.Received = append(in.Received, inspection.Received{Line: it.Line, Quantity: it.Quantity})
		}
	case Grade:
		for _, it := range b.Items {
			in.Grades = append(in.Grades, inspection.Grade{Line: it.Line, Count: it.Count, Grade: it.Grade, Note: it.Note, Photos: it.Photos,
				Disposition: it.Disposition, Accepted: it.Disposition != inspection.Back})
		}
	}
	return in
}

func (s *Service) post(ctx context.Context, tx *db.Tx, by actor.Actor, in *postIn) (*caseOut, error) {
	if err := role.Allow(by, needed[in.Body.Action]); err != nil {
		return nil, err
	}
	seen, err := in.Version()
	if err != nil {
		return nil, err
	}
	c, err := s.Act(ctx, tx, by, in.ID, seen, in.Body.input())
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, tx, by, c, in.Language(), in.Prefer)
}

type scanIn struct {
	Body struct {
		Carrier  string         `json:"carrier,omitempty" maxLength:"60"`
		Tracking string         `json:"tracking" minLength:"1" maxLength:"60"`
		Status   shipment.State `json:"status" enum:"handed_over,in_transit,delivered,lost"`
		At       time.Time      `json:"at"`
		Place    string         `json:"place,omitempty" maxLength:"200"`
		ID       string         `json:"id,omitempty" maxLength:"100" doc:"The carrier's own id of the scan; makes repeating harmless"`
	}
}

type nothing struct{}

func (s *Service) scan(ctx context.Context, tx *db.Tx, by actor.Actor, in *scanIn) (*nothing, error) {
	b := in.Body
	return &nothing{}, s.Scan(ctx, tx, by, b.Tracking, shipment.Scan{ID: b.ID, Status: b.Status, At: b.At, Place: b.Place})
}
