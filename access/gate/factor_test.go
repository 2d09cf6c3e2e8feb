package gate_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

const ann = "ann@blue.example"

type body map[string]any

func (h house) post(path string, b any, opts ...apitest.Option) apitest.Answer {
	h.Helper()
	return h.do(blueHost, "POST", path, append(opts, apitest.Body(b))...)
}

func (h house) stepUp(who apitest.Option) {
	h.Helper()
	h.post("/v1/session/step-up", body{"password": right}, who).Want(h, 200, "")
}

// withApp gives a person an app and returns its key, its cookie and the codes.
func (h house) withApp(email string) (key string, who apitest.Option, codes []string) {
	h.Helper()
	who = h.signIn(blueHost, email)
	h.stepUp(who)
	setup := h.do(blueHost, "POST", "/v1/factors/totp/options", who).Want(h, 200, "")
	key = setup.Text("secret")
	if !strings.HasPrefix(setup.Text("qr"), "<svg") || !strings.HasPrefix(setup.Text("uri"), "otpauth://totp/blue:"+email+"?") {
		h.Errorf("setup %s", setup.Raw)
	}
	made := h.post("/v1/factors/totp", body{"ticket": setup.Text("ticket"), "code": h.code(key), "name": "phone"}, who).Want(h, 201, "")
	var out struct{ Recovery []string }
	made.Into(h, &out)
	if len(out.Recovery) != factor.Codes {
		h.Fatalf("recovery codes %v", out.Recovery)
	}
	return key, who, out.Recovery
}

func (h house) code(key string) string {
	h.Helper()
	code, err := totp.GenerateCode(key, h.clock.Now())
	if err != nil {
		h.Fatal(err)
	}
	return code
}

// halfway gives the password and returns the step.
func (h house) halfway(email string) string {
	h.Helper()
	return h.post("/v1/session", body{"email": email, "password": right}).Want(h, 401, "factor.needed").Text("step")
}

func TestACodeOfTheAppIsNeededOnceItIsThereAndCountsOnce(t *testing.T) {
	each(t, func(h house) {
		other := h.signIn(blueHost, ann)
		since := apitest.Events(h, h.store)
		key, who, codes := h.withApp(ann)
		if diff := cmp.Diff([]string{"session.started", "session.confirmed", "session.ended", "factor.added"}, since()); diff != "" {
			h.Errorf("events (-want +got):\n%s", diff)
		}
		h.do(blueHost, "GET", "/v1/session", other).Want(h, 401, "request.unauthenticated")
		if a := h.do(blueHost, "GET", "/v1/session", who).Want(h, 200, ""); a.Text("shown.1") != "totp" || a.Text("staff.factors.1") != "recovery" {
			h.Errorf("session %s", a.Raw)
		}
		used := h.code(key)
		h.post("/v1/session/second", body{"step": h.halfway(ann), "code": used}).Want(h, 401, "factor.wrong") // the one it was set up with
		h.clock.Add(30 * time.Second)
		step, code := h.halfway(ann), h.code(key)
		h.post("/v1/session/second", body{"step": step, "code": "000000"}).Want(h, 401, "factor.wrong")
		in := h.post("/v1/session/second", body{"step": step, "code": code[:3] + " " + code[3:]}).Want(h, 200, "")
		h.do(blueHost, "GET", "/v1/cases", cookie(h, in)).Want(h, 200, "")
		h.post("/v1/session/second", body{"step": h.halfway(ann), "code": code}).Want(h, 401, "factor.wrong")
		h.clock.Add(30 * time.Second)
		h.post("/v1/session/second", body{"step": step, "code": h.code(key)}).Want(h, 409, "factor.over") // one step, one session

		again := h.post("/v1/session/second", body{"step": h.halfway(ann), "recovery": strings.ToUpper(codes[0])}).Want(h, 200, "")
		if again.Text("shown.1") != "recovery" {
			h.Errorf("answer %s", again.Raw)
		}
		h.post("/v1/session/second", body{"step": h.halfway(ann), "recovery": codes[0]}).Want(h, 401, "factor.wrong")
		if a := h.do(blueHost, "GET", "/v1/factors", who).Want(h, 200, ""); a.At("recovery_left") != float64(factor.Codes-1) || a.Text("items.0.name") != "phone" {
			h.Errorf("factors %s", a.Raw)
		}
		if _, err := h.queue.RunDue(h.Context()); err != nil {
			h.Fatal(err)
		}
		var told []string
		for _, l := range *h.letters {
			told = append(told, l.What+" "+l.To.Email)
		}
		if diff := cmp.Diff([]string{"added " + ann, "recovery " + ann}, told); diff != "" {
			h.Errorf("letters (-want +got):\n%s", diff)
		}
	})
}

