package notice_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/customer"
)

// lives are the ways of a case that customers hear of. The standard rules keep
// 10.00 for the label of a piece that goes back without fault.
var lives = []struct {
	name   string
	price  int64
	live   func(s *shop, c cases.Case)
	hears  []string
	amount string // in the last message; empty: it names none
}{
	{"a person must look", 89900, func(*shop, cases.Case) {}, []string{"review"}, "¥889.00"},
	{"approved at once", 19900, func(*shop, cases.Case) {}, []string{"approved"}, "¥189.00"},
	{"refused by staff", 89900, func(s *shop, c cases.Case) {
		s.act(c, cases.Input{Action: cases.Refuse, Reason: "damaged_by_use", Comment: "The box is torn."})
	}, []string{"review", "rejected"}, ""},
	{"arrived", 19900, func(s *shop, c cases.Case) {
		s.write(func(tx *db.Tx) error {
			return s.cases.Scan(s.Context(), tx, agent, c.Tracking, shipment.Scan{Status: shipment.Delivered, At: tx.Now, Place: "杭州"})
		})
	}, []string{"approved", "delivered"}, ""},
	{"refused at the inspection", 19900, func(s *shop, c cases.Case) { s.inspect(c, false) }, []string{"approved", "rejected"}, ""},
	{"paid", 19900, func(s *shop, c cases.Case) {
		s.inspect(c, true)
		s.work()
		s.write(func(tx *db.Tx) error { return s.cases.Settled(s.Context(), tx, "main", c.ID) })
	}, []string{"approved", "completed"}, "¥189.00"},
	{"nothing sent in time", 19900, func(s *shop, c cases.Case) {
		s.clock.Set(c.Deadline.Add(time.Millisecond))
		s.work()
	}, []string{"approved", "expired"}, ""},
	{"withdrawn", 19900, func(s *shop, c cases.Case) { s.act(c, cases.Input{Action: cases.Withdraw}) }, []string{"approved", "withdrawn"}, ""},
}

var (
	placeholder = regexp.MustCompile(`\{\w*\}`)
	key         = regexp.MustCompile(`\b(mail|next|ground|list|reason)\.[a-z]+(_|\.)?[a-z]*`)
	link        = regexp.MustCompile(regexp.QuoteMeta(portal) + `/link/(\S+)\?to=/cases/(\S+)`)
)

func checkWords(s *shop, e notice.Envelope) {
	s.Helper()
	if strings.ContainsAny(e.Subject, "\r\n") || e.Subject == "" || len(e.Subject) > 200 {
		s.Errorf("subject %q", e.Subject)
	}
	for part, text := range map[string]string{"subject": e.Subject, "text": e.Text, "HTML": e.HTML} {
		if found := placeholder.FindString(text); found != "" {
			s.Errorf("%s: %q was not replaced in\n%s", part, found, text)
		}
		if found := key.FindString(text); found != "" {
			s.Errorf("%s: key %q in\n%s", part, found, text)
		}
		if strings.Contains(text, "..") || strings.Contains(text, "。。") {
			s.Errorf("%s: a sentence ends twice in\n%s", part, text)
		}
	}
}

func TestEachLifeOfACaseIsToldInEachLanguage(t *testing.T) {
	eachShop(t, func(s *shop) {
		told := map[string]bool{}
		for _, lang := range locale.Languages {
			for i, tt := range lives {
				s.clock.Set(monday)
				number := fmt.Sprintf("%s-%d", lang, i)
				c := s.open(s.order(number, tt.price, ann), lang)
				s.outbox = nil
				s.follow(c)
				s.work() // before the case goes on: what a message says is true when it is sent
				tt.live(s, c)
				s.follow(c)
				s.work()
				messages, _ := s.messages(c)
				var hears []string
				for _, m := range messages {
					hears = append(hears, m[0])
					told[m[0]] = true
					if m[1] != "sent" {
						s.Errorf("%s in %s: %v", tt.name, lang, m)
					}
				}
				if diff := cmp.Diff(tt.hears, hears); diff != "" || len(s.outbox) != len(hears) {
					s.Fatalf("%s in %s: %d sent, %s", tt.name, lang, len(s.outbox), diff)
				}
				for _, e := range s.outbox {
					checkWords(s, e)
					if e.To != ann.Email || e.Language != lang || !strings.Contains(e.Text, "Nadel & <Faden>") || !strings.Contains(e.HTML, `lang="`+lang+`"`) {
						s.Errorf("%s in %s: to %q in %q\n%s", tt.name, lang, e.To, e.Language, e.Text)
					}
				}
				last := s.outbox[len(s.outbox)-1]
				if !strings.Contains(last.Text, tt.amount) || !strings.Contains(last.Subject+last.Text, number) && !strings.Contains(last.Subject, c.Number) {
					s.Errorf("%s in %s: neither %q nor the order in\n%s", tt.name, lang, tt.amount, last.Text)
				}
			}
		}
		types, _ := s.notices.Events()
		if len(told) != 7 || !slices.IsSorted(types) {
			s.Errorf("%d templates told in %v", len(told), types)
		}
	})
}

