package notice_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// Where nobody said what the customer reads, the customer's own language comes
// before that of the country, and that before the shop's.
func TestMessagesAreInTheLanguageOfTheCustomer(t *testing.T) {
	eachShop(t, func(s *shop) {
		for i, tt := range []struct{ said, known, country, want string }{
			{"fr", "de", "JP", "fr"},
			{"", "de-AT", "JP", "de"},
			{"", "sv", "JP", "en"},
			{"", "", "JP", "ja"},
			{"", "", "BR", "pt-BR"},
			{"", "", "TW", "zh-TW"},
			{"", "", "SE", "zh-CN"}, // the shop's
		} {
			number := fmt.Sprint("L", i)
			delivered := s.clock.Now().Add(-14 * 60 * 60 * 1e9)
			var o order.Order
			s.write(func(tx *db.Tx) (err error) {
				o, _, err = s.orders.Put(s.Context(), tx, system, order.Draft{
					Source: "shop", Number: number, Currency: "CNY", Country: tt.country, PlacedAt: delivered, DeliveredAt: &delivered, TaxIncluded: true,
					Customer: &customer.Draft{Ref: number, Name: "Ann", Email: number + "@example.com", Language: tt.known},
					Lines:    []order.DraftLine{{SKU: "X2", Title: "X2", Quantity: 1, UnitPrice: 19900}},
					Tenders:  []order.DraftTender{{Kind: "card", Label: "Visa", Provider: "bank", Reference: "pi_1", Amount: 19900}},
				})
				return err
			})
			s.outbox = nil
			c := s.open(o, tt.said)
			s.follow(c)
			s.work()
			if c.Language != tt.want || len(s.outbox) != 1 || s.outbox[0].Language != tt.want {
				s.Errorf("%+v: the case is in %s, messages %d", tt, c.Language, len(s.outbox))
			}
		}
	})
}

// A whole life in each language that customers read: nothing is left in English,
// no variable stays, and Arabic runs from right to left.
func TestEachLanguageOfCustomersIsWritten(t *testing.T) {
	eachShop(t, func(s *shop) {
		for i, lang := range locale.Readable[3:] {
			c := s.open(s.order(fmt.Sprint("R", i), 89900, ann), lang)
			s.follow(c)
			s.act(c, cases.Input{Action: cases.Refuse, Reason: "damaged_by_use", Comment: "R-2"})
			s.outbox = nil
			s.follow(c)
			s.work()
			if len(s.outbox) == 0 {
				s.Fatalf("%s: no message", lang)
			}
			e := s.outbox[len(s.outbox)-1]
			checkWords(s, e)
			reason := locale.Text(lang, "ground.refused_damaged_by_use", nil)
			if !strings.Contains(e.Text, reason) || !strings.Contains(e.HTML, reason) {
				s.Errorf("%s: no %q in\n%s", lang, reason, e.Text)
			}
			if strings.Contains(e.Text, "Why:") || strings.Contains(e.Text, "refused") {
				s.Errorf("%s: English in\n%s", lang, e.Text)
			}
			if want := fmt.Sprintf(`<html lang="%s" dir="%s">`, lang, locale.Direction(lang)); !strings.Contains(e.HTML, want) {
				s.Errorf("%s: no %s", lang, want)
			}
		}
	})
}

// Every message has words in each language that customers read, and words that
// a shop writes in one of them take the place of ours.
func TestEveryMessageCanBeReadAndReworded(t *testing.T) {
	english := func(kind string) notice.Words { return notice.Standard(kind, "en") }
	for _, kind := range notice.Kinds() {
		for _, lang := range notice.LanguagesOf(kind) {
			w := notice.Standard(kind, lang)
			if w.Subject == "" || w.Body == "" || strings.HasPrefix(w.Subject, "mail.") {
				t.Errorf("%s in %s: %+v", kind, lang, w)
			}
			if lang != "en" && (w.Subject == english(kind).Subject || w.Body == english(kind).Body) {
				t.Errorf("%s in %s is English: %+v", kind, lang, w)
			}
		}
	}
	eachShop(t, func(s *shop) {
		c := s.open(s.order("W1", 89900, ann), "ar")
		err := s.d.Read(s.Context(), func(tx *db.Tx) error {
			e, err := s.notices.Preview(s.Context(), tx, actor.Of("main"), c.ID, "review", "ar", notice.Words{Subject: "وصل {number}", Body: "شكرًا {name}"})
			if !strings.Contains(e.Subject, c.Number) || !strings.Contains(e.HTML, `dir="rtl"`) || !strings.Contains(e.Text, "شكرًا") {
				s.Errorf("%+v", e)
			}
			return err
		})
		if err != nil {
			s.Fatal(err)
		}
	})
}

// What is paid and until when is written as the reader's language does, also where
// the shop has words of its own.
func TestAmountsAndDaysAreWrittenAsTheLanguageDoes(t *testing.T) {
	eachShop(t, func(s *shop) {
		for i, tt := range []struct{ lang, amount, until string }{
			{"zh-CN", "¥1,489.00", "2026年3月4日 10:00"},
			{"en", "CN¥1,489.00", "Mar 4, 2026 10:00"},
			{"de", "1.489,00\u00a0CN¥", "4. März 2026 10:00"},
			{"fr", "1\u202f489,00\u00a0CNY", "4 mars 2026 10:00"},
			{"es", "1489,00\u00a0CNY", "4 mar 2026 10:00"},
			{"ru", "1\u00a0489,00\u00a0CN¥", "4 мар. 2026 г. 10:00"},
			{"ar", "\u2068\u200f1,489.00\u00a0\u2066CN¥\u2069\u2069", "\u20684 مارس 2026 10:00\u2069"},
		} {
			s.clock.Set(monday)
			c := s.open(s.order(fmt.Sprint("F", i), 149900, ann), tt.lang)
			s.outbox = nil
			s.follow(c)
			s.work()
			if len(s.outbox) != 1 {
				s.Fatalf("%s: %d messages", tt.lang, len(s.outbox))
			}
			own := s.preview(c, tt.lang, "{amount} – {next}")
			for _, text := range []string{s.outbox[0].Text, s.outbox[0].HTML, own} {
				if !strings.Contains(text, tt.amount) || !strings.Contains(text, tt.until) {
					s.Errorf("%s: neither %q nor %q in\n%+q", tt.lang, tt.amount, tt.until, text)
				}
			}
		}
	})
}

func (s *shop) preview(c cases.Case, lang, body string) (text string) {
	s.Helper()
	s.write(func(tx *db.Tx) error {
		e, err := s.notices.Preview(s.Context(), tx, agent, c.ID, "review", lang, notice.Words{Subject: "S", Body: body})
		text = e.Text
		return err
	})
	return text
}
