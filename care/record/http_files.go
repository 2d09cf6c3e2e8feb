package record

import (
	"context"
	"errors"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// filesRoute adds the list of what was shown, for staff.
func (s *Service) filesRoute(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/cases/{id}/files", Need: role.CaseRead, Tag: "cases", Faults: []*fault.Fault{cases.ErrUnknown},
		Summary: "List the files of a case with their hashes, and where the same or a very similar picture was used before"}, s.files)
}

// ShownView is one file of a case as staff see it.
type ShownView struct {
	ID      string      `json:"id"`
	URL     string      `json:"url"`
	Kind    string      `json:"kind" enum:"photo,video,document"`
	Media   string      `json:"media" doc:"Media type of the file as it was sent"`
	Shown   string      `json:"shown" doc:"Media type of what the URL answers"`
	SHA256  string      `json:"sha256" doc:"Of the file as it was sent; this is what is sealed"`
	Size    int64       `json:"size"`
	Width   int         `json:"width,omitempty"`
	Height  int         `json:"height,omitempty"`
	Seconds int         `json:"seconds,omitempty"`
	By      string      `json:"by" doc:"Kind of who sent it: customer, staff"`
	At      time.Time   `json:"at"`
	Scan    string      `json:"scan" enum:"none,waiting,clean,found" doc:"Malware: nobody was asked, not known yet, none, found"`
	Found   string      `json:"found,omitempty" doc:"Name of the malware"`
	Alike   []AlikeView `json:"alike"`
}

// AlikeView is a file of another case that is the same or looks the same.
type AlikeView struct {
	Case     string `json:"case"`
	Number   string `json:"number"`
	URL      string `json:"url"`
	Distance int    `json:"distance" doc:"Bits of 64 in which the perceptual hashes differ"`
	Same     bool   `json:"same" doc:"The same file, byte for byte"`
}

type filesOut struct {
	Body struct {
		Items []ShownView `json:"items"`
	}
}

func (s *Service) files(ctx context.Context, tx *db.Tx, by actor.Actor, in *caseIn) (*filesOut, error) {
	c, err := cases.ByID(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	all, err := evidence.ByCase(ctx, tx, c.Tenant, c.ID)
	if err != nil {
		return nil, err
	}
	out := &filesOut{}
	out.Body.Items = []ShownView{}
	for _, p := range all {
		v := ShownView{ID: p.ID, URL: "/v1/photos/" + p.ID, Kind: p.Kind, Media: p.Media, Shown: p.ViewMedia, SHA256: p.SHA256, Size: p.Size, Width: p.Width,
			Height: p.Height, Seconds: p.Seconds, By: string(p.OwnerKind), At: p.CreatedAt, Scan: string(p.Scan), Found: p.Found}
		if v.Alike, err = alikes(ctx, tx, by, p); err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

// alikes names the other cases of a file that the reader may see.
func alikes(ctx context.Context, tx *db.Tx, by actor.Actor, p evidence.Photo) ([]AlikeView, error) {
	found, err := evidence.Alikes(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	all := []AlikeView{}
	for _, a := range found {
		c, err := cases.ByID(ctx, tx, by, a.Case)
		if errors.Is(err, cases.ErrUnknown) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, AlikeView{Case: c.ID, Number: c.Number, URL: "/v1/photos/" + a.Photo, Distance: a.Distance, Same: a.Same})
	}
	return all, nil
}