// Every message, also of lives that are rare, has words in every language.
func TestEveryMessageHasWords(t *testing.T) {
	args := locale.Args{"number": "R-1", "order": "O-1", "amount": "¥1.00", "grounds": "G", "next": "N", "message": "M", "cases": "C", "numbers": "R-1"}
	for _, kind := range notice.Kinds() {
		for _, lang := range locale.Languages {
			for _, part := range []string{".subject", ".body"} {
				if !locale.Has("mail." + kind + part) {
					t.Errorf("mail.%s%s is missing", kind, part)
				}
				if text := locale.Text(lang, "mail."+kind+part, args); placeholder.MatchString(text) || text == "" {
					t.Errorf("%s: %s%s is %q", lang, kind, part, text)
				}
			}
		}
	}
}

func TestAMessageThatComesLateStillHasWords(t *testing.T) {
	eachShop(t, func(s *shop) {
		for i, lang := range locale.Languages {
			for j, tt := range lives {
				s.clock.Set(monday)
				c := s.open(s.order(fmt.Sprint(i, "-", j), tt.price, ann), lang)
				s.follow(c)
				s.clock.Set(monday) // the queue did not run meanwhile
				s.refusal = errors.New("not now")
				tt.live(s, c)
				s.refusal = nil
				s.follow(c)
				s.clock.Add(24 * time.Hour)
				s.work()
			}
		}
		for _, e := range s.outbox {
			checkWords(s, e)
		}
		if len(s.outbox) < 3*len(lives) {
			s.Errorf("%d messages", len(s.outbox))
		}
	})
}

func TestWhatACustomerWroteCannotBecomeHTML(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.order("A1", 89900, ann), "en")
		s.act(c, cases.Input{Action: cases.Refuse, Reason: "other", Comment: `see <a href="https://bad.example">here</a>`})
		s.follow(c)
		s.work()
		if len(s.outbox) != 2 {
			s.Fatalf("%d messages", len(s.outbox))
		}
		for _, e := range s.outbox {
			for _, bad := range []string{"<script", `"Ann"`, "<Faden>", "<a href=\"https://bad"} {
				if strings.Contains(e.HTML, bad) {
					s.Errorf("%q in the HTML of %q:\n%s", bad, e.Subject, e.HTML)
				}
			}
			if !strings.Contains(e.HTML, "Hello "+html.EscapeString(ann.Name)) && !strings.Contains(html.UnescapeString(e.HTML), "Hello "+ann.Name) {
				s.Errorf("the name is lost in\n%s", e.HTML)
			}
			if !strings.Contains(e.Text, "Hello "+ann.Name+",") {
				s.Errorf("the plain text has another name:\n%s", e.Text)
			}
		}
	})
}

