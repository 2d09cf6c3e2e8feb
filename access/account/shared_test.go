package account_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// A visitor who could change a sign-in that everybody is told would keep all
// others out.
func TestSharedSignInsStayAsTheyAre(t *testing.T) {
	each(t, func(w world) {
		shared, own := w.must(blue, "Agent@demo.example", role.Agent), w.must(blue, "own@demo.example", role.Agent)
		w.s.Share("agent@demo.example")
		p, mail, name, to, off, lang := w.password("", "another good sentence"), "mine@demo.example", "Me", role.Auditor, account.Disabled, "zh-CN"
		for what, c := range map[string]account.Change{
			"password": {Password: &p}, "e-mail": {Email: &mail}, "name": {Name: &name}, "role": {Role: &to}, "state": {State: &off},
			"language and e-mail": {Language: &lang, Email: &mail},
		} {
			if _, err := w.update(blue, shared.ID, c); !errors.Is(err, account.ErrDemo) {
				w.Errorf("%s of a shared sign-in: %v, want %v", what, err, account.ErrDemo)
			}
		}
		same := shared.Email
		if _, err := w.update(blue, shared.ID, account.Change{Language: &lang, Email: &same}); err != nil {
			w.Errorf("language of a shared sign-in: %v", err)
		}
		if _, err := w.update(blue, own.ID, account.Change{Name: &name}); err != nil {
			w.Errorf("a sign-in of a visitor's own: %v", err)
		}
		if _, err := w.update(actor.Of("blue"), shared.ID, account.Change{Password: &p}); err != nil {
			w.Errorf("by who runs the installation: %v", err)
		}
	})
}

func TestWrongPasswordsBlockNoSharedSignIn(t *testing.T) {
	each(t, func(w world) {
		w.must(blue, "agent@demo.example", role.Agent)
		w.s.Share("agent@demo.example")
		for range account.Tries + 1 {
			if _, err := w.signIn("blue", "agent@demo.example", "wrong"); !errors.Is(err, account.ErrWrong) {
				w.Fatalf("a wrong password: %v", err)
			}
		}
		if _, err := w.signIn("blue", "agent@demo.example", right); err != nil {
			w.Errorf("the right password after %d wrong ones: %v", account.Tries+1, err)
		}
	})
}

func TestSessionsOfOtherVisitorsAreSpared(t *testing.T) {
	each(t, func(w world) {
		a := w.must(blue, "agent@demo.example", role.Agent)
		mine, err := w.signIn("blue", "agent@demo.example", right)
		if err != nil {
			w.Fatal(err)
		}
		other, err := w.s.Authenticate(w.Context(), "blue", account.SignIn{Email: "agent@demo.example", Password: right, Session: session.New{IP: "192.0.2.9"}})
		if err != nil {
			w.Fatal(err)
		}
		w.s.Share("agent@demo.example")
		by := a.Actor(mine.Session.ID)
		for path, want := range map[string]int{"/v1/sessions": 403, "/v1/sessions/" + other.Session.ID: 403, "/v1/sessions/" + mine.Session.ID: 204} {
			if got, body := w.ask(by, "DELETE", path, ""); got != want {
				w.Errorf("DELETE %s: %d %s, want %d", path, got, body, want)
			}
		}
		if !w.alive("blue", other.Token) {
			w.Error("another visitor was signed out")
		}
		if got, body := w.ask(by, "POST", "/v1/session/password", `{"current":"`+right+`","password":"another good sentence"}`); got != 403 {
			w.Errorf("a new password of one's own: %d %s", got, body)
		}
	})
}

// ask puts a question to the routes as somebody.
func (w world) ask(by actor.Actor, method, path, body string) (int, string) {
	w.Helper()
	a := httpapi.New(httpapi.Options{DB: w.store, Allow: role.Allow,
		Identify: func(context.Context, *db.Tx, *http.Request) (actor.Actor, error) { return by, nil }})
	w.s.Routes(a)
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer := httptest.NewRecorder()
	a.Handler().ServeHTTP(answer, r)
	return answer.Code, answer.Body.String()
}

// Every role that there is can be given to somebody by the API.
func TestEachRoleCanBeGiven(t *testing.T) {
	each(t, func(w world) {
		for _, name := range role.Roles {
			seller := ""
			if name == role.Seller {
				seller = `,"seller":"tea"`
			}
			body := `{"email":"` + name + `@shop.example","name":"N","role":"` + name + `","password":"another good sentence"` + seller + `}`
			if got, answer := w.ask(blue, "POST", "/v1/staff", body); got != http.StatusCreated {
				w.Errorf("%s: %d %s", name, got, answer)
			}
		}
	})
}

