package backtest

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/rules/policy"
)

// Routes adds back-tests and what-if. Seeing needs policy.read, running
// policy.write; what names single cases needs case.read besides.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/backtests", Need: role.PolicyWrite, Tag: "backtests", Status: 202, Summary: "Try rules on the past",
		Faults: []*fault.Fault{ErrInvalid, ErrWaiting, policy.ErrUnknown, policy.ErrInvalid}}, s.post)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/backtests", Need: role.PolicyRead, Tag: "backtests", Summary: "List back-tests, the latest first"}, s.list)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/backtests/{id}", Need: role.PolicyRead, Tag: "backtests", Summary: "Read a back-test: progress, figures, coverage",
		Faults: []*fault.Fault{ErrUnknown}}, s.get)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/backtests/{id}/actions", Need: role.PolicyWrite, Tag: "backtests", Summary: "Cancel a back-test",
		Faults: []*fault.Fault{ErrUnknown, ErrMove}}, s.act)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/backtests/{id}/samples", Need: role.PolicyRead, Tag: "backtests", Summary: "List requests whose answer changes",
		Faults: []*fault.Fault{ErrUnknown}}, s.samples)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/backtests/{id}/groups", Need: role.PolicyRead, Tag: "backtests", Summary: "List for whom most changes",
		Faults: []*fault.Fault{ErrUnknown}}, s.groups)
	httpapi.Read(a, httpapi.Op{Route: "POST /v1/policies/what-if", Need: role.PolicyRead, Tag: "policies", Summary: "Answer one case by other rules, side by side",
		Faults: []*fault.Fault{ErrInvalid, ErrGoods, cases.ErrUnknown, policy.ErrUnknown, policy.ErrInvalid}}, s.whatIf)
	s.fileRoutes(a)
}

// Trial names the rules that are tried.
type Trial struct {
	Policy  string        `json:"policy" pattern:"^[a-z0-9-]{1,40}$" doc:"Id of the policy"`
	Version int64         `json:"version,omitempty" minimum:"0" doc:"Version to try, also a draft; or rules"`
	Rules   *policy.Rules `json:"rules,omitempty" doc:"Rules to try, which need not be stored"`
	Against string        `json:"against,omitempty" enum:"then,live" doc:"What it is compared with: the version at each purchase (then), or the live one"`
}

func (in Trial) wish() Wish {
	return Wish{Policy: in.Policy, Version: in.Version, Rules: in.Rules, Scope: Scope{Against: in.Against}}
}

type postIn struct {
	Body struct {
		Trial
		From    *time.Time `json:"from,omitempty" doc:"Only what was asked for at or after it"`
		To      *time.Time `json:"to,omitempty" doc:"And before it; missing: now"`
		Kinds   []string   `json:"kinds,omitempty" maxItems:"6" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation" doc:"Missing: all"`
		Sellers []string   `json:"sellers,omitempty" maxItems:"200" doc:"Missing: all"`
		Sources []string   `json:"sources,omitempty" maxItems:"2" enum:"cases,history" doc:"Cases, and past returns that came with an import; missing: both"`
		Limit   int64      `json:"limit,omitempty" minimum:"0" maximum:"1000000" doc:"Requests at most, the latest first; 0 or missing: 1,000,000"`
		Reason  string     `json:"reason,omitempty" pattern:"^[a-z_]{2,40}$" doc:"What past returns of an import are read as; missing: no_longer_needed"`
	}
}

type runOut struct {
	Location string `header:"Location"`
	Body     View
}

func (s *Service) post(ctx context.Context, tx *db.Tx, by actor.Actor, in *postIn) (*runOut, error) {
	b := in.Body
	w := b.wish()
	w.Scope.Kinds, w.Scope.Sellers, w.Scope.Sources, w.Scope.Limit, w.Scope.Reason = b.Kinds, b.Sellers, b.Sources, b.Limit, b.Reason
	if b.From != nil {
		w.Scope.From = b.From.UTC()
	}
	if b.To != nil {
		w.Scope.To = b.To.UTC()
	}
	r, err := s.Ask(ctx, tx, by, w)
	return &runOut{Location: "/v1/backtests/" + r.ID, Body: view(r, nil, nil)}, err
}

type listIn struct{ httpapi.Page }

type listOut struct {
	Body struct {
		Items []Summary `json:"items" nullable:"false"`
		Next  string    `json:"next"`
	}
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	all, next, err := httpapi.PageByID(in.Page, func(r Run) string { return r.ID }, func(after string, limit int) ([]Run, error) {
		return page(ctx, tx, by.Tenant, after, limit)
	})
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items, out.Body.Next = []Summary{}, next
	for _, r := range all {
		out.Body.Items = append(out.Body.Items, summary(r))
	}
	return out, nil
}

type getIn struct {
	ID string `path:"id"`
}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*runOut, error) {
	v, err := full(ctx, tx, by, in.ID)
	return &runOut{Location: "/v1/backtests/" + in.ID, Body: v}, err
}

