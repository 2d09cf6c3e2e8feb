package e2e

import (
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// printed are the lines of "aftercare demo" that name a sign-in or an order.
var printed = regexp.MustCompile(`(?m)^    (\S+)\s+(\S+)$`)
var shared = regexp.MustCompile(`with the password (\S+):`)

func TestADemonstrationStaysAsItIsForTheNextVisitor(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		needBrowser(t)
		s := &shop{server: installation(t, database)}
		told := s.tell(t)
		s.start(t, "--demo")
		word := shared.FindStringSubmatch(told)
		if word == nil {
			t.Fatalf("no password is printed:\n%s", told)
		}
		var people, orders []map[string]string
		for _, line := range printed.FindAllStringSubmatch(told, -1) {
			if regexp.MustCompile(`@demo\.example$`).MatchString(line[1]) {
				people = append(people, map[string]string{"email": line[1], "role": line[2], "password": word[1]})
			} else {
				orders = append(orders, map[string]string{"number": line[1], "contact": line[2]})
			}
		}
		if len(people) < 6 || len(orders) < 3 {
			t.Fatalf("%d sign-ins and %d orders are printed:\n%s", len(people), len(orders), told)
		}
		engine := "sqlite"
		if database != "" {
			engine = "postgres"
		}
		out, err := filepath.Abs(filepath.Join("out", engine))
		if err != nil {
			t.Fatal(err)
		}
		s.wish = map[string]any{"url": s.url, "out": out, "printed": people, "invited": orders}
		s.walk(t, "demo")
		s.ownPeopleMayChange(t)
	})
}

// tell fills the shop with the story and returns what was printed.
func (s *shop) tell(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.bin, append([]string{"demo"}, s.flags...)...)
	cmd.Env = environment()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("aftercare demo: %v\n%s", err, out)
	}
	return string(out)
}

// ownPeopleMayChange looks at whoever runs the installation: who was added on
// the command line sets the shop up as everywhere.
func (s *shop) ownPeopleMayChange(t *testing.T) {
	t.Helper()
	ours := header("Sec-Fetch-Site", "same-origin")
	signed := s.must(t, "POST", "/v1/session", map[string]any{"email": s.staff(t, "administrator", "孙丽"), "password": password}, ours)
	s.must(t, "POST", "/v1/points", map[string]any{"name": "Own", "address": "2 Road"}, ours, header("Cookie", signed.header.Get("Set-Cookie")))
}
