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
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/cases/{id}/address", Need: role.CaseReceive, Tag: "cases", Summary: "Read where the replacement goes, unmasked", Faults: []*fault.Fault{ErrUnknown, ErrNoAddress}}, s.wholeAddress)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/scans", Need: role.ParcelScan, Tag: "parcels", Status: 202, Summary: "Report a carrier's scan",
		Faults: []*fault.Fault{shipment.ErrUnknown, shipment.ErrScan}}, s.scan)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/cases/{id}/label.pdf", Need: role.CaseRead, Tag: "cases", Summary: "Return label", Produces: "application/pdf",
		Query: map[string]string{"lang": "Language of the instructions"}, Faults: []*fault.Fault{ErrUnknown, ErrLabel}}, s.label)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/cases.csv", Need: role.CaseExport, Tag: "cases", Summary: "Export cases as a table", Produces: "text/csv", Query: exportQuery()}, s.exportCSV)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/cases.jsonl", Need: role.CaseExport, Tag: "cases", Summary: "Export cases, one JSON object a line", Produces: "application/x-ndjson", Query: exportQuery()}, s.exportJSON)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/live", Need: role.EventRead, Tag: "cases", Summary: "Hear of changes as they happen (server-sent events)", Produces: "text/event-stream",
		Query: map[string]string{"case": "Only this case", "type": "Only events of this type, such as case.completed; may be given several times"}, Faults: []*fault.Fault{ErrUnknown}}, s.live)
	s.bulkRoutes(a)
	s.noteRoutes(a)
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
		Kind    string     `json:"kind,omitempty" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation" doc:"Missing: return_refund"`
		Order   string     `json:"order" doc:"Order id"`
		Items   []wantedIn `json:"items" minItems:"1" maxItems:"100"`
		Comment string     `json:"comment,omitempty" maxLength:"2000"`
		Photos  []string   `json:"photos,omitempty" maxItems:"20" doc:"Ids of uploaded photos"`
		Ask
		Address      *shipment.Address `json:"address,omitempty" doc:"exchange, reship: where the replacement goes; missing: where the order went"`
		AddressRight bool              `json:"address_right,omitempty" doc:"exchange, reship: the customer confirms the address of the order"`
		Language     string            `json:"language,omitempty" doc:"Language of messages to the customer. Empty: that of the customer's own request, and the one the customer is known to read where staff ask"`
	}
}

// Ask is what only requests of some kinds say.
type Ask struct {
	Intercept bool   `json:"intercept,omitempty" doc:"refund_only of goods under way: the carrier shall bring them back"`
	Credit    bool   `json:"credit,omitempty" doc:"exchange: a difference in the customer's favour becomes store credit"`
	Basis     string `json:"basis,omitempty" enum:"goodwill,promise,statutory" doc:"compensation: its ground"`
	Amount    int64  `json:"amount,omitempty" minimum:"0" doc:"compensation: minor units of the order's currency"`
}

type wantedIn struct {
	Line     int      `json:"line" minimum:"1"`
	Quantity int64    `json:"quantity" minimum:"1"`
	Reason   string   `json:"reason,omitempty" maxLength:"40" doc:"A reason the shop offers; not needed for price_protection and compensation"`
	Photos   []string `json:"photos,omitempty" maxItems:"20"`
	SKU      string   `json:"sku,omitempty" maxLength:"100" doc:"exchange: the article wanted instead; missing: the same again"`
	Lower    int64    `json:"lower,omitempty" minimum:"0" doc:"price_protection: the lower price of one unit, minor units"`
}

func (in *openIn) request() Request {
	r := Request{Kind: in.Body.Kind, Order: in.Body.Order, Comment: strings.TrimSpace(in.Body.Comment), Photos: in.Body.Photos, Language: in.Body.Language,
		Intercept: in.Body.Intercept, Credit: in.Body.Credit, Basis: in.Body.Basis, Amount: in.Body.Amount, Address: in.Body.Address, AddressRight: in.Body.AddressRight}
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
		return nil, because(ctx, tx, by, in.ID, in.Body.Action, in.Language(), err)
	}
	return s.answer(ctx, tx, by, c, in.Language(), in.Prefer)
}

type scanIn struct {
	Body struct {
		Carrier  string         `json:"carrier,omitempty" maxLength:"60"`
		Tracking string         `json:"tracking" minLength:"1" maxLength:"60"`
		Status   shipment.State `json:"status" enum:"handed_over,in_transit,out_for_delivery,delivered,refused,intercepted,returned,lost,exception"`
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
