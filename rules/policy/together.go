package policy

import "encoding/json"

// Together answers what a sample asks by law and policy together, with facts of
// the law by name besides those that the sample gives. Package owed makes it.
type Together func(p *Policy, s Sample, stated map[string]json.RawMessage) (Joint, error)

// Effective is what has to come out by law and policy together. What is left
// out may be anything.
type Effective struct {
	Outcome string   `json:"outcome,omitempty" enum:"approve,review,refuse,ask"`
	Grounds []string `json:"grounds,omitempty" maxItems:"20" doc:"Codes that must be among the grounds, such as law_entitled, or rules of the law, such as FR-WD"`
	Needs   []string `json:"needs,omitempty" maxItems:"20" doc:"What must be asked for"`
	Freight string   `json:"freight,omitempty" enum:"seller,customer" doc:"Of the whole request"`
}

// Joint is what came out by law and policy together.
type Joint struct {
	Outcome Outcome  `json:"outcome" enum:"approve,review,refuse,ask"`
	Freight string   `json:"freight" enum:"seller,customer"`
	Needs   []string `json:"needs,omitempty"`
	Law     string   `json:"law,omitempty" doc:"The pack that was asked, with its version" example:"FR@1+EU@1"`
	Problem string   `json:"problem,omitempty" doc:"Why the law could not be asked" enum:"no_country,no_pack,bad_facts"`
	Grounds []Worded `json:"grounds" nullable:"false" doc:"The grounds in words"`
}

// JointOf words an answer.
func JointOf(outcome Outcome, grounds []Ground, needs []Need) Joint {
	j := Joint{Outcome: outcome, Grounds: worded(grounds)}
	for _, n := range needs {
		j.Needs = append(j.Needs, n.Name)
	}
	return j
}

// jointly runs the part of a test that is about law and policy together.
func (t *Test) jointly(p *Policy, together Together, r *Result) {
	want := t.Expect.Effective
	if want == nil && t.Law == nil {
		return
	}
	if together == nil {
		r.Differs = append(r.Differs, Difference{What: "law"})
		return
	}
	j, err := together(p, t.Request, t.Law)
	if err != nil {
		r.Differs = append(r.Differs, Difference{What: "law", Want: err.Error()})
		return
	}
	if r.Effective = &j; want == nil {
		return
	}
	if want.Outcome != "" && want.Outcome != string(j.Outcome) {
		r.Differs = append(r.Differs, Difference{What: "effective", Want: want.Outcome, Got: []string{string(j.Outcome)}})
	}
	var codes []string
	for _, g := range j.Grounds {
		codes = append(codes, g.Code)
		if g.Rule != "" {
			codes = append(codes, g.Rule)
		}
	}
	r.Differs = append(r.Differs, absent("effective_grounds", want.Grounds, codes)...)
	r.Differs = append(r.Differs, absent("effective_needs", want.Needs, j.Needs)...)
	if want.Freight != "" && want.Freight != j.Freight {
		r.Differs = append(r.Differs, Difference{What: "effective_freight", Want: want.Freight, Got: []string{j.Freight}})
	}
}
