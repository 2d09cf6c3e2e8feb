package rights

import (
	"context"
	"encoding/json"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the law for readers and for programs.
func (b *Book) Routes(a *httpapi.API) {
	httpapi.Plain(a, httpapi.Op{Route: "GET /v1/rights/packs", Need: role.RightsRead, Tag: "rights", Summary: "List the laws that are known, with versions and how sure they are"}, b.list)
	httpapi.Plain(a, httpapi.Op{Route: "GET /v1/rights/packs/{jurisdiction}", Need: role.RightsRead, Tag: "rights", Summary: "Read a law: its rules in words, with citations, sources and exceptions",
		Faults: []*fault.Fault{ErrNoPack}}, b.get)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/rights/decide", Need: role.RightsRead, Tag: "rights", Anew: true, MaxBody: 64 << 10, Summary: "Ask the law what a consumer is owed, without an order",
		Faults: []*fault.Fault{ErrFacts}}, b.ask)
}

type listOut struct {
	Body struct {
		Items []PackSummary `json:"items" nullable:"false"`
	}
}

type langIn struct{ httpapi.Lang }

func (b *Book) list(_ context.Context, _ actor.Actor, in *langIn) (*listOut, error) {
	out := &listOut{}
	out.Body.Items = b.Packs(in.Language())
	return out, nil
}

type packIn struct {
	httpapi.Lang
	Jurisdiction string `path:"jurisdiction" maxLength:"10"`
	Version      int64  `query:"version" minimum:"0" doc:"0 or missing: the newest"`
}

type packOut struct{ Body PackView }

func (b *Book) get(_ context.Context, _ actor.Actor, in *packIn) (*packOut, error) {
	v, err := b.Pack(in.Jurisdiction, in.Version, in.Language())
	return &packOut{v}, err
}

type askIn struct {
	httpapi.Lang
	Body struct {
		Facts json.RawMessage `json:"facts" doc:"See docs/schema/rights-facts.schema.json"`
	}
}

type askOut struct {
	Body struct {
		Answer   Answer       `json:"answer"`
		Law      LawView      `json:"law"`
		Remedies []RemedyView `json:"remedies" nullable:"false" doc:"The answer in words, remedy by remedy"`
		Customer string       `json:"customer" doc:"For customers, in plain words"`
		Staff    string       `json:"staff" doc:"With rules, sources and the facts that decided"`
	}
}

func (b *Book) ask(_ context.Context, _ actor.Actor, in *askIn) (*askOut, error) {
	facts, err := Parse(in.Body.Facts)
	if err != nil {
		return nil, err
	}
	out := &askOut{}
	if out.Body.Answer, err = b.Decide(facts); err != nil {
		return nil, err
	}
	out.Body.Law, out.Body.Remedies = b.ShowLaw(out.Body.Answer.Law, in.Language()), []RemedyView{}
	for i := range out.Body.Answer.Remedies {
		out.Body.Remedies = append(out.Body.Remedies, b.Show(&out.Body.Answer.Remedies[i], out.Body.Answer.Law.Jurisdiction, in.Language()))
	}
	out.Body.Customer, out.Body.Staff = b.Explain(&out.Body.Answer, in.Language(), false), b.Explain(&out.Body.Answer, in.Language(), true)
	return out, nil
}
