package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/platform/db"
)

func TestARunningServerIsAskedForTheShopAtAHost(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine db.Engine) {
		store := nowhere(t, engine)
		in := func(args ...string) string { t.Helper(); return must(t, append(args, store...)...) }
		in("shop", "set", "--name", "First")
		in("shop", "add", "silk", "--name", "Silk", "--host", "silk.example", "--admin", "boss@silk.example")
		key := func(shop string) string {
			var k struct{ Secret string }
			if err := json.Unmarshal([]byte(in("key", "create", "desk", "--json", "--scope", "policy.read,case.read", "--tenant", shop)), &k); err != nil {
				t.Fatal(err)
			}
			return k.Secret
		}
		first, silk := key("main"), key("silk")
		env := []string{serverEnv + "=" + serving(t, store...)}
		for _, x := range []struct {
			key, host string
			status    int
		}{{first, "", statusOK}, {silk, "silk.example", statusOK}, {silk, "", statusRefused}, {first, "silk.example", statusRefused}} {
			for _, command := range [][]string{{"policy", "list"}, {"policy", "show", "standard", "--versions"}, {"case", "list"}} {
				if r := ask(t, env, append(command, "--key", x.key, "--host", x.host)...); r.status != x.status {
					t.Errorf("%v at host %q: %+v, want status %d", command, x.host, r, x.status)
				}
			}
		}
		for _, command := range [][]string{{"policy", "list"}, {"case", "show", "R-1"}} {
			if r := ask(t, env, append(command, "--tenant", "silk")...); r.status != statusUsage || !strings.Contains(r.stderr, "--host HOST") {
				t.Errorf("%v of a tenant: %+v", command, r)
			}
		}
		if r := ask(t, env, "user", "list", "--tennant", "silk"); r.status != statusUsage || !strings.Contains(r.stderr, "unknown flag: --tennant") {
			t.Errorf("%+v", r)
		}
	})
}
