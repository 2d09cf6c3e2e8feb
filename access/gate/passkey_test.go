package gate_test

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func options(a apitest.Answer) map[string]any {
	o, _ := a.At("options").(map[string]any)
	return o
}

// withPasskey gives a person a passkey.
func (h house) withPasskey(email string) (*authenticator, apitest.Option) {
	h.Helper()
	who := h.signIn(blueHost, email)
	h.stepUp(who)
	key := newAuthenticator(h, blueHost)
	asked := h.do(blueHost, "POST", "/v1/factors/passkey/options", who).Want(h, 200, "")
	h.post("/v1/factors/passkey", body{"ticket": asked.Text("ticket"), "response": key.make(options(asked)), "name": "laptop"}, who).Want(h, 201, "")
	return key, who
}

func TestAPasskeyIsASecondFactorAndSignsInAlone(t *testing.T) {
	each(t, func(h house) {
		key, who := h.withPasskey(ann)
		step := h.halfway(ann)
		asked := h.post("/v1/session/second/passkey", body{"step": step}).Want(h, 200, "")
		shown := key.show(options(asked))
		in := h.post("/v1/session/second", body{"step": step, "ticket": asked.Text("ticket"), "response": shown}).Want(h, 200, "")
		if in.Text("shown.1") != "passkey" {
			h.Errorf("answer %s", in.Raw)
		}
		h.post("/v1/session/second", body{"step": h.halfway(ann), "ticket": asked.Text("ticket"), "response": shown}).Want(h, 409, "factor.over")

		asked = h.do(blueHost, "POST", "/v1/session/passkey/options").Want(h, 200, "")
		shown = key.show(options(asked))
		alone := h.post("/v1/session/passkey", body{"ticket": asked.Text("ticket"), "response": shown}).Want(h, 200, "")
		if alone.Text("shown.0") != "passkey" || alone.At("shown.1") != nil || alone.Text("staff.email") != ann {
			h.Errorf("answer %s", alone.Raw)
		}
		h.do(blueHost, "GET", "/v1/cases", cookie(h, alone)).Want(h, 200, "")
		h.post("/v1/session/passkey", body{"ticket": asked.Text("ticket"), "response": shown}).Want(h, 409, "factor.over")

		asked = h.do(blueHost, "POST", "/v1/session/step-up/passkey", who).Want(h, 200, "")
		h.post("/v1/session/step-up", body{"ticket": asked.Text("ticket"), "response": key.show(options(asked))}, who).Want(h, 200, "")

		id := h.do(blueHost, "GET", "/v1/staff", h.signIn(blueHost, "boss@blue.example")).Text("items.0.id")
		h.do(blueHost, "PATCH", "/v1/staff/"+id, h.signIn(blueHost, "boss@blue.example"), apitest.Body(body{"state": "disabled"})).Want(h, 200, "")
		asked = h.do(blueHost, "POST", "/v1/session/passkey/options")
		h.post("/v1/session/passkey", body{"ticket": asked.Text("ticket"), "response": key.show(options(asked))}).Want(h, 401, "factor.wrong")
	})
}

func TestWhatIsNotThePasskeyDoesNotSignIn(t *testing.T) {
	each(t, func(h house) {
		key, _ := h.withPasskey(ann)
		stranger := newAuthenticator(h, blueHost)
		stranger.user, stranger.id = key.user, key.id // another key that says it is this one
		phisher := *key
		phisher.origin = "https://blue.example.evil"
		elsewhere := *key
		elsewhere.rp = "red.example"
		unasked := *key
		unasked.verifies = false
		copied := *key
		copied.count = 0
		key.count = 40
		asked := h.do(blueHost, "POST", "/v1/session/passkey/options").Want(h, 200, "")
		h.post("/v1/session/passkey", body{"ticket": asked.Text("ticket"), "response": key.show(options(asked))}).Want(h, 200, "")
		for name, a := range map[string]*authenticator{
			"another key": stranger, "at another address": &phisher, "for another host": &elsewhere,
			"without asking who holds it": &unasked, "a copy whose counter is behind": &copied,
		} {
			asked := h.do(blueHost, "POST", "/v1/session/passkey/options").Want(h, 200, "")
			answer := h.post("/v1/session/passkey", body{"ticket": asked.Text("ticket"), "response": a.show(options(asked))})
			if answer.Status != 401 || answer.Code() != "factor.wrong" {
				h.Errorf("%s: %d %s", name, answer.Status, answer.Raw)
			}
		}
		old := h.do(blueHost, "POST", "/v1/session/passkey/options").Want(h, 200, "")
		h.clock.Add(factor.Patience)
		h.post("/v1/session/passkey", body{"ticket": old.Text("ticket"), "response": key.show(options(old))}).Want(h, 409, "factor.over")
		second := h.post("/v1/session/second/passkey", body{"step": h.halfway(ann)}).Want(h, 200, "")
		h.post("/v1/session/passkey", body{"ticket": second.Text("ticket"), "response": key.show(options(second))}).Want(h, 409, "factor.over")
		red := h.do(redHost, "POST", "/v1/session/passkey/options").Want(h, 200, "")
		h.do(redHost, "POST", "/v1/session/passkey", apitest.Body(body{"ticket": red.Text("ticket"), "response": key.show(options(red))})).Want(h, 401, "factor.wrong")
		for _, nonsense := range []any{nil, map[string]any{}, map[string]any{"id": 7, "response": "x"}, map[string]any{"id": "", "rawId": "", "type": "public-key", "response": map[string]any{}}} {
			asked := h.do(blueHost, "POST", "/v1/session/passkey/options").Want(h, 200, "")
			if a := h.post("/v1/session/passkey", body{"ticket": asked.Text("ticket"), "response": nonsense}); a.Status != 401 && a.Status != 422 {
				h.Errorf("%v: %d %s", nonsense, a.Status, a.Raw)
			}
		}
		h.do("192.0.2.7:8080", "POST", "/v1/session/passkey/options").Want(h, 404, "tenant.unknown")
	})
}

