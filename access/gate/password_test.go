package gate_test

import (
	"testing"

	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func TestPeopleChangeTheirOwnPassword(t *testing.T) {
	each(t, func(h house) {
		const fresh = "seven quiet lanterns"
		ann, elsewhere := h.signIn(blueHost, "ann@blue.example"), h.signIn(blueHost, "ann@blue.example")
		change := func(who apitest.Option, current, next string) apitest.Answer {
			return h.do(blueHost, "POST", "/v1/session/password", who, apitest.Body(map[string]string{"current": current, "password": next}))
		}
		change(ann, "not this one", fresh).Want(h, 401, "account.wrong_credentials")
		change(ann, right, "short").Want(h, 422, "account.password")
		h.do(blueHost, "GET", "/v1/session", elsewhere).Want(h, 200, "") // nothing has changed yet

		change(ann, right, fresh).Want(h, 204, "")
		h.do(blueHost, "GET", "/v1/session", ann).Want(h, 200, "")
		h.do(blueHost, "GET", "/v1/session", elsewhere).Want(h, 401, "request.unauthenticated")
		h.do(blueHost, "POST", "/v1/session", apitest.Body(map[string]string{"email": "ann@blue.example", "password": right})).Want(h, 401, "account.wrong_credentials")
		h.do(blueHost, "POST", "/v1/session", apitest.Body(map[string]string{"email": "ann@blue.example", "password": fresh})).Want(h, 200, "")
	})
}