// full reads a run with the tops of all groups.
func full(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (View, error) {
	const tops = 10
	r, err := ByID(ctx, tx, by, id)
	if err != nil {
		return View{}, err
	}
	touched, err := affected(ctx, tx, by.Tenant, id)
	if err != nil {
		return View{}, err
	}
	var all []Group
	for _, dimension := range Dimensions {
		some, err := groups(ctx, tx, by.Tenant, id, dimension, tops)
		if err != nil {
			return View{}, err
		}
		all = append(all, some...)
	}
	return view(r, touched, all), nil
}

type actIn struct {
	ID   string `path:"id"`
	Body struct {
		Action string `json:"action" enum:"cancel" doc:"cancel: stop it; what it has counted stays"`
	}
}

func (s *Service) act(ctx context.Context, tx *db.Tx, by actor.Actor, in *actIn) (*runOut, error) {
	if _, err := s.Cancel(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	v, err := full(ctx, tx, by, in.ID)
	return &runOut{Location: "/v1/backtests/" + in.ID, Body: v}, err
}

type samplesIn struct {
	httpapi.Lang
	httpapi.Page
	ID     string `path:"id"`
	Change string `query:"change" maxLength:"60" doc:"Only this change, such as approve>refuse"`
}

type samplesOut struct {
	Body struct {
		Items []SampleView `json:"items" nullable:"false"`
		Next  string       `json:"next"`
	}
}

func (s *Service) samples(ctx context.Context, tx *db.Tx, by actor.Actor, in *samplesIn) (*samplesOut, error) {
	if err := role.Allow(by, role.CaseRead); err != nil {
		return nil, err
	}
	if _, err := ByID(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	var after samplePlace
	if err := httpapi.DecodeCursor(in.Cursor, &after.Change, &after.Seq); err != nil {
		return nil, err
	}
	all, err := samples(ctx, tx, by.Tenant, in.ID, in.Change, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &samplesOut{}
	out.Body.Items = []SampleView{}
	if len(all) > in.Limit {
		all = all[:in.Limit]
		last := all[in.Limit-1]
		out.Body.Next = httpapi.EncodeCursor(last.Change, last.Seq)
	}
	for _, one := range all {
		out.Body.Items = append(out.Body.Items, sampleView(one, in.Language()))
	}
	return out, nil
}

type groupsIn struct {
	ID        string `path:"id"`
	Dimension string `query:"dimension" required:"true" enum:"kind,reason,category,country,seller,customer"`
	Limit     int    `query:"limit" default:"50" minimum:"1" maximum:"1000"`
}

type groupsOut struct {
	Body struct {
		Items []GroupView `json:"items" nullable:"false"`
		Next  string      `json:"next" doc:"Always empty"`
	}
}

func (s *Service) groups(ctx context.Context, tx *db.Tx, by actor.Actor, in *groupsIn) (*groupsOut, error) {
	if _, err := ByID(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	all, err := groups(ctx, tx, by.Tenant, in.ID, in.Dimension, in.Limit)
	out := &groupsOut{}
	out.Body.Items = []GroupView{}
	for _, g := range all {
		out.Body.Items = append(out.Body.Items, g.view())
	}
	return out, err
}

type whatIfIn struct {
	httpapi.Lang
	Body struct {
		Case string `json:"case" minLength:"1" maxLength:"60" doc:"Id of the case"`
		Trial
	}
}

type whatIfOut struct {
	Body struct {
		Case      string   `json:"case"`
		Number    string   `json:"number"`
		Before    SideView `json:"before"`
		After     SideView `json:"after"`
		Change    string   `json:"change,omitempty" doc:"approve>refuse, approve:refund …; missing: nothing changes"`
		Direction string   `json:"direction,omitempty" enum:"better,worse,other" doc:"For the customer"`
		Became    string   `json:"became,omitempty" doc:"What a person decided in truth"`
		Unknown   []string `json:"unknown" nullable:"false" doc:"Facts that are not known"`
	}
}

func (s *Service) whatIf(ctx context.Context, tx *db.Tx, by actor.Actor, in *whatIfIn) (*whatIfOut, error) {
	if err := role.Allow(by, role.CaseRead); err != nil {
		return nil, err
	}
	c, err := s.WhatIf(ctx, tx, by, in.Body.Case, in.Body.wish())
	if err != nil {
		return nil, err
	}
	q, lang := &c.request, in.Language()
	out := &whatIfOut{}
	b := &out.Body
	b.Case, b.Number, b.Became, b.Change, b.Direction, b.Unknown = q.id, q.number, q.became, c.Change, c.Direction, append([]string{}, c.Unknown...)
	b.Before, b.After = told(c.Before).view(q.order.Currency, lang), told(c.After).view(q.order.Currency, lang)
	return out, nil
}
