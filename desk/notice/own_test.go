package notice_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
)

func TestAShopsOwnWordsReplaceTheStandardOnes(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.notices.Words = func(_ context.Context, _ *db.Tx, tenant, kind, lang string) (notice.Words, bool, error) {
			own := notice.Words{Subject: "Hurra {number}\nBcc: x@example.com", Body: "Ihr Geld: {amount}, sagt {shop}.\n\nZweiter <b>Absatz</b> für {name}."}
			return own, tenant == "main" && kind == "completed" && lang == "en", nil
		}
		c := s.open(s.order("W1", 10000, ann), "en")
		s.inspect(c, true)
		s.work()
		for _, e := range s.history("payout", s.payout(c)) {
			if e.Type == "payout.succeeded" {
				_, react := s.cases.Events()
				s.write(func(tx *db.Tx) error { return react(s.Context(), tx, e) })
			}
		}
		s.follow(c)
		s.work()
		last := s.outbox[len(s.outbox)-1]
		if last.Subject != "Hurra "+c.Number+" Bcc: x@example.com" || !strings.Contains(last.Text, "sagt Nadel & <Faden>.\n\nZweiter <b>Absatz</b> für <script>") ||
			strings.Contains(last.HTML, "<b>Absatz") || strings.Contains(last.HTML, "<script>") || !strings.Contains(last.Text, "How did we do?") {
			s.Errorf("%+v", last)
		}
		if first := s.outbox[0]; !strings.HasPrefix(first.Subject, "Your request "+c.Number) {
			s.Errorf("a message without own words: %s", first.Subject)
		}
		err := s.d.Read(s.Context(), func(tx *db.Tx) error {
			e, err := s.notices.Preview(s.Context(), tx, agent, c.ID, "approved", "zh-TW", notice.Words{Subject: "{number}", Body: "{next}"})
			if e.Subject != c.Number || strings.Contains(e.Text, "{next}") || strings.Contains(e.Text, "/link/") || e.To != "" {
				s.Errorf("%+v", e)
			}
			return err
		})
		if err != nil {
			s.Fatal(err)
		}
		stranger := actor.Actor{Tenant: "main", Kind: actor.Staff, Seller: "somebody else"}
		err = s.d.Read(s.Context(), func(tx *db.Tx) error {
			_, err := s.notices.Preview(s.Context(), tx, stranger, c.ID, "approved", "en", notice.Words{Subject: "x", Body: "y"})
			return err
		})
		if !errors.Is(err, cases.ErrUnknown) {
			s.Errorf("a preview of a case of another seller: %v", err)
		}
	})
}

// payout is the one payout of a case.
func (s *shop) payout(c cases.Case) (id string) {
	s.Helper()
	s.write(func(tx *db.Tx) error {
		all, err := settlement.ByCase(s.Context(), tx, "main", c.ID)
		if len(all) > 0 {
			id = all[0].ID
		}
		return err
	})
	return id
}
