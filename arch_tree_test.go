package aftercare_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/aftercare/aftercare/"

// A rule looks at the whole house and returns its complaints.
type rule func(*house) []string

// house is the repository as the rules see it.
type house struct {
	fset    *token.FileSet
	sources []*source
	texts   map[string]string // every text file by path
}

// source is one Go file.
type source struct {
	path, pkg, room string // "sales/order/store.go", "sales/order", "sales"
	test            bool
	syntax          *ast.File
}

var (
	skipped   = []string{".git", "node_modules", "dist", "var", "data", "bin", "out", "testdata"}
	readable  = regexp.MustCompile(`\.(go|vue|ts|mjs|css|sql|md|sh)$|^Makefile$`)
	generated = regexp.MustCompile(`(?m)^(// Code generated .* DO NOT EDIT\.$|/\*\*?\s*$\n \* This file was auto-generated)`)
)

func load(fsys fs.FS) (*house, error) {
	h := &house{fset: token.NewFileSet(), texts: map[string]string{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains(skipped, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !readable.MatchString(d.Name()) {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if generated.Match(text[:min(len(text), 400)]) {
			return nil
		}
		h.texts[name] = string(text)
		if path.Ext(name) != ".go" {
			return nil
		}
		syntax, err := parser.ParseFile(h.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := path.Dir(name)
		room, _, _ := strings.Cut(dir, "/")
		h.sources = append(h.sources, &source{path: name, pkg: dir, room: room, test: strings.HasSuffix(name, "_test.go"), syntax: syntax})
		return nil
	})
	return h, err
}

func (h *house) line(n ast.Node) string {
	p := h.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// ours returns the packages of this repository that a file imports.
func (s *source) ours() []string {
	var all []string
	for _, spec := range s.syntax.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		if pkg, ok := strings.CutPrefix(p, module); ok {
			all = append(all, pkg)
		}
	}
	return all
}

func (s *source) base() string { return path.Base(s.path) }

func (s *source) capability() bool { return slices.Contains(capabilities, s.room) && !s.test }

// imports lists "package > package" of everything but tests.
func (h *house) imports() map[string]bool {
	all := map[string]bool{}
	for _, s := range h.sources {
		for _, pkg := range s.ours() {
			if !s.test {
				all[s.pkg+" > "+pkg] = true
			}
		}
	}
	return all
}

// packages maps each package outside tests to its files.
func (h *house) packages() map[string][]*source {
	all := map[string][]*source{}
	for _, s := range h.sources {
		if !s.test {
			all[s.pkg] = append(all[s.pkg], s)
		}
	}
	return all
}

// literals calls fn with each string expression of a file: a literal, or
// literals joined by +, with what is not literal between them left out.
func (s *source) literals(fn func(n ast.Expr, text string)) {
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				text, _ := strconv.Unquote(n.Value)
				fn(n, text)
			}
		case *ast.BinaryExpr:
			if text, ok := joined(n); ok {
				fn(n, text)
				return false
			}
		}
		return true
	})
}

func joined(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, _ := strconv.Unquote(e.Value)
		return text, true
	case *ast.ParenExpr:
		return joined(e.X)
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		left, a := joined(e.X)
		right, b := joined(e.Y)
		return left + " " + right, a || b
	}
	return "", false
}

var sqlStart = regexp.MustCompile(`(?s)^\s*(select\s.*\sfrom\s|select \S+\s*$|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+(recursive\s+)?\w+(\s*\([^)]*\))?\s+as\s|create\s+(unique\s+)?(table|index)\s|drop\s+table\s|alter\s+table\s)`)

func isSQL(text string) bool { return sqlStart.MatchString(text) }