// What visitors share stays as it is: the whole table of roles, permissions and
// sorts of routes, for sign-ins that everybody knows and for those of one person.
func TestVisitorsLookAtTheSetUpAndLeaveItAsItIs(t *testing.T) {
	each(t, func(w world) {
		w.s.Share("shared-administrator@demo.example", "SHARED-supervisor@demo.example", "shared-agent@demo.example", "shared-privacy@demo.example")
		a := w.held()
		keyed := actor.Actor{Tenant: "blue", Kind: actor.Key, ID: "key_1", Scopes: string(role.ShopManage)}
		for _, name := range []string{role.Administrator, role.Supervisor, role.Agent, role.Privacy} {
			shared, own := w.must(blue, "shared-"+name+"@demo.example", name), w.must(blue, "own-"+name+"@demo.example", name)
			for _, need := range role.All {
				may, held := slices.Contains(role.Permissions(name), need), slices.Contains(role.Setup(name), need)
				for _, c := range []struct {
					who    string
					by     actor.Actor
					method string
					want   int
				}{
					{"a shared sign-in", shared.Actor(""), "GET", pick(may, 204, 403)},
					{"a shared sign-in", shared.Actor(""), "POST", pick(may && !held, 204, 403)},
					{"a sign-in of one person", own.Actor(""), "POST", pick(may, 204, 403)},
					{"a program", keyed, "POST", pick(need == role.ShopManage || need == role.CalendarWrite, 204, 403)},
				} {
					got, code := a(c.by, c.method, need)
					if got != c.want || (code == "account.demo") != (got == 403 && may && c.by.Kind == actor.Staff) {
						w.Errorf("%s %s as %s, %s: %d %s, want %d", c.method, need, name, c.who, got, code, c.want)
					}
				}
			}
		}
		for _, need := range []actor.Permission{role.PrivacyErase, role.WebhookManage, role.KeyManage, role.StaffManage, role.ShopManage, role.AccountManage, role.PolicyPublish} {
			if !slices.Contains(role.Setup(role.Administrator), need) {
				w.Errorf("%s may wreck a demonstration", need)
			}
		}
	})
}

// Whoever started a demonstration for herself tries all of it; the sign-ins stay.
func TestADemonstrationOfOnesOwnIsSetUpByItsSignIns(t *testing.T) {
	each(t, func(w world) {
		w.s.Share("shared@demo.example")
		shared := w.must(blue, "shared@demo.example", role.Administrator)
		w.s.LetSetUp()
		if got, code := w.held()(shared.Actor(""), "POST", role.WebhookManage); got != http.StatusNoContent {
			w.Errorf("a webhook: %d %s", got, code)
		}
		name := "Me"
		if _, err := w.update(blue, shared.ID, account.Change{Name: &name}); !errors.Is(err, account.ErrDemo) {
			w.Errorf("the name of the sign-in: %v, want %v", err, account.ErrDemo)
		}
	})
}

func pick(one bool, a, b int) int {
	if one {
		return a
	}
	return b
}

// held has routes of each permission, to look and to change, and asks them.
func (w world) held() func(by actor.Actor, method string, need actor.Permission) (int, string) {
	who := actor.Actor{}
	a := httpapi.New(httpapi.Options{DB: w.store, Allow: role.Allow, Hold: w.s.Hold,
		Identify: func(context.Context, *db.Tx, *http.Request) (actor.Actor, error) { return who, nil }})
	nothing := func(context.Context, *db.Tx, actor.Actor, *struct{}) (*struct{}, error) { return nil, nil }
	for _, need := range role.All {
		httpapi.Read(a, httpapi.Op{Route: "GET /v1/" + string(need), Need: need, Tag: "t", Summary: "Look"}, nothing)
		httpapi.Write(a, httpapi.Op{Route: "POST /v1/" + string(need), Need: need, Tag: "t", Summary: "Change"}, nothing)
	}
	return func(by actor.Actor, method string, need actor.Permission) (int, string) {
		who = by
		answer := httptest.NewRecorder()
		a.Handler().ServeHTTP(answer, httptest.NewRequest(method, "/v1/"+string(need), nil))
		var problem struct{ Code string }
		_ = json.Unmarshal(answer.Body.Bytes(), &problem)
		return answer.Code, problem.Code
	}
}
