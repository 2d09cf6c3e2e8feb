package search

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/sales/customer"
)

// Routes registers the search over everything.
func Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/search", Need: role.CaseRead, Tag: "Search",
		Summary: "Cases, orders, customers, products, and messages and notes, that a text finds, a few of each"}, get)
}

type request struct {
	Text  string `query:"q" maxLength:"200" doc:"Beginning of a number, of an e-mail or of a phone; a word of a name or title, also in the middle of Chinese, in simplified or traditional characters or in pinyin. Two characters at least."`
	Limit int    `query:"limit" default:"6" minimum:"1" maximum:"20" doc:"Of each group at most."`
}

// CaseHit is a case in the answer.
type CaseHit struct {
	ID       string    `json:"id"`
	Number   string    `json:"number"`
	State    string    `json:"state"`
	Kind     string    `json:"kind"`
	Customer string    `json:"customer_name,omitempty"`
	Title    string    `json:"title"`
	OpenedAt time.Time `json:"opened_at"`
}

// OrderHit is an order in the answer.
type OrderHit struct {
	ID       string    `json:"id"`
	Number   string    `json:"number"`
	Title    string    `json:"title"`
	PlacedAt time.Time `json:"placed_at"`
}

// CustomerHit is a customer in the answer.
type CustomerHit struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// ProductHit is a product in the answer.
type ProductHit struct {
	SKU      string       `json:"sku"`
	Title    string       `json:"title"`
	Variant  string       `json:"variant,omitempty"`
	ImageURL string       `json:"image_url,omitempty"`
	Price    money.Amount `json:"price" doc:"Of one unit, with tax"`
	Active   bool         `json:"active" doc:"Whether it is sold at present"`
}

// MessageHit is a message between customer and shop, or a note of staff, in the
// answer.
type MessageHit struct {
	ID         string    `json:"id" doc:"Of the message, or of the note's entry in the timeline"`
	Note       bool      `json:"note" doc:"A note of staff, which customers do not see"`
	Seq        int64     `json:"seq,omitempty" doc:"Of a message, its place in the conversation"`
	By         string    `json:"by" enum:"customer,shop"`
	Name       string    `json:"name,omitempty" doc:"Who of the staff wrote it"`
	At         time.Time `json:"at"`
	Case       string    `json:"case"`
	CaseNumber string    `json:"case_number"`
	Customer   string    `json:"customer_name,omitempty"`
	Sentence   []Part    `json:"sentence" nullable:"false" doc:"The sentence with the words, in parts"`
}

type answer struct {
	Body struct {
		Cases     *[]CaseHit     `json:"cases,omitempty" doc:"Missing where you may not see any."`
		Orders    *[]OrderHit    `json:"orders,omitempty" doc:"Missing where you may not see any."`
		Customers *[]CustomerHit `json:"customers,omitempty" doc:"Missing where you may not see any."`
		Products  *[]ProductHit  `json:"products,omitempty" doc:"Missing where you may not see any."`
		Messages  *[]MessageHit  `json:"messages,omitempty" doc:"The newest of each case that has the words. Missing where you may not see any."`
	}
}

func get(ctx context.Context, tx *db.Tx, by actor.Actor, in *request) (*answer, error) {
	f, err := Find(ctx, tx, by, in.Text, in.Limit)
	if err != nil {
		return nil, err
	}
	httpapi.Told(ctx, len(f.Cases)+len(f.Orders)+len(f.Customers)+len(f.Said))
	out := &answer{}
	if f.Cases != nil {
		hits := make([]CaseHit, 0, len(f.Cases))
		for _, c := range f.Cases {
			hits = append(hits, CaseHit{ID: c.ID, Number: c.Number, State: string(c.State), Kind: c.Kind, Customer: customer.SightOf(by).Name(c.Name), Title: c.Title, OpenedAt: c.OpenedAt})
		}
		out.Body.Cases = &hits
	}
	if f.Orders != nil {
		hits := make([]OrderHit, 0, len(f.Orders))
		for _, o := range f.Orders {
			hits = append(hits, OrderHit{ID: o.ID, Number: o.Number, Title: o.Title, PlacedAt: o.PlacedAt})
		}
		out.Body.Orders = &hits
	}
	if f.Customers != nil {
		hits := make([]CustomerHit, 0, len(f.Customers))
		for _, c := range f.Customers {
			hits = append(hits, CustomerHit{ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone})
		}
		out.Body.Customers = &hits
	}
	if f.Products != nil {
		hits := make([]ProductHit, 0, len(f.Products))
		for _, p := range f.Products {
			hits = append(hits, ProductHit{p.SKU, p.Title, p.Variant, p.ImageURL, p.Price, p.Active})
		}
		out.Body.Products = &hits
	}
	if f.Said != nil {
		hits := make([]MessageHit, 0, len(f.Said))
		for _, s := range f.Said {
			hit := MessageHit{ID: s.ID, Note: s.Note, Seq: s.Seq, By: s.Side, Name: s.Name, At: s.At, Case: s.Case.ID, CaseNumber: s.Case.Number, Customer: customer.SightOf(by).Name(s.Case.Name), Sentence: s.Sentence}
			hits = append(hits, hit)
		}
		out.Body.Messages = &hits
	}
	return out, nil
}
