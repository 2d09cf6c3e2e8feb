package aftercare_test

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

func rank(room string) int {
	return slices.IndexFunc(rooms, func(level []string) bool { return slices.Contains(level, room) })
}

func room(pkg string) string {
	first, _, _ := strings.Cut(pkg, "/")
	return first
}

// Rooms import to the right only. Tests may also use the whole program.
func roomsRule(h *house) (complaints []string) {
	for _, s := range h.sources {
		if s.pkg == "." {
			continue
		}
		if rank(s.room) < 0 {
			complaints = append(complaints, fmt.Sprintf("%s: the house has no room %q", s.path, s.room))
			continue
		}
		for _, pkg := range s.ours() {
			to := room(pkg)
			if s.test && to == "app" {
				continue
			}
			if to != s.room && rank(to) <= rank(s.room) {
				complaints = append(complaints, fmt.Sprintf("%s imports %s: %s is not below %s", s.path, pkg, to, s.room))
			}
			if allowed, ok := private[to]; ok && to != s.room && !slices.Contains(allowed, s.room) && !s.test {
				complaints = append(complaints, fmt.Sprintf("%s imports %s, which only %s may", s.path, pkg, strings.Join(allowed, ", ")))
			}
		}
	}
	return complaints
}

// Inside a room the table says who sees whom. base is free: it has no I/O.
func insideRule(h *house) (complaints []string) {
	for edge := range h.imports() {
		from, to, _ := strings.Cut(edge, " > ")
		if room(from) != room(to) || room(from) == "base" || room(from) == "cmd" || isTestPackage(from) {
			continue
		}
		if !slices.Contains(inside[from], to) && !slices.Contains(inside[from], room(to)+"/*") {
			complaints = append(complaints, fmt.Sprintf("%s imports %s: not in the table of the room", from, to))
		}
	}
	return complaints
}

// isTestPackage reports whether a package serves tests: dbtest, apitest. A
// back-test is no test.
func isTestPackage(pkg string) bool {
	return strings.HasSuffix(pkg, "test") && strings.Contains(pkg, "/") && !strings.HasSuffix(pkg, "/backtest")
}

// Packages named …test serve tests and do not get into the binary.
func testPackagesRule(h *house) (complaints []string) {
	for edge := range h.imports() {
		from, to, _ := strings.Cut(edge, " > ")
		if isTestPackage(to) && !isTestPackage(from) && to != "connect/smtptest" {
			complaints = append(complaints, fmt.Sprintf("%s imports %s outside its tests", from, to))
		}
	}
	return complaints
}

// Only store.go speaks SQL.
func sqlFilesRule(h *house) (complaints []string) {
	for _, s := range h.sources {
		if s.test || s.pkg == "platform/db" || isTestPackage(s.pkg) || s.room == "bench" || isStore(s) {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				on, _ := sel.X.(*ast.Ident)
				if on != nil && on.Name == "tx" && slices.Contains([]string{"Query", "QueryRow", "Exec"}, sel.Sel.Name) {
					complaints = append(complaints, fmt.Sprintf("%s calls tx.%s: SQL belongs in store.go", h.line(call), sel.Sel.Name))
				}
			}
			return true
		})
		s.literals(func(n ast.Expr, text string) {
			if isSQL(text) {
				complaints = append(complaints, fmt.Sprintf("%s holds SQL, which belongs in store.go", h.line(n)))
			}
		})
	}
	return complaints
}

func isStore(s *source) bool {
	_, listed := stores[s.path]
	return listed || s.base() == "store.go" || strings.HasPrefix(s.base(), "store_")
}

// Only http.go knows HTTP.
func httpFilesRule(h *house) (complaints []string) {
	for _, s := range h.sources {
		if !s.capability() || s.base() == "http.go" || strings.HasPrefix(s.base(), "http_") {
			continue
		}
		for _, spec := range s.syntax.Imports {
			if p := strings.Trim(spec.Path.Value, `"`); p == "net/http" || strings.HasPrefix(p, module+"platform/httpapi") || strings.Contains(p, "/huma/") {
				complaints = append(complaints, fmt.Sprintf("%s imports %s: HTTP belongs in http.go", s.path, p))
			}
		}
	}
	return complaints
}

// The type file, state.go and event.go are words and moves only.
func typeFilesRule(h *house) (complaints []string) {
	for _, s := range h.sources {
		if !s.capability() || !slices.Contains([]string{path.Base(s.pkg) + ".go", "state.go", "event.go"}, s.base()) {
			continue
		}
		for _, spec := range s.syntax.Imports {
			p := strings.Trim(spec.Path.Value, `"`)
			outside := strings.Contains(strings.Split(p, "/")[0], ".") && !strings.HasPrefix(p, module+"base/") && !strings.HasPrefix(p, "golang.org/x/text/")
			if outside || p == "database/sql" || p == "net/http" || p == "os" {
				complaints = append(complaints, fmt.Sprintf("%s imports %s: it may import only base and the standard library", s.path, p))
			}
		}
	}
	return complaints
}