func TestARoleThatNeedsASecondFactorIsHeldAtSettingItUp(t *testing.T) {
	each(t, func(h house) {
		boss, who := h.signIn(blueHost, "boss@blue.example"), h.signIn(blueHost, ann)
		rule := apitest.Body(body{"roles": []string{"agent"}})
		h.do(blueHost, "PUT", "/v1/sign-in-rules", who, rule).Want(h, 403, "role.denied")
		h.do(blueHost, "PUT", "/v1/sign-in-rules", boss, rule).Want(h, 403, "session.step_up_required")
		h.stepUp(boss)
		h.do(blueHost, "PUT", "/v1/sign-in-rules", boss, apitest.Body(body{"roles": []string{"owner"}})).Want(h, 422, "factor.roles")
		since := apitest.Events(h, h.store)
		h.do(blueHost, "PUT", "/v1/sign-in-rules", boss, rule).Want(h, 200, "")
		if got := since(); len(got) != 1 || got[0] != "factor.required" {
			h.Errorf("events %v", got)
		}
		h.do(blueHost, "GET", "/v1/cases", who).Want(h, 403, "role.second_factor")
		h.do(blueHost, "GET", "/v1/colleagues", who).Want(h, 403, "role.second_factor")
		h.do(blueHost, "GET", "/v1/cases", boss).Want(h, 200, "")
		if a := h.do(blueHost, "GET", "/v1/session", who).Want(h, 200, ""); a.At("half") != true {
			h.Errorf("session %s", a.Raw)
		}
		h.clock.Add(6 * time.Minute)
		h.do(blueHost, "POST", "/v1/factors/totp/options", who).Want(h, 403, "session.step_up_required")
		who = h.signIn(blueHost, ann) // the password was given a moment ago: that is enough to begin
		setup := h.do(blueHost, "POST", "/v1/factors/totp/options", who).Want(h, 200, "")
		h.post("/v1/factors/totp", body{"ticket": setup.Text("ticket"), "code": h.code(setup.Text("secret")), "name": "phone"}, who).Want(h, 201, "")
		h.do(blueHost, "GET", "/v1/cases", who).Want(h, 200, "")
		h.clock.Add(time.Minute)
		h.post("/v1/session/step-up", body{"code": h.code(setup.Text("secret"))}, who).Want(h, 200, "")
		id := h.do(blueHost, "GET", "/v1/factors", who).Text("items.0.id")
		h.do(blueHost, "DELETE", "/v1/factors/"+id, who).Want(h, 409, "factor.last")
	})
}

func TestAnAdministratorTakesLostFactorsAway(t *testing.T) {
	each(t, func(h house) {
		_, who := h.withPasskey(ann)
		boss := h.signIn(blueHost, "boss@blue.example")
		staff := h.do(blueHost, "GET", "/v1/staff", boss).Want(h, 200, "")
		id := staff.Text("items.0.id")
		if staff.Text("items.0.factors.0") != "passkey" || staff.At("items.1.factors.0") != nil {
			h.Errorf("staff %s", staff.Raw)
		}
		h.do(blueHost, "DELETE", "/v1/staff/"+id+"/factors", who).Want(h, 403, "role.denied")
		h.do(blueHost, "DELETE", "/v1/staff/"+id+"/factors", boss).Want(h, 403, "session.step_up_required")
		h.stepUp(boss)
		redBoss := h.signIn(redHost, "boss@red.example")
		h.do(redHost, "POST", "/v1/session/step-up", redBoss, apitest.Body(body{"password": right})).Want(h, 200, "")
		h.do(redHost, "DELETE", "/v1/staff/"+id+"/factors", redBoss).Want(h, 404, "account.unknown")
		since := apitest.Events(h, h.store)
		h.do(blueHost, "DELETE", "/v1/staff/"+id+"/factors", boss).Want(h, 204, "")
		if got := since(); len(got) != 2 || got[0] != "session.ended" || got[1] != "factor.reset" {
			h.Errorf("events %v", got)
		}
		h.do(blueHost, "GET", "/v1/session", who).Want(h, 401, "request.unauthenticated")
		h.signIn(blueHost, ann)
		h.do(blueHost, "DELETE", "/v1/staff/"+id+"/factors", boss).Want(h, 409, "factor.none")
		h.do(blueHost, "DELETE", "/v1/staff/stf_nobody/factors", boss).Want(h, 404, "account.unknown")
	})
}
