package app_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/aftercare/aftercare/app"
)

// Questions are asked with POST where they need a body, and change nothing; the
// others count each time: proofs of who somebody is, messages of companies and
// carriers, which number them, and who sits at a case.
var anew = []string{
	"post /v1/cases/{id}/presence",
	"post /v1/hooks/alipay/{tenant}", "post /v1/hooks/alipay/{tenant}/{account}",
	"post /v1/hooks/carriers/{name}/{tenant}", "post /v1/hooks/carriers/{name}/{tenant}/{account}",
	"post /v1/hooks/stripe/{tenant}", "post /v1/hooks/stripe/{tenant}/{account}",
	"post /v1/hooks/wechatpay/{tenant}", "post /v1/hooks/wechatpay/{tenant}/{account}",
	"post /v1/my/quotes",
	"post /v1/my/session",
	"post /v1/policies/check", "post /v1/policies/what-if", "post /v1/policies/{id}/tests",
	"post /v1/quotes",
	"post /v1/replies/preview",
	"post /v1/rights/decide",
	"post /v1/session", "post /v1/session/passkey", "post /v1/session/passkey/options", "post /v1/session/second", "post /v1/session/second/passkey",
	"post /v1/session/step-up", "post /v1/session/step-up/passkey",
	"post /v1/shop/calendars/{desk}/import", "post /v1/shop/calendars/{desk}/preview",
	"post /v1/templates/{kind}/{language}/preview",
}

func TestEveryOtherChangeHonoursAnIdempotencyKey(t *testing.T) {
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name string }
		}
	}
	var b bytes.Buffer
	if err := app.WriteOpenAPI(&b); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	var without []string
	for path, methods := range document.Paths {
		for method, op := range methods {
			if method == "get" || method == "head" {
				continue
			}
			keyed := false
			for _, p := range op.Parameters {
				keyed = keyed || p.Name == "Idempotency-Key"
			}
			if !keyed {
				without = append(without, method+" "+path)
			}
		}
	}
	slices.SortFunc(without, strings.Compare)
	want := slices.Sorted(slices.Values(anew))
	if diff := cmp.Diff(want, without); diff != "" {
		t.Errorf("changes without an idempotency key (-want +got):\n%s", diff)
	}
}
