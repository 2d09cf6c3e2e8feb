package policy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/locale"
)

// spoken are the sentences that the checker's source says: the message and
// what would be right of every complaint, with 1 where an argument goes.
func spoken(t *testing.T) (says, expects []string) {
	t.Helper()
	files, err := filepath.Glob("check*.go")
	if err != nil || len(files) < 4 {
		t.Fatalf("found %v, %v", files, err)
	}
	verb := regexp.MustCompile(`%[ds]`)
	var text func(ast.Expr) string
	text = func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BasicLit:
			s, _ := strconv.Unquote(e.Value)
			return verb.ReplaceAllString(s, "1")
		case *ast.BinaryExpr:
			return text(e.X) + text(e.Y)
		case *ast.CallExpr:
			if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" {
				return text(e.Args[0])
			}
			return "1"
		case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
			return "1"
		}
		return ""
	}
	add := func(list *[]string, e ast.Expr) {
		if s := text(e); s != "" && s != "1" {
			*list = append(*list, s)
		}
	}
	for _, name := range append(files, "look.go") {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "that" && len(n.Args) == 4 {
					add(&says, n.Args[2])
					add(&expects, n.Args[3])
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Message" {
					add(&says, n.Value)
				} else if ok && key.Name == "Want" {
					add(&expects, n.Value)
				}
			case *ast.FuncDecl:
				if n.Name.Name == "worded" {
					ast.Inspect(n, func(n ast.Node) bool {
						if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 2 {
							add(&says, r.Results[0])
							add(&expects, r.Results[1])
						}
						return true
					})
				}
			}
			return true
		})
	}
	return says, expects
}

func TestEverySentenceOfTheCheckerHasWordsInEveryLanguage(t *testing.T) {
	says, expects := spoken(t)
	if len(says) < 60 || len(expects) < 50 {
		t.Fatalf("found %d and %d sentences only", len(says), len(expects))
	}
	// Codes and names are the same in every language.
	codes := regexp.MustCompile(`^(==|[a-z]+(, [a-zA-Z]+)+)$`)
	for _, s := range says {
		if _, _, ok := phrased(complaints, s); !ok {
			t.Errorf("%q has no words", s)
		}
	}
	for _, s := range expects {
		if _, _, ok := phrased(wants, s); !ok && !codes.MatchString(s) {
			t.Errorf("expected %q has no words", s)
		}
	}
	for _, p := range slices.Concat(complaints, wants) {
		for _, lang := range locale.Languages {
			if s := locale.Text(lang, p.key, nil); s == p.key || s == "" {
				t.Errorf("%s has no %s", lang, p.key)
			}
		}
	}
}

func TestAProblemIsSaidInTheLanguageOfTheReader(t *testing.T) {
	for _, tt := range []struct{ message, want, zh, tw, en string }{
		{"is 900", "1 to 720", "现在是 900；应为：1 到 720", "現在是 900；應為：1 到 720", "is 900; expected: 1 to 720"},
		{"is text, not true or false", "", "是 text，不是真或假", "是 text，不是真或假", "is text, not true or false"},
		{"has defect twice", "each code once", "有两个 defect；应为：每个代码只出现一次", "有兩個 defect；應為：每個代碼只出現一次", "has defect twice; expected: each code once"},
		{"request.totl is not known", "request.total, request.zone", "无法识别 request.totl；应为：request.total, request.zone", "無法識別 request.totl；應為：request.total, request.zone", "request.totl is not known; expected: request.total, request.zone"},
		{"is too much", "at most 1000 minor units", "过大；应为：最多 1000 个最小货币单位", "過大；應為：最多 1000 個最小貨幣單位", "is too much; expected: at most 1000 minor units"},
		{"what the language of expressions says", "", "what the language of expressions says", "what the language of expressions says", "what the language of expressions says"},
	} {
		says := Problem{Message: tt.message, Want: tt.want}.say().Says
		if want := map[string]string{"zh-CN": tt.zh, "zh-TW": tt.tw, "en": tt.en}; !maps.Equal(says, want) {
			t.Errorf("%s: %v, not %v", tt.message, says, want)
		}
		if strings.Contains(says["zh-CN"], "{") {
			t.Errorf("%s: a hole in %s", tt.message, says["zh-CN"])
		}
	}
}
