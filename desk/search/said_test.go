package search_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/desk/search"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
)

// talk is a shop in which people write: case_1 and case_3 are the shop's own,
// case_2 is of a seller.
type talk struct {
	*testing.T
	h         http.Handler
	d         *db.DB
	clock     *dbtest.Clock
	queue     *job.Queue
	followers *event.Followers
	marks     int
}

func eachTalk(t *testing.T, test func(w *talk)) {
	t.Helper()
	dbtest.EachAt(t, append(schemas, message.Schema), noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		w := &talk{T: t, d: d, clock: clock, queue: job.NewQueue(d, slog.New(slog.DiscardHandler))}
		w.write(func(tx *db.Tx) error {
			for id, seller := range map[string]string{"case_1": "", "case_2": "sel_1", "case_3": ""} {
				if _, err := tx.Exec(t.Context(), insertCase, id, strings.ToUpper(id), "cus_"+id, seller); err != nil {
					return err
				}
			}
			return nil
		})
		tail := event.NewTail(d, nil, slog.New(slog.DiscardHandler))
		go tail.Run(t.Context())                                       //nolint:errcheck // ends with the test
		go event.NewRelay(tail, event.RelayOptions{}).Run(t.Context()) //nolint:errcheck // the same
		w.followers = event.NewFollowers(tail, event.FollowOptions{})
		types, react := search.Events(w.queue)
		w.followers.Follow(search.Follower, types, react)
		a := apitest.New(d, role.Allow)
		search.Routes(a)
		search.Jobs(w.queue)
		w.h = a.Handler()
		test(w)
	})
}

const insertCase = `
	insert into cases_case (tenant, id, number, kind, state, closed_as, version, order_id, order_number, customer, name, seller, currency, quoted, refunded,
		title, quantity, reason, language, comment, items, decision, policy, policy_version, terms, quote, timer, deadline, tracking, opened_at, updated_at, assignee)
	values ('main', $1, $2, 'return_refund', 'submitted', '', 1, 'ord_1', 'SO-1', $3, 'Maria Cruz', $4, 'CNY', 100, 0,
		'Kettle', 1, 'defective', 'en', '', '[]', '{}', 'standard', 1, '{}', '{}', '', 0, '', 1772420400000, 1772420400000, '')`

func (w *talk) write(f func(tx *db.Tx) error) {
	w.Helper()
	if err := w.d.Write(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

var agent = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Name: "Ann", Role: role.Agent}

func (w *talk) says(by actor.Kind, caseID, text string) {
	w.Helper()
	who := agent
	if by == actor.Customer {
		who = actor.Actor{Tenant: "main", Kind: actor.Customer, ID: "cus_" + caseID}
	}
	w.write(func(tx *db.Tx) error {
		_, err := (&message.Service{Files: &evidence.Service{}}).Write(w.Context(), tx, who, caseID, message.New{Text: text, Language: "en"})
		return err
	})
	w.clock.Add(time.Minute)
}

// notes writes a note, and returns its event.
func (w *talk) notes(caseID, text string) (id string) {
	w.Helper()
	w.write(func(tx *db.Tx) error {
		s := &cases.Service{Store: w.d}
		if _, err := s.Act(w.Context(), tx, agent, caseID, 0, cases.Input{Action: cases.Note, Comment: text}); err != nil {
			return err
		}
		all, err := event.History(w.Context(), tx, "main", "case", caseID)
		id = all[len(all)-1].ID
		return err
	})
	w.clock.Add(time.Minute)
	return id
}

// heard waits until everything that was written can be found: what is written
// last is found last.
func (w *talk) heard() {
	w.Helper()
	word := []string{"quixotic", "zephyrus", "labyrinth"}[w.marks]
	w.marks++
	w.notes("case_3", word)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		w.clock.Add(time.Second)
		if err := w.followers.CatchUp(w.Context()); err != nil {
			w.Fatal(err)
		}
		if _, err := w.queue.RunDue(w.Context()); err != nil {
			w.Fatal(err)
		}
		if len(w.found(word, as("main", role.Agent, ""))) > 0 {
			return
		}
	}
	w.Fatal("what was written is not found")
}

// found is what a text finds among messages: the case and the sentence, with
// brackets around what was looked for.
func (w *talk) found(text string, who apitest.Option) (all []string) {
	w.Helper()
	var got struct {
		Messages []struct {
			Case     string
			Note     bool
			Sentence []struct {
				Text string
				Hit  bool
			}
		}
	}
	apitest.Do(w.T, w.h, "GET", "/v1/search?q="+url.QueryEscape(text), who).Want(w.T, 200, "").Into(w.T, &got)
	for _, m := range got.Messages {
		line := m.Case + ": "
		if m.Note {
			line = m.Case + " note: "
		}
		for _, part := range m.Sentence {
			if part.Hit {
				line += "[" + part.Text + "]"
			} else {
				line += part.Text
			}
		}
		all = append(all, line)
	}
	return all
}

