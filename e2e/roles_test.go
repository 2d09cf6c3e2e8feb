package e2e

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
)

var placeholder = regexp.MustCompile(`\{\w+\}`)

// Every role asks every route for something that does not exist: whoever may
// is told so, whoever may not is refused before anything else is looked at.
func TestEachRoleMayDoWhatTheTableSaysAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		w := openWorld(t, database)
		for _, r := range w.routes {
			path := placeholder.ReplaceAllString(r.path, "none-06gzze38pxy1xe5dt981807gzm")
			for _, name := range role.Roles {
				as := w.first.as(name)
				if ends(r) > 0 {
					as = w.first.asSpare(name)
				}
				w.expect(t, r, name, w.ask(t, r.method, path, hollow(r), as), staffMay(name, r.permission))
			}
			customers := http.StatusUnauthorized // their cookie counts under /v1/my only
			if r.permission == "" || strings.HasPrefix(string(r.permission), "my.") {
				customers = 0
			}
			if ends(r) == 0 {
				w.expect(t, r, "customer", w.ask(t, r.method, path, hollow(r), w.first.asCustomer()), customers)
			}
			nobody := http.StatusUnauthorized
			if r.permission == "" {
				nobody = 0
			}
			w.expect(t, r, "nobody", w.ask(t, r.method, path, hollow(r)), nobody)
			keys := http.StatusForbidden
			if r.permission == "" || slices.Contains(role.Grantable(""), r.permission) {
				keys = 0
			}
			w.expect(t, r, "key with all scopes", w.ask(t, r.method, path, hollow(r), w.first.asKey()), keys)
		}
	})
}

// hollow is a body that no route accepts, so that nothing is done.
func hollow(r route) any {
	if r.method == "GET" || r.method == "DELETE" {
		return nil
	}
	return map[string]any{}
}

// staffMay is the status that refuses a role a permission, 0 for none. Routes
// of customers do not know the cookie of staff.
func staffMay(name string, need actor.Permission) int {
	switch {
	case need == "", slices.Contains(role.Permissions(name), need):
		return 0
	case strings.HasPrefix(string(need), "my."):
		return http.StatusUnauthorized
	}
	return http.StatusForbidden
}

func (w *world) expect(t *testing.T, r route, who string, got answer, refusal int) {
	t.Helper()
	code := got.field("code")
	if code == "session.step_up_required" { // says nothing about the role: it may, once confirmed
		got.status = http.StatusConflict
	}
	switch {
	case got.status >= 500:
		t.Errorf("%s by %s: %d %s", r, who, got.status, got.body)
	case refusal == 0 && (got.status == http.StatusForbidden || got.status == http.StatusUnauthorized && r.permission != ""):
		t.Errorf("%s by %s: %d %s, but the table allows it", r, who, got.status, code)
	case refusal != 0 && got.status != refusal:
		t.Errorf("%s by %s: %d %s, want %d", r, who, got.status, code, refusal)
	case r.method == "HEAD": // its answer has no body to look into
	case refusal == http.StatusForbidden && (code != role.ErrDenied.Code || got.field("permission") != string(r.permission)):
		t.Errorf("%s by %s: %s of %s, want %s of %s", r, who, code, got.field("permission"), role.ErrDenied.Code, r.permission)
	}
}

// The actions of a case need permissions of their own.
func TestEachActionOfACaseNeedsItsPermission(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		w := openWorld(t, database)
		path := "/v1/cases/" + w.first.ids["cases"] + "/actions"
		for action, need := range map[string]actor.Permission{
			"approve": role.CaseDecide, "refuse": role.CaseDecide, "withdraw": role.CaseDecide, "hand_over": role.ParcelScan,
			"receive": role.CaseReceive, "grade": role.CaseReceive, "note": role.CaseNote,
			"offer": role.CaseDecide, "accept": role.CaseDecide, "decline": role.CaseDecide, "amend": role.CaseOpen, "add_parcel": role.ParcelScan,
			"lose": role.CaseDecide, "ship": role.CaseReceive, "back_order": role.CaseReceive, "convert": role.CaseDecide, "confirm": role.CaseDecide,
			"liability": role.CaseDecide, "reopen": role.CaseDecide, "keep_closed": role.CaseDecide, "assign": role.CaseNote,
		} {
			body := map[string]any{"action": action, "text": "a word", "reason_code": "other", "comment": "a word", "items": []map[string]any{{"line": 1, "quantity": 1, "count": 1, "grade": "A", "disposition": "restock"}}}
			for _, name := range role.Roles {
				got := w.ask(t, "POST", path, body, w.first.as(name), header("If-Match", "*"))
				denied := got.status == http.StatusForbidden && got.field("code") == role.ErrDenied.Code
				allowed := slices.Contains(role.Permissions(name), need)
				if got.status >= 500 || denied == allowed {
					t.Errorf("%s by %s: %d %s, allowed is %t", action, name, got.status, got.body, allowed)
				}
			}
		}
	})
}
