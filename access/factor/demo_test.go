package factor_test

import (
	"errors"
	"testing"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
)

// Whoever added a factor to a sign-in that everybody knows would shut everybody
// else out of the demonstration.
func TestSharedSignInsOfADemonstrationGetNoSecondFactor(t *testing.T) {
	s := factor.New(factor.Options{Demo: true})
	by := actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Role: role.Administrator}
	if _, err := s.BeginTOTP(t.Context(), nil, by); !errors.Is(err, factor.ErrDemo) {
		t.Errorf("an app: %v", err)
	}
	if _, err := s.BeginPasskey(t.Context(), nil, by, "shop.example"); !errors.Is(err, factor.ErrDemo) {
		t.Errorf("a passkey: %v", err)
	}
	if err := s.Require(t.Context(), nil, by, []string{role.Agent}); !errors.Is(err, factor.ErrDemo) {
		t.Errorf("a role that needs one: %v", err)
	}
}
