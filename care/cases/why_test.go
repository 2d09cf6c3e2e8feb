package cases_test

import (
	"fmt"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

// What a step is refused for is in the answer as it is in the list of actions.
func TestARefusedStepNamesItsReason(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.act(s.agent, s.open(s.buyer2("W1", 89900), s.lastOrder, 1, "wrong_size"), yes)
		a := apitest.New(s.d, role.Allow)
		s.cases.Routes(a)
		for _, tt := range []struct {
			path, action string
			by           apitest.Option
			reason       string
		}{
			{"/v1/cases/", "approve", apitest.As(s.boss), "approved_already"},
			{"/v1/cases/", "grade", apitest.As(s.boss), "parcel_awaited"},
			{"/v1/my/cases/", "decline", apitest.As(s.buyer), "offer_too_late"},
		} {
			got := apitest.Do(t, a.Handler(), "POST", tt.path+c.ID+"/actions", tt.by, apitest.Header("If-Match", "*"), apitest.Body(map[string]any{"action": tt.action}))
			if got.Status != 409 || got.Code() != "cases.move" || fmt.Sprint(got.At("reason.code")) != tt.reason || fmt.Sprint(got.At("detail")) == "<nil>" || fmt.Sprint(got.At("reason.track")) == "<nil>" {
				t.Errorf("%s: %d %s", tt.action, got.Status, got.Raw)
			}
		}
	})
}
