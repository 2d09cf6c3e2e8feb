package template_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/desk/template"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
)

var admin = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Name: "Su Qing", Role: role.Administrator}

func each(t *testing.T, test func(t *testing.T, h http.Handler, s *template.Service, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{event.Schema, job.Schema, httpapi.Schema, template.Schema}, func(t *testing.T, d *db.DB) {
		s := &template.Service{Notices: &notice.Service{}}
		a := apitest.New(d, role.Allow)
		s.Routes(a)
		test(t, a.Handler(), s, d)
	})
}

const path = "/v1/templates/approved/en"

func do(t *testing.T, h http.Handler, method, path string, version int64, body any, by actor.Actor) apitest.Answer {
	t.Helper()
	options := []apitest.Option{apitest.As(by)}
	if body != nil {
		options = append(options, apitest.Body(body), apitest.IfMatch(version))
		if version == 0 {
			options = append(options, apitest.Header("If-Match", "*"))
		}
	}
	return apitest.Do(t, h, method, path, options...)
}

func TestWordsHaveVersionsAndAWayBack(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, s *template.Service, d *db.DB) {
		standard := do(t, h, "GET", path, 0, nil, admin).Want(t, 200, "")
		if standard.At("own") != false || standard.At("version") != 0.0 || !strings.Contains(standard.Text("subject"), "{number}") {
			t.Fatalf("%s", standard.Raw)
		}
		first := map[string]any{"subject": "Yes to {number}", "body": "Dear {name},\n\n{next}"}
		do(t, h, "PUT", path, 0, first, admin).Want(t, 200, "")
		second := map[string]any{"subject": "Yes!", "body": "{amount}"}
		do(t, h, "PUT", path, 0, second, admin).Want(t, 412, "template.stale")
		do(t, h, "PUT", path, 1, second, admin).Want(t, 200, "")
		back := do(t, h, "POST", path+"/actions", 2, map[string]any{"action": "restore", "version": 1}, admin).Want(t, 200, "")
		if back.At("subject") != "Yes to {number}" || back.At("version") != 3.0 || len(back.At("versions").([]any)) != 3 {
			t.Errorf("%s", back.Raw)
		}
		do(t, h, "POST", path+"/actions", 3, map[string]any{"action": "restore", "version": 9}, admin).Want(t, 404, "template.version")
		words := func() (w notice.Words, own bool) {
			if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				w, own, err = s.Words(t.Context(), tx, "main", "approved", "en")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return w, own
		}
		if w, own := words(); !own || w.Body != "Dear {name},\n\n{next}" {
			t.Errorf("%v %+v", own, w)
		}
		again := do(t, h, "POST", path+"/actions", 3, map[string]any{"action": "reset"}, admin).Want(t, 200, "")
		if again.At("own") != false || again.At("subject") != standard.At("subject") {
			t.Errorf("%s", again.Raw)
		}
		if _, own := words(); own {
			t.Error("words are the shop's own after going back to the standard ones")
		}
		if list := do(t, h, "GET", "/v1/templates", 0, nil, admin).Want(t, 200, ""); len(list.At("items").([]any)) != len(notice.Kinds()) {
			t.Errorf("%s", list.Raw)
		}
	})
}

func TestWordsThatCannotBeFilledInAreRefusedWithTheirPlace(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, _ *template.Service, _ *db.DB) {
		for _, x := range []struct{ subject, body, field, says string }{
			{"{nmber}", "x", "body.subject", "line 1, column 1: {nmber} is not known"},
			{"x", "a\n声悦 {amunt} b", "body.body", "line 2, column 4: {amunt} is not known"},
			{"x", "a { b", "body.body", "line 1, column 3: { stands alone"},
			{"x", "a } b", "body.body", "line 1, column 3: } stands alone"},
			{"x", "{{number}}", "body.body", "line 1, column 1: { stands alone"},
			{"x", "{}", "body.body", "line 1, column 1: {} is not known"},
			{"x\ny", "z", "body.subject", "has more than one line"},
			{" ", "z", "body.subject", "is missing or too long"},
			{"x", strings.Repeat("z", 10_001), "body.body", "is missing or too long"},
		} {
			got := do(t, h, "PUT", path, 0, map[string]any{"subject": x.subject, "body": x.body}, admin).Want(t, 422, "template.invalid")
			if got.At("errors.0.field") != x.field || got.At("errors.0.message") != x.says {
				t.Errorf("%q %q: %s", x.subject, x.body, got.Raw)
			}
		}
		do(t, h, "PUT", "/v1/templates/weather/en", 0, map[string]any{"subject": "x", "body": "y"}, admin).Want(t, 404, "template.unknown")
		do(t, h, "GET", "/v1/templates/approved/xx", 0, nil, admin).Want(t, 404, "template.unknown")
		do(t, h, "POST", path+"/test", 0, map[string]any{"subject": "x", "body": "y", "case": "case_1"}, admin).Want(t, 409, "template.mail_off")
	})
}

func TestTheShopsWordsAreItsAdministratorsAndSupervisors(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, _ *template.Service, _ *db.DB) {
		do(t, h, "PUT", path, 0, map[string]any{"subject": "x", "body": "y"}, admin).Want(t, 200, "")
		for _, name := range role.Roles {
			by := admin
			by.Role = name
			want, code := 403, "role.denied"
			if name == role.Administrator || name == role.Supervisor {
				want, code = 200, ""
			}
			do(t, h, "GET", path, 0, nil, by).Want(t, want, code)
		}
		other := admin
		other.Tenant = "other"
		if got := do(t, h, "GET", path, 0, nil, other).Want(t, 200, ""); got.At("own") != false {
			t.Errorf("another shop's words: %s", got.Raw)
		}
	})
}