func TestAStepEndsWithTimePasswordAndAccount(t *testing.T) {
	each(t, func(h house) {
		key, _, _ := h.withApp(ann)
		boss := h.signIn(blueHost, "boss@blue.example")
		id := h.do(blueHost, "GET", "/v1/staff", boss).Text("items.0.id")
		h.clock.Add(time.Minute)
		late := h.halfway(ann)
		h.clock.Add(factor.Patience)
		h.post("/v1/session/second", body{"step": late, "code": h.code(key)}).Want(h, 409, "factor.over")
		step := h.halfway(ann)
		h.post("/v1/session/second", body{"step": step + "A", "code": h.code(key)}).Want(h, 409, "factor.over")
		h.do(redHost, "POST", "/v1/session/second", apitest.Body(body{"step": step, "code": h.code(key)})).Want(h, 409, "factor.over")
		h.do(blueHost, "PATCH", "/v1/staff/"+id, boss, apitest.Body(body{"password": "another staple for it"})).Want(h, 200, "")
		h.post("/v1/session/second", body{"step": step, "code": h.code(key)}).Want(h, 409, "factor.over")
	})
}

func TestOnlySoManyWrongCodesAreJudged(t *testing.T) {
	each(t, func(h house) {
		key, _, codes := h.withApp(ann)
		h.clock.Add(time.Minute)
		step := h.halfway(ann)
		var wait sync.WaitGroup
		answers := make([]apitest.Answer, 3*factor.Tries)
		for i := range answers {
			wait.Go(func() {
				answers[i] = h.post("/v1/session/second", body{"step": step, "code": "00000" + string(rune('0'+i%10))})
			})
		}
		wait.Wait()
		judged := 0
		for _, a := range answers {
			if a.Code() == "factor.wrong" {
				judged++
			}
		}
		if judged != factor.Tries {
			h.Errorf("%d wrong codes were judged, want %d", judged, factor.Tries)
		}
		step = h.halfway(ann) // the right password does not forgive codes
		h.post("/v1/session/second", body{"step": step, "code": h.code(key)}).Want(h, 403, "factor.locked")
		h.post("/v1/session/second", body{"step": step, "recovery": codes[1]}).Want(h, 403, "factor.locked")
		h.clock.Add(factor.FirstLock)
		h.post("/v1/session/second", body{"step": h.halfway(ann), "code": h.code(key)}).Want(h, 200, "")
	})
}

func TestOneCodeShownTwiceAtOnceStartsOneSession(t *testing.T) {
	each(t, func(h house) {
		key, _, codes := h.withApp(ann)
		h.clock.Add(time.Minute)
		for _, proof := range []body{{"code": h.code(key)}, {"recovery": codes[2]}} {
			steps := []string{h.halfway(ann), h.halfway(ann), h.halfway(ann), h.halfway(ann)}
			var wait sync.WaitGroup
			status := make([]int, len(steps))
			for i, step := range steps {
				wait.Go(func() {
					b := body{"step": step}
					for k, v := range proof {
						b[k] = v
					}
					status[i] = h.post("/v1/session/second", b).Status
				})
			}
			wait.Wait()
			in := 0
			for _, s := range status {
				if s == 200 {
					in++
				}
			}
			if in != 1 {
				h.Errorf("%v let %d in: %v", proof, in, status)
			}
		}
	})
}

func TestConfirmingAndChangingFactorsNeedsTheFactor(t *testing.T) {
	each(t, func(h house) {
		key, who, codes := h.withApp(ann)
		h.clock.Add(6 * time.Minute)
		id := h.do(blueHost, "GET", "/v1/factors", who).Text("items.0.id")
		h.do(blueHost, "DELETE", "/v1/factors/"+id, who).Want(h, 403, "session.step_up_required")
		h.do(blueHost, "POST", "/v1/factors/recovery", who).Want(h, 403, "session.step_up_required")
		h.do(blueHost, "POST", "/v1/factors/totp/options", who).Want(h, 403, "session.step_up_required")
		if a := h.post("/v1/session/step-up", body{"password": right}, who).Want(h, 401, "factor.needed"); a.Text("step") != "" {
			h.Errorf("a step for somebody who is signed in: %s", a.Raw)
		}
		h.post("/v1/session/step-up", body{"code": h.code(key)}, who).Want(h, 200, "")
		fresh := h.do(blueHost, "POST", "/v1/factors/recovery", who).Want(h, 201, "")
		h.clock.Add(time.Minute)
		h.post("/v1/session/second", body{"step": h.halfway(ann), "recovery": codes[3]}).Want(h, 401, "factor.wrong")
		h.post("/v1/session/second", body{"step": h.halfway(ann), "recovery": fresh.Text("recovery.0")}).Want(h, 200, "")
		h.do(blueHost, "PATCH", "/v1/factors/"+id, who, apitest.Body(body{"name": " new phone "})).Want(h, 200, "")
		h.do(blueHost, "PATCH", "/v1/factors/"+id, who, apitest.Body(body{"name": " "})).Want(h, 422, "factor.name")
		boss := h.signIn(blueHost, "boss@blue.example")
		h.do(blueHost, "PATCH", "/v1/factors/"+id, boss, apitest.Body(body{"name": "mine"})).Want(h, 404, "factor.unknown")
		h.stepUp(boss)
		h.do(blueHost, "DELETE", "/v1/factors/"+id, boss).Want(h, 404, "factor.unknown")
		h.do(blueHost, "DELETE", "/v1/factors/"+id, who).Want(h, 204, "")
		h.signIn(blueHost, ann) // the password is enough again
		if a := h.do(blueHost, "GET", "/v1/factors", who).Want(h, 200, ""); a.At("recovery_left") != float64(0) || a.At("items.0") != nil {
			h.Errorf("factors %s", a.Raw)
		}
	})
}