func TestTheLinkSignsItsReaderIn(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.order("A1", 19900, ann), "en")
		s.follow(c)
		s.work()
		found := link.FindStringSubmatch(s.outbox[0].Text)
		if found == nil || found[2] != c.ID || !strings.Contains(html.UnescapeString(s.outbox[0].HTML), found[0]) {
			s.Fatalf("no link in\n%s\nor another in\n%s", s.outbox[0].Text, s.outbox[0].HTML)
		}
		follow := func() (p proof.Proved, err error) {
			err = s.d.Write(s.Context(), func(tx *db.Tx) (err error) {
				p, err = s.proofs.Follow(s.Context(), tx, actor.Actor{Tenant: "main", Kind: actor.Nobody}, found[1], session.New{})
				return err
			})
			return p, err
		}
		s.clock.Add(6 * 24 * time.Hour)
		if p, err := follow(); err != nil || p.Holder.Customer != c.Customer || p.Session.Order != c.Order {
			s.Errorf("after 6 days: %v %v", p.Holder, err)
		}
		s.clock.Add(2 * 24 * time.Hour)
		if _, err := follow(); !errors.Is(err, proof.ErrLinkOld) {
			s.Errorf("after 8 days: %v", err)
		}
	})
}

func TestAnEventMakesOneMessageHoweverOftenItIsHeard(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.order("A1", 19900, ann), "en")
		s.follow(c)
		s.follow(c)
		s.work()
		s.follow(c)
		s.work()
		messages, ids := s.messages(c)
		if diff := cmp.Diff([][3]string{{"approved", "sent", ""}}, messages); diff != "" || len(s.outbox) != 1 {
			s.Fatalf("%d sent; %s", len(s.outbox), diff)
		}
		if s.outbox[0].Key != ids[0] {
			s.Errorf("key %q of message %q", s.outbox[0].Key, ids[0])
		}
		events := s.history("notice", ids[0])
		if len(events) != 1 || events[0].Type != "notice.sent" {
			s.Fatalf("events %v", events)
		}
		var said notice.SentFact
		if err := json.Unmarshal(events[0].Data, &said); err != nil || said.Subject != s.outbox[0].Subject || !strings.Contains(said.Text, c.OrderNumber) || strings.Contains(said.Text, "/link/") {
			s.Errorf("the event tells %+v, %v", said, err)
		}
	})
}

func TestACustomerWithoutEMailGetsNoMessage(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("A1", 19900, customer.Draft{Ref: "bob", Name: "Bob", Phone: "+8613800002207"})
		c := s.open(o, "en")
		s.follow(c)
		s.work()
		if messages, _ := s.messages(c); len(messages)+len(s.outbox) > 0 {
			s.Errorf("%v, %v", messages, s.outbox)
		}
	})
}

func TestAnAddressThatIsGoneWhenItIsNeededEndsTheMessage(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.order("A1", 19900, ann), "en")
		s.follow(c)
		s.write(func(tx *db.Tx) error {
			_, err := tx.Exec(s.Context(), `update customer_customer set email = '' where tenant = $1 and id = $2`, "main", c.Customer)
			return err
		})
		s.work()
		messages, ids := s.messages(c)
		if diff := cmp.Diff([][3]string{{"approved", "failed", "the customer has no e-mail address"}}, messages); diff != "" || len(s.outbox) > 0 {
			s.Fatalf("%d sent; %s", len(s.outbox), diff)
		}
		if events := s.history("notice", ids[0]); len(events) != 1 || events[0].Type != "notice.failed" {
			s.Errorf("events %v", events)
		}
	})
}

func TestWithoutAMailServerNothingIsMade(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.notices.Send = nil
		if types, react := s.notices.Events(); types != nil || react != nil {
			s.Errorf("follows %v", types)
		}
		if err := s.notices.Code(s.Context(), proof.Contact{Tenant: "main", Channel: proof.Email, Address: ann.Email}, "123456", "en"); err == nil {
			s.Error("a code that nobody can send was taken")
		}
	})
}

func TestARefusalForGoodEndsTheMessage(t *testing.T) {
	tests := []struct {
		name    string
		refusal error
		runs    int // of the job until the message has failed
	}{
		{"the mail server knows no such address", job.Dead(errors.New("550 no such mailbox")), 1},
		{"the mail server was away for a day", errors.New("connection refused"), 20},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eachShop(t, func(s *shop) {
				c := s.open(s.order("A1", 19900, ann), "en")
				s.follow(c)
				asked := 0
				s.refusal, s.before = tt.refusal, func() { asked++ }
				for range 30 {
					s.work()
					s.clock.Add(2 * time.Hour)
				}
				messages, ids := s.messages(c)
				if diff := cmp.Diff([][3]string{{"approved", "failed", tt.refusal.Error()}}, messages); diff != "" || asked != tt.runs {
					s.Fatalf("asked %d times, want %d; %s", asked, tt.runs, diff)
				}
				events := s.history("notice", ids[0])
				if len(events) != 1 || events[0].Type != "notice.failed" || !strings.Contains(string(events[0].Data), tt.refusal.Error()) {
					s.Errorf("events %v", events)
				}
				s.refusal = nil
				s.work()
				if len(s.outbox) > 0 {
					s.Error("a message was sent after it had failed")
				}
			})
		})
	}
}