// What agents type, and the sentence that they should be led to.
func TestWhatWasWrittenIsFound(t *testing.T) {
	eachTalk(t, func(w *talk) {
		w.says(actor.Customer, "case_1", "Hello! The kettle leaks at the handle, version 2.5 of it.\nI would like a refund to my Visa card.")
		w.says(actor.Staff, "case_1", "Please send it back with SF1234567890. We pay the freight.")
		w.says(actor.Customer, "case_2", "您好，快递员说运费要我自己付。耳机左边没有声音了，我想退货退款！")
		w.says(actor.Customer, "case_3", "運費險可以退嗎？ＡＢＣ型號")
		w.notes("case_2", "客户很着急，已电话联系; promised an answer by Friday")
		w.notes("case_3", strings.Repeat("Nothing happened on that day and nobody called, ", 20)+"until the courier brought the parcel "+strings.Repeat("and then went on and on ", 20))
		w.heard()
		for text, want := range map[string][]string{
			"handle":             {"case_1: The kettle leaks at the [handle], version 2.5 of it."},
			"HANDLE kettle":      {"case_1: The [kettle] leaks at the [handle], version 2.5 of it."},
			"hand":               {"case_1: The kettle leaks at the [hand]le, version 2.5 of it."},
			"refund visa":        {"case_1: I would like a [refund] to my [Visa] card."},
			"kettle visa":        {"case_1: The [kettle] leaks at the handle, version 2.5 of it."},
			"kettel":             {"case_1: The [kettle] leaks at the handle, version 2.5 of it."},
			"refnud to my card":  {"case_1: I would like a [refund] [to] [my] Visa [card]."},
			"sf1234567890":       {"case_1: Please send it back with [SF1234567890]."},
			"sf12345":            {"case_1: Please send it back with [SF12345]67890."},
			"sf1234576890":       {"case_1: Please send it back with [SF1234567890]."},
			"运费":                 {"case_3: [運費]險可以退嗎？", "case_2: 您好，快递员说[运费]要我自己付。"},
			"運費":                 {"case_3: [運費]險可以退嗎？", "case_2: 您好，快递员说[运费]要我自己付。"},
			"没有声音":               {"case_2: 耳机左边[没有声音]了，我想退货退款！"},
			"没有声因":               {"case_2: 耳机左边[没有声音]了，我想退货退款！"},
			"退货 耳机":              {"case_2: [耳机]左边没有声音了，我想[退货]退款！"},
			"abc":                {"case_3: [ＡＢＣ]型號"},
			"friday":             {"case_2 note: 客户很着急，已电话联系; promised an answer by [Friday]"},
			"电话联系":               {"case_2 note: 客户很着急，已[电话联系]; promised an answer by Friday"},
			"courier":            {"case_3 note: …called, until the [courier] brought the parcel and then went on and on and then went on and on and then went on and on and then went on and on and then went on an…"},
			"kettle friday":      nil,
			"andle":              nil,
			"退票":                 nil,
			"没有 手表":              nil,
			"100%":               nil,
			"a b c":              nil,
			"no such word there": nil,
		} {
			if diff := cmp.Diff(want, w.found(text, as("main", role.Agent, ""))); diff != "" {
				t.Errorf("%q: %s", text, diff)
			}
		}
	})
}

