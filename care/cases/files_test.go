package cases_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
)

// shows uploads a file for a buyer.
func (s *shop) shows(by actor.Actor, data []byte) string {
	s.t.Helper()
	blobs, err := blob.Open(s.t.TempDir())
	if err != nil {
		s.t.Fatal(err)
	}
	p, err := evidence.New(s.d, blobs).Upload(s.t.Context(), by, bytes.NewReader(data))
	if err != nil {
		s.t.Fatal(err)
	}
	return p.ID
}

func needs(c cases.Case) (names []string) {
	for _, n := range c.Detail.Needs {
		names = append(names, n.Name)
	}
	slices.Sort(names)
	return names
}

func TestADocumentAnswersTheQuestionForADocument(t *testing.T) {
	paper := []byte("%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n")
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) {
			r.Evidence = []policy.EvidenceRule{{Ask: []string{"photo", "document"}}}
		})
		o := s.order("doc-1", 89900)
		ann := s.buyer
		c, err := s.tryOpen(ann, o, cases.Wanted{Line: 1, Quantity: 1, Reason: "not_as_described"})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(needs(c), " "); got != "document photo" {
			t.Fatalf("asked for %q: %s %+v", got, c.State, c.Decision)
		}
		c = s.act(ann, c, cases.Input{Action: cases.Answer, Photos: []string{s.shows(ann, paper)}})
		if got := strings.Join(needs(c), " "); got != "photo" {
			t.Errorf("after a document it is asked for %q", got)
		}
		c = s.act(ann, c, cases.Input{Action: cases.Answer, Photos: []string{s.shows(ann, picture.Bytes())}})
		if got := strings.Join(needs(c), " "); got != "" {
			t.Errorf("after a photo it is asked for %q", got)
		}
		s.write(func(tx *db.Tx) error {
			v, err := s.cases.Look(t.Context(), tx, s.agent, c, "en")
			if err != nil || len(v.Items[0].Photos) != 2 || v.Items[0].Photos[0].Kind != "document" || v.Items[0].Photos[1].Kind != "photo" {
				t.Errorf("files of the case: %+v, %v", v.Items[0].Photos, err)
			}
			return err
		})
	})
}

func TestADocumentSentWithTheRequestIsNotAskedForAgain(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) {
			r.Evidence = []policy.EvidenceRule{{Ask: []string{"document"}}}
		})
		o := s.order("doc-2", 89900)
		ann := s.buyer
		file := s.shows(ann, []byte("%PDF-1.4\n%%EOF\n"))
		c, err := s.tryOpen(ann, o, cases.Wanted{Line: 1, Quantity: 1, Reason: "not_as_described", Photos: []string{file}})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Detail.Needs) != 0 {
			t.Errorf("asked again for %v", needs(c))
		}
	})
}
