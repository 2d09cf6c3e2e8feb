package aftercare_test

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"strconv"
	"strings"
)

var (
	createTable = regexp.MustCompile(`(?s)create table (\w+) \((.*?)\n\);`)
	primaryKey  = regexp.MustCompile(`primary key \((\w+)`)
	column      = regexp.MustCompile(`^\t(\w+) (\w+)`)
	dollar      = regexp.MustCompile(`\$(\d+)`)
	used        = regexp.MustCompile(`\b(?:from|join|into|update)\s+([a-z]+_[a-z_]+)`)
)

type table struct{ owner, file, body string }

// tables finds the owner of every table in the schema files.
func (h *house) tables() map[string]table {
	all := map[string]table{}
	for name, text := range h.texts {
		if path.Ext(name) != ".sql" || path.Base(path.Dir(name)) != "schema" || room(name) == "bench" { // bench measures bare tables
			continue
		}
		for _, m := range createTable.FindAllStringSubmatch(text, -1) {
			all[m[1]] = table{owner: path.Dir(path.Dir(name)), file: name, body: m[2]}
		}
	}
	return all
}

// A table belongs to the package that creates it; nobody else names it.
func tableOwnersRule(h *house) (complaints []string) {
	tables := h.tables()
	for name, t := range tables {
		if !strings.HasPrefix(name, path.Base(t.owner)+"_") {
			complaints = append(complaints, fmt.Sprintf("%s creates %s, which does not start with %s_", t.file, name, path.Base(t.owner)))
		}
	}
	for _, s := range h.sources {
		if s.test || isTestPackage(s.pkg) {
			continue
		}
		s.literals(func(n ast.Expr, text string) {
			for _, m := range used.FindAllStringSubmatch(text, -1) {
				name := m[1]
				t, ok := tables[name]
				if _, excused := foreignTables[s.pkg+" > "+name]; ok && t.owner != s.pkg && !excused {
					complaints = append(complaints, fmt.Sprintf("%s names %s, a table of %s", h.line(n), name, t.owner))
				}
			}
		})
	}
	return complaints
}

// Schemas use the types both engines have, and every row belongs to a tenant.
func schemasRule(h *house) (complaints []string) {
	types := map[string]bool{"text": true, "bigint": true, "boolean": true, "bytea": true, "bigserial": true}
	for name, t := range h.tables() {
		for line := range strings.SplitSeq(t.body, "\n") {
			m := column.FindStringSubmatch(line)
			if m == nil || m[1] == "primary" || m[1] == "unique" || m[1] == "check" || m[1] == "foreign" {
				continue
			}
			if !types[m[2]] {
				complaints = append(complaints, fmt.Sprintf("%s: %s.%s is %s; use text, bigint, boolean or bytea", t.file, name, m[1], m[2]))
			}
		}
		_, global := globalTables[name]
		if m := primaryKey.FindStringSubmatch(t.body); !global && (m == nil || m[1] != "tenant") {
			complaints = append(complaints, fmt.Sprintf("%s: the primary key of %s does not start with tenant", t.file, name))
		}
	}
	return complaints
}

// Placeholders appear in ascending order: drivers that bind by appearance and
// drivers that bind by number then agree.
func placeholdersRule(h *house) (complaints []string) {
	for _, s := range h.sources {
		if s.test {
			continue
		}
		s.literals(func(n ast.Expr, text string) {
			if !isSQL(text) {
				return
			}
			highest := 0
			for _, m := range dollar.FindAllStringSubmatch(text, -1) {
				number, _ := strconv.Atoi(m[1])
				if number > highest+1 {
					complaints = append(complaints, fmt.Sprintf("%s: $%d appears before $%d", h.line(n), number, highest+1))
				}
				highest = max(highest, number)
			}
		})
	}
	return complaints
}

var foreign = regexp.MustCompile(`(?i)(= any\b|::\w+|\bilike\b|\bgreatest\(|\bfor update\b|\bnow\(\)|\bcurrent_timestamp\b|\bifnull\(|\bdatetime\()`)

// What only one engine understands stays out of the shared text. platform/db
// knows the engines by name and is left alone.
func portableRule(h *house) (complaints []string) {
	check := func(where, text string) {
		if found := foreign.FindString(text); found != "" {
			complaints = append(complaints, fmt.Sprintf("%s: %q is not understood by both engines", where, found))
		}
	}
	for _, s := range h.sources {
		if s.test || s.room == "bench" || s.pkg == "platform/db" {
			continue
		}
		s.literals(func(n ast.Expr, text string) {
			if isSQL(text) {
				check(h.line(n), text)
			}
		})
	}
	for name, text := range h.texts {
		if path.Ext(name) == ".sql" {
			check(name, text)
		}
	}
	return complaints
}