// Every package says what it is, in a comment and in a README.
func docsRule(h *house) (complaints []string) {
	for pkg, files := range h.packages() {
		if pkg == "." {
			continue
		}
		documented := slices.ContainsFunc(files, func(s *source) bool {
			text := s.syntax.Doc.Text()
			return strings.HasPrefix(text, "Package "+s.syntax.Name.Name+" ") || s.syntax.Name.Name == "main" && strings.HasPrefix(text, "Command ")
		})
		if !documented {
			complaints = append(complaints, pkg+": no file starts with a package comment")
		}
		if _, ok := h.texts[pkg+"/README.md"]; !ok && !isTestPackage(pkg) {
			complaints = append(complaints, pkg+": no README.md")
		}
	}
	return complaints
}

const maxLines = 500

func sizeRule(h *house) (complaints []string) {
	for name, text := range h.texts {
		if !slices.Contains([]string{".go", ".vue", ".ts", ".mjs", ".css", ".sql", ".sh"}, path.Ext(name)) {
			continue
		}
		if _, excused := long[name]; excused {
			continue
		}
		if n := strings.Count(text, "\n"); n > maxLines {
			complaints = append(complaints, fmt.Sprintf("%s has %d lines, %d are enough", name, n, maxLines))
		}
	}
	return complaints
}

var vague = []string{"util", "utils", "common", "model", "models", "type", "types", "helper", "helpers", "misc", "lib", "shared", "core", "manager"}

func namesRule(h *house) (complaints []string) {
	for _, pkg := range slices.Sorted(maps.Keys(h.packages())) {
		if slices.Contains(vague, path.Base(pkg)) {
			complaints = append(complaints, pkg+": the name says nothing")
		}
		if name := h.packages()[pkg][0].syntax.Name.Name; pkg != "." && name != "main" && name != path.Base(pkg) {
			complaints = append(complaints, fmt.Sprintf("%s: the package is called %s", pkg, name))
		}
	}
	return complaints
}

func initRule(h *house) (complaints []string) {
	for _, s := range h.sources {
		for _, d := range s.syntax.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				complaints = append(complaints, h.line(f)+": init() runs behind the reader's back")
			}
		}
	}
	return complaints
}

var leftover = regexp.MustCompile(`(?m)\b(TODO\b[^(]|TODO\([^#]|FIXME|XXX\b:)`)

// Work that is left is an issue with a number. A test may be left out of a short
// run; nothing else is skipped.
func leftoversRule(h *house) (complaints []string) {
	for name, text := range h.texts {
		if strings.HasPrefix(name, "arch_") || !slices.Contains([]string{".go", ".vue", ".ts", ".sql"}, path.Ext(name)) {
			continue
		}
		if found := leftover.FindString(text); found != "" {
			complaints = append(complaints, fmt.Sprintf("%s: %q", name, strings.TrimSpace(found)))
		}
	}
	for _, s := range h.sources {
		for _, d := range s.syntax.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || strings.HasPrefix(s.path, "arch_") {
				continue
			}
			text := h.texts[s.path][h.fset.Position(f.Pos()).Offset:h.fset.Position(f.End()).Offset]
			if strings.Contains(text, ".Skip") && skip.MatchString(text) && !strings.Contains(text, "testing.Short()") {
				complaints = append(complaints, fmt.Sprintf("%s: %s skips a test", h.line(f), f.Name.Name))
			}
		}
	}
	return complaints
}

var skip = regexp.MustCompile(`\b[tb]\.Skip(f|Now)?\(`)

// Every fact is in the list from which the documents of events are made.
func factsRule(h *house) (complaints []string) {
	for _, s := range h.sources {
		if s.base() != "event.go" || !s.capability() {
			continue
		}
		for _, d := range s.syntax.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != "Type" {
				continue
			}
			of, _ := f.Recv.List[0].Type.(*ast.Ident)
			if of != nil && !strings.Contains(h.texts["app/facts.go"], path.Base(s.pkg)+"."+of.Name+"{") {
				complaints = append(complaints, fmt.Sprintf("%s: %s is not in app/facts.go", h.line(f), of.Name))
			}
		}
	}
	return complaints
}

// ARCHITECTURE.md is a true picture: it names every package.
func mapRule(h *house) (complaints []string) {
	picture, ok := h.texts["ARCHITECTURE.md"]
	if !ok {
		return nil
	}
	for _, pkg := range slices.Sorted(maps.Keys(h.packages())) {
		if pkg == "." || isTestPackage(pkg) || rank(room(pkg)) == 0 {
			continue
		}
		if !strings.Contains(picture, "`"+path.Base(pkg)+"`") {
			complaints = append(complaints, "ARCHITECTURE.md does not name "+pkg)
		}
	}
	return complaints
}