func TestAServerThatComesBackGetsTheMessageUnderTheSameKey(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.order("A1", 19900, ann), "en")
		s.follow(c)
		s.refusal = errors.New("connection refused")
		s.work()
		s.refusal = nil
		s.clock.Add(time.Minute)
		s.work()
		messages, ids := s.messages(c)
		if diff := cmp.Diff([][3]string{{"approved", "sent", ""}}, messages); diff != "" || len(s.outbox) != 1 || s.outbox[0].Key != ids[0] {
			s.Errorf("%v; %s", s.outbox, diff)
		}
	})
}

// Two workers send one message when the first was taken for dead; what the
// first wrote down stays, and is announced once.
func TestAMessageEndsOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.order("A1", 19900, ann), "en")
		s.follow(c)
		_, ids := s.messages(c)
		s.before = func() {
			s.write(func(tx *db.Tx) error {
				_, err := tx.Exec(s.Context(), `update notice_message set state = 'sent' where tenant = $1 and id = $2`, "main", ids[0])
				return err
			})
		}
		s.refusal = job.Dead(errors.New("550 twice"))
		s.work()
		if messages, _ := s.messages(c); messages[0][1] != "sent" {
			s.Errorf("%v", messages)
		}
		if events := s.history("notice", ids[0]); len(events) != 0 {
			s.Errorf("events %v", events)
		}
	})
}

// An event whose case is not there is an error for the follower, not a message.
func TestAnEventOfNoCaseIsAnError(t *testing.T) {
	eachShop(t, func(s *shop) {
		_, react := s.notices.Events()
		err := s.d.Write(s.Context(), func(tx *db.Tx) error {
			return react(s.Context(), tx, event.Event{ID: "evt_1", Tenant: "main", Stream: "case", Subject: "case_none", Type: "case.approved"})
		})
		if !errors.Is(err, cases.ErrUnknown) {
			s.Errorf("error %v", err)
		}
	})
}

func TestACodeReachesTheAddressOfTheOrder(t *testing.T) {
	eachShop(t, func(s *shop) {
		for i, lang := range locale.Languages {
			number := fmt.Sprint("A", i)
			s.order(number, 19900, ann)
			s.outbox = nil
			var asked proof.Challenge
			s.write(func(tx *db.Tx) (err error) {
				asked, err = s.proofs.LookUp(s.Context(), tx, actor.Actor{Tenant: "main", Kind: actor.Nobody}, proof.Question{Number: number, Contact: "ANN@example.com", Language: lang})
				return err
			})
			s.work()
			if len(s.outbox) != 1 || s.outbox[0].To != ann.Email {
				s.Fatalf("%s: %v", lang, s.outbox)
			}
			e := s.outbox[0]
			checkWords(s, e)
			code := regexp.MustCompile(`\d{6}`).FindString(e.Subject)
			if !strings.Contains(e.Text, code) || strings.Contains(e.Text, "/link/") {
				s.Errorf("%s: %s", lang, e.Text)
			}
			err := s.d.Write(s.Context(), func(tx *db.Tx) error {
				_, refused, err := s.proofs.Redeem(s.Context(), tx, actor.Actor{Tenant: "main", Kind: actor.Nobody}, asked.ID, code, session.New{})
				if refused != nil {
					return refused
				}
				return err
			})
			if err != nil {
				s.Errorf("%s: code %q: %v", lang, code, err)
			}
		}
		err := s.notices.Code(s.Context(), proof.Contact{Tenant: "main", Channel: proof.SMS, Address: "+8613800002207"}, "123456", "en")
		if !job.Hopeless(err) {
			s.Errorf("a text message: %v", err)
		}
	})
}
