package reply_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/desk/reply"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

type desk struct {
	*testing.T
	h http.Handler
	d *db.DB
	s *reply.Service
}

var people = map[string]actor.Actor{
	"ann":     {Tenant: "main", Kind: actor.Staff, ID: "ann", Name: "Ann", Role: role.Agent},
	"bob":     {Tenant: "main", Kind: actor.Staff, ID: "bob", Name: "Bob", Role: role.Supervisor},
	"sel":     {Tenant: "main", Kind: actor.Staff, ID: "sel", Name: "Sela", Role: role.Seller, Seller: "sel_1"},
	"ware":    {Tenant: "main", Kind: actor.Staff, ID: "ware", Name: "Ware", Role: role.Warehouse},
	"foreign": {Tenant: "second", Kind: actor.Staff, ID: "x", Name: "X", Role: role.Administrator},
}

// each runs a test over a shop whose texts are filled in by saying so.
func each(t *testing.T, test func(d *desk)) {
	dbtest.EachAt(t, []db.Schema{event.Schema, httpapi.Schema, cases.Schema, reply.Schema}, noon, func(t *testing.T, store *db.DB, _ *dbtest.Clock) {
		d := &desk{T: t, d: store, s: &reply.Service{Fill: func(_ context.Context, _ *db.Tx, _ actor.Actor, caseID, lang, text string) (string, error) {
			return caseID + " " + lang + " " + text, nil
		}}}
		a := apitest.New(store, role.Allow)
		d.s.Routes(a)
		d.h = a.Handler()
		test(d)
	})
}

func (d *desk) do(who, method, path string, body any, more ...apitest.Option) apitest.Answer {
	d.Helper()
	with := append(more, apitest.As(people[who]))
	if body != nil {
		with = append(with, apitest.Body(body))
	}
	return apitest.Do(d, d.h, method, path, with...)
}

func draft(title, shortcut string, shared bool, texts ...string) map[string]any {
	by := map[string]string{}
	for i := 0; i < len(texts); i += 2 {
		by[texts[i]] = texts[i+1]
	}
	return map[string]any{"title": title, "shortcut": shortcut, "shared": shared, "texts": by}
}

func (d *desk) list(who, query string) (all []string) {
	d.Helper()
	var out struct{ Items []reply.View }
	d.do(who, "GET", "/v1/replies"+query, nil).Want(d, 200, "").Into(d, &out)
	for _, r := range out.Items {
		all = append(all, r.Shortcut)
	}
	return all
}

func TestSharedTextsAreForAllAndOwnOnesForTheirPerson(t *testing.T) {
	each(t, func(d *desk) {
		d.do("bob", "POST", "/v1/replies", draft("Thanks", "thanks", true, "en", "Thank you, {name}.", "zh-CN", "谢谢，{name}。")).Want(d, 201, "")
		d.do("ann", "POST", "/v1/replies", draft("Mine", "Mine", false, "en", "Yes.")).Want(d, 201, "")
		d.do("sel", "POST", "/v1/replies", draft("Sells", "thanks", false, "en", "Bye.")).Want(d, 201, "")
		d.do("ann", "POST", "/v1/replies", draft("No", "no", true, "en", "No.")).Want(d, 403, "role.denied")
		d.do("ware", "GET", "/v1/replies", nil).Want(d, 403, "role.denied")
		for who, want := range map[string][]string{"ann": {"mine", "thanks"}, "bob": {"thanks"}, "sel": {"thanks"}, "foreign": nil} {
			if diff := cmp.Diff(want, d.list(who, "")); diff != "" {
				d.Errorf("%s: %s", who, diff)
			}
		}
		d.do("bob", "POST", "/v1/replies", draft("Again", "thanks", true, "en", "x")).Want(d, 409, "reply.shortcut_taken")
		d.do("bob", "POST", "/v1/replies", draft("Own", "thanks", false, "en", "x")).Want(d, 201, "") // beside the shared one
	})
}

