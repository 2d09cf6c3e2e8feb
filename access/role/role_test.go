package role_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
)

var update = flag.Bool("update", false, "rewrite the golden table")

func everything() []actor.Permission {
	return append(append([]actor.Permission{role.Public}, role.All...), role.MyOrders, role.MyCases, role.MyMoney)
}

// The whole matrix is a file that people can read and a change must touch.
func TestTheMatrixIsWhatTheGoldenTableSays(t *testing.T) {
	columns := []struct {
		name string
		by   actor.Actor
	}{{"nobody", actor.Actor{Kind: actor.Nobody}}, {"customer", actor.Actor{Kind: actor.Customer, ID: "cus_1"}}}
	for _, r := range role.Roles {
		columns = append(columns, struct {
			name string
			by   actor.Actor
		}{r, actor.Actor{Kind: actor.Staff, Role: r}})
	}
	var all []string
	for _, p := range everything() {
		all = append(all, string(p))
	}
	scopes := strings.Join(all, " ")
	columns = append(columns, struct {
		name string
		by   actor.Actor
	}{"key", actor.Actor{Kind: actor.Key, Scopes: scopes}}, struct {
		name string
		by   actor.Actor
	}{"seller_key", actor.Actor{Kind: actor.Key, Scopes: scopes, Seller: "sel_1"}})

	var b strings.Builder
	fmt.Fprintf(&b, "%-14s", "permission")
	for _, c := range columns {
		fmt.Fprintf(&b, " %s", c.name)
	}
	b.WriteString("\n")
	for _, p := range everything() {
		fmt.Fprintf(&b, "%-14s", p)
		for _, c := range columns {
			mark := "yes"
			if err := role.Allow(c.by, p); errors.Is(err, role.ErrSignIn) {
				mark = "401"
			} else if errors.Is(err, role.ErrDenied) {
				mark = "-"
			} else if err != nil {
				t.Fatalf("Allow(%s, %s) = %v", c.name, p, err)
			}
			fmt.Fprintf(&b, " %*s", len(c.name), mark)
		}
		b.WriteString("\n")
	}

	const golden = "testdata/matrix.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("matrix (-want +got):\n%s", diff)
	}
}

func TestWhoIsNotKnownMayNothing(t *testing.T) {
	for _, by := range []actor.Actor{
		{}, {Kind: actor.Nobody, Role: role.Administrator}, {Kind: actor.Staff}, {Kind: actor.Staff, Role: "owner"},
		{Kind: actor.Key, Role: role.Administrator}, {Kind: actor.Customer, Role: role.Administrator},
		{Kind: actor.System, Role: role.Administrator}, {Kind: "root", Role: role.Administrator},
	} {
		for _, p := range role.All {
			if err := role.Allow(by, p); err == nil {
				t.Errorf("Allow(%+v, %s) = nil, want a refusal", by, p)
			}
		}
		if err := role.Allow(by, role.Public); err != nil {
			t.Errorf("Allow(%+v, public) = %v, want nil", by, err)
		}
	}
}

func TestAKeyMayOnlyWhatItsScopesName(t *testing.T) {
	key := actor.Actor{Kind: actor.Key, Scopes: "case.read order.read"}
	tests := []struct {
		need actor.Permission
		want bool
	}{
		{role.CaseRead, true}, {role.OrderRead, true}, {role.CaseDecide, false}, {"case", false}, {"read", false}, {"", false},
		{"case.read order.read", false}, {role.MyOrders, false}, {role.StaffManage, false},
	}
	for _, test := range tests {
		if got := role.Allow(key, test.need) == nil; got != test.want {
			t.Errorf("Allow(%q) = %v, want %v", test.need, got, test.want)
		}
	}
}