func TestNobodyFindsWhatOthersWrote(t *testing.T) {
	eachTalk(t, func(w *talk) {
		w.says(actor.Customer, "case_1", "first secret zebra 斑马")
		w.says(actor.Customer, "case_2", "second secret zebra 斑马")
		w.notes("case_1", "zebra of the shop")
		w.heard()
		of := func(shop, name, seller string) int { return len(w.found("zebra", as(shop, name, seller))) }
		for _, name := range role.Roles {
			want := 2 // one of each case
			if name == role.Seller {
				continue
			}
			if got := of("main", name, ""); got != want {
				t.Errorf("%s finds %d, want %d", name, got, want)
			}
			if got := of("other", name, ""); got != 0 {
				t.Errorf("%s of another shop finds %d", name, got)
			}
		}
		for _, text := range []string{"zebra", "斑马", "zebar", "secret"} {
			if diff := cmp.Diff(1, len(w.found(text, as("main", role.Seller, "sel_1")))); diff != "" {
				t.Errorf("the seller looks for %s: %s", text, diff)
			}
			if got := w.found(text, as("main", role.Seller, "sel_2")); got != nil {
				t.Errorf("another seller finds %s", got)
			}
		}
		if got := w.found("first", as("main", role.Seller, "sel_1")); got != nil {
			t.Errorf("the seller finds what is the shop's: %s", got)
		}
		w.says(actor.Customer, "case_2", "call me at 13812345678 or maria@example.com about the zebra")
		w.heard()
		for _, text := range []string{"13812345678", "1381234", "maria", "example"} {
			if got := w.found(text, as("main", role.Seller, "sel_1")); got != nil {
				t.Errorf("the seller finds contacts: %s", got)
			}
			if got := w.found(text, as("main", role.Agent, "")); len(got) != 1 {
				t.Errorf("the agent looks for %s and finds %s", text, got)
			}
		}
		own := apitest.Do(t, w.h, "GET", "/v1/search?q=zebra", as("main", role.Seller, "sel_1")).Want(t, 200, "")
		if strings.Contains(string(own.Raw), "Cruz") {
			t.Errorf("the seller reads who bought: %s", own.Raw)
		}
	})
}

func TestANoteThatWasTakenBackIsNotFound(t *testing.T) {
	eachTalk(t, func(w *talk) {
		who := as("main", role.Agent, "")
		note := w.notes("case_1", "call the giraffe back")
		w.heard()
		if got := w.found("giraffe", who); len(got) != 1 {
			t.Fatalf("the note is not found: %s", got)
		}
		w.write(func(tx *db.Tx) error {
			_, err := (&cases.Service{Store: w.d}).TakeBack(w.Context(), tx, agent, "case_1", note)
			return err
		})
		if got := w.found("giraffe", who); got != nil {
			t.Errorf("at once: %s", got)
		}
		w.heard()
		if n := w.rows("giraffe"); n != 0 {
			t.Errorf("%d rows still have a word of it", n)
		}
	})
}

// rows counts those that have a word, of whatever scope.
func (w *talk) rows(term string) (n int) {
	w.Helper()
	w.write(func(tx *db.Tx) error {
		return tx.QueryRow(w.Context(), "select count(*) "+"from search_said where term = $1", term).Scan(&n)
	})
	return n
}

func TestErasedCasesLeaveNoWord(t *testing.T) {
	eachTalk(t, func(w *talk) {
		w.says(actor.Customer, "case_2", "ostrich and elephant 鸵鸟蛋")
		w.says(actor.Customer, "case_1", "another elephant")
		w.notes("case_2", "ostrich again")
		w.heard()
		forget := func() {
			w.write(func(tx *db.Tx) error {
				return search.Forget(context.Background(), tx, "main", []string{"case_2"})
			})
		}
		forget()
		forget() // once more does no harm
		for term, want := range map[string]int{"ostrich": 0, "鸵鸟": 0, "鸟蛋": 0, "elephant": 1} {
			if got := w.rows(term); got != want {
				t.Errorf("%d rows have %s, want %d", got, term, want)
			}
		}
		if diff := cmp.Diff([]string{"case_1: another [elephant]"}, w.found("elephant", as("main", role.Agent, ""))); diff != "" {
			t.Error(diff)
		}
	})
}

// A word that very many messages have stands in many rows.
func TestManyMessagesShareAWord(t *testing.T) {
	eachTalk(t, func(w *talk) {
		w.says(actor.Customer, "case_1", "parcel with a hippo")
		w.write(func(tx *db.Tx) error {
			for n := range 300 {
				by := event.About{Stream: "message", Subject: "case_3", Version: int64(n + 2)}
				if err := event.Append(w.Context(), tx, agent, by, message.Written{Case: "case_3", Seq: int64(n + 1), By: message.Shop, Text: fmt.Sprintf("parcel number%d", n)}); err != nil {
					return err
				}
			}
			return nil
		})
		w.heard()
		if n := w.rows("parcel"); n != 3 {
			t.Errorf("the word stands in %d rows, want 3", n)
		}
		for text, want := range map[string][]string{
			"parcel number7":  {"case_3: [parcel] [number7]9"}, // the newest that begins so
			"parcel hippo":    {"case_1: [parcel] with a [hippo]"},
			"parcel number12": {"case_3: [parcel] [number12]9"},
			"parcel":          {"case_3: [parcel] number299"},
		} {
			if diff := cmp.Diff(want, w.found(text, as("main", role.Agent, ""))); diff != "" {
				t.Errorf("%q: %s", text, diff)
			}
		}
	})
}