func TestATextThatCannotBeFilledInIsRefused(t *testing.T) {
	each(t, func(d *desk) {
		for name, bad := range map[string]map[string]any{
			"unknown variable": draft("A", "a", false, "en", "Hello {nmae}"), "brace": draft("A", "a", false, "en", "Hello {"),
			"no words": draft("A", "a", false, "en", "  "), "no title": draft(" ", "a", false, "en", "x"), "shortcut": draft("A", "a b", false, "en", "x"),
			"language": draft("A", "a", false, "tlh", "x"), "variable of another text": draft("A", "a", false, "en", "{message}"),
		} {
			if got := d.do("ann", "POST", "/v1/replies", bad); got.Code() != "reply.invalid" {
				d.Errorf("%s: %s", name, got.Code())
			}
		}
		d.do("ann", "POST", "/v1/replies", draft("感谢", "感谢-1", false, "zh-CN", "谢谢")).Want(d, 201, "")
		d.do("ann", "POST", "/v1/replies/preview", map[string]any{"case": "c", "language": "en", "text": "{x}"}).Want(d, 422, "reply.invalid")
		if got := d.do("ann", "POST", "/v1/replies/preview", map[string]any{"case": "c", "language": "en", "text": "{name}"}).Text("text"); got != "c en {name}" {
			d.Error(got)
		}
	})
}

func TestAnEndlessTextIsRefusedAtOnce(t *testing.T) {
	each(t, func(d *desk) {
		began := time.Now()
		body := draft("Endless", "endless", false, "en", strings.Repeat("{", 200_000), "de", strings.Repeat("{}", 2000))
		if got := d.do("sel", "POST", "/v1/replies", body); got.Status != 422 || got.Code() != "reply.invalid" || len(got.Raw) > 50_000 {
			d.Errorf("%d %s, %d bytes", got.Status, got.Code(), len(got.Raw))
		}
		if took := time.Since(began); took > 30*time.Second {
			d.Errorf("nobody else could write for %v", took)
		}
	})
}

func TestOfTwoWhoChangeATextTheSecondIsTold(t *testing.T) {
	each(t, func(d *desk) {
		path := "/v1/replies/" + d.do("bob", "POST", "/v1/replies", draft("A", "a", true, "en", "x")).Want(d, 201, "").Text("id")
		d.do("bob", "PUT", path, draft("B", "b", true, "en", "y"), apitest.IfMatch(1)).Want(d, 200, "")
		d.do("bob", "PUT", path, draft("C", "c", true, "en", "z"), apitest.IfMatch(1)).Want(d, 412, "reply.stale")
		d.do("ann", "PUT", path, draft("C", "c", false, "en", "z"), apitest.IfMatch(2)).Want(d, 403, "role.denied")
		d.do("sel", "PUT", path, draft("C", "c", false, "en", "z"), apitest.IfMatch(2)).Want(d, 404, "reply.unknown")
		d.do("ann", "DELETE", path, nil).Want(d, 403, "role.denied")
		d.do("bob", "DELETE", path, nil).Want(d, 204, "")
		d.do("bob", "DELETE", path, nil).Want(d, 404, "reply.unknown")
	})
}

func TestWhatIsTypedFindsShortcutsFirst(t *testing.T) {
	each(t, func(d *desk) {
		for _, one := range []map[string]any{
			draft("Return label", "label", false, "en", "Print it."), draft("About lamps", "lamp", false, "en", "Which label?"), draft("Label lost", "lost", false, "en", "x"),
		} {
			d.do("ann", "POST", "/v1/replies", one).Want(d, 201, "")
		}
		if diff := cmp.Diff([]string{"label", "lost", "lamp"}, d.list("ann", "?q=LABEL")); diff != "" {
			d.Error(diff)
		}
	})
}

func TestUsesAreCountedAndTextsComeInTheCustomersLanguage(t *testing.T) {
	each(t, func(d *desk) {
		id := d.do("ann", "POST", "/v1/replies", draft("A", "a", false, "en", "Hello", "zh-CN", "你好")).Want(d, 201, "").Text("id")
		_, react := d.s.Events()
		err := d.d.Write(d.Context(), func(tx *db.Tx) error {
			for lang, want := range map[string]string{"zh-CN": "case_1 zh-CN 你好", "de": "case_1 en Hello"} {
				got, _, err := d.s.Filled(d.Context(), tx, people["ann"], id, "case_1", lang)
				if err != nil || got != want {
					d.Errorf("%s: %q, %v", lang, got, err)
				}
			}
			if err := event.Append(d.Context(), tx, people["ann"], event.About{Stream: "message", Subject: "case_1"}, message.Written{Reply: id}); err != nil {
				return err
			}
			all, err := event.History(d.Context(), tx, "main", "message", "case_1")
			if err != nil {
				return err
			}
			return react(d.Context(), tx, all[0])
		})
		if err != nil {
			d.Fatal(err)
		}
		var out struct{ Items []reply.View }
		d.do("ann", "GET", "/v1/replies", nil).Want(d, 200, "").Into(d, &out)
		if out.Items[0].Uses != 1 {
			d.Errorf("%d uses", out.Items[0].Uses)
		}
	})
}
