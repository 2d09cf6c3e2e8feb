package policy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/locale"
)

func TestEveryCodeOfTheCheckerHasWordsInEveryLanguage(t *testing.T) {
	catalogues := map[string]string{"problem": problemWords, "want": wantWords, "warning": "policy_warning."}
	codes := Codes()
	if len(codes) < 95 {
		t.Fatalf("%d codes only", len(codes))
	}
	declared := map[string]bool{}
	for _, c := range codes {
		key := catalogues[c.Group] + c.Code
		declared[key] = true
		for _, lang := range locale.Languages {
			text := locale.Text(lang, key, nil)
			if text == key || text == "" {
				t.Errorf("%s has no %s", lang, key)
			}
			for _, name := range c.Values {
				if !strings.Contains(text, "{"+name+"}") {
					t.Errorf("%s: %s does not say its %s: %q", lang, key, name, text)
				}
			}
			if strings.Count(text, "{") != len(c.Values) {
				t.Errorf("%s: %s asks for something else than %v: %q", lang, key, c.Values, text)
			}
		}
	}
	for _, key := range locale.Keys("en") {
		for _, prefix := range catalogues {
			if strings.HasPrefix(key, prefix) && !declared[key] {
				t.Errorf("nothing says %s", key)
			}
		}
	}
}

// What is declared is said: every variable of sayings.go is used in a source
// of the checker.
func TestEveryCodeOfTheCheckerIsSaid(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used, declared := map[string]bool{}, []string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if name == "sayings.go" {
					declared = append(declared, n.Names[0].Name)
				}
			case *ast.Ident:
				if name != "sayings.go" {
					used[n.Name] = true
				}
			}
			return true
		})
	}
	for _, name := range declared {
		if !used[name] && name != "warnings" {
			t.Errorf("%s is never said", name)
		}
	}
	if len(declared) < 90 {
		t.Errorf("found %d declarations only", len(declared))
	}
}

func TestAProblemIsSaidInTheLanguageOfTheReader(t *testing.T) {
	for _, tt := range []struct {
		is, want   saying
		code       string
		zh, tw, en string
	}{
		{sayOutOfRange.of(900), wantRange.of(1, 720), "out_of_range", "现在是 900；应为：1 到 720", "現在是 900；應為：1 到 720", "is 900; expected: 1 to 720"},
		{sayNotBool.typed("text"), wantNothing, "not_bool", "是 文字，不是真或假", "是 文字，不是真或假", "is text, not true or false"},
		{sayWrongTypes.typed("<", "text, number"), wantNothing, "wrong_types", "< 不能用于 文字, 数字", "< 不能用於 文字, 數字", "< does not work with text, number"},
		{sayCodeTwice.of("defect"), wantEachCodeOnce, "code_twice", "有两个 defect；应为：每个代码只出现一次", "有兩個 defect；應為：每個代碼只出現一次", "has defect twice; expected: each code once"},
		{sayUnknownName.of("request.totl"), wantNearest.of("request.total"), "unknown_name", "无法识别 request.totl；应为：request.total", "無法識別 request.totl；應為：request.total", "request.totl is not known; expected: request.total"},
		{sayTooMuch, wantMostMinorUnits.of(1000), "too_much", "过大；应为：最多 1000 个最小货币单位", "過大；應為：最多 1000 個最小貨幣單位", "is too much; expected: at most 1000 minor units"},
	} {
		p := problem("a.path", tt.is, tt.want)
		if want := map[string]string{"zh-CN": tt.zh, "zh-TW": tt.tw, "en": tt.en}; !maps.Equal(p.Says, want) {
			t.Errorf("%s: %v, not %v", tt.code, p.Says, want)
		}
		if p.Code != tt.code || p.Message == "" || !strings.HasPrefix(tt.en, p.Message) {
			t.Errorf("%s: %s %q", tt.code, p.Code, p.Message)
		}
	}
}

// Whatever rules are refused for: each problem has a code that is declared,
// its values by name, and says the same thing in the refusal of the API.
func TestEveryProblemCarriesItsCode(t *testing.T) {
	r := Default()
	r.WindowDays, r.Preset, r.Kinds, r.Markets = -1, "amazon", []string{Exchange, Exchange, "gift"}, []string{"Germany"}
	r.Reasons = append(r.Reasons, r.Reasons[0])
	r.Conditions = []Condition{
		{ID: "a", When: "request.totl < 5", Then: Then{Outcome: "approve"}}, {ID: "A B", When: "request.total", Then: Then{Outcome: "maybe"}},
		{ID: "c", When: "goods.exists(g, g.colour == 'red')"}, {ID: "d", When: "request.total = 5", Then: Then{Needs: []Question{{Name: "Ö"}}}},
		{ID: "e", When: "request.total < 'a'", Then: Then{Offers: []string{"none"}}}, {ID: "f", When: "now()", Then: Then{Outcome: "ask"}},
	}
	problems := r.Problems()
	if len(problems) < 15 {
		t.Fatalf("found %d problems only", len(problems))
	}
	fields := r.check().Fields
	var codes []string
	for i, p := range problems {
		codes = append(codes, p.Code)
		is, ok := sayings[problemWords+p.Code]
		if !ok || len(p.Args) != len(is.names) {
			t.Errorf("%s: %q with %v", p.Path, p.Code, p.Args)
		}
		if want, ok := sayings[wantWords+p.WantCode]; p.WantCode != "" && (!ok || len(p.WantArgs) != len(want.names)) {
			t.Errorf("%s wants %q with %v", p.Path, p.WantCode, p.WantArgs)
		}
		if len(p.Says) != len(locale.Languages) || strings.Contains(p.Says["zh-CN"], "{") {
			t.Errorf("%s says %v", p.Path, p.Says)
		}
		if fields[i].Code != p.Code || !maps.Equal(fields[i].Says, p.Says) {
			t.Errorf("the refusal says %+v of %+v", fields[i], p)
		}
	}
	for _, code := range []string{"unknown_name", "not_bool", "no_such_field", "single_equals", "wrong_types", "no_function", "code_twice", "out_of_range", "no_jurisdiction", "no_name"} {
		if !slices.Contains(codes, code) {
			t.Errorf("%s is not among %v", code, codes)
		}
	}
}
